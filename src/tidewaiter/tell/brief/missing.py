"""What is missing and why: every question of the bulletin that had no answer, with the command that would get one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.tell.answer import question
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.base.question import Refusal
    from tidewaiter.tell.brief.desk import Desk

NONE: Final = "Nothing that was asked for is missing."
SOME: Final = "What nobody filed is told here and not guessed."
_COVERAGE: Final = re.compile(r"\d+% of the \d+ months")
"""A coverage is no share of trade, and is not to be read as one."""


def section(desk: Desk) -> Section:
    """List the refusals of a bulletin once each, in the order they came."""
    refused = tuple(desk.refused.values())
    if not refused:
        return Section("missing", "What is missing and why", ((Sentence(NONE),),), aside=True)
    return Section("missing", "What is missing and why", ((Sentence(SOME),),), sheets=(_sheet(refused),), aside=True)


def _sheet(refused: tuple[Refusal, ...]) -> Sheet:
    """Lay refusals out as a table, where what they say of shares and months cannot be read as the story's own."""
    columns = (
        SheetColumn("question", "Question"),
        SheetColumn("missing", "What is missing"),
        SheetColumn("command", "What would get it"),
    )
    rows = tuple(
        (question(each.query), _COVERAGE.sub("not all of the months", each.missing), each.command) for each in refused
    )
    return Sheet("missing", "Questions without an answer", columns, rows)
