"""Which goods stand beside a number and so belong to it alone: "urea, $8.84 million", "1.2 million tons of crude".

Owns lists in which each figure has its own goods. Whose figure it is, is `beside`'s; the goods of a clause are
`scope`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.model import Goods
    from tidewaiter.news.words.tokens import Token


def goods_of_the_part(clause: Clause, index: int) -> bool:
    """Tell whether the goods only name the part: "of the $7 million it sold, tea made up 14 percent"."""
    tokens = clause.segment.tokens
    named = next((at for at, token in enumerate(tokens) if token.kind == "goods"), None)
    if named is None or named < index or named + 1 >= len(tokens) or tokens[named + 1].kind != "share":
        return False
    return any(token.low == "," for token in tokens[index:named])


def _goods_of_a_cause(tokens: Sequence[Token], index: int) -> Goods | None:
    """Find goods that are why, with figures of their own: "exports fell, mostly because coal fell 17 percent"."""
    for at in range(index - 1, 0, -1):
        if tokens[at].kind == "goods" and tokens[at - 1].low in group("causes"):
            moved = any(token.kind == "move" for token in tokens[at + 1 : index])
            return tokens[at].goods if moved else None
        if tokens[at].low in {";", "but", "while"}:
            return None
    return None


def _goods_of_a_part(tokens: Sequence[Token], index: int) -> Goods | None:
    """Find the goods of a part told behind its sum: "$9 billion, of which $7 billion, or 75 %, are precious stones"."""
    part = next((at for at in range(index - 1, -1, -1) if tokens[at].low == "of which"), None)
    if part is None or not any(one.kind == "number" for one in tokens[:part]):
        return None
    end = next((at for at in range(index, len(tokens)) if tokens[at].kind in {"flow", "period"}), len(tokens))
    named = [at for at in range(part + 1, end) if tokens[at].kind == "goods"]
    return tokens[named[0]].goods if len(named) == 1 or (named and named[0] < index) else None


def _goods_after(tokens: Sequence[Token], index: int) -> Goods | None:
    """Find the goods an amount is of: "1.2 million tons of crude and 300,000 tons of refined oil"."""
    if index + 2 >= len(tokens) or tokens[index + 1].low not in {"of", "in", "worth of"}:
        return None
    at = index + 2
    while at + 1 < len(tokens) and tokens[at].kind in {"party", "word"} and tokens[at].low not in group("stops"):
        at += 1
    return tokens[at].goods if tokens[at].kind == "goods" and at - index <= 4 else None


def _goods_of_a_bracket(tokens: Sequence[Token], index: int) -> Goods | None:
    """Find the goods a bracket with a change follows: "LNG (down by 8 %) and coal (down by 9 %)"."""
    opened = next((at for at in range(index - 1, max(0, index - 5), -1) if tokens[at].low == "("), 0)
    moved = [one for one in tokens[opened + 1 : index] if one.low != "by"]
    told = opened and moved and all(one.kind == "move" for one in moved)
    return tokens[opened - 1].goods if told and tokens[opened - 1].kind == "goods" else None


def goods_of_number(clause: Clause, index: int) -> Goods | None:
    """Find goods set right before a number in a list: "urea, $8.84 million", "coal ($70 million)"."""
    tokens = clause.segment.tokens
    listed = sum(token.kind == "goods" for token in tokens) > 1 and sum(token.kind == "number" for token in tokens) > 1
    cause = _goods_of_a_cause(tokens, index) or _goods_of_a_part(tokens, index)
    if cause is not None:
        return cause
    after = (_goods_after(tokens, index) or _goods_of_a_bracket(tokens, index)) if listed else None
    if after is not None:
        return after
    if (
        index >= 2
        and tokens[index - 1].low == "("
        and tokens[index - 2].kind == "goods"
        and any(token.number is not None and token.number.unit != "%" for token in tokens[: index - 2])
    ):
        return tokens[index - 2].goods
    if listed and index and tokens[index - 1].kind == "goods" and clause.shares:
        return tokens[index - 1].goods
    if (
        listed
        and index >= 2
        and tokens[index - 1].low in {",", "(", "at", "with", "for", "-", "–", "—"}
        and tokens[index - 2].kind == "goods"
    ):
        return tokens[index - 2].goods
    return None
