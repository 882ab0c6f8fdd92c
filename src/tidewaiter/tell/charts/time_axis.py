"""The time axis of a chart: where a period lies, its labels, gaps as bands, days of the law as numbered lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.period import Period
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.letters import width as letters_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidewaiter.tell.charts.model import Mark

LABEL_ROOM: Final = {"year": 36, "month": 26}
"""Pixels a label needs."""
STANDING: Final = 12
"""Pixels that letters need where they stand upright; a narrower band stays without words."""
MONTHS_NAMED: Final = 18
"""Up to so many months bear their names; of more, only the years are named."""
NUMBER_ROOM: Final = 17
LETTERS_ABOVE: Final = 18
GAP_KEY: Final = "Grey band with dashed edges: no number, which is not zero."


@dataclass(frozen=True, slots=True)
class Gap:
    """Neighbouring periods without a number, from `first` to `last`, and why: `not reported` or `no data`."""

    first: str
    last: str
    words: str


class TimeAxis:
    """The months from the first to the last of `periods` on `inner` pixels."""

    def __init__(self, periods: Sequence[str], inner: int) -> None:
        self.periods = [Period.parse(text) for text in periods]
        self.span = Period(min(each.first for each in self.periods), max(each.last for each in self.periods))
        self.inner = inner
        self.by_year = all(each.is_full_years for each in self.periods)

    def x(self, field: str) -> dict[str, Any]:
        """Return the encoding of a day in `field`; every layer of a chart has the same scale."""
        domain = [self.span.first_day.isoformat(), _after(self.span).isoformat()]
        scale = {"type": "utc", "domain": domain, "range": [0, self.inner], "nice": False}
        return {"field": field, "type": "temporal", "scale": scale, "axis": None}

    def place(self, period: str) -> float:
        """Return where the middle of a period stands, in pixels from the left."""
        return self.pixel(middle(Period.parse(period)))

    def pixel(self, day: date) -> float:
        """Return where a day stands, in pixels from the left."""
        start, end = self.span.first_day.toordinal(), _after(self.span).toordinal()
        return self.inner * (day.toordinal() - start) / (end - start)

    @property
    def step(self) -> float:
        """The pixels of the shortest period."""
        return self.inner * min(each.length for each in self.periods) / self.span.length

    def ticks(self) -> list[dict[str, Any]]:
        """Return the labels below the drawing: years, or months with the year under the first and each January."""
        named = self.by_year or self.span.length > MONTHS_NAMED
        every = list(self._years() if named else self._months())
        apart = max(1, ceil(len(every) * LABEL_ROOM["year" if named else "month"] / self.inner))
        return every[::apart]

    def _years(self) -> Iterator[dict[str, Any]]:
        for year in self.span.years:
            seen = Period(max(self.span.first, year * 12), min(self.span.last, year * 12 + 11))
            if seen.length == 12 or self.inner * seen.length / self.span.length >= LABEL_ROOM["year"]:
                yield {"day": middle(seen).isoformat(), "words": [str(year)]}

    def _months(self) -> Iterator[dict[str, Any]]:
        for number, text in enumerate(self.span.months()):
            month = Period.parse(text)
            year = [] if number and month.first % 12 else [str(month.first // 12)]
            yield {"day": middle(month).isoformat(), "words": [f"{month.first_day:%b}", *year]}

    def tick_layers(self, height: int) -> list[dict[str, Any]]:
        """Draw the labels, and a faint line where each year begins."""
        starts = [{"day": date(year, 1, 1).isoformat()} for year in self.span.years if year * 12 > self.span.first]
        label = {"type": "text", "baseline": "top", "color": theme.LIGHT["soft"], "lineHeight": 14}
        line = {"type": "rule", "color": theme.LIGHT["grid"]}
        layers = [
            {
                "data": {"values": self.ticks()},
                "mark": label,
                "encoding": {"x": self.x("day"), "y": {"value": height + 7}, "text": {"field": "words"}},
            }
        ]
        if starts and not self.by_year:
            across = {"x": self.x("day"), "y": {"value": 0}, "y2": {"value": height + 5}}
            layers.insert(0, {"data": {"values": starts}, "mark": line, "encoding": across})
        return layers

    def top_layers(self) -> list[dict[str, Any]]:
        """Draw the labels above a tall chart too, with a rim of the page's colour that parts them from lines."""
        label: dict[str, Any] = {"type": "text", "baseline": "bottom", "color": theme.LIGHT["soft"], "lineHeight": 14}
        rim = {"stroke": theme.LIGHT["paper"], "strokeWidth": 4}
        top = {"x": self.x("day"), "y": {"value": -6}, "text": {"field": "words"}}
        data = {"values": self.ticks()}
        return [{"data": data, "mark": mark, "encoding": top} for mark in ({**label, **rim}, label)]

    def gap_layers(self, gaps: Sequence[Gap], height: int) -> list[dict[str, Any]]:
        """Draw each run of periods without a number as a band that says so."""
        if not gaps:
            return []
        rows: list[dict[str, Any]] = []
        for gap in gaps:
            span = Period(Period.parse(gap.first).first, Period.parse(gap.last).last)
            wide = self.pixel(_after(span)) - self.pixel(span.first_day)
            row: dict[str, Any] = {"start": span.first_day.isoformat(), "end": _after(span).isoformat()}
            if wide >= STANDING:
                lies = wide >= letters_width(gap.words, theme.SMALL)
                row |= {"middle": middle(span).isoformat(), "words": gap.words, "angle": 0 if lies else 270}
            rows.append(row)
        band = {"type": "rect", "color": theme.LIGHT["gap"], "stroke": theme.LIGHT["gap-ink"], "strokeDash": [2, 3]}
        ends = {"x": self.x("start"), "x2": {"field": "end"}, "y": {"value": 0}, "y2": {"value": height}}
        told = {
            "x": self.x("middle"),
            "y": {"value": height / 2},
            "text": {"field": "words"},
            "angle": {"field": "angle", "type": "quantitative", "scale": None},
        }
        said = {"type": "text", "baseline": "middle", "color": theme.LIGHT["gap-ink"], "fontSize": theme.SMALL}
        labelled = [row for row in rows if "words" in row]
        layers = [{"data": {"values": rows}, "mark": band, "encoding": ends}]
        return [*layers, {"data": {"values": labelled}, "mark": said, "encoding": told}] if labelled else layers

    def mark_rows(self, marks: Sequence[Mark]) -> int:
        """Return how many rows of numbers stand above the drawing, so that no two lie on each other."""
        return 1 + max((row for _, row in self._placed(marks)), default=-1)

    def mark_layers(self, marks: Sequence[Mark], height: int, *, room: int = 0) -> list[dict[str, Any]]:
        """Draw each day of the law as a dashed upright line with a number; the key under the chart says what it is.

        The numbers stand `room` pixels higher where something else stands above the drawing.
        """
        if not marks:
            return []
        placed = list(self._placed(marks))
        rows = [
            {
                "day": mark.day.isoformat(),
                "number": str(number),
                "top": -8 - room - row * NUMBER_ROOM,
                "words": mark.words,
            }
            for number, (mark, row) in enumerate(placed, 1)
        ]
        top = {"field": "top", "type": "quantitative", "scale": None, "axis": None}
        rule = {"type": "rule", "color": theme.LIGHT["ink"], "strokeDash": [4, 3]}
        ring = {"type": "point", "shape": "circle", "size": 230, "fill": theme.LIGHT["paper"], "opacity": 1}
        ring |= {"stroke": theme.LIGHT["ink"], "strokeWidth": 1}
        said = {"type": "text", "fontSize": theme.SMALL, "baseline": "middle"}
        data = {"values": rows}
        tooltip = [{"field": "day"}, {"field": "words"}]
        return [
            {"data": data, "mark": rule, "encoding": {"x": self.x("day"), "y": top, "y2": {"value": height}}},
            {"data": data, "mark": ring, "encoding": {"x": self.x("day"), "y": top, "tooltip": tooltip}},
            {"data": data, "mark": said, "encoding": {"x": self.x("day"), "y": top, "text": {"field": "number"}}},
        ]

    def _placed(self, marks: Sequence[Mark]) -> Iterator[tuple[Mark, int]]:
        """Give each mark the lowest row in which its number stands clear of those before."""
        taken: list[float] = []
        for mark in marks:
            at = self.pixel(mark.day)
            row = next((row for row, last in enumerate(taken) if at - last >= NUMBER_ROOM), len(taken))
            taken[row : row + 1] = [at]
            yield mark, row

    def inside(self, marks: Sequence[Mark]) -> list[Mark]:
        """Return the marks whose month lies in the span, oldest first."""
        return [
            mark
            for mark in sorted(marks, key=lambda mark: (mark.day, mark.words))
            if self.span.start <= f"{mark.day:%Y-%m}" <= self.span.end
        ]


def row_of(period: str) -> dict[str, str]:
    """Return the days of a period that a drawing needs: its first, the one after its last, and its middle."""
    span = Period.parse(period)
    return {
        "period": period,
        "start": span.first_day.isoformat(),
        "end": _after(span).isoformat(),
        "middle": middle(span).isoformat(),
    }


def middle(span: Period) -> date:
    """Return the day in the middle of a span."""
    return date.fromordinal((span.first_day.toordinal() + _after(span).toordinal()) // 2)


def _after(span: Period) -> date:
    """Return the first day after a span."""
    return span.shifted(span.length).first_day
