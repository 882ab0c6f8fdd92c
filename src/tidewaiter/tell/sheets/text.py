"""Write a sheet as CSV, JSON or Markdown: plain decimals, ISO days, the same bytes each time."""

from __future__ import annotations

import csv as csv_format
import io
import json as json_format
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.legible import legible
from tidewaiter.tell.sheets.cells import NUMERIC, fields, footnotes, records, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.sheet import Sheet

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is taken for a formula by spreadsheets that open a CSV file."""


def csv(sheet: Sheet) -> str:
    """Write one sheet as CSV: a head of column names, plain decimals, ISO days; what is absent is empty.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv_format.writer(text, lineterminator="\n")
    columns = fields(sheet)
    writer.writerow([field.name for field in columns])
    writer.writerows([_plain(record[field.name]) for field in columns] for record in records(sheet))
    return text.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text


def json(sheets: Sequence[Sheet]) -> str:
    """Write sheets as JSON: one object for one sheet, else a list. Money stands as text, exactly; absent is null."""
    documents = [_document(sheet) for sheet in sheets]
    whole = documents[0] if len(documents) == 1 else documents
    return json_format.dumps(whole, indent=2, ensure_ascii=False, default=_as_text) + "\n"


def _document(sheet: Sheet) -> dict[str, Any]:
    kinds = {column.name: column for column in sheet.columns}
    described = [
        {
            "name": field.name,
            "heading": sheet.columns[field.place].heading if field.name in kinds else f"{field.name} of the cell",
            "kind": field.kind,
            "unit": kinds[field.name].unit or None if field.name in kinds else None,
        }
        for field in fields(sheet)
    ]
    return {
        "name": sheet.name,
        "title": sheet.title,
        "columns": described,
        "rows": records(sheet),
        "notes": list(sheet.notes),
        "source": sheet.source or None,
    }


def _as_text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def markdown(sheets: Sequence[Sheet]) -> str:
    """Write sheets as Markdown tables, each under its title with what belongs below it."""
    return "\n".join(_markdown(sheet) for sheet in sheets)


def _markdown(sheet: Sheet) -> str:
    heads = [_escaped(column.heading) for column in sheet.columns]
    rules = ["---:" if column.kind in NUMERIC else "---" for column in sheet.columns]
    rows = [_line([_escaped(said(*pair)) for pair in zip(row, sheet.columns, strict=True)]) for row in sheet.rows]
    notes = [line for note in footnotes(sheet) for line in ("", _escaped(note))]
    return "\n".join([f"**{_escaped(sheet.title)}**", "", _line(heads), _line(rules), *rows, *notes, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Write text so that it is neither markup nor a new cell."""
    for sign in ("\\", "|", "<", "*", "_", "`", "["):
        text = text.replace(sign, f"\\{sign}")
    return legible(text)
