"""A running total against its cap: the band of what the notices leave open, the cap and the shares that oblige.

The lower line is certain, the upper one possible; where nothing bounds the total from above the band is open.
Every number is `law.caps`'. Owns layout only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.answers.notes import count
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.tell.caps import amount_words, crossing_words, share_words
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.model import Chart
from tidewaiter.tell.charts.parts import at_both_widths, axis_of, pixels, short_words, whole
from tidewaiter.tell.charts.time_axis import TimeAxis, row_of
from tidewaiter.tell.charts.words import listed
from tidewaiter.tell.said import plain, span

if TYPE_CHECKING:
    from tidewaiter.base.sheet import Cell
    from tidewaiter.law.caps import Account, Line

HEIGHT: Final = 260
HEADROOM: Final = 1.1
LABEL_ROOM: Final = 130
PHONE_ROOM: Final = 62
LINE: Final = 15
USES: Final = {
    "within_quota": "stayed within the cap",
    "over_quota": "went over the cap",
    "quota_undecided": "may or may not have gone over the cap",
}


def quota(account: Account, *, name: str = "quota", title: str = "") -> Chart:
    """Draw the account of one quota period: month by month what was notified so far, beside its cap."""
    title = title or f"{account.ledger.title}, {span(account.period)}: notified so far against the cap"
    when = "every figure known" if account.as_of is None else f"as known on {account.as_of.isoformat()}"
    pages = {figure.url for figure in account.ledger.figures if figure.ledger == account.ledger.counts}
    said = f"{_side(account)}, {count(len(pages), 'page')}, {when}"
    caption = f"Source: {account.measure.cite}; {said}; `tidewaiter caps` has each."
    key = [
        "Months without a figure are not zero: the band between the lines is what the published figures leave open.",
        *(["? where nothing bounds the total from above."] if any(_is_open(line) for line in account.lines) else []),
        *(f"{plain(each.share * 100)} %, {each.words}: {crossing_words(each)}." for each in account.crossings),
    ]
    drawn = at_both_widths(lambda width: _drawing(account, width))
    sheet = _sheet(account, name, title, caption)
    return Chart(
        name, title, alt=f"Line chart. {finding(account, title)}", caption=caption, sheet=sheet, key=tuple(key), **drawn
    )


def _side(account: Account) -> str:
    counting = account.ledger.counts
    return next((side.title for side in account.ledger.sides if side.id == counting), counting)


def _sheet(account: Account, name: str, title: str, caption: str) -> Sheet:
    unit = account.ledger.unit
    columns = (
        SheetColumn("month", "month"),
        SheetColumn(f"low_{unit}", f"so far at least, {unit}", "number", unit),
        SheetColumn(f"high_{unit}", f"so far at most, {unit}", "number", unit, may_be_absent=True),
        SheetColumn("low_share", "of the cap at least, %", "share"),
        SheetColumn("high_share", "of the cap at most, %", "share", may_be_absent=True),
        SheetColumn("notified", "notified for the month"),
    )
    rows: list[tuple[Cell, ...]] = []
    for line in account.lines:
        high, share = (Absent.NO_DATA if each is None else each for each in (line.total.high, line.share.high))
        said = "; ".join(f"{each.states}: {_said(each.said)}" for each in line.said if each.said)
        rows.append((line.month, line.total.low, high, line.share.low, share, said or "nothing known"))
    notes = (f"The cap is {plain(account.cap)} {unit}: {account.quota.words}.",)
    return Sheet(name, title, columns, tuple(rows), notes, caption.removeprefix("Source: "))


def _said(word: str) -> str:
    return {"figure": "a figure", "zero": "0", "no_report": "no report", "not_found": "reported, not found"}[word]


def finding(account: Account, title: str) -> str:
    """State what an account shows: how much by when, of which cap, which shares of it were reached."""
    unit = account.ledger.unit
    last = account.lines[-1]
    known = [each for each in account.crossings if each.latest is not None]
    unknown = [each for each in account.crossings if each.latest is None and each.earliest is not None]
    reached = [f"{plain(each.share * 100)} % {crossing_words(each)}" for each in known]
    unsure = [f"{plain(each.share * 100)} %" for each in unknown]
    silent = [line.month for line in account.lines if not any(each.said for each in line.said)]
    share = f"{share_words(last.share)} of the cap of {plain(account.cap)} {unit}"
    said = [f"{title}: by {last.month} {amount_words(last.total)} {unit}, {share}"]
    said += [f"deliveries {USES[account.use]}, as notified"]
    said += [f"of the cap, {listed(reached)}"] if reached else []
    said += [f"whether {listed(unsure)} of it were reached cannot be told"] if unsure else []
    said += [] if reached or unsure else ["no share that obliges anybody was reached"]
    said += [f"no figure of their own for {listed(silent, 12)}"] if silent else []
    return "; ".join(said) + "."


def _drawing(account: Account, width: int) -> dict[str, Any]:
    phone = width <= theme.PHONE
    room = PHONE_ROOM if phone else LABEL_ROOM
    axis = TimeAxis([line.month for line in account.lines], width - room)
    known = [each for line in account.lines for each in (line.total.low, line.total.high) if each is not None]
    values = [*known, account.cap]
    top = float(max(values)) * HEADROOM
    unit = account.ledger.unit
    amounts = axis_of(values, unit)
    amounts["titleY"] -= LINE * 2 + 6
    scale = {"domain": [0, top], "nice": False}

    def y(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": amounts}

    rows = _rows(account, top)
    band = {"type": "area", "color": theme.LIGHT["blue-tint"]}
    certain = {"type": "line", "color": theme.LIGHT["blue"], "strokeWidth": 2.5}
    possible = {"type": "line", "color": theme.LIGHT["blue"], "strokeWidth": 1.5, "strokeDash": [2, 3]}
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 36, "color": theme.LIGHT["blue"]}
    x = axis.x("end")
    data = {"values": rows}
    bounded = {"values": [row for row in rows if row["high"] is not None]}
    tooltip = [{"field": each} for each in ("period", "low", "high")]
    open_rows = {"values": [row for row in rows if row["open"]]}
    mark = {"type": "text", "text": "?", "baseline": "top", "dy": 5, "fontWeight": "bold"}
    layers = [
        *axis.tick_layers(HEIGHT),
        {"data": data, "mark": band, "encoding": {"x": x, "y": y("ceiling"), "y2": {"field": "low"}}},
        *_levels(account, axis.inner, scale, phone=phone),
        {"data": bounded, "mark": possible, "encoding": {"x": x, "y": y("high")}},
        {"data": data, "mark": certain, "encoding": {"x": x, "y": y("low")}},
        {"data": data, "mark": dot, "encoding": {"x": x, "y": y("low"), "tooltip": tooltip}},
        *([{"data": open_rows, "mark": mark, "encoding": {"x": x, "y": y("ceiling")}}] if open_rows["values"] else []),
        *_signs(),
    ]
    return whole(width, HEIGHT, layer=layers)


def _is_open(line: Line) -> bool:
    return line.total.high is None


def _rows(account: Account, top: float) -> list[dict[str, Any]]:
    return [
        {
            **row_of(line.month),
            "low": float(line.total.low),
            "high": None if line.total.high is None else float(line.total.high),
            "ceiling": top if line.total.high is None else float(line.total.high),
            "open": _is_open(line),
        }
        for line in account.lines
    ]


def _levels(account: Account, inner: int, scale: dict[str, Any], *, phone: bool) -> list[dict[str, Any]]:
    """Draw the cap and the shares of it that oblige somebody as level lines, each named at its end."""
    rows = []
    floor = float("inf")
    for each in sorted(account.crossings, key=lambda crossing: crossing.share):
        is_cap = each.share == 1
        share = f"{plain(each.share * 100)} %"
        words = f"cap {short_words(account.cap)}" if is_cap else f"{share} of the cap"
        at = HEIGHT * (1 - float(each.share * account.cap) / scale["domain"][1])
        place = min(at, floor - LINE)
        floor = place
        label = [f"cap {short_words(account.cap)}"] if is_cap else [share if phone else words]
        rows.append({"value": float(each.share * account.cap), "words": label, "at": round(place, 1), "cap": is_cap})

    def only(cap: bool) -> dict[str, Any]:  # noqa: FBT001 - one of two kinds of lines
        return {"values": [row for row in rows if row["cap"] is cap]}

    y = {"field": "value", "type": "quantitative", "scale": scale}
    across = {"x": {"value": 0}, "x2": {"value": inner}, "y": y}
    text = {"type": "text", "align": "left", "color": theme.LIGHT["vermilion"], "fontSize": theme.LETTERS}
    at = {"x": {"value": inner + 6}, "y": pixels("at"), "text": {"field": "words"}}
    line = {"type": "rule", "color": theme.LIGHT["vermilion"]}
    return [
        {"data": only(False), "mark": {**line, "strokeDash": [6, 4]}, "encoding": across},
        {"data": only(True), "mark": {**line, "strokeWidth": 2.5}, "encoding": across},
        {"data": only(False), "mark": text, "encoding": at},
        {"data": only(True), "mark": {**text, "fontWeight": "bold"}, "encoding": at},
    ]


def _signs() -> list[dict[str, Any]]:
    """Say above the drawing what the two lines are, each beside a piece of it."""
    rows = [
        {"words": "at least: certain from the notices", "at": -2 * LINE - 2, "dash": [1, 0], "wide": 2.5},
        {"words": "at most: what they leave open", "at": -LINE - 2, "dash": [2, 3], "wide": 1.5},
    ]
    layers: list[dict[str, Any]] = []
    for row in rows:
        line = {"type": "rule", "color": theme.LIGHT["blue"], "strokeDash": row["dash"], "strokeWidth": row["wide"]}
        data = {"values": [{"words": row["words"], "at": row["at"]}]}
        piece = {"x": {"value": 0}, "x2": {"value": 18}, "y": pixels("at")}
        said = {"x": {"value": 24}, "y": pixels("at"), "text": {"field": "words"}}
        layers += [
            {"data": data, "mark": line, "encoding": piece},
            {"data": data, "mark": {"type": "text", "align": "left"}, "encoding": said},
        ]
    return layers
