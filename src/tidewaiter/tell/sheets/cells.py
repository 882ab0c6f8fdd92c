"""What a cell becomes: a value with its status in files, a word in what people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.legible import legible
from tidewaiter.base.sheet import Absent
from tidewaiter.tell.said import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.sheet import Cell, Kind, Sheet, SheetColumn

SAID: Final = {Absent.NOT_REPORTED: "not reported", Absent.NO_DATA: "no data"}
REPORTED: Final = "reported"
NUMERIC: Final = frozenset({"number", "count", "share"})
LEGEND: Final = (
    "0 was declared as nothing; “not reported” means that who would have declared it did not; "
    "“no data” that nothing in the lake could say."
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file: its name, kind and place in the sheet, and whether it tells the status of a cell."""

    name: str
    kind: Kind
    place: int
    status: bool = False


def fields(sheet: Sheet) -> tuple[Field, ...]:
    """List the columns of a file: each of the sheet's, with a status column where a cell may be absent."""
    return tuple(_fields(sheet))


def _fields(sheet: Sheet) -> Iterator[Field]:
    for place, column in enumerate(sheet.columns):
        yield Field(column.name, column.kind, place)
        if column.may_be_absent:
            yield Field(f"{column.name}_status", "text", place, status=True)


def value(cell: Cell, field: Field) -> str | int | bool | Decimal | date | None:
    """Return what stands in `field` of a file for a cell."""
    if field.status:
        if cell is None:
            return None
        return cell.value if isinstance(cell, Absent) else REPORTED
    return None if isinstance(cell, Absent) else cell


def records(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the rows as mappings from a file's column names to values."""
    columns = fields(sheet)
    return [{field.name: value(row[field.place], field) for field in columns} for row in sheet.rows]


def said(cell: Cell, column: SheetColumn) -> str:
    """Write a cell for readers; what does not apply stays empty."""
    if cell is None:
        return ""
    if isinstance(cell, Absent):
        return SAID[cell]
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | Decimal) and column.kind in NUMERIC:
        return f"{cell * 100:.1f}" if column.kind == "share" else plain(Decimal(cell))
    return cell.isoformat() if isinstance(cell, date) else legible(str(cell))


def footnotes(sheet: Sheet) -> tuple[str, ...]:
    """List what belongs under a sheet: the legend where a cell is absent, its notes, its source."""
    absent = any(isinstance(cell, Absent) for row in sheet.rows for cell in row)
    source = (f"source: {sheet.source}",) if sheet.source else ()
    return (*((LEGEND,) if absent else ()), *sheet.notes, *source)
