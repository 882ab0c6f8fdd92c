"""Duties that fell due in a bulletin's span, and what was counted of people and permits around them, with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.facts import counted_inside, due_inside
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.law.duties import Counts, Deadline
    from tidewaiter.tell.brief.facts import Facts
    from tidewaiter.tell.brief.model import Subject

EVERYWHERE: Final = "all"
"""How a card of counts says that no one place is meant."""
NO_PROOF: Final = "Counts of unlike kinds are not added, and what rises before a deadline is context and no proof."


def section(subject: Subject, facts: Facts) -> Section:
    """List deadlines and counts; nothing where none falls into the span."""
    due = due_inside(facts.deadlines, subject)
    counted = [(counts, _counts(subject, counts)) for counts in facts.counts]
    sheets = [sheet for _, sheet in counted if sheet.rows]
    if due:
        sheets.insert(0, _deadlines(subject, due))
    if not sheets:
        return Section("duties", "Duties and labour")
    told = "A deadline of a duty fell into the span." if due else "No deadline of a duty fell into the span."
    return Section("duties", "Duties and labour", ((Sentence(told), Sentence(NO_PROOF)),), sheets=tuple(sheets))


def _deadlines(subject: Subject, due: tuple[Deadline, ...]) -> Sheet:
    columns = (
        SheetColumn("due", "Due", "day"),
        SheetColumn("duty", "Duty"),
        SheetColumn("act", "Act"),
        SheetColumn("paragraph", "Paragraph"),
        SheetColumn("verified", "Verified", "yes_no"),
    )
    rows = tuple(
        (each.duty.due, each.duty.words, each.measure.cite.act, each.measure.cite.place, each.duty.verified)
        for each in due
    )
    return Sheet("deadlines", f"Deadlines, {words.when(subject.period)}", columns, rows)


def _counts(subject: Subject, counts: Counts) -> Sheet:
    titles = {series.id: series.title for series in counts.series}
    columns = (
        SheetColumn("area", "Where"),
        SheetColumn("series", "What was counted"),
        SheetColumn("purpose", "Purpose"),
        SheetColumn("span", "Months"),
        SheetColumn("persons", "Persons", "count", "persons", may_be_absent=True),
        SheetColumn("how", "How it was given"),
        SheetColumn("url", "Page"),
    )
    rows = tuple(
        (
            _place(each.area),
            titles[each.series],
            each.purpose,
            str(each.span),
            Absent.NOT_REPORTED if each.persons is None else each.persons,
            each.how,
            each.url,
        )
        for each in counted_inside(counts, subject)
    )
    return Sheet(
        f"counts_{counts.id}".replace("-", "_"), f"{counts.title}, {words.when(subject.period)}", columns, rows
    )


def _place(area: str) -> str:
    return "everywhere" if area == EVERYWHERE else areas.name(area)
