"""Lay an answer out as a table for files: one row for each number, its source and side beside it.

A number that is missing says why: its declarer filed that period without it, or nothing is known of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.answers.silence import Filed, declarer, was_filed
from tidewaiter.base.question import Answer, Refusal
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.answer import UNLISTED, question
from tidewaiter.tell.said import span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.question import Line, Query
    from tidewaiter.base.sheet import Cell

SUFFIXES: Final = {
    "USD": "usd",
    "kg": "kg",
    "%": "percent",
    "rank": "rank",
    "bbl": "bbl",
    "t": "t",
    "persons": "persons",
}
WHAT: Final = {"weight": "net weight", "change": "change", "balance": "balance"}
NOTHING: Final[Filed] = frozenset()


def answer_sheet(answer: Answer | Refusal, known: Filed = NOTHING) -> Sheet:
    """Lay out an answer with its alternatives, or a refusal as a table without rows that says what is missing.

    `known` holds what the parties filed (`answers.silence.filed`); without it every gap is "no data".
    """
    if isinstance(answer, Refusal):
        if answer.partial is not None:
            return _sheet(answer.partial, known, (f"no number: {answer.missing}",))
        query = answer.query
        return Sheet(_name(query), question(query), _single_columns("USD"), (), (f"no number: {answer.missing}",))
    return _sheet(answer, known, answer.notes)


def _sheet(answer: Answer, known: Filed, notes: Sequence[str]) -> Sheet:
    everyone = (answer, *answer.alternatives)
    units = dict.fromkeys(_unit(each) for each in everyone)
    unit = next(iter(units)) if len(units) == 1 else ""
    if len(answer.table) > 1 and answer.query.indicator != "change":
        columns, rows = _broken_down(everyone, unit, known)
    else:
        columns, rows = _single_columns(unit), tuple(_single(each, unit) for each in everyone)
    return Sheet(_name(answer.query), question(answer.query), columns, rows, tuple(notes), answer.cite())


def _name(query: Query) -> str:
    parties = "_".join([*query.exporters, "to", *query.importers] if query.importers else [*query.exporters])
    return f"{query.indicator}_{parties or 'all'}".lower()


def _unit(answer: Answer) -> str:
    return answer.value.unit if answer.value else next((line.unit for line in answer.table), "")


def _measured(what: str, unit: str, name: str) -> SheetColumn:
    """Name a column of amounts by its unit; where units differ a column of their own says them."""
    if not unit:
        return SheetColumn(name, what, "number", may_be_absent=name == "value")
    suffix = SUFFIXES.get(unit, unit.lower().replace(" ", "_").replace("/", "_per_"))
    return SheetColumn(f"{name}_{suffix}", f"{what}, {unit}", "number", unit, may_be_absent=name == "value")


def _single_columns(unit: str) -> tuple[SheetColumn, ...]:
    amounts = (
        _measured("value", unit, "value"),
        _measured("at least", unit, "low"),
        _measured("at most", unit, "high"),
    )
    return (
        SheetColumn("period", "period"),
        SheetColumn("against", "against"),
        *amounts,
        *(() if unit else (SheetColumn("unit", "unit"),)),
        *_provenance(),
    )


def _provenance() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn("source", "source"),
        SheetColumn("side", "whose declaration"),
        SheetColumn("evidence_rank", "1: declared rows, 2: a printed figure", "count"),
        SheetColumn("coverage", "months known, %", "share"),
        SheetColumn("vintage", "vintage", "day"),
    )


def _single(answer: Answer, unit: str) -> tuple[Cell, ...]:
    value = answer.value
    amounts: tuple[Cell, ...] = (Absent.NO_DATA, None, None) if value is None else (value.value, value.low, value.high)
    against = span(answer.query.against) if answer.query.against else None
    said = () if unit else (_unit(answer),)
    return (span(answer.query.period), against, *amounts, *said, *_origin(answer))


def _origin(answer: Answer) -> tuple[Cell, ...]:
    vintage = max((note.vintage for note in answer.receipts), default=None)
    return (answer.source, answer.side, answer.rank, answer.coverage, vintage)


def _broken_down(
    everyone: Sequence[Answer], unit: str, known: Filed
) -> tuple[tuple[SheetColumn, ...], tuple[tuple[Cell, ...], ...]]:
    query = everyone[0].query
    head: str = query.by or ("direction" if query.indicator in {"total", "balance"} else "period")
    if query.indicator == "share":
        head = "part"
    names = (SheetColumn("partner_name", "name"),) if head == "partner" else ()
    columns = (
        SheetColumn(head, head),
        *names,
        _measured("value", unit, "value"),
        *(() if unit else (SheetColumn("unit", "unit"),)),
        SheetColumn("share", "share, %", "share"),
        SheetColumn("place", "place", "count"),
        *_provenance(),
    )
    rows = tuple(_row(each, line, unit, known, named=bool(names)) for each in everyone for line in each.table)
    return columns, rows


def _row(answer: Answer, line: Line, unit: str, known: Filed, *, named: bool) -> tuple[Cell, ...]:
    value: Cell = line.value
    if line.value is None:
        reporter = declarer(answer)
        silent = was_filed(known, line.source, reporter, line.label)
        value = Absent.NOT_REPORTED if silent else Absent.NO_DATA
    name = (("not broken down" if line.label == UNLISTED else areas.name(line.label)),) if named else ()
    said = () if unit else (line.unit,)
    return (line.label, *name, value, *said, line.share, line.rank, *_origin(answer))
