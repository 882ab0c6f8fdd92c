"""The unit of a number that is written without one: its list's, its clause's, its story's.

Owns inheriting a unit or a scale. A number that may not inherit is left without one.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import written
from tidewaiter.news.claims.lists import listed_with
from tidewaiter.news.claims.zones import AMOUNTS
from tidewaiter.news.words.numbers import currency_of, scale_of, unit_kind
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.model import Written
    from tidewaiter.news.words.tokens import Token


def unit_of(clause: Clause, index: int) -> str:
    """Find the unit that the bare number at `index` shares with another, or "" where it shares none."""
    tokens = clause.segment.tokens
    near = _unit_after(tokens, index) or clause.unit or _unit_of_the_figure(clause, index)
    return _unit_of_terms(tokens) or near or _unit_of_the_story(clause, index)


def _unit_after(tokens: Sequence[Token], index: int) -> str:
    """Find the unit a bare number shares with the next one: "from 2 billion to 3 billion dollars"."""
    for at in (index + 2, index + 3):
        if at < len(tokens) and tokens[at].kind == "number" and tokens[at - 1].low in {"to", "and", "or", "from"}:
            unit = written(tokens[at]).unit
            return unit if unit_kind(unit) in AMOUNTS else ""
    listed = listed_with(tokens, index)
    return listed.unit if listed is not None else ""


def _unit_of_the_figure(clause: Clause, index: int) -> str:
    """Take the unit of the story's last level for "the figure was 26.6 billion"."""
    tokens, level = clause.segment.tokens, clause.known.level
    told = any(token.kind == "pronoun" and token.form == "figure" for token in tokens[:index])
    large = scale_of(written(tokens[index])) > 1
    return level.number.unit if told and large and level is not None and level.number is not None else ""


def _unit_of_the_story(clause: Clause, index: int) -> str:
    """Take the unit of the story's last level for "exports, at 18 million, fell"."""
    tokens, level = clause.segment.tokens, clause.known.level
    head = clause.segment.head
    if (head is not None and head > index) or scale_of(written(tokens[index])) == 1:
        return ""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    plain = (
        after is None or after.kind in {"mark", "move", "base", "period", "and"} or after.low in group("prepositions")
    )
    money = level is not None and level.number is not None and unit_kind(level.number.unit) == "money"
    return level.number.unit if plain and money and level is not None and level.number is not None else ""


def _unit_of_terms(tokens: Sequence[Token]) -> str:
    """Find the currency of "in yuan terms", which the bare figures of its clause are in."""
    for token, after in pairwise(tokens):
        if after.low == "terms":
            unit = currency_of(token.low)
            if unit is not None:
                return unit
    return ""


def _is_counted(after: Token) -> bool:
    """Tell whether the word after a bare number is what it counts."""
    if after.kind in {"goods", "generic", "rankobject"}:
        return True
    plain = group("prepositions") | group("stops") | group("be") | group("contrasts")
    return after.kind == "word" and after.low.endswith("s") and after.low not in plain and after.low[:1].isalpha()


def scale_of_list(tokens: Sequence[Token], index: int) -> Fraction:
    """Find the scale a bare number shares with the one it is set against: "from 3.4 to 2.9 million tonnes"."""
    number = written(tokens[index])
    if number.value >= 1000 or scale_of(number) > 1:
        return Fraction(1)
    for at in (index + 2, index + 3):
        if at < len(tokens) and tokens[at].kind == "number" and tokens[at - 1].low in {"to", "and", "or"}:
            return scale_of(written(tokens[at]))
    listed = listed_with(tokens, index)
    return scale_of(listed) if listed is not None else Fraction(1)


def may_inherit(tokens: Sequence[Token], index: int, number: Written) -> bool:
    """Tell whether a bare number may be an amount: in a list, large, or where amounts stand."""
    before = tokens[index - 1].low if index else ""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and _is_counted(after):
        return False  # "1,000 ventilators"
    if listed_with(tokens, index) is not None:
        return True
    large = number.value >= 1000 or number.last_unit >= 1000
    return large or before in {"(", "from", "to", "against"} or "." in number.text
