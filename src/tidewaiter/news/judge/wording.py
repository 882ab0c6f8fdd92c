"""How numbers, periods and parties are said in a finding: plain English, the same on every machine.

Owns no judgement. Rounding is half up on exact fractions, never by the machine's locale or floats.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.news.judge.intervals import Bound, Interval

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def decimal(value: Fraction, places: int) -> Decimal:
    """Round half up to `places` decimals (negative places round to tens, hundreds, ...)."""
    step = Fraction(10) ** -places
    whole = (abs(value) / step + Fraction(1, 2)).__floor__()
    rounded = Decimal(whole).scaleb(-places)
    return -rounded if value < 0 and whole else rounded


def number(value: Bound, places: int | None = None, *, sign: bool = False) -> str:
    """Write a number with a thousand separator; without `places`, to four significant digits."""
    if not isinstance(value, Fraction):
        return "any amount"
    if places is None:
        places = max(0, 3 - _magnitude(value))
    text = f"{decimal(value, places):,f}"
    if "." in text and places:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        text = "0"
    return f"+{text}" if sign and value > 0 and text != "0" else text


def _magnitude(value: Fraction) -> int:
    size, power = abs(value), 0
    while size >= 10:
        size, power = size / 10, power + 1
    return power


def amount(value: Bound, unit: str) -> str:
    """Write an amount as people say it: `$42.17 million`, `53,000 t`, `83 %`."""
    if not isinstance(value, Fraction):
        return "any amount"
    if unit == "%":
        return f"{number(value, 1)} %"
    if unit == "pp":
        return f"{number(value, 1)} percentage points"
    if unit == "x":
        return f"{number(value, 2)} times"
    text, scale = number(value), ""
    for size, word in _SCALES:
        if abs(value) >= size:
            text, scale = number(value / size), f" {word}"
            break
    if unit == "USD":
        return f"-${text[1:]}{scale}" if text.startswith("-") else f"${text}{scale}"
    return f"{text}{scale} {unit}".strip()


def signed_percent(value: Bound, places: int = 0) -> str:
    """Write a change in per cent with its sign: `+31 %`."""
    if not isinstance(value, Fraction):
        return "any change"
    return f"{number(value, places, sign=True)} %"


def between(interval: Interval, unit: str) -> str:
    """Write an interval: `between $41.5 million and $43 million`, `at least ...`, `exactly ...`."""
    if interval.low == interval.high:
        return f"exactly {amount(interval.low, unit)}"
    if not isinstance(interval.low, Fraction):
        return f"at most {amount(interval.high, unit)}"
    if not isinstance(interval.high, Fraction):
        return f"at least {amount(interval.low, unit)}"
    low, high = amount(interval.low, unit), amount(interval.high, unit)
    return f"between {low} and {high}" if low != high else f"close to {low}"


def span(period: Period | None) -> str:
    """Write a period: `2018`, `Nov 2019`, `Jan-Nov 2019`, `Dec 2022-Apr 2023`."""
    if period is None:
        return "an unknown period"
    if period.is_full_years:
        first, last = period.first // 12, period.last // 12
        return f"{first}" if first == last else f"{first}-{last}"
    start, end = MONTHS[period.first % 12], MONTHS[period.last % 12]
    if period.length == 1:
        return f"{start} {period.first // 12}"
    if period.first // 12 == period.last // 12:
        return f"{start}-{end} {period.first // 12}"
    return f"{start} {period.first // 12}-{end} {period.last // 12}"


def months(count: int) -> str:
    """Write a number of months: `1 month`, `11 months`."""
    return f"{count} month" if count == 1 else f"{count} months"


def joined(parts: list[str]) -> str:
    """Join a list as a sentence does: `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
