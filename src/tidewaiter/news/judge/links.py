"""Which figures of one story must fit together: the relations between its claims.

A change names two levels; a total is exports and imports; a share is a part of a whole; a balance is
a difference; a headline restates the body. Owns how figures are found for one another, by the claim
that states them or by what they measure; must not judge whether they fit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tidewaiter.news.judge.beside import part_beside, whole_beside
from tidewaiter.news.judge.intervals import written
from tidewaiter.news.model import ALL_GOODS, Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import Span, Written

RelationKind = Literal["change", "difference", "sum", "balance", "share", "parts", "restates", "order"]
"""change: top / bottom is the ratio; difference: top - bottom is the amount; share: top / bottom is the
share; sum, balance, restates: top is the figure; parts, order: top is at most bottom."""

_NEAR: Final = 400
"""Characters between a total and parts that name no partner: about two sentences."""

Key: TypeAlias = tuple[str, tuple[str | None, ...], tuple[str, ...], str, str | None]
"""What a figure measures: flow word or direction, areas, goods, unit, period."""


@dataclass(frozen=True, slots=True)
class Term:
    """One figure inside a relation, as the claim `claim_id` states it.

    `over` is a change claim: then the term stands for the figure before that change, that is the
    written figure divided by the change's ratio.
    """

    claim_id: str
    written: Written
    sign: Literal[1, -1] = 1
    over: Claim | None = None
    words: str = ""

    @property
    def span(self) -> Span:
        """Where the figure stands in the text."""
        return self.written.span


@dataclass(frozen=True, slots=True)
class Relation:
    """Figures that must fit: `target` is the claim judged, `top` and `bottom` are sums of terms."""

    kind: RelationKind
    target: Claim
    top: tuple[Term, ...]
    bottom: tuple[Term, ...] = ()
    is_found: bool = False
    """True where a figure was found by what it measures, not named by the claim itself: then a wild
    difference speaks against the link, not against the story."""
    is_doubtful: bool = False
    """True where a slot by which a figure was found may be filled in more than one way: it may bear the
    claim out and accuses nobody."""


def relations(claims: Iterable[Claim]) -> tuple[Relation, ...]:
    """Return every relation between the claims of one story, in the order of their targets."""
    graph = _Graph(tuple(claims))
    found: list[Relation] = []
    for claim in graph.claims:
        if claim.negated or claim.modality in {"denied", "planned"} or claim.type == "forecast":
            continue
        for relation in graph.relations_of(claim):
            marked = replace(relation, is_doubtful=relation.is_doubtful or graph.is_doubtful(relation))
            if marked not in found:
                found.append(marked)
    return tuple(found)


def key_of(claim: Claim, period: Period | None, unit: str | None = None) -> Key | None:
    """Return what the level of `claim` measures in `period`, or None where that is not settled."""
    if period is None:
        return None
    goods = claim.goods.hs or ((claim.goods.text.casefold(),) if claim.goods.text else ())
    if unit is None:
        unit = claim.number.unit if claim.number else ""
    if claim.flow in {"total", "balance"}:
        parties = tuple(area for area in claim.parties if area != "W00")
        areas: tuple[str | None, ...] = tuple(sorted(parties)) if claim.flow == "total" else parties
        return (claim.flow, areas, goods, unit, period.span()) if parties else None
    if claim.exporter is None and claim.importer is None:
        return None
    return ("flow", (claim.exporter, claim.importer), goods, unit, period.span())


def sources_fit(one: Claim, other: Claim) -> bool:
    """Tell whether two claims may be set against each other: same source, or one names none."""
    mine, others = _names(one), _names(other)
    return not mine or not others or one.sentence_span == other.sentence_span or bool(mine & others)


def _names(claim: Claim) -> set[str]:
    """Return the sources named: "released figures" and "a report" are no names and tell nobody apart."""
    return {name.casefold() for name in claim.attribution if any(word[:1].isupper() for word in name.split())}


class _Graph:
    """The claims of a story with look-ups by id and by what they measure."""

    def __init__(self, claims: tuple[Claim, ...]) -> None:
        self.claims = claims
        self.by_id = {claim.id: claim for claim in claims}
        self.levels: dict[Key, list[Term]] = {}
        self.changes: dict[Key, list[Claim]] = {}
        for claim in claims:
            self._index(claim)

    def _index(self, claim: Claim) -> None:
        if claim.negated or claim.modality in {"denied", "planned"} or claim.type == "forecast":
            return
        if claim.type in {"flow_value", "total", "balance"} and claim.number is not None:
            self._add_level(key_of(claim, claim.period), Term(claim.id, claim.number, words=claim.quote))
            for other in claim.number.restated:
                self._add_level(key_of(claim, claim.period, other.unit), Term(claim.id, other, words=other.text))
        if claim.type == "change":
            for figure, period in ((claim.level, claim.period), (claim.base, claim.base_period)):
                if figure is not None:
                    self._add_level(key_of(claim, period, figure.unit), Term(claim.id, figure, words=figure.text))
            unit = claim.level.unit if claim.level else claim.base.unit if claim.base else "USD"
            key = key_of(claim, claim.period, unit)
            if key is not None:
                self.changes.setdefault(key, []).append(claim)

    def _add_level(self, key: Key | None, term: Term) -> None:
        if key is None:
            return
        known = self.levels.setdefault(key, [])
        if all(other.span != term.span for other in known):
            known.append(term)

    def is_doubtful(self, relation: Relation) -> bool:
        """Tell whether a figure was found through a slot that is not settled, here or where it is stated.

        Which of two parties sold is of no matter to their trade in both directions; and a question that is
        open alike for all of them (which Korea is meant throughout) is no matter to a change.
        """
        target = relation.target
        is_own = not relation.is_found and len(relation.top) == len(relation.bottom) == 1
        if is_own or (target.flow == "total" and len(target.parties) == 2):
            return False
        terms = (*relation.top, *relation.bottom)
        stated = [self.by_id[term.claim_id] for term in terms] + [term.over for term in terms if term.over is not None]
        is_one_question = (
            relation.kind in {"change", "difference"} and len({one.unresolved for one in (target, *stated)}) == 1
        )
        return any(claim.unresolved for claim in (target, *stated)) and not is_one_question

    def relations_of(self, claim: Claim) -> Iterator[Relation]:
        if claim.type == "change":
            yield from self._change(claim)
            yield from self._restates_change(claim)
        elif claim.type in {"flow_value", "total", "balance"} and claim.number is not None:
            yield from self._restates(claim)
            if claim.type in {"total", "balance"}:
                yield from self._sum(claim)
        elif claim.type in {"share", "quota"}:
            yield from self._share(claim)
        elif claim.type in {"composition", "ranking"}:
            yield from self._order(claim)

    def _written_level(self, claim: Claim, which: Literal["level", "base"]) -> Term | None:
        figure = claim.level if which == "level" else claim.base
        named = self.by_id.get((claim.level_id if which == "level" else claim.base_id) or "")
        if figure is not None:
            return Term(named.id if named else claim.id, figure, words=figure.text)
        if named is not None and named.number is not None and named.type != "change":
            return Term(named.id, named.number, words=named.number.text)
        return None

    def level(self, claim: Claim, period: Period | None, unit: str) -> Term | None:
        """Find the finest figure stated for what `claim` measures in `period`; None where two disagree."""
        key = key_of(claim, period, unit)
        terms = (
            [
                term
                for term in self.levels.get(key, ())
                if sources_fit(claim, self.by_id[term.claim_id]) and self.by_id[term.claim_id] is not claim
            ]
            if key
            else []
        )
        body = [term for term in terms if not self.by_id[term.claim_id].in_headline] or terms
        if not body:
            return None
        finest = min(body, key=lambda term: (term.written.last_unit, term.span))
        agree = all(written(term.written, "loose").overlaps(written(finest.written, "trunc")) for term in body)
        return finest if agree else None

    def before(self, claim: Claim, period: Period, base_period: Period, unit: str) -> Term | None:
        """Find the level in `base_period`, else the level in `period` over a stated change between the two."""
        stated = self.level(claim, base_period, unit)
        if stated is not None:
            return stated
        key = key_of(claim, period, unit)
        for change in self.changes.get(key, ()) if key else ():
            fits = change.base_period in {base_period, None} and sources_fit(claim, change)
            if fits and change.number is not None and change.number.unit in {"%", "x"}:
                level = self._written_level(change, "level") or self.level(claim, period, unit)
                if level is not None:
                    return Term(level.claim_id, level.written, level.sign, over=change, words=level.words)
        return None

    def _change(self, claim: Claim) -> Iterator[Relation]:
        if claim.number is None and claim.direction is None:
            return
        top, bottom = self._written_level(claim, "level"), self._written_level(claim, "base")
        is_found = top is None or bottom is None
        unit = top.written.unit if top else bottom.written.unit if bottom else ""
        twin = self._twin(claim)
        for one in [unit] if unit else ["USD", "t", "bbl"]:
            new, old = top, bottom
            if twin is not None and not (top and bottom):
                new, old = top or twin[0], bottom or twin[1]
            else:
                new = new or self.level(claim, claim.period, one)
                old = old or self.level(claim, self._base_period(claim, one), one)
            new, old = _in_one_unit(new, old)
            if new and old and new.written.unit != old.written.unit:
                new = self.level(claim, claim.period, old.written.unit) or new
            if new and old and new.written.unit == old.written.unit and new.span != old.span:
                if is_found and twin is None and not self._agrees(claim, new):
                    continue
                is_amount = claim.number is not None and claim.number.unit not in {"%", "x"}
                yield Relation("difference" if is_amount else "change", claim, (new,), (old,), is_found)
                return
        if claim.flow in {"total", "balance"} and claim.period and claim.base_period:
            yield from self._change_of_parts(claim, old=bottom)

    def _twin(self, claim: Claim) -> tuple[Term, Term] | None:
        """Find another claim of the same change that states both levels ("up from $20.4 million")."""
        for unit in ("USD", "t", "bbl"):
            key = key_of(claim, claim.period, unit)
            for other in self.changes.get(key, ()) if key else ():
                same = other is not claim and other.base_period == claim.base_period and sources_fit(claim, other)
                new, old = self._written_level(other, "level"), self._written_level(other, "base")
                if same and claim.base_period is not None and new is not None and old is not None:
                    return new, old
        return None

    def _base_period(self, claim: Claim, unit: str) -> Period | None:
        """Return the base period, or where none is said the same span of the year before, if it has a figure."""
        if claim.base_period is not None or claim.period is None:
            return claim.base_period
        before = claim.period.shifted(-12 * -(-claim.period.length // 12))
        return before if self.level(claim, before, unit) is not None else None

    def _agrees(self, claim: Claim, new: Term) -> bool:
        """Tell whether no other figure is stated for what `new` is taken to measure."""
        key = key_of(claim, claim.period, new.written.unit)
        others = self.levels.get(key, ()) if key else ()
        return all(written(other.written, "loose").overlaps(written(new.written, "trunc")) for other in others)

    def _change_of_parts(self, claim: Claim, old: Term | None) -> Iterator[Relation]:
        """Set the change of a total against its parts, then and now."""
        if claim.period is None or claim.base_period is None or claim.number is None:
            return
        for unit in ("USD", "t"):
            for parts in _parts(claim):
                now = [(self.level(part, claim.period, unit), sign) for part, sign in parts]
                then = [(self.before(part, claim.period, claim.base_period, unit), sign) for part, sign in parts]
                top, bottom = _terms(now), _terms(then)
                if len(top) == len(parts) and len(bottom) == len(parts):
                    yield Relation("change", claim, top, (old,) if old else bottom, len(claim.parties) != 2)
                    return

    def _sum(self, claim: Claim) -> Iterator[Relation]:
        assert claim.number is not None
        if claim.period is None:
            return
        for parts in _parts(claim):
            found = _terms([(self.level(part, claim.period, claim.number.unit), sign) for part, sign in parts])
            if len(found) == len(parts) and found[0].span != found[1].span and self._is_near(claim, found):
                yield Relation("sum" if claim.type == "total" else "balance", claim, found, (), len(claim.parties) != 2)
                return

    def _is_near(self, claim: Claim, found: tuple[Term, ...]) -> bool:
        """Tell whether parts with an unnamed partner stand close enough to be the parts of this total."""
        if len(claim.parties) == 2:
            return True
        starts = [self.by_id[term.claim_id].sentence_span[0] for term in found]
        return all(abs(start - claim.sentence_span[0]) <= _NEAR for start in starts)

    def _restates(self, claim: Claim) -> Iterator[Relation]:
        """Set a figure beside another of the same thing: a headline must fit its text, two of the text may."""
        assert claim.number is not None
        term = self.level(claim, claim.period, claim.number.unit)
        if term is not None and term.span != claim.number.span and not self.by_id[term.claim_id].in_headline:
            yield Relation("restates", claim, (term,), is_found=True, is_doubtful=not claim.in_headline)

    def _restates_change(self, claim: Claim) -> Iterator[Relation]:
        """Set the size of a change beside the same change said elsewhere; it may bear it out and no more."""
        mine = claim.number
        for unit in ("USD", "t", "bbl") if mine is not None else ():
            key = key_of(claim, claim.period, unit)
            for other in self.changes.get(key, ()) if key else ():
                same = other.base_period == claim.base_period and other.direction == claim.direction
                number = other.number
                if other is claim or not same or number is None or not sources_fit(claim, other):
                    continue
                if mine is not None and number.unit == mine.unit:
                    term = Term(other.id, number, words=number.text)
                    yield Relation("restates", claim, (term,), is_found=True, is_doubtful=True)
                    return

    def _share(self, claim: Claim) -> Iterator[Relation]:
        """Set a share against the part and the whole the claim itself points at."""
        if claim.number is None or claim.number.unit not in {"%", "x"}:
            return
        part = self._written_level(claim, "level") or _term_of(part_beside(claim, self.claims))
        whole = self._written_level(claim, "base") or _term_of(whole_beside(claim, self.claims))
        for unit in (part.written.unit,) if part else (whole.written.unit,) if whole else ("USD", "t"):
            of = part or self.level(claim, claim.period, unit)
            total = whole or next(filter(None, (self.level(one, claim.period, unit) for one in _wholes(claim))), None)
            if of and total and of.written.unit == total.written.unit and of.span != total.span:
                yield Relation("share", claim, (of,), (total,), part is None or whole is None)
                return

    def _order(self, claim: Claim) -> Iterator[Relation]:
        """Set the values of goods said to follow one another into pairs, the later on top."""
        terms = [self.level(replace(claim, goods=item, flow=None), claim.period, "USD") for item in claim.items]
        for first, second in pairwise(terms):
            if first is not None and second is not None and first.span != second.span:
                yield Relation("order", claim, (second,), (first,))


def _term_of(claim: Claim | None) -> Term | None:
    if claim is None or claim.number is None:
        return None
    return Term(claim.id, claim.number, words=claim.number.text)


def _in_one_unit(new: Term | None, old: Term | None) -> tuple[Term | None, Term | None]:
    """Where two levels are written in unlike units, take the restatement of one that is in the other's."""
    if new is None or old is None or new.written.unit == old.written.unit:
        return new, old
    for one in (new.written, *new.written.restated):
        for other in (old.written, *old.written.restated):
            if one.unit == other.unit:
                return replace(new, written=one, words=one.text), replace(old, written=other, words=other.text)
    return new, old


def _terms(found: list[tuple[Term | None, Literal[1, -1]]]) -> tuple[Term, ...]:
    return tuple(replace(term, sign=sign) for term, sign in found if term is not None)


def _wholes(claim: Claim) -> tuple[Claim, ...]:
    """Return what a share may be a share of: all goods of the flow, else the flow with every partner."""
    if claim.goods != ALL_GOODS:
        return (replace(claim, goods=ALL_GOODS),)
    if claim.flow == "total":
        return tuple(replace(claim, parties=(party,)) for party in claim.parties)
    whole = []
    for partner in ("W00", None):
        if claim.perspective is not None and claim.perspective == claim.importer:
            whole.append(replace(claim, exporter=partner))
        elif claim.perspective is not None and claim.perspective == claim.exporter:
            whole.append(replace(claim, importer=partner))
    return tuple(whole)


Parts: TypeAlias = tuple[tuple[Claim, Literal[1, -1]], ...]


def _parts(claim: Claim) -> tuple[Parts, ...]:
    """Return the two flows a total or balance is made of; with one party named, its trade with everyone."""
    if len(claim.parties) == 2 and "W00" not in claim.parties:
        pairs: tuple[tuple[str, str | None], ...] = ((claim.parties[0], claim.parties[1]),)
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
