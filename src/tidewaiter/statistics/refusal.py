"""How this room says no: one line with the file, the row, the column, what is wrong and what to do."""

from __future__ import annotations

from typing import NoReturn

from tidewaiter.base.errors import SourceError
from tidewaiter.base.legible import legible


def refuse(name: str, why: str, *, row: int | None = None, column: str | None = None) -> NoReturn:
    """Raise `SourceError` for the file `name`, at data `row` (from 1) and `column` where they are known."""
    message = f"{place(name, row=row, column=column)}: {why}"
    raise SourceError(message)


def place(name: str, *, row: int | None = None, column: str | None = None) -> str:
    """Write where in a file something stands: `fish.csv, row 12, column 'Value'`."""
    parts = [legible(name)]
    if row is not None:
        parts.append(f"row {row}")
    if column is not None:
        parts.append(f"column {column!r}")
    return ", ".join(parts)


def counted(number: int, things: str = "rows") -> str:
    """Write a number of things: `1 row`, `24,401 rows`."""
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def shown(value: object, longest: int = 60) -> str:
    """Write a value of a file for a message: quoted, on one line, cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= longest else f"{text[:longest]}...")
