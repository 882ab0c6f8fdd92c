"""Which span a bulletin tells of where nobody named one: the last year that the lake has anything of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.base.period import Period
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame


def latest(trade: Frame, target: str, partner: str | None) -> Period | None:
    """Return the last year of all goods declared about a pair, else of any goods; None where nothing was declared.

    A year of which only months are there, and not the last of them, is told up to the last month there is.
    """
    found = about(trade, target, partner)
    return _last(found.filter(nw.col("product") == TOTAL)) or _last(found)


def about(trade: Frame, target: str, partner: str | None) -> Frame:
    """Keep what was declared of a target's trade with a partner, or with everybody, whoever declared it."""
    ends = nw.any_horizontal(nw.col("exporter") == target, nw.col("importer") == target, ignore_nulls=False)
    found = trade.filter(ends)
    if partner is None:
        return found
    other = nw.any_horizontal(nw.col("exporter") == partner, nw.col("importer") == partner, ignore_nulls=False)
    return found.filter(other)


def _last(found: Frame) -> Period | None:
    year = found.select(nw.col("year").max()).to_native().fetchall()[0][0]
    if year is None:
        return None
    periods = {
        text for (text,) in found.filter(nw.col("year") == year).select("period").unique().to_native().fetchall()
    }
    whole = f"{year:04d}"
    return (
        Period.parse(whole) if whole in periods else Period(Period.parse(whole).first, Period.parse(max(periods)).last)
    )
