"""Where a clause compares: the tokens that tell what a figure is set against, and no figure of its own.

Owns the words that open and close a comparison. What each number is, is `roles`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims.draft import written
from tidewaiter.news.words.numbers import is_fraction_word, unit_kind
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Written
    from tidewaiter.news.words.tokens import Token

AMOUNTS: Final = frozenset(("money", "weight", "volume", "rate", "energy"))
"""The kinds of unit in which goods are measured."""


def base_zones(tokens: Sequence[Token]) -> list[bool]:
    """Mark the tokens that stand in a comparison ("up from ...", "compared with ...", "against ...")."""
    inside = False
    marks = []
    for index, token in enumerate(tokens):
        if _opens_base(tokens, index) or (inside and _still_told(tokens, index)):
            inside = True
        elif token.low in {",", ";", ":", ")", "("} or token.kind in {"and", "say"} or _closes_base(tokens, index):
            inside = False
        marks.append(inside)
    return marks


def _still_told(tokens: Sequence[Token], index: int) -> bool:
    """Keep "compared to May 2016, which was $3 billion" together."""
    low = [token.low for token in tokens[index : index + 3]]
    if low[:2] == [",", "when"] and tokens[index - 1].kind == "period":
        return any(token.form in {"figure", "it"} for token in tokens[index + 2 : index + 5])
    if low[:1] == ["when"] and index and tokens[index - 1].low == ",":
        return any(token.form in {"figure", "it"} for token in tokens[index + 1 : index + 4])
    if low[:1] == ["which"]:
        return low[1:2] in (["was"], ["were"], ["stood"])
    return (
        low[:2] == [",", "which"] and low[2:3] in (["was"], ["were"], ["stood"]) and tokens[index - 1].kind == "period"
    )


def _next_content(tokens: Sequence[Token], index: int) -> Token | None:
    for token in tokens[index + 1 : index + 5]:
        if token.low not in group("before_a_base"):
            return token
    return None


def _opens_base(tokens: Sequence[Token], index: int) -> bool:  # noqa: C901, PLR0911, PLR0912 - a list of cases, the first that fits
    token = tokens[index]
    following = _next_content(tokens, index)
    if token.kind == "base":
        return True
    if token.low == "since" and following is not None and (following.kind in {"number", "record"}):
        return True  # "the third fall since the record $59 billion of 2022"
    if index == 0 and token.low == "from" and len(tokens) > 2 and tokens[1].kind == "period" and tokens[2].low == ",":
        return True  # "From February, when it stood at $141 million, trade rose ..."
    if token.low == "having" and index + 1 < len(tokens) and tokens[index + 1].low in {"been", "stood"}:
        return True  # "hit $3 billion, having been $2 billion a year before"
    if following is not None and token.low in {"below", "above"} and following.kind == "period":
        return True
    if following is not None and token.low in {"below", "above"} and following.number is not None:
        sized = any(
            other.number is not None and other.number.unit == "%" for other in tokens[max(0, index - 2) : index]
        )
        return sized and unit_kind(following.number.unit) in AMOUNTS
    before = tokens[index - 1].number if index else None
    if before is not None and _follows_a_ratio(tokens, index, before):
        return True
    if following is None or token.kind != "word":
        return False
    if token.low == "than":
        return True
    relative = following.kind == "period" and following.period is not None and following.period.is_relative
    if token.low == "from":
        if following.kind == "number":
            return True
        spanned = following.kind == "period" and following.period is not None and following.period.kind == "span"
        return relative or (
            spanned and following.period is not None and not following.period.ends and _has_change(tokens[:index])
        )
    if token.low == "on" and following.kind == "period" and _has_change(tokens[:index]):
        return following.period is not None and following.period.kind == "span"
    if token.low == "after":
        return following.kind == "number" and unit_kind(written(following).unit) in AMOUNTS
    return token.low in {"on", "over"} and (
        relative or (token.low == "over" and _is_one_period(following) and _has_change(tokens[:index]))
    )


def _follows_a_ratio(tokens: Sequence[Token], index: int, ratio: Written) -> bool:
    """Tell whether what a ratio is of begins here: "twice the 2019 level", "half the figure of May"."""
    token = tokens[index]
    if ratio.unit == "x":
        return token.low in {"the", "that", "as"} or _owns_a_figure(tokens, index)
    named = index + 1 < len(tokens) and tokens[index + 1].low in group("figures")
    amount = tokens[index + 1].number if index + 1 < len(tokens) else None
    named = named or (amount is not None and unit_kind(amount.unit) in AMOUNTS)
    return token.low == "the" and named and is_fraction_word(ratio)


def _owns_a_figure(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a period after a multiple is its base ("twice last year's", "double the 2019 level")."""
    token = tokens[index]
    if token.kind != "period" or token.period is None:
        return False
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    told = token.period.is_relative and token.low.startswith(("the ", "a ", "one ", "last "))
    return told or token.low.endswith(("'s", "’s")) or after in group("figures")


def _is_one_period(token: Token) -> bool:
    """Tell whether a figure may rise "over" it: a year or a month, not a run of months."""
    words = token.period
    if words is None:
        return False
    return words.kind != "span" or (words.last - words.first) % 12 in {0, 11}


def _has_change(tokens: Sequence[Token]) -> bool:
    return any(
        token.kind == "move" or (token.number is not None and token.number.unit in {"%", "x"}) for token in tokens
    )


def _closes_base(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None:
        return False
    told = tokens[index - 1].period if index else None
    leant = told is not None and told.kind in {"earlier_year", "earlier_month", "earlier_quarter"}
    if leant and token.low in {"in", "for", "during", "over"}:
        return following.kind == "period"  # "fell 3 percent from a year earlier in March"
    if token.low == "to":
        return following.kind == "number" or following.low in {"just", "only", "a", "the", "some"}
    plain = following.kind in {"period", "party", "goods", "number", "pronoun"} or following.low in {
        "the",
        "in",
        "from",
        "about",
    }
    return token.low == "and" and (not plain or (following.number is not None and following.number.unit in {"%", "x"}))
