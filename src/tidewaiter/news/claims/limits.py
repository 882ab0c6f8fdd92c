"""Which numbers are caps: called a quota or ceiling, forbidden above, or allowed up to.

Owns the words around a cap. What a cap binds is `reach`'s, which other part a number plays `roles`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims.draft import written
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token

_LINKED: Final = 5
"""Tokens behind "banned" or "allowed" in which the word must stand that ties a doing to it."""


def near_cap(tokens: Sequence[Token], index: int) -> bool:  # noqa: C901, PLR0911 - a list of cases, the first that fits
    """Tell whether a number is a cap: by a word of one before or behind it, or by what is forbidden or allowed."""
    if _forbidden_above(tokens, index) or _called_a_cap(tokens, index):
        return True
    ahead = [token.low for token in tokens[index + 1 : index + 9]]
    alike = next((at for at, low in enumerate(ahead) if low in group("alike")), None)
    if alike is not None and any(token.kind == "cap" for token in tokens[index + 1 + alike : index + 9]):
        return True
    for token in tokens[index + 1 : index + 5]:
        if token.kind == "cap":
            return True
        if (
            token.kind not in {"word", "period"}
            or token.low in {"to", "in", "from", "and"}
            or not token.text[0].isalnum()
        ):
            break
    for step, token in enumerate(reversed(tokens[:index])):
        if token.low == ";" or step > 16:
            return False
        if token.kind == "cap":
            at = index - step - 1
            if token.low.startswith("restrict") and any(other.low == "," for other in tokens[at:index]):
                return False
            if at and tokens[at - 1].low in {"no", "without", "any"}:
                return False  # "shipments, which face no limits, reached ..."
            return not any(
                other.low in {"above", "exceeded", "exceeding", "versus"} for other in tokens[index - step : index]
            )
    return False


def _forbidden_above(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether more than the number is forbidden: "banned from buying over $4 million", "allowed to buy up to"."""
    beside = index > 1 and tokens[index - 1].low == "or" and tokens[index - 2].kind == "number"
    one = written(tokens[index - 2] if beside else tokens[index])
    words, link = {"more_than": ("forbids", "from"), "up_to": ("allows", "to")}.get(one.hedge or "", ("", ""))
    for at in range(index - 1, -1, -1):
        if tokens[at].kind == "move":
            return False
        if words and tokens[at].low in group(words):
            # "banned states from buying": what is banned, not "banned coal worth more than $4 million".
            return any(token.low == link for token in tokens[at + 1 : at + 1 + _LINKED])
    return False


def _called_a_cap(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether what stands in apposition calls the number a limit: "500,000 barrels, an annual import ceiling"."""
    after = tokens[index + 1 : index + 7]
    if len(after) < 3 or after[0].low != "," or after[1].low not in {"a", "an", "the"}:
        return False
    end = next((at for at, token in enumerate(after[2:], 2) if token.low == "," or token.kind == "number"), len(after))
    return any(token.kind == "cap" for token in after[2:end])
