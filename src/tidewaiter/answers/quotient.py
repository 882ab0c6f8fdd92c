"""Divide quantities exactly and carry their intervals along; a quotient that cannot be had is None."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from tidewaiter.base.quantity import Quantity

PLACES: Final = 12
"""A quotient that no short decimal holds is rounded to so many places, its interval outwards."""


def relative_change(new: Quantity, base: Quantity) -> Quantity | None:
    """Return the change from `base` to `new` in per cent of the base's size; None from a base that may be zero."""
    if base.low <= 0 <= base.high:
        return None
    corners = [
        (Fraction(end) - Fraction(start)) / abs(Fraction(start))
        for end in (new.low, new.high)
        for start in (base.low, base.high)
    ]
    middle = (Fraction(new.value) - Fraction(base.value)) / abs(Fraction(base.value))
    return _percent(middle, min(corners), max(corners))


def difference(new: Quantity, base: Quantity) -> Quantity:
    """Return `new` less `base`, in their unit."""
    return Quantity(new.value - base.value, new.unit, new.low - base.high, new.high - base.low)


def percentage(part: Quantity, whole: Quantity) -> Quantity | None:
    """Return `part` in per cent of `whole`; None of a whole that may be zero or less."""
    if whole.low <= 0:
        return None
    corners = [Fraction(top) / Fraction(bottom) for top in (part.low, part.high) for bottom in (whole.low, whole.high)]
    return _percent(Fraction(part.value) / Fraction(whole.value), min(corners), max(corners))


def fraction(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return `part` as a fraction of `whole`; None of a whole that is zero or less."""
    return decimal(Fraction(part) / Fraction(whole), ROUND_HALF_EVEN) if whole > 0 else None


def decimal(number: Fraction, rounding: str) -> Decimal:
    """Write a fraction as a decimal of at most `PLACES` places."""
    scaled = number * 10**PLACES
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    up = rounding == ROUND_CEILING and rest > 0
    if rounding == ROUND_HALF_EVEN:
        twice = 2 * rest
        up = twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1)
    digits = str(abs(whole + up)).rjust(PLACES + 1, "0")
    sign = "-" if whole + up < 0 else ""
    return Decimal(f"{sign}{digits[:-PLACES]}.{digits[-PLACES:]}".rstrip("0").rstrip("."))


def _percent(middle: Fraction, low: Fraction, high: Fraction) -> Quantity:
    value = decimal(middle * 100, ROUND_HALF_EVEN)
    if low == high:
        return Quantity.exact(value, "%")
    return Quantity(value, "%", decimal(low * 100, ROUND_FLOOR), decimal(high * 100, ROUND_CEILING))
