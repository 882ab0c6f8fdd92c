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

COLUMNS: Final = (
    SheetColumn("how", "how"),
    SheetColumn("reporter", "declared by"),
    SheetColumn("flow", "flow"),
    SheetColumn("partner", "partner"),
    SheetColumn("product", "HS"),
    SheetColumn("period", "period"),
    SheetColumn("before_usd", "before, USD", "number", "USD", may_be_absent=True),
    SheetColumn("after_usd", "after, USD", "number", "USD", may_be_absent=True),
    SheetColumn("change_usd", "change, USD", "number", "USD"),
    SheetColumn("change_share", "change, %", "share"),
    SheetColumn("file", "by"),
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
    return Sheet("revisions", heading(found), (*COLUMNS, *(() if short else IN_FILES)), rows, tuple(notes))


def _row(each: Revision, names: dict[str, str], *, short: bool) -> tuple[Cell, ...]:
    main: tuple[Cell, ...] = (
        *(each.how, areas.name(each.reporter), each.flow, areas.name(each.partner)),
        *("all" if short and each.product == TOTAL else each.product, each.period),
        _value(each.before_usd, known=each.how != "appeared"),
        _value(each.after_usd, known=each.how != "gone"),
        *(each.change_usd, each.share, names.get(each.receipt, each.receipt)),
    )
    more = (each.hs, each.source, each.before_kg, each.after_kg, each.receipt_before, each.receipt)
    return main if short else (*main, *more)


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
