"""Whether a flow word heads a part of its sentence, or only describes, completes or repeats another.

Owns these tests one by one. Where a sentence is cut is `segments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token


def earns(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods are said to earn money ("coal alone brought in $2 billion"), where nobody buys."""
    for token in reversed(tokens[:index]):
        if token.kind == "goods":
            return True
        if token.kind != "word" or token.low in {",", ";"}:
            return False
    return False


def heads_nothing(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a flow word is only said of a part, or of what was the largest."""
    return makes_up(tokens, index) or only_ranks(tokens, index)


def makes_up(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods, and no country, provide a part ("gold provided 64 percent of its exports")."""
    if tokens[index].form != "verb" or index + 2 >= len(tokens) or not index:
        return False
    part = tokens[index + 1].number
    start = max((at + 1 for at in range(index) if tokens[at].low in {";", ",", ":", "and"}), default=0)
    tokens, index = tokens[start:], index - start
    return (
        part is not None
        and part.unit == "%"
        and tokens[index + 2].low == "of"
        and any(token.kind == "goods" for token in tokens[:index])
        and not any(token.kind in {"party", "pronoun"} for token in tokens[:index])
    )


def closes_a_base(tokens: Sequence[Token], zones: Sequence[bool], index: int) -> bool:
    """Tell whether a verb only says whose a base was: "three times as much as the 14,000 tonnes it bought in 2024"."""
    if tokens[index].form != "verb" or not zones[index]:
        return False
    at = index - 1
    while at > 0 and (
        tokens[at].low in {"it", "they", "that", "which", "had", "was", "were", "been", "of", "worth"}
        or tokens[at].kind in {"generic", "goods"}
        or (at == index - 1 and tokens[at].kind == "party" and not tokens[at].owns)
    ):
        at -= 1
    number = tokens[at].number
    opened = at > 0 and tokens[at - 1].low in {"the", "than", "from"}
    return number is not None and at < index - 1 and zones[at] and opened


def is_ranked(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether "exporters" are countries in a ranking or a list, not firms that did something."""
    ranked = any(other.kind in {"rank", "party"} for other in tokens[max(0, index - 4) : index])
    return ranked or any(other.low in group("be") for other in tokens[index + 1 : index + 3])


def without_doubles(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Drop a head that another completes: "exports were shipped", "shipments of imports"."""
    kept: list[int] = []
    for index in heads:
        if kept and tokens[kept[-1]].value == "balance" and tokens[index].value == "total":
            between = [token.low for token in tokens[kept[-1] + 1 : index]]
            if between and (between[-1] == "in" or all(low in {"in", "of", "its", "the", "their"} for low in between)):
                continue  # "its deficit in trade with China"
        if kept and all(
            token.low in group("be") or token.low in {"believed", "also", "to"}
            for token in tokens[kept[-1] + 1 : index]
        ):
            compound = index == kept[-1] + 1 and tokens[index].value == "balance"
            if tokens[kept[-1]].form == "noun" and not compound:
                continue
            kept.pop()
        kept.append(index)
    return kept


def is_named_again(tokens: Sequence[Token], first: int, index: int) -> bool:
    """Tell whether "worth of imports" only closes a list that "sources of imports" opened."""
    return (
        index >= 2
        and tokens[index - 1].low == "of"
        and tokens[index - 2].low == "worth"
        and tokens[first].kind == "rankobject"
    )


def list_start(tokens: Sequence[Token], at: int, first: int) -> int:
    """Find where the list of those who do it begins: "with Togo, Mali and Chad supplying two thirds"."""
    start = at
    while start > first + 2 and tokens[start].kind == "party" and tokens[start - 1].low in {"and", ","}:
        if tokens[start - 2].kind != "party":
            break
        start -= 2
    return start - 1 if start < at and tokens[start - 1].low == "with" else at


def only_ranks(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a flow word only says what the amount before was the largest of: "which is the largest volume"."""
    before = [token.low for token in tokens[max(0, index - 6) : index]]
    which = next((at for at, low in enumerate(before) if low == "which"), None)
    told = which is not None and which + 1 < len(before) and before[which + 1] in group("be")
    return told and tokens[index].value == "total" and any(token.kind == "rank" for token in tokens[index - 4 : index])


def circumstances(tokens: Sequence[Token], heads: Sequence[int]) -> list[int]:
    """Find where a clause without a flow word of its own ends: "they fell to $48 million despite global trade"."""
    for at, token in enumerate(tokens):
        if token.low in group("in_spite") and any(head > at for head in heads):
            told = any(other.number is not None for other in tokens[:at])
            return [at] if told and not any(head < at for head in heads) else []
    return []
