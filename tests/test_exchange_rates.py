"""What a dollar was worth in other money, held against the other table of rates and against common sense."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tidewaiter import codes
from tidewaiter.base.period import Period
from tidewaiter.codes.euro_rates import usd_per_eur
from tidewaiter.codes.exchange_rates import per_dollar

TABLE = Path(codes.__file__).parent / "exchange_rates.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def test_the_average_euro_of_every_month_lies_between_its_lowest_and_highest_day():
    months = [row["period"] for row in ROWS if row["currency"] == "EUR"]
    assert len(months) == 334  # January 1999 to October 2026
    for month in months:
        low, high = per_dollar("EUR", Period.parse(month))
        assert float(low) - 0.0001 <= 1 / float(usd_per_eur(month)) <= float(high) + 0.0001, month


def test_no_day_of_a_month_is_far_from_its_others():
    """The lira of December 2021 and the ruble of February 2022 moved by two fifths; a slipped comma moves tenfold."""
    wide = [row for row in ROWS if not 1 <= float(row["high"]) / float(row["low"]) < 1.8]
    assert wide == []


def test_a_year_reaches_from_its_dearest_to_its_cheapest_month():
    year = per_dollar("CNY", Period.parse("2019"))
    months = [per_dollar("CNY", Period.parse(f"2019-{month:02}")) for month in range(1, 13)]
    assert year == (min(low for low, _ in months), max(high for _, high in months))


@pytest.mark.parametrize(("money", "period"), [("RUB", "2022"), ("IRR", "2019"), ("EUR", "1998"), ("EUR", "2026")])
def test_a_period_with_any_month_missing_has_no_rate(money, period):
    assert per_dollar(money, Period.parse(period)) is None
