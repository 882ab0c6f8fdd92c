"""Which figures of one story must fit together: the relations between its claims.

A change names two levels; a total is exports and imports; a balance is a difference; a headline restates the
body. Owns how figures are found for one another, by the claim that states them or by what they measure; must not
judge whether they fit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.judge import alibi
from tidewaiter.news.judge.adding import additions, items_of, overfull
from tidewaiter.news.judge.converting import conversions
from tidewaiter.news.judge.intervals import written
from tidewaiter.news.judge.levels import LEVELS, Levels, Reached, is_said, sources_fit
from tidewaiter.news.judge.ordering import orders
from tidewaiter.news.judge.rates import is_rate
from tidewaiter.news.judge.relation import Relation, RelationKind, Term
from tidewaiter.news.judge.sides import RATIOS, change_of_parts, sum_of_sides, year_before
from tidewaiter.news.judge.wholes import shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim

_SCOPE: Final = "scope"
"""The slot of a figure that is only of a part of a trade; what is told right behind it is of that part too."""
_FOLLOWS: Final = 500
_COMMON: Final = ("USD", "t", "bbl")
_MEASURES: Final = {"t": "weight", "kg": "weight", "bbl": "volume", "bbl/d": "volume", "persons": "count"}


def relations(claims: Iterable[Claim]) -> tuple[Relation, ...]:
    """Return every relation between the claims of one story, in the order of their targets."""
    levels = Levels(tuple(claims))
    for claim in levels.claims:
        if claim.type in LEVELS and is_said(claim):
            items = items_of(claim, levels)
            if not _are_two_ways([levels.by_id[term.claim_id] for term in items]):
                levels.set_apart(items)
    found: dict[Relation, None] = {}
    for claim in levels.claims:
        if is_said(claim):
            for relation in _of(claim, levels):
                is_doubtful = relation.is_doubtful or _is_open(relation, levels)
                found[replace(relation, is_doubtful=is_doubtful)] = None
    for relation in overfull(levels):
        found[replace(relation, is_doubtful=relation.is_doubtful or _is_open(relation, levels))] = None
    return tuple(found)


def _are_two_ways(items: Sequence[Claim]) -> bool:
    """Tell whether two figures that make a sum are the two directions of one trade, each a level of its own."""
    ends = [(one.exporter, one.importer) for one in items]
    return len(ends) == 2 and None not in ends[0] and ends[0] == ends[1][::-1]


def _of(claim: Claim, levels: Levels) -> Iterator[Relation]:
    if claim.type == "change":
        yield from _change(claim, levels)
        yield from _restates_change(claim, levels)
    elif claim.type in LEVELS and claim.number is not None:
        yield from _restates(claim, levels)
        if claim.type in {"total", "balance"}:
            yield from sum_of_sides(claim, levels)
        if claim.type != "balance":
            yield from additions(claim, levels)
        yield from conversions(claim, levels)
    elif claim.type == "quota":
        yield from conversions(claim, levels)
        yield from shares(claim, levels)
    elif claim.type == "share":
        yield from shares(claim, levels)
    elif claim.type in {"composition", "ranking", "record", "trend"}:
        yield from orders(claim, levels)


def _is_open(relation: Relation, levels: Levels) -> bool:
    """Tell whether a figure was found through a slot that is not settled, here or where it is stated.

    Which of two parties sold is of no matter to their trade in both directions; and a question that is
    open alike for all of them (which Korea is meant throughout) is no matter to a ratio.
    """
    target = relation.target
    if relation.is_found and relation.kind in {"change", "difference"} and _is_of_other_goods(relation, levels):
        return True
    is_own = not relation.is_found and len(relation.top) == len(relation.bottom) == 1
    terms = (*relation.top, *relation.bottom)
    stated = [levels.by_id[term.claim_id] for term in terms] + [term.over for term in terms if term.over is not None]
    if not is_own and any(levels.is_misplaced(one) for one in (target, *stated)):
        return True
    if (
        is_own
        or relation.kind == "converts"
        or (target.flow == "total" and len(target.parties) == 2 and WORLD not in target.parties)
    ):
        return False
    is_one_question = (
        relation.kind in {"change", "difference", "share"} and len({one.unresolved for one in (target, *stated)}) == 1
    )
    is_share = relation.kind == "share"
    left = {_SCOPE} if all(0 <= one.span[0] - target.span[0] <= _FOLLOWS for one in stated) else set()
    slots = {slot for one in (target, *stated) for slot in _open_slots(one, is_share=is_share)}
    return bool(slots - left) and not is_one_question


def _is_of_other_goods(relation: Relation, levels: Levels) -> bool:
    """Tell whether a figure found is of goods in other words: "oxides" and "compounds" may share a heading."""
    said = _words_of(relation.target)
    for term in (*relation.top, *relation.bottom):
        told = _words_of(levels.by_id[term.claim_id])
        if said and told and not (said <= told or told <= said):
            return True
    return False


def _words_of(claim: Claim) -> frozenset[str]:
    """Return the words for the goods, in the singular."""
    return frozenset(word.rstrip("s") for word in (claim.goods.text or "").casefold().split())


def _open_slots(claim: Claim, *, is_share: bool) -> tuple[str, ...]:
    """Return the slots of a claim that may be filled otherwise; of a share's whole not the partner nobody named."""
    named = [slot for slot in claim.unresolved if not (is_share and getattr(claim, slot, "") is None)]
    return tuple(named)


def _change(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a change against its two levels: those it names, else those stated or worked out for its periods."""
    if (claim.number is None and claim.direction is None) or "unit" in claim.unresolved:
        return
    top = levels.dated(claim, levels.named(claim, "level"), claim.period)
    bottom = levels.dated(claim, levels.named(claim, "base"), claim.base_period)
    if claim.number is not None and claim.number.unit == "pp":
        top, bottom = (one if one is not None and one.written.unit == "%" else None for one in (top, bottom))
    unit = top.written.unit if top else bottom.written.unit if bottom else ""
    if claim.measure == "weight" and unit and _MEASURES.get(unit) not in {"weight", "volume"}:
        return  # "rose 5 percent in volume terms, to $3 million"
    is_found = top is None or bottom is None
    twin = _twin(claim, levels) if is_found else None
    if twin is not None:
        both = _in_one_unit(top or twin[0], bottom or twin[1])
        if both is not None:
            yield _ratio(claim, Reached((both[0],)), Reached((both[1],)), is_found=True)
            return
    made = []
    for one in [unit] if unit else _units(claim, levels):
        pair = _both(claim, levels, top, bottom, one)
        if pair is not None:
            relation = _ratio(claim, *pair, is_found=is_found)
            made.append(replace(relation, is_doubtful=relation.is_doubtful or _is_misread(relation, levels)))
    if made:
        is_sure = len(made) == 1 and not (is_found and (_has_rival(claim, levels) or _is_of_another(made[0], levels)))
        yield from made if is_sure else (replace(one, is_doubtful=True) for one in made)
    elif claim.flow in {"total", "balance"}:
        yield from change_of_parts(claim, levels, old=bottom)


def _of_one_sign(new: Reached, old: Reached) -> tuple[Reached, Reached]:
    """Take two gaps by their size where one is written as a deficit and the other as a bare amount."""
    if len(new.terms) != 1 or len(old.terms) != 1:
        return new, old
    pair = (new.terms[0], old.terms[0])
    if (pair[0].written.value < 0) == (pair[1].written.value < 0):
        return new, old
    sizes = [replace(one, written=replace(one.written, value=abs(one.written.value))) for one in pair]
    return replace(new, terms=(sizes[0],)), replace(old, terms=(sizes[1],))


def _units(claim: Claim, levels: Levels) -> tuple[str, ...]:
    """Return the units in which the new level is stated: of shares only for a change in points, else of amounts."""
    if claim.number is not None and claim.number.unit == "pp":
        return ("%",)
    if claim.measure == "weight":
        return tuple(one for one in levels.units(claim, claim.period) if _MEASURES.get(one) in {"weight", "volume"})
    own = {one.number.unit for one in levels.beside(claim) if one.type in LEVELS and one.number is not None}
    known = tuple(one for one in levels.units(claim, claim.period) if one != "%")
    stated = tuple(one for one in known if one in own) or known
    return tuple(one for one in stated if _MEASURES.get(one, "value") == claim.measure) or stated or _COMMON


def _ratio(claim: Claim, new: Reached, old: Reached, *, is_found: bool) -> Relation:
    is_amount = claim.number is not None and claim.number.unit not in RATIOS
    is_sure = new.is_sure and old.is_sure
    if claim.flow == "balance":
        new, old = _of_one_sign(new, old)
    kind: RelationKind = "difference" if is_amount else "change"
    return Relation(kind, claim, new.terms, old.terms, is_found=is_found, is_doubtful=not is_sure)


def _both(
    claim: Claim, levels: Levels, top: Term | None, bottom: Term | None, unit: str
) -> tuple[Reached, Reached] | None:
    """Return both levels of a change in one unit: named, else found by what they measure."""
    if top is not None and bottom is not None:
        pair = _in_one_unit(levels.finer(claim, top, claim.period), levels.finer(claim, bottom, claim.base_period))
        if pair is None:
            other = levels.level(claim, claim.period, bottom.written.unit)
            pair = (other, bottom) if other is not None else None
        return (Reached((pair[0],)), Reached((pair[1],))) if pair and pair[0].span != pair[1].span else None
    new = Reached((levels.finer(claim, top, claim.period),)) if top else _stated(claim, claim.period, levels, unit)
    if new is None or not _agrees(claim, levels, new.terms[0]):
        return None
    base_period = _base_period(claim, levels, unit)
    old = Reached((bottom,)) if bottom else levels.reach(claim, base_period, unit, claim.period)
    if old is None and top is None:
        return None
    if old is None or {term.span for term in new.terms} & {term.span for term in old.terms}:
        return None
    if any(term.over is claim for term in old.terms) or old.terms[0].written.unit != new.terms[0].written.unit:
        return None
    return new, old


def _is_misread(made: Relation, levels: Levels) -> bool:
    """Tell whether a change fits otherwise: from later to earlier, in another unit, as it names its levels itself."""
    claim, top = made.target, made.top[0]
    if alibi.is_out_of_order(claim) or alibi.is_whole_of_share(claim, top, levels):
        return True
    is_pair = len(made.top) == len(made.bottom) == 1
    if alibi.has_other_unit(claim, top.written.unit, levels):
        return True
    if is_pair and any(fit(claim, top, made.bottom[0], levels) for fit in (alibi.fits_beside, alibi.fits_year_before)):
        return True
    level, base = levels.named(claim, "level"), levels.named(claim, "base")
    used = {term.span for term in (*made.top, *made.bottom)}
    own = _in_one_unit(level, base) if level is not None and base is not None else None
    return own is not None and {one.span for one in own} != used and alibi.fits(claim, *own)


def _is_of_another(made: Relation, levels: Levels) -> bool:
    """Tell whether a change fits the level of another period than the base found for it."""
    if made.kind != "change" or len(made.top) != 1 or len(made.bottom) != 1:
        return False
    return alibi.has_other_base(made.target, made.top[0], made.bottom[0], levels)


def _has_rival(claim: Claim, levels: Levels) -> bool:
    """Tell whether another size is given for the same change: then the base of one of them is not what it seems."""
    mine = claim.number
    for other in levels.changes_of(claim):
        number = other.number
        same = mine is not None and number is not None and number.unit == mine.unit
        if same and other.base_period == claim.base_period and other.direction == claim.direction:
            assert mine is not None
            assert number is not None
            if not written(number, "loose").overlaps(written(mine, "loose")):
                return True
    return False


def _stated(claim: Claim, period: Period | None, levels: Levels, unit: str) -> Reached | None:
    term = levels.level(claim, period, unit)
    if term is not None:
        return Reached((term,))
    return levels.akin(claim, period, unit) or levels.of_another_source(claim, period, unit)


def _twin(claim: Claim, levels: Levels) -> tuple[Term, Term] | None:
    """Find another claim of the same change that states both levels ("up from $20.4 million")."""
    if claim.base_period is None:
        return None
    for other in levels.changes_of(claim):
        new, old = levels.named(other, "level"), levels.named(other, "base")
        if other.base_period == claim.base_period and new is not None and old is not None:
            return new, old
    return None


def _base_period(claim: Claim, levels: Levels, unit: str) -> Period | None:
    """Return the base period, or where none is said the same span of the year before, if it has a figure."""
    if claim.base_period is not None or claim.period is None or "base_period" in claim.unresolved:
        return claim.base_period
    before = year_before(claim.period)
    return before if levels.level(claim, before, unit) is not None else None


def _agrees(claim: Claim, levels: Levels, new: Term) -> bool:
    """Tell whether no other figure is stated for what `new` is taken to measure."""
    others = levels.others(claim, claim.period, new.written.unit)
    return all(written(other.written, "loose").overlaps(written(new.written, "trunc")) for other in others)


def _restates(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a figure beside another of the same thing: a headline must fit its text, two of the text may."""
    assert claim.number is not None
    term = levels.level(claim, claim.period, claim.number.unit) if not is_rate(claim) else None
    if term is not None and term.span != claim.number.span and not levels.by_id[term.claim_id].in_headline:
        yield Relation("restates", claim, (term,), is_found=True, is_doubtful=not claim.in_headline)


def _restates_change(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set the size of a change beside the same change said elsewhere; it may bear it out and no more."""
    mine = claim.number
    if mine is None:
        return
    for other in levels.changes_of(claim):
        same = other.base_period == claim.base_period and other.direction == claim.direction
        if same and other.number is not None and other.number.unit == mine.unit and sources_fit(claim, other):
            term = Term(other.id, other.number, words=other.number.text)
            yield Relation("restates", claim, (term,), is_found=True, is_doubtful=True)
            return


def _in_one_unit(new: Term, old: Term) -> tuple[Term, Term] | None:
    """Where two levels are written in unlike units, take the restatement of one that is in the other's."""
    for one in (new.written, *new.written.restated):
        for other in (old.written, *old.written.restated):
            if one.unit == other.unit:
                return replace(new, written=one, words=one.text), replace(old, written=other, words=other.text)
    return None
