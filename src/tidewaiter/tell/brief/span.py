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
    about = _about(trade, target, partner)
    return _last(about.filter(nw.col("product") == TOTAL)) or _last(about)


def _about(trade: Frame, target: str, partner: str | None) -> Frame:
    ends = nw.any_horizontal(nw.col("exporter") == target, nw.col("importer") == target, ignore_nulls=False)
    about = trade.filter(ends)
    if partner is None:
        return about
    other = nw.any_horizontal(nw.col("exporter") == partner, nw.col("importer") == partner, ignore_nulls=False)
    return about.filter(other)


def _last(about: Frame) -> Period | None:
    year = about.select(nw.col("year").max()).to_native().fetchall()[0][0]
    if year is None:
        return None
    periods = {
        text for (text,) in about.filter(nw.col("year") == year).select("period").unique().to_native().fetchall()
    }
    whole = f"{year:04d}"
    return (
        Period.parse(whole) if whole in periods else Period(Period.parse(whole).first, Period.parse(max(periods)).last)
    )
