"""Which trade a clause speaks of where it does not say so itself: pronouns, shares of a whole, lists that go on.

Owns leaning on the sentences before. A clause that neither names a trade nor leans on one has none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tidewaiter.news.claims import flows, lean, scope
from tidewaiter.news.claims.draft import Known, Segment, Trade
from tidewaiter.news.claims.parts import Roles, code_of, one
from tidewaiter.news.claims.subject import origin_of_goods
from tidewaiter.news.model import ALL_GOODS, Goods
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token


def trade_of(segment: Segment, roles: Roles, known: Known, earlier: Trade | None, text: str) -> Trade | None:  # noqa: C901, PLR0911 - a list of cases, the first that fits
    """Find the trade of a clause: its own, that of its whole, or the one it leans on; None where it has none."""
    heavy = any(
        token.number is not None and unit_kind(token.number.unit) in {"weight", "volume", "rate"}
        for token in segment.tokens
    )
    named = scope.goods_of(segment, text, known, heavy=heavy)
    bought = _buyer_of(segment, named)
    if bought is not None:
        return bought
    ranked = _from_rank(segment, roles, named, known)
    agent = segment.head is not None and segment.tokens[segment.head].kind == "rankobject"
    if ranked is not None and (
        segment.head is None or (agent and ranked.filled) or segment.tokens[segment.head].low.endswith("ing")
    ):
        return ranked
    if segment.head is not None:
        if (
            segment.tokens[segment.head].kind == "flow"
            and segment.tokens[segment.head].value == "move"
            and named == ALL_GOODS
            and not ((roles.sources or roles.owner) and roles.targets)
            and not any(token.kind == "goods" for token in segment.tokens)
        ):
            named = _unknown_goods(segment, text) or known.last_goods
        return _made_by_several(segment, flows.settle(segment, roles, known, earlier, named))
    if segment.wholes:
        return _from_whole(segment, roles, known, earlier, named)
    listed = _peers_of_an_owner(segment, named)
    if listed is not None:
        return listed
    part = _part_from(segment, roles, named)
    if part is not None:
        return part
    goes = next((token for token in segment.tokens if token.kind == "share" and token.value == "to"), None)
    if goes is not None and one(roles.targets) and named != ALL_GOODS:
        maker = next((other for other in segment.tokens if other.kind in {"party", "pronoun"} and other.owns), None)
        owners = code_of(maker, known, None) if maker is not None else ()
        if len(owners) == 1 and owners[0] != roles.targets[0]:
            return Trade("export", owners[0], roles.targets[0], owner=owners[0], goods=named)
    met = next((token for token in segment.tokens if token.kind == "share" and token.value == "from"), None)
    if met is not None and one(roles.sources[:1]):
        owner = next((token.code for token in segment.tokens if token.kind == "party" and token.owns), None)
        owner = owner or (known.flow.importer if known.flow else None)
        if owner is not None:
            return Trade("import", roles.sources[0], owner, owner=owner, goods=named)
    return lean.on_what_was_said(segment, roles, known, earlier, named)


def _buyer_of(segment: Segment, named: Goods) -> Trade | None:
    """Read "Fiji was the top buyer of Omani export cargoes", whatever flow words stand around it."""
    tokens = segment.tokens
    for at in range(2, len(tokens) - 3):
        if tokens[at].kind != "rankobject" or tokens[at].low.rstrip("s") not in group("single_buyers"):
            continue
        maker, after = tokens[at + 2], tokens[at + 3]
        if tokens[at + 1].low != "of" or maker.kind != "party" or maker.form != "adjective":
            return None
        named_first = [one for one in tokens[:at] if one.kind == "party" and not one.owns]
        is_said = any(one.low in group("be") | group("stays") for one in tokens[:at])
        if not is_said or len(named_first) != 1 or named_first[0].code == maker.code:
            return None
        if after.kind not in {"goods", "flow", "generic"}:
            return None
        return Trade("import", maker.code, named_first[0].code, owner=named_first[0].code, goods=named)
    return None


def _made_by_several(segment: Segment, trade: Trade | None) -> Trade | None:
    """Leave open whose flow "Fijian and Maltese shipments" are: it is no one's alone."""
    tokens, at = segment.tokens, segment.head or 0
    if trade is None or trade.kind not in {"import", "export"} or tokens[at].form != "noun":
        return trade
    behind = tokens[at + 1 : at + 6]
    if len(behind) == 5 and behind[0].low == "of" and behind[2].low in {"and", "or"} and behind[4].kind == "goods":
        made = {one.code for one in (behind[1], behind[3]) if one.kind == "party" and one.form == "adjective"}
        if len(made) == 2 and trade.exporter in made:
            return replace(trade, exporter=None, unresolved=(*trade.unresolved, "exporter"))
    while at > 0 and tokens[at - 1].kind in {"goods", "generic"}:
        at -= 1
    if at < 3 or tokens[at - 2].low not in {"and", "or"}:
        return trade
    two = (tokens[at - 3], tokens[at - 1])
    if any(one.kind != "party" or one.form != "adjective" for one in two) or two[0].code == two[1].code:
        return trade
    side: Literal["exporter", "importer"] = "importer" if tokens[segment.head or 0].value == "import" else "exporter"
    if getattr(trade, side) not in {one.code for one in two}:
        return trade
    owner = None if trade.owner == getattr(trade, side) else trade.owner
    return replace(trade, owner=owner, unresolved=(*trade.unresolved, side), **{side: None})  # type: ignore[arg-type]


def _unknown_goods(segment: Segment, text: str) -> Goods | None:
    """Read goods that no table knows: "shipments of chip-making equipment to China"."""
    tokens, at = segment.tokens, (segment.head or 0) + 2
    if at >= len(tokens) or tokens[at - 1].low != "of" or tokens[at].kind != "word":
        return None
    end = at
    while end < len(tokens) and tokens[end].kind == "word" and tokens[end].low not in group("prepositions"):
        end += 1
    start, stop = tokens[at].start, tokens[end - 1].end
    return Goods(text[start:stop], (), "unmapped", (), (start, stop)) if end < len(tokens) else None


def _part_from(segment: Segment, roles: Roles, named: Goods) -> Trade | None:
    """Read "Japan gets 4 percent of its crude oil from Russia"."""
    tokens, source = segment.tokens, one(roles.sources)
    told = any(
        share.number is not None and share.number.unit == "%" and of.low == "of" and own.form == "own"
        for share, of, own in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
    if not told or source is None or roles.subject in {None, source} or named == ALL_GOODS:
        return None
    return Trade("import", source, roles.subject, owner=roles.subject, goods=named)


def _peers_of_an_owner(segment: Segment, named: Goods) -> Trade | None:
    """Read "Iran's largest customers were China with ... and India with ...": each figure has its own partner."""
    tokens = segment.tokens
    for at, token in enumerate(tokens):
        if token.low not in group("buyers") | group("sellers"):
            continue
        owner = next((other.code for other in reversed(tokens[:at]) if other.kind == "party" and other.owns), None)
        maker = tokens[at + 2] if at + 3 < len(tokens) and tokens[at + 1].low == "of" else None
        if owner is None and maker is not None and maker.kind == "party" and maker.form in {"adjective", "name"}:
            owner = maker.code if tokens[at + 3].kind in {"goods", "generic"} else None
        figures = any(other.kind == "number" for other in tokens[at:])
        if owner is None or not figures or not any(other.kind == "party" for other in tokens[at:]):
            return None
        if token.low in group("buyers"):
            return Trade("export", owner, None, owner=owner, goods=named, unresolved=("importer",))
        return Trade("import", None, owner, owner=owner, goods=named, unresolved=("exporter",))
    return None


def _from_rank(segment: Segment, roles: Roles, named: Goods, known: Known) -> Trade | None:  # noqa: C901, PLR0911 - a list of cases, the first that fits
    """Read "X was Y's top supplier of coal" and "X was the largest buyer of Y's coal"."""
    tokens = segment.tokens
    for at, token in enumerate(tokens):
        if token.kind != "rankobject" or not any(
            other.kind == "rank" or other.low in group("places") for other in tokens[max(0, at - 5) : at]
        ):
            continue
        actor = next((other.code for other in tokens[:at] if other.kind == "party" and not other.owns), None)
        if actor is not None and segment.head is None and token.low in group("sellers") | group("buyers"):
            placed = _placed_among(tokens, at, actor, named)
            if placed is not None:
                return placed
        owner = next((other.code for other in reversed(tokens[:at]) if other.kind == "party" and other.owns), None)
        if actor is None:
            return None
        if is_group(owner or "") and known.trade is not None and token.low in {"importer", "buyer", "customer"}:
            # "Germany was the bloc's largest importer": of whatever the bloc imports.
            return replace(known.trade, filled=(("trade", "paragraph"),)).with_owner(actor)
        if token.low in group("partners") and segment.head is None and roles.owner_of_rank not in {None, actor}:
            pair = (roles.owner_of_rank or "", actor)
            return Trade("total", pair=pair, owner=pair[0], goods=named)
        served = owner or (one(roles.targets) if segment.head is None else None)
        if token.low in {"supplier", "seller"} and served not in {None, actor}:
            return Trade("import", actor, served, owner=served, goods=named)
        if token.low in group("buyer_words") and not is_group(owner or "") and owner not in {None, actor}:
            return Trade("export", owner, actor, owner=owner, goods=named)
        maker = roles.origin or owner or one(roles.sources) or (origin_of_goods(tokens, at + 1) if at else None)
        market = token.low in group("buyer_words") and owner is None and maker is not None
        buys = token.low in {"buyer", "importer", "purchaser", "customer"} or market
        if buys and maker is not None and maker != actor:
            return Trade("import", maker, actor, owner=actor, goods=named)
    return None


def _placed_among(tokens: Sequence[Token], at: int, actor: str, named: Goods) -> Trade | None:
    """Read "X ranked first among Y's suppliers": the actor is one of them."""
    owner = next((other.code for other in reversed(tokens[:at]) if other.kind == "party" and other.owns), None)
    if owner is None or owner == actor:
        return None
    if tokens[at].low in group("sellers"):
        return Trade("import", actor, owner, owner=owner, goods=named)
    return Trade("export", owner, actor, owner=owner, goods=named)


def _from_whole(segment: Segment, roles: Roles, known: Known, earlier: Trade | None, named: Goods) -> Trade | None:
    """Read "China accounted for 70 percent of the North's trade": the whole names the flow, the subject the part."""
    whole = segment.wholes[0]
    segment.tokens[whole]
    inner = Segment(segment.tokens, whole, [])
    if earlier is not None and not any(
        token.kind == "party" and token.code != earlier.owner for token in segment.tokens[:whole]
    ):
        other = flows.settle(inner, roles, known, earlier, named)
        if other is not None and other.kind != earlier.kind and other.owner == earlier.owner and earlier.partner:
            return other.with_partner(earlier.partner)
        return earlier
    before = segment.tokens[:whole]
    leaning = any(token.kind == "pronoun" and token.form in {"it", "figure"} for token in before[:4])
    if leaning and known.trade is not None:
        return known.trade
    acting = _subject_party(before)
    if acting is not None and roles.origin not in {None, acting} and roles.owner in {None, acting}:
        # "Russia's share in Spanish gas imports": who stands before the goods is the one who imports them.
        roles = replace(roles, owner=roles.origin, origin=None)
    trade = flows.settle(
        inner, replace(roles, worldwide=False, subject=None) if acting else roles, known, earlier, named
    )
    if trade is None:
        return None
    listed = any(_is_listed(before, at) for at in range(len(before)))
    together = any(token.low.rsplit(" ", 1)[-1] in group("many") for token in before)
    if is_group(trade.owner or "") and trade.partner is not None:
        together = listed = False  # its members act, of whom the partner is the same
    if acting is None and (listed or together) and trade.kind in {"import", "export"} and trade.owner is not None:
        side = "importer" if trade.kind == "export" else "exporter"
        return replace(trade, unresolved=(side,), **{side: None})  # type: ignore[arg-type]
    if acting is not None and acting != trade.owner:
        full = is_group(trade.owner or "") and trade.partner not in {None, acting}
        trade = trade.with_owner(acting) if full else trade.with_partner(acting)
    return trade


def _subject_party(before: Sequence[Token]) -> str | None:
    for index, token in enumerate(before):
        governed = index > 0 and before[index - 1].low in {"of", "in", "by"}
        if token.kind == "party" and not governed and _is_listed(before, index):
            return None
        if token.kind == "party" and not governed:
            return token.code
        if token.kind == "number":
            break
    return None


def _is_listed(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a party is one of several that act together ("China, India and Turkey took 61 percent")."""
    if tokens[index].kind != "party":
        return False
    link = tokens[index + 1].low if index + 2 < len(tokens) else ""
    return link in {",", "and"} and tokens[index + 2].kind == "party" and not tokens[index].owns


def whole_head(segment: Segment) -> int | None:
    """Return the place of the flow word that names the whole of a share, if there is one."""
    return segment.wholes[0] if segment.wholes else None
