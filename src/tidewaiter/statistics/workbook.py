"""Turn one of UNSD's correlation workbooks into text with a row per pair of codes.

Knows that a workbook is taken only where its sheets name two HS editions; what the sheets say is
`concordance`'s business. Trade in workbooks is not read: a sheet has no types that can be trusted.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields, replace
from typing import TYPE_CHECKING

from tidewaiter.statistics.concordance import Link, is_correlation, read_sheets
from tidewaiter.statistics.container import WORKBOOKS
from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.statistics.container import Contents


def as_links(contents: Contents, workspace: Path) -> Contents:
    """Return a correlation workbook as tab-separated text of its links; anything else unchanged.

    Raises `SourceError` for any other workbook or archive, and for one that is cut or damaged.
    """
    if contents.kind != "workbook":
        return contents
    links = read_sheets(_sheets(contents), contents.name)
    target = workspace / "links.txt"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(field.name for field in fields(Link))
        writer.writerows(astuple(link) for link in links)
    head = target.read_bytes()[:65536]
    return replace(contents, readable=target, head=head, kind="text", is_workbook=True)


def _sheets(contents: Contents) -> dict[str, list[list[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    advice = next(words for magic, words in WORKBOOKS.items() if contents.head.startswith(magic))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(contents.readable.read_bytes()))
        sheets: dict[str, list[list[object]]] = {
            sheet: [list(row) for row in workbook.get_sheet_by_name(sheet).to_python()]
            for sheet in workbook.sheet_names
        }
    except (CalamineError, ValueError):
        sheets = {}
    if not any(is_correlation(rows) for rows in sheets.values()):
        refuse(contents.name, f"is {advice}; of workbooks only UNSD's correlation tables of HS editions are read")
    return sheets
