"""Declarations that may be about another area: each with how probably, and why. Nothing is taken out for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.base.sheet import Cell
    from tidewaiter.tell.brief.facts import Facts, Row
    from tidewaiter.tell.brief.model import Subject

TOLD = (
    "Some declarations may have been meant for an area of a like name.",
    "They stay in every number above; the table says how probable a slip is, and why.",
)


def section(subject: Subject, facts: Facts) -> Section:
    """List the declarations for which a mix-up is as likely as not, or more; nothing where there is none."""
    title = "Suspect declarations"
    if not facts.suspects:
        return Section("suspects", title)
    columns = (
        SheetColumn("reporter", "Declared by"),
        SheetColumn("flow", "Flow"),
        SheetColumn("product", "HS"),
        SheetColumn("period", "Period"),
        SheetColumn("value_usd", "Value (USD)", "number", "USD"),
        SheetColumn("probability", "Probably a slip (%)", "share"),
        SheetColumn("reasons", "Why"),
    )
    rows = tuple(_row(row) for row in facts.suspects)
    sheet = Sheet("suspects", f"Declarations in doubt, {words.when(subject.period)}", columns, rows)
    return Section("suspects", title, (tuple(Sentence(text) for text in TOLD),), sheets=(sheet,))


def _row(row: Row) -> tuple[Cell, ...]:
    return (
        areas.name(row["reporter"]),
        row["flow"],
        row["product"],
        row["period"],
        row["value_usd"],
        Decimal(str(row["mixup_probability"])),
        row["mixup_reasons"],
    )
