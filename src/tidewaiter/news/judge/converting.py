"""Hold amounts of one thing in unlike units against each other: barrels a day, barrels and tonnes.

Barrels a day times the days of the period are the barrels; barrels per tonne lie in a range that depends on the
goods (`barrels_per_tonne.csv`). Owns these two conversions; currencies are in `currencies`.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.beside import is_same_amount
from tidewaiter.news.judge.intervals import Interval
from tidewaiter.news.judge.relation import Relation, Term, term_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.judge.levels import Levels
    from tidewaiter.news.model import Claim, Goods

_A_DAY: Final = "bbl/d"
_AMOUNTS: Final = frozenset({"flow_value", "total", "quota"})


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[str, Interval], ...]:
    """Read the barrels per tonne of goods by the start of their HS code, the longest start first."""
    text = files("tidewaiter.news.judge").joinpath("barrels_per_tonne.csv").read_text(encoding="utf-8")
    rows = [
        (row["hs"], Interval(Fraction(row["low"]), Fraction(row["high"]))) for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


def barrels_per_tonne(goods: Goods) -> Interval | None:
    """Return how many barrels a tonne of `goods` makes, as a range over all its codes; None for no oil."""
    found: Interval | None = None
    for code in goods.hs:
        one = next((range_ for start, range_ in _ranges() if code.startswith(start) or start.startswith(code)), None)
        if one is None:
            return None
        found = one if found is None else found.hull(one)
    return found


def conversions(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a claim's amount against the same amount written in another unit."""
    if claim.number is None or claim.type not in _AMOUNTS:
        return
    unit = claim.number.unit
    if unit == _A_DAY and claim.period is not None and claim.calendar is None:
        term = levels.level(claim, claim.period, "bbl")
        if term is not None:
            days = Interval.point(Fraction(1, _days(claim.period)))
            yield Relation("converts", claim, (_scaled(term, days),), is_found=True)
    if unit in {"t", "bbl"}:
        factor = barrels_per_tonne(claim.goods)
        before = _beside(claim, levels, "t" if unit == "bbl" else "bbl")
        if factor is not None and before is not None:
            scale = factor if unit == "bbl" else factor.reciprocal()
            yield Relation("converts", claim, (_scaled(before, scale),))


def _scaled(term: Term, scale: Interval) -> Term:
    return Term(term.claim_id, term.written, term.sign, term.over, term.words, scale)


def _days(period: Period) -> int:
    return (period.shifted(period.length).first_day - period.first_day).days


def _beside(claim: Claim, levels: Levels, unit: str) -> Term | None:
    """Return the same amount in the other unit where it stands right before the claim's."""
    for other in levels.claims:
        same = other.type == claim.type and (other.exporter, other.importer) == (claim.exporter, claim.importer)
        if same and other.number is not None and other.number.unit == unit and is_same_amount(other, claim):
            return term_of(other)
    return None
