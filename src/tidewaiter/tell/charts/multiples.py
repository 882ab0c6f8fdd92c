"""Small multiples: the same drawing for each of many partners or goods, so that their shapes compare at a glance.

All panels have one scale unless they are asked to have their own, and the key says which. Owns layout only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.question import Refusal
from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.flows import NOTHING, absent_of, cell_of, series_of
from tidewaiter.tell.charts.letters import clipped, wrapped
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import WORDS, at_both_widths, empty, short_words, whole, with_scales_once
from tidewaiter.tell.charts.time_axis import GAP_KEY, TimeAxis, row_of
from tidewaiter.tell.charts.words import caption_of, gap_words, gaps_of, listed
from tidewaiter.tell.said import amount

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tidewaiter.answers.silence import Filed
    from tidewaiter.base.question import Answer
    from tidewaiter.tell.charts.flow_marks import Series

MOST: Final = 12
"""So many panels are drawn, those with the largest numbers; the table has all."""
HEIGHT: Final = 84
COLUMNS: Final = {theme.WIDE: 3, theme.PHONE: 2}
SPACE: Final = 26
LINE: Final = 15
NAME_LINES: Final = 2


def multiples(
    answers: Sequence[Answer | Refusal],
    labels: Sequence[str],
    *,
    title: str,
    own_scales: bool = False,
    most: int = MOST,
    known: Filed = NOTHING,
    name: str = "multiples",
) -> Chart:
    """Draw one panel for each answer to a question for a series, named by `labels`, the largest first.

    Raises `QueryError` for answers in unlike units.
    """
    series = [series_of(answer, label, known) for answer, label in zip(answers, labels, strict=True)]
    units = sorted({each.unit for each in series if each.unit})
    if len(units) > 1:
        message = f"panels beside each other cannot count {' and '.join(units)}; draw two charts"
        raise QueryError(message)
    unit = units[0] if units else "USD"
    periods = sorted({period for each in series for period in each.points}, key=Period.parse)
    caption = caption_of(answers)
    ranked = sorted(series, key=lambda each: (-max(each.known.values(), default=-1), each.label))
    sheet = _sheet(name, title, ranked, periods, unit, caption)
    shown = [each for each in ranked if each.known][:most]
    if not shown:
        reasons = dict.fromkeys(answer.missing for answer in answers if isinstance(answer, Refusal))
        return empty(name, title, f"{'; '.join(reasons) or 'no period has a number'}.", caption, sheet)
    silent = [each.label for each in ranked if not each.known]
    hidden = len(ranked) - len(shown) - len(silent)
    lacking = any(len(each.known) < len(periods) for each in shown)
    key = [
        f"In {WORDS.get(unit, unit)}; the highest number of each panel is written.",
        "Each panel has a scale of its own." if own_scales else "All panels have the same scale.",
        *([GAP_KEY] if lacking else []),
        *([f"{hidden} more, each smaller, are in the table."] if hidden else []),
        *([f"No data at all: {listed(silent)}."] if silent else []),
    ]
    drawn = at_both_widths(lambda width: _drawing(shown, periods, width, own_scales=own_scales))
    alt = _alt(title, shown, periods, unit, (hidden, silent))
    return Chart(name, title, alt=alt, caption=caption, sheet=sheet, key=tuple(key), **drawn)


def _sheet(name: str, title: str, ranked: Sequence[Series], periods: Sequence[str], unit: str, caption: str) -> Sheet:
    columns = (
        SheetColumn("name", "name"),
        SheetColumn("period", "period"),
        SheetColumn(f"value_{unit.lower()}", unit, "number", unit, may_be_absent=True),
    )
    rows = tuple((each.label, period, cell_of(each, period)) for each in ranked for period in periods)
    return Sheet(name, title, columns, rows, source=caption.removeprefix("Source: "))


def _alt(
    title: str, shown: Sequence[Series], periods: Sequence[str], unit: str, left: tuple[int, Sequence[str]]
) -> str:
    said = [f"{len(shown)} small bar chart{'s' if len(shown) > 1 else ''}. {title}"]
    for each in shown[:4]:
        high = max(each.known, key=lambda period: each.known[period])
        gaps = gap_words(gaps_of(periods, absent_of([each], periods)))
        told = f"{each.label}: highest {amount(each.known[high], unit)} in {high}"
        said.append(f"{told}, {gaps}" if gaps else told)
    hidden, silent = left
    more = len(shown) - 4
    said += [f"{more} more panels"] if more > 0 else []
    said += [f"{hidden} more in the table"] if hidden else []
    said += [f"no data at all for {listed(silent)}"] if silent else []
    return "; ".join(said) + "."


def _drawing(shown: Sequence[Series], periods: Sequence[str], width: int, *, own_scales: bool) -> dict[str, Any]:
    columns = min(COLUMNS[width], max(len(shown), 2))
    inner = (width - SPACE * (columns - 1)) // columns
    top = max(value for each in shown for value in each.known.values())
    names = [clipped(wrapped(each.label, inner - 12, theme.LETTERS), NAME_LINES) for each in shown]
    panels = [
        _panel(each, periods, words, inner, max(each.known.values()) if own_scales else top)
        for each, words in zip(shown, names, strict=True)
    ]
    spec = whole(inner, HEIGHT)
    del spec["width"], spec["height"]
    spacing = {"column": SPACE, "row": 2 * SPACE + LINE * max(map(len, names))}
    return {**spec, "concat": panels, "columns": columns, "spacing": spacing, "bounds": "flush"}


def _panel(series: Series, periods: Sequence[str], words: list[str], inner: int, top: Decimal) -> dict[str, Any]:
    axis = TimeAxis(periods, inner)
    known = series.known
    rows = [
        {**row_of(period), "series": series.label, "value": float(known[period]) if period in known else None}
        for period in periods
    ]
    ends = [min(0.0, *map(float, known.values())), float(top) * 1.12 or 1.0]
    y = {"field": "value", "type": "quantitative", "scale": {"domain": ends, "nice": False}, "axis": None}
    gap = min(axis.step * 0.12, 3)
    bar = {"type": "rect", "color": theme.LIGHT["blue"], "xOffset": gap, "x2Offset": -gap}
    box = {"x": axis.x("start"), "x2": {"field": "end"}, "y": y, "y2": {"datum": 0}}
    tooltip = [{"field": "period"}, {"field": "value", "type": "quantitative", "title": series.unit}]
    high = max(known, key=lambda period: known[period])
    place = axis.place(high)
    best = {**row_of(high), "value": float(known[high]), "label": short_words(known[high])}
    side = "left" if place < inner / 4 else "right" if place > inner * 3 / 4 else "center"
    told = {"x": axis.x("middle"), "y": y, "text": {"field": "label"}}
    base = {"x": {"value": 0}, "x2": {"value": inner}, "y": {"datum": 0, "type": "quantitative", "axis": None}}
    title = {"text": {"value": words}, "x": {"value": 0}, "y": {"value": -LINE * len(words) - 4}}
    named = {"type": "text", "align": "left", "baseline": "top", "fontWeight": "bold", "lineHeight": LINE}
    one: dict[str, Any] = {"values": [{}]}
    number = {"type": "text", "align": side, "dy": -7}
    rim = {"stroke": theme.LIGHT["paper"], "strokeWidth": 4}
    layers = [
        {"data": one, "mark": named, "encoding": title},
        *axis.tick_layers(HEIGHT),
        *axis.gap_layers(gaps_of(periods, absent_of([series], periods)), HEIGHT),
        {"data": {"values": rows}, "mark": bar, "encoding": {**box, "tooltip": tooltip}},
        {"data": one, "mark": {"type": "rule", "color": theme.LIGHT["soft"]}, "encoding": base},
        *({"data": {"values": [best]}, "mark": mark, "encoding": told} for mark in ({**number, **rim}, number)),
    ]
    return {"width": inner, "height": HEIGHT, "layer": with_scales_once(layers)}
