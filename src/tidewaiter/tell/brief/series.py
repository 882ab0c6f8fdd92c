"""The course of time: the months of a bulletin's span and of the year before, or else ten years, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.base.period import Period
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.tell.brief import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tidewaiter.base.question import Answer, Query
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Chart, Mark

YEAR_BEFORE: Final = -12
NINE_YEARS_BEFORE: Final = -108

Columns = list[tuple[str, "Answer"]]


def over_time(
    subject: Subject, desk: Desk, asked: Sequence[tuple[str, Query]], marks: Sequence[Mark] = ()
) -> tuple[tuple[Sheet, ...], tuple[Chart, ...]]:
    """Lay the series of each question side by side: by month where any month is known, else by year.

    `marks` are days to draw into the chart. Nothing where no period has a number.
    """
    months = months_shown(subject)
    columns = _ask(desk, asked, months, "month")
    if columns:
        return _told(subject, "by_month", "Month", months, columns, marks)
    if not subject.period.is_full_years:
        return (), ()
    years = years_shown(subject)
    columns = _ask(desk, asked, years, "year")
    return _told(subject, "by_year", "Year", years, columns, marks) if columns else ((), ())


def months_shown(subject: Subject) -> Period:
    """Return the span of a course by month: a bulletin's own, and the year before it."""
    return Period(subject.period.shifted(YEAR_BEFORE).first, subject.period.last)


def years_shown(subject: Subject) -> Period:
    """Return the span of a course by year: nine years before a bulletin's own, and its own."""
    return Period(subject.period.shifted(NINE_YEARS_BEFORE).first, subject.period.last)


def _told(
    subject: Subject, name: str, head: str, span: Period, columns: Columns, marks: Sequence[Mark]
) -> tuple[tuple[Sheet, ...], tuple[Chart, ...]]:
    from tidewaiter.tell.charts.flows import flows

    known = [line.label for _, answer in columns for line in answer.table if line.value is not None]
    if not known:
        return (), ()
    columns = [(way, _from(answer, min(known))) for way, answer in columns]
    sheet = _sheet(subject, name, head, span, columns)
    labels = [words.begun(way) for way, _ in columns]
    chart = flows([answer for _, answer in columns], labels=labels, marks=marks, name=name, title=sheet.title)
    return (sheet,), (replace(chart, sheet=sheet),)


def _from(answer: Answer, first: str) -> Answer:
    """Leave out what lies before the first period that anybody has a number for."""
    return replace(answer, table=tuple(line for line in answer.table if line.label >= first))


def _ask(desk: Desk, asked: Sequence[tuple[str, Query]], span: Period, step: str) -> Columns:
    found: Columns = []
    for name, query in asked:
        answer = desk.answer(replace(query, indicator="series", period=span, step=step), needed=False)  # type: ignore[arg-type]
        if answer is not None:
            found.append((name, answer))
    return found


def _sheet(subject: Subject, name: str, head: str, span: Period, columns: Columns) -> Sheet:
    by_label = [{line.label: line.value for line in answer.table} for _, answer in columns]
    labels = sorted({label for each in by_label for label in each})
    shown = Period(Period.parse(labels[0]).first, span.last)
    title = f"{words.begun(words.whose(subject.target))} trade with {words.area(subject.partner)}, {words.when(shown)}"
    notes = tuple(f"{name}: {_source(answer)}" for name, answer in columns)
    return Sheet(
        name,
        title,
        (
            SheetColumn("period", head),
            *(
                SheetColumn(f"{name}_usd", f"{words.begun(name)} (USD)", "number", "USD", may_be_absent=True)
                for name, _ in columns
            ),
        ),
        tuple((label, *(_cell(each.get(label)) for each in by_label)) for label in labels),
        notes,
        "; ".join(dict.fromkeys(answer.cite() for _, answer in columns)),
    )


def _cell(value: Decimal | None) -> Decimal | Absent:
    return Absent.NO_DATA if value is None else value


def _source(answer: Answer) -> str:
    sides = {"reporter": "own declaration", "mirror": "the partner's declaration"}
    return f"{answer.source}, {sides.get(answer.side, answer.side)}"
