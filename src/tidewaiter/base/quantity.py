"""A number with its unit and the interval it is known to lie in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in `unit` (USD, kg, t, bbl, persons, %, ...), between `low` and `high`.

    Declared money is exact: then `low` and `high` equal `value`. Percentages are per cents
    here and nowhere else, since a Quantity is what a reader sees; tables hold fractions.
    """

    value: Decimal
    unit: str
    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            message = f"quantity {self.value} {self.unit} lies outside its interval {self.low} to {self.high}"
            raise ValueError(message)

    @classmethod
    def exact(cls, value: Decimal | int | str, unit: str) -> Quantity:
        """Make a quantity that is known exactly."""
        number = Decimal(value)
        return cls(number, unit, number, number)
