"""Tell where figures fit in another way than the one they were taken for.

Another period of the same thing, its weight for its value, the gap between two flows for their sum: then a word was
misread, not a figure misprinted, and the link is doubtful. Owns these tests alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.beside import whole_beside
from tidewaiter.news.judge.intervals import Interval, operand, written
from tidewaiter.news.judge.levels import LEVELS
from tidewaiter.news.judge.ratios import ratios
from tidewaiter.news.judge.relation import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tidewaiter.news.judge.levels import Levels
    from tidewaiter.news.model import Claim

_YEAR: Final = 12


def has_other_base(claim: Claim, new: Term, old: Term, levels: Levels) -> bool:
    """Tell whether the change fits from the level of some other period, but not from the one found for it."""
    said = [interval for name, interval in ratios(claim, "trunc") if name == "usual"]
    if not said or claim.number is None:
        return False
    now = operand(new.written, "trunc")
    if said[0].overlaps(now / operand(old.written, "trunc")):
        return False
    others = (one for one in _elsewhere(claim, new.written.unit, levels) if one.span not in {new.span, old.span})
    return any(said[0].overlaps(now / operand(one.written, "strict")) for one in others)


def has_other_unit(claim: Claim, unit: str, levels: Levels) -> bool:
    """Tell whether the change fits the levels in another unit: "up 5 % by weight" beside figures of value."""
    for other in levels.units(claim, claim.period, claim.base_period):
        new, old = (levels.level(claim, period, other) for period in (claim.period, claim.base_period))
        if other not in {unit, "%"} and new is not None and old is not None and fits(claim, new, old):
            return True
    return False


def fits(claim: Claim, new: Term, old: Term) -> bool:
    """Tell whether a relative change in its usual reading fits two figures as they are written."""
    said = [interval for name, interval in ratios(claim, "trunc") if name == "usual"]
    return bool(said) and said[0].overlaps(operand(new.written, "trunc") / operand(old.written, "trunc"))


def fits_beside(claim: Claim, new: Term, old: Term, levels: Levels) -> bool:
    """Tell whether the figure right before or after the change fits in the place of one it was linked to.

    In "$4 billion of imports, down 24 % from $6 billion, and $1 billion of exports" each change has its own.
    """
    if claim.number is None or fits(claim, new, old):
        return False
    amounts = (term for one in levels.beside(claim) for term in _amounts(one) if term.written.unit == new.written.unit)
    near = {term.span: term for term in amounts}
    before = max((span for span in near if span[1] <= claim.number.span[0]), default=None)
    after = min((span for span in near if span[0] >= claim.number.span[1]), default=None)
    found = [near[span] for span in (before, after) if span is not None]
    others = [one for one in found if not (_is_same(one, new) or _is_same(one, old))]
    return any(fits(claim, one, old) or fits(claim, new, one) for one in others)


def _is_same(one: Term, other: Term) -> bool:
    """Tell whether two figures are one place or one amount, once said more roughly."""
    return one.span == other.span or written(one.written, "loose").overlaps(written(other.written, "trunc"))


def _amounts(claim: Claim) -> Iterator[Term]:
    numbers = (claim.number if claim.type in LEVELS else None, claim.level, claim.base)
    for number in numbers:
        if number is not None and number.unit not in {"%", "x", "pp"}:
            yield Term(claim.id, number, words=number.text)


def fits_year_before(claim: Claim, new: Term, old: Term, levels: Levels) -> bool:
    """Tell whether a change fits from the same months a year before, and not from the base it was linked to."""
    if claim.period is None or fits(claim, new, old):
        return False
    then = levels.level(claim, claim.period.shifted(-_YEAR), new.written.unit)
    return then is not None and then.span not in {new.span, old.span} and fits(claim, new, then)


def is_out_of_order(claim: Claim) -> bool:
    """Tell whether a change is set against a later period: one of the two is misread, or the words go backwards."""
    return claim.period is not None and claim.base_period is not None and claim.base_period.first > claim.period.first


def is_whole_of_share(claim: Claim, new: Term, levels: Levels) -> bool:
    """Tell whether the level taken for a change is what a share beside it is a share of, and so no subject of it."""
    shares = (one for one in levels.claims if one.type == "share" and one.sentence_span == claim.sentence_span)
    wholes = (whole_beside(one, levels.claims) for one in shares)
    return any(one.number is not None and one.number.span == new.span for one in wholes if one is not None)


def is_gap(claim: Claim, parts: Iterable[Term]) -> bool:
    """Tell whether a total is the difference of its parts, or a balance their sum: then the word was misread."""
    assert claim.number is not None
    ends = [operand(part.written, "trunc") for part in parts]
    if len(ends) != 2:
        return False
    said = written(claim.number, "trunc")
    if claim.type == "total":
        return any(said.overlaps(one - other) for one, other in (ends, ends[::-1]))
    made = ends[0] + ends[1]
    return said.overlaps(made) or said.overlaps(-made)


def has_other_sum(claim: Claim, parts: Iterable[Term], levels: Levels) -> bool:
    """Tell whether the parts make the total of some other period, but not the one they were found for."""
    assert claim.number is not None
    made = made_of(parts)
    if made.overlaps(written(claim.number, "trunc")):
        return False
    others = (one for one in _elsewhere(claim, claim.number.unit, levels) if one.span != claim.number.span)
    return any(made.overlaps(written(one.written, "strict")) for one in others)


def has_other_part(claim: Claim, parts: Sequence[Term], levels: Levels) -> bool:
    """Tell whether a total or balance fits with one of its two flows of another period, but not as they were found."""
    assert claim.number is not None
    said, unit = written(claim.number, "trunc"), claim.number.unit
    if len(parts) != 2 or _meets(said, parts):
        return False
    for place, part in enumerate(parts):
        stated, other = levels.by_id[part.claim_id], parts[1 - place]
        for period in levels.periods(stated, unit):
            term = levels.level(stated, period, unit)
            if term is not None and term.span != part.span and _meets(said, (replace(term, sign=part.sign), other)):
                return True
    return False


def _meets(said: Interval, parts: Iterable[Term]) -> bool:
    made = made_of(parts)
    return said.overlaps(made) or said.overlaps(-made)


def makes_another(claim: Claim, parts: Iterable[Term], levels: Levels) -> bool:
    """Tell whether the parts make another figure told for the same: then this one is of another account."""
    assert claim.number is not None
    made = made_of(parts)
    others = (one for one in levels.others(claim, claim.period, claim.number.unit) if one.span != claim.number.span)
    return any(written(one.written, "trunc").overlaps(made) for one in others)


def made_of(parts: Iterable[Term]) -> Interval:
    """Return the sum of figures with their signs, each as wide as its rounding."""
    made = Interval.point(0)
    for part in parts:
        size = operand(part.written, "trunc")
        made += -size if part.sign < 0 else size
    return made


def _elsewhere(claim: Claim, unit: str, levels: Levels) -> Iterator[Term]:
    for period in levels.periods(claim, unit):
        term = levels.level(claim, period, unit) if period != claim.period else None
        if term is not None:
            yield term
