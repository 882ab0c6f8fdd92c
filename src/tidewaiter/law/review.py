"""The exclusion register: declarations that somebody looked at and doubts, with who, when and why.

An entry names a declaration by as many of its columns as it likes; what it leaves empty fits
everything. A named declaration stays in sight with the status `suspect_data`. Pure, except that
`read_register` parses the text of a YAML file that the caller read.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it when the program runs
from typing import TYPE_CHECKING, Annotated, Any, Final

import narwhals as nw
from pydantic import BaseModel, ConfigDict, StringConstraints

from tidewaiter.base.errors import CodeError, RuleError
from tidewaiter.base.rulefile import line_of, parse_rules
from tidewaiter.base.schema import TEXT, Column
from tidewaiter.codes import areas
from tidewaiter.law.engine import beside
from tidewaiter.law.status import RANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.base.schema import Frame

NAMED_BY: Final = ("source", "reporter", "partner", "flow", "exporter", "importer", "product", "hs", "period")
AREAS: Final = frozenset({"reporter", "partner", "exporter", "importer"})

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _EntryWritten(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Words | None = None
    reporter: Words | None = None
    partner: Words | None = None
    flow: Words | None = None
    exporter: Words | None = None
    importer: Words | None = None
    product: Words | None = None
    hs: Words | None = None
    period: Words | None = None
    who: Words
    when: date
    why: Words


class _RegisterWritten(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    suspects: tuple[_EntryWritten, ...]


def read_register(text: str, name: str) -> list[dict[str, Any]]:
    """Read the entries of a register (`suspects:` with key columns, who, when, why) from YAML `text`.

    Raises `RuleError` with file, line and key; an entry that names no declaration is refused, for
    it would put everything in doubt.
    """
    written = parse_rules(text, name, _RegisterWritten)
    entries = []
    for index, entry in enumerate(written.suspects):
        named = {key: value for key in NAMED_BY if (value := getattr(entry, key)) is not None}
        if not {"reporter", "exporter", "importer"} & set(named):
            line = line_of(text, ("suspects", index))
            message = f"{name}:{line}: suspects.{index}: name a reporter, an exporter or an importer"
            raise RuleError(message)
        for key in AREAS & set(named):
            _refuse_unknown(text, name, ("suspects", index, key), named[key])
        entries.append({**named, "review": f"{entry.why} ({entry.who}, {entry.when.isoformat()})"})
    return entries


def _refuse_unknown(text: str, name: str, path: tuple[str | int, ...], area: str) -> None:
    """Refuse an area that does not exist: its entry would fit nothing, and nobody would see."""
    try:
        areas.name(area)
    except CodeError as error:
        message = f"{name}:{line_of(text, path)}: {'.'.join(map(str, path))}: {error}"
        raise RuleError(message) from None


def mark_suspects(found: Frame, flows: Frame, suspects: Iterable[Mapping[str, Any]], columns: list[str]) -> Frame:
    """Give exposures that an entry names the status `suspect_data`; what they were before stays beside it.

    Each entry holds some of `NAMED_BY` and `review`, the reason in words. Entries whose columns the
    frame does not have are refused.
    """
    found = found.with_columns(status_before_review=nw.col("status"), review=nw.lit(None, dtype=nw.String))
    by_shape: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}
    for entry in suspects:
        shape = tuple(key for key in NAMED_BY if entry.get(key))
        missing = [key for key in shape if key not in columns]
        if missing or not shape:
            named = ", ".join(missing) or "nothing"
            message = f"exclusion register: the frame has no column for what {dict(entry)} names: {named}"
            raise RuleError(message)
        values = tuple(str(entry[key]) for key in shape)
        by_shape.setdefault(shape, {}).setdefault(values, []).append(str(entry["review"]))
    for shape, values_of in by_shape.items():
        rows = [
            {**dict(zip(shape, values, strict=True)), "reviewed": "; ".join(why)} for values, why in values_of.items()
        ]
        known = beside(flows, [Column(name, TEXT, "") for name in (*shape, "reviewed")], rows)
        found = found.join(known, on=list(shape), how="left")
        both = nw.concat_str("review", nw.lit("; "), "reviewed")
        found = found.with_columns(review=nw.coalesce(both, "review", "reviewed")).drop("reviewed")
    if not by_shape:
        return found
    doubted = ~nw.col("review").is_null()
    return found.with_columns(
        status=nw.when(doubted).then(nw.lit("suspect_data")).otherwise(nw.col("status")),
        strict=nw.when(doubted).then(nw.lit(RANK["suspect_data"])).otherwise(nw.col("strict")),
    )
