"""Which single change would make a story fit itself again: one sign, one base, one figure, one digit.

A suggestion for an editor, never a verdict. Edits are ranked by how many of the story's conflicts they
mend and then by how small they are; an edit that breaks what fitted before is not offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.judge import wording
from tidewaiter.news.judge.arithmetic import judge
from tidewaiter.news.judge.intervals import Interval, operand, written
from tidewaiter.news.judge.ratios import ratios

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tidewaiter.news.judge.relation import Relation, Term
    from tidewaiter.news.model import Claim, Span, Written

RepairKind = Literal["sign", "digits", "base", "share_or_change", "figure"]
_COST: Final[dict[RepairKind, int]] = {"sign": 1, "digits": 2, "base": 3, "share_or_change": 4, "figure": 5}
_FLIPPED: Final = {"up": "down", "down": "up"}
_DIGITS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MOST: Final = 3
_NEAREST: Final = 40
"""So many claims, and relations, are tried at most: beyond that an editor would not look either."""
SEARCHED: Final = 25
"""In a story with more conflicts than this something else is wrong; edits are sought for the first only."""
_WIDE: Final = 2
"""Per cents further apart than this are said without decimals."""
_LEAST_DIGITS: Final = 3
"""Of a two-digit number every neighbour is one digit away: such an edit explains nothing."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One edit: what is written at `span`, what would fit instead, and how many conflicts that mends."""

    kind: RepairKind
    sentence: str
    span: Span
    text: str
    low: Fraction | None
    high: Fraction | None
    unit: str
    mends: int
    size: Fraction


def repairs(conflict: Relation, all_relations: Sequence[Relation], claims: Iterable[Claim]) -> tuple[Repair, ...]:
    """Search the single edits that mend `conflict`, best first, at most three.

    Only what stands near it in the text is tried: the nearest claims as bases, and the nearest relations that
    share a figure with it. In a story of ordinary length that is all of them.
    """
    if conflict.kind in {"parts", "order", "restates"}:
        return ()
    spans = _spans(conflict)
    near = [one for one in all_relations if not spans.isdisjoint(_spans(one))]
    near = sorted(near, key=lambda one: _away(one.target, conflict))[:_NEAREST]
    conflicts = [one for one in near if judge(one).verdict == "arithmetic_error"]
    found = [
        *_signs(conflict),
        *_bases(conflict, sorted(claims, key=lambda one: _away(one, conflict))[:_NEAREST]),
        *_shares(conflict),
        *_figures(conflict, conflicts, near),
    ]
    ranked = sorted(found, key=lambda one: (-one.mends, _COST[one.kind], one.size, one.span, one.sentence))
    kept: list[Repair] = []
    for one in ranked:
        if all(one.sentence != other.sentence for other in kept):
            kept.append(one)
    return tuple(kept[:_MOST])


def _away(claim: Claim, conflict: Relation) -> tuple[int, str]:
    return abs(claim.span[0] - conflict.target.span[0]), claim.id


def _signs(conflict: Relation) -> Iterator[Repair]:
    claim = conflict.target
    if conflict.kind not in {"change", "difference"} or claim.direction not in _FLIPPED or claim.number is None:
        return
    other: Literal["up", "down"] = "down" if claim.direction == "up" else "up"
    if judge(replace(conflict, target=replace(claim, direction=other))).verdict == "consistent":
        verb = "rise" if other == "up" else "fall"
        sentence = f"It would fit if “{claim.number.text}” were a {verb}."
        yield Repair(
            "sign", sentence, claim.number.span, claim.number.text, None, None, claim.number.unit, 1, Fraction(0)
        )


def _bases(conflict: Relation, claims: Iterable[Claim]) -> Iterator[Repair]:
    """Try every other figure of the story as what the change is counted from."""
    from tidewaiter.news.judge.relation import Term

    if conflict.kind != "change" or conflict.target.number is None:
        return
    used = {term.span for term in (*conflict.top, *conflict.bottom)}
    used |= {conflict.target.level.span} if conflict.target.level is not None else set()
    unit = conflict.top[0].written.unit
    seen: set[tuple[Fraction, str]] = set()
    for claim in claims:
        for figure in (claim.number, claim.base, claim.level):
            if figure is None or figure.unit != unit or figure.span in used or (figure.value, figure.text) in seen:
                continue
            seen.add((figure.value, figure.text))
            tried = replace(conflict, bottom=(Term(claim.id, figure),))
            outcome = judge(tried)
            if outcome.verdict == "consistent" and outcome.tier != "loose" and outcome.reading == "usual":
                said = conflict.target.number.text
                sentence = f"It would fit if “{said}” were counted from {figure.text} ({wording.span(claim.period)})."
                span = conflict.bottom[0].span
                yield Repair("base", sentence, span, figure.text, figure.value, figure.value, unit, 1, Fraction(0))


def _shares(conflict: Relation) -> Iterator[Repair]:
    """Try "is 34 % of" where "fell 34 %" is written."""
    claim = conflict.target
    if conflict.kind != "change" or claim.number is None or claim.number.unit != "%":
        return
    size = written(replace(claim.number, value=abs(claim.number.value)), "trunc")
    outcome = judge(conflict, {claim.number.span: size.scaled(Fraction(1, 100))})
    if outcome.verdict == "consistent":
        sentence = f"It would fit if “{claim.number.text}” were the share that is left, not the change."
        unit = claim.number.unit
        yield Repair(
            "share_or_change", sentence, claim.number.span, claim.number.text, None, None, unit, 1, Fraction(0)
        )


def _figures(conflict: Relation, conflicts: Sequence[Relation], all_relations: Sequence[Relation]) -> Iterator[Repair]:
    """Solve for each figure in turn, over all conflicts it stands in; then look for a slip of one digit."""
    claim = conflict.target
    places: dict[Span, Written] = {term.span: term.written for term in (*conflict.top, *conflict.bottom)}
    if claim.number is not None:
        places[claim.number.span] = claim.number
    for span, figure in places.items():
        involved = [one for one in conflicts if span in _spans(one)]
        mended, range_ = 0, None
        for relation in sorted(involved, key=lambda one: one is not conflict):
            solved = _solve(relation, span)
            both = solved if range_ is None or solved is None else range_.meet(solved)
            if both is not None:
                range_, mended = both, mended + 1
        if range_ is None or not range_.is_bounded:
            continue
        if any(
            judge(one, {span: range_}).verdict == "arithmetic_error" for one in _sound(all_relations, conflicts, span)
        ):
            continue
        place = 0 if claim.number is figure else 1 if span in {term.span for term in conflict.bottom} else 2
        is_change = claim.number is figure and conflict.kind == "change"
        yield _figure(figure, range_, mended, place, is_change=is_change)
        falls = is_change and claim.direction == "down" and figure.unit == "%"
        yield from _slips(figure, -range_ if falls else range_, mended)


def _spans(relation: Relation) -> set[Span]:
    spans = {term.span for term in (*relation.top, *relation.bottom)}
    return spans | ({relation.target.number.span} if relation.target.number else set())


def _sound(all_relations: Sequence[Relation], conflicts: Sequence[Relation], span: Span) -> list[Relation]:
    own = [one for one in all_relations if one not in conflicts and span in _spans(one)]
    return [one for one in own if one.target.number is None or one.target.number.span != span]


def _solve(relation: Relation, span: Span) -> Interval | None:
    """Return what the figure at `span` would have to be for `relation` to hold; None where that is not plain."""
    claim = relation.target
    if claim.number is not None and claim.number.span == span:
        return judge(relation).implied
    places = [term for term in (*relation.top, *relation.bottom) if term.span == span]
    if len(places) != 1 or claim.number is None:
        return None
    term, in_top = places[0], places[0] in relation.top
    size = _size(relation)
    if size is None:
        return None
    same = relation.top if in_top else relation.bottom
    others = _total([one for one in same if one is not term])
    if relation.kind in {"change", "share"}:
        opposite = _total(list(relation.bottom if in_top else relation.top))
        whole = opposite * size if in_top else opposite / size
    elif relation.kind == "difference":
        opposite = _total(list(relation.bottom if in_top else relation.top))
        whole = opposite + size if in_top else opposite - size
    else:
        whole = size
    value = whole - others
    value = -value if term.sign < 0 else value
    if term.scale is not None:
        value /= term.scale
    return value * ratios(term.over, "strict")[0][1] if term.over is not None else value


def _size(relation: Relation) -> Interval | None:
    claim = relation.target
    assert claim.number is not None
    if relation.kind == "change":
        said = ratios(claim, "strict")
        return said[0][1] if said else None
    size = written(claim.number, "strict")
    if relation.kind == "share":
        return size.scaled(Fraction(1, 100)) if claim.number.unit == "%" else size
    return -size if relation.kind == "difference" and claim.direction == "down" and claim.number.value > 0 else size


def _total(terms: list[Term]) -> Interval:
    total = Interval.point(0)
    for term in terms:
        value = operand(term.written, "strict")
        if term.over is not None:
            value /= ratios(term.over, "strict")[0][1]
        if term.scale is not None:
            value *= term.scale
        total += -value if term.sign < 0 else value
    return total


def _figure(figure: Written, range_: Interval, mended: int, place: int, *, is_change: bool) -> Repair:
    """Make the edit of one figure; the derived figure comes first, then what it is counted from."""
    low, high = range_.low, range_.high
    assert isinstance(low, Fraction)
    assert isinstance(high, Fraction)
    if is_change and figure.unit == "%":
        places = 0 if high - low > _WIDE else 1
        ends = [wording.signed_percent(low, places), wording.signed_percent(high, places)]
    else:
        ends = [wording.amount(low, figure.unit), wording.amount(high, figure.unit)]
    said = " to ".join(dict.fromkeys(ends))
    size = abs((low + high) / 2 - figure.value) / abs(figure.value) if figure.value else Fraction(1)
    sentence = f"It would fit if “{figure.text}” read {said}."
    return Repair(
        "figure", sentence, figure.span, figure.text, low, high, figure.unit, mended, place + min(size, Fraction(1))
    )


def _slips(figure: Written, range_: Interval, mended: int) -> Iterator[Repair]:
    """Find the figures in `range_` one slip of the hand away."""
    for value in slips_of(figure):
        if range_.contains(value):
            size = abs(value - figure.value) / abs(figure.value)
            sentence = f"It would fit if “{figure.text}” were a slip for {wording.amount(value, figure.unit)}."
            yield Repair("digits", sentence, figure.span, figure.text, value, value, figure.unit, mended, size)


def slips_of(figure: Written) -> tuple[Fraction, ...]:
    """Return the figures one slip of the hand away: two digits swapped, one wrong, lost or doubled."""
    match = _DIGITS.search(figure.text)
    if match is None or not figure.value:
        return ()
    plain = match[0].replace(",", "")
    digits = plain.replace(".", "")
    if len(digits.strip("0")) < _LEAST_DIGITS or not Fraction(plain):
        return ()
    unit_value = figure.value / Fraction(plain)
    return tuple(Fraction(text) * unit_value for text in _neighbours(plain))


def _neighbours(plain: str) -> tuple[str, ...]:
    found: set[str] = set()
    places = [place for place, character in enumerate(plain) if character.isdigit()]
    for one, two in pairwise(places):
        swapped = list(plain)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        found.add("".join(swapped))
    for place in places:
        found.update(plain[:place] + digit + plain[place + 1 :] for digit in "0123456789")
        found.update(plain[:place] + digit + plain[place:] for digit in "0123456789")
        found.add(plain[:place] + plain[place + 1 :])
    usable = {text for text in found if re.fullmatch(r"\d+(?:\.\d+)?", text) and Fraction(text) != Fraction(plain)}
    return tuple(sorted(usable))
