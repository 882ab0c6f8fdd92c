"""Remark where two figures of the text for one thing differ: worth a look, and an accusation of neither.

Which of the two is wrong nobody can tell from the story, and a reader may have taken two things for one. Owns this
remark and its word; what is an error is decided in `arithmetic`.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.intervals import operand
from tidewaiter.news.judge.levels import LEVELS, is_said, sources_fit, what_of
from tidewaiter.news.judge.placing import names_others
from tidewaiter.news.judge.rates import is_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Claim

FIGURES_DIFFER: Final = "figures_differ"
_WILD: Final = Fraction(8, 5)
"""Further apart than by this factor they hardly speak of one thing."""


def differing(claims: Sequence[Claim]) -> frozenset[str]:
    """Return the ids of the text's levels for which another figure is given that roundings do not explain.

    Both must be said as facts of one source, in one unit, of one trade, goods and period, each figure in a sentence
    of its own; a headline is not asked, for it is held against its text.
    """
    groups: dict[object, list[Claim]] = {}
    for claim in claims:
        what = what_of(claim, claim.period) if claim.type in LEVELS and claim.number is not None else None
        if what is None or claim.in_headline or not is_said(claim) or is_rate(claim) or names_others(claim, claims):
            continue
        assert claim.number is not None
        groups.setdefault((claim.type, what, claim.number.unit), []).append(claim)
    return frozenset(
        one.id for group in groups.values() for pair in combinations(group, 2) if _differ(*pair) for one in pair
    )


def _differ(one: Claim, other: Claim) -> bool:
    assert one.number is not None
    assert other.number is not None
    if one.sentence_span == other.sentence_span or not sources_fit(one, other):
        return False
    small, large = sorted((abs(one.number.value), abs(other.number.value)))
    is_near = large <= small * _WILD
    return is_near and not operand(one.number, "trunc").overlaps(operand(other.number, "trunc"))
