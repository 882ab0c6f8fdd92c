"""What a flow consists of, or who had which part of it: one bar for each part, the largest first.

Many small parts are one bar of others, which says how many they are; the table has each. Owns layout only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.question import Answer, Refusal
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas, products
from tidewaiter.tell.answer import UNLISTED, question
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.lanes import Lanes
from tidewaiter.tell.charts.letters import width as letters_width
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import WORDS, at_both_widths, empty, pixels, share_words, short_words, whole
from tidewaiter.tell.charts.words import caption_of, listed
from tidewaiter.tell.said import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidewaiter.base.question import Line

MOST: Final = 12
"""So many parts are drawn; more are drawn together."""
REST: Final = "not broken down"


@dataclass(frozen=True, slots=True)
class Part:
    """One bar: what it is called, how much it is, its share of the whole; `several` parts are drawn together."""

    code: str
    name: str
    value: Decimal
    share: Decimal | None
    several: bool = False


def composition(
    answer: Answer | Refusal,
    *,
    names: Mapping[str, str] | None = None,
    most: int = MOST,
    name: str = "composition",
    title: str = "",
) -> Chart:
    """Draw the lines of an answer to a composition or a ranking, by product or by partner.

    `names` says what codes mean, where they are not areas or products of ours, such as groups of goods.
    """
    known = names or {}
    by = "partner" if answer.query.by == "partner" else "product"
    title = title or f"{question(answer.query)}, by {by}"
    caption = caption_of([answer])
    found = answer.partial if isinstance(answer, Refusal) else answer
    table = found.table if found is not None else ()
    called = {line.label: known.get(line.label) or _called(line.label, by) for line in table}
    sheet = _sheet(name, title, table, called, by, caption)
    parts = [Part(line.label, called[line.label], line.value, line.share) for line in table if line.value is not None]
    if not parts:
        reason = answer.missing if isinstance(answer, Refusal) else "no part has a number"
        return empty(name, title, f"{reason}.", caption, sheet)
    silent = [called[line.label] for line in table if line.value is None]
    shown = _largest(parts, most, by)
    unit = table[0].unit
    key = [f"Not drawn, since months of theirs have no data: {listed(silent)}."] if silent else []
    key += ["Pale bars stand for several parts together; the table has each."] if shown[-1].several else []
    drawn = at_both_widths(lambda width: _drawing(shown, unit, width))
    alt = _alt(title, parts, shown, unit, silent, "partners" if by == "partner" else "parts")
    return Chart(name, title, alt=alt, caption=caption, sheet=sheet, key=tuple(key), **drawn)


def _called(label: str, by: str) -> str:
    if label == UNLISTED:
        return REST
    return areas.name(label) if by == "partner" else f"{products.label(label)} (HS {label})"


def _largest(parts: Sequence[Part], most: int, by: str) -> list[Part]:
    """Keep the largest parts, and put the others together; what is not broken down comes last."""
    listed_parts = sorted((part for part in parts if part.code != UNLISTED), key=lambda part: (-part.value, part.code))
    rest = [Part(part.code, part.name, part.value, part.share, several=True) for part in parts if part.code == UNLISTED]
    few = listed_parts[most:]
    if len(few) < 2:
        return [*listed_parts, *rest]
    shares = [part.share for part in few]
    share = None if None in shares else sum((each for each in shares if each is not None), Decimal(0))
    kind = "partners" if by == "partner" else "parts"
    others = Part("", f"{len(few)} other {kind}", sum((part.value for part in few), Decimal(0)), share, several=True)
    return [*listed_parts[:most], others, *rest]


def _sheet(name: str, title: str, table: Sequence[Line], called: Mapping[str, str], by: str, caption: str) -> Sheet:
    unit = table[0].unit if table else "USD"
    columns = (
        SheetColumn("name", by),
        SheetColumn("code", "code"),
        SheetColumn(f"value_{unit.lower()}", unit, "number", unit, may_be_absent=True),
        SheetColumn("share", "share, %", "share"),
    )
    rows = tuple(
        (called[line.label], line.label, Absent.NO_DATA if line.value is None else line.value, line.share)
        for line in table
    )
    return Sheet(name, title, columns, rows, source=caption.removeprefix("Source: "))


def _alt(title: str, parts: Sequence[Part], shown: Sequence[Part], unit: str, silent: Sequence[str], kind: str) -> str:
    single = [part for part in shown if not part.several]
    told = [f"{part.name} {_told(part, unit)}" for part in single[:3]]
    said = [f"Bar chart. {title}: {listed(told)}" if single else f"Bar chart. {title}"]
    said += [f"{part.name} {_told(part, unit)}" for part in shown if part.several]
    number = sum(part.code != UNLISTED for part in parts)
    said += [f"{number} {kind} in all" if number > 3 else ""]
    said += [f"no data for {listed(silent)}" if silent else ""]
    return "; ".join(each for each in said if each) + "."


def _told(part: Part, unit: str) -> str:
    return f"{amount(part.value, unit)}{share_words(part.share)}"


def _drawing(shown: Sequence[Part], unit: str, width: int) -> dict[str, Any]:
    labels = [f"{short_words(part.value)}{share_words(part.share)}" for part in shown]
    lanes = Lanes.of([part.name for part in shown], width)
    long = lanes.inner - max(letters_width(label, theme.LETTERS) for label in labels) - 8
    most = max(float(part.value) for part in shown) or 1.0
    rows = [
        {
            "code": part.code,
            "name": part.name,
            "value": float(part.value),
            "label": label,
            "top": lane.top,
            "bottom": lane.bottom,
            "middle": lane.middle,
            "several": part.several,
        }
        for part, label, lane in zip(shown, labels, lanes.lanes, strict=True)
    ]
    scale = {"domain": [0, most], "range": [0, round(long)], "nice": False}
    x = {"field": "value", "type": "quantitative", "scale": scale, "axis": None}

    def either(single: str, several: str) -> dict[str, Any]:
        return {"condition": {"test": "datum.several", "value": theme.LIGHT[several]}, "value": theme.LIGHT[single]}

    box = {"x": x, "x2": {"datum": 0}, "y": pixels("top"), "y2": {"field": "bottom"}}
    box |= {"fill": either("blue", "blue-tint"), "stroke": either("blue", "blue")}
    box["tooltip"] = [{"field": "name"}, {"field": "label", "title": unit}]
    share = ", share of the whole" if any(part.share is not None for part in shown) else ""
    heading = {"text": {"value": f"{WORDS.get(unit, unit)}{share}"}, "x": {"value": 0}, "y": {"value": -12}}
    head = {"type": "text", "align": "left", "baseline": "bottom", "color": theme.LIGHT["soft"]}
    told = {"x": x, "y": pixels("middle"), "text": {"field": "label"}}
    data = {"values": rows}
    layers = [
        {"data": {"values": [{}]}, "mark": head, "encoding": heading},
        {"data": data, "mark": {"type": "rect", "strokeWidth": 1}, "encoding": box},
        {"data": data, "mark": {"type": "text", "align": "left", "dx": 6}, "encoding": told},
        *lanes.name_layers(),
    ]
    return whole(lanes.inner, lanes.height, layer=layers)
