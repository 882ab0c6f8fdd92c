"""Rows of a chart with a name each: the name to the left, or above on a phone, however long it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.letters import clipped, wrapped
from tidewaiter.tell.charts.parts import pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME_ROOM: Final = 190
"""Pixels for names to the left of a wide chart."""
LINE: Final = 15
SPACE: Final = 7
LINES_MOST: Final = 3
"""A name has no more lines than these; the table has it whole."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a row lies: pixels from the top to the upper and lower edge of what is drawn in it, and its name."""

    top: float
    bottom: float
    words: tuple[str, ...]
    above: bool

    @property
    def middle(self) -> float:
        """Half way between the edges."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Lanes:
    """The rows of one drawing, the pixels that are left for what is drawn in them, and their height together."""

    lanes: tuple[Lane, ...]
    inner: int
    height: int

    @classmethod
    def of(cls, names: Sequence[str], width: int, thick: float = 18) -> Lanes:
        """Give each of `names` a row `thick` pixels high in a drawing `width` pixels wide."""
        above = width <= theme.PHONE
        room = width if above else NAME_ROOM
        lanes, y = [], 0.0
        for name in names:
            words = tuple(clipped(wrapped(name, room, theme.LETTERS), LINES_MOST))
            high = LINE * len(words)
            if above:
                y += high
                lanes.append(Lane(y, y + thick, words, above))
                y += thick + SPACE
            else:
                space = max(high, thick)
                lanes.append(Lane(y + (space - thick) / 2, y + (space + thick) / 2, words, above))
                y += space + SPACE
        return cls(tuple(lanes), width if above else width - NAME_ROOM - 10, round(y))

    def name_layers(self) -> list[dict[str, Any]]:
        """Write the names, with a rim of the page's colour that parts them from lines behind them."""
        rows = [
            {"words": list(lane.words), "at": lane.top - LINE * len(lane.words) if lane.above else lane.middle}
            for lane in self.lanes
        ]
        above = bool(self.lanes) and self.lanes[0].above
        mark: dict[str, Any] = {"type": "text", "lineHeight": LINE}
        mark |= {"align": "left", "baseline": "top"} if above else {"align": "right", "baseline": "middle"}
        for row, lane in zip(rows, self.lanes, strict=True):
            if not above:
                row["at"] = lane.middle - LINE * (len(lane.words) - 1) / 2
        at = {"x": {"value": 0 if above else -10}, "y": pixels("at"), "text": {"field": "words"}}
        rim = {"stroke": theme.LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
        data = {"values": rows}
        name = {"data": data, "mark": mark, "encoding": at}
        return [{"data": data, "mark": {**mark, **rim}, "encoding": at}, name] if above else [name]
