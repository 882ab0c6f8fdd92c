"""Compare the exchange rates that a story itself implies where it gives amounts in two currencies.

No rate is held here, so nothing is ever called wrong: a pair that stands more than five per cent apart from
all others of its year, which agree among themselves, is flagged for a look. Owns that flag only.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.intervals import Interval, written
from tidewaiter.news.judge.money import is_money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.news.model import Claim

FLAG: Final = "currency_ratio_differs"
_APART: Final = Fraction(5, 100)
_FEWEST: Final = 3


def odd_ratios(claims: Iterable[Claim]) -> frozenset[str]:
    """Return the ids of claims whose restated amount implies another rate than the rest of the story."""
    groups: dict[tuple[str, str, int], dict[str, Interval]] = defaultdict(dict)
    for claim in claims:
        number = claim.number
        if number is None or claim.period is None or claim.type == "change" or not is_money(number.unit):
            continue
        for other in number.restated:
            if is_money(other.unit) and other.unit != number.unit and other.value and number.value:
                key = (number.unit, other.unit, claim.period.last // 12)
                groups[key][claim.id] = written(number, "trunc") / written(other, "trunc")
    odd: set[str] = set()
    for ratios in groups.values():
        for name, ratio in ratios.items():
            others = [other for each, other in ratios.items() if each != name]
            if len(ratios) >= _FEWEST and _agree(others) and all(_is_apart(ratio, other) for other in others):
                odd.add(name)
    return frozenset(odd)


def _agree(ratios: list[Interval]) -> bool:
    return all(not _is_apart(one, other) for one in ratios for other in ratios)


def _is_apart(one: Interval, other: Interval) -> bool:
    gap, low = one.gap(other), min(one.low, other.low)
    return isinstance(gap, Fraction) and isinstance(low, Fraction) and gap > _APART * abs(low)
