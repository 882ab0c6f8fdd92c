"""Draw flows over time: the layers of bars or lines. Owns geometry; the numbers are the answers'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.letters import width as letters_width
from tidewaiter.tell.charts.letters import wrapped
from tidewaiter.tell.charts.parts import axis_of, scale_of, short, whole
from tidewaiter.tell.charts.time_axis import NUMBER_ROOM, TimeAxis, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tidewaiter.tell.charts.model import Mark
    from tidewaiter.tell.charts.time_axis import Gap

HEIGHT: Final = 230
BAR_LABELLED: Final = 30
"""Bars of so many pixels bear a number each; of narrower ones only the highest and the last do."""
WIDEST_BAR: Final = 90
ZERO_ROOM: Final = 8
HEADROOM: Final = 1.1
LINE_ROOM: Final = 15
"""Pixels from the label of one line to the next."""
LABEL_MOST: Final = 150


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its label, its unit, and by period a number, or None where there is none."""

    label: str
    unit: str
    points: Mapping[str, Decimal | None]
    silent: frozenset[str] = frozenset()
    """The periods without a number of which the declarer filed something else: not reported, rather than no data."""

    @property
    def known(self) -> dict[str, Decimal]:
        """The periods that have a number."""
        return {period: value for period, value in self.points.items() if value is not None}


def drawing(
    series: Sequence[Series],
    periods: Sequence[str],
    unit: str,
    gaps: Sequence[Gap],
    marks: Sequence[Mark],
    width: int,
) -> dict[str, Any]:
    """Write the specification for a drawing `width` pixels wide."""
    beside = len(series) > 1 and width > theme.PHONE
    room = min(LABEL_MOST, max(int(letters_width(each.label, theme.LETTERS)) for each in series)) + 24 if beside else 0
    axis = TimeAxis(periods, width - room)
    values = [value for each in series for value in each.known.values()]
    low, high = min(0.0, *map(float, values)), max(0.0, *map(float, values))
    ends = (low * HEADROOM, high * HEADROOM or (0.0 if low else 1.0))
    amounts = axis_of(values, unit)
    if not any(values):
        amounts["values"] = [0]
    above = NUMBER_ROOM * axis.mark_rows(marks)
    named = _names(series, axis, ends, above, beside=beside) if len(series) > 1 else []
    amounts["titleY"] -= above + (0 if beside else LINE_ROOM * sum(len(label["words"]) for label in named))
    y = {"field": "value", "type": "quantitative", "scale": {"domain": list(ends), "nice": False}, "axis": amounts}
    one = len(series) == 1
    drawn = [_bars(series[0], periods, axis, y)] if one else _lines(series, periods, axis, y, named)
    layers = [
        *axis.tick_layers(HEIGHT),
        *axis.gap_layers(gaps, HEIGHT),
        *drawn,
        _base(axis.inner),
        *axis.mark_layers(marks, HEIGHT),
        *(_numbers(series[0], periods, axis, y) if one else []),
    ]
    return whole(width, HEIGHT, layer=layers)


def _base(inner: int) -> dict[str, Any]:
    """Draw the line of zero."""
    line = {"type": "rule", "color": theme.LIGHT["soft"]}
    ends = {"x": {"value": 0}, "x2": {"value": inner}, "y": {"datum": 0, "type": "quantitative"}}
    return {"data": {"values": [{}]}, "mark": line, "encoding": ends}


def _rows(series: Series, periods: Sequence[str]) -> list[dict[str, Any]]:
    known = series.known
    return [
        {**row_of(period), "series": series.label, "value": float(known[period]) if period in known else None}
        for period in periods
    ]


def _tooltip(unit: str) -> list[dict[str, Any]]:
    return [
        {"field": "period"},
        {"field": "series"},
        {"field": "value", "type": "quantitative", "title": unit, "format": ",~f"},
    ]


def _bars(series: Series, periods: Sequence[str], axis: TimeAxis, y: dict[str, Any]) -> dict[str, Any]:
    """Draw one bar for each period."""
    gap = 0.5 if axis.step < ZERO_ROOM else max(axis.step * 0.1, (axis.step - WIDEST_BAR) / 2)
    bar = {"type": "rect", "color": theme.LIGHT["blue"], "xOffset": gap, "x2Offset": -gap}
    box = {"x": axis.x("start"), "x2": {"field": "end"}, "y": y, "y2": {"datum": 0}, "tooltip": _tooltip(series.unit)}
    return {"data": {"values": _rows(series, periods)}, "mark": bar, "encoding": box}


def _numbers(series: Series, periods: Sequence[str], axis: TimeAxis, y: dict[str, Any]) -> list[dict[str, Any]]:
    """Write at wide bars their number, at narrow ones the highest and the last; and 0 where nothing was declared."""
    known = series.known
    size, _ = scale_of(list(known.values()))
    top = max(known, key=lambda period: known[period])
    last = list(known)[-1]
    near = axis.step * abs(periods.index(last) - periods.index(top)) < 2 * BAR_LABELLED
    named = set(known) if axis.step >= BAR_LABELLED else {top} if near else {top, last}
    zeros = {period for period, value in known.items() if not value and axis.step >= ZERO_ROOM}
    over, under = ({"type": "text", "baseline": each, "dy": dy} for each, dy in (("bottom", -4), ("top", 4)))
    rim = {"stroke": theme.LIGHT["paper"], "strokeWidth": 4}
    layers: list[dict[str, Any]] = []
    for mark, below in ((over, False), (under, True)):
        some = [
            {**row, "label": short(known[row["period"]], size)}
            for row in _rows(series, periods)
            if row["period"] in named | zeros and (row["value"] < 0) is below
        ]
        told = {"x": axis.x("middle"), "y": y, "text": {"field": "label"}}
        each_way = ({**mark, **rim}, mark) if some else ()
        layers += [{"data": {"values": some}, "mark": each, "encoding": told} for each in each_way]
    return layers


def _lines(
    series: Sequence[Series],
    periods: Sequence[str],
    axis: TimeAxis,
    y: dict[str, Any],
    named: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Draw a line for each series, broken where a number lacks, and its name with its sign."""
    rows = [row for each in series for row in _rows(each, periods)]
    names = [each.label for each in series]

    def by(values: Sequence[Any]) -> dict[str, Any]:
        scale = {"domain": names, "range": list(values[: len(names)])}
        return {"field": "series", "type": "nominal", "scale": scale, "legend": None}

    colour = {"color": by([theme.LIGHT[name] for name in theme.SERIES])}
    shape = {"shape": by(theme.SHAPES)}
    place = {"x": axis.x("middle"), "y": y, **colour}
    line = {"type": "line", "strokeWidth": 2, "invalid": "break-paths-show-path-domains"}
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 34 if axis.step > ZERO_ROOM else 16}
    unit = next(each.unit for each in series if each.unit)
    text = {"type": "text", "align": "left", "baseline": "middle", "lineHeight": LINE_ROOM}
    sign = {"type": "point", "filled": True, "opacity": 1, "size": 46}

    def at(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": None, "axis": None}

    labels = {"values": list(named)}
    return [
        {"data": {"values": rows}, "mark": line, "encoding": {**place, "strokeDash": by(theme.DASHES)}},
        {"data": {"values": rows}, "mark": dot, "encoding": {**place, **shape, "tooltip": _tooltip(unit)}},
        {"data": labels, "mark": sign, "encoding": {**colour, **shape, "x": at("left"), "y": at("top")}},
        {
            "data": labels,
            "mark": {**text, "dx": 10},
            "encoding": {**colour, "x": at("left"), "y": at("top"), "text": {"field": "words"}},
        },
    ]


def _names(
    series: Sequence[Series], axis: TimeAxis, domain: Sequence[float], above: float, *, beside: bool
) -> list[dict[str, Any]]:
    """Place the name of each line beside its end, moved apart where two would lie on each other; else above."""
    room = LABEL_MOST if beside else axis.inner - 20
    labels: list[dict[str, Any]] = [
        {
            "series": each.label,
            "words": wrapped(each.label, room, theme.LETTERS),
            "left": axis.inner + 9 if beside else 5,
        }
        for each in series
    ]
    if beside:
        _set_apart(labels, [list(each.known.values())[-1] if each.known else None for each in series], domain)
        return labels
    top = -above - 4.0
    for label in reversed(labels):
        top -= LINE_ROOM * len(label["words"])
        label["top"] = top + LINE_ROOM / 2
    return labels


def _set_apart(labels: list[dict[str, Any]], lasts: Sequence[Decimal | None], domain: Sequence[float]) -> None:
    """Put each label at the height of its last number, pushed down as far as the ones above it need."""
    low, high = domain
    floor = 0.0
    heights = [HEIGHT * (high - float(last)) / (high - low) if last is not None else HEIGHT for last in lasts]
    for height, label in sorted(zip(heights, labels, strict=True), key=lambda pair: pair[0]):
        label["top"] = max(height, floor)
        floor = label["top"] + LINE_ROOM * len(label["words"])
    over = max(0.0, floor - LINE_ROOM - HEIGHT)
    for label in labels:
        label["top"] = round(label["top"] - over, 1)
