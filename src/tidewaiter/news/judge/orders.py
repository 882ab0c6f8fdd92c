"""Size the goods a story names in order, from the rows of a composition by product.

Owns the sums per named goods and how far their order is from the one said; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer
    from tidewaiter.news.model import Claim, Goods

_UNLISTED: Final = "unlisted"
"""The line of a breakdown that holds what no other line does."""


@dataclass(frozen=True, slots=True)
class Order:
    """The goods with their declared sizes in the order said; those without rows; by how much the order fails."""

    sizes: tuple[tuple[str, Fraction], ...]
    missing: tuple[str, ...]
    shortfall: Fraction
    rest: Fraction = Fraction(0)
    """What the lines leave of the whole: it may belong to any of the goods."""

    @property
    def survives_rest(self) -> bool:
        """Whether the order fails even if all that is not listed were of the goods that fall short."""
        return any(first + self.rest < second for (_, first), (_, second) in pairwise(self.sizes))

    @property
    def holds(self) -> bool:
        """Whether each goods' size is at least that of the next."""
        return not self.missing and self.shortfall == 0


def order_of(claim: Claim, answer: Answer) -> Order:
    """Add up the lines of each named goods; goods without codes, or with no line known, are missing."""
    sizes: list[tuple[str, Fraction]] = []
    missing: list[str] = []
    for item in claim.items:
        size = _size(item, answer)
        name = item.text or "goods"
        if size is None:
            missing.append(name)
        else:
            sizes.append((name, size))
    shortfall = Fraction(0)
    for (_, first), (_, second) in pairwise(sizes):
        if second > first:
            shortfall = max(shortfall, (second - first) / second)
    unlisted = [line.value for line in answer.table if line.label == _UNLISTED and line.source == answer.source]
    rest = sum((Fraction(value) for value in unlisted if value is not None), Fraction(0))
    return Order(tuple(sizes), tuple(missing), shortfall, rest)


def _size(item: Goods, answer: Answer) -> Fraction | None:
    lines = [
        line.value
        for line in answer.table
        if line.value is not None
        and line.source == answer.source
        and any(line.label.startswith(code) for code in item.hs)
    ]
    gaps = [line for line in answer.table if line.value is None and any(line.label.startswith(c) for c in item.hs)]
    return sum((Fraction(value) for value in lines), Fraction(0)) if lines and not gaps else None
