"""Find the part and the whole of a share: those beside it, else by what the share is said to be a share of.

"Trade with China was 89 percent of overall trade": the part is what the claim measures, the whole all goods,
all partners, a cap or another period. Where more than one whole is stated and the words do not choose, any of
them may bear the share out and none accuses.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.beside import part_beside, whole_beside, whole_meant
from tidewaiter.news.judge.levels import Levels, Reached, is_said, sources_fit
from tidewaiter.news.judge.relation import Relation, Term, term_of
from tidewaiter.news.model import ALL_GOODS, Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMON: Final = ("USD", "t")
_CAP: Final = re.compile(r"\b(?:cap|caps|ceiling|quota|limit|allowance)\b", re.IGNORECASE)


def shares(claim: Claim, levels: Levels) -> Iterator[Relation]:
    """Set a share against its part and its whole."""
    if claim.number is None or claim.number.unit not in {"%", "x"}:
        return
    beside = part_beside(claim, levels.claims)
    meant = whole_meant(claim, beside, levels.claims) if beside is not None else None
    part = levels.named(claim, "level") or term_of(beside)
    whole = levels.named(claim, "base") or term_of(whole_beside(claim, levels.claims) or meant)
    if part is not None and whole is not None:
        if part.written.unit == whole.written.unit and part.span != whole.span:
            yield Relation("share", claim, (part,), (whole,))
        return
    found: list[Relation] = []
    for unit in _units(claim, levels, part, whole):
        of = Reached((part,)) if part is not None else levels.reach(_plain(claim), claim.period, unit)
        if of is None:
            continue
        wholes = [Reached((whole,))] if whole is not None else list(_wholes(claim, levels, unit))
        for total in wholes:
            if not {term.span for term in of.terms} & {term.span for term in total.terms}:
                is_sure = of.is_sure and total.is_sure
                found.append(Relation("share", claim, of.terms, total.terms, is_found=True, is_doubtful=not is_sure))
    yield from found if len(found) == 1 else (replace(one, is_doubtful=True) for one in found)


def _units(claim: Claim, levels: Levels, part: Term | None, whole: Term | None) -> tuple[str, ...]:
    known = part or whole
    if known is not None:
        return (known.written.unit,)
    stated = levels.units(_plain(claim), claim.period)
    return tuple(unit for unit in dict.fromkeys((*stated, *_COMMON)) if unit != "%")


def _plain(claim: Claim) -> Claim:
    return replace(claim, type="total" if claim.flow == "total" else "flow_value")


def _wholes(claim: Claim, levels: Levels, unit: str) -> Iterator[Reached]:
    """Yield the stated levels that the claim may be a share of, each figure once."""
    if _CAP.search(claim.whole or ""):
        yield from _caps(claim, levels, unit)
        return
    seen: set[object] = set()
    periods = [claim.period] if claim.base_period in {None, claim.period} else [claim.base_period]
    for one in _candidates(claim) if periods == [claim.period] else (_plain(claim),):
        reached = levels.reach(one, periods[0], unit)
        if reached is not None and reached.terms[0].span not in seen:
            seen.add(reached.terms[0].span)
            stated = levels.by_id[reached.terms[0].claim_id]
            is_another = _is_of_group(stated) and stated.goods != claim.goods
            yield replace(reached, is_sure=reached.is_sure and not is_another)


def _is_of_group(claim: Claim) -> bool:
    """Tell whether one side is a group of countries: then an open partner is that group, and not everyone."""
    return any(origin.startswith("group") for _, origin in claim.filled)


def _candidates(claim: Claim) -> Iterator[Claim]:
    """Yield what a share may be a share of: all goods of the flow, the goods with every partner, or both."""
    plain = _plain(claim)
    worldwide = list(_with_everyone(plain))
    if claim.goods != ALL_GOODS:
        yield replace(plain, goods=ALL_GOODS)
        yield from worldwide
        yield from (replace(one, goods=ALL_GOODS) for one in worldwide)
    else:
        yield from worldwide
    yield from _with_everyone(replace(plain, perspective=_other_side(plain)))


def _other_side(claim: Claim) -> str | None:
    """Return the other party: "China took 43 of it" is a share of what the seller sold to all."""
    return claim.exporter if claim.perspective == claim.importer else claim.importer


def _with_everyone(claim: Claim) -> Iterator[Claim]:
    if claim.flow == "total":
        yield from (replace(claim, parties=(party,)) for party in claim.parties if party != "W00")
        return
    for partner in ("W00", None):
        if claim.perspective is not None and claim.perspective == claim.importer:
            yield replace(claim, exporter=partner)
        elif claim.perspective is not None and claim.perspective == claim.exporter:
            yield replace(claim, importer=partner)


def _caps(claim: Claim, levels: Levels, unit: str) -> Iterator[Reached]:
    """Yield the caps stated in this unit for the goods and the target of the claim."""
    for cap in levels.claims:
        if cap.type != "quota" or cap.number is None or cap.number.unit != unit or not is_said(cap):
            continue
        same_goods = not cap.goods.hs or not claim.goods.hs or set(cap.goods.hs) & set(claim.goods.hs)
        ends = (cap.exporter in {claim.exporter, None}, cap.importer in {claim.importer, None, "W00"})
        term = term_of(cap)
        if same_goods and all(ends) and sources_fit(claim, cap) and term is not None:
            yield Reached((term,))
