"""Periods of figures that a clause looks back to: "when it was", "which was itself", "having been", the same months.

Owns what such words date. The clause's own period is `when`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import period_words
from tidewaiter.news.words import periods, spans

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.clause import Clause


def when_it_last_was(clause: Clause, index: int) -> Period | None:
    """Find the month a figure of the past is of: "the highest since May 2017, when 8 tons were sold"."""
    told = (*clause.before, *clause.segment.tokens[:index])
    at = next((at for at in range(len(told) - 1, 1, -1) if told[at].low == "when"), None)
    if at is None or any(one.kind == "period" for one in told[at:]):
        return None
    dated = told[at - 2] if told[at - 1].low == "," else told[at - 1]
    words = dated.period
    if words is None:
        return None
    if words.kind == "since":
        written = words.text.partition(" ")[2]
        inner = periods.lex(written, 0)
        return spans.resolve(inner, clause.now(None)) if inner is not None and inner.text == written else None
    place = at - 2 if told[at - 1].low == "," else at - 1
    if words.kind == "same" and words.is_relative:
        return spans.resolve(words, clause.now(clause.known.period or clause.period))
    return spans.resolve(words, clause.now(None)) if place and told[place - 1].low.endswith("since") else None


def like_for_like(clause: Clause, found: Period | None) -> Period | None:
    """Take a bare year beside "the same period in 2022" as the same months: "8 tons, against 9 tons in 2021"."""
    own = clause.period
    if found is None or own is None or own.length >= 12 or found.length != 12 or not found.is_full_years:
        return found
    told = [token.period for token in (*clause.before, *clause.segment.tokens)]
    alike = any(words is not None and words.kind == "same" and words.year is not None for words in told)
    one_year = own.first // 12 == own.last // 12
    return own.shifted(found.first - own.first // 12 * 12) if alike and one_year else found


def of_which(clause: Clause, index: int) -> Period | None:
    """Find the month that "which" takes up: "from 27 tons in July, which was itself down 9 % from June"."""
    tokens, index = (*clause.before, *clause.segment.tokens), len(clause.before) + index
    at = next((at for at in range(index - 1, 1, -1) if tokens[at].low == "which"), None)
    if at is None or tokens[at - 1].low != "," or tokens[at - 2].kind != "period":
        return None
    if any(one.kind in {"period", "number", "flow"} or one.low in {",", ";"} for one in tokens[at:index]):
        return None
    words = period_words(tokens[at - 2])
    return spans.resolve(words, clause.now(clause.period)) if words.kind == "span" else None


def then_was(clause: Clause, index: int) -> Period | None:
    """Find the month of a second amount: "$2 million, having been $4 million in the same month last year"."""
    tokens = clause.segment.tokens
    number = tokens[index].number
    if number is None or index + 2 >= len(tokens) or number.unit in {"%", "x", "pp"}:
        return None
    if tokens[index + 1].low not in {"in", "for", "during"}:
        return None
    words = tokens[index + 2].period
    if words is None or words.kind != "same" or words.relative_year is None or tokens[index - 1].low in {"to", "by"}:
        return None
    amounts = [one for one in tokens[:index] if one.number is not None and one.number.unit == number.unit]
    if not amounts or not any(one.low == "having" for one in tokens[:index]):
        return None
    return spans.resolve(words, clause.now(clause.period))
