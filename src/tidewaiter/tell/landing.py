"""Say what became of files that were to be landed: a line for people, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.base.legible import legible
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tidewaiter.lake.lake import Landed
    from tidewaiter.statistics.land import Guess, Landing

    Outcome = Guess | Landing | TidewaiterError

FEW = 3


def outcome_line(path: Path, outcome: Outcome) -> str:
    """Write what a file was taken for and what became of it, for people."""
    if isinstance(outcome, TidewaiterError):
        return f"{legible(path.name)}: refused: {_without_place(path, legible(str(outcome)))}"
    guess, landed = _parts(outcome)
    lines = [f"{legible(path.name)}: {_guessed(guess)}"]
    if landed is None:
        lines.append("  not landed (dry run)")
    elif landed.already:
        lines.append(f"  already landed as {landed.receipt}; nothing changed")
    else:
        moved = f"; {_counted(landed.replaced_rows, 'earlier figure')} replaced" if landed.replaced_rows else ""
        lines.append(f"  landed {_counted(landed.rows, 'row')} as {landed.receipt}{moved}")
    lines += [f"  note: {legible(note)}" for note in guess.notes]
    return "\n".join(lines)


def outcomes_json(outcomes: Sequence[tuple[Path, Outcome]]) -> str:
    """Write all outcomes as one JSON array."""
    return json.dumps([_record(path, outcome) for path, outcome in outcomes], indent=2, ensure_ascii=False)


def _without_place(path: Path, message: str) -> str:
    """Leave out the file's name where the message begins with it: the line has it already."""
    for place in (str(path), path.name):
        for before in (f"{legible(place)}: ", f"landing {legible(place)}: "):
            message = message.removeprefix(before)
    return message.removeprefix(f"{legible(path.name)}, ")


def _parts(outcome: Guess | Landing) -> tuple[Guess, Landed | None]:
    from tidewaiter.statistics.land import Guess

    return (outcome, None) if isinstance(outcome, Guess) else (outcome.guess, outcome.landed)


def _guessed(guess: Guess) -> str:
    if guess.about:
        return f"{guess.card.title} ({guess.format}), {guess.about}, {_counted(guess.rows, 'row')}"
    span = guess.first if guess.first == guess.last else f"{guess.first} to {guess.last}"
    who = _reporters(guess.reporters)
    return f"{guess.card.title} ({guess.format}), {who}, {span}, {guess.unit}, {_counted(guess.rows, 'row')}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _reporters(codes: Sequence[str]) -> str:
    if len(codes) > FEW:
        return f"{len(codes)} reporters"
    return ", ".join(f"{areas.name(code)} ({code})" for code in codes) or "no reporter"


def _record(path: Path, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, TidewaiterError):
        return {"file": str(path), "status": "refused", "error": str(outcome)}
    guess, landed = _parts(outcome)
    record: dict[str, Any] = {
        "file": str(path),
        "status": "guessed" if landed is None else "already_landed" if landed.already else "landed",
        "source": guess.card.id,
        "publisher": guess.card.title,
        "format": guess.format,
        "layout": guess.layout,
        "reporters": list(guess.reporters),
        "first": guess.first or None,
        "last": guess.last or None,
        **({"about": guess.about} if guess.about else {}),
        "unit": guess.unit,
        "rows": guess.rows,
        "complete": guess.complete,
        "notes": list(guess.notes),
    }
    if landed is not None:
        record |= {"receipt": landed.receipt, "sha256": landed.sha256, "replaced_rows": landed.replaced_rows}
    return record
