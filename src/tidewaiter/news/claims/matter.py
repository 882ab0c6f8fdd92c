"""Numbers of something else than trade: fees, prices, output, interest, votes.

Owns telling them by the words beside them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import written
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.tables import group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token


@cache
def nontrade(place: str) -> frozenset[str]:
    """Return the words that name something else than trade at a place beside a number."""
    return frozenset(row["phrase"].casefold() for row in rows("nontrade") if row["place"] == place)


def is_other_money(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount of money is named as something else than trade ("$3 million in port fees")."""
    if unit_kind(written(tokens[index]).unit) != "money":
        return False
    if index and tokens[index - 1].low in nontrade("before") and tokens[index - 1].kind != "flow":
        # "The purchases cost $5 million" is trade; "the voyage cost $5 million" is not.
        return not any(token.kind == "flow" and token.form == "noun" for token in tokens[:index])
    for token in reversed(tokens[max(0, index - 5) : index]):
        if token.low in group("no_goods"):
            return True
        if token.kind in {"flow", "number"}:
            break
    for token in tokens[index + 1 : index + 6]:
        if token.low in nontrade("after"):
            return True
        if token.kind != "word" or token.low in {"from", "to", "for", "with", "by"} or not token.text[0].isalnum():
            return False
    return False


def is_of_another_matter(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a ratio is of prices, output or the like: "its economy 0.9%", "3% of GDP"."""
    matters = nontrade("matter")
    for token in reversed(tokens[max(0, index - 6) : index]):
        if token.low in matters:
            return True
        if token.kind in {"flow", "number", "share", "goods"} or token.low in {",", ";"}:
            break
    if index + 1 < len(tokens) and tokens[index + 1].low == "of":
        for token in tokens[index + 2 : index + 7]:
            if token.low in matters:
                return True
            if token.kind in {"flow", "number", "move"} or token.low in {",", ";", "in"}:
                break
    return False
