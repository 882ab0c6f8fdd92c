"""What a trade was made up of, in order and without figures: "mostly coal, followed by ore", "led by wheat".

Owns the phrasings of a composition. Goods that each have a figure are a ranking or a share, not one of these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import Draft, clause_span
from tidewaiter.news.model import ALL_GOODS, Goods
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.words.tokens import Token


def read(clause: Clause, text: str) -> bool:
    """Add the clause's composition, if it tells one; say whether it did."""
    tokens = clause.segment.tokens
    for index, token in enumerate(tokens):
        found = _after_mostly(tokens, index, text, clause.before) or _after_most_of(tokens, index, text)
        found = found or _after_top_items(tokens, index, text) or _before_the_bulk(tokens, index, text)
        if found:
            start, end = clause_span(tokens, index)
            draft = Draft(
                "composition",
                replace(clause.trade, goods=ALL_GOODS),
                start,
                end,
                None,
                clause.period,
                position=token.start,
                calendar=clause.calendar,
                items=tuple(found),
            )
            clause.drafts.append(draft)
            return True
    return False


def _after_mostly(tokens: Sequence[Token], index: int, text: str, before: Sequence[Token]) -> list[Goods]:
    """Read "consisted mostly of A, followed by B", "mainly A and B", "dominated by A"."""
    token = tokens[index]
    alone = token.low in group("dominated")
    if not (alone or token.low in group("mostly")):
        return []
    if token.low in group("including") and not any(other.kind == "rank" for other in tokens[:index]):
        return []
    if alone and any(other.kind == "move" for other in (*before, *tokens[:index])):
        # "imports rose 9 percent, led by grain" tells what drove the rise, not what the imports were.
        return []
    items = _items(_rest(tokens, index + 1), text)
    return items if len(items) >= (1 if alone else 2) else []


def _after_most_of(tokens: Sequence[Token], index: int, text: str) -> list[Goods]:
    """Read "most of its imports were A, followed by B": the flow stands between "most of" and the verb."""
    if tokens[index].low not in group("bulk"):
        return []
    flow = next((at for at in range(index, len(tokens)) if tokens[at].kind == "flow"), None)
    if flow is None or any(tokens[at].kind == "goods" for at in range(index, flow)):
        return []
    for at in range(flow + 1, len(tokens)):
        if tokens[at].kind in {"number", "move"} or tokens[at].low == ";":
            return []
        if tokens[at].low in group("be"):
            return _items(_rest(tokens, at + 1), text)
    return []


def _after_top_items(tokens: Sequence[Token], index: int, text: str) -> list[Goods]:
    """Read "the top items were A, B and C"."""
    if tokens[index].kind != "rank" or tokens[index].value != "1":
        return []
    named = next(
        (
            at
            for at in range(index + 1, min(len(tokens), index + 4))
            if tokens[at].kind in {"rankobject", "generic", "flow"} and tokens[at].low.endswith(("s", "merchandise"))
        ),
        None,
    )
    if named is None:
        return []
    for at in range(named + 1, len(tokens)):
        if tokens[at].kind in {"number", "move"} or tokens[at].low in {",", ";"}:
            return []
        if tokens[at].low in group("be"):
            items = _items(_rest(tokens, at + 1), text)
            figures = any(other.kind == "number" for other in tokens[at:])
            return items if len(items) >= 2 and not figures else []
    return []


def _before_the_bulk(tokens: Sequence[Token], index: int, text: str) -> list[Goods]:
    """Read "coal made up the bulk of its exports"."""
    if tokens[index].low not in group("bulk") or index < 2 or tokens[index - 1].kind != "share":
        return []
    items = _items(tokens[: index - 1], text)
    flows = any(token.kind == "flow" for token in tokens[index : index + 8])
    return items if items and flows else []


def _rest(tokens: Sequence[Token], start: int) -> list[Token]:
    rest: list[Token] = []
    for token in tokens[start:]:
        if token.kind in {"say", "and", "number", "period"} or token.low in {";", "."}:
            break
        rest.append(token)
    return rest


def _items(tokens: Sequence[Token], text: str) -> list[Goods]:
    items: list[Goods] = []
    piece: list[Token] = []
    for token in [*tokens, None]:
        if token is None or token.low in {",", "and", "or", "then"}:
            named = [other.goods for other in piece if other.goods is not None]
            if named:
                items.append(named[0])
            elif piece and items and token is not None:
                phrase = text[piece[0].start : piece[-1].end]
                if len(piece) <= 3 and all(other.kind == "word" for other in piece):
                    items.append(Goods(phrase, (), "unmapped", (), (piece[0].start, piece[-1].end)))
            piece = []
        elif token.low not in group("in_lists"):
            piece.append(token)
    return items
