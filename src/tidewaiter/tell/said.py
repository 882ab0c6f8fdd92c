"""How an answer's numbers and periods are written: short enough to read, with every digit within reach."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tidewaiter.base.period import Period

SCALES: Final = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
SMALLEST_STEP: Final = Decimal("0.1")
THOUSANDTH: Final = Decimal("0.001")


def plain(value: Decimal) -> str:
    """Write a number with thousand separators and no trailing zeros: `46,398,123.5`."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal, unit: str) -> str:
    """Write an amount: `46.398 million USD`, `100,253 kg`, `12.4 %`.

    From a million on with three decimals at most, as statistical offices print it; `exactly` has the rest.
    """
    if unit == "%":
        return f"{plain(value.quantize(SMALLEST_STEP))} %"
    for size, word in SCALES:
        if abs(value) >= size:
            return f"{plain((value / size).quantize(THOUSANDTH))} {word} {unit}"
    return f"{plain(value)} {unit}"


def exactly(value: Decimal, unit: str) -> str:
    """Write an amount with all its digits where `amount` rounds it: `46,397,973 USD`; else nothing."""
    if unit == "%" or not any(abs(value) >= size and value % (size / 1000) for size, _ in SCALES):
        return ""
    return f"{plain(value)} {unit}"


def span(period: Period | None) -> str:
    """Write a period: `2019`, `2019-07`, `2019-01 to 2019-11`."""
    return "no period" if period is None else str(period).replace("/", " to ").replace("..", " to ")
