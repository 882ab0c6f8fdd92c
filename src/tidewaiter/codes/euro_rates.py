"""What a euro was worth in US dollars, on average over a year or month: `euro_rates.csv`, or not at all."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tidewaiter.base.errors import CodeError


def usd_per_eur(period: str) -> Decimal:
    """Return the average rate of `2019` or `2019-07`; raises `CodeError` for a period that the table lacks."""
    known = _rates()
    if period not in known:
        same = [each for each in known if len(each) == len(period)]
        kind = "months" if len(period) > 4 else "years"
        message = f"no euro rate of {period} is known; euro_rates.csv has {kind} from {min(same)} to {max(same)}"
        raise CodeError(message)
    return known[period]


@lru_cache(maxsize=1)
def _rates() -> dict[str, Decimal]:
    with Path(__file__).with_name("euro_rates.csv").open(encoding="utf-8", newline="") as lines:
        return {row["period"]: Decimal(row["usd_per_eur"]) for row in csv.DictReader(lines)}
