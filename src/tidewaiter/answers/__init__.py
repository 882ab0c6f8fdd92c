"""Answer questions: the only place where a number that anyone reads is computed.

`ask` is pure: it gets frames and gives an `Answer` or a `Refusal`; it reads no disk, network,
settings or clock. Rows cover the question, else a printed figure matches it exactly, else there
is no number. Silence is never zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.answers import breakdown, change, choose, levels, refuse
from tidewaiter.answers.describe import describe
from tidewaiter.answers.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.answers.choose import Candidate
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.base.schema import Tables
    from tidewaiter.base.terms import Indicator

__all__ = ["ask", "describe"]

_INDICATORS: dict[Indicator, Callable[[Query, Scope, Tables], list[Candidate]]] = {
    "value": levels.flow,
    "weight": levels.flow,
    "total": levels.total,
    "balance": levels.balance,
    "share": breakdown.share,
    "ranking": breakdown.ranking,
    "composition": breakdown.composition,
    "series": levels.series,
}


def ask(query: Query, tables: Tables) -> Answer | Refusal:
    """Answer `query` from `tables`, which hold what was known on the day the question is asked for.

    Absence of data comes back as a `Refusal`. Raises `QueryError` for a question that
    contradicts itself and `CodeError` for an area that no table knows.
    """
    scope = scope_of(query)
    if query.indicator == "ranking" and query.by is None:
        query = replace(query, by="partner")
    if query.indicator == "change":
        answer = change.change(query, scope, tables)
        return answer or change.refusal(query, scope, tables)
    candidates = _INDICATORS[query.indicator](query, scope, tables)
    best = choose.best(query, scope, tables, candidates)
    return best or refuse.refusal(query, scope, tables, candidates)
