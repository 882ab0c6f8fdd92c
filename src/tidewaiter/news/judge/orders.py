"""Size the goods a story names in order, from the rows of a composition by product.

Owns the sums per named goods and how far their order is from the one said; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer
    from tidewaiter.news.model import Claim, Goods


@dataclass(frozen=True, slots=True)
class Order:
    """The goods with their declared sizes in the order said; those without rows; by how much the order fails."""

    sizes: tuple[tuple[str, Fraction], ...]
    missing: tuple[str, ...]
    shortfall: Fraction

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
    return Order(tuple(sizes), tuple(missing), shortfall)


def _size(item: Goods, answer: Answer) -> Fraction | None:
    lines = [
        line.value
        for line in answer.table
        if line.value is not None
        and line.source == answer.source
        and any(line.label.startswith(code) for code in item.hs)
    ]
    return sum((Fraction(value) for value in lines), Fraction(0)) if lines else None
