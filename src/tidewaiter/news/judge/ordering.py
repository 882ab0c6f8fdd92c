"""Hold an order that a story states against the figures it gives: goods in order, ranks, records.

"Mostly A, followed by B"; "the second-largest, with $4 million"; "the highest since 2015". Owns which pairs of
figures such words put in order, the one that must be less on top; must not judge them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.levels import Levels, is_said, sources_fit
from tidewaiter.news.judge.relation import Relation, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim

_SMALL: Final = re.compile(r"\b(?:smallest|lowest|least|fewest|last)\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


def orders(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Yield the pairs of figures that the words of `claim` put in order."""
    if claim.type == "record":
        yield from _record(claim, levels)
        return
    terms = [levels.level(replace(claim, goods=item, flow=None), claim.period, "USD") for item in claim.items]
    for first, second in pairwise(terms):
        if first is not None and second is not None and first.span != second.span:
            yield Relation("order", claim, (second,), (first,))
    yield from _ranked(claim, levels)


def _ranked(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a rank with its figure against the next rank of the same list."""
    mine = levels.named(claim, "level")
    if claim.rank is None or mine is None or _SMALL.search(claim.quote):
        return
    for other in levels.claims:
        same = other.type == "ranking" and is_said(other) and _list_of(other) == _list_of(claim)
        if not same or other.rank is None or other.rank <= claim.rank or not sources_fit(claim, other):
            continue
        term = levels.named(other, "level")
        if term is not None and term.written.unit == mine.written.unit and term.span != mine.span:
            yield Relation("order", claim, (term,), (mine,), is_found=True)


def _list_of(claim: Claim) -> tuple[object, ...]:
    """Return what a rank is a rank among: the partners of one side for the same goods, or the goods of a pair."""
    if claim.flow in {"total", "balance"}:
        return (claim.flow, claim.perspective, claim.period)
    if claim.goods.text is None:
        return ("partners", claim.perspective, claim.perspective == claim.importer, claim.period)
    return ("goods", claim.exporter, claim.importer, claim.period)


def _record(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a record against each figure stated for an earlier period of the same length within its reach."""
    now = claim.period
    if now is None or claim.rank != 1 or claim.direction not in {"up", "down"}:
        return
    since = _YEAR.search(claim.since or "")
    if claim.since is not None and since is None:
        return
    mine = levels.named(claim, "level")
    for unit in (mine.written.unit,) if mine is not None else levels.units(claim, now):
        here = levels.finer(claim, mine, now) if mine is not None else levels.level(claim, now, unit)
        if here is None:
            continue
        for period, term in _earlier(claim, now, levels, unit):
            if since is not None and period.first // 12 <= int(since[0]):
                continue
            low, high = (term, here) if claim.direction == "up" else (here, term)
            yield Relation("order", claim, (low,), (high,), is_found=True)


def _earlier(claim: Claim, now: Period, levels: Levels, unit: str) -> Iterator[tuple[Period, Term]]:
    for period in levels.periods(claim, unit):
        if period.length == now.length and period.last < now.first:
            term = levels.level(claim, period, unit)
            if term is not None:
                yield period, term
