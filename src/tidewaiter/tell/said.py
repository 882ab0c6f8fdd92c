"""How an answer's numbers and periods are written: exactly as they are known, never rounded away."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tidewaiter.base.period import Period

SCALES: Final = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
SMALLEST_STEP: Final = Decimal("0.1")


def plain(value: Decimal) -> str:
    """Write a number with thousand separators and no trailing zeros: `46,398,123.5`."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal, unit: str) -> str:
    """Write an amount in full: `46.398 million USD`, `100,253 kg`, `12.4 %`."""
    if unit == "%":
        return f"{plain(value.quantize(SMALLEST_STEP))} %"
    for size, word in SCALES:
        if abs(value) >= size:
            return f"{plain(value / size)} {word} {unit}"
    return f"{plain(value)} {unit}"


def span(period: Period | None) -> str:
    """Write a period: `2019`, `2019-07`, `2019-01 to 2019-11`."""
    return "no period" if period is None else str(period).replace("/", " to ").replace("..", " to ")
