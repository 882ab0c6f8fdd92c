"""Both sides' words for the same goods over time, and the interval of what they were settled on.

The exporter is a circle, the importer a square, the settled number a bar across its interval; where one side
is silent its sign is missing. Every number is `statistics`'. Owns layout only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import at_both_widths, axis_of, empty, pixels, whole
from tidewaiter.tell.charts.time_axis import GAP_KEY, TimeAxis, row_of
from tidewaiter.tell.charts.words import caption, gap_words, gaps_of, listed
from tidewaiter.tell.mirror import direction, silence
from tidewaiter.tell.said import amount, span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from typing import Literal

    from tidewaiter.base.mirrored import MirrorCell, MirrorTable, Role, Settled
    from tidewaiter.tell.charts.time_axis import Gap

ROLES: Final[tuple[Role, Role]] = ("exporter", "importer")
MISSING_KEY: Final = (
    "A missing sign: that side declared nothing, which is not zero; the table says which silence it is."
)
HEIGHT: Final = 230
HEADROOM: Final = 1.08
LINE: Final = 17
WIDEST: Final = 70
SMALL_STEP: Final = 14


def mirror_gap(
    table: MirrorTable, *, measure: Literal["value", "weight"] = "value", name: str = "mirror", title: str = ""
) -> Chart:
    """Draw what the exporter and the importer declare of one direction and product, period by period.

    Both are drawn FOB, and the importer as of the month the goods left, as they are compared. Raises `QueryError`
    for a table of more than one direction or product.
    """
    ways = list(dict.fromkeys(direction(cell) for cell in table.cells))
    if len(ways) > 1:
        message = f"one chart sets the sides of one direction and product beside each other, not of {listed(ways)}"
        raise QueryError(message)
    title = title or (f"Both sides: {ways[0]}, {span(table.wanted.period)}" if ways else "Both sides")
    source = caption(table.receipts)
    cells = sorted(table.cells, key=lambda cell: Period.parse(cell.period))
    settled = {cell.period: cell.of(measure) for cell in cells}
    unit = "USD" if measure == "value" else "kg"
    sheet = _sheet(name, title, cells, settled, unit, source)
    if not any(each.value or each.exporter is not None or each.importer is not None for each in settled.values()):
        reason = " ".join(table.notes) or "Neither side declared it."
        return empty(name, title, reason, source, sheet)
    absent = {
        cell.period: Absent.NOT_REPORTED
        if Absent.NOT_REPORTED in {silence(cell, role) for role in ROLES}
        else Absent.NO_DATA
        for cell in cells
        if settled[cell.period].value is None and _sides(settled[cell.period]) == (None, None)
    }
    gaps = gaps_of(list(settled), absent)
    names = areas.name(cells[0].exporter), areas.name(cells[0].importer)
    silent = any(None in _sides(each) for each in settled.values())
    key = [MISSING_KEY] if silent else []
    key += [GAP_KEY] if gaps else []
    drawn = at_both_widths(lambda width: _drawing(settled, gaps, names, unit, width))
    alt = _alt(title, cells, settled, names, unit)
    return Chart(name, title, alt=alt, caption=source, sheet=sheet, key=tuple(key), **drawn)


def _sheet(
    name: str, title: str, cells: Sequence[MirrorCell], settled: dict[str, Settled], unit: str, source: str
) -> Sheet:
    """Lay out what is drawn: both words as they are compared, and the settled number with its interval."""
    who = [areas.name(code) for code in (cells[0].exporter, cells[0].importer)] if cells else ["exporter", "importer"]
    ending = unit.lower()
    heads = [
        (f"exporter_{ending}", f"{who[0]} says, FOB, {unit}"),
        (f"importer_{ending}", f"{who[1]} says, FOB and on time, {unit}"),
        (f"settled_{ending}", f"settled, {unit}"),
        (f"low_{ending}", f"at least, {unit}"),
        (f"high_{ending}", f"at most, {unit}"),
    ]
    columns = [SheetColumn(column, head, "number", unit, may_be_absent=True) for column, head in heads]
    rows = []
    for cell in cells:
        sides = zip(_sides(settled[cell.period]), ROLES, strict=True)
        said = [silence(cell, role) if value is None else value for value, role in sides]
        value = settled[cell.period].value
        ends = (None, None) if value is None else (value.low, value.high)
        rows.append((cell.period, *said, Absent.NO_DATA if value is None else value.value, *ends))
    period = SheetColumn("period", "period")
    return Sheet(name, title, (period, *columns), tuple(rows), source=source.removeprefix("Source: "))


def _alt(
    title: str, cells: Sequence[MirrorCell], settled: dict[str, Settled], names: tuple[str, str], unit: str
) -> str:
    said = [f"Dot and interval chart. {title}"]
    gaps = [(cell.period, settled[cell.period].gap) for cell in cells]
    known = [(period, gap) for period, gap in gaps if gap is not None]
    if known:
        period, widest = max(known, key=lambda pair: abs(pair[1]))
        above = "above" if widest >= 0 else "below"
        told = amount(abs(widest) * 100, "%")
        said.append(f"the widest gap is in {period}, where {names[1]} is {told} {above} {names[0]}")
    last = next((cell for cell in reversed(cells) if settled[cell.period].value is not None), None)
    if last is not None:
        value = settled[last.period].value
        assert value is not None
        said.append(
            f"settled in {last.period} on {amount(value.value, unit)},"
            f" with 90 % probability {amount(value.low, unit)} to {amount(value.high, unit)}"
        )
    for place, (role, who) in enumerate(zip(ROLES, names, strict=True)):
        silent = {cell.period: silence(cell, role) for cell in cells if _sides(settled[cell.period])[place] is None}
        if silent:
            said.append(f"{who}: {gap_words(gaps_of([cell.period for cell in cells], silent))}")
    return "; ".join(said) + "."


def _sides(settled: Settled) -> tuple[Decimal | None, Decimal | None]:
    """Return both words as they are compared: FOB, the importer's of the goods that left in the period."""
    exporter = settled.exporter if settled.exporter_fob is None else settled.exporter_fob
    said = settled.importer_said if settled.importer_said is not None else settled.importer_fob
    return exporter, settled.importer if said is None else said


def _drawing(
    settled: dict[str, Settled], gaps: Sequence[Gap], names: tuple[str, str], unit: str, width: int
) -> dict[str, Any]:
    axis = TimeAxis(list(settled), width)
    rows = [_row(period, each) for period, each in settled.items()]
    values = [
        value
        for each in settled.values()
        for value in (*_sides(each), each.value.high if each.value else None)
        if value is not None
    ]
    most = float(max(values)) * HEADROOM or 1.0
    amounts = axis_of(values, unit)
    amounts["titleY"] -= 3 * LINE + 4
    scale = {"domain": [0, most], "nice": False}

    def y(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": amounts}

    inset = max(axis.step * 0.12, (axis.step - WIDEST) / 2)
    size = 60 if axis.step > SMALL_STEP else 22
    band = {"type": "rect", "fill": theme.LIGHT["green-tint"], "stroke": theme.LIGHT["green"], "strokeWidth": 1}
    band |= {"xOffset": inset, "x2Offset": -inset}
    line = {"type": "rule", "color": theme.LIGHT["green"], "strokeWidth": 3, "xOffset": inset, "x2Offset": -inset}
    aside = min(axis.step * 0.16, 9)
    sign = {"type": "point", "filled": True, "opacity": 1, "size": size}
    signs = [
        {**sign, "shape": shape, "color": theme.LIGHT[colour], "xOffset": offset}
        for shape, colour, offset in (("circle", "blue", -aside), ("square", "vermilion", aside))
    ]
    ends = {"x": axis.x("start"), "x2": {"field": "end"}}
    told = [row for row in rows if row["settled"] is not None]
    tooltip = [{"field": each} for each in ("period", "exporter", "importer", "settled", "low", "high")]
    data = {"values": told}
    layers = [
        *axis.tick_layers(HEIGHT),
        *axis.gap_layers(gaps, HEIGHT),
        {"data": data, "mark": band, "encoding": {**ends, "y": y("low"), "y2": {"field": "high"}, "tooltip": tooltip}},
        {"data": data, "mark": line, "encoding": {**ends, "y": y("settled")}},
        *(
            {"data": {"values": rows}, "mark": sign, "encoding": {"x": axis.x("middle"), "y": y(field)}}
            for sign, field in zip(signs, ("exporter", "importer"), strict=True)
        ),
        *_legend(names, band, line, signs),
    ]
    return whole(width, HEIGHT, layer=layers)


def _row(period: str, settled: Settled) -> dict[str, Any]:
    exporter, importer = _sides(settled)
    value = settled.value
    return {
        **row_of(period),
        "exporter": None if exporter is None else float(exporter),
        "importer": None if importer is None else float(importer),
        "settled": None if value is None else float(value.value),
        "low": None if value is None else float(value.low),
        "high": None if value is None else float(value.high),
    }


def _legend(names: tuple[str, str], band: Any, line: Any, signs: Sequence[Any]) -> list[dict[str, Any]]:
    """Say above the drawing what the signs mean, each beside the sign itself."""
    words = (
        f"{names[0]} says it exported",
        f"{names[1]} says it imported, less freight",
        "settled, inside the box with 90 % probability",
    )
    heights = [(place - len(words)) * LINE for place, _ in enumerate(words)]
    rows = [{"words": text, "at": at} for text, at in zip(words, heights, strict=True)]
    text = {"type": "text", "align": "left"}
    box = {"x": {"value": 0}, "x2": {"value": 16}, "y": pixels("upper"), "y2": {"field": "lower"}}
    mark = {"values": [{**rows[2], "upper": heights[2] - 6, "lower": heights[2] + 6}]}
    plain = {
        name: {key: each for key, each in what.items() if "ffset" not in key}
        for name, what in (("b", band), ("l", line))
    }
    across = {"x": {"value": 0}, "x2": {"value": 16}, "y": pixels("at")}
    return [
        {
            "data": {"values": rows},
            "mark": text,
            "encoding": {"x": {"value": 22}, "y": pixels("at"), "text": {"field": "words"}},
        },
        {"data": mark, "mark": plain["b"], "encoding": box},
        {"data": mark, "mark": plain["l"], "encoding": across},
        *(
            {
                "data": {"values": [row]},
                "mark": {**sign, "size": 60, "xOffset": 0},
                "encoding": {"x": {"value": 8}, "y": pixels("at")},
            }
            for sign, row in zip(signs, rows, strict=False)
        ),
    ]
