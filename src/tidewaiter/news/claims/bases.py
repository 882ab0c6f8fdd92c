"""From when a change is told to start: the base its clause names, for each of its numbers.

Owns matching a base to the period of its own number. Resolving the words is `when`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims import reach
from tidewaiter.news.claims.draft import written
from tidewaiter.news.claims.when import base_period_at
from tidewaiter.news.words import spans

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Draft

_YEAR: Final = 12


def _is_year_before(base: Period, own: Period) -> bool:
    """Tell whether a base is the whole year before that of the months told."""
    return base.is_full_years and base.length == _YEAR and base.first // _YEAR == own.first // _YEAR - 1


def told_later(clause: Clause, index: int, own: Period) -> Period | None:
    """Find an earlier period told behind the change's own."""
    for token in clause.segment.tokens[index + 1 :]:
        words = token.period
        found = spans.resolve(words, clause.now(own)) if words is not None else None
        if found is not None and found.last < own.first:
            return found
    return None


def base_of(clause: Clause, index: int, draft: Draft) -> Period | None:
    """Find what a change starts from; "on-year growth was 9 percent in May and 8 percent in June" has a base each."""
    base, own, whole = base_period_at(clause, index), draft.period, clause.period
    if base is not None and base == own:
        base = told_later(clause, index, own)  # "twice as much in 2019 as in 2018": nothing is its own base
    if base is not None and own is not None and own.length < _YEAR and _is_year_before(base, own):
        amounts = (
            clause.zones[at]
            for at, one in enumerate(clause.segment.tokens)
            if reach.is_amount(one) and written(one).unit not in {"%", "x", "pp"}
        )
        base = base if any(amounts) else spans.before(own)  # "in May it rose 4 % compared to 2019": like with like
    if base is None and own is not None and whole is not None and own.length == whole.length and whole.last < own.first:
        return whole  # "while in 2021 it was $2 billion, in 2024 this figure increased fivefold"
    if base is None or own is None or whole is None or own == whole or own.length != whole.length:
        return base
    is_yearly = base == spans.before(whole) and base.length == whole.length
    told = any(token.period is not None and token.period.kind == "earlier_year" for token in clause.segment.tokens)
    return spans.before(own) if is_yearly and told else base
