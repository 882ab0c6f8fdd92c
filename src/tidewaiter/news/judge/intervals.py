"""What a written number may stand for: three nested intervals, in exact fractions.

A reader grants a newspaper its rounding, and no more. `strict` is rounding to the last written
digit, `trunc` grants cutting off instead of rounding, `loose` grants that trailing zeros mean
nothing and that a hedge is generous. Owns the tier table and interval arithmetic; must not know
claims, periods or data. The widths were calibrated on twenty hedged figures whose truth is known.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from tidewaiter.news.model import Hedge, Written

Tier = Literal["strict", "trunc", "loose"]
TIERS: Final[tuple[Tier, ...]] = ("strict", "trunc", "loose")

Bound: TypeAlias = Fraction | float
"""An exact fraction; the only floats are the two infinities."""

_DECIMAL: Final = re.compile(r"\d\.\d+(?!\d*\.)")
INFINITY: Final = math.inf
_HALF: Final = Fraction(1, 2)
_PRECISE_ZEROS: Final = 10
"""Up to one trailing zero ("$30 million") is taken as written; "53,000" is not precise to the ton."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both inside; arithmetic takes operands as independent."""

    low: Bound
    high: Bound

    def __post_init__(self) -> None:
        if self.low > self.high:
            message = f"interval {self.low} to {self.high} ends before it begins"
            raise ValueError(message)

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """Make the interval that holds one number."""
        return cls(Fraction(value), Fraction(value))

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return isinstance(self.low, Fraction) and isinstance(self.high, Fraction)

    def contains(self, value: Bound) -> bool:
        """Tell whether `value` lies inside."""
        return self.low <= value <= self.high

    def overlaps(self, other: Interval) -> bool:
        """Tell whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def meet(self, other: Interval) -> Interval | None:
        """Return what lies in both, or None."""
        return Interval(max(self.low, other.low), min(self.high, other.high)) if self.overlaps(other) else None

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def gap(self, other: Interval) -> Bound:
        """Return the distance between the nearest ends, zero where they overlap."""
        return max(other.low - self.high, self.low - other.high, Fraction(0))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        return self * other.reciprocal()

    def reciprocal(self) -> Interval:
        """Return one over it; everything where zero lies inside."""
        if self.low <= 0 <= self.high:
            low = _invert(self.high) if self.low == 0 and self.high > 0 else -INFINITY
            high = _invert(self.low) if self.high == 0 and self.low < 0 else INFINITY
            return Interval(low, high)
        return Interval(_invert(self.high), _invert(self.low))

    def scaled(self, factor: Fraction | int) -> Interval:
        """Multiply by an exact number."""
        return self * Interval.point(factor)

    def shifted(self, amount: Fraction | int) -> Interval:
        """Add an exact number."""
        return self + Interval.point(amount)


def _times(left: Bound, right: Bound) -> Bound:
    return Fraction(0) if left == 0 or right == 0 else left * right


def _invert(value: Bound) -> Bound:
    return 1 / value if isinstance(value, Fraction) else Fraction(0)


def written(number: Written, tier: Tier) -> Interval:
    """Return what `number` may stand for at `tier`; each tier holds the one before it.

    A negative number is a fall and is read by its size: "more than -5 %" falls by more than 5 %.
    """
    if number.upper is not None:
        half = number.last_unit * _HALF
        low, high = sorted((number.value, number.upper))
        return Interval(low - half, high + half)
    size = sized(abs(number.value), number.last_unit, _round_unit(number), number.hedge, tier)
    return -size if number.value < 0 else size


def _round_unit(number: Written) -> Fraction:
    """Return how far trailing zeros may be mere rounding: not at all behind a decimal point, as in 40.0."""
    return number.last_unit if _DECIMAL.search(number.text) else number.round_unit


def sized(n: Fraction, u: Fraction, r: Fraction, hedge: Hedge | None, tier: Tier) -> Interval:
    """Return the tier table's interval for the size `n` with last unit `u` and round unit `r`."""
    interval = _row(n, u, r, hedge, "strict")
    for wider in TIERS[1 : TIERS.index(tier) + 1]:
        interval = interval.hull(_row(n, u, r, hedge, wider))
    return interval


def _row(n: Fraction, u: Fraction, r: Fraction, hedge: Hedge | None, tier: Tier) -> Interval:
    half, close = u * _HALF, tier != "loose"
    if hedge is None:
        below = r * _HALF if tier == "loose" else half
        above = {"strict": half, "trunc": u, "loose": r * _HALF}[tier]
        return Interval(n - below, n + above)
    rows: dict[Hedge, tuple[Bound, Bound]] = {
        "more_than": (n if tier == "strict" else n - half, n + (max(u, r) if close else max(r, n / 4))),
        "nearly": (
            n - {"strict": max(u, n / 50), "trunc": max(u, n * 7 / 100), "loose": n / 10}[tier],
            n if tier == "strict" else n + half,
        ),
        "about": _around(
            n, {"strict": max(half, n / 50), "trunc": max(u, n * 35 / 1000)}.get(tier, max(r / 2, n * 7 / 100))
        ),
        "at_least": (n, INFINITY),
        "up_to": (-INFINITY, n),
        "less_than": (n - (max(u, n * 7 / 100) if close else n / 4), n),
    }
    return Interval(*rows[hedge])


def _around(n: Fraction, reach: Fraction) -> tuple[Bound, Bound]:
    return n - reach, n + reach


def operand(number: Written, tier: Tier) -> Interval:
    """Return what `number` may stand for where a sum is done with it: never looser than `trunc`.

    Two or more trailing zeros ("53,000 tons") are not read as precise to the last of them, else a
    right rounding would be called a wrong sum; but by no more than 2.5 %, else a wrong sum would pass.
    """
    interval = written(number, "trunc" if tier == "loose" else tier)
    rounded = _round_unit(number)
    if number.hedge is None and number.upper is None and rounded > _PRECISE_ZEROS * number.last_unit:
        half = max(number.last_unit * _HALF, min(rounded * _HALF, abs(number.value) / 40))
        interval = interval.hull(Interval(number.value - half, number.value + half))
    return interval


def literally_allows(number: Written, interval: Interval) -> bool:
    """Tell whether a hedge, taken by the letter, still covers `interval` though no tier does.

    "More than 20 %" of what was 31 % undersells and is not wrong; up to double the number counts.
    """
    size = abs(number.value)
    if number.value < 0:
        interval = -interval
    if number.hedge == "more_than":
        return Interval(size, 2 * size).overlaps(interval)
    if number.hedge == "less_than":
        return Interval(size / 2, size).overlaps(interval)
    return False
