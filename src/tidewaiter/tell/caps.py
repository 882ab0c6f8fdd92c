"""Show the account of a cap: months, bars, notices, and the other sources of information beside it.

Owns layout only. Sources stand side by side and are never summed; a gap is shown as a gap.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.period import Period
from tidewaiter.codes import areas
from tidewaiter.law.customs import by_reporter
from tidewaiter.tell.said import plain, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidewaiter.law.caps import Account, Crossing, Spoken
    from tidewaiter.law.cumulate import Between
    from tidewaiter.law.customs import Customs
    from tidewaiter.law.ledger import Figure

USES: Final = {
    "within_quota": "within the cap, as notified",
    "over_quota": "over the cap, as notified",
    "quota_undecided": "cannot be told from what was notified",
}
SAID: Final = {"": "", "figure": "", "zero": "0", "no_report": "no report", "not_found": "reported, not found"}
BAR: Final = 32
LEAST_BAR: Final = 8


def amount_words(amount: Between | None) -> str:
    """Write a range in whole units: `89,100`, `430,000 to 441,000`, `at least 296,207`."""
    if amount is None:
        return "not known"
    low = plain(amount.low.quantize(Decimal(1)))
    if amount.high is None:
        return f"at least {low}"
    high = plain(amount.high.quantize(Decimal(1)))
    return low if low == high else f"{low} to {high}"


def share_words(share: Between) -> str:
    """Write a share of the cap in per cent."""
    low = f"{share.low * 100:.1f}"
    if share.high is None:
        return f"at least {low} %"
    high = f"{share.high * 100:.1f}"
    return f"{low} %" if low == high else f"{low} to {high} %"


def crossing_words(crossing: Crossing) -> str:
    """Say when a share of the cap was reached."""
    if crossing.earliest is None:
        return "not reached"
    if crossing.latest is None:
        return f"cannot be told from {crossing.earliest} on"
    if crossing.earliest == crossing.latest:
        return f"reached in {crossing.latest}"
    return f"reached between {crossing.earliest} and {crossing.latest}"


def bar(share: Between, width: int = BAR) -> str:
    """Draw a share as a bar: `#` is certain, `-` may be; `|` marks the whole cap, `>` an open end."""
    scale = width * 3 // 4
    low = min(width, int(share.low * scale))
    high = width if share.high is None else min(width, max(low, round(share.high * scale)))
    drawn = list("#" * low + "-" * (high - low) + " " * (width - high))
    if share.high is None or share.high * scale > width:
        drawn[-1] = ">"
    return "".join([*drawn[:scale], "|", *drawn[scale:]])


def print_account(account: Account, customs: Sequence[Customs] = ()) -> None:
    """Print one account for a terminal or a pipe."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    ledger, unit = account.ledger, account.ledger.unit
    console.print(f"{ledger.title}, {span(account.period)}: {USES[account.use]}", style="bold")
    place = f"{account.measure.cite} [{account.measure.id}]"
    console.print(f"  cap {plain(account.cap)} {unit}: {account.quota.words} ({place}){_seen(account.quota.verified)}")
    if account.measure.counts:
        console.print(f"  counted: {account.measure.counts}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown = [
        index for index, _ in enumerate(account.lines[0].said) if any(line.said[index].said for line in account.lines)
    ]
    heads = ["month", *(account.lines[0].said[index].states for index in shown), f"so far, {unit}", "% of cap"]
    rows = [
        [line.month, *(month_words(line.said[index]) for index in shown), _short(line.total), _short(line.share, "%")]
        for line in account.lines
    ]
    taken = sum(3 + max(len(row[index]) for row in (heads, *rows)) for index in range(len(heads)))
    width = min(BAR, console.width - taken - 5)
    for head in heads:
        table.add_column(head, justify="left" if head == "month" else "right", no_wrap=True)
    if width >= LEAST_BAR:
        table.add_column("", no_wrap=True)
    for row, line in zip(rows, account.lines, strict=True):
        table.add_row(*row, *([bar(line.share, width)] if width >= LEAST_BAR else []))
    console.print(table)
    for crossing in account.crossings:
        console.print(f"  {crossing.share * 100:.0f} % of the cap ({crossing.words}): {crossing_words(crossing)}")
    for note in _footnotes(account):
        console.print(f"  {note}")
    _print_others(console, account, customs)


def month_words(spoken: Spoken) -> str:
    """Write what some states said of a month, in the unit they said it in."""
    figure = spoken.figure
    if spoken.said != "figure" or figure is None:
        return SAID[spoken.said]
    return (
        f"{plain(figure.tonnes)} t"
        if figure.bbl is None and figure.tonnes is not None
        else f"{plain(figure.bbl or Decimal(0))} bbl"
    )


def _short(amount: Between, unit: str = "") -> str:
    """Write a range as narrowly as a table needs it."""
    scale, step = (100, Decimal("0.1")) if unit else (1, Decimal(1))
    low = f"{(amount.low * scale).quantize(step):,}"
    if amount.high is None:
        return f"{low}+"
    high = f"{(amount.high * scale).quantize(step):,}"
    return low if low == high else f"{low}\u2013{high}"


def _footnotes(account: Account) -> list[str]:
    lines = ["Months without a figure are not zero; totals are bounded by the figures for longer spans."]
    if account.ledger.unit == "bbl":
        lines += [
            f"where only tonnes were published: {plain(each.low)} to {plain(each.high)} bbl per tonne"
            f" ({_states(each.states) or 'others'}; {each.by}{_seen(each.verified)})"
            for each in account.factors
        ]
    if account.contradicted:
        spans = ", ".join(f"{_states(each.states)} {span(each.span)}" for each in account.contradicted)
        lines.append(f"contradicted by newer or longer figures, and kept inside the ranges: {spans}")
    if account.left_out:
        lines.append(f"{account.left_out} figures bear no day and were left out, since a day was asked for")
    return lines


def _print_others(console: Any, account: Account, customs: Sequence[Customs]) -> None:
    """Print the sources that do not count towards the cap."""
    unit = account.ledger.unit
    if account.others or customs:
        console.print("Beside it, counted towards nothing and never added:")
    for side in account.ledger.sides:
        for figure, amount in account.others:
            if figure.ledger == side.id:
                console.print(f"  {side.title}: {_figure_words(figure, amount, unit)}")
    for (source, reporter, flow, reading), (amount, lines, empty) in by_reporter(customs).items():
        under = f", under the reading {reading}" if reading else ""
        gaps = f", {empty} without a weight or factor" if empty else ""
        told = f"{amount_words(amount)} {unit}" if lines > empty else "no amount"
        console.print(f"  customs, {areas.name(reporter)}'s {flow}s ({source}){under}: {told} from {lines} rows{gaps}")


def _figure_words(figure: Figure, amount: Between | None, unit: str) -> str:
    note = f" ({figure.note})" if figure.note else ""
    return f"{_states(figure.states)}, {span(figure.span)}: {amount_words(amount)} {unit}{note}; {figure.url}"


def _states(states: str) -> str:
    return " and ".join("all states" if each == "all" else areas.name(each) for each in states.split("+") if each)


def _seen(verified: bool) -> str:  # noqa: FBT001 - one word of a sentence hangs on it
    return "" if verified else ", not verified"


def to_json(accounts: Sequence[Account], customs: Mapping[str, Sequence[Customs]]) -> str:
    """Write accounts as JSON; numbers as text, exactly; null is not zero."""
    records = [_record(account, customs.get(account.measure.id, ())) for account in accounts]
    return json.dumps(records, indent=2, ensure_ascii=False, default=str)


def _record(account: Account, customs: Sequence[Customs]) -> dict[str, Any]:
    return {
        "ledger": account.ledger.id,
        "regime": account.ledger.regime,
        "measure": account.measure.id,
        "act": account.measure.cite.act,
        "paragraph": account.measure.cite.place,
        "cap": account.cap,
        "unit": account.ledger.unit,
        "period": account.period.span(),
        "as_of": account.as_of,
        "use": account.use,
        "months": [
            {
                "month": line.month,
                "said": [
                    {"states": each.states, "said": each.said or None, **_ends(each.amount)} for each in line.said
                ],
                "total": _ends(line.total),
                "share": _ends(line.share),
            }
            for line in account.lines
        ],
        "crossings": [
            {"share": each.share, "words": each.words, "earliest": each.earliest, "latest": each.latest}
            for each in account.crossings
        ],
        "factors": [
            {"states": each.states, "low": each.low, "high": each.high, "by": each.by, "url": each.url,
             "verified": each.verified}
            for each in account.factors
        ],
        "contradicted": [_published(each) for each in account.contradicted],
        "others": [{**_published(each), **_ends(amount)} for each, amount in account.others],
        "left_out": account.left_out,
        "customs": [
            {"source": each.source, "reporter": each.reporter, "flow": each.flow, "product": each.product,
             "period": each.period, "reading": each.reading, "t": each.tonnes, "is_estimated": each.is_estimated,
             **_ends(each.amount)}
            for each in customs
        ],
    }  # fmt: skip


def _published(figure: Figure) -> dict[str, Any]:
    return {
        "ledger": figure.ledger,
        "states": figure.states,
        "period": figure.span.span(),
        "bbl": figure.bbl,
        "t": figure.tonnes,
        "as_of": figure.as_of,
        "url": figure.url,
        "note": figure.note,
    }


def _ends(amount: Between | None) -> dict[str, Any]:
    return {"low": amount.low if amount else None, "high": amount.high if amount else None}


def chart(account: Account) -> str:
    """Draw the account as one SVG: the total by month as a band, the cap and its notices as lines.

    Colours come with patterns and words, so that the chart reads in print and without colour. It needs no extra;
    `tidewaiter chart quota` draws the finer one with the extra `charts`.
    """
    from tidewaiter.tell.caps_chart import draw
    from tidewaiter.tell.charts.quota import finding

    months = [Period.parse(line.month) for line in account.lines]
    return draw(
        title=f"{account.ledger.title}, {span(account.period)}",
        alt=finding(account, f"{account.ledger.title}, {span(account.period)}"),
        subtitle=f"notified so far, {account.ledger.unit}; the band is what the published figures leave open",
        labels=[month.start for month in months],
        lows=[float(line.total.low) for line in account.lines],
        highs=[None if line.total.high is None else float(line.total.high) for line in account.lines],
        marks=[(float(each.share * account.cap), f"{each.share * 100:.0f} %") for each in account.crossings],
        source=f"{account.measure.cite}; the figures' pages: tidewaiter caps --json",
    )
