"""Which way the goods went: from a clause's flow word, its owner and its prepositions to exporter and importer.

Owns the frames for direction. Who stands on a side that the clause leaves out is `other_side`'s; each slot filled
that way says so, and what stays open stays None.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import behind, other_side, standing
from tidewaiter.news.claims.draft import Known, Segment, Trade
from tidewaiter.news.claims.other_side import Told
from tidewaiter.news.claims.pairs import settle_pair
from tidewaiter.news.claims.partners import counterpart
from tidewaiter.news.claims.parts import Roles, one
from tidewaiter.news.claims.subject import origin_of_goods
from tidewaiter.news.claims.together import several_act
from tidewaiter.news.words.parties import is_group, named_pair
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from tidewaiter.news.claims.draft import FlowKind
    from tidewaiter.news.model import Goods


def settle(segment: Segment, roles: Roles, known: Known, earlier: Trade | None, named: Goods) -> Trade | None:
    """Fill the frame of the segment's head to a canonical trade; whom it calls a partner stands in that place."""
    placed = standing.placed(segment, roles, known, named)
    if placed is not None:
        return placed
    trade = _settle(segment, roles, known, earlier, named)
    head = segment.tokens[segment.head or 0]
    if trade is None or head.kind != "rankobject" or roles.subject in {None, trade.owner} or trade.owner is None:
        return trade
    return trade.with_partner(roles.subject) if roles.subject else trade


def _settle(segment: Segment, roles: Roles, known: Known, earlier: Trade | None, named: Goods) -> Trade | None:  # noqa: C901, PLR0911, PLR0912 - a list of cases, the first that fits
    assert segment.head is not None
    head = segment.tokens[segment.head]
    before = segment.tokens[segment.head - 1].low if segment.head else ""
    if before in {"these", "those", "such"} and known.trade is not None and head.form == "noun":
        return replace(known.flow or known.trade, filled=(("trade", "paragraph"),))
    if head.value == "again":
        return standing.settle_again(roles, earlier or known.flow or known.trade, named)
    model = known.flow or known.default
    if head.kind == "rankobject" and model is not None and head.low.rstrip("s") in {"importer", "exporter"}:
        # "the largest importers were Germany (...)": the owners are the countries that follow.
        side: FlowKind = "import" if head.low.startswith("import") else "export"
        if not (roles.sources or roles.targets or roles.origin):
            named = named if named.text else model.goods
            alone = Trade(
                side, model.exporter if side == "import" else None, model.importer if side == "export" else None,
                goods=named, filled=(("trade", "paragraph"),),
            )  # fmt: skip
            acts = roles.subject is not None and not is_group(roles.subject) and not head.low.endswith("s")
            acts = acts and roles.subject not in {alone.exporter, alone.importer}
            return replace(alone, owner=roles.subject, **{f"{side}er": roles.subject}) if acts else alone  # type: ignore[arg-type]
    roles.stranger = not roles.targets and _names_a_stranger(segment)
    kind = (
        head.value
        if head.kind == "flow"
        else next((name for name in ("import", "export") if name in head.low), "total")
    )
    after = segment.tokens[segment.head + 1 : segment.head + 3]
    if head.form == "verb" and kind == "export" and [one.kind for one in after] == ["word", "number"]:
        kind = "import" if after[0].low == "in" and head.low in group("ships") else kind  # "shipped in 9 tons"
    if kind == "total" and not (roles.pair or roles.owner):
        roles.pair = list(named_pair(" ".join(token.text for token in segment.tokens)))
    if kind == "total" and (roles.targets or roles.sources) and not (roles.pair or roles.partners or roles.owner):
        return _settle_export(Told(segment, head, roles, known, earlier, named))
    if kind == "move" and not (roles.sources or roles.targets) and segment.wholes:
        kind = segment.tokens[segment.wholes[0]].value
        kind = kind if kind in {"import", "export"} else "move"
        roles.worldwide = roles.worldwide or _whole_is_worldwide(segment)
    _take_partner_of_whole(segment, roles)
    only_share = (
        head.form == "verb"
        and segment.head < min(segment.wholes, default=-1)
        and any(
            one.number is not None and one.number.unit not in {"%", "x"}
            for one in segment.tokens[segment.head : min(segment.wholes, default=0)]
        )
    )  # "bought $4 million worth of gas, half of the total purchases": only the share is of all
    if not (roles.sources or roles.targets or roles.partners or only_share) and _whole_is_worldwide(segment):
        roles.worldwide = True
    if named.text is not None and named.text.casefold() == "goods and services" and not roles.partners:
        roles.worldwide = True
    if kind in {"total", "balance"}:
        return settle_pair(segment, kind, roles, known, earlier, named)
    if kind == "import":
        return _settle_import(Told(segment, head, roles, known, earlier, named))
    if kind == "pass" or (kind == "move" and not (roles.owner or roles.sources or roles.targets or roles.by)):
        return _settle_passive(roles, known, earlier, named, origin_of_goods(segment.tokens, 0, segment.head))
    trade = _settle_export(Told(segment, head, roles, known, earlier, named))
    said = known.flow
    if (
        kind == "move"
        and trade
        and said
        and said.kind == "import"
        and trade.importer is not None
        and trade.importer == said.importer
        and (trade.exporter == said.exporter or roles.sources)
    ):
        return replace(trade, kind="import", owner=said.owner)
    return trade


def _take_partner_of_whole(segment: Segment, roles: Roles) -> None:
    """Take "36 percent of Iran's total exports to Turkey" as a part of what goes to Turkey."""
    if not segment.wholes or roles.sources or roles.targets or roles.partners or not segment.head:
        return
    at = segment.wholes[-1]
    if at + 2 >= len(segment.tokens) or segment.tokens[at].form != "noun" or at < segment.head:
        return
    link, party = segment.tokens[at + 1], segment.tokens[at + 2]
    if party.kind == "party" and not party.owns:
        parts = {"to": roles.targets, "from": roles.sources, "with": roles.partners}
        if link.low in parts:
            parts[link.low].append(party.code)


def _names_a_stranger(segment: Segment) -> bool:
    """Tell whether the clause names a place that no table knows, after "to" or as the maker of the goods."""
    tokens = segment.tokens
    for index, (link, name) in enumerate(pairwise(tokens)):
        if link.low in {"to", "with", "from"} and behind.counts_countries(tokens, index):
            return True
        if name.kind != "word" or not name.text[:1].isupper():
            continue
        goods = index + 2 < len(tokens) and tokens[index + 2].kind == "goods"
        if link.low == "to" or (link.low == "of" and goods):
            return True
    return False


def _whole_is_worldwide(segment: Segment) -> bool:
    """Tell whether a share is of all trade ("40 percent of its total exports"), whoever the partner."""
    return any(
        not {"total", "overall", "all"}.isdisjoint(token.low.split())
        or (token.kind == "flow" and token.low.startswith("foreign"))
        for whole in segment.wholes
        for token in segment.tokens[max(0, whole - 3) : whole + 1]
    )


def _is_adjective(segment: Segment) -> bool:
    """Tell whether the verb only describes goods, as in "of imported soybeans"."""
    at = segment.head or 0
    before, after = (
        segment.tokens[at - 1] if at else None,
        segment.tokens[at + 1] if at + 1 < len(segment.tokens) else None,
    )
    return (
        before is not None
        and after is not None
        and before.low in {"of", "the", "all", "total"}
        and after.kind in {"goods", "generic"}
    )


def _settle_import(told: Told) -> Trade | None:
    roles, known = told.roles, told.known
    filled: list[tuple[str, str]] = []
    is_verb = told.is_verb and not _is_adjective(told.segment)
    origin = roles.origin or (origin_of_goods(told.segment.tokens, (told.segment.head or 0) + 1) if is_verb else None)
    sold_by = _whose_buyers(told)
    if sold_by is not None:
        return Trade("import", sold_by, None, goods=told.named, unresolved=("importer",))
    target = one(roles.targets)
    if not is_verb and not roles.sources and roles.owner is not None and target not in {None, roles.owner}:
        # "Fijian sugar imports into Malta" go there; whose "Fiji's imports to Malta" are, nobody can tell.
        either = any(one.owns and one.code == roles.owner for one in told.segment.tokens[: told.segment.head])
        open_slots = ("exporter", "importer") if either else ()
        return Trade("import", roles.owner, target, owner=target, goods=told.named, unresolved=open_slots)
    exporter = one(roles.sources) or origin
    importer = _importer_named(roles, exporter, is_verb=is_verb)
    if is_verb and roles.unnamed and importer is None:
        return Trade("import", exporter, None, goods=told.named, unresolved=("importer",))
    if importer is None:
        importer = counterpart(exporter, known, "importer") if exporter else other_side.spoken_of(told)
        filled.append(("importer", "pair" if exporter else "paragraph"))
    if exporter == importer and origin is None:
        exporter = None
    flow = known.flow
    if is_verb and told.several:
        exporter = exporter or (flow.exporter if flow is not None else None)
        return Trade("import", exporter, None, goods=told.named, unresolved=("importer",))
    if is_verb and roles.subject == importer and several_act(told.segment):
        exporter = exporter or (flow.exporter if flow is not None and not roles.stranger else None)
        return Trade("import", exporter, None, goods=told.named, filled=tuple(filled), unresolved=("importer",))
    several = len(set(roles.sources)) > 1
    if exporter is None and not several:
        exporter, source = other_side.seller_to(importer, told, is_verb=is_verb)
        filled.extend([("exporter", source)] if source else [])
    several = several and exporter is None
    return Trade(
        "import", exporter, importer, owner=importer, goods=told.named, filled=tuple(filled),
        unresolved=("exporter",) if several else (),
    )  # fmt: skip


def _whose_buyers(told: Told) -> str | None:
    """Find whose goods are bought in "imports by Togo's four biggest buyers averaged ..."."""
    tokens, at = told.segment.tokens, (told.segment.head or 0) + 1
    if told.is_verb or at + 2 >= len(tokens) or tokens[at].low != "by":
        return None
    owner, behind_it = tokens[at + 1], tokens[at + 2 : at + 6]
    named = owner.kind == "party" and owner.owns and any(one.low in group("buyers") for one in behind_it)
    return owner.code if named else None


def _importer_named(roles: Roles, exporter: str | None, *, is_verb: bool) -> str | None:
    """Find who imports by the clause's own words."""
    importer = (roles.subject if is_verb else roles.owner) or one(roles.by) or (roles.owner if is_verb else None)
    importer = importer or one([code for code in roles.targets if code != exporter])
    if not is_verb and importer is None and roles.subject not in {None, exporter} and not roles.of:
        importer = roles.subject
    if not is_verb and importer is None and roles.of and one(roles.of) and exporter is None:
        importer = one(roles.of)
    return importer


def _others_act(told: Told) -> bool:
    """Tell whether countries that are not named do what the clause tells ("Member States reported the delivery")."""
    segment = told.segment
    return told.roles.unnamed or any(token.kind == "others" for token in segment.tokens[: segment.head])


def _served_share(segment: Segment) -> str | None:
    """Find whose goods a share is supplied of: "supplied 42 percent of China's imported wine"."""
    tokens, at = segment.tokens, (segment.head or 0) + 1
    if at + 2 < len(tokens) and tokens[at].number is not None and tokens[at + 1].low == "of":
        after = tokens[at + 2]
        return after.code if after.kind == "party" and after.owns else None
    return None


def _fetched_from(told: Told, exporter: str) -> bool:
    """Tell whether who ships fetches the goods: "Japan shipped 8 tons of LNG from Oman last month"."""
    source = one(told.roles.sources)
    return told.head.low in group("fetches") and source not in {None, exporter}


def _settle_export(told: Told) -> Trade | None:
    roles, known, is_verb, named = told.roles, told.known, told.is_verb, told.named
    filled: list[tuple[str, str]] = []
    importer = one(roles.targets) or (_served_share(told.segment) if is_verb else None)
    exporter = (roles.subject if is_verb else roles.owner) or one(roles.sources) or one(roles.by) or roles.origin
    exporter = exporter or (roles.owner if is_verb else None)
    several = is_verb and several_act(told.segment)
    if several and importer is None:
        importer, source = other_side.buyer_from(exporter, told)
        filled.append(("importer", source))
    if is_verb and exporter is not None and importer is None and _fetched_from(told, exporter):
        return Trade("import", roles.sources[0], exporter, owner=exporter, goods=named)
    if several or (importer is not None and exporter is None and _others_act(told)):
        return Trade("export", None, importer, goods=named, filled=tuple(filled), unresolved=("exporter",))
    if is_verb and told.several:
        importer = importer or (known.flow.importer if known.flow is not None else None)
        filled.append(("importer", "paragraph"))
    if exporter is None and not roles.sources and roles.subject not in {None, importer}:
        exporter = roles.subject
    if (is_verb and told.several) or (exporter is None and len(set(roles.sources)) > 1):
        return Trade("export", None, importer, goods=named, filled=tuple(filled), unresolved=("exporter",))
    if exporter is None:
        exporter = other_side.seller_of(importer, told)
        filled.append(("exporter", "pair" if importer else "paragraph"))
    if importer is None and len(set(roles.targets)) > 1:
        return Trade(
            "export", exporter, None, owner=exporter, goods=named, filled=tuple(filled), unresolved=("importer",)
        )
    if importer is None:
        importer, source = other_side.buyer_from(exporter, told)
        filled.extend([("importer", source)] if source else [])
    return Trade("export", exporter, importer, owner=exporter, goods=named, filled=tuple(filled))


def _settle_passive(roles: Roles, known: Known, earlier: Trade | None, named: Goods, maker: str | None) -> Trade | None:
    exporter, importer = one(roles.sources) or roles.origin or one(roles.by), one(roles.targets) or roles.owner
    if exporter is None and roles.targets and roles.owner not in {None, importer}:
        exporter = roles.owner
    exporter = exporter or maker  # "Chinese goods worth $4 million reached the island"
    model = earlier or known.flow or known.default
    kind = (
        model.kind if model is not None and model.kind in {"import", "export"} else ("import" if exporter else "export")
    )
    if exporter is None and importer is None:
        if model is None:
            return None
        if roles.worldwide or (known.world_said and earlier is None):
            model = replace(model, exporter=WORLD) if model.kind == "import" else replace(model, importer=WORLD)
        return replace(model, goods=named, filled=(("exporter", "paragraph"), ("importer", "paragraph")))
    filled: list[tuple[str, str]] = []
    if importer is None:
        importer = counterpart(exporter, known, "importer")
        filled.append(("importer", "pair"))
    if exporter is None and not roles.sources:
        exporter = counterpart(importer, known, "exporter")
        filled.append(("exporter", "pair"))
    owner = importer if kind == "import" else exporter
    return Trade(kind, exporter, importer, owner=owner, goods=named, filled=tuple(filled))
