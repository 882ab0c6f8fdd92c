"""Lay the law out as tables for files: measures, days of a timeline, what held, the account of a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.tell.said import span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.sheet import Cell
    from tidewaiter.law.caps import Account
    from tidewaiter.law.caps import Line as Month
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.law.status import Match, Status
    from tidewaiter.law.timeline import Entry

PLACE: Final = (SheetColumn("act", "act"), SheetColumn("paragraph", "paragraph"))
FORCE: Final = (SheetColumn("start", "first day", "day"), SheetColumn("end", "last day", "day"))
CHECKED: Final = SheetColumn("verified", "seen in the act", "yes_no")


def measures_sheet(book: Rulebook) -> Sheet:
    """List every measure of every regime, one row each."""
    columns = (
        SheetColumn("regime", "regime"),
        SheetColumn("measure", "measure"),
        SheetColumn("kind", "kind"),
        SheetColumn("direction", "direction"),
        SheetColumn("goods", "goods"),
        SheetColumn("codes", "HS codes"),
        *PLACE,
        *FORCE,
        CHECKED,
    )
    rows = tuple(
        (
            *(regime.id, measure.id, measure.kind, measure.direction, measure.words),
            " ".join(dict.fromkeys(code for goods in measure.goods for code in goods.codes)),
            *(measure.cite.act, measure.cite.place, measure.start, measure.end, measure.verified),
        )
        for regime in book.regimes
        for measure in regime.measures
    )
    return Sheet("measures", "Measures", columns, rows)


def timeline_sheet(regime: str, entries: Sequence[Entry]) -> Sheet:
    """List a regime's days, oldest first."""
    columns = (
        SheetColumn("day", "day", "day"),
        SheetColumn("kind", "kind"),
        SheetColumn("words", "what"),
        SheetColumn("place", "where it says so"),
        SheetColumn("measures", "measures"),
        SheetColumn("urls", "sources"),
        CHECKED,
    )
    rows = tuple(
        (
            *(each.day, each.kind, each.words, str(each.cite) if each.cite else None),
            *(" ".join(each.measures), " ".join(each.urls), each.verified),
        )
        for each in entries
    )
    return Sheet("timeline", f"Days of {regime}", columns, rows)


def status_sheet(status: Status) -> Sheet:
    """List the measures that bear on goods on a day, one row each; without rows none was found."""
    columns = (
        SheetColumn("regime", "regime"),
        SheetColumn("measure", "measure"),
        SheetColumn("status", "status"),
        SheetColumn("goods", "goods"),
        SheetColumn("code", "HS code"),
        SheetColumn("hs", "HS edition"),
        SheetColumn("coverage", "covers"),
        SheetColumn("reading", "disputed reading"),
        *PLACE,
        *FORCE,
        CHECKED,
    )
    when = str(status.first) if status.first == status.last else f"{status.first} to {status.last}"
    title = f"HS {status.product}, {when}: {status.status.replace('_', ' ')}"
    return Sheet("status", title, columns, tuple(_match(each) for each in status.matches))


def _match(match: Match) -> tuple[Cell, ...]:
    measure, goods = match.measure, match.goods
    return (
        *(match.regime.id, measure.id, match.status, goods.words, match.code, goods.hs),
        *("full" if match.covers_all else "partial", goods.reading or None),
        *(measure.cite.act, measure.cite.place, measure.start, measure.end),
        measure.verified and goods.verified,
    )


def account_sheet(account: Account) -> Sheet:
    """List the months of a cap's account: who notified how much, how much that is so far, and of the cap."""
    unit, ending = account.ledger.unit, account.ledger.unit.lower()
    columns = (
        SheetColumn("month", "month"),
        SheetColumn("states", "notified by"),
        SheetColumn(f"notified_low_{ending}", f"notified, at least, {unit}", "number", unit, may_be_absent=True),
        SheetColumn(f"notified_high_{ending}", f"notified, at most, {unit}", "number", unit),
        SheetColumn(f"so_far_low_{ending}", f"all so far, at least, {unit}", "number", unit),
        SheetColumn(f"so_far_high_{ending}", f"all so far, at most, {unit}", "number", unit),
        SheetColumn("share_low", "of the cap, at least, %", "share"),
        SheetColumn("share_high", "of the cap, at most, %", "share"),
    )
    rows = tuple(row for line in account.lines for row in _month(line))
    title = f"{account.ledger.title}, {span(account.period)}, cap {account.cap:,f} {unit}"
    notes = ("Months without a figure are not zero; totals are bounded by the figures for longer spans.",)
    return Sheet(f"cap_{account.ledger.id}".replace("-", "_"), title, columns, rows, notes, str(account.measure.cite))


def _month(line: Month) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for spoken in line.said:
        amount = spoken.amount
        low: Cell = Absent.NO_DATA if amount is None else amount.low
        if spoken.said == "no_report":
            low = Absent.NOT_REPORTED
        high = None if amount is None else amount.high
        rows.append(
            (line.month, spoken.states, low, high, line.total.low, line.total.high, line.share.low, line.share.high)
        )
    return rows
