"""Which trade a clause speaks of where it does not say so itself: pronouns, shares of a whole, lists that go on.

Owns leaning on the sentences before. A clause that neither names a trade nor leans on one has none.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.claims import flows, whose
from tidewaiter.news.claims.draft import WORLD, Known, Segment, Trade
from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Goods
    from tidewaiter.news.words.tokens import Token


def trade_of(segment: Segment, roles: whose.Roles, known: Known, earlier: Trade | None, text: str) -> Trade | None:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a list of cases, the first that fits
    """Find the trade of a clause: its own, that of its whole, or the one it leans on; None where it has none."""
    heavy = any(
        token.number is not None and unit_kind(token.number.unit) in {"weight", "volume", "rate"}
        for token in segment.tokens
    )
    named = flows.goods_of(segment, text, known, heavy=heavy)
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
            named = known.last_goods
        return flows.settle(segment, roles, known, earlier, named)
    if segment.wholes:
        return _from_whole(segment, roles, known, earlier, named)
    listed = _peers_of_an_owner(segment, named)
    if listed is not None:
        return listed
    part = _part_from(segment, roles, named)
    if part is not None:
        return part
    goes = next((token for token in segment.tokens if token.kind == "share" and token.value == "to"), None)
    if goes is not None and whose.one(roles.targets) and named != ALL_GOODS:
        maker = next((other for other in segment.tokens if other.kind in {"party", "pronoun"} and other.owns), None)
        owners = whose.code_of(maker, known, None) if maker is not None else ()
        if len(owners) == 1 and owners[0] != roles.targets[0]:
            return Trade("export", owners[0], roles.targets[0], owner=owners[0], goods=named)
    met = next((token for token in segment.tokens if token.kind == "share" and token.value == "from"), None)
    if met is not None and whose.one(roles.sources[:1]):
        owner = next((token.code for token in segment.tokens if token.kind == "party" and token.owns), None)
        owner = owner or (known.flow.importer if known.flow else None)
        if owner is not None:
            return Trade("import", roles.sources[0], owner, owner=owner, goods=named)
    again = _told_again(segment, known)
    if again is not None:
        return again
    if _is_another_matter(segment.tokens):
        return None
    if earlier is not None:
        return replace(
            earlier, goods=named if any(token.kind == "goods" for token in segment.tokens) else earlier.goods
        )
    whole = next((token for token in segment.tokens[:4] if token.low in {"the total", "the combined total"}), None)
    if whole is not None and known.flow is not None and known.flow.exporter and known.flow.importer:
        pair = tuple(code for code in (known.flow.owner, known.flow.partner) if code)
        return Trade("total", pair=pair, owner=known.flow.owner, filled=(("trade", "paragraph"),))
    if leans_back(segment.tokens) and known.trade is not None:
        own = named != ALL_GOODS and segment.tokens[0].kind == "goods"
        leant = replace(known.trade, goods=named) if own else known.trade
        return replace(leant, filled=(*known.trade.filled, ("trade", "paragraph")))
    if _starts_with_trade(segment.tokens) and known.trade is not None:
        base = known.flow or known.trade
        taken = any(
            token.low in {"took", "takes", "taking", "absorbed"} and after.number is not None
            for token, after in pairwise(segment.tokens)
        )
        known.peers_own = known.peers_own or (taken and base.kind == "import")
        shared = any(token.kind == "share" for token in segment.tokens)
        if shared and known.trade.kind in {"total", "balance"} and named == ALL_GOODS:
            base = Trade("total", pair=known.trade.pair, owner=known.trade.owner)
        base = replace(base, goods=named if named != ALL_GOODS else base.goods)
        if roles.worldwide:
            base = base.with_partner(WORLD)
        if base.kind in {"import", "export"}:
            source, target = whose.one(roles.sources), whose.one(roles.targets)
            base = replace(base, exporter=source or base.exporter, importer=target or base.importer)
        first = next((at for at, token in enumerate(segment.tokens) if token.kind == "number"), len(segment.tokens))
        party = next(
            (
                token
                for token in segment.tokens[:first]
                if token.kind == "party" and not (roles.sources or roles.targets)
            ),
            None,
        )
        declares = any(token.low in group("declares") for token in segment.tokens[:first])
        if party is not None and declares and base.kind in {"import", "export"} and party.code != base.partner:
            return replace(base.with_owner(party.code), filled=(*base.filled, ("trade", "paragraph")))
        if party is not None and base.kind == "import" and _makes_goods(segment.tokens, party):
            return replace(base.with_partner(party.code), filled=(*base.filled, ("trade", "paragraph")))
        if party is not None and party.code not in {base.exporter, base.importer, *base.pair}:
            base = _with_peer(base, party.code, segment.tokens, known)
        return replace(base, filled=(*base.filled, ("trade", "paragraph")))
    return None


def _with_peer(base: Trade, code: str, tokens: Sequence[Token], known: Known) -> Trade:
    """Put a country where its part in the clause puts it: a supplier sells, a buyer buys, a peer stands as the last."""
    if base.kind in {"import", "export"}:
        part = next((token.low for token in tokens if token.kind == "rankobject"), "")
        side = "exporter" if part in group("seller_words") else "importer" if part in group("buyer_words") else ""
        if side and code not in {base.exporter, base.importer}:
            return base.with_owner(code) if base.owner == getattr(base, side) else base.with_partner(code)
    placed = any(token.low in group("places") for token in tokens)
    if placed and known.ranked_side is not None and base.kind in {"import", "export"}:
        return base.with_owner(code) if base.owner == getattr(base, known.ranked_side) else base.with_partner(code)
    placed = placed and known.partner_is_maker
    return base.with_owner(code) if known.peers_own or placed else base.with_partner(code)


def _makes_goods(tokens: Sequence[Token], party: Token) -> bool:
    """Tell whether a party only says where goods are from: "U.S. crude volumes tripled"."""
    return any(
        token is party and not token.owns and token.form in {"adjective", "name"} and after.kind in {"goods", "generic"}
        for token, after in pairwise(tokens)
    )


def _told_again(segment: Segment, known: Known) -> Trade | None:
    """Read "the 22.5 million tons were worth $1.2 billion": an amount told before brings its trade along."""
    for at, token in enumerate(segment.tokens):
        if token.number is None:
            continue
        before = segment.tokens[at - 1].low if at else ""
        draft = known.figures.get((token.number.value, token.number.unit))
        if draft is None or before not in {"the", "that", "those", "this"}:
            return None
        known.period = draft.period or known.period
        return replace(draft.trade, filled=(*draft.trade.filled, ("trade", "paragraph")))
    return None


def _part_from(segment: Segment, roles: whose.Roles, named: Goods) -> Trade | None:
    """Read "Japan gets 4 percent of its crude oil from Russia"."""
    tokens, source = segment.tokens, whose.one(roles.sources)
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
        figures = any(other.kind == "number" for other in tokens[at:])
        if owner is None or not figures or not any(other.kind == "party" for other in tokens[at:]):
            return None
        if token.low in group("buyers"):
            return Trade("export", owner, None, owner=owner, goods=named, unresolved=("importer",))
        return Trade("import", None, owner, owner=owner, goods=named, unresolved=("exporter",))
    return None


def _from_rank(segment: Segment, roles: whose.Roles, named: Goods, known: Known) -> Trade | None:  # noqa: PLR0911 - a list of cases, the first that fits
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
        if token.low in {"supplier", "seller"} and owner is not None:
            return Trade("import", actor, owner, owner=owner, goods=named)
        maker = roles.origin or owner or whose.one(roles.sources) or (whose.origin_of_goods(tokens, at) if at else None)
        if token.low in {"buyer", "importer", "purchaser", "customer"} and maker is not None and maker != actor:
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


def leans_back(line: Sequence[Token]) -> bool:
    """Tell whether a clause speaks of what was spoken of before ("it", "the figure", "that's")."""
    for token in line[:12]:
        if token.kind == "pronoun" and token.form in {"it", "figure"}:
            return True
        if token.kind == "number":
            break
    if any(one.kind == "period" and two.low in group("told_figures") for one, two in pairwise(line[:5])):
        return True  # "December's figure of $23 billion was ..."
    figures = [at for at, token in enumerate(line) if token.kind == "pronoun" and token.form == "figure"]
    return any(not _is_whole_figure(line, at) for at in figures) or line[0].low in {
        "that's",
        "that’s",
        "this",
        "that",
    }


def _is_whole_figure(line: Sequence[Token], at: int) -> bool:
    """Tell whether "the total" is only what a share is of: "41 percent of the total"."""
    number = line[at - 2].number if at >= 2 and line[at - 1].low == "of" else None
    return number is not None and number.unit == "%"


def _is_another_matter(line: Sequence[Token]) -> bool:
    """Tell whether a clause without a flow word is of prices, stocks, payments or a firm's shares."""
    matters = {row["phrase"].casefold() for row in rows("nontrade") if row["place"] == "matter"}
    last = max((at for at, token in enumerate(line) if token.kind == "number"), default=len(line))
    leaning = next((at for at, token in enumerate(line[:4]) if token.form in {"it", "figure"}), None)
    until = last if leaning is not None else len(line)
    if any(token.low in matters for token in line[:until]):
        return True
    for before, token, after in zip(line, line[1:], line[2:], strict=False):
        firm = before.kind == "word" or (before.kind == "pronoun" and before.form == "own")
        if token.low == "shares" and firm and after.kind == "move":
            return True
    took = next((at for at, token in enumerate(line) if token.low in {"took", "holds", "held"}), None)
    return took is not None and not any(
        (token.kind == "party" and token.code != WORLD) or token.kind in {"goods", "pronoun"} for token in line[:took]
    )


def _starts_with_trade(line: Sequence[Token]) -> bool:
    """Tell whether a clause without a flow word still goes on about the trade: shares, ranks, goods, peers."""
    ratio = any(token.number is not None for token in line)
    cue = any(token.kind in {"share", "rank", "rankobject", "cap"} for token in line)
    goods = any(token.kind == "goods" for token in line)
    taking = next((at for at, token in enumerate(line) if token.low in {"took", "takes", "absorbed"}), 0)
    took = any(token.kind == "party" for token in line[:taking][:4])
    peers = took or any(
        token.kind == "party" and line[at + 1].low in {"(", "with"} and line[at + 2].kind == "number"
        for at, token in enumerate(line[:-2])
    )
    placed = line[0].kind in {"party", "word"} and any(
        token.low in group("places") and after.low in {"next", "first", "second", "third", "fourth", "fifth"}
        for token, after in pairwise(line[1:5])
    )
    if peers or placed:
        return True
    ranked = any(token.kind == "rankobject" for token in line)
    heavy = any(
        token.number is not None and unit_kind(token.number.unit) in {"weight", "volume", "rate"} for token in line
    )
    counted = any(token.number is not None and token.number.unit in {"transactions", "shipments"} for token in line)
    earned = goods and any(token.low in group("earns") for token in line)
    if counted or earned or (heavy and any(token.kind in {"pronoun", "party"} for token in line)):
        return True
    return (ratio and (cue or goods)) or (ranked and any(token.kind == "rank" for token in line))


def _from_whole(
    segment: Segment, roles: whose.Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
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
    if acting is None and trade.kind == "export" and any(_is_listed(before, at) for at in range(len(before))):
        return replace(trade, importer=None, unresolved=("importer",))
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
