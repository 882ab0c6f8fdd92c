"""Write a sheet as Parquet or as an Excel workbook; the same sheets always give the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.legible import legible
from tidewaiter.base.sheet import Absent
from tidewaiter.tell.sheets.cells import NUMERIC, SAID, Field, fields, footnotes, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from tidewaiter.base.sheet import Cell, Kind, Sheet, SheetColumn

SQL_TYPES: Final[dict[Kind, str]] = {
    "text": "VARCHAR",
    "count": "BIGINT",
    "share": "DECIMAL(24,9)",
    "day": "DATE",
    "yes_no": "BOOLEAN",
}
DIGITS: Final = 38
NUMBER_FORMATS: Final = {"number": "#,##0.###", "count": "#,##0", "share": "0.0%", "day": "yyyy-mm-dd"}
MADE: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""What a workbook says of when it was made, so that making it again gives the same file."""
LONGEST_NAME: Final = 31
FORBIDDEN: Final = "[]:*?/\\"
WIDEST: Final = 60
BOOK_ROWS: Final = 1_048_576


def parquet(sheet: Sheet) -> bytes:
    """Write one sheet as Parquet: exact decimals, days as dates, null for what is absent, its status beside it."""
    from tidewaiter.lake.engine import connect

    columns = fields(sheet)
    typed = ", ".join(f'"{field.name}" {_sql_type(sheet, field)}' for field in columns)
    rows = [tuple(record.values()) for record in records(sheet)]
    connection = connect("256MB", 1)
    try:
        connection.execute(f"CREATE TABLE sheet ({typed})")
        if rows:
            connection.executemany(f"INSERT INTO sheet VALUES ({', '.join('?' * len(columns))})", rows)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "sheet.parquet"
            connection.execute("COPY sheet TO ? (FORMAT parquet)", [str(path)])
            return path.read_bytes()
    finally:
        connection.close()


def _sql_type(sheet: Sheet, field: Field) -> str:
    """Choose the type of a column; a number keeps as many decimals as its longest cell has."""
    if field.kind != "number":
        return SQL_TYPES[field.kind]
    cells = [row[field.place] for row in sheet.rows]
    decimals = [-int(cell.as_tuple().exponent) for cell in cells if isinstance(cell, Decimal) and cell.is_finite()]
    return f"DECIMAL({DIGITS},{min(max([3, *decimals]), 18)})"


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write an Excel workbook: one worksheet for each sheet, and one that says what they are and where from.

    Texts are never formulas. Numbers are Excel's own, of 15 digits: exact ones are in CSV, JSON and Parquet.
    """
    from xlsxwriter import Workbook

    data = io.BytesIO()
    with Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        names = list(_names(sheet.name for sheet in sheets))
        for name, sheet in zip(names, sheets, strict=True):
            _fill(book, book.add_worksheet(name), sheet)
        _about(book, names, sheets)
    return data.getvalue()


def _names(wanted: Iterable[str]) -> Iterable[str]:
    """Yield names that Excel takes: short, without its forbidden signs, none twice."""
    taken: set[str] = {"about"}
    for name in wanted:
        plain = "".join("-" if sign in FORBIDDEN else sign for sign in name)[:LONGEST_NAME] or "table"
        chosen, number = plain, 2
        while chosen.lower() in taken:
            chosen, number = f"{plain[: LONGEST_NAME - 4]} {number}", number + 1
        taken.add(chosen.lower())
        yield chosen


def _fill(book: Workbook, page: Worksheet, sheet: Sheet) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    faint = book.add_format({"italic": True, "font_color": "#595959"})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in NUMBER_FORMATS.items()}
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.heading, head)
        page.set_column(place, place, _width(sheet, place, column))
    for number, row in enumerate(sheet.rows[: BOOK_ROWS - 1], 1):
        for place, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _put(page, (number, place), cell, formats.get(column.kind), faint)
    page.freeze_panes(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _put(page: Worksheet, place: tuple[int, int], cell: Cell, form: CellFormat | None, faint: CellFormat) -> None:
    row, column = place
    match cell:
        case None:
            return
        case Absent():
            page.write_string(row, column, SAID[cell], faint)
        case bool():
            page.write_boolean(row, column, cell)
        case int() | Decimal():
            page.write_number(row, column, float(cell), form)
        case date():
            page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), form)  # noqa: DTZ001
        case _:
            page.write_string(row, column, legible(cell))


def _width(sheet: Sheet, place: int, column: SheetColumn) -> int:
    cells = [row[place] for row in sheet.rows[:200]]
    longest = max((len(_shown(cell)) for cell in cells), default=0)
    least = max((len(word) for word in column.heading.split()), default=0)
    return min(max(longest, least, 8) + 2, WIDEST)


def _shown(cell: Any) -> str:
    return f"{cell:,}" if isinstance(cell, int | Decimal) else str(cell)


def _about(book: Workbook, names: Sequence[str], sheets: Sequence[Sheet]) -> None:
    page = book.add_worksheet("About")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 100)
    row = 0
    for name, sheet in zip(names, sheets, strict=True):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, legible(sheet.title), bold)
        row += 1
        units = [f"{column.heading}: column {column.name}" for column in sheet.columns if column.kind in NUMERIC]
        for line in (*footnotes(sheet), *units):
            page.write_string(row, 1, legible(line), wrapped)
            row += 1
        row += 1
