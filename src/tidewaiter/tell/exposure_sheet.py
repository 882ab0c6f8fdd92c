"""Lay exposures out as tables for files: the summary, and every declaration under it.

Owns names and kinds of columns; words and layout for readers are in `tell.exposure`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.tell.exposure import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidewaiter.base.sheet import Cell, Kind

UNITS: Final = {"usd": "USD", "kg": "kg"}


def summary_sheet(rows: Sequence[Mapping[str, Any]], source: str = "") -> Sheet:
    """Lay the summary out: one row a reporter, measure, reading and year."""
    return _sheet("exposure_summary", "Reported trade in goods that a measure covers, by year", rows, source)


def annex_sheet(rows: Sequence[Mapping[str, Any]], source: str = "") -> Sheet:
    """Lay every declaration out, with its file and row."""
    return _sheet("exposure", "Declarations in goods that a measure covers", rows, source)


def changes_sheet(rows: Sequence[Mapping[str, Any]], title: str) -> Sheet:
    """Lay out what a scenario would change: one row a measure, pair and year."""
    return _sheet("changes", title, rows, "")


def _sheet(name: str, title: str, rows: Sequence[Mapping[str, Any]], source: str) -> Sheet:
    names = list(rows[0]) if rows else []
    columns = tuple(_column(each, [row[each] for row in rows]) for each in names) or (
        SheetColumn("measure", "measure"),
    )
    cells = tuple(tuple(_cell(row[each]) for each in names) for row in rows)
    return Sheet(name, title, columns, cells, (NEUTRAL,), source)


def _column(name: str, values: Sequence[Any]) -> SheetColumn:
    unit = next((UNITS[part] for part in name.split("_") if part in UNITS), "")
    words = " ".join(part for part in name.split("_") if part not in UNITS)
    heading = f"{words}, {unit}" if unit else words
    return SheetColumn(name, heading, _kind(name, values), unit)


def _kind(name: str, values: Sequence[Any]) -> Kind:
    """Choose a kind by the unit in the name, else by what stands in the column."""
    found = next((value for value in values if value is not None), None)
    if _in_a_unit(name) or isinstance(found, Decimal | float):
        return "number"
    if isinstance(found, bool):
        return "yes_no"
    if isinstance(found, int):
        return "count"
    return "day" if isinstance(found, date) else "text"


def _in_a_unit(name: str) -> bool:
    return any(part in UNITS for part in name.split("_"))


def _cell(value: Any) -> Cell:
    return Decimal(str(value)) if isinstance(value, float) else value
