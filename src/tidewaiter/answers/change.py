"""Change: one level against another, exactly, and whether the two may be compared at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tidewaiter.answers import choose, levels, refuse
from tidewaiter.answers.quotient import difference, relative_change
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Line, Query, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tidewaiter.answers.choose import Candidate
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Comparability
    from tidewaiter.base.schema import Tables

    Maker = Callable[[Query, Scope, Tables], list[Candidate]]

_OF: dict[str, Maker] = {"value": levels.flow, "total": levels.total, "balance": levels.balance}


@dataclass(frozen=True, slots=True)
class Levels:
    """The two levels of one change, and the change itself as a candidate."""

    current: Candidate
    base: Candidate
    change: Candidate


def base_of(query: Query) -> Period:
    """Return the base period: the one named, else the same span the smallest number of whole years before."""
    assert query.period is not None
    return query.against or query.period.shifted(-12 * -(-query.period.length // 12))


def change(query: Query, scope: Scope, tables: Tables) -> Answer | None:
    """Answer a change, flagged where its spans are not alike, with the like-for-like change beside it."""
    against = base_of(query)
    known: dict[Period, list[Candidate]] = {}

    def at(period: Period) -> list[Candidate]:
        if period not in known:
            found = level_candidates(query, replace(scope, period=period), tables)
            known[period] = [each for each in found if each.is_complete]
        return known[period]

    answered = _answer(replace(query, against=against), scope, tables, at)
    if answered is None or scope.period.is_like(against):
        return answered
    for period, base in like_spans(scope.period, against):
        asked = replace(query, period=period, against=base)
        like = _answer(asked, replace(scope, period=period), tables, at)
        if like is not None:
            return replace(answered, like_for_like=replace(like, alternatives=()))
    return answered


def like_spans(period: Period, against: Period) -> Iterator[tuple[Period, Period]]:
    """Yield like pairs for an unlike one: the same months in the base's year, then the full years of both."""
    years = period.years[0] - against.years[0]
    if years:
        yield period, period.shifted(-12 * years)
    full = Period(period.years[0] * 12, period.years[-1] * 12 + 11)
    full_base = Period(against.years[0] * 12, against.years[-1] * 12 + 11)
    if full.is_like(full_base) and not full.overlaps(full_base):
        yield full, full_base


def level_candidates(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """List the candidates for one level of the change."""
    return _OF[query.of](query, scope, tables)


def level_query(query: Query, period: Period) -> Query:
    """Return the question one level of the change answers."""
    indicator = query.of if query.measure == "value" or query.of != "value" else "weight"
    return replace(query, indicator=indicator, period=period, against=None)


def _answer(query: Query, scope: Scope, tables: Tables, at: Callable[[Period], list[Candidate]]) -> Answer | None:
    assert query.against is not None
    base_scope = replace(scope, period=query.against)
    current = at(scope.period)
    found = _levels(query, scope, current, at(query.against)) if current else []
    by_change = {id(each.change): each for each in found}
    pairs = [by_change[id(each)] for each in choose.ordered(query, scope, [each.change for each in found])]
    if not pairs:
        return None
    currents = choose.answers(level_query(query, scope.period), scope, tables, [each.current for each in pairs])
    bases = choose.answers(level_query(query, query.against), base_scope, tables, [each.base for each in pairs])
    alike = _comparability(scope.period, query.against)
    answers = [
        replace(
            choose.joined(query, scope, pair.change, (current, base)), current=current, base=base, comparability=alike
        )
        for pair, current, base in zip(pairs, currents, bases, strict=True)
    ]
    return replace(answers[0], alternatives=tuple(answers[1:]))


def _levels(query: Query, scope: Scope, current: Sequence[Candidate], base: Sequence[Candidate]) -> list[Levels]:
    """Pair levels of one source and side, or of one page; only where there is no such pair, the two defaults."""
    paired = [_pair(query, new, old) for new in current for old in base if _key(new) == _key(old)]
    if paired or not current or not base:
        return paired
    new, old = choose.ordered(query, scope, current)[:1], choose.ordered(query, scope, base)[:1]
    note = "the two levels come from different publications, which may count differently"
    return [_pair(query, one, other, note) for one in new for other in old]


def _key(candidate: Candidate) -> tuple[tuple[str, str | None, str], ...]:
    return tuple(figure.key for figure in candidate.figures)


def _pair(query: Query, current: Candidate, base: Candidate, *notes: str) -> Levels:
    assert current.value is not None
    assert base.value is not None
    assert query.period is not None
    assert query.against is not None
    value = relative_change(current.value, base.value)
    said = list(notes)
    if value is None:
        said.append("no relative change: the base is zero, or may be within its rounding")
    elif base.value.value < 0:
        said.append("the base is negative: per cent of its size")
    if not query.period.is_like(query.against):
        said.append(_unlike(query.period, query.against))
    table = tuple(
        Line(str(period), level.figures[0].source, level.value.value if level.value else None, current.value.unit)
        for period, level in ((query.period, current), (query.against, base))
    )
    made = choose.Candidate(
        (*current.figures, *base.figures), value, table, tuple(said), absolute=difference(current.value, base.value)
    )
    return Levels(current, base, made)


def _comparability(period: Period, against: Period) -> Comparability:
    return "like_for_like" if period.is_like(against) else "not_like_for_like"


def _unlike(period: Period, against: Period) -> str:
    if period.length != against.length:
        return f"not like for like: {period.length} months ({period}) against {against.length} ({against})"
    return f"not like for like: {period} and {against} are different seasons"


def refusal(query: Query, scope: Scope, tables: Tables) -> Refusal:
    """Say which of the two levels is missing, the current one first."""
    for period in (scope.period, base_of(query)):
        at = replace(scope, period=period)
        candidates = level_candidates(query, at, tables)
        if not any(each.is_complete for each in candidates):
            said = refuse.refusal(level_query(query, period), at, tables, candidates)
            return replace(said, query=query)
    return Refusal(query, "no_data", "the two levels are declared by different sides; name a side or source")
