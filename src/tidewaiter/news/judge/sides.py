"""Set totals and balances, and their changes, against the two flows they are made of.

Exports and imports make a total, their difference a balance; one side and the total give the other. Owns these sums
now and then; must not judge whether they fit.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.judge import alibi
from tidewaiter.news.judge.levels import Levels, parts_of
from tidewaiter.news.judge.relation import NOTHING, Relation, RelationKind, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim

_ROUNDED: Final = Fraction(5, 100)
"""By so much a change made of the changes of both sides may miss: each of them was rounded by itself."""
RATIOS: Final = frozenset({"%", "x"})
_NEAR: Final = 400
"""Characters between a total and parts that name no partner: about two sentences."""


def change_of_parts(claim: Claim, levels: Levels, old: Term | None) -> Iterator[Relation]:
    """Set the change of a total against its parts, then and now; where no base is said, against a year before."""
    if claim.period is None or claim.number is None or {"base_period", "unit"} & set(claim.unresolved):
        return
    if claim.measure == "weight":
        return
    base_period = claim.base_period or year_before(claim.period)
    is_amount = claim.number.unit not in RATIOS
    units = ("USD", *(one for one in levels.units(claim, claim.period) if one not in {"USD", "%"}), "t", "EUR", "CNY")
    for unit in (claim.number.unit,) if is_amount else units:
        for parts in parts_of(claim):
            now = [(levels.level(part, claim.period, unit), sign) for part, sign in parts]
            then = [(levels.level(part, base_period, unit), sign) for part, sign in parts]
            worked_out = any(term is None for term, _ in then)
            if worked_out:
                then = [(levels.before(part, claim.period, base_period, unit), sign) for part, sign in parts]
            top = tuple(replace(term, sign=sign) for term, sign in now if term is not None)
            bottom = tuple(replace(term, sign=sign) for term, sign in then if term is not None)
            if len(top) == len(parts) and len(bottom) == len(parts):
                is_found = len(claim.parties) != 2 or claim.base_period is None
                before = (old,) if old else bottom
                if is_amount:
                    yield from _growth_of_gap(claim, top, before, is_found=is_found)
                else:
                    guessed = worked_out and claim.base_period is None
                    slack = _ROUNDED if worked_out else NOTHING
                    yield Relation("change", claim, top, before, is_found, guessed, slack=slack)
                return


def _growth_of_gap(
    claim: Claim, now: tuple[Term, ...], then: tuple[Term, ...], *, is_found: bool
) -> Iterator[Relation]:
    """Set "its deficit widened by $2 billion" against the flows then and now: a gap grows whichever side it is on."""
    if claim.flow == "balance" and len(then) == 1:
        return  # how the old gap is signed is the story's own way of writing it
    gaps = [sum(one.sign * one.written.value for one in terms) for terms in (now, then)]
    if claim.flow == "balance" and min(gaps) < 0:
        if max(gaps) > 0:
            return  # a surplus that became a deficit has no such size
        turned = [tuple(replace(one, sign=1 if one.sign < 0 else -1) for one in terms) for terms in (now, then)]
        now, then = (tuple(sorted(terms, key=lambda one: -one.sign)) for terms in turned)
    yield Relation("difference", claim, now, then, is_found)


def sum_of_sides(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a total or a balance against the two flows it is made of."""
    assert claim.number is not None
    for parts in parts_of(claim):
        found = [(levels.level(part, claim.period, claim.number.unit), sign) for part, sign in parts]
        terms = tuple(replace(term, sign=sign) for term, sign in found if term is not None)
        if len(terms) == len(parts) and terms[0].span != terms[1].span:
            is_doubtful = (
                not _is_near(claim, levels, terms)
                or alibi.has_other_sum(claim, terms, levels)
                or alibi.is_gap(claim, terms)
            )
            is_doubtful = is_doubtful or alibi.has_other_part(claim, terms, levels)
            is_doubtful = is_doubtful or alibi.makes_another(claim, terms, levels)
            kind: RelationKind = "sum" if claim.type == "total" else "balance"
            yield Relation(kind, claim, terms, (), len(claim.parties) != 2, is_doubtful)
            return
    if claim.type == "balance":
        yield from _of_total_and_side(claim, levels)


def _of_total_and_side(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a balance against the trade in both ways and one of its sides: exports twice less the total."""
    assert claim.number is not None
    unit = claim.number.unit
    total = levels.level(replace(claim, type="total", flow="total"), claim.period, unit)
    for parts in parts_of(claim):
        for part, sign in parts:
            side = levels.level(part, claim.period, unit)
            if total is None or side is None or side.span == total.span:
                continue
            back: Literal[1, -1] = -1 if sign > 0 else 1
            terms = (replace(side, sign=sign), replace(side, sign=sign), replace(total, sign=back))
            terms = terms if sign > 0 else terms[::-1]
            is_doubtful = not _is_near(claim, levels, (side, total)) or alibi.is_gap(claim, (side, total))
            yield Relation("balance", claim, terms, (), True, is_doubtful)
            return


def _is_near(claim: Claim, levels: Levels, found: tuple[Term, ...]) -> bool:
    """Tell whether parts with an unnamed partner stand close enough to be the parts of this total."""
    if len(claim.parties) == 2:
        return True
    starts = [levels.by_id[term.claim_id].sentence_span[0] for term in found]
    return all(abs(start - claim.sentence_span[0]) <= _NEAR for start in starts)


def year_before(period: Period) -> Period:
    """Return the same months of the year before, or of as many years as the period is long."""
    return period.shifted(-12 * -(-period.length // 12))
