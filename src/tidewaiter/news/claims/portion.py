"""Figures of a part of a trade that statistics do not tell apart: a region's, by rail, border trade, illicit, aid.

Owns telling them by their words. Such a figure may be right while the trade of the country is many times as much,
so it is held against no data.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tidewaiter.news.words.tables import alternation, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.words.tokens import Token

SCOPE = "scope"
"""The slot that is open where a figure is of a part that has no statistics of its own."""
FACT = "fact"
"""The slot that is open where a figure is only supposed: "if exports were $9 million"."""


@cache
def _words() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternation(group('only_a_part'))})(?!\w)", re.IGNORECASE)


@cache
def _prefixes() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternation(group('leaves_a_part_out'))})-\w", re.IGNORECASE)


def mark(clause: Clause, text: str) -> None:
    """Leave open of what part the claims of a clause are, where its words say that they are of one."""
    tokens = clause.segment.tokens
    if not tokens or not clause.drafts:
        return
    said = text[tokens[0].start : tokens[-1].end]
    supposed = tokens[0].low in group("supposes")
    for draft in clause.drafts:
        if supposed and draft.type not in {"quota", "forecast"} and FACT not in draft.trade.unresolved:
            draft.trade = replace(draft.trade, unresolved=(*draft.trade.unresolved, FACT))
    whole = bool(_words().search(said) or _prefixes().search(said)) or _is_of_a_place(tokens, clause.segment.head)
    for draft in clause.drafts:
        more = draft.number is not None and draft.number.text.casefold().startswith(tuple(group("one_more")))
        if (whole or more) and draft.type not in {"quota", "forecast"} and SCOPE not in draft.trade.unresolved:
            draft.trade = replace(draft.trade, unresolved=(*draft.trade.unresolved, SCOPE))


def _is_of_a_place(tokens: Sequence[Token], head: int | None) -> bool:
    """Tell whether the flow is of a place or firm that no table knows: "Dandong's exports", "via Rajin"."""
    for at, token in enumerate(tokens):
        if token.low in group("excludes") and at + 1 < len(tokens) and tokens[at + 1].kind == "period":
            return True
        unknown = token.kind == "word" and token.text[:1].isupper()
        owns = unknown and token.text.endswith(("'s", "’s", "s'", "s’"))
        if owns and head is not None and 0 <= head - at <= 3 and all(one.kind != "party" for one in tokens[at:head]):
            return True
        if unknown and at and tokens[at - 1].low in group("passes_through"):
            return True
        within = token.kind == "party" and token.low.removesuffix("'s").removesuffix("’s") in group("places_within")
        if within and not (at and tokens[at - 1].low == "in"):
            return True  # a port or province stands for the country whose goods go that way, and for no more
    return False
