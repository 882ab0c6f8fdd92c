"""One clause while it is read: its tokens, the trade it speaks of, and what has been found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tidewaiter.news.words import spans
from tidewaiter.news.words.parties import fiscal_months, fiscal_named

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import Draft, Known, Segment, Trade
    from tidewaiter.news.model import Direction, Leftover
    from tidewaiter.news.words.tokens import Token


@dataclass(slots=True)
class Clause:
    """One clause being read into claims."""

    segment: Segment
    trade: Trade
    known: Known
    lead_period: Period | None
    unit: str
    drafts: list[Draft] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    zones: list[bool] = field(default_factory=list)
    period: Period | None = None
    calendar: Literal["iranian", "fiscal"] | None = None
    shares: bool = False
    previous_level: Draft | None = None
    ends: tuple[Period, Period] | None = None
    quotas: bool = False
    aside: bool = False
    elided: Direction | None = None
    before: tuple[Token, ...] = ()
    """The tokens of the sentence before this clause."""
    scale: Fraction = Fraction(1)
    rolling: bool = False
    """Whether its period is a window that ends whenever the figures do ("the past five months")."""
    lead_at: int | None = None
    """Where the period stands that opens the sentence, which is already resolved as `lead_period`."""

    def now(self, current: Period | None) -> spans.Now:
        """Return what the clause's periods lean on."""
        begins = fiscal_months().get(self.trade.owner or "", self.known.fiscal_from)
        known = self.known
        return spans.Now(
            known.published_on,
            current,
            known.year,
            tuple(known.history),
            begins,
            fiscal_named(self.trade.owner),
            known.own_months,
        )
