"""Which goods a clause speaks of: the ones nearest its flow word, and not those of another part of the sentence.

Owns the choice among the goods that are named. What goods stand beside one figure is `beside`'s.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.model import ALL_GOODS, Goods
from tidewaiter.news.words import goods as goods_words
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.words.tokens import Token


def goods_of(segment: Segment, text: str, known: Known, *, heavy: bool) -> Goods:
    """Find the goods of a clause; weights and volumes without goods take the goods spoken of before."""
    tokens, head = segment.tokens, segment.head
    indexes = [
        index
        for index, token in enumerate(tokens)
        if token.kind == "goods"
        and not _only_leads(tokens, index)
        and not _is_an_item(segment, index)
        and not _is_a_cause(segment, index)
        and not _is_passed_by(tokens, index)
        and not _is_only_included(tokens, index)
        and not _is_of_a_part(segment, index)
    ]
    without = [index for index in indexes if _is_excluded(tokens, index)]
    if without:
        # What is left when some goods are taken out has no code of its own.
        start, end = tokens[without[0] - 1].start, tokens[without[-1]].end
        return Goods(text[start:end], (), "unmapped", (), (start, end))
    if not indexes and any(token.kind == "goods" for token in tokens):
        return ALL_GOODS
    of_goods = any(one.low == "of" and two.kind == "generic" for one, two in pairwise(tokens))  # "8 tons of goods"
    if not indexes:
        return known.last_goods if heavy and not of_goods else ALL_GOODS
    start = indexes[0]
    if head is not None:
        start = min(indexes, key=lambda index: (abs(index - head), index))
        while start - 2 in indexes and tokens[start - 1].low in {"and", ",", "or"}:
            start -= 2
    run = [start]
    at = start
    while True:
        following = [step for step in (1, 2, 3) if at + step in indexes]
        if not following or any(
            tokens[at + between].low not in {",", "and", "or"} for between in range(1, following[0])
        ):
            break
        at += following[0]
        run.append(at)
    sort = tokens[start - 1] if start and len(run) == 1 else None
    if sort is not None and sort.low in group("sorts_of_goods"):
        # "other coal" is a part of its heading that has no code here.
        begun, end = sort.start, tokens[start].end
        return Goods(text[begun:end], (), "unmapped", (), (begun, end))
    return goods_words.union([tokens[index].goods or ALL_GOODS for index in run], text)


def _is_excluded(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods are named only to be left out: "exports, excluding gas", "trade without crude oil"."""
    at = index - 1
    while at > 0 and tokens[at].kind in {"goods", "generic"} | {"word"} and tokens[at].low not in group("excludes"):
        if tokens[at].kind == "word" and tokens[at].low not in {"and", "or", "the", "its"}:
            return False
        at -= 1
    return at >= 0 and tokens[at].low in group("excludes")


def _is_an_item(segment: Segment, index: int) -> bool:
    """Tell whether goods are one item told after the sum: "sales rose to $1 billion, apples ($92 million) leading"."""
    tokens, head = segment.tokens, segment.head
    if head is None or index < head or index + 2 >= len(tokens):
        return False
    amounts = any(token.number is not None and token.number.unit != "%" for token in tokens[head:index])
    return amounts and tokens[index + 1].low == "(" and tokens[index + 2].kind == "number"


def _is_a_cause(segment: Segment, index: int) -> bool:
    """Tell whether goods stand in a clause that tells why: "imports rose 5 percent as energy prices climbed"."""
    tokens, head = segment.tokens, segment.head
    if head is None:
        return False
    for at in range(head + 1, index):
        if tokens[at].low in group("causes") and any(token.kind == "number" for token in tokens[head:at]):
            as_well = tokens[at].low == "as" and tokens[at + 1].low in {"well", "much", "many", "a", "the", "of"}
            return not as_well and tokens[at - 1].low not in {"such", "as", "well"}
    return False


def _is_of_a_part(segment: Segment, index: int) -> bool:
    """Tell whether goods are told of a part behind the sum: "rose to $9 billion, of which $7 billion are tea"."""
    if segment.head is None or index < segment.head:
        return False
    part = next((at for at in range(segment.head + 1, index) if segment.tokens[at].low == "of which"), None)
    return part is not None and any(one.kind == "number" for one in segment.tokens[segment.head : part])


def _is_only_included(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods are only named as part of all: "imported $8 billion worth of goods, including oil"."""
    at = index - 1
    while at > 0 and (tokens[at].kind == "goods" or tokens[at].low in {"and", ",", "such", "as"}):
        at -= 1
    if at < 1 or tokens[at].low not in group("including") | group("for_the_most_part"):
        return False
    before = at - 1 - (tokens[at - 1].low == ",")
    return before >= 0 and tokens[before].kind == "generic"


def _is_passed_by(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods only stand before the ones that are ranked: "the second-largest export after tobacco"."""
    ranked = any(token.kind == "rank" for token in tokens[:index])
    return ranked and index > 0 and tokens[index - 1].low in group("peers_after")


def _only_leads(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods only lead a change of something wider: "grain led a jump of 170 percent in imports"."""
    after = next((at for at in range(index + 1, min(index + 4, len(tokens))) if tokens[at].low in group("leads")), None)
    if after is None or any(token.kind != "word" for token in tokens[index + 1 : after]):
        return False
    moved = next((at for at in range(after + 1, min(after + 5, len(tokens))) if tokens[at].kind == "move"), None)
    return moved is not None
