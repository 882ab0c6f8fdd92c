"""Find what is known of a running total from figures for months, spans and years that may contradict.

A figure for a span says how far the total rose from its first month to its last. All figures
together bound the total of every month from below and above: a system of difference constraints,
solved as shortest paths (Bellman and Ford). Pure arithmetic; it knows no law and no unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Between:
    """A number known to lie from `low` to `high`; `high` None: nothing bounds it from above."""

    low: Decimal
    high: Decimal | None

    def __add__(self, other: Between) -> Between:
        """Add two numbers, each with its bounds."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Between(self.low + other.low, high)

    def overlaps(self, other: Between) -> bool:
        """Tell whether one number can be both."""
        return (other.high is None or self.low <= other.high) and (self.high is None or other.low <= self.high)

    def both(self, other: Between) -> Between:
        """Return the bounds of a number that is both; the two have to overlap."""
        highs = [each for each in (self.high, other.high) if each is not None]
        return Between(max(self.low, other.low), min(highs) if highs else None)

    def either(self, other: Between) -> Between:
        """Return the bounds of a number that is one of the two."""
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Between(min(self.low, other.low), high)


@dataclass(frozen=True, slots=True)
class Rise:
    """From the end of step `after` to the end of step `upto` the total rose by `amount`."""

    after: int
    upto: int
    amount: Between


def totals(steps: int, rises: Sequence[Rise]) -> tuple[list[Between], list[Rise]]:
    """Bound the running total after each of `steps` months; the first of `rises` are believed first.

    Returns the bounds for steps 1 to `steps`, and the rises that contradict earlier ones. A
    contradicted rise is not dropped: the bounds also hold if it is believed first instead.
    """
    bounds, refused = _believe(steps, rises)
    for doubted in refused:
        other, _ = _believe(steps, [doubted, *(rise for rise in rises if rise is not doubted)])
        bounds = [one.either(two) for one, two in zip(bounds, other, strict=True)]
    return bounds, refused


def rising(bounds: Sequence[Between]) -> list[Between]:
    """Tighten bounds of a total that never falls: no low below an earlier low, no high above a later high."""
    lows: list[Decimal] = []
    for each in bounds:
        lows.append(max(each.low, lows[-1]) if lows else each.low)
    highs: list[Decimal | None] = []
    for each in reversed(bounds):
        later = highs[-1] if highs else None
        highs.append(each.high if later is None else later if each.high is None else min(each.high, later))
    return [
        Between(low, None if high is None else max(low, high)) for low, high in zip(lows, reversed(highs), strict=True)
    ]


def _believe(steps: int, rises: Sequence[Rise]) -> tuple[list[Between], list[Rise]]:
    """Take the rises in order, leaving out each that cannot be true beside those taken before."""
    taken: list[Rise] = []
    refused: list[Rise] = []
    solved = _solve(steps, taken)
    for rise in rises:
        attempt = _solve(steps, [*taken, rise])
        if attempt is None:
            refused.append(rise)
        else:
            taken.append(rise)
            solved = attempt
    assert solved is not None
    return solved, refused


def _solve(steps: int, rises: Sequence[Rise]) -> list[Between] | None:
    """Find the tightest bounds of each total, or None where the rises contradict each other."""
    # An edge (a, b, w) says total[b] <= total[a] + w. A total never falls.
    edges = [(step + 1, step, ZERO) for step in range(steps)]
    for rise in rises:
        edges.append((rise.upto, rise.after, -rise.amount.low))
        if rise.amount.high is not None:
            edges.append((rise.after, rise.upto, rise.amount.high))
    highs = _shortest(steps, edges)
    lows = _shortest(steps, [(end, start, weight) for start, end, weight in edges])
    if highs is None or lows is None:
        return None
    return [Between(-(lows[step] or ZERO), highs[step]) for step in range(1, steps + 1)]


def _shortest(steps: int, edges: Sequence[tuple[int, int, Decimal]]) -> list[Decimal | None] | None:
    """Find the shortest way from step 0 to each step; None where ways grow shorter for ever."""
    ways: list[Decimal | None] = [ZERO, *([None] * steps)]
    for _ in range(steps + 2):
        changed = False
        for start, end, weight in edges:
            known = ways[start]
            if known is None:
                continue
            best = ways[end]
            if best is None or known + weight < best:
                ways[end] = known + weight
                changed = True
        if not changed:
            return ways
    return None
