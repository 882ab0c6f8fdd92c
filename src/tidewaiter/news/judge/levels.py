"""The levels and changes a story states, found again by what they measure.

Owns the look-up: a level stated as such, else worked out from one stated change or from a total less its
other part. Two figures for one thing that do not agree are no figure. Must not judge what fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tidewaiter.news.judge.intervals import operand, written
from tidewaiter.news.judge.placing import names_others
from tidewaiter.news.judge.rates import is_rate
from tidewaiter.news.judge.relation import Term, term_of
from tidewaiter.news.model import Claim
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Span, Written

What: TypeAlias = tuple[str, tuple[str | None, ...], tuple[str, ...], str]
"""What a figure measures, its unit left aside: flow word or direction, areas, goods, period."""
Key: TypeAlias = tuple[What, str]
Which = Literal["level", "base"]
Parts: TypeAlias = tuple[tuple[Claim, Literal[1, -1]], ...]

LEVELS: Final = frozenset({"flow_value", "total", "balance", "count"})
"""Claims whose number is the size of something."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The terms that make up a level; `is_sure` unless they were worked out over a change and a total."""

    terms: tuple[Term, ...]
    is_sure: bool = True


def what_of(claim: Claim, period: Period | None) -> What | None:
    """Return what the level of `claim` measures in `period`, or None where that is not settled."""
    if period is None:
        return None
    goods = claim.goods.hs or ((claim.goods.text.casefold(),) if claim.goods.text else ())
    if claim.flow in {"total", "balance"}:
        parties = tuple(area for area in claim.parties if area != "W00")
        areas: tuple[str | None, ...] = tuple(sorted(parties)) if claim.flow == "total" else parties
        return (claim.flow, areas, goods, period.span()) if parties else None
    if claim.exporter is None and claim.importer is None:
        return None
    return ("flow", (claim.exporter, claim.importer), goods, period.span())


def sources_fit(one: Claim, other: Claim) -> bool:
    """Tell whether two claims may be set against each other: same source, or one names none."""
    mine, others = _names(one), _names(other)
    return not mine or not others or one.sentence_span == other.sentence_span or bool(mine & others)


def _names(claim: Claim) -> set[str]:
    """Return the sources named: "released figures" and "a Fijian report" are no names and tell nobody apart."""
    named = (name for name in claim.attribution if any(word[:1].isupper() for word in name.split()))
    return {name.casefold() for name in named if name.split()[0].casefold() not in group("indefinite_articles")}


def is_said(claim: Claim) -> bool:
    """Tell whether the story says it as a fact: neither denied nor planned nor expected."""
    return not claim.negated and claim.modality not in {"denied", "planned"} and claim.type != "forecast"


class Levels:
    """The claims of a story with look-ups by id and by what they measure."""

    def __init__(self, claims: tuple[Claim, ...]) -> None:
        self.claims = claims
        self.by_id = {claim.id: claim for claim in claims}
        self.stated: dict[Key, list[Term]] = {}
        self.changes: dict[What, list[Claim]] = {}
        self._parts: set[Span] = set()
        self._units: dict[What, dict[str, None]] = {}
        self._periods: dict[tuple[object, str], dict[Period, None]] = {}
        self._from: dict[tuple[object, Period], list[Claim]] = {}
        self._sentences: dict[Span, list[Claim]] = {}
        for claim in claims:
            self._sentences.setdefault(claim.sentence_span, []).append(claim)
            if is_said(claim):
                self._index(claim)

    def beside(self, claim: Claim) -> list[Claim]:
        """Return the claims of the claim's own sentence."""
        return self._sentences[claim.sentence_span]

    def is_misplaced(self, claim: Claim) -> bool:
        """Tell whether a claim's parties come from elsewhere while its own sentence names others."""
        return names_others(claim, self.beside(claim))

    def _index(self, claim: Claim) -> None:
        if claim.type in {*LEVELS, "share"} and claim.number is not None and not is_rate(claim):
            for one in (claim.number, *claim.number.restated):
                self._add(claim, claim.period, Term(claim.id, one, words=one.text))
        if claim.type == "change":
            ends = ((claim.level, claim.level_id, claim.period), (claim.base, claim.base_id, claim.base_period))
            for figure, name, period in ends:
                stated = self.by_id.get(name or "")
                if figure is not None and (stated is None or stated.period in {period, None}):
                    self._add(claim, period, Term(claim.id, figure, words=figure.text))
            what = what_of(claim, claim.period)
            if what is not None:
                self.changes.setdefault(what, []).append(claim)
                if claim.base_period is not None:
                    self._from.setdefault((what[:-1], claim.base_period), []).append(claim)

    def _add(self, claim: Claim, period: Period | None, term: Term) -> None:
        what = what_of(claim, period)
        if what is None or period is None:
            return
        self._periods.setdefault((what[:-1], term.written.unit), {})[period] = None
        known = self.stated.setdefault((what, term.written.unit), [])
        if all(other.span != term.span for other in known):
            known.append(term)
            self._units.setdefault(what, {})[term.written.unit] = None

    def set_apart(self, terms: Iterable[Term]) -> None:
        """Take figures that are items of a list for no level of the whole, however they are labelled."""
        self._parts.update(term.span for term in terms)

    def units(self, claim: Claim, *periods: Period | None) -> tuple[str, ...]:
        """Return the units in which what `claim` measures is stated in every one of `periods`."""
        known = [self._units.get(what, {}) if (what := what_of(claim, period)) else {} for period in periods]
        return tuple(unit for unit in known[0] if all(unit in others for others in known[1:])) if known else ()

    def periods(self, claim: Claim, unit: str) -> tuple[Period, ...]:
        """Return the periods for which what `claim` measures is stated in `unit`."""
        what = what_of(claim, claim.period)
        return tuple(self._periods.get((what[:-1], unit), ())) if what else ()

    def changes_of(self, claim: Claim) -> Iterator[Claim]:
        """Yield the other changes stated for what `claim` measures in its period, of a source that fits."""
        what = what_of(claim, claim.period)
        for other in self.changes.get(what, ()) if what else ():
            if other is not claim and sources_fit(claim, other):
                yield other

    def named(self, claim: Claim, which: Which) -> Term | None:
        """Return the figure that a change names as its level or base."""
        figure = claim.level if which == "level" else claim.base
        stated = self.by_id.get((claim.level_id if which == "level" else claim.base_id) or "")
        if figure is not None:
            return Term(stated.id if stated else claim.id, figure, words=figure.text)
        return term_of(stated) if stated is not None and stated.type != "change" else None

    def dated(self, claim: Claim, term: Term | None, period: Period | None) -> Term | None:
        """Return `term`, or what is stated for `period` itself where `term` is stated for another one."""
        stated = self.by_id[term.claim_id] if term is not None else None
        if term is None or stated is None or stated is claim or period is None or stated.period in {period, None}:
            return term
        return self.level(claim, period, term.written.unit) or term

    def others(self, claim: Claim, period: Period | None, unit: str) -> list[Term]:
        """Return every figure stated for what `claim` measures in `period` by a source that fits."""
        what = what_of(claim, period)
        terms = self.stated.get((what, unit), ()) if what else ()
        return [one for one in terms if one.span not in self._parts and sources_fit(claim, self.by_id[one.claim_id])]

    def level(self, claim: Claim, period: Period | None, unit: str) -> Term | None:
        """Find the finest figure stated for what `claim` measures in `period`; None where two disagree."""
        is_own = claim.type in LEVELS
        others = self.others(claim, period, unit)
        terms = [term for term in others if not (is_own and self.by_id[term.claim_id] is claim)]
        body = [term for term in terms if not self.by_id[term.claim_id].in_headline] or terms
        if not body:
            return None
        finest = min(body, key=_coarseness)
        agree = all(written(term.written, "loose").overlaps(written(finest.written, "trunc")) for term in body)
        return finest if agree else None

    def finer(self, claim: Claim, term: Term, period: Period | None) -> Term:
        """Return a finer figure stated for the same thing in the text, if there is one that agrees; else `term`."""
        if self.by_id[term.claim_id].in_headline:
            return term
        near = [one for one in self.others(claim, period, term.written.unit) if one.written.upper is None]
        fits = [one for one in near if written(one.written, "trunc").overlaps(written(term.written, "trunc"))]
        best = min((*fits, term), key=_coarseness)
        return best if len(fits) == len(near) and _coarseness(best) < _coarseness(term) else term

    def before(self, claim: Claim, period: Period, base_period: Period, unit: str) -> Term | None:
        """Find the level in `base_period`, else the level in `period` over a stated change between the two."""
        stated = self.level(claim, base_period, unit)
        if stated is not None:
            return stated
        what = what_of(claim, period)
        for change in self.changes.get(what, ()) if what else ():
            fits = change.base_period in {base_period, None} and sources_fit(claim, change)
            if fits and change.number is not None and change.number.unit in {"%", "x"}:
                level = self.dated(change, self.named(change, "level"), period) or self.level(claim, period, unit)
                if level is not None and level.written.unit == unit:
                    return Term(level.claim_id, level.written, level.sign, over=change, words=level.words)
        return None

    def reach(self, claim: Claim, period: Period | None, unit: str, later: Period | None = None) -> Reached | None:
        """Find the level of `claim` in `period`: stated, else taken back from `later`, else a total less a part."""
        if period is None:
            return None
        stated = self.level(claim, period, unit)
        if stated is not None:
            return Reached((stated,))
        for change in self._changes_from(claim, period):
            now = self.dated(change, self.named(change, "level"), change.period)
            amount = change.number
            if now is None or amount is None or now.written.unit != unit:
                continue
            if amount.unit in {"%", "x"}:
                return Reached((replace(now, over=change),))
            if amount.unit == unit and change.direction in {"up", "down"}:
                back: Literal[1, -1] = -1 if (change.direction == "up") == (amount.value > 0) else 1
                return Reached((now, Term(change.id, amount, back, words=amount.text)))
        worked_out = self._less_the_other(claim, period, unit, later) or self.akin(claim, period, unit)
        return worked_out or self.of_another_source(claim, period, unit)

    def of_another_source(self, claim: Claim, period: Period | None, unit: str) -> Reached | None:
        """Find the one figure that another source states for the same; it may bear out and no more."""
        what = what_of(claim, period)
        terms = self.stated.get((what, unit), ()) if what else ()
        others = [one for one in terms if one.span not in self._parts and self.by_id[one.claim_id] is not claim]
        return Reached((others[0],), is_sure=False) if len(others) == 1 else None

    def akin(self, claim: Claim, period: Period | None, unit: str) -> Reached | None:
        """Find the one figure stated for goods whose codes overlap the claim's; it may bear out and no more."""
        what = what_of(claim, period)
        if what is None or period is None or not claim.goods.hs:
            return None
        found: dict[Span, Term] = {}
        for (word, areas, goods, span), stated_unit in self.stated:
            is_near = (word, areas, span, stated_unit) == (what[0], what[1], what[3], unit)
            if is_near and goods != what[2] and _overlap(goods, what[2]):
                for term in self.stated[(word, areas, goods, span), stated_unit]:
                    if sources_fit(claim, self.by_id[term.claim_id]):
                        found[term.span] = term
        return Reached(tuple(found.values()), is_sure=False) if len(found) == 1 else None

    def _changes_from(self, claim: Claim, base_period: Period) -> Iterator[Claim]:
        """Yield changes of what `claim` measures that start from `base_period`."""
        what = what_of(claim, base_period)
        for change in self._from.get((what[:-1], base_period), ()) if what else ():
            if change is not claim and sources_fit(claim, change):
                yield change

    def _less_the_other(self, claim: Claim, period: Period, unit: str, later: Period | None) -> Reached | None:
        """Take one direction of trade from the total of both directions."""
        if claim.flow in {"total", "balance"} or claim.exporter is None or claim.importer is None:
            return None
        pair = tuple(area for area in (claim.exporter, claim.importer) if area != "W00")
        both = replace(claim, flow="total", exporter=None, importer=None, parties=pair)
        back = replace(claim, exporter=claim.importer, importer=claim.exporter)
        total, other = self.level(both, period, unit), self.level(back, period, unit)
        is_sure = total is not None and other is not None and self._adds_up(claim, both, back, later, unit)
        if total is not None and other is None and later is not None:
            other = self.before(back, later, period, unit)
        if total is None or other is None:
            return None
        return Reached((total, replace(other, sign=-1)), is_sure)

    def _adds_up(self, one: Claim, both: Claim, back: Claim, period: Period | None, unit: str) -> bool:
        """Tell whether the story's own total is the sum of both directions where it states all three."""
        total, *parts = (self.level(claim, period, unit) for claim in (both, one, back))
        if total is None or any(part is None for part in parts) or len(both.parties) < 2:
            return False
        ends = [operand(part.written, "trunc") for part in parts if part is not None]
        return (ends[0] + ends[1]).overlaps(written(total.written, "trunc"))


def _overlap(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


def _coarseness(term: Term) -> tuple[bool, object, object]:
    number: Written = term.written
    return (number.hedge is not None, number.last_unit, term.span)


def parts_of(claim: Claim) -> tuple[Parts, ...]:
    """Return the two flows a total or balance is made of; with one party named, its trade with everyone."""
    if len(claim.parties) == 2 and "W00" not in claim.parties:
        pairs: tuple[tuple[str | None, str | None], ...] = ((claim.parties[0], claim.parties[1]),)
    elif claim.parties and claim.parties[0] != "W00":
        pairs = ((claim.parties[0], "W00"), (claim.parties[0], None))
    else:
        return ()
    plain = replace(claim, flow=None, parties=())
    back: Literal[1, -1] = -1 if claim.flow == "balance" else 1
    return tuple(
        ((replace(plain, exporter=one, importer=other), 1), (replace(plain, exporter=other, importer=one), back))
        for one, other in pairs
    )
