"""Pieces that several kinds of charts are put together from; every number comes from outside."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.letters import wrapped
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.said import amount

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.base.sheet import Sheet

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
SCALES: Final = ((10**9, "billion "), (10**6, "million "), (10**3, "thousand "))
SMALLEST_SHARE: Final = Decimal("0.0005")
WORDS: Final = {"USD": "US dollars", "kg": "kilograms", "t": "tonnes", "bbl": "barrels", "%": "per cent"}


def whole(width: int, height: int | dict[str, int], **rest: Any) -> dict[str, Any]:
    """Return a specification of a given size with the project's look, its background transparent."""
    if "layer" in rest:
        rest["layer"] = with_scales_once(rest["layer"])
    return {
        "$schema": SCHEMA,
        "config": theme.config(),
        "background": "transparent",
        "padding": 2,
        "width": width,
        "height": height,
        **rest,
    }


def with_scales_once(layers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave a scale of place in the first layer that names it: all share it, and Vega-Lite warns of a second one."""
    named: set[str] = set()
    kept = []
    for layer in layers:
        encoding = dict(layer["encoding"])
        for channel in ("x", "y"):
            if isinstance(encoding.get(channel, {}).get("scale"), dict):
                if channel in named:
                    encoding[channel] = {name: each for name, each in encoding[channel].items() if name != "scale"}
                named.add(channel)
        kept.append({**layer, "encoding": encoding})
    return kept


def at_both_widths(draw: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """Draw the same for a wide page and for a phone: the two fields of a `Chart`."""
    return {"spec": draw(theme.WIDE), "phone": draw(theme.PHONE)}


def scale_of(values: Sequence[Decimal]) -> tuple[int, str]:
    """Choose by what an axis divides its numbers and how that is called: (1000000, `million `)."""
    largest = max((abs(value) for value in values), default=0)
    return next(((size, word) for size, word in SCALES if largest >= size), (1, ""))


def pixels(field: str) -> dict[str, Any]:
    """Return the encoding of a place that is in pixels already."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def axis_of(values: Sequence[Decimal], unit: str) -> dict[str, Any]:
    """Return the axis of amounts in `unit`, its title with the unit written out; few lines, no frame."""
    size, word = scale_of(values)
    return {
        "title": f"{word}{WORDS.get(unit, unit)}",
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -12,
        "titleBaseline": "bottom",
        "labelExpr": f"format(datum.value / {size}, ',~g')" if size > 1 else "format(datum.value, ',~g')",
        "tickCount": 5,
        "domain": False,
        "ticks": False,
    }


def short(value: Decimal, size: int) -> str:
    """Write a number beside its mark in three digits, in the unit of the axis: `46.4`."""
    if not value:
        return "0"
    text = f"{float(value) / size:,.3g}"
    if "e" in text:
        text = f"{float(value) / size:,.0f}"
    return text


def short_words(value: Decimal) -> str:
    """Write a number beside its mark in three digits and a scale of its own: `2.24 billion`, `291 thousand`."""
    size, word = scale_of([value])
    text = short(value, size)
    if text == "1,000" and size < SCALES[0][0]:
        # What three digits round up to a thousand millions is a billion.
        size, word = next(each for each in reversed(SCALES) if each[0] > size)
        text = "1"
    return f"{text} {word}".rstrip()


def share_words(share: Decimal | None) -> str:
    """Write a share beside its amount: ` (85.7 %)`; nothing where none is known."""
    if share is None:
        return ""
    tiny = bool(share) and abs(share) < SMALLEST_SHARE
    return " (under 0.1 %)" if tiny else f" ({amount(share * 100, '%')})"


def empty(name: str, title: str, reason: str, caption: str, sheet: Sheet) -> Chart:
    """Make a chart of nothing: it says in words why nothing is drawn, so that no empty box is shown."""

    def draw(width: int) -> dict[str, Any]:
        lines = ["Nothing to draw.", *wrapped(reason, width - 20, theme.LETTERS)]
        mark = {"type": "text", "align": "left", "baseline": "top", "lineBreak": "\n", "color": theme.LIGHT["gap-ink"]}
        ground = {"type": "rect", "color": theme.LIGHT["gap"]}
        high = 24 + 17 * len(lines)
        box = {"x": {"value": 0}, "x2": {"value": width}, "y": {"value": 0}, "y2": {"value": high}}
        said = {"text": {"value": lines}, "x": {"value": 10}, "y": {"value": 12}}
        layer = [{"mark": ground, "encoding": box}, {"mark": {**mark, "lineHeight": 17}, "encoding": said}]
        return whole(width, high, data={"values": [{}]}, layer=layer)

    alt = f"{title}: nothing to draw. {reason}"
    return Chart(name, title, alt=alt, caption=caption, sheet=sheet, is_empty=True, **at_both_widths(draw))
