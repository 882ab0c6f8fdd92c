"""The shape of every table that people get: columns with units, rows, and why a cell is empty.

Only the shape lives here; `tidewaiter.tell` prints it and writes it as CSV, JSON, Parquet, Excel or
Markdown. A cell is a value, or says which of two silences it is: nobody filed it, or nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

Kind: TypeAlias = Literal["text", "number", "count", "share", "day", "yes_no"]
"""`share` is a fraction in files and a per cent for readers; `number` is exact, `count` whole."""


class Absent(Enum):
    """Why a cell has no value. Zero is neither: zero was declared."""

    NOT_REPORTED = "not_reported"
    """Who would have declared it filed that period, or never files, and did not declare this."""
    NO_DATA = "no_data"
    """The lake holds no filing that could say."""


Cell: TypeAlias = "str | int | bool | Decimal | date | Absent | None"
"""`None` means that the column does not apply to the row, such as a cap where there is none."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its name in files (snake_case, unit last: `value_usd`) and its heading for readers, unit and all.

    Where `may_be_absent`, files carry a second column `<name>_status`: reported, not_reported or no_data.
    """

    name: str
    heading: str
    kind: Kind = "text"
    unit: str = ""
    may_be_absent: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people and programs: a title that says what, columns, rows, notes and where it is from."""

    name: str
    """In snake_case: the name of its file and of its resource in a data package."""
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    """How to cite it, with the day of its vintage."""

    def __post_init__(self) -> None:
        """Refuse a row that does not have one cell for each column."""
        width = len(self.columns)
        for number, row in enumerate(self.rows, 1):
            if len(row) != width:
                message = f"row {number} of sheet {self.name!r} has {len(row)} cells for {width} columns"
                raise ValueError(message)
