"""Cut a sentence into parts that each speak of one trade, and set aside parties that are only sources.

Owns which flow word heads a part and which only names the whole of a share ("41 percent of its imports").
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tidewaiter.news.claims import heads as heads_of
from tidewaiter.news.claims.draft import Segment
from tidewaiter.news.claims.zones import base_zones
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.parties import agency_words
from tidewaiter.news.words.tables import folded, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token

_NOUN_PHRASE = frozenset(("goods", "generic", "rank", "rankobject", "record"))


def is_head(token: Token) -> bool:
    """Tell whether a token can name the trade of its clause."""
    return token.kind == "flow" or (
        token.kind == "rankobject" and any(word in token.low for word in ("export", "import", "trad"))
    )


def is_whole(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the flow word at `index` only names what a share is a share of."""
    at = index - 1
    for _ in range(7):
        if at < 0:
            return False
        token = tokens[at]
        if token.low in {"of", "in"} and token.kind == "word":
            return (
                _share_before(tokens, at)
                if token.low == "of"
                else tokens[at - 1].kind == "share" or tokens[at - 1].low == "part"
            )
        amount = token.number is not None and at == index - 1 and unit_kind(token.number.unit) in {"money", "weight"}
        if (token.kind in {"number", "move", "base", "say", "period"} and not amount) or token.low in group(
            "stops"
        ) | group("prepositions"):
            return False
        at -= 1
    return False


def _share_before(tokens: Sequence[Token], at: int) -> bool:  # noqa: PLR0911 - a list of cases, the first that fits
    for back in range(1, 6):
        if at - back < 0:
            return False
        token = tokens[at - back]
        if token.kind == "number":
            made_up = at - back >= 1 and tokens[at - back - 1].kind == "share"
            return made_up or (token.number is not None and token.number.unit == "%")
        if token.kind == "share":
            return True
        if token.kind == "rankobject" and not is_head(token):
            return True
        if token.low in {"and", "or"}:
            return any(other.kind == "share" for other in tokens[:at])
        if token.kind in {"move", "flow", "party", "period"} or token.low in {",", ";", "("}:
            return False
    return False


def cut(tokens: Sequence[Token]) -> list[Segment]:  # noqa: C901, PLR0912, PLR0915 - a list of cases, the first that fits
    """Cut a sentence's tokens into segments, each with at most one head."""
    heads, wholes = [], set()
    zones = base_zones(tokens)
    for index, token in enumerate(tokens):
        if not is_head(token):
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if after is not None and token.low in group("trading_words") and after.low in agency_words():
            continue
        if token.low in group("trading_people") and after is not None and after.low in agency_words():
            continue  # "the Turkish Exporters Assembly"
        if token.value == "move" and any(other.low == "including" for other in tokens[max(0, index - 6) : index]):
            continue  # "volumes, including pipeline supplies, were ..."
        if token.value == "again" and not any(other.kind == "party" for other in tokens[index + 1 : index + 5]):
            continue  # "four times that of April"
        if token.low in group("trades_what") and not any(
            other.kind in {"party", "pronoun"} or other.form == "source" or other.low == "between" for other in tokens
        ):
            continue  # "The club traded two players"
        if token.low in group("earns") and index and heads_of.earns(tokens, index):
            continue
        if heads_of.heads_nothing(tokens, index) or heads_of.closes_a_base(tokens, zones, index):
            continue
        if token.low in group("trading_people") and not heads_of.is_ranked(tokens, index):
            continue
        if token.kind == "rankobject" and any(
            other.low in {"from", "with", "to"} for other in tokens[max(0, index - 4) : index]
        ):
            continue
        if is_whole(tokens, index):
            wholes.add(index)
        else:
            heads.append(index)
    heads = heads_of.without_doubles(tokens, heads)
    heads = [index for index in heads if not (heads[0] < index and heads_of.is_named_again(tokens, heads[0], index))]
    bounds = {0}
    bounds.update(_boundary(tokens, first, second) for first, second in itertools.pairwise(heads))
    bounds.update(index + 1 for index, token in enumerate(tokens) if token.low == ";")
    bounds.update(
        index + 1
        for index, token in enumerate(tokens)
        if token.low == ":" and any(whole < index for whole in wholes) and any(head > index for head in heads)
    )
    bounds.update(_subject_changes(tokens, heads))
    bounds.update(_part_before(tokens, heads))
    bounds.update([*_matter_before(tokens, heads), *heads_of.circumstances(tokens, heads)])
    bounds.update(
        index
        for index in range(1, len(tokens) - 1)
        if tokens[index].low == "but"
        and any(other.kind == "move" or other.low in {"began", "started"} for other in tokens[index + 1 : index + 3])
    )
    bounds.update(
        index - 1
        for index in range(1, len(tokens))
        if tokens[index].low == "of" and tokens[index - 1].low == "and" and any(whole > index for whole in wholes)
    )
    bounds.update(_next_share(tokens, wholes))
    bounds.update(_next_partner(tokens))
    bounds.update(_growth_before(tokens, heads))
    bounds.update(
        index
        for index, token in enumerate(tokens)
        if token.low in group("brings") and heads and 0 < index < heads[0] and tokens[index - 1].low == ","
    )
    bounds.update(_after_a_share(tokens, heads, wholes))
    bounds.update(_another_subject(tokens, heads))
    edges = [*sorted(bounds), len(tokens)]
    segments = []
    for first, last in itertools.pairwise(edges):
        if first == last:
            continue
        inside = [index for index in heads if first <= index < last]
        segments.append(
            Segment(
                list(tokens[first:last]),
                inside[0] - first if inside else None,
                [index - first for index in sorted(wholes) if first <= index < last],
                first == 0,
            )
        )
    return segments


def _next_share(tokens: Sequence[Token], wholes: set[int]) -> list[int]:
    """Cut before a second share with a whole of its own: "... of its exports, and 56 percent of its imports"."""
    return [
        index
        for index in range(1, len(tokens) - 1)
        if tokens[index].number is not None
        and tokens[index - 1].low == "and"
        and tokens[index + 1].low == "of"
        and any(whole > index for whole in wholes)
        and any(whole < index for whole in wholes)
    ]


def _after_a_share(tokens: Sequence[Token], heads: list[int], wholes: set[int]) -> list[int]:
    """Cut before a verb after a share that is told in full: "took 19 percent of its exports and supplied ..."."""
    return [
        index
        for index in heads
        if tokens[index].form == "verb"
        and tokens[index - 1].low in {"and", ",", "but"}
        and any(
            whole < index and any(token.number is not None and token.number.unit == "%" for token in tokens[:whole])
            for whole in wholes
        )
    ]


def _another_subject(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Cut before "while China took 65 percent": a new subject with its own figure and no flow word."""
    found = []
    for index, token in enumerate(tokens[:-2]):
        if token.kind != "and" or token.low not in group("contrasts") or index == 0:
            continue
        after = tokens[index + 2] if tokens[index + 1].low == "the" else tokens[index + 1]
        end = next((head for head in heads if head > index), len(tokens))
        figures = any(other.kind == "number" for other in tokens[index:end])
        acts = after.kind == "party" and not after.owns and after.form != "adjective"
        follows = tokens[index + 2].kind if index + 3 < len(tokens) else ""
        goods = after.kind == "goods" and follows in {"word", "move", "share"}
        if (acts or goods) and figures and end == len(tokens):
            found.append(index)
    return found


def _subject_changes(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Find goods that begin a new statement after a comma, as in ", and fertilizers went from 29% to 17%"."""
    found = []
    for index, token in enumerate(tokens[:-1]):
        after = tokens[index + 1]
        starts = index >= 2 and tokens[index - 1].low == "and" and tokens[index - 2].low == ","
        if starts and token.kind == "goods" and (after.kind == "move" or after.low in {"was", "were", "went"}):
            found.append(index)
    return [index for index in found if index not in heads]


def _part_before(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Cut before ", and" where a statement with its own party and number stands before the only head."""
    if not heads:
        return []
    for index in range(heads[0] - 1, 1, -1):
        if tokens[index].low in {"and", "but"} and tokens[index - 1].low == ",":
            before = tokens[:index]
            shares = any(token.kind == "share" for token in before) and any(token.kind == "number" for token in before)
            return [index] if shares and any(token.kind == "party" for token in before) else []
    return []


def _next_partner(tokens: Sequence[Token]) -> list[int]:
    """Cut before "while to Oman - only by 4 percent": the flow goes on with another partner and a size of its own."""
    found = []
    for index in range(1, len(tokens) - 3):
        opens = tokens[index].low in {"while", "but"} and tokens[index + 1].low in {"to", "from"}
        if not opens or tokens[index + 2].kind != "party" or tokens[index + 2].owns:
            continue
        told = any(one.kind == "number" for one in tokens[:index])
        rest = list(itertools.takewhile(lambda one: one.kind not in {"flow", "mark"} or one.low == "-", tokens[index:]))
        if told and any(one.number is not None and one.number.unit == "%" for one in rest):
            found.append(index)
    return found


def _growth_before(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Cut "growth was 79 percent, but exports to Oman tripled" where the other flow begins."""
    if not heads or tokens[heads[0]].form != "noun":
        return []
    at = next((at for at in range(heads[0] - 1, 1, -1) if tokens[at].low in {"but", "while"}), None)
    if at is None or tokens[at - 1].low != ",":
        return []
    before = tokens[:at]
    sized = any(one.number is not None and one.number.unit == "%" for one in before)
    grew = any(one.kind == "move" and one.form == "noun" for one in before) or any(
        one.low == "growth" for one in before
    )
    return [at] if sized and grew and not any(one.kind in {"share", "party", "goods"} for one in before) else []


def _matter_before(tokens: Sequence[Token], heads: list[int]) -> list[int]:
    """Cut "shares fell 4 percent after it said it would export ..." before the trade, which the figure is not of."""
    if not heads:
        return []
    before = tokens[heads[0] - 1] if heads[0] else None
    acts = tokens[heads[0]].form == "verb" or (before is not None and (before.kind == "plan" or before.low == "to"))
    if not acts:
        return []
    for index in range(heads[0]):
        low = tokens[index].low
        if low in {"after", "because", "when", "as"} and any(token.kind == "number" for token in tokens[:index]):
            return [index]
    return []


def phrase_start(tokens: Sequence[Token], head: int) -> int:
    """Find where the noun phrase of the head begins: its owner, adjectives, goods, and an amount "of" it."""
    at = head
    while at > 0:
        token = tokens[at - 1]
        if token.low in group("stops"):
            if token.low in {"and", ","} and at >= 2 and tokens[at - 2].kind == "goods" and tokens[at].kind == "goods":
                at -= 1
                continue
            break
        opens = token.low in group("causes") | group("subordinates")  # "a surplus with the U.S. as exports rose"
        if opens or token.kind in {"move", "say", "base", "and", "flow", "cap", "plan", "period"}:
            break
        if token.kind == "number" and at == head and tokens[head].value in {"pass", "balance"}:
            at -= 1
            continue
        if token.kind == "number":
            if at < len(tokens) and tokens[at].low in {"of", "in", "worth"} and at != head:
                at -= 1
                continue
            break
        if token.kind == "word" and (token.low in group("prepositions") - {"of", "in"} or token.low in group("be")):
            break
        if token.low in {"of", "in"} and not (at >= 2 and _is_amount_before(tokens, at - 1)):
            break
        at -= 1
    return at


def _is_amount_before(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at - 1]
    return token.kind == "number" or (token.low == "worth" and at >= 2 and tokens[at - 2].kind == "number")


def _boundary(tokens: Sequence[Token], first: int, second: int) -> int:
    start = max(phrase_start(tokens, second), first + 1)
    at = start
    while at > first + 1:
        token = tokens[at - 1]
        if token.kind in {"number", "move"}:
            return start
        if token.low == "of which" or token.low in group("causes") | group("subordinates"):
            return at - 1
        if token.low in {";", ",", "and", "but", ":", "or"} or token.kind == "and":
            return heads_of.list_start(tokens, at, first) if tokens[second].low.endswith("ing") else at
        at -= 1
    return start


def in_noun_phrase(token: Token) -> bool:
    """Tell whether a token may stand between an owner and the flow word it owns."""
    return (
        token.kind in _NOUN_PHRASE
        or (
            token.kind in {"word", "move"}
            and token.low not in group("prepositions") | group("stops") | group("be")
            and folded(token.text).isalpha()
        )
        or "-" in token.low[1:]
        or token.kind == "period"
    )
