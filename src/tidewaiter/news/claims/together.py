"""Countries that are named together: two that trade with each other, several that do the same.

Owns telling such a list from a single subject. Whose figure is whose is `lists`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Segment
    from tidewaiter.news.words.tokens import Token


def named_together(tokens: Sequence[Token], head: int) -> list[str]:
    """Find the two that trade with each other: "Iran and the Eurasian Economic Union traded"."""
    named = [at for at in range(head) if tokens[at].kind == "party" and not tokens[at].owns]
    if len(named) < 2:
        return []
    first, second = named[-2:]
    joined = [token.low for token in tokens[first + 1 : second]]
    return [tokens[first].code, tokens[second].code] if joined in (["and"], ["and", "the"]) else []


def several_act(segment: Segment) -> bool:
    """Tell whether several countries do together what the verb says: "China and India bought 4 million tonnes"."""
    tokens, at = segment.tokens, (segment.head or 0) - 1
    while (
        at > 0 and tokens[at].kind == "word" and tokens[at].low in {"together", "both", "also", "each", "had", "have"}
    ):
        at -= 1
    if at < 2 or tokens[at].kind != "party" or tokens[at].owns or tokens[at].form == "adjective":
        return False
    link = at - 1 - (tokens[at - 1].low == "the")
    return link > 0 and tokens[link].low == "and" and tokens[link - 1].kind == "party" and not tokens[link - 1].owns


def acts_with_another(tokens: Sequence[Token], party: Token) -> bool:
    """Tell whether a country and the next share one figure: "Togo and Mali accounted for 8 million tons"."""
    at = next(index for index, token in enumerate(tokens) if token is party)
    joined = at + 2 < len(tokens) and tokens[at + 1].low == "and" and tokens[at + 2].kind == "party"
    return joined and not tokens[at + 2].owns and sum(token.kind == "number" for token in tokens) == 1
