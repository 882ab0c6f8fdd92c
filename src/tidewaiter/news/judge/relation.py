"""The shapes of a relation: figures of one story that must fit together, as sums on two sides.

Owns the shapes and nothing else: who finds them is in `links`, who judges them in `arithmetic`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from tidewaiter.news.judge.intervals import Interval
    from tidewaiter.news.model import Claim, Span, Written

RelationKind = Literal["change", "difference", "sum", "balance", "share", "parts", "restates", "converts", "order"]
"""change: top / bottom is the ratio; difference: top - bottom is the amount; share: top / bottom is the
share; sum, balance, restates, converts: top is the figure; parts, order: top is at most bottom."""

NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Term:
    """One figure inside a relation, as the claim `claim_id` states it.

    `over` is a change claim: then the term stands for the figure before that change, that is the
    written figure divided by the change's ratio. `scale` multiplies it: one over the days of a period, or
    barrels per tonne, as a range where it is one.
    """

    claim_id: str
    written: Written
    sign: Literal[1, -1] = 1
    over: Claim | None = None
    words: str = ""
    scale: Interval | None = None

    @property
    def span(self) -> Span:
        """Where the figure stands in the text."""
        return self.written.span


@dataclass(frozen=True, slots=True)
class Relation:
    """Figures that must fit: `target` is the claim judged, `top` and `bottom` are sums of terms."""

    kind: RelationKind
    target: Claim
    top: tuple[Term, ...]
    bottom: tuple[Term, ...] = ()
    is_found: bool = False
    """True where a figure was found by what it measures, not named by the claim itself: then a wild
    difference speaks against the link, not against the story."""
    is_doubtful: bool = False
    """True where a slot by which a figure was found may be filled in more than one way: it may bear the
    claim out and accuses nobody."""
    limit: Fraction = NOTHING
    """A number that belongs to the bottom without standing in the text: the hundred per cent of a whole."""
    slack: Fraction = NOTHING
    """A misfit by no more than this fraction accuses nobody: months are revised when the year is summed up."""


def term_of(claim: Claim | None) -> Term | None:
    """Return the claim's own number as a term, or None where it has none."""
    if claim is None or claim.number is None:
        return None
    return Term(claim.id, claim.number, words=claim.number.text)
