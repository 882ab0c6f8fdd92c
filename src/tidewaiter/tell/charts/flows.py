"""Flows over time: bars of one series, lines of several, with the days on which measures began drawn in.

A period without a number is a marked gap, never a bar of nothing; a declared zero says 0. Owns what the chart
says; `flow_marks` owns how it is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.answers.levels import steps_of
from tidewaiter.answers.silence import Filed, declarer, was_filed
from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Refusal
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.tell.answer import SIDES, question
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.flow_marks import Series, drawing
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import at_both_widths, empty
from tidewaiter.tell.charts.time_axis import GAP_KEY, TimeAxis
from tidewaiter.tell.charts.words import caption_of, extremes, gap_words, gaps_of, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.sheet import Cell
    from tidewaiter.tell.charts.model import Mark

NOTHING: Filed = frozenset()
BROKEN_KEY = "Where a line breaks there is no data, which is not zero."


def flows(
    answers: Sequence[Answer | Refusal],
    *,
    labels: Sequence[str] = (),
    marks: Sequence[Mark] = (),
    known: Filed = NOTHING,
    name: str = "flows",
    title: str = "",
) -> Chart:
    """Draw answers to questions for a series over the same periods; `marks` are drawn in where they fall inside.

    `labels` name the series where they are several; else the source and the declaring side do. A refusal is a
    series without a number. `known` holds what the parties filed (`answers.silence.filed`), by which "not reported"
    is told from "no data". Raises `QueryError` for more series than can be told apart, and for unlike units.
    """
    if not answers or len(answers) > theme.MOST_SERIES:
        message = f"{len(answers)} series in one chart cannot be told apart; take 1 to {theme.MOST_SERIES}"
        raise QueryError(message)
    title = title or question(answers[0].query)
    series = [series_of(answer, label, known) for answer, label in zip(answers, _labels(answers, labels), strict=True)]
    units = sorted({each.unit for each in series if each.unit})
    if len(units) > 1:
        message = f"one axis cannot count {' and '.join(units)}; draw two charts"
        raise QueryError(message)
    unit = units[0] if units else "USD"
    periods = sorted({label for each in series for label in each.points}, key=Period.parse)
    caption = caption_of(answers)
    sheet = _sheet(name, title, series, periods, unit, caption)
    if not any(each.known for each in series):
        reasons = dict.fromkeys(answer.missing for answer in answers if isinstance(answer, Refusal))
        return empty(name, title, f"{'; '.join(reasons) or 'no period has a number'}.", caption, sheet)
    gaps = gaps_of(periods, absent_of(series, periods))
    inside = TimeAxis(periods, 1).inside(marks)
    key = [f"{number}  {mark.day.isoformat()}: {mark.words}" for number, mark in enumerate(inside, 1)]
    key += [GAP_KEY] if gaps else []
    key += [BROKEN_KEY] if len(series) > 1 and any(len(each.known) < len(periods) for each in series) else []
    drawn = at_both_widths(lambda width: drawing(series, periods, unit, gaps, inside, width))
    alt = _alt(title, series, periods, unit, inside)
    return Chart(name, title, alt=alt, caption=caption, sheet=sheet, key=tuple(key), **drawn)


def _labels(answers: Sequence[Answer | Refusal], labels: Sequence[str]) -> list[str]:
    """Name each series once: by what the caller says, else by who publishes and declares."""
    said = list(labels) or [
        f"{each.source}, {SIDES[each.side]}" if isinstance(each, Answer) else "no answer" for each in answers
    ]
    return [f"{label} ({number})" if said.count(label) > 1 else label for number, label in enumerate(said, 1)]


def series_of(answer: Answer | Refusal, label: str, known: Filed) -> Series:
    """Take an answer's periods; of a refusal what there is, else the periods asked for, all without a number."""
    found = answer.partial if isinstance(answer, Refusal) else answer
    if found is None or not found.table:
        span = answer.query.period
        steps = steps_of(answer.query, span, monthly=True) if span is not None else []
        return Series(label, "", {str(step): None for step in steps})
    points = {line.label: line.value for line in found.table}
    who = declarer(found)
    silent = {each for each, value in points.items() if value is None and was_filed(known, found.source, who, each)}
    return Series(label, found.table[0].unit, points, frozenset(silent))


def absent_of(series: Sequence[Series], periods: Sequence[str]) -> dict[str, Absent]:
    """Say of the periods of which no series has a number why; not reported where any declarer filed them."""
    return {
        period: Absent.NOT_REPORTED if any(period in each.silent for each in series) else Absent.NO_DATA
        for period in periods
        if all(each.points.get(period) is None for each in series)
    }


def cell_of(series: Series, period: str) -> Cell:
    """Return what stands in a table for a period: its number, or which silence it is."""
    value = series.points.get(period)
    return absent_of([series], [period])[period] if value is None else value


def _sheet(name: str, title: str, series: Sequence[Series], periods: Sequence[str], unit: str, caption: str) -> Sheet:
    rows = [(period, *(cell_of(each, period) for each in series)) for period in periods]
    ending = f"_{unit.lower()}" if unit.isalpha() else ""
    several = len(series) > 1
    columns = [
        SheetColumn(
            f"value_{number}{ending}" if several else f"value{ending}",
            f"{each.label}, {unit}" if several else unit,
            "number",
            unit,
            may_be_absent=True,
        )
        for number, each in enumerate(series, 1)
    ]
    source = caption.removeprefix("Source: ")
    return Sheet(name, title, (SheetColumn("period", "period"), *columns), tuple(rows), source=source)


def _alt(title: str, series: Sequence[Series], periods: Sequence[str], unit: str, marks: Sequence[Mark]) -> str:
    parts = [f"{'Bar' if len(series) == 1 else 'Line'} chart. {title}"]
    for each in series:
        told = extremes(list(each.known.items()), unit) if each.known else "no data at all"
        parts.append(f"{each.label}: {told}" if len(series) > 1 else told)
        if each.known:
            parts.append(gap_words(gaps_of(periods, absent_of([each], periods))))
    if marks:
        parts.append(f"marked: {listed([f'{mark.day.isoformat()} {mark.short or mark.words}' for mark in marks])}")
    return "; ".join(part for part in parts if part).rstrip(".") + "."
