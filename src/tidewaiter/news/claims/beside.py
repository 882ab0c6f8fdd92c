"""Which country stands beside a number and so belongs to it alone, or what whole.

Owns lists in which each figure has its own party. The goods beside a figure are `wares`', what the clause as a
whole speaks of is `fill`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import holders
from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Trade
    from tidewaiter.news.words.tokens import Token


def trade_of_number(clause: Clause, index: int) -> Trade:  # noqa: C901, PLR0911, PLR0912 - a list of cases, the first that fits
    """Give a number that stands with a country of its own ("Iraq with $2.9 billion") that country as partner."""
    tokens, trade = clause.segment.tokens, clause.trade
    following = tokens[index + 2] if index + 2 < len(tokens) and tokens[index + 1].low == "from" else None
    if following is not None and following.kind == "party" and clause.shares and trade.kind == "import":
        return trade.with_partner(following.code)
    told, number = holders.goes_to(tokens, index), tokens[index].number
    if told is not None and number is not None and number.unit == "%":
        side, code = told
        if code not in {trade.exporter, trade.importer} and trade.kind in {"import", "export"}:
            return replace(trade, unresolved=(), **{side: code})  # type: ignore[arg-type]
    taken = _in_the_passive(tokens, index, trade)
    if taken is not None:
        return taken
    sided = _whose_verb_follows(tokens, index, trade) or _behind_its_preposition(tokens, index, trade)
    if sided is not None:
        return sided
    if trade.unresolved == ("parties",) and trade.owner is not None:
        behind = next(
            (at for at in range(index - 2, -1, -1) if tokens[at].kind == "number" or tokens[at].low == "with"), 0
        )
        if tokens[behind].low == "with" and (code := holders.party_after(tokens, behind)):
            return replace(trade.with_partner(code), unresolved=())
    if index >= 2 and tokens[index - 1].low == "of" and index - 2 in clause.segment.wholes:
        return replace(trade.with_partner(WORLD), goods=ALL_GOODS)
    ahead = [token.kind for token in tokens[index + 1 : index + 5]]
    former = "period" in ahead and "flow" not in ahead[: ahead.index("period")]
    if _is_the_whole(tokens, index) and not former and not trade.unresolved and trade.owner is not None:
        return trade.with_partner(WORLD)
    named = _side_of_number(tokens, index, trade)
    if named is not None:
        return named
    maker = holders.maker(tokens, index)
    if maker is not None and trade.kind == "import" and maker not in {trade.exporter, trade.importer}:
        return replace(trade, exporter=maker, unresolved=tuple(one for one in trade.unresolved if one != "exporter"))
    beside = tokens[index - 1] if index else None
    if beside is not None and beside.kind == "party" and beside.owns and index > 2:
        by = tokens[index - 2].low == "by" and tokens[index - 3].low in group("ranks_before")
        led = by or tokens[index - 2].kind == "most"
        if led and trade.owner is not None and trade.kind in {"import", "export"}:
            return trade.with_partner(beside.code)  # "imports of 71 million tons, led by Australia's 24 million"
        owned = trade.owner is not None and trade.kind in {"import", "export"}
        if owned and tokens[index - 2].low in {",", "and"} and beside.code not in {trade.exporter, trade.importer}:
            return trade.with_owner(beside.code)  # "Poland's exports were $2 billion, Latvia's $1 billion"
    elided = holders.owner_of_an_elided_flow(tokens, index)
    if elided is not None and trade.kind in {"import", "export"} and elided not in {trade.exporter, trade.importer}:
        before = next((token.code for token in tokens if token.kind == "party" and token.owns), None)
        return trade.with_side("exporter", elided) if before == trade.exporter else trade.with_owner(elided)
    holder = holders.of_share(tokens, index)
    portion = holders.of_amount(tokens, index)
    if portion is not None and trade.kind == "total" and portion not in trade.pair:
        return trade.with_partner(portion)
    other = next((code for code in trade.pair if code != portion), None)
    amount = tokens[index].number
    measured = amount is not None and amount.unit != "%"
    if portion is not None and measured and trade.kind == "total" and other not in {None, WORLD}:
        return replace(trade, kind="export", exporter=portion, importer=other, owner=portion, pair=())
    if portion is not None and trade.kind in {"import", "export"} and trade.exporter is None:
        return replace(trade, exporter=portion, owner=portion, unresolved=())
    if holder is not None and trade.kind in {"import", "export"} and holder not in {trade.exporter, trade.importer}:
        return trade.with_partner(holder)
    taker = holders.taker(tokens, index)
    if taker is not None and trade.kind == "export" and taker not in {trade.exporter, trade.importer}:
        return replace(trade.with_partner(taker), unresolved=())
    gapped = _gapped(clause, index)
    if gapped is not None:
        return gapped
    if (
        (clause.shares or clause.known.peers_own)
        and beside is not None
        and beside.kind == "party"
        and not beside.owns
        and index >= 2
        and tokens[index - 2].low in {",", "and"}
        and beside.code not in {trade.exporter, trade.importer, trade.owner}
    ):
        head = tokens[clause.segment.head] if clause.segment.head is not None else None
        buyers = head is not None and head.form == "verb" and head.value == "import"
        return trade.with_owner(beside.code) if clause.known.peers_own or buyers else trade.with_partner(beside.code)
    return _trade_in_a_list(clause, index)


def _in_the_passive(tokens: Sequence[Token], index: int, trade: Trade) -> Trade | None:
    """Give a share to who is said behind it to make it up; of two who do so together it is neither's alone."""
    number, named = tokens[index].number, _taken_by(tokens, index)
    if not named or number is None or number.unit != "%" or trade.kind not in {"import", "export"}:
        return None
    joint: Literal["exporter", "importer"] = "importer" if trade.kind == "export" else "exporter"
    if len(named) > 1:
        return replace(trade, unresolved=(joint,), **{joint: None})  # type: ignore[arg-type]
    return replace(trade.with_partner(named[0]), unresolved=()) if named[0] != trade.owner else None


def _taken_by(tokens: Sequence[Token], index: int) -> list[str]:
    """List who is said behind a share to make it up: "34 % of it was accounted for by Fiji and Malta"."""
    end = next((at for at in range(index + 1, len(tokens)) if tokens[at].kind == "number"), len(tokens))
    for at in range(index + 1, end - 1):
        if tokens[at].low in {"by", "to"} and tokens[at - 1].low in group("makes_up_passively"):
            return [one.code for one in tokens[at + 1 : end] if one.kind == "party" and not one.owns]
    return []


def _whose_verb_follows(tokens: Sequence[Token], index: int, trade: Trade) -> Trade | None:
    """Give a number to who is said behind it to have traded it: "twice the 17 tons that Russia supplied"."""
    after = tokens[index + 1 : index + 4]
    after = after[1:] if after and after[0].low in {"that", "which"} else after[:2]
    if len(after) < 2 or after[0].kind != "party" or after[0].owns or after[1].kind != "flow":
        return None
    side = {"export": "exporter", "import": "importer"}.get(after[1].value if after[1].form == "verb" else "")
    if side is None or trade.kind not in {"import", "export"} or after[0].code in {trade.exporter, trade.importer}:
        return None
    return trade.with_side(side, after[0].code)  # type: ignore[arg-type]


def _behind_its_preposition(tokens: Sequence[Token], index: int, trade: Trade) -> Trade | None:
    """Give a number the open side that stands behind "to" or "from": "8 tons went to Chad and 5 tons to Mali"."""
    if trade.unresolved not in {("exporter",), ("importer",)}:
        return None
    link = "from" if trade.unresolved == ("exporter",) else "to"
    for at in range(index + 1, len(tokens) - 1):
        if tokens[at].kind in {"number", "move"} or tokens[at].low in {"and", ","}:
            break
        goes = tokens[at].low == link or (tokens[at].kind == "share" and tokens[at].value == link)
        if goes and (code := holders.party_after(tokens, at)):
            return replace(trade, unresolved=(), **{trade.unresolved[0]: code})  # type: ignore[arg-type]
    for at in range(index - 2, -1, -1):
        if tokens[at].low == link and (code := holders.party_after(tokens, at)):
            return replace(trade, unresolved=(), **{trade.unresolved[0]: code})  # type: ignore[arg-type]
        if tokens[at].kind == "number":
            break
    return None


def _side_of_number(tokens: Sequence[Token], index: int, trade: Trade) -> Trade | None:
    """Read "2 tons by Togo", "and to Kazakhstan 3 tons" and "Russia had a 9 percent share": one side of this figure."""
    if trade.kind not in {"import", "export"}:
        return None
    after = tokens[index + 2] if index + 2 < len(tokens) else None
    if after is not None and tokens[index + 1].low == "by" and after.kind == "party" and not after.owns:
        side, code = ("importer" if trade.kind == "import" else "exporter"), after.code
        owner: str | None = code
    elif index > 2 and tokens[index - 1].kind == "party" and tokens[index - 3].low in {"and", ","}:
        if tokens[index - 2].low not in {"to", "from"}:
            return None
        side, code = ("importer" if tokens[index - 2].low == "to" else "exporter"), tokens[index - 1].code
        owner = trade.owner
    elif holders.holds(tokens, index):
        code, owner = holders.holds(tokens, index), trade.owner
        side = "exporter" if trade.kind == "import" else "importer"
    else:
        return None
    if code in {trade.exporter, trade.importer}:
        return None
    return replace(trade, owner=owner, unresolved=(), **{side: code})  # type: ignore[arg-type]


def _is_the_whole(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is what a share is of: "27% of the 5 million bpd of crude it imported"."""
    at = index - 1
    while at > 0 and (tokens[at].low in {"the", "its", "their", "all", "total", "overall"} or tokens[at].owns):
        at -= 1
    share = tokens[at - 1].number if at >= 1 and tokens[at].low == "of" else None
    return share is not None and share.unit == "%" and tokens[index].number is not share


def _gapped(clause: Clause, index: int) -> Trade | None:
    """Read a list whose verb is said once: "Iraq bought $4 billion, Turkey $3 billion and the UAE $2 billion"."""
    tokens, trade = clause.segment.tokens, clause.trade
    at, number = index - 1, tokens[index].number
    party = tokens[at] if at >= 1 else None
    if party is None or party.kind != "party" or party.owns or number is None or number.unit in {"pp", "x"}:
        return None
    at -= 1
    while at > 0 and tokens[at].low in {"the", "a"}:
        at -= 1
    first = next((step for step, token in enumerate(tokens[:at]) if token.kind == "number"), None)
    if first is None or tokens[at].low not in {",", "and", ";"} or any(token.kind == "move" for token in tokens[:at]):
        return None
    if party.code in {trade.exporter, trade.importer} or trade.kind in {"total", "balance"}:
        return None
    slot = _slot_of_the_subject(clause, party)
    if slot is not None:
        return trade.with_side(slot, party.code)
    head = tokens[clause.segment.head] if clause.segment.head is not None else None
    if head is not None and head.form == "verb" and clause.segment.head is not None and clause.segment.head < first:
        return trade.with_owner(party.code)
    return trade.with_partner(party.code) if tokens[first - 1].kind == "party" else None


def _trade_in_a_list(clause: Clause, index: int) -> Trade:  # noqa: C901, PLR0911 - a list of cases, the first that fits
    """Read the country set before a number in a list: "Iraq with $2.9 billion", "Germany (EUR 19 billion)"."""
    tokens, trade = clause.segment.tokens, clause.trade
    at = index - 1
    while at >= 0 and tokens[at].low in {"just", "only", "some", "a", "the"}:
        at -= 1
    if at >= 2 and tokens[at].low in {"with", "at", "on"} and tokens[at - 1].low in {"next", *group("ordinals")}:
        placed = at - 2
        if tokens[placed].kind == "party":
            return _peer(clause, tokens[placed])
        if placed >= 1 and tokens[placed].low in {"came", "was", "ranked", "placed", "the"}:
            return _peer(clause, tokens[placed - 1])
    if at < 1 or tokens[at].low not in {"with", "(", "at", ":", "for", "on"} or tokens[at - 1].kind != "party":
        return trade
    if any(token.low == "within" for token in tokens[max(0, at - 3) : at]):
        return trade  # "the largest importer within the EU (5 million tons)"
    before = tokens[at - 2].low if at >= 2 else ""
    if tokens[at].low != "(" and before in {"from", "to", "with"}:
        return trade
    if (
        tokens[at].low == "with"
        and clause.segment.head is not None
        and at < clause.segment.head
        and tokens[at - 1].owns
    ):
        return trade
    if trade.owner is not None and trade.unresolved in {("importer",), ("exporter",)}:
        return replace(trade.with_partner(tokens[at - 1].code), unresolved=())
    ranked = next((token.low for token in tokens[:at] if token.kind == "rankobject"), "")
    side: Literal["exporter", "importer"] | None = (
        "exporter" if ranked in group("seller_words") else "importer" if ranked in group("buyer_words") else None
    )
    if side and trade.kind in {"import", "export"} and any(token.low in group("peers_after") for token in tokens[:at]):
        return trade.with_side(side, tokens[at - 1].code)
    if any(token.low in {"after", "importers", "buyers", "behind"} for token in tokens[:at]):
        return trade.with_owner(tokens[at - 1].code)
    return _peer(clause, tokens[at - 1])


def _peer(clause: Clause, party: Token) -> Trade:
    """Put a country of a list where the list's countries stand: the owner's place or the partner's."""
    trade = clause.trade
    if party.kind != "party":
        return trade
    slot = _slot_of_the_subject(clause, party)
    if slot is not None and party.code not in {trade.exporter, trade.importer}:
        return trade.with_side(slot, party.code)
    head = clause.segment.tokens[clause.segment.head] if clause.segment.head is not None else None
    sellers = head is not None and head.form == "verb" and head.value == "export" and clause.shares
    placed = any(token.low in group("places") for token in clause.segment.tokens)
    side = clause.known.ranked_side
    if placed and side is not None and trade.kind in {"import", "export"}:
        return trade.with_side(side, party.code)
    placed = placed and clause.known.partner_is_maker
    if clause.known.peers_own or sellers or placed:
        return trade.with_owner(party.code)
    if party.code in {trade.exporter, trade.importer, trade.owner}:
        return trade
    return trade.with_partner(party.code)


def _slot_of_the_subject(clause: Clause, party: Token) -> Literal["exporter", "importer"] | None:
    """Find the side on which the clause's subject stands, which the countries set beside it share."""
    tokens, trade = clause.segment.tokens, clause.trade
    for at, token in enumerate(tokens):
        if token is party or token.kind == "number":
            return None
        if token.kind != "party" or token.owns or token.form == "adjective":
            continue
        if at and tokens[at - 1].low in group("governs"):
            return None
        if token.code == trade.exporter:
            return "exporter"
        return "importer" if token.code == trade.importer else None
    return None
