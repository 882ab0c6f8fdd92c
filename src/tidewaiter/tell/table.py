"""A plain table: for a terminal, for a pipe, or as JSON records."""

from __future__ import annotations

import json as json_format
from typing import TYPE_CHECKING, Any

from tidewaiter.tell.page import console, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING = "no data"


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, json: bool = False, title: str | None = None
) -> None:
    """Print `rows` under `columns`; numbers align to the right, a missing value says so."""
    if json:
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        print(json_format.dumps(records, indent=2, ensure_ascii=False, default=str))  # noqa: T201
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float) for row in rows) and bool(rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return MISSING
    return f"{value:,}" if isinstance(value, int) else escaped(str(value))
