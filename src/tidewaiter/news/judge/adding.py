"""Find sums in a story: months that make up a span, items that make up a list, parts that cannot exceed a whole.

Owns which figures are added up and against what (`adding.csv` holds the words that announce a sum). An item may
be left out of a list, so a list bears a whole out and accuses it only where it is more than the whole.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.intervals import Interval, operand, written
from tidewaiter.news.judge.levels import LEVELS, Levels, is_said, sources_fit
from tidewaiter.news.judge.rates import a_month, cues, is_rate
from tidewaiter.news.judge.relation import Relation, Term, term_of
from tidewaiter.news.model import ALL_GOODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Claim

_REVISED: Final = Fraction(5, 100)
"""By so much the months of a year may miss the year: they are revised when it is summed up."""
_LEAST_ITEMS: Final = 3
_MOST_ITEMS: Final = 24
_BACK: Final = 600
"""Characters before a sum in which its items may stand: about three sentences."""
_WHOLE: Final = Fraction(100)


def additions(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a level against the figures that add up to it: its months, or the items named with it."""
    assert claim.number is not None
    if is_rate(claim):
        whole, scale = levels.level(claim, claim.period, claim.number.unit), a_month(claim)
        if whole is not None and scale is not None:
            yield Relation("converts", claim, (replace(whole, scale=scale),), (), is_found=True, is_doubtful=True)
        return
    tiles = _tiles(claim, levels)
    if tiles:
        yield Relation("sum", claim, tiles, (), is_found=True, slack=_REVISED)
        return
    items = items_of(claim, levels)
    if items:
        yield Relation("sum", claim, items, (), is_found=True, is_doubtful=True)


def _tiles(claim: Claim, levels: Levels) -> tuple[Term, ...]:
    """Return stated levels of the same thing whose periods make up the claim's exactly, the fewest; else nothing."""
    whole, own = claim.period, claim.number
    if whole is None or whole.length == 1 or own is None:
        return ()
    inside: dict[int, list[tuple[Period, Term]]] = {}
    for period in levels.periods(claim, own.unit):
        term = levels.level(claim, period, own.unit) if whole.contains(period) and period != whole else None
        if term is not None and term.span != own.span:
            inside.setdefault(period.first, []).append((period, term))
    reached: dict[int, tuple[Term, ...]] = {whole.first: ()}
    for month in range(whole.first, whole.last + 1):
        if month not in reached:
            continue
        for period, term in inside.get(month, ()):
            longer = (*reached[month], term)
            known = reached.get(period.last + 1)
            if known is None or len(longer) < len(known):
                reached[period.last + 1] = longer
    return reached.get(whole.last + 1, ())


def items_of(claim: Claim, levels: Levels) -> tuple[Term, ...]:
    """Return the figures named before or beside a level that add up to it within their rounding; else nothing."""
    if claim.number is None or claim.type == "balance":
        return ()
    near = [one for one in levels.claims if _is_item(one, claim)]
    before = [one for one in near if one.number is not None and one.number.span < claim.number.span]
    same = [one for one in near if one.sentence_span == claim.sentence_span]
    after = _next_sentence(near, claim)
    is_announced = any(cues()[strength].search(claim.quote) for strength in ("strong", "weak"))
    tried: list[Sequence[Claim]] = [items for items in (same, after) if len(items) >= _LEAST_ITEMS]
    if is_announced:
        tried += [before[-count:] for count in range(2, min(len(before), _MOST_ITEMS) + 1)]
    for items in tried:
        terms = tuple(term for one in items[:_MOST_ITEMS] if (term := term_of(one)) is not None)
        if _sum(terms, "trunc").overlaps(written(claim.number, "trunc")):
            return terms
    return ()


def _is_item(one: Claim, whole: Claim) -> bool:
    if one is whole or one.type not in LEVELS or one.type == "balance" or one.number is None or not is_said(one):
        return False
    assert whole.number is not None
    is_near = abs(one.sentence_span[0] - whole.sentence_span[0]) <= _BACK
    is_less = one.number.value < whole.number.value
    return is_near and is_less and one.number.unit == whole.number.unit and one.number.span != whole.number.span


def _next_sentence(near: Sequence[Claim], whole: Claim) -> list[Claim]:
    starts = sorted({one.sentence_span[0] for one in near if one.sentence_span[0] > whole.sentence_span[0]})
    return [one for one in near if starts and one.sentence_span[0] == starts[0]]


def _sum(terms: Sequence[Term], tier: str) -> Interval:
    total = Interval.point(0)
    for term in terms:
        total += operand(term.written, tier)  # type: ignore[arg-type]
    return total


def overfull(levels: Levels) -> Iterator[Relation]:
    """Yield what cannot be: a part of a year above the year, shares of one whole above a hundred per cent."""
    for claim in levels.claims:
        is_level = claim.type in {"flow_value", "total", "count"} and claim.number is not None
        if is_level and is_said(claim) and not is_rate(claim):
            yield from _beyond_longer(claim, levels)
            yield from _too_many_parts(claim, levels)
    groups: dict[tuple[object, ...], dict[object, Claim]] = {}
    for claim in levels.claims:
        if claim.type == "share" and claim.number is not None and claim.number.unit == "%" and is_said(claim):
            group = _whole_of(claim)
            if group is not None:
                partner = claim.exporter if claim.perspective == claim.importer else claim.importer
                groups.setdefault(group, {}).setdefault(partner, claim)
    for shares in groups.values():
        terms = tuple(term for one in shares.values() if (term := term_of(one)) is not None)
        if len(terms) > 1:
            last = list(shares.values())[-1]
            yield Relation("parts", last, terms, (), is_found=True, limit=_WHOLE)


def _too_many_parts(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set the goods or the partners named in one sentence against all goods, or all partners, where they are more."""
    for name, parts in (("goods", _goods_of(claim, levels)), ("partners", _partners_of(claim, levels))):
        terms = tuple(term for one in parts if (term := term_of(one)) is not None)
        whole = term_of(claim)
        if whole is not None and len(terms) > 1 and (name == "goods" or not _is_guessed(claim)):
            yield Relation("parts", claim, terms, (whole,), is_found=True, slack=_REVISED)


def _is_guessed(claim: Claim) -> bool:
    """Tell whether the trade with everyone is only taken from what other sentences speak of."""
    return any(slot in {"exporter", "importer"} for slot, _ in claim.filled)


def _goods_of(claim: Claim, levels: Levels) -> list[Claim]:
    """Return the levels of goods of the claim's own trade whose codes do not overlap, one sentence's worth."""
    if claim.goods != ALL_GOODS:
        return []
    found: list[Claim] = []
    for one in _parts_beside(claim, levels):
        codes = [code for other in found for code in other.goods.hs]
        apart = not any(a.startswith(b) or b.startswith(a) for a in one.goods.hs for b in codes)
        same = (one.exporter, one.importer) == (claim.exporter, claim.importer)
        if same and one.goods.hs and apart:
            found.append(one)
    return found


def _partners_of(claim: Claim, levels: Levels) -> list[Claim]:
    """Return the levels of single partners where the claim is the trade with everyone, one sentence's worth."""
    if claim.type != "flow_value" or "W00" not in {claim.exporter, claim.importer}:
        return []
    found: dict[tuple[str | None, str | None], Claim] = {}
    for one in _parts_beside(claim, levels):
        is_side = one.importer == claim.importer if claim.exporter == "W00" else one.exporter == claim.exporter
        if is_side and one.goods == claim.goods and not {None, "W00"} & {one.exporter, one.importer}:
            found.setdefault((one.exporter, one.importer), one)
    return list(found.values())


def _parts_beside(claim: Claim, levels: Levels) -> Iterator[Claim]:
    """Yield other levels of the claim's own period and unit from near it, of a fitting source."""
    for one in levels.claims:
        same = one.type == "flow_value" and one.period == claim.period and one is not claim and is_said(one)
        if same and _is_item(one, claim) and not one.unresolved and sources_fit(claim, one):
            yield one


def _whole_of(claim: Claim) -> tuple[object, ...] | None:
    """Return what shares by partner are shares of; None where the claim is no such share."""
    if claim.perspective is None or claim.flow == "total" or claim.unresolved or claim.period is None:
        return None
    if claim.perspective not in {claim.exporter, claim.importer} or None in {claim.exporter, claim.importer}:
        return None
    is_import = claim.perspective == claim.importer
    return (claim.perspective, is_import, claim.goods, claim.period, (claim.whole or "").casefold())


def _beyond_longer(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a level against that of a longer period around its own, where the story dates both itself."""
    if claim.period is None or claim.number is None or "period" in dict(claim.filled):
        return
    own = Term(claim.id, claim.number, words=claim.number.text)
    for longer in levels.periods(claim, own.written.unit):
        is_around = longer != claim.period and longer.contains(claim.period)
        term = levels.level(claim, longer, own.written.unit) if is_around else None
        stated = levels.by_id[term.claim_id] if term is not None else None
        is_dated = stated is not None and "period" not in dict(stated.filled) and sources_fit(claim, stated)
        is_dated = is_dated and stated is not None and not is_rate(stated)
        if term is not None and is_dated:
            yield Relation("parts", claim, (own,), (term,), is_found=True, slack=_REVISED)
