"""Which period a clause and each of its numbers speak of.

Owns how period words attach to numbers within one clause. What the words mean is read in `periods` and
resolved in `spans`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.period import Period
from tidewaiter.news.claims.draft import period_words, written
from tidewaiter.news.claims.fronted import (
    fronted,
    is_reached_by,
    of_the_year_told,
    opens_a_second_part,
    part_told_before,
    stands_at,
)
from tidewaiter.news.claims.lookback import like_for_like, of_which, then_was, when_it_last_was
from tidewaiter.news.words import spans
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Known
    from tidewaiter.news.words.spans import PeriodWords
    from tidewaiter.news.words.tokens import Token

_YEAR: Final = 12


def own_period(clause: Clause) -> tuple[Period | None, Literal["iranian", "fiscal"] | None]:  # noqa: C901, PLR0911, PLR0912 - a list of cases, the first that fits
    """Find the period the clause's main figures speak of: the first that is not a base nor tied to one number."""
    tokens = clause.segment.tokens
    now = clause.now(clause.lead_period or clause.known.period)
    chosen: Period | None = None
    for index, token in enumerate(tokens):
        if token.kind != "period" or clause.zones[index]:
            continue
        words = period_words(token)
        if words.kind == "unknown":
            return clause.known.windows.get(words.months or 0), words.calendar
        opens = (
            words.kind == "same" and words.year is not None and not any(one.kind == "base" for one in tokens[:index])
        )
        opens = opens and not any(one.kind in {"number", "move"} for one in tokens[:index])
        if words.kind in {"since", "run", "day"} or (words.is_relative and not opens and _compares(tokens)):
            continue
        if is_by_the_way(tokens, index) or _belongs_to_a_figure(tokens, index) or opens_a_second_part(tokens, index):
            continue
        if is_reached_by(tokens, index):
            return None, words.calendar
        if names_a_document(tokens, index) or (
            _in_parentheses(tokens, index) and words.kind == "span" and chosen is not None
        ):
            continue
        if words.calendar == "fiscal" and spans.resolve(words, now) is None:
            return None, words.calendar
        if token.start == clause.lead_at and words.is_relative and clause.lead_period is not None:
            clause.aside = True
            return clause.lead_period, words.calendar
        words = of_the_year_told(clause, index, words)
        clause.rolling = words.is_rolling
        if words.is_rolling and now.own_months:
            return None, words.calendar
        resolved = spans.resolve(words, now)
        at = _opened_after(tokens, index)
        inner = tokens[at] if at is not None else None
        if (
            inner is not None
            and inner.kind == "period"
            and period_words(inner).kind == "span"
            and (words.kind != "span" or (at or 0) > index + 2)
        ) or (
            inner is not None
            and inner.kind == "period"
            and (words.calendar is not None or _is_gloss(words, period_words(inner)))
        ):
            months = period_words(inner)
            if months.year is None and words.calendar == "fiscal":
                months = replace(months, year=words.year, last_year=words.last_year)
            told = spans.resolve(months, now)
            return told or resolved, period_words(inner).calendar or words.calendar
        if resolved is not None:
            clause.aside = words.is_relative or _is_alone(tokens, index, resolved, clause.known)
            return resolved, words.calendar
        chosen = chosen or resolved
    level = clause.known.level
    if clause.lead_period is None and level is not None and level.period is not None and _takes_up(tokens):
        return level.period, None
    leaned_on = clause.lead_period or clause.known.period or _year_just_over(clause)
    return _of_like_length(tokens, clause.known, leaned_on), None


def _of_like_length(tokens: Sequence[Token], known: Known, leaned_on: Period | None) -> Period | None:
    """Take the month spoken of last for a figure that compares with "the same month", not the months around it."""
    size = next((one.period.months for one in tokens if one.period is not None and one.period.kind == "same"), None)
    if leaned_on is None or size is None or leaned_on.length == size:
        return leaned_on
    return next((period for period in reversed(known.history) if period.length == size), leaned_on)


def _opened_after(tokens: Sequence[Token], index: int) -> int | None:
    """Find what a bracket after a period opens with, also behind "of the 2025/26 season (July-February)"."""
    if index + 2 < len(tokens) and tokens[index + 1].low == "(":
        return index + 2
    seasons = False
    for at in range(index + 1, min(index + 7, len(tokens) - 2)):
        if tokens[at].low == "(":
            closes = at + 2 < len(tokens) and tokens[at + 2].low == ")"
            return at + 1 if seasons and closes and tokens[at + 1].kind == "period" else None
        seasons = seasons or (tokens[at].kind == "period" and period_words(tokens[at]).kind == "unknown")
        if tokens[at].kind not in {"word", "period", "number"} or tokens[at].low in {",", ";"}:
            return None
    return None


def _is_gloss(words: PeriodWords, inner: PeriodWords) -> bool:
    """Tell whether a bracket says which months are meant: "the first eight months (July-February) of the year"."""
    return words.kind == inner.kind == "span" and words.first == 1 and (inner.last - inner.first) % 12 == words.last - 1


def _takes_up(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause is of the figure told last ("flour made up $2 million of the sum")."""
    return any(
        one.low == "of" and (two.form == "figure" or two.low in {"that", "this", "it"}) for one, two in pairwise(tokens)
    )


def _is_alone(tokens: Sequence[Token], index: int, told: Period, known: Known) -> bool:
    """Tell whether a period is only looked at by the way: "in June alone", within the months the story is of."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    beside = after is not None and (after.low == "alone" or after.kind in {"flow", "goods"})
    first = known.history[0] if known.history else None
    stories = [period for period in (known.period, first) if period is not None]
    return beside and first != told and any(one.length > told.length and one.contains(told) for one in stories)


def _belongs_to_a_figure(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period only says which figure a share is of: "82 percent of the 2019 figure"."""
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    before = [token.low for token in tokens[max(0, index - 2) : index]]
    return after in group("figures") and "of" in before


def _year_just_over(clause: Clause) -> Period | None:
    """Take the year just over where a story of its first months compares with "the previous year" and names none."""
    day = clause.known.published_on
    tokens = clause.segment.tokens
    if day is None or day.month > 3:
        return None
    for token in tokens:
        words = token.period
        yearly = words is not None and words.kind == "earlier_year" and "year" in words.text and "-" not in words.text
        if yearly or (words is not None and words.year == day.year - 2 and words.last - words.first == 11):
            return Period.months_of(day.year - 1)
    return None


def two_ends(clause: Clause) -> tuple[Period, Period] | None:
    """Find the two ends of "between March 2022 and June 2023", where figures stand at the ends."""
    tokens = clause.segment.tokens
    for index, token in enumerate(tokens):
        if token.kind != "period" or not period_words(token).ends:
            continue
        told = [written(other).unit for other in tokens[:index] if other.kind == "number"]
        if not told or (len(told) == 1 and told[0] not in {"%", "x", "pp"}):
            continue
        whole = spans.resolve(period_words(token), clause.now(clause.period))
        if whole is None or (len(told) == 1 and whole.length <= _YEAR and not whole.is_full_years):
            continue  # "rose 4 % between May and July": from month to month, or all of it against a year before?
        size = 12 if whole.is_full_years and whole.length > 12 else 1
        _ = index
        return Period(whole.first, whole.first + size - 1), Period(whole.last - size + 1, whole.last)
    months = [token for token in tokens if token.kind == "period" and period_words(token).kind == "span"]
    if any(token.low == "between" for token in tokens) and len(months) == 2:
        now = clause.now(clause.period)
        first, last = (spans.resolve(period_words(token), now) for token in months)
        if first is not None and last is not None and first < last:
            return first, last
    return None


def _compares(tokens: Sequence[Token]) -> bool:
    return any(
        token.kind in {"move", "base"} or (token.number is not None and token.number.unit in {"%", "x"})
        for token in tokens
    )


def names_a_document(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a year only dates a resolution, law or treaty."""
    before = [token.low for token in tokens[max(0, index - 4) : index + 2] if token is not tokens[index]]
    return any(word in before for word in group("documents"))


def is_by_the_way(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period stands in a clause that only tells of its noun: "Russia, which banned it in 2006,"."""
    if _beside_a_figure_in_brackets(tokens, index) or _behind_a_record(tokens, index) or dates_a_base(tokens, index):
        return True
    having = next((at for at in range(index - 1, 0, -1) if tokens[at].low in {"having", ","}), None)
    if having is not None and tokens[having].low == "having":
        return True
    opened = next(
        (
            at
            for at in range(index - 1, 0, -1)
            if tokens[at].low in {"which", "who", "whose"} and tokens[at - 1].low == ","
        ),
        None,
    )
    if opened is None or any(tokens[at].low in {",", ";"} for at in range(opened, index)):
        return False
    end = next((at for at in range(index, len(tokens)) if tokens[at].low in {",", ";"}), len(tokens))
    return end < len(tokens) and not any(token.kind in {"number", "flow"} for token in tokens[opened:end])


def _beside_a_figure_in_brackets(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period dates a figure inside its own brackets: "(33 % in 2010, 41 % in 2011)"."""
    if not _in_parentheses(tokens, index):
        return False
    opened = max(at for at in range(index) if tokens[at].low == "(")
    return any(token.kind == "number" for token in tokens[opened:index])


def _behind_a_record(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period says of what kind a record is: "a record high for the first half", "the most since May"."""
    near = tokens[max(0, index - 4) : index - 1]
    if tokens[index - 1].kind == "record" and tokens[index - 1].low.endswith("since"):
        return True
    if tokens[index - 1].low == "since":
        return any(one.kind in {"record", "rank"} or one.low in {"most", "least"} for one in near)
    return tokens[index - 1].low == "for" and any(one.kind == "record" for one in near)


def dates_a_base(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period dates the level something moved away from: "a 5 % increase from 2,857 million in 2004"."""
    at = next((at for at in range(index - 1, max(-1, index - 3), -1) if tokens[at].kind == "number"), None)
    if at is None:
        return False
    words = period_words(tokens[index])
    if words.year is None or (words.first, words.last) != (1, 12):
        return False  # "rose to $5 million from $4 million in July" is July's
    behind = [token.low for token in tokens[max(0, at - 3) : at]]
    return "from" in behind and any(token.kind == "move" for token in tokens[:at])


def _in_parentheses(tokens: Sequence[Token], index: int) -> bool:
    depth = 0
    for token in tokens[:index]:
        depth += (token.low == "(") - (token.low == ")")
    return depth > 0


def period_of_number(clause: Clause, index: int) -> Period | None:  # noqa: C901, PLR0911, PLR0912 - a list of cases, the first that fits
    """Find the period that is tied to one number: right after it, in its parentheses, or before a parenthesis."""
    tokens = clause.segment.tokens
    now = clause.now(clause.known.period if clause.aside else clause.period or clause.known.period)
    dated = any(one.kind == "period" for one in tokens[index + 1 : index + 4])
    past = (None if dated else when_it_last_was(clause, index)) or of_which(clause, index) or then_was(clause, index)
    if past is not None:
        return past
    of_its_part = None if dated else fronted(clause, index) or stands_at(clause, index)
    if of_its_part is not None:
        return of_its_part
    if index >= 2 and tokens[index - 1].low == "(" and tokens[index - 2].kind == "period" and not dated:
        return spans.resolve(period_words(tokens[index - 2]), now)
    level = index >= 3 and tokens[index - 1].low == "(" and tokens[index - 2].low in group("figures")
    if level and tokens[index - 3].kind == "period":
        return spans.resolve(period_words(tokens[index - 3]), now)  # "below the 2019 level ($4 billion)"
    for back in range(index - 1, -1, -1):
        if tokens[back].low == ")":
            break
        if tokens[back].low == "(":
            inside = [token for token in tokens[back:index] if token.kind == "period"]
            if inside:
                return spans.resolve(period_words(inside[-1]), now)
            break
    for step, token in enumerate(tokens[index + 1 : index + 9]):
        if token.kind == "period":
            words = period_words(token)
            at = index + 1 + step
            if words.kind in {"since", "run", "day"}:
                return None
            if clause.zones[at] != clause.zones[index] or (
                words.is_relative and not clause.zones[index] and _compares(tokens)
            ):
                return None
            if at + 1 < len(tokens) and tokens[at + 1].low in {"level", "levels", "average", "figure"}:
                return None
            if at + 2 < len(tokens) and tokens[at + 1].low == "(" and tokens[at + 2].period is not None:
                inner = period_words(tokens[at + 2])
                words = inner if _is_gloss(words, inner) else words
            words = part_told_before(tokens, index, at) or words
            leaning = words.kind == "same" and not clause.aside
            told = spans.resolve(words, clause.now(_spoken_of_at(clause, at)) if leaning else now)
            return like_for_like(clause, told)
        if (token.kind == "flow" and token.form == "verb") or token.low in group("declares"):
            continue
        if token.kind in {"number", "move", "base", "and", "flow", "say"} or token.low in {",", ";", ":", "(", ")"}:
            return None
    return None


def _spoken_of_at(clause: Clause, at: int) -> Period | None:
    """Find the period a relative one leans on: the nearest told before it in the clause, else the clause's."""
    tokens = clause.segment.tokens
    for back in range(at - 1, -1, -1):
        words = tokens[back].period
        if words is None or words.kind != "span" or clause.zones[back] or is_by_the_way(tokens, back):
            continue
        if names_a_document(tokens, back) or words.ends:
            continue
        return spans.resolve(words, clause.now(clause.known.period)) or clause.period
    return clause.period or clause.known.period


def base_period_at(clause: Clause, index: int) -> Period | None:
    """Resolve the base period that stands in the same comparison as `index`, or after a change word."""
    tokens = clause.segment.tokens
    now = clause.now(clause.period or clause.known.period)
    for at in (*range(index + 1, len(tokens)), *range(index - 1, -1, -1)):
        token = tokens[at]
        if (
            at > index
            and token.kind == "number"
            and written(token).unit not in {"%", "x", "pp"}
            and not clause.zones[at]
        ) and any(other.kind == "period" for other in tokens[index:at]):
            break
        if token.kind != "period":
            continue
        words = period_words(token)
        opened = at < index and words.kind == "same" and words.year is not None  # "for the same period in 2022 ..."
        if opened or words.kind in {"since", "run", "day"}:
            continue
        last_year = words.kind == "span" and words.relative_year == -1 and (words.first, words.last) == (1, _YEAR)
        if last_year and clause.zones[at] and clause.period is not None and clause.period.length < _YEAR:
            return spans.before(clause.period)  # "fewer than the 9 tons of last year", in a story of a month
        behind = at > index and tokens[at - 1].low == "from" and not any(one.number for one in tokens[index + 1 : at])
        if clause.zones[at] or words.is_relative or (behind and words.kind == "span"):
            leaning = words.kind == "same" and not clause.aside
            found = spans.resolve(words, clause.now(_spoken_of_at(clause, at)) if leaning else now)
            if found is not None and found == clause.period and words.kind in {"same", "cited"}:
                return spans.before(found)  # "against the same period": nothing is compared with itself
            if found is not None:
                return like_for_like(clause, found)
    return None
