"""Print a sheet in a terminal or into a pipe: as wide as there is room, numbers to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.sheet import Absent
from tidewaiter.tell.page import console, escaped, say
from tidewaiter.tell.sheets.cells import NUMERIC, footnotes, said

if TYPE_CHECKING:
    from tidewaiter.base.sheet import Sheet


def print_sheet(sheet: Sheet, *, notes: bool = True) -> None:
    """Print title, table and, if wanted, what belongs below it."""
    from rich import box
    from rich.table import Table

    page = console()
    if sheet.title:
        say(page, escaped(sheet.title), indent=0, style="bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in sheet.columns:
        numeric = column.kind in NUMERIC
        table.add_column(
            escaped(column.heading), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
        )
    for row in sheet.rows:
        cells = []
        for cell, column in zip(row, sheet.columns, strict=True):
            text = escaped(said(cell, column))
            cells.append(f"[dim]{text}[/dim]" if isinstance(cell, Absent) else text)
        table.add_row(*cells)
    if sheet.rows:
        page.print(table)
    for note in footnotes(sheet) if notes else ():
        say(page, escaped(note), style="dim" if note.startswith("source:") else "")
