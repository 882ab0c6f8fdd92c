"""Put amounts and changes in other money beside statistics in dollars, by the rates of the claim's own period.

The rate is a range, from the dearest to the cheapest day of the period (`codes/exchange_rates.csv`), and every
interval is widened by it: who converted, on which days and weighted by what, the story does not say. Owns this
conversion only; rates that a story itself implies are in `currencies`.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tidewaiter.codes.exchange_rates import per_dollar
from tidewaiter.news.judge.intervals import Interval

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim, Written

DOLLARS = "USD"


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency's code."""
    return len(unit) == 3 and unit.isalpha() and unit.isupper()


def dollars_per(unit: str, period: Period | None) -> Interval | None:
    """Return what one unit of money was worth in dollars over `period`; None without a rate for all of it."""
    if unit == DOLLARS:
        return Interval.point(1)
    rate = per_dollar(unit, period) if period is not None else None
    return None if rate is None else Interval(*rate).reciprocal()


def foreign_money(claim: Claim) -> str | None:
    """Return the currency a claim is to be converted from; None where it is in dollars or has them beside it.

    A change is in the money of its level, whatever stands beside that: its size was reckoned in it.
    """
    figure = _money_of(claim)
    if figure is None or figure.unit == DOLLARS:
        return None
    is_amount = figure is claim.number
    return None if is_amount and any(one.unit == DOLLARS for one in figure.restated) else figure.unit


def _money_of(claim: Claim) -> Written | None:
    """Return the number that says what money a claim is in: its own amount, of a change in per cent its level."""
    told = [claim.number]
    if claim.type in {"change", "trend"}:
        told += [claim.level, claim.base]
    return next((one for one in told if one is not None and is_money(one.unit)), None)


def is_shared(claim: Claim) -> bool:
    """Tell whether several countries call money by the name a claim uses ("rupees"): the rate may be another's."""
    figure = _money_of(claim)
    if figure is None or foreign_money(claim) is None:
        return False
    return not _shared().isdisjoint(re.findall(r"[^\W\d_]+|[^\w\s.,-]", figure.text.casefold()))


@cache
def _shared() -> frozenset[str]:
    text = files("tidewaiter.news.judge").joinpath("shared_money.csv").read_text(encoding="utf-8")
    return frozenset(row["word"] for row in csv.DictReader(text.splitlines()))


def has_no_rate(claim: Claim) -> bool:
    """Tell whether a claim is in other money for which a rate of its period, or of its base's, is missing."""
    unit = foreign_money(claim)
    if unit is None:
        return False
    periods = [claim.period, claim.base_period] if claim.base_period is not None else [claim.period]
    return any(dollars_per(unit, period) is None for period in periods)


def amount_in_dollars(number: Written, said: Interval, period: Period | None) -> Interval | None:
    """Return an amount of money in dollars, widened by the rates of `period`; None without a rate."""
    worth = dollars_per(number.unit, period)
    return None if worth is None else said * worth


def roughly_in_dollars(claim: Claim) -> Fraction | None:
    """Return a claim's amount of other money in dollars, at the middle of its rates; None without one."""
    worth = dollars_per(claim.number.unit, claim.period) if claim.number is not None else None
    if claim.number is None or worth is None:
        return None
    return claim.number.value * Fraction(worth.low + worth.high) / 2


def ratio_in_dollars(claim: Claim, said: Interval) -> Interval:
    """Widen a ratio of two levels in other money to what it may have been in dollars: a currency moves too."""
    figure = claim.level or claim.base
    if figure is None or not is_money(figure.unit) or figure.unit == DOLLARS:
        return said
    now, before = dollars_per(figure.unit, claim.period), dollars_per(figure.unit, claim.base_period)
    if now is None or before is None:
        return said
    return said.hull(said * (now / before))


def rate_words(claim: Claim) -> str | None:
    """Say at which rates a claim was converted; None where it was not."""
    unit = foreign_money(claim)
    rate = per_dollar(unit, claim.period) if unit is not None and claim.period is not None else None
    if unit is None or rate is None:
        return None
    low, high = (f"{float(one):.5g}" for one in rate)
    between = f"{low}" if low == high else f"{low} to {high}"
    days = f"{between} {unit} a dollar, the lowest and highest day of the period (European Central Bank)"
    is_amount = claim.number is not None and is_money(claim.number.unit)
    return (
        f"Converted at {days}."
        if is_amount
        else f"It is of amounts in {unit}, and allows for what that was worth: {days}."
    )
