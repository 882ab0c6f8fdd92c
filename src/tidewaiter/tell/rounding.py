"""Write a number as a sentence does: rounded, and with the word that the rounding calls for.

The words are held to the same table of intervals that the checker reads a story with: what is written here
always contains, at that table's strictest tier, the number it stands for. No other room of `tell` rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.intervals import sized

if TYPE_CHECKING:
    from tidewaiter.news.model import Hedge

SCALES: Final = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
DIGITS: Final = 3
"""Significant digits of an amount in running text."""
HEADLINE_DIGITS: Final = 2
NEARLY: Final = 50
"""What lies below a round number by no more than its 50th part is nearly that number."""
WORDS: Final[dict[Hedge | None, str]] = {
    None: "",
    "more_than": "more than ",
    "nearly": "nearly ",
    "about": "about ",
    "at_least": "at least ",
}
SMALLEST_CHANGE: Final = Decimal("0.1")
"""Per cent below which a change is not worth its words."""
_CENT: Final = Decimal("0.01")
_NEARLY_CERTAIN: Final = Decimal("0.99")


@dataclass(frozen=True, slots=True)
class Rounded:
    """A size as it is written, before its unit: `number` (`46.4`), `scale` (`million`) and the hedge it needs."""

    number: Decimal
    scale: str
    hedge: Hedge | None

    @property
    def words(self) -> str:
        """The number with its scale: `46.4 million`."""
        return f"{self.number:,f} {self.scale}".rstrip()


def dollars(value: Decimal, *, at_least: bool = False) -> str:
    """Write an amount of dollars to three digits: `$46.4 million`, `$123,457`; below a million to the dollar."""
    rounded = _floor(value, DIGITS) if at_least else _plain(value, DIGITS)
    return _dollars(rounded)


def headline_dollars(value: Decimal, *, at_least: bool = False) -> str:
    """Write an amount for a headline, to two digits: `more than $46 million`, `nearly $47 million`."""
    return _dollars(_floor(value, HEADLINE_DIGITS) if at_least else _hedged(value))


def percent(value: Decimal, *, headline: bool = False, at_least: bool = False) -> str:
    """Write the size of a percentage without its sign: `44.3 percent`, in a headline `44 percent`.

    Below one with as many places as it takes to show two digits. `at_least` cuts instead of rounding and says so.
    """
    size = abs(value)
    at_least = at_least and size < 100  # nothing can be more than all of it
    places = 0 if headline and size >= 10 else 1
    while places < 6 and size and size < Decimal(1).scaleb(1 - places):
        places += 1
    rounding = ROUND_FLOOR if at_least else ROUND_HALF_UP
    written = _short(size.quantize(Decimal(1).scaleb(-places), rounding))
    while written == 100 != size and places < 6:  # "down 100 percent" would say that nothing is left
        places += 1
        written = _short(size.quantize(Decimal(1).scaleb(-places), rounding))
    return f"{WORDS['at_least'] if at_least else ''}{written:,f} percent"


def whole(value: Decimal) -> Decimal:
    """Round to whole units."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def probability(value: Decimal) -> str:
    """Write a probability with two digits, and never as certain where it is not: `0.63`, `more than 0.99`."""
    cut = value.quantize(_CENT, ROUND_FLOOR)
    return f"more than {_NEARLY_CERTAIN}" if _NEARLY_CERTAIN < value < 1 else f"{cut}"


def as_fraction(percent: Decimal) -> Decimal:
    """Write a percentage as the fraction that tables hold."""
    return percent / 100


def holds(rounded: Rounded, value: Decimal) -> bool:
    """Tell whether `value` lies in what `rounded` says, at the strictest tier of the checker's table."""
    factor = _factor(rounded.scale)
    number = Fraction(rounded.number * factor)
    last = Fraction(10) ** int(rounded.number.as_tuple().exponent) * Fraction(factor)
    zeros = last
    while number and number % (zeros * 10) == 0:
        zeros *= 10
    return sized(number, last, zeros, rounded.hedge, "strict").contains(Fraction(value))


def _dollars(rounded: Rounded) -> str:
    return f"{WORDS[rounded.hedge]}${rounded.words}"


def _factor(scale: str) -> Decimal:
    return next((size for size, word in SCALES if word == scale), Decimal(1))


def _cut(value: Decimal, digits: int, rounding: str) -> tuple[Decimal, str]:
    """Round a size to `digits` significant ones in its scale; below a million to the whole, below ten to the cent."""
    size = abs(value)
    factor, scale = next(((each, word) for each, word in SCALES if size >= each), (Decimal(1), ""))
    if not scale:
        step = Decimal(1) if size >= 10 else _CENT
        number = size.quantize(step, rounding)
        # 999,999.6 dollars are a million.
        return (Decimal(1), "million") if number >= SCALES[-1][0] else (_short(number), scale)
    scaled = size / factor
    step = Decimal(1).scaleb(scaled.adjusted() - digits + 1)
    number = scaled.quantize(step, rounding)
    if number >= 1000 and scale != SCALES[0][1]:
        return number / 1000, next(word for each, word in SCALES if each == factor * 1000)
    return _short(number), scale


def _short(number: Decimal) -> Decimal:
    """Drop zeros behind the point, but none before it: 46.40 becomes 46.4, and 120 stays 120."""
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent <= 0 else short.quantize(Decimal(1))


def _plain(value: Decimal, digits: int) -> Rounded:
    number, scale = _cut(value, digits, ROUND_HALF_UP)
    plain = Rounded(number, scale, None)
    return plain if holds(plain, abs(value)) else Rounded(number, scale, "about")


def _floor(value: Decimal, digits: int) -> Rounded:
    number, scale = _cut(value, digits, ROUND_FLOOR)
    return Rounded(number, scale, "at_least")


def _hedged(value: Decimal) -> Rounded:
    """Round to two digits and choose the word: exact, a little below the next, or above; else take three digits."""
    size = abs(value)
    number, scale = _cut(value, HEADLINE_DIGITS, ROUND_HALF_UP)
    said = number * _factor(scale)
    if not scale:
        return _plain(value, DIGITS)  # below a million every dollar is written
    if said == size:
        return Rounded(number, scale, None)
    nearly = Rounded(number, scale, "nearly")
    if size < said and (said - size) * NEARLY <= said and holds(nearly, size):
        return nearly
    number, scale = _cut(value, HEADLINE_DIGITS, ROUND_FLOOR)
    above = Rounded(number, scale, "more_than")
    return above if number and holds(above, size) else _plain(value, DIGITS)
