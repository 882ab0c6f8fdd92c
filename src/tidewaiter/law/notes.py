"""Note which measures cover the goods of an answer or finding: paragraph, since when, quota used.

Pure: a rulebook and ledgers in, notes out. A note says what the law orders for such goods on such
days; it never says whether anybody broke it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidewaiter.base.errors import QueryError
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.law.caps import account
from tidewaiter.law.status import status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.law.cumulate import Between
    from tidewaiter.law.ledger import Ledger
    from tidewaiter.law.regime import Regime, Rulebook
    from tidewaiter.law.status import Match, Word


@dataclass(frozen=True, slots=True)
class LawNote:
    """One measure that covers goods of a question. `share_used` is the part of its cap that was notified.

    `product` is the code asked for, `TOTAL` where the question is about all goods and the measure
    covers some of them. `partial`: the law covers part of the code.
    """

    regime: str
    measure: str
    kind: str
    act: str
    paragraph: str
    since: date
    until: date | None
    goods: str
    product: str
    status: Word
    partial: bool
    reading: str | None
    assigned_by: str
    verified: bool
    exemptions: tuple[str, ...] = ()
    share_used: Between | None = None
    share_period: str | None = None

    def __str__(self) -> str:
        """Say it in one neutral sentence."""
        words = [f"{self.goods} ({self.product}): covered by {self.act}, {self.paragraph}, since {self.since}"]
        if self.until is not None:
            words.append(f"until {self.until}")
        if self.partial:
            words.append("which covers part of the code only")
        if self.reading is not None:
            words.append(f"under one of two readings ({self.reading})")
        if self.status == "partly_in_force":
            words.append("a change falls inside the period")
        if self.share_used is not None:
            words.append(f"{_share(self.share_used)} of the cap notified for {self.share_period}")
        if not self.verified:
            words.append("not verified against the act's text")
        return ", ".join(words)


def notes_for(
    exporter: str,
    importer: str,
    products: Iterable[str],
    period: Period,
    rulebook: Rulebook,
    *,
    ledgers: Iterable[Ledger] = (),
    hs: str = EDITION_UNSTATED,
) -> list[LawNote]:
    """List the measures that cover `products` going from `exporter` to `importer` in `period`.

    For all goods (`TOTAL`) each measure in force on some of them is noted once, with the status
    `too_coarse`. The strictest come first. Raises `CodeError` for an unknown code or area.
    """
    accounts = tuple(ledgers)
    notes: list[LawNote] = []
    for product in products:
        said = status(product, period, rulebook, exporter=exporter, importer=importer, hs=hs)
        matches = said.matches or said.coarse
        seen: set[tuple[str, str, str | None]] = set()
        for match in matches:
            key = (match.regime.id, match.measure.id, match.goods.reading if said.matches else None)
            if key not in seen:
                seen.add(key)
                notes.append(_note(match, product, period, accounts, coarse=not said.matches))
    return notes


def _note(match: Match, product: str, period: Period, ledgers: tuple[Ledger, ...], *, coarse: bool) -> LawNote:
    used, of = _used(match.regime, match.measure.id, period, ledgers)
    measure = match.measure
    return LawNote(
        regime=match.regime.id,
        measure=measure.id,
        kind=measure.kind,
        act=measure.cite.act,
        paragraph=measure.cite.place,
        since=measure.start,
        until=measure.end,
        goods=measure.words if coarse else match.goods.words,
        product="all goods" if product == TOTAL else product,
        status="too_coarse" if coarse else match.status,
        partial=coarse or not match.covers_all,
        reading=None if coarse else match.goods.reading,
        assigned_by=match.goods.assigned_by,
        verified=measure.verified and match.goods.verified,
        exemptions=tuple(exemption.words for exemption in match.exemptions),
        share_used=used,
        share_period=of,
    )


def _used(
    regime: Regime, measure: str, period: Period, ledgers: tuple[Ledger, ...]
) -> tuple[Between | None, str | None]:
    """Return the share of the cap notified by the end of `period`, where one ledger tells; else nothing."""
    for ledger in ledgers:
        if ledger.regime != regime.id or measure not in ledger.measures:
            continue
        try:
            accounts = account(ledger, regime, period.last // 12)
        except QueryError:
            continue
        for each in accounts:
            if each.measure.id == measure:
                for line in each.lines:
                    if line.month == period.end:
                        return line.share, f"{each.period.start} to {line.month}"
    return None, None


def _share(share: Between) -> str:
    low = f"{share.low:.1%}"
    if share.high is None:
        return f"at least {low}"
    high = f"{share.high:.1%}"
    return low if low == high else f"{low} to {high}"
