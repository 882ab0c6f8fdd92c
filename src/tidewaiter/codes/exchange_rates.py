"""What a US dollar was worth in other money: the lowest and highest day of a month, from `exchange_rates.csv`.

Cross rates of the European Central Bank's daily reference rates against the euro, on the days that have both.
A month with fewer than fifteen such days is not held. Owns the table; converts nothing itself.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidewaiter.base.period import Period

_TABLE = Path(__file__).with_name("exchange_rates.csv")


def per_dollar(currency: str, period: Period) -> tuple[Fraction, Fraction] | None:
    """Return the fewest and most units of `currency` that a dollar cost on any day of `period`.

    None where the table lacks the currency or any month of the period: half a year of rates says nothing
    about the other half.
    """
    table = _rates()
    months = [table.get((_month(ordinal), currency)) for ordinal in range(period.first, period.last + 1)]
    known = [month for month in months if month is not None]
    if not known or len(known) < len(months):
        return None
    return min(Fraction(low) for low, _ in known), max(Fraction(high) for _, high in known)


def _month(ordinal: int) -> str:
    return f"{ordinal // 12}-{ordinal % 12 + 1:02}"


@lru_cache(maxsize=1)
def _rates() -> dict[tuple[str, str], tuple[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {(row["period"], row["currency"]): (row["low"], row["high"]) for row in csv.DictReader(lines)}
