"""Where each number comes from: the question, the exact value, whose word it is and the files under it, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Cell, Sheet, SheetColumn
from tidewaiter.tell.answer import question
from tidewaiter.tell.brief.model import Section, Sentence
from tidewaiter.tell.brief.standing import is_estimated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.question import Answer, Query

KINDS: Final = {
    "change": "change",
    "share": "share",
    "series": "series",
    "ranking": "ranking",
    "composition": "by product",
}

CHAPTER: Final = 2
"""Digits of the codes that a breakdown has where nothing else is said."""


def section(answers: Sequence[Answer]) -> Section:
    """Show the table of answers, numbered as the sections refer to them."""
    text = "Each number above is the answer to a question put to the lake; the table holds it unrounded."
    return Section(
        "numbers", "Where each number comes from", ((Sentence(text),),), sheets=(sheet(answers),), aside=True
    )


def sheet(answers: Sequence[Answer]) -> Sheet:
    """List the answers: number, question, value with unit, source, side, rows, and the files by their sha256."""
    columns = (
        SheetColumn("number", "No.", "count"),
        SheetColumn("question", "Question"),
        SheetColumn("kind", "Kind"),
        SheetColumn("value", "Value", "number"),
        SheetColumn("unit", "Unit"),
        SheetColumn("source", "Source"),
        SheetColumn("whose", "Whose word"),
        SheetColumn("rows", "Rows", "count"),
        SheetColumn("files", "Files (sha256)"),
    )
    return Sheet(
        "numbers",
        "Where each number comes from",
        columns,
        tuple(_row(place, answer) for place, answer in enumerate(answers, 1)),
    )


def _row(place: int, answer: Answer) -> tuple[Cell, ...]:
    return (
        place,
        question(answer.query),
        _kind(answer.query),
        None if answer.value is None else answer.value.value,
        "" if answer.value is None else answer.value.unit,
        answer.source,
        _whose(answer),
        answer.rows,
        ", ".join(dict.fromkeys(note.sha256[:12] for note in answer.receipts)),
    )


def _kind(query: Query) -> str:
    kind = KINDS.get(query.indicator, "level")
    if query.indicator == "composition":
        return kind if query.level == CHAPTER else f"{kind}, {query.level} digits"
    return f"{kind} of the {query.of}" if query.indicator == "change" and query.of != "value" else kind


def _whose(answer: Answer) -> str:
    if answer.rank == 2:
        return "printed figure"
    if is_estimated(answer):
        return "publisher's estimate"
    return {"reporter": "own declaration", "mirror": "partner's declaration"}.get(answer.side, answer.side)
