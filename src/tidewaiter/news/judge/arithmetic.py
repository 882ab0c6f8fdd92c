"""Hold the story against itself: do the figures that are linked in it fit one another.

Needs no data. A relation is an error only where what the claim says, read as loosely as its tier
allows, has nothing in common with what the other figures make it, each taken with its own rounding.
Right rounded numbers never conflict; owns that test and its sentence, not how figures are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.judge import sums
from tidewaiter.news.judge.intervals import INFINITY, TIERS, Bound, Interval, Tier, literally_allows, operand, written
from tidewaiter.news.judge.ratios import ratios, simple_fraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidewaiter.news.judge.relation import Relation, Term
    from tidewaiter.news.model import Claim, Span

ArithmeticVerdict = Literal["consistent", "arithmetic_error", "not_checkable"]
Form = Literal["ratio", "difference", "sum", "order"]
_HUNDRED: Final = Fraction(100)
_WILD: Final = Fraction(8, 5)
"""Further apart than by this factor, figures that were only found for one another are not held to be linked."""
_WILD_SUM: Final = Fraction(3)
"""The same for a total whose two parts both name its parties, and for orders."""
_NARROW: Final = Fraction(103, 100)
"""A slip of the decimal point is told only from figures known this closely."""
_POWERS: Final = tuple(Fraction(10) ** power for power in (1, 2, 3, 6))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The outcome for one claim. `implied` is what the other figures make it, in the claim's own unit.

    `tier` and `reading` say how generously and in which sense it fits; `discrepancy` is the gap to the
    nearest implied end as a fraction of that end, for an error.
    """

    verdict: ArithmeticVerdict
    explanation: str
    relation: Relation | None = None
    implied: Interval | None = None
    nominal: Fraction | None = None
    tier: Tier | None = None
    reading: str = "usual"
    discrepancy: Fraction | None = None
    flags: tuple[str, ...] = ()


Overrides = dict["Span", Interval]
"""Figures, by their place in the text, that a repair sets to something else."""

NOTHING_LINKED: Final = Arithmetic("not_checkable", "Nothing else in the story restates or implies this figure.")


def judge(relation: Relation, overrides: Mapping[Span, Interval] | None = None) -> Arithmetic:
    """Test one relation: `consistent` at the first tier and reading that fit, else `arithmetic_error`."""
    claim = relation.target
    implied_trunc = implied(relation, "trunc", overrides)
    shown = _in_claim_unit(relation, implied_trunc)
    nominal = _nominal(relation)
    if relation.kind in {"parts", "order"}:
        return _judge_order(relation, implied_trunc)
    for tier in TIERS:
        for name, said, form in _claimed(relation, tier, overrides):
            is_usual = name in {"usual", "other_side"}
            if (is_usual or tier != "loose") and said.overlaps(_implied_as(relation, tier, form, overrides)):
                return Arithmetic(
                    "consistent",
                    sums.outcome(relation, shown, nominal, fits=True),
                    relation,
                    shown,
                    nominal,
                    tier,
                    name,
                )
    if claim.number is not None and literally_allows(claim.number, _unsigned(claim, shown)):
        words = sums.outcome(relation, shown, nominal, fits=True)
        return Arithmetic("consistent", words, relation, shown, nominal, "loose", "usual", flags=("understated",))
    said = _claimed(relation, "strict", overrides)[0][1]
    slip = _is_slip(said, implied_trunc)
    if relation.is_doubtful or (_is_wild(relation, said, implied_trunc) and not slip):
        return NOTHING_LINKED
    gap, flags = _discrepancy(relation, said, implied_trunc)
    if relation.slack and gap is not None and gap <= relation.slack:
        return NOTHING_LINKED
    flags = (*flags, "wrong_magnitude") if slip else flags
    words = sums.outcome(relation, shown, nominal, fits=False)
    return Arithmetic("arithmetic_error", words, relation, shown, nominal, None, "usual", gap, flags)


def _judge_order(relation: Relation, excess: Interval) -> Arithmetic:
    """Judge an order or a limit by how far the top goes beyond the bottom; a limit that is kept says nothing."""
    if excess.low <= 0:
        words = sums.order(relation, fits=True)
        return NOTHING_LINKED if relation.kind == "parts" else Arithmetic("consistent", words, relation, tier="trunc")
    top, bottom = (
        sum((abs(one.written.value) for one in side), Fraction(0)) for side in (relation.top, relation.bottom)
    )
    bottom += relation.limit
    is_within = top <= bottom * (1 + relation.slack)
    if relation.is_doubtful or is_within or (relation.is_found and top > bottom * _WILD_SUM):
        return NOTHING_LINKED
    flag = {"record": "superlative_false", "trend": "streak_broken"}.get(relation.target.type, "rank_wrong")
    flags = (flag,) if relation.kind == "order" else ("part_above_whole",)
    return Arithmetic("arithmetic_error", sums.order(relation, fits=False), relation, tier="trunc", flags=flags)


def _is_slip(said: Interval, is_really: Interval) -> bool:
    """Tell whether both are narrow and the same but for a power of ten: then a digit slipped, and the link is right."""
    if not (said.is_bounded and is_really.is_bounded) or said.low <= 0 or is_really.low <= 0:
        return False
    if any(one.high > one.low * _NARROW for one in (said, is_really)):
        return False
    return any(said.scaled(factor).overlaps(is_really) for power in _POWERS for factor in (power, 1 / power))


def implied(relation: Relation, tier: Tier, overrides: Mapping[Span, Interval] | None = None) -> Interval:
    """Return what the relation's other figures make of the claim, as a ratio, amount or difference.

    Each figure varies in its own interval; a figure that stands twice in the relation varies once.
    Every form is monotone in each figure, so the ends are found at the corners.
    """
    return _implied_as(relation, tier, _form(relation), overrides)


def _form(relation: Relation) -> Form:
    if relation.kind in {"change", "share"}:
        return "ratio"
    if relation.kind in {"parts", "order"}:
        return "order"
    return "difference" if relation.kind == "difference" else "sum"


def _implied_as(relation: Relation, tier: Tier, form: Form, overrides: Mapping[Span, Interval] | None) -> Interval:
    ranges: dict[object, Interval] = {}
    for term in (*relation.top, *relation.bottom):
        ranges[term.span] = (overrides or {}).get(term.span) or operand(term.written, tier)
        if term.over is not None:
            ranges[term.over.id] = _first_ratio(term.over, tier)
        if term.scale is not None:
            ranges[term.span, "scale"] = term.scale
    bounded = all(interval.is_bounded for interval in ranges.values())
    if not bounded or _is_each_once(relation) or not _positive_bottom(relation, ranges):
        return _by_intervals(relation, form, ranges)
    names = list(ranges)
    values = [
        _evaluate(relation, form, dict(zip(names, corner, strict=True)))
        for corner in product(*(sorted({ranges[name].low, ranges[name].high}) for name in names))
    ]
    return Interval(min(values), max(values))


def _is_each_once(relation: Relation) -> bool:
    """Tell whether no figure stands twice: then interval arithmetic is exact, and a long list costs little."""
    terms = (*relation.top, *relation.bottom)
    over = [term.over.id for term in terms if term.over is not None]
    return len({term.span for term in terms}) == len(terms) and len(set(over)) == len(over)


def _first_ratio(change: Claim, tier: Tier) -> Interval:
    return ratios(change, "trunc" if tier == "loose" else tier)[0][1]


def _positive_bottom(relation: Relation, ranges: Mapping[object, Interval]) -> bool:
    over = [ranges[term.over.id] for term in (*relation.top, *relation.bottom) if term.over is not None]
    if any(interval.low <= 0 for interval in over):
        return False
    if not relation.bottom:
        return True
    total = Interval.point(0)
    for term in relation.bottom:
        total += _term(term, ranges)
    return total.low > 0


def _term(term: Term, ranges: Mapping[object, Interval]) -> Interval:
    value = ranges[term.span]
    if term.over is not None:
        value /= ranges[term.over.id]
    if term.scale is not None:
        value *= term.scale
    return -value if term.sign < 0 else value


def _by_intervals(relation: Relation, form: Form, ranges: Mapping[object, Interval]) -> Interval:
    top, bottom = Interval.point(0), Interval.point(0)
    for term in relation.top:
        top += _term(term, ranges)
    for term in relation.bottom:
        bottom += _term(term, ranges)
    bottom = bottom.shifted(relation.limit)
    if form == "ratio":
        return top / bottom
    return top if form == "sum" else top - bottom


def _evaluate(relation: Relation, form: Form, point: Mapping[object, Bound]) -> Bound:
    sums: list[Bound] = []
    for terms in (relation.top, relation.bottom):
        total: Bound = Fraction(0)
        for term in terms:
            value = point[term.span]
            if term.over is not None:
                value /= point[term.over.id]
            if term.scale is not None:
                value *= point[term.span, "scale"]
            total += -value if term.sign < 0 else value
        sums.append(total)
    sums[1] += relation.limit
    if form == "ratio":
        return sums[0] / sums[1]
    return sums[0] if form == "sum" else sums[0] - sums[1]


def _claimed(
    relation: Relation, tier: Tier, overrides: Mapping[Span, Interval] | None
) -> tuple[tuple[str, Interval, Form], ...]:
    """Return what the claim says, per reading, in the form its relation is computed in."""
    claim, form = relation.target, _form(relation)
    if claim.number is not None and overrides and claim.number.span in overrides:
        return (("usual", overrides[claim.number.span], form),)
    if relation.kind == "change":
        said: list[tuple[str, Interval, Form]] = [(name, interval, form) for name, interval in ratios(claim, tier)]
        if relation.top[0].written.unit == "%" and claim.number is not None and claim.number.unit == "%":
            said.append(("points", _directed(claim, written(claim.number, tier)), "difference"))
        return tuple(said)
    assert claim.number is not None
    size = written(claim.number, tier)
    if relation.kind == "share":
        factor = Fraction(1, 100) if claim.number.unit == "%" else Fraction(1)
        in_words = not any(character.isdigit() for character in claim.number.text)
        nearest = simple_fraction(claim.number.value * factor, tier, claim.number) if in_words else None
        return (("usual", nearest or size.scaled(factor), form),)
    if relation.kind == "balance":
        return (("usual", size, form), ("other_side", -size, form))
    if relation.kind == "difference":
        return (("usual", _directed(claim, size), form),)
    return (("usual", size, form),)


def _directed(claim: Claim, size: Interval) -> Interval:
    falls = claim.direction == "down" and claim.number is not None and claim.number.value > 0
    return -size if falls else size


def _in_claim_unit(relation: Relation, interval: Interval) -> Interval:
    """Turn a ratio into the claim's unit: per cent of change (negative for falls), times, per cent of a whole."""
    number = relation.target.number
    if relation.kind == "change" and (number is None or number.unit == "%"):
        return interval.shifted(-1).scaled(_HUNDRED)
    if relation.kind == "share" and number is not None and number.unit == "%":
        return interval.scaled(_HUNDRED)
    if relation.kind == "change" and number is not None and _is_fall_in_times(relation):
        return interval.reciprocal()
    return interval


def _is_fall_in_times(relation: Relation) -> bool:
    number = relation.target.number
    return number is not None and number.unit == "x" and relation.target.direction == "down" and number.value > 1


def _unsigned(claim: Claim, shown: Interval) -> Interval:
    falls = claim.direction == "down" and claim.number is not None and claim.number.unit == "%"
    return -shown if falls and claim.number is not None and claim.number.value > 0 else shown


def _nominal(relation: Relation) -> Fraction | None:
    """Return the figure the written values give, roundings left aside."""
    point: dict[object, Bound] = {}
    for term in (*relation.top, *relation.bottom):
        point[term.span] = term.written.value
        if term.over is not None:
            ends = _first_ratio(term.over, "strict")
            point[term.over.id] = (ends.low + ends.high) / 2
        if term.scale is not None:
            point[term.span, "scale"] = (term.scale.low + term.scale.high) / 2
    try:
        value = _evaluate(relation, _form(relation), point)
    except ZeroDivisionError:
        return None
    if not isinstance(value, Fraction):
        return None
    low = _in_claim_unit(relation, Interval.point(value)).low if value or relation.kind != "change" else None
    return low if isinstance(low, Fraction) else None


def _discrepancy(relation: Relation, said: Interval, is_really: Interval) -> tuple[Fraction | None, tuple[str, ...]]:
    gap = said.gap(is_really)
    nearest = is_really.low if said.high < is_really.low else is_really.high
    flags: tuple[str, ...] = ()
    if relation.kind == "change" and relation.target.direction is not None:
        opposite = (said.high <= 1 <= is_really.low) or (said.low >= 1 >= is_really.high)
        flags = ("wrong_direction",) if opposite else ()
    if relation.kind == "change":
        nearest = nearest - 1
    if not isinstance(gap, Fraction) or not isinstance(nearest, Fraction) or nearest == 0:
        return None, flags
    return gap / abs(nearest), flags


def _is_wild(relation: Relation, said: Interval, is_really: Interval) -> bool:
    """Tell whether figures found for one another are so far apart that they hardly speak of the same thing.

    A fall is also measured by its size: 63 % and 93 % are not wild though what is left differs fivefold.
    """
    if not relation.is_found and relation.kind not in {"sum", "balance"}:
        return False
    limit = _WILD if relation.is_found else _WILD_SUM
    falls = relation.kind == "change" and max(said.high, is_really.high) < 1
    if falls and _times_apart(said.shifted(-1), is_really.shifted(-1)) <= limit:
        return False
    return _times_apart(said, is_really) > limit


def _times_apart(one: Interval, other: Interval) -> Bound:
    first, second = (one.high, other.low) if one.high < other.low else (one.low, other.high)
    sizes = [-end if end < 0 else end for end in (first, second)]
    small, large = min(sizes), max(sizes)
    return large / small if small else INFINITY


def claimed_interval(relation: Relation, tier: Tier) -> Interval | None:
    """Return what the claim says in its usual reading, in the form `implied` is computed in."""
    if relation.kind in {"parts", "order"}:
        return None
    said = _claimed(relation, tier, None)
    return said[0][1] if said else None
