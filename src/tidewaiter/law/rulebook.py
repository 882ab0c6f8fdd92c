"""Read regimes from YAML into frozen records, and refuse what is in doubt.

A regime is one file (`ca/russia.yml`) or a folder (`un/dprk/`) with a head `regime.yml` and one
part per act. Its id is its path. Each fault is a `RuleError` that names file, line and key. This
room opens files and nothing else: it judges no flow and knows no day.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import RuleError, nearest
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.law.build import build
from tidewaiter.law.checks import Part
from tidewaiter.law.regime import Rulebook
from tidewaiter.law.written import PartWritten, RegimeWritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidewaiter.law.regime import Measure, Regime

SHIPPED: Final = Path(__file__).with_name("regimes")
HEAD: Final = "regime.yml"
SCENARIOS: Final = "scenarios"
"""A folder of drafts beside the regimes: they change regimes and are none themselves."""


def load(folders: Sequence[Path] = (), *, shipped: bool = True) -> Rulebook:
    """Load the shipped regimes and those in the users' own `folders` (or single files).

    Raises `RuleError` for the first fault; then nothing is loaded.
    """
    found: dict[str, tuple[Path, Regime]] = {}
    for root in ([SHIPPED] if shipped else []) + [Path(folder) for folder in folders]:
        for path in regime_files(root):
            regime = load_file(path, root if root.is_dir() else None)
            if regime.id in found:
                message = f"{path}:1: id: regime {regime.id} was loaded before from {found[regime.id][0]}"
                raise RuleError(message)
            found[regime.id] = (path, regime)
    return Rulebook(tuple(found[key][1] for key in sorted(found)))


def regime_files(root: Path) -> Iterator[Path]:
    """Yield the file of each regime under `root` (the head, where a regime is a folder)."""
    if not root.exists():
        message = f"{root}: no such file or folder of regimes"
        raise RuleError(message)
    if root.is_file():
        yield root
        return
    if (root / HEAD).is_file():
        yield root / HEAD
        return
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name != SCENARIOS:
            yield from regime_files(path)
        elif path.suffix in {".yml", ".yaml"}:
            yield path


def load_file(path: Path, root: Path | None = None) -> Regime:
    """Load the one regime in `path`: a single file, a folder, its head or any of its parts.

    Under `root` the id must be the path from there; elsewhere its last part must be the name.
    """
    head = _head_of(Path(path))
    text = _read(head)
    written = parse_rules(text, str(head), RegimeWritten)
    parts = [Part(str(head), text, written)]
    if head.name == HEAD:
        for part in sorted(head.parent.glob("*.yml")):
            if part != head:
                part_text = _read(part)
                read = Part(str(part), part_text, parse_rules(part_text, str(part), PartWritten))
                if read.written.act and read.written.act.id != part.stem:
                    read.refuse(("act", "id"), f"{read.written.act.id!r} is not the name of its file, {part.stem!r}")
                parts.append(read)
    place = head.parent if head.name == HEAD else head.with_suffix("")
    expected = place.relative_to(root).as_posix() if root and place != root else place.name
    if written.id != expected and (root or not written.id.endswith(f"/{expected}")):
        parts[0].refuse(("id",), f"{written.id!r} is not the name of its file or folder, {expected!r}")
    regime = build(written, parts)
    _check_succession(regime.measures, parts)
    return regime


def find_measure(rulebook: Rulebook, name: str) -> tuple[Regime, Measure]:
    """Return a measure by `regime measure-id`, or by its id alone where only one regime has it."""
    regime_id, _, measure_id = name.strip().rpartition(" ")
    found = [
        (regime, measure)
        for regime in rulebook.regimes
        for measure in regime.measures
        if measure.id == measure_id and regime_id in {"", regime.id}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        message = (
            f"measure {name!r} stands in {', '.join(regime.id for regime, _ in found)}; write the regime before it"
        )
    else:
        known = [measure.id for regime in rulebook.regimes for measure in regime.measures]
        message = f"measure {name!r} is unknown{nearest(measure_id, known)}"
    raise RuleError(message)


def find_regime(rulebook: Rulebook, name: str) -> Regime:
    """Return the regime `name`; an unknown one is an error that names the nearest."""
    for regime in rulebook.regimes:
        if regime.id == name:
            return regime
    message = f"regime {name!r} is unknown{nearest(name, [regime.id for regime in rulebook.regimes])}"
    raise RuleError(message)


def _head_of(path: Path) -> Path:
    if path.is_dir():
        return path / HEAD
    beside = path.with_name(HEAD)
    return beside if beside.is_file() else path


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise RuleError(message) from None


def _check_succession(measures: tuple[Measure, ...], parts: list[Part]) -> None:
    """Refuse a measure that replaces an unknown one, itself in a circle, or one still in force."""
    by_id = {measure.id: measure for measure in measures}
    for measure in measures:
        part, path = next(part_path for part in parts for part_path in part.places(measure.id))
        for key, older_ids in (("supersedes", measure.supersedes), ("tightens", measure.tightens)):
            for older_id in older_ids:
                older = by_id.get(older_id)
                if older is None:
                    part.refuse((*path, key), f"measure {older_id!r} is unknown{nearest(older_id, by_id)}")
                circle = _way_back(older_id, measure.id, by_id)
                if circle:
                    part.refuse((*path, key), f"a circle: {' -> '.join([measure.id, *circle])}")
                if key == "supersedes" and (older.end is None or older.end >= measure.start):
                    part.refuse(
                        (*path, key),
                        f"{older_id} must end before {measure.start}, when its successor starts; it ends {older.end}",
                    )


def _way_back(start: str, goal: str, by_id: dict[str, Measure]) -> list[str]:
    """Return the chain of replaced measures from `start` to `goal`, empty where there is none."""
    stack: list[list[str]] = [[start]]
    seen: set[str] = set()
    while stack:
        chain = stack.pop()
        if chain[-1] == goal:
            return chain
        if chain[-1] in seen or chain[-1] not in by_id:
            continue
        seen.add(chain[-1])
        older = by_id[chain[-1]]
        stack.extend([*chain, next_id] for next_id in (*older.supersedes, *older.tightens))
    return []
