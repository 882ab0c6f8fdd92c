"""Which trade a clause goes on about that names none: what was told before, with what the clause changes of it.

Owns leaning on the sentences before. A clause that neither names a trade nor leans on one has none.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims.draft import Known, Segment, Trade
from tidewaiter.news.claims.partners import varying_side
from tidewaiter.news.claims.parts import Roles, one
from tidewaiter.news.claims.together import acts_with_another
from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Goods
    from tidewaiter.news.words.tokens import Token


def on_what_was_said(  # noqa: C901, PLR0911 - a list of cases, the first that fits
    segment: Segment, roles: Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    """Find the trade a clause without a flow word leans on, or None where it leans on none."""
    turned = _turned(segment, known, named)
    if turned is not None:
        return turned
    capped = _cap_on(segment, named)
    if capped is not None:
        return capped
    again = _told_again(segment, known)
    if again is not None:
        return again
    if _is_another_matter(segment.tokens):
        return None
    if earlier is not None:
        goes_on = _with_subject(earlier, segment.tokens, known)
        target, source = one(roles.targets), one(roles.sources)
        if earlier.kind == "export" and target not in {None, earlier.exporter}:
            goes_on = replace(earlier, importer=target, unresolved=())  # "while to Oman it was 43 percent"
        elif earlier.kind == "import" and source not in {None, earlier.importer}:
            goes_on = replace(earlier, exporter=source, unresolved=())
        return replace(
            goes_on, goods=named if any(token.kind == "goods" for token in segment.tokens) else earlier.goods
        )
    whole = next((token for token in segment.tokens[:4] if token.low in {"the total", "the combined total"}), None)
    if whole is not None and known.flow is not None and known.flow.exporter and known.flow.importer:
        pair = tuple(code for code in (known.flow.owner, known.flow.partner) if code)
        return Trade("total", pair=pair, owner=known.flow.owner, filled=(("trade", "paragraph"),))
    if leans_back(segment.tokens) and known.trade is not None:
        own = named != ALL_GOODS and segment.tokens[0].kind == "goods"
        leant = replace(known.trade, goods=named) if own else known.trade
        source = one(roles.sources)
        alone = any(token.low == "alone" for token in segment.tokens)
        if alone and source is not None and leant.kind in {"import", "export"} and source != leant.importer:
            leant = replace(leant, exporter=source, unresolved=())
        leant = _with_actor(leant, segment.tokens)
        return replace(leant, filled=(*known.trade.filled, ("trade", "paragraph")))
    aimed = _aim(segment.tokens, known)
    if aimed is not None:
        return aimed
    if _starts_with_trade(segment.tokens) and known.trade is not None:
        return _gone_on(segment, roles, known, named)
    return None


def _with_actor(base: Trade, tokens: Sequence[Token]) -> Trade:
    """Put who acts where the trade before left a side open: "of this, Malta notified 2 tons and Spain 3 tons"."""
    if base.kind not in {"import", "export"} or base.unresolved not in {("exporter",), ("importer",)}:
        return base
    side = base.unresolved[0]
    for at, token in enumerate(tokens):
        if token.kind == "number":
            break
        governed = at > 0 and tokens[at - 1].low in group("governs")
        if token.kind == "party" and not token.owns and token.form != "adjective" and not governed:
            if token.code in {base.exporter, base.importer}:
                break
            return replace(base, owner=token.code, unresolved=(), **{side: token.code})  # type: ignore[arg-type]
    return base


def _turned(segment: Segment, known: Known, named: Goods) -> Trade | None:
    """Read "in the opposite direction goods worth $5 million crossed the border"."""
    flow = known.flow
    turned = any(
        first.low in group("turns") and second.low == "direction" for first, second in pairwise(segment.tokens)
    )
    if not turned or flow is None or flow.exporter is None or flow.importer is None:
        return None
    return Trade(
        flow.kind, flow.importer, flow.exporter, owner=flow.partner, goods=named, filled=(("trade", "paragraph"),)
    )


def _cap_on(segment: Segment, named: Goods) -> Trade | None:
    """Read "the cap of 4 million barrels a year on crude for the North": whom a cap on goods is for, or from."""
    tokens = segment.tokens
    targets = {row["code"] for row in rows("quota_targets")}
    if not any(token.kind == "cap" for token in tokens) or named == ALL_GOODS:
        return None
    for link, party in pairwise(tokens):
        if party.kind == "party" and party.code in targets and link.low in {"for", "to", "from"}:
            if link.low == "from":
                return Trade("import", party.code, None, owner=None, goods=named)
            return Trade("export", None, party.code, owner=None, goods=named)
    return None


def _aim(tokens: Sequence[Token], known: Known) -> Trade | None:
    """Read "the two governments set a target of $5 billion" as the trade between the story's two."""
    aims = any(token.kind == "plan" and token.low in group("aims") for token in tokens)
    both = any(token.kind == "pronoun" and token.form == "two" for token in tokens)
    if not (aims and both and len(known.pair) == 2):
        return None
    return Trade("total", pair=known.pair, owner=known.pair[0], filled=(("parties", "pair"),))


def _with_subject(base: Trade, tokens: Sequence[Token], known: Known) -> Trade:
    """Give a clause that goes on with a subject of its own ("while China took 65 percent") that subject as party."""
    first = next((at for at, token in enumerate(tokens) if token.kind == "number"), len(tokens))
    if base.kind == "total" and tokens[0].kind == "party" and any(token.low in group("ordinals") for token in tokens):
        return base if tokens[0].code in base.pair else base.with_partner(tokens[0].code)
    parts = group("takes") | group("buyer_words") | group("seller_words")
    if base.kind not in {"import", "export"} or not any(
        token.kind == "share" or token.low in parts for token in tokens
    ):
        return base
    for at, token in enumerate(tokens[:first]):
        governed = at > 0 and tokens[at - 1].low in group("governs")
        if token.kind == "party" and not token.owns and token.form != "adjective" and not governed:
            named = token.code in {base.exporter, base.importer}
            return base if named else _with_peer(base, token.code, tokens, known)
    return base


def _gone_on(segment: Segment, roles: Roles, known: Known, named: Goods) -> Trade | None:
    """Set what the clause names in the place of what the trade before had there."""
    assert known.trade is not None
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
        source, target = one(roles.sources), one(roles.targets)
        base = replace(base, exporter=source or base.exporter, importer=target or base.importer)
    first = next((at for at, token in enumerate(segment.tokens) if token.kind == "number"), len(segment.tokens))
    party = next(
        (token for token in segment.tokens[:first] if token.kind == "party" and not (roles.sources or roles.targets)),
        None,
    )
    declares = any(token.low in group("declares") for token in segment.tokens[:first])
    if party is not None and declares and base.kind in {"import", "export"} and party.code != base.partner:
        return replace(base.with_owner(party.code), filled=(*base.filled, ("trade", "paragraph")))
    if party is not None and base.kind == "import" and _makes_goods(segment.tokens, party):
        return replace(base.with_partner(party.code), filled=(*base.filled, ("trade", "paragraph")))
    if party is not None and party.code not in {base.exporter, base.importer, *base.pair}:
        base = _with_peer(base, party.code, segment.tokens, known)
        side = "exporter" if base.exporter == party.code else "importer"
        if acts_with_another(segment.tokens, party):
            base = replace(base, unresolved=(side,), **{side: None})  # type: ignore[arg-type]
    return replace(base, filled=(*base.filled, ("trade", "paragraph")))


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


def _with_peer(base: Trade, code: str, tokens: Sequence[Token], known: Known) -> Trade:  # noqa: PLR0911 - a list of cases
    """Put a country where its part in the clause puts it: a supplier sells, a buyer buys, a peer stands as the last."""
    if base.kind in {"import", "export"} and closes_the_top(tokens) and known.ranked_side is not None:
        return base.with_side(known.ranked_side, code)
    if base.kind in {"import", "export"}:
        if base.unresolved in {("exporter",), ("importer",)} and code not in {base.exporter, base.importer}:
            return base.with_side(base.unresolved[0], code)
        part = next((token.low for token in tokens if token.kind == "rankobject"), "")
        side: Literal["exporter", "importer"] | None = (
            "exporter" if part in group("seller_words") else "importer" if part in group("buyer_words") else None
        )
        if side is None and any(token.low in group("takes") for token in tokens):
            side = "importer"
        if side is not None and code not in {base.exporter, base.importer}:
            return base.with_side(side, code)
    if (varying := varying_side(base, known)) is not None and code not in {base.exporter, base.importer}:
        return base.with_side(varying, code)
    if is_group(base.owner or "") and base.partner not in {None, WORLD, code} and not is_group(code):
        return base.with_owner(code)  # "Poland accounted for ..." of what the bloc imports
    placed = any(token.low in group("places") for token in tokens) or closes_the_top(tokens)
    if placed and known.ranked_side is not None and base.kind in {"import", "export"}:
        return base.with_side(known.ranked_side, code)
    placed = placed and known.partner_is_maker
    return base.with_owner(code) if known.peers_own or placed else base.with_partner(code)


def closes_the_top(line: Sequence[Token]) -> bool:
    """Tell whether somebody is the last of the first few: "Togo rounds out the top three with $1 million"."""
    at = next((at for at, token in enumerate(line[:6]) if token.low in group("closes_a_list")), None)
    return at is not None and any(token.low == "top" for token in line[at : at + 4])


def _makes_goods(tokens: Sequence[Token], party: Token) -> bool:
    """Tell whether a party only says where goods are from: "U.S. crude volumes tripled"."""
    return any(
        token is party and not token.owns and token.form in {"adjective", "name"} and after.kind in {"goods", "generic"}
        for token, after in pairwise(tokens)
    )


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
        (token.kind == "party" or token.low in group("tables"))
        and line[at + 1].low in {"(", "with"}
        and line[at + 2].kind == "number"
        for at, token in enumerate(line[:-2])
    )
    placed = any(
        token.low in group("places") and (after.low == "next" or after.low in group("ordinals"))
        for token, after in pairwise(line)
    )
    placed = placed or any(
        one.kind == "party"
        and not one.owns
        and two.low in group("be")
        and (three.low == "next" or three.low in group("ordinals"))
        and four.low in {"with", "at", "on"}
        for one, two, three, four in zip(line, line[1:], line[2:], line[3:], strict=False)
    )
    second = len(line) > 3 and line[0].kind == "party" and line[1].low == "the" and line[2].low in group("ordinals")
    if peers or placed or second or closes_the_top(line):
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
