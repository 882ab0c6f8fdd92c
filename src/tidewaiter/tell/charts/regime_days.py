"""A regime over time: one bar for each measure while it is in force, acts as numbered lines, deadlines as diamonds.

Every day is the law's. The kind of a measure is told by how its bar is drawn and by a word, not by colour alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.lanes import Lanes
from tidewaiter.tell.charts.model import Chart, Mark
from tidewaiter.tell.charts.parts import at_both_widths, empty, pixels, whole
from tidewaiter.tell.charts.time_axis import LETTERS_ABOVE, TimeAxis
from tidewaiter.tell.charts.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.law.regime import Kind, Measure, Regime

THICK: Final = 12
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "export_ban": ("export ban", "export bans"),
    "import_ban": ("ban on supplies", "bans on supplies"),
    "quota": ("cap", "caps"),
    "licence": ("licence", "licences"),
    "notification": ("notification", "notifications"),
    "price_cap": ("price cap", "price caps"),
    "watch": ("watch list", "watch lists"),
    "duty": ("duty", "duties"),
}
"""What a kind of measure is called, of one and of several."""
TALL: Final = 420
STYLES: Final[dict[str, dict[str, Any]]] = {
    "export_ban": {"fill": "blue", "stroke": "blue", "dash": [1, 0]},
    "import_ban": {"fill": "vermilion-tint", "stroke": "vermilion", "dash": [1, 0]},
    "quota": {"fill": "green-tint", "stroke": "green", "dash": [4, 3]},
}
OTHER: Final[dict[str, Any]] = {"fill": "gap", "stroke": "soft", "dash": [1, 2]}


def regime_days(
    regime: Regime,
    *,
    measures: Sequence[Measure] | None = None,
    first: date | None = None,
    last: date | None = None,
    name: str = "timeline",
    title: str = "",
) -> Chart:
    """Draw the measures of a regime (all by default) from `first` to `last`, oldest first.

    Without `last` the drawing ends with the year of the last day that any measure names; no clock is read.
    """
    chosen = sorted(regime.measures if measures is None else measures, key=lambda each: (each.start, each.id))
    title = title or f"{regime.title}: measures in force"
    days = [day for each in chosen for day in _days(each)]
    begin = first or min(days, default=date(1, 1, 1))
    end = last or date(max((day.year for day in days), default=1), 12, 31)
    shown = [each for each in chosen if each.start <= end and (each.end is None or each.end >= begin)]
    caption = f"Source: {regime.authority}, acts from {regime.acts[0].symbol} on" if regime.acts else "Source:"
    unseen = sum(not each.verified for each in shown)
    caption += f"; {unseen} of {len(shown)} measures are not verified against the act." if unseen else "."
    sheet = _sheet(name, title, shown, caption)
    if not shown:
        return empty(name, title, f"No measure of {regime.id} was in force from {begin} to {end}.", caption, sheet)
    acts = [Mark(act.adopted, act.name) for act in regime.acts]
    axis = TimeAxis([f"{begin:%Y-%m}", f"{end:%Y-%m}"], 1)
    inside = axis.inside(acts)
    key = [f"{number}  {mark.day.isoformat()}: {mark.words}" for number, mark in enumerate(inside, 1)]
    key += (
        ["Thin at its beginning: older contracts may still be carried out."] if any(m.wind_down for m in shown) else []
    )
    key += ["Diamond: a deadline."] if any(m.duties for m in shown) else []
    key += ["Arrow: in force until changed."] if any(m.end is None for m in shown) else []
    drawn = at_both_widths(lambda width: _drawing(shown, (begin, end), inside, width))
    alt = _alt(title, regime, shown, inside, (begin, end))
    return Chart(name, title, alt=alt, caption=caption, sheet=sheet, key=tuple(key), **drawn)


def _days(measure: Measure) -> list[date]:
    days = [measure.start, *(duty.due for duty in measure.duties)]
    days += [measure.wind_down.end] if measure.wind_down else []
    return [*days, measure.end] if measure.end else days


def _sheet(name: str, title: str, shown: Sequence[Measure], caption: str) -> Sheet:
    columns = (
        SheetColumn("measure", "measure"),
        SheetColumn("words", "what"),
        SheetColumn("kind", "kind"),
        SheetColumn("start", "first day", "day"),
        SheetColumn("wind_down_end", "older contracts until", "day"),
        SheetColumn("end", "last day", "day"),
        SheetColumn("deadlines", "deadlines"),
        SheetColumn("place", "where the law says so"),
        SheetColumn("verified", "verified", "yes_no"),
    )
    rows = tuple(
        (
            each.id,
            each.words,
            KINDS[each.kind][0],
            each.start,
            each.wind_down.end if each.wind_down else None,
            each.end,
            "; ".join(duty.due.isoformat() for duty in each.duties) or None,
            str(each.cite),
            each.verified,
        )
        for each in shown
    )
    notes = ("A measure without a last day is in force until changed.",)
    return Sheet(name, title, columns, rows, notes, caption.removeprefix("Source: "))


def _alt(title: str, regime: Regime, shown: Sequence[Measure], acts: Sequence[Mark], ends: tuple[date, date]) -> str:
    counted = Counter(each.kind for each in shown)
    kinds = [f"{number} {KINDS[kind][number > 1]}" for kind, number in counted.items()]
    about = listed([areas.name(code) for code in regime.targets])
    lasting = sum(each.end is None or each.end > ends[1] for each in shown)
    said = [f"Timeline. {title}, about {about}, {ends[0].isoformat()} to {ends[1].isoformat()}"]
    said.append(f"{len(shown)} measures ({listed(kinds)})")
    said.append(f"the first from {shown[0].start.isoformat()}, the last from {shown[-1].start.isoformat()}")
    said.append(f"{lasting} still in force at the end")
    said += [f"acts: {listed([f'{mark.words} of {mark.day.isoformat()}' for mark in acts], 12)}"] if acts else []
    return "; ".join(said) + "."


def _drawing(shown: Sequence[Measure], ends: tuple[date, date], acts: Sequence[Mark], width: int) -> dict[str, Any]:
    names = [f"{KINDS[each.kind][0]}: {each.words.split(' - ')[0]}" for each in shown]
    lanes = Lanes.of(names, width, THICK)
    axis = TimeAxis([f"{ends[0]:%Y-%m}", f"{ends[1]:%Y-%m}"], lanes.inner - 10)
    bars: list[dict[str, Any]] = []
    diamonds: list[dict[str, Any]] = []
    for each, lane in zip(shown, lanes.lanes, strict=True):
        style = STYLES.get(each.kind, OTHER)
        row = {
            "measure": each.id,
            "fill": theme.LIGHT[style["fill"]],
            "stroke": theme.LIGHT[style["stroke"]],
            "dash": style["dash"],
            "middle": lane.middle,
            "open": each.end is None or each.end > ends[1],
        }
        for start, end, thin in _pieces(each, ends):
            space = 3.5 if thin else 0
            sides = {"top": lane.top + space, "bottom": lane.bottom - space}
            bars.append({**row, **sides, "start": start.isoformat(), "end": end.isoformat()})
        due = [duty for duty in each.duties if ends[0] <= duty.due <= ends[1]]
        diamonds += [{"day": duty.due.isoformat(), "words": duty.words, "middle": lane.middle} for duty in due]
    return whole(lanes.inner, lanes.height, layer=_layers(bars, diamonds, lanes, axis, acts))


def _pieces(measure: Measure, ends: tuple[date, date]) -> list[tuple[date, date, bool]]:
    """Cut the days in force into the wind-down, drawn thin, and the rest; `end` is the day after the last."""
    after = min(measure.end or ends[1], ends[1]) + timedelta(days=1)
    begin = max(measure.start, ends[0])
    if measure.wind_down is None or measure.wind_down.end < begin:
        return [(begin, after, False)]
    turn = min(measure.wind_down.end + timedelta(days=1), after)
    return [piece for piece in ((begin, turn, True), (turn, after, False)) if piece[0] < piece[1]]


def _layers(
    bars: list[dict[str, Any]],
    diamonds: list[dict[str, Any]],
    lanes: Lanes,
    axis: TimeAxis,
    acts: Sequence[Mark],
) -> list[dict[str, Any]]:
    def own(field: str) -> dict[str, Any]:
        return {"field": field, "type": "nominal", "scale": None, "legend": None}

    kinds = list(dict.fromkeys((bar["fill"], bar["stroke"], tuple(bar["dash"])) for bar in bars))
    tall = lanes.height > TALL
    lines = axis.mark_layers(acts, lanes.height, room=LETTERS_ABOVE if tall else 0)
    top = axis.top_layers() if tall else []
    layers = [*axis.tick_layers(lanes.height), *lines, *top, *lanes.name_layers()]
    for fill, stroke, dash in kinds:
        some = [bar for bar in bars if bar["stroke"] == stroke]
        mark = {"type": "rect", "fill": fill, "stroke": stroke, "strokeDash": list(dash), "strokeWidth": 1.2}
        ends = {"x": axis.x("start"), "x2": {"field": "end"}, "y": pixels("top"), "y2": {"field": "bottom"}}
        layers.append({"data": {"values": some}, "mark": mark, "encoding": {**ends, "tooltip": {"field": "measure"}}})
    lasting = [bar for bar in bars if bar["open"]]
    arrow = {"type": "point", "shape": "triangle-right", "filled": True, "opacity": 1, "size": 60, "xOffset": 5}
    if lasting:
        at = {"x": {"value": axis.inner}, "y": pixels("middle"), "color": own("stroke")}
        layers.append({"data": {"values": lasting}, "mark": arrow, "encoding": at})
    if diamonds:
        mark = {"type": "point", "shape": "diamond", "size": 90, "filled": True, "opacity": 1}
        mark |= {"fill": theme.LIGHT["paper"], "stroke": theme.LIGHT["ink"], "strokeWidth": 1.5}
        at = {"x": axis.x("day"), "y": pixels("middle"), "tooltip": {"field": "words"}}
        layers.append({"data": {"values": diamonds}, "mark": mark, "encoding": at})
    return layers
