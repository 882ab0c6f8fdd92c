"""Say which numbers moved between two days: a table for readers and files, JSON for programs.

Owns words only; what moved, and by how much, was found in `tidewaiter.answers.revisions`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.answers.revisions import Revision, Revisions
    from tidewaiter.base.sheet import Cell

AMOUNTS: Final = (
    SheetColumn("before_usd", "before, USD", "number", "USD", may_be_absent=True),
    SheetColumn("after_usd", "after, USD", "number", "USD", may_be_absent=True),
)
SHORT: Final = (
    SheetColumn("what", "declared"),
    *AMOUNTS,
    SheetColumn("change_share", "%", "share"),
    SheetColumn("file", "by"),
)
COLUMNS: Final = (
    SheetColumn("how", "how"),
    SheetColumn("reporter", "declared by"),
    SheetColumn("flow", "flow"),
    SheetColumn("partner", "partner"),
    SheetColumn("product", "HS code"),
    SheetColumn("period", "period"),
    *AMOUNTS,
    SheetColumn("change_usd", "change, USD", "number", "USD"),
    SheetColumn("change_share", "change, %", "share"),
    SheetColumn("file", "moved by"),
)
IN_FILES: Final = (
    SheetColumn("hs", "HS edition"),
    SheetColumn("source", "source"),
    SheetColumn("before_kg", "before, kg", "number", "kg"),
    SheetColumn("after_kg", "after, kg", "number", "kg"),
    SheetColumn("receipt_before", "receipt before"),
    SheetColumn("receipt", "receipt that moved it"),
)


def heading(found: Revisions) -> str:
    """Say in one line how many numbers moved, between which days."""
    counts = found.counts
    told = [
        (counts["changed"], "changed"),
        (counts["appeared"], "appeared"),
        (counts["gone"], "went away"),
    ]
    words = ", ".join(f"{number:,} {word}" for number, word in told if number) or "nothing moved"
    return f"Between {found.first} and {found.last}: {words}"


def revisions_sheet(found: Revisions, *, short: bool = False) -> Sheet:
    """Lay revisions out, the largest first; `short` leaves to files what readers of a terminal have no room for."""
    places = {each.receipt: number for number, each in enumerate(found.files, 1)}
    files = {each.receipt: f"{each.file} ({each.vintage})" for each in found.files}
    names = {receipt: str(places[receipt]) if short else file for receipt, file in files.items()}
    rows = tuple(_row(each, names, short=short) for each in found.rows)
    movers = dict.fromkeys(each.receipt for each in found.rows if each.receipt in places)
    notes = (
        [f"{names[receipt]}: {files[receipt]}" for receipt in sorted(movers, key=places.__getitem__)] if short else []
    )
    hidden = sum(found.counts.values()) - len(rows)
    if hidden:
        notes.append(f"{hidden:,} more; --limit 0 shows all, --out FILE writes them")
    if not found.files:
        notes.append("no file of declared rows has a vintage between these days; `tidewaiter receipts` lists all")
    elif not any(found.counts.values()):
        notes.append(f"newer files that say what was known before: {len(found.files)}")
    columns = SHORT if short else (*COLUMNS, *IN_FILES)
    return Sheet("revisions", heading(found), columns, rows, tuple(notes))


def _row(each: Revision, names: dict[str, str], *, short: bool) -> tuple[Cell, ...]:
    reporter, partner, file = areas.name(each.reporter), areas.name(each.partner), names.get(each.receipt, each.receipt)
    amounts = (_value(each.before_usd, known=each.how != "appeared"), _value(each.after_usd, known=each.how != "gone"))
    if short:
        goods = "all goods" if each.product == TOTAL else f"HS {each.product}"
        way = "to" if each.flow == "export" else "from" if each.flow == "import" else "with"
        said = f"{reporter}, {each.flow} {way} {partner}, {each.period}, {goods}"
        return (said, *amounts, each.share, file)
    return (
        *(each.how, reporter, each.flow, partner, each.product, each.period),
        *(*amounts, each.change_usd, each.share, file),
        *(each.hs, each.source, each.before_kg, each.after_kg, each.receipt_before, each.receipt),
    )


def _value(value: Decimal | None, *, known: bool) -> Cell:
    """Write a value; a line filed without one was not reported, one that the day does not know is no data there."""
    return value if value is not None else Absent.NOT_REPORTED if known else Absent.NO_DATA


def revisions_json(found: Revisions) -> str:
    """Write revisions as JSON: money as text, exactly; a share is a fraction; null is not zero."""
    document = {
        "from": found.first,
        "to": found.last,
        "counts": found.counts,
        "files": [asdict(each) for each in found.files],
        "revisions": [asdict(each) for each in found.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)
