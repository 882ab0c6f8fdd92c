"""Which partners traded how much of covered goods in which year: a square for each, larger and darker for more.

Size says the same as shade, so that no colour is needed to read it; a number stands in it where there is room.
Every number is `law.exposure`'s. Owns layout only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.answers.notes import count
from tidewaiter.base.errors import QueryError
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.lanes import LINE, Lanes
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import SCALES, at_both_widths, empty, pixels, whole
from tidewaiter.tell.charts.words import listed
from tidewaiter.tell.exposure import NEUTRAL
from tidewaiter.tell.said import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidewaiter.base.sheet import Cell

MOST: Final = 15
"""So many partners are drawn, the largest first; the table has all."""
TALLEST: Final = 26
NUMBER_ROOM: Final = 32
SHARES: Final = (0.35, 0.5, 0.66, 0.83, 1.0)
"""How wide a square of each class is, as a part of its cell."""
EDGES: Final[dict[bool, dict[str, Any]]] = {
    False: {"stroke": "blue", "strokeWidth": 1},
    True: {"stroke": "vermilion", "strokeWidth": 2, "strokeDash": [4, 3]},
}
LETTERS: Final = {10**9: "bn", 10**6: "m", 10**3: "k"}
DOUBT: Final = "? and dashes: as probably as not most of it was meant for another area, of a like name."


@dataclass(frozen=True, slots=True)
class Covered:
    """Declared trade of one partner with the target in covered goods in a year, in US dollars.

    Each declaration counts once, whatever number of measures cover it. `high` None: declared without a value, or
    nothing declared at all, and then `absent` says which silence it is.
    """

    partner: str
    year: int
    low: Decimal | None
    high: Decimal | None
    absent: Absent | None = None
    doubted: bool = False
    """Whether half of it or more was as probably as not meant for another area, of a like name."""


def exposure(
    cells: Sequence[Covered], *, target: str, source: str, most: int = MOST, name: str = "exposure", title: str = ""
) -> Chart:
    """Draw covered trade with `target` by partner and year; `source` is the caption's. Years without a cell are gaps.

    Raises `QueryError` where two cells speak of the same partner and year: sources are never added up.
    """
    title = title or f"Declared trade with {areas.name(target)} in goods that a measure covers, at most"
    known = {(cell.partner, cell.year): cell for cell in cells}
    if len(known) < len(cells):
        message = "two cells speak of the same partner and year; choose one source and one frequency"
        raise QueryError(message)
    years = list(range(min(cell.year for cell in cells), max(cell.year for cell in cells) + 1)) if cells else []
    ranked = sorted({cell.partner for cell in cells}, key=lambda code: (-_size(cells, code), code))
    sheet = _sheet(name, title, ranked, years, known, source)
    if not any(cell.high for cell in cells):
        reason = "No declared trade in goods that a measure covers was found."
        return empty(name, title, reason, source, sheet)
    shown = ranked[:most]
    tops = _tops(max(cell.high for cell in cells if cell.high is not None))
    hidden = len(ranked) - len(shown)
    key = [
        f"Steps of shade and size: {'; '.join(_classes(tops))} US dollars.",
        "0: declared as nothing. –: the partner filed that year, and none of it is such goods. Empty: no data.",
        *([DOUBT] if any(known[each].doubted for each in known if each[0] in shown) else []),
        *([f"{hidden} more partners, each smaller, are in the table."] if hidden else []),
        NEUTRAL,
    ]
    drawn = at_both_widths(lambda width: _drawing(shown, years, known, tops, width))
    alt = _alt(title, ranked, years, cells, hidden)
    return Chart(name, title, alt=alt, caption=source, sheet=sheet, key=tuple(key), **drawn)


def _size(cells: Sequence[Covered], partner: str) -> Decimal:
    """Return a partner's largest year, by which partners are put in order."""
    return max((cell.high or Decimal(0) for cell in cells if cell.partner == partner), default=Decimal(0))


def _sheet(
    name: str,
    title: str,
    ranked: Sequence[str],
    years: Sequence[int],
    known: Mapping[tuple[str, int], Covered],
    source: str,
) -> Sheet:
    columns = (
        SheetColumn("partner_name", "partner"),
        SheetColumn("partner", "code"),
        SheetColumn("year", "year"),
        SheetColumn("covered_low_usd", "at least, USD", "number", "USD"),
        SheetColumn("covered_high_usd", "at most, USD", "number", "USD", may_be_absent=True),
        SheetColumn("doubted", "probably another area", "yes_no"),
    )
    rows: list[tuple[Cell, ...]] = []
    for partner in ranked:
        for year in years:
            cell = known.get((partner, year))
            high: Cell = Absent.NO_DATA if cell is None else cell.high
            if cell is not None and cell.high is None:
                high = cell.absent or Absent.NO_DATA
            rows.append(
                (
                    areas.name(partner),
                    partner,
                    str(year),
                    cell.low if cell else None,
                    high,
                    cell.doubted if cell and cell.high else None,
                )
            )
    return Sheet(name, title, columns, tuple(rows), (NEUTRAL,), source.removeprefix("Source: "))


def _alt(title: str, ranked: Sequence[str], years: Sequence[int], cells: Sequence[Covered], hidden: int) -> str:
    told = sorted((cell for cell in cells if cell.high), key=lambda cell: (-(cell.high or 0), cell.partner))
    top = told[0]
    assert top.high is not None
    said = [f"Heat map. {title}, {years[0]} to {years[-1]}, {count(len(ranked), 'partner')}"]
    doubt = ", which as probably as not was meant for another area of a like name" if top.doubted else ""
    largest = f"{areas.name(top.partner)} in {top.year} with at most {amount(top.high, 'USD')}"
    said.append(f"the largest is {largest}{doubt}")
    others = [areas.name(code) for code in ranked[1:4]]
    said += [f"next come {listed(others)}"] if others else []
    last = sum(1 for cell in told if cell.year == years[-1])
    said.append(f"in {years[-1]} {count(last, 'partner')} had any")
    said += [f"{count(hidden, 'partner')} more in the table only"] if hidden else []
    return "; ".join(said) + "."


def _tops(largest: Decimal) -> list[Decimal]:
    """Return the upper ends of the classes: five powers of ten, the last of which holds the largest."""
    last = largest.adjusted() + (0 if largest == Decimal(1).scaleb(largest.adjusted()) else 1)
    return [Decimal(1).scaleb(last - 4 + place) for place in range(len(SHARES))]


def _classes(tops: Sequence[Decimal]) -> list[str]:
    return [f"up to {compact(tops[0])}", *(f"to {compact(top)}" for top in tops[1:])]


def compact(value: Decimal) -> str:
    """Write an amount in as few signs as fit into a cell: `1.2m`, `340k`, `85`."""
    size = next((each for each, _ in SCALES if value >= each), 1)
    if size == 1:
        return f"{value:.0f}" if value >= 10 else f"{value:.2g}"
    text = f"{float(value) / size:.2g}" if value / size < 10 else f"{float(value) / size:.0f}"
    if text == "1000" and size * 1000 in LETTERS:
        return f"1{LETTERS[size * 1000]}"
    return f"{text}{LETTERS[size]}"


def _drawing(
    shown: Sequence[str],
    years: Sequence[int],
    known: Mapping[tuple[str, int], Covered],
    tops: Sequence[Decimal],
    width: int,
) -> dict[str, Any]:
    lanes = Lanes.of([areas.name(code) for code in shown], width, TALLEST)
    step = lanes.inner / len(years)
    side = min(step - 1, TALLEST)
    numbered = step >= NUMBER_ROOM
    squares: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for partner, lane in zip(shown, lanes.lanes, strict=True):
        for place, year in enumerate(years):
            cell = known.get((partner, year))
            at = {"partner": partner, "year": str(year), "at": round((place + 0.5) * step, 1), "middle": lane.middle}
            if cell is not None and cell.high:
                level = next((number for number, top in enumerate(tops) if cell.high <= top), len(tops) - 1)
                half = TALLEST / 2 if numbered else SHARES[level] * side / 2
                wide = step / 2 - 1 if numbered else half
                middle = (place + 0.5) * step
                squares.append(
                    {
                        **at,
                        "value": float(cell.high),
                        "level": level,
                        "left": round(middle - wide, 1),
                        "right": round(middle + wide, 1),
                        "top": round(lane.middle - half, 1),
                        "bottom": round(lane.middle + half, 1),
                        "words": f"{compact(cell.high)}{'?' if cell.doubted else ''}",
                        "doubted": cell.doubted,
                    }
                )
            elif cell is not None and (said := _silence(cell)):
                words.append({**at, "words": said})
    return whole(
        lanes.inner, lanes.height, layer=_layers(squares, words, lanes, _ticks(years, step), numbered=numbered)
    )


def _silence(cell: Covered) -> str:
    if cell.high is not None:
        return "0"
    return "–" if cell.absent is Absent.NOT_REPORTED else ""


def _ticks(years: Sequence[int], step: float) -> list[dict[str, Any]]:
    apart = 1 if step >= NUMBER_ROOM else -(-NUMBER_ROOM // int(step))
    return [{"at": round((place + 0.5) * step, 1), "words": str(year)} for place, year in enumerate(years)][::apart]


def _layers(
    squares: Sequence[dict[str, Any]],
    words: Sequence[dict[str, Any]],
    lanes: Lanes,
    ticks: Sequence[dict[str, Any]],
    *,
    numbered: bool,
) -> list[dict[str, Any]]:
    text = {"type": "text", "baseline": "middle"}
    soft = {**text, "color": theme.LIGHT["soft"]}
    told = {"x": pixels("at"), "y": pixels("middle"), "text": {"field": "words"}}
    tooltip = [{"field": each} for each in ("partner", "year", "value")]
    heads = {
        "x": pixels("at"),
        "y": {"value": -4 if not lanes.lanes[0].above else -LINE / 2},
        "text": {"field": "words"},
    }
    layers = [
        {"data": {"values": list(ticks)}, "mark": {**soft, "baseline": "bottom"}, "encoding": heads},
        *lanes.name_layers(),
    ]
    box = {"x": pixels("left"), "x2": {"field": "right"}, "y": pixels("top"), "y2": {"field": "bottom"}}
    for level, name in enumerate(theme.HEAT):
        for doubted, edge in EDGES.items():
            some = [square for square in squares if square["level"] == level and square["doubted"] is doubted]
            if not some:
                continue
            data = {"values": some}
            mark = {"type": "rect", "fill": theme.LIGHT[name], **edge, "stroke": theme.LIGHT[edge["stroke"]]}
            layers.append({"data": data, "mark": mark, "encoding": {**box, "tooltip": tooltip}})
            if numbered:
                number = {**text, "color": theme.LIGHT[f"{name}-ink"], "fontSize": theme.SMALL}
                layers.append({"data": data, "mark": number, "encoding": told})
    if words:
        layers.append({"data": {"values": list(words)}, "mark": {**soft, "fontSize": theme.SMALL}, "encoding": told})
    return layers
