"""Numbers of a bulletin for a day gone by that have been revised since: what was known then, and what is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.question import Answer
from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.tell.answer import question
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.base.question import Query, Refusal
    from tidewaiter.base.sheet import Cell

LEVELS: Final = frozenset({"value", "weight", "total", "balance"})
TOLD: Final = "Later files revise numbers of this bulletin; the table says which."


def section(used: Sequence[Answer], later: Callable[[Query], Answer | Refusal] | None) -> Section:
    """Ask each level again of what is known today; nothing where none has moved, or where today is the day."""
    title = "Revised since"
    if later is None:
        return Section("revised", title)
    asked = (_row(answer, later(answer.query)) for answer in used if answer.query.indicator in LEVELS)
    rows = [row for row in asked if row is not None]
    if not rows:
        return Section("revised", title)
    columns = (
        SheetColumn("question", "Question"),
        SheetColumn("then", "Known then", "number"),
        SheetColumn("now", "Known now", "number"),
        SheetColumn("unit", "Unit"),
        SheetColumn("vintage", "Revised on", "day"),
        SheetColumn("file", "By the file"),
    )
    sheet = Sheet("revised", "Numbers that have been revised since", columns, tuple(rows))
    return Section("revised", title, ((Sentence(TOLD),),), sheets=(sheet,), aside=True)


def _row(then: Answer, now: Answer | Refusal) -> tuple[Cell, ...] | None:
    """Set what was known beside what is known, where both are the same publisher's and differ."""
    if not isinstance(now, Answer) or then.value is None or now.value is None:
        return None
    if (then.source, then.side) != (now.source, now.side) or then.value.value == now.value.value:
        return None
    newest = max(now.receipts, key=lambda note: (note.vintage, note.receipt))
    return (
        question(then.query),
        then.value.value,
        now.value.value,
        now.value.unit,
        newest.vintage,
        newest.file,
    )
