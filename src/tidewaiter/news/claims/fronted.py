"""Which of two periods of a clause a figure is of: the one that opens its part, the one right before it, or both.

Owns clauses that tell of two times, and quarters whose year stands elsewhere in the clause.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.words import spans
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.words.spans import PeriodWords
    from tidewaiter.news.words.tokens import Token

_YEAR: Final = 12


def fronted(clause: Clause, index: int) -> Period | None:
    """Find the period that opens a second part: "in 2022 it was 26 percent, but in 2023, the share was 3 percent"."""
    tokens = clause.segment.tokens
    for at in range(index - 1, 2, -1):
        words = tokens[at].period
        if tokens[at].low == ";":
            return None
        if words is None or words.kind != "span" or words.year is None or tokens[at - 1].low not in {"in", "during"}:
            continue
        joined = tokens[at - 2].low == "and" and tokens[at - 3].low == ","
        opens = (joined or tokens[at - 2].low in {",", "but", "while"}) and any(
            one.kind == "number" for one in tokens[: at - 2]
        )
        goes_on = tokens[at + 1].low == "," or tokens[at + 1].kind in {"pronoun", "party"}
        return spans.resolve(words, clause.now(clause.period)) if opens and goes_on else None
    return None


def stands_at(clause: Clause, index: int) -> Period | None:
    """Find the year right before a level: "closed 2023 at $8.3 billion"."""
    tokens = clause.segment.tokens
    words = tokens[index - 2].period if index > 2 and tokens[index - 1].low == "at" else None
    if words is None or words.kind != "span" or words.year is None or tokens[index - 3].kind == "number":
        return None
    return spans.resolve(words, clause.now(clause.period))


def opens_a_second_part(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period opens what a clause goes on with: "are $5 million, and in 2013 they had been ..."."""
    before = [one.low for one in tokens[max(0, index - 3) : index]]
    told = any(one.kind == "number" for one in tokens[: max(0, index - 3)])
    goes_on = index + 1 < len(tokens) and tokens[index + 1].kind in {"pronoun", "party"}
    return told and goes_on and before[:2] in ([",", "and"], [",", "but"]) and before[-1] in {"in", "during"}


def is_reached_by(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a month is only when a sum was reached ("by June it had sold 8 tons"): who knows since when."""
    words = tokens[index].period
    if words is None or words.kind != "span" or words.first != words.last or index < 1:
        return False
    before = [one.low for one in tokens[max(0, index - 4) : index]]
    return before[-1] in group("reached_by") or (before[:1] == ["by"] and before[-1] == "of")


def is_a_year(words: PeriodWords) -> bool:
    """Tell whether words name one whole year."""
    return words.kind == "span" and words.year is not None and (words.first, words.last) == (1, _YEAR)


def is_part_of_a_year(words: PeriodWords) -> bool:
    """Tell whether words name a quarter or half of no year: "first-quarter"."""
    dated = words.year is not None or words.relative_year is not None or words.leans is not None
    return words.kind == "span" and not dated and words.calendar is None and words.last - words.first in {2, 5}


def of_the_year_told(clause: Clause, index: int, words: PeriodWords) -> PeriodWords:
    """Take a quarter that names no year for one of the only year its clause tells behind it."""
    if not is_part_of_a_year(words):
        return words
    tokens = clause.segment.tokens
    told = [
        at
        for at, one in enumerate(tokens)
        if at > index and one.period is not None and is_a_year(one.period) and not clause.zones[at]
    ]
    year = tokens[told[0]].period if len(told) == 1 and _is_one_part(tokens[index : told[0]]) else None
    return replace(words, year=year.year) if year is not None else words


def part_told_before(tokens: Sequence[Token], index: int, at: int) -> PeriodWords | None:
    """Find the quarter that a figure dated by a whole year at `at` is of: "first-quarter imports were $5 in 2019"."""
    first = next((step for step in range(index) if (one := tokens[step].period) and is_part_of_a_year(one)), None)
    part, year = tokens[first].period if first is not None else None, tokens[at].period
    if first is None or part is None or year is None or not is_a_year(year):
        return None
    return replace(part, year=year.year) if _is_one_part(tokens[first:at]) else None


def _is_one_part(tokens: Sequence[Token]) -> bool:
    """Tell whether words speak of one figure and no more: no comma, no second amount, nothing it is set against."""
    stops = {",", ";", ":", "while", "but", "against"}
    numbers = sum(one.kind == "number" for one in tokens)
    return numbers <= 1 and not any(one.kind == "base" or one.low in stops for one in tokens)
