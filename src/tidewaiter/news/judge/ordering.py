"""Hold an order that a story states against the figures it gives: goods in order, ranks, records.

"Mostly A, followed by B"; "the second-largest, with $4 million"; "the highest since 2015"; "a third month
of falls". Owns which pairs of figures such words put in order, the one that must be less on top; must not judge them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.levels import Levels, is_said, sources_fit, what_of
from tidewaiter.news.judge.relation import Relation, Term, term_of
from tidewaiter.news.judge.series import counted_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim

_SMALL: Final = re.compile(r"\b(?:smallest|lowest|least|fewest|last)\b", re.IGNORECASE)
_FOLLOWED: Final = re.compile(r"\b(?:followed|ahead|then|next|before)\b", re.IGNORECASE)
_YEAR: Final = 12
_STEPS: Final = {"month": 1, "quarter": 3, "year": _YEAR}


def orders(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Yield the pairs of figures that the words of `claim` put in order."""
    if claim.type == "record":
        yield from _record(claim, levels)
        return
    if claim.type == "trend":
        yield from _streak(claim, levels)
        return
    terms = [levels.level(replace(claim, goods=item, flow=None), claim.period, "USD") for item in claim.items]
    for first, second in pairwise(terms):
        if first is not None and second is not None and first.span != second.span:
            yield Relation("order", claim, (second,), (first,))
    yield from _ranked(claim, levels)


def _ranked(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a rank with its figure against the next rank of the same list."""
    mine = levels.named(claim, "level") or _beside(claim, levels)
    if claim.rank is None or mine is None or _SMALL.search(claim.quote):
        return
    if claim.rank == 1 and _FOLLOWED.search(claim.sentence):
        yield from _followers(claim, mine, levels)
    for other in levels.claims:
        same = other.type == "ranking" and is_said(other) and _same_list(other, claim)
        if not same or other.rank is None or other.rank <= claim.rank or not sources_fit(claim, other):
            continue
        term = levels.named(other, "level")
        if term is not None and term.written.unit == mine.written.unit and term.span != mine.span:
            yield Relation("order", claim, (term,), (mine,), is_found=True)


def _beside(claim: Claim, levels: Levels) -> Term | None:
    """Return the level of what is ranked where its own sentence states it once."""
    near = [
        one
        for one in levels.claims
        if one.type in {"flow_value", "total"}
        and one.sentence_span == claim.sentence_span
        and what_of(one, one.period) == what_of(claim, claim.period)
    ]
    return term_of(near[0]) if len(near) == 1 else None


def _followers(claim: Claim, first: Term, levels: Levels) -> Iterator[Relation]:
    """Set the first of a list against those its sentence says to follow, which have no ranks of their own."""
    ranked = {(one.exporter, one.importer, one.goods) for one in levels.claims if one.type == "ranking"}
    for other in levels.claims:
        is_later = other.sentence_span == claim.sentence_span and other.span > first.span
        term = term_of(other) if other.type == "flow_value" and is_later and is_said(other) else None
        same = _same_list(other, claim) and (other.exporter, other.importer, other.goods) not in ranked
        if same and term is not None and term.written.unit == first.written.unit:
            yield Relation("order", claim, (term,), (first,), is_found=True)


def _same_list(one: Claim, other: Claim) -> bool:
    """Tell whether two are ranked in one list: they differ in the partner alone, or in the goods alone."""
    if one.period != other.period or (one.flow == "total") != (other.flow == "total"):
        return False
    if one.flow == "total":
        return one.perspective == other.perspective
    differs = (one.exporter != other.exporter, one.importer != other.importer, one.goods != other.goods)
    return sum(differs) == 1


def _record(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a record against each figure stated for an earlier period of the same length within its reach."""
    now = claim.period
    if now is None or claim.rank != 1 or claim.direction not in {"up", "down"}:
        return
    since = counted_from(claim)
    if claim.since is not None and since is None:
        return
    mine = levels.named(claim, "level")
    for unit in (mine.written.unit,) if mine is not None else levels.units(claim, now):
        here = levels.finer(claim, mine, now) if mine is not None else levels.level(claim, now, unit)
        if here is None:
            continue
        for period, term in _earlier(claim, now, levels, unit):
            if since is not None and period.first <= since:
                continue
            low, high = (term, here) if claim.direction == "up" else (here, term)
            yield Relation("order", claim, (low,), (high,), is_found=True)


def _streak(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set each two neighbouring steps of a streak against one another where the story states both.

    A run of months or quarters may be meant against the year before: its steps accuse only where its own
    sentence states them.
    """
    now = claim.period
    is_run = now is not None and claim.run_unit is not None and _STEPS[claim.run_unit] == now.length
    if now is None or not claim.run or not is_run or claim.direction not in {"up", "down"}:
        return
    for unit in levels.units(claim, now):
        steps = [levels.level(claim, now.shifted(-place * now.length), unit) for place in range(claim.run + 1)]
        pairs = [pair if claim.direction == "down" else pair[::-1] for pair in pairwise(steps)]
        known = [(low, high) for low, high in pairs if low is not None and high is not None]
        stated = [levels.by_id[term.claim_id] for pair in known for term in pair]
        is_sure = now.length == _YEAR or all(one.sentence_span == claim.sentence_span for one in stated)
        if is_sure or all(low.written.value <= high.written.value for low, high in known):
            yield from (Relation("order", claim, (low,), (high,), is_found=True) for low, high in known)


def _earlier(claim: Claim, now: Period, levels: Levels, unit: str) -> Iterator[tuple[Period, Term]]:
    for period in levels.periods(claim, unit):
        if period.length == now.length and period.last < now.first:
            term = levels.level(claim, period, unit)
            if term is not None:
                yield period, term
