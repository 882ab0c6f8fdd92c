"""Flows told by where a country stands ("Russia was first in imports"), and flows told again ("those to Russia").

Owns these two frames. The others are `flows`'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import Trade
from tidewaiter.news.claims.partners import counterpart
from tidewaiter.news.claims.parts import one
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.claims.parts import Roles
    from tidewaiter.news.model import Goods
    from tidewaiter.news.words.tokens import Token


def placed(segment: Segment, roles: Roles, known: Known, named: Goods) -> Trade | None:
    """Read "Russia was first in imports" and "Fiji was the top market with $2m of exports": the other side."""
    tokens, at = segment.tokens, segment.head or 0
    head = tokens[at]
    ranked_next = _next_in_rank(tokens[:at], known, named) or _ranked_by_an_owner(segment, roles, named)
    ranked_next = ranked_next or _market_of_the_story(head, roles, known, named) or _led(tokens, at, known, named)
    if ranked_next is not None:
        return ranked_next
    if head.form != "noun" or head.value not in {"import", "export"} or at < 4:
        return None
    party = tokens[at - 4]
    ranked = tokens[at - 2].low in group("ordinals") and tokens[at - 1].low in {"in", "among"}
    first = ranked and tokens[at - 3].low in group("be") | group("places") and party.kind == "party"
    other = party.code if first and roles.owner is None else _told_as(head.value, tokens[:at])
    if other is None or other == roles.owner:
        return None
    if roles.owner is not None:
        told = Trade("export" if head.value == "export" else "import", owner=roles.owner, goods=named)
        return told.with_owner(roles.owner).with_partner(other)
    if head.value == "import":
        owner = counterpart(other, known, "importer")
        return Trade("import", other, owner, owner=owner, goods=named, filled=(("importer", "paragraph"),))
    owner = counterpart(other, known, "exporter")
    return Trade("export", owner, other, owner=owner, goods=named, filled=(("exporter", "paragraph"),))


def _market_of_the_story(head: Token, roles: Roles, known: Known, named: Goods) -> Trade | None:
    """Read "Fiji was the leading export destination" in a story of another country's trade: it buys from that one."""
    home, subject = known.home, roles.subject
    told = roles.owner or roles.origin or roles.sources or roles.targets or roles.partners or roles.of or roles.pair
    if head.kind != "rankobject" or told or subject is None or home in {None, subject} or is_group(subject):
        return None
    if head.low not in group("places_sold_to"):
        return None
    return Trade("export", home, subject, owner=home, goods=named, filled=(("exporter", "paragraph"),))


def _ranked_by_an_owner(segment: Segment, roles: Roles, named: Goods) -> Trade | None:
    """Read "Fiji was Mali's ninth biggest export destination"; of several who are, none is meant alone."""
    tokens, at = segment.tokens, segment.head or 0
    head, owner = tokens[at], roles.owner_of_rank
    verb = next((step for step in range(at) if tokens[step].low in group("be") | group("stays")), None)
    if head.kind != "rankobject" or owner is None or is_group(owner) or verb is None:
        return None
    subjects = {one.code for one in tokens[:verb] if one.kind == "party" and not one.owns} - {owner}
    one_of_them = {head.low, head.low.removesuffix("s")}
    buys = bool(one_of_them & group("buyer_words"))
    if not subjects or not (buys or one_of_them & group("seller_words")):
        return None
    trade = Trade("export" if buys else "import", owner=owner, goods=named).with_owner(owner)
    if len(subjects) == 1 and verb and tokens[verb - 1].kind == "party":
        return trade.with_partner(subjects.pop())
    return replace(trade, unresolved=("importer" if buys else "exporter",)) if len(subjects) > 1 else None


def _led(tokens: Sequence[Token], at: int, known: Known, named: Goods) -> Trade | None:
    """Read "In terms of imports, Fiji led with $4 million": Fiji is whom the story's country buys from."""
    head, home = tokens[at], known.home
    if head.form != "noun" or head.value not in {"import", "export"} or home is None or at + 3 >= len(tokens):
        return None
    opened = [one.low for one in tokens[:at]]
    comma, party, verb = tokens[at + 1 : at + 4]
    if opened not in (["in", "terms", "of"], ["in"], ["among"], ["for"]) or comma.low != ",":
        return None
    if party.kind != "party" or party.owns or party.code == home or verb.low not in group("leads"):
        return None
    side = Trade("import" if head.value == "import" else "export", owner=home, goods=named)
    return replace(side.with_owner(home).with_partner(party.code), filled=(("owner", "paragraph"),))


def _next_in_rank(before: Sequence[Token], known: Known, named: Goods) -> Trade | None:
    """Read "Fiji took third place with exports of 3 tons", of the buyers or sellers that the story ranks."""
    model, side = known.trade, known.ranked_side
    if model is None or side is None or model.kind not in {"import", "export"}:
        return None
    place = next((at for at, one in enumerate(before) if one.low in group("place_nouns")), None)
    if place is None or place < 3 or before[place - 1].low not in group("ordinals"):
        return None
    named_first = [one for one in before if one.kind == "party"]
    if len(named_first) != 1 or before[0] is not named_first[0] or not any(one.low == "with" for one in before[place:]):
        return None
    if named_first[0].code in {model.exporter, model.importer} - {getattr(model, side)}:
        return None
    return replace(model.with_side(side, named_first[0].code), goods=named if named.text else model.goods)


def _told_as(value: str, before: Sequence[Token]) -> str | None:
    """Find who is called the source of the imports, or the market of the exports, that are told behind it."""
    words = group("seller_words") if value == "import" else group("buyer_words")
    at = next((at for at, token in enumerate(before) if token.kind == "rankobject" and token.low in words), None)
    if at is None or not any(token.low in group("be") | group("stays") for token in before[:at]):
        return None
    named = [token for token in before[:at] if token.kind == "party"]
    return named[0].code if len(named) == 1 and not named[0].owns else None


def settle_again(roles: Roles, model: Trade | None, named: Goods) -> Trade | None:
    """Read "those to Russia" and "that with China" as the flow spoken of before, with another partner."""
    if model is not None and one(roles.of) is not None and not (roles.targets or roles.sources or roles.partners):
        return replace(model.with_owner(roles.of[0]), goods=named if named.text else model.goods)
    told = roles.targets or roles.sources or roles.partners
    if model is None or not told:
        return None
    goods = named if named.text else model.goods
    partner = one(told)
    if partner is None:
        return replace(model, goods=goods, unresolved=("exporter" if model.kind == "import" else "importer",))
    if model.kind == "export" and roles.sources and not roles.targets:
        return replace(model.with_side("exporter", partner), goods=goods)  # "Mali's shipments, ... those from Togo"
    return replace(model.with_partner(partner), goods=goods)
