"""Who the other side of a trade is where a clause names only one: the sentence's, the pair's, the last buyer or seller.

Owns filling one missing side. What stays open stays None, and each filling says where it came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tidewaiter.codes.areas import WORLD

if TYPE_CHECKING:
    from tidewaiter.news.claims.draft import Known, Trade
    from tidewaiter.news.claims.parts import Roles


def fill_partner(  # noqa: C901, PLR0911 - a list of cases, the first that fits
    owner: str | None,
    known: Known,
    earlier: Trade | None,
    roles: Roles,
    *,
    side: Literal["exporter", "importer"] = "importer",
    moved: bool = False,
) -> tuple[str | None, str]:
    """Choose the partner of a flow that names none: the sentence's, the world's, or the story's other party.

    `moved` where the flow word names no side ("Russian shipments"), so that it goes on about the flow before.
    """
    if roles.worldwide:
        return WORLD, ""
    if roles.stranger:
        return None, ""
    if earlier is not None and earlier.owner == owner and earlier.partner and not roles.worldwide:
        return earlier.partner, "sentence"
    if (
        earlier is not None
        and earlier.kind == "export"
        and earlier.owner != owner
        and earlier.importer in {None, owner, WORLD}
    ):
        return earlier.owner, "sentence"
    spoken = known.trade
    if (
        spoken is not None
        and spoken.kind in {"total", "balance"}
        and owner in spoken.pair
        and len(spoken.pair) == 2
        and WORLD not in spoken.pair
        and not known.bilateral
    ):
        return next(code for code in spoken.pair if code != owner), "paragraph"
    if known.world and (owner is None or owner in known.world):
        return WORLD, "story"
    if known.flow is not None and known.flow.owner == owner and known.flow.partner:
        return (None, "") if known.several else (known.flow.partner, "paragraph")
    if moved and known.flow is not None and known.flow.exporter == owner and known.flow.importer:
        return known.flow.importer, "paragraph"
    if moved and known.flow is not None and known.flow.importer not in {None, owner} and len(known.cast) > 2:
        return known.flow.importer, "paragraph"
    other = [code for code in known.pair if code != owner]
    usual = known.bilateral or (known.default is not None and known.default.owner == owner)
    if len(known.pair) == 2 and len(other) == 1 and other[0] in known.seen and usual:
        return other[0], "pair"
    model = known.flow or known.default
    if model is not None:
        few = known.bilateral or len(known.cast) <= 3 or model.owner == owner
        other = [
            code
            for code in ((model.exporter, model.importer) if side == "exporter" else (model.importer, model.exporter))
            if few and code is not None and code != owner and code in known.seen
        ]
        if len(other) == 1 or (other and owner is not None and model.owner != owner):
            return other[0], "story"
    return (WORLD, "story") if len(known.cast) == 1 else (None, "")


def counterpart(code: str | None, known: Known, side: Literal["exporter", "importer"] | None) -> str | None:
    """Choose who stands on `side` where only the other side, `code`, is named ("imports from Saudi Arabia").

    In this order: whose customs the sentence quotes, nobody where nobody was named for the same before, the other
    of the story's two, who was on that side all along, who was last, whose story it is, who gave its figures.
    """
    flow = known.flow
    quoted = known.authority if side is not None else None
    told = flow is not None and flow.unresolved == (side,) and code in {flow.exporter, flow.importer}
    if told and quoted in {None, code} and known.home in {None, code}:
        return None
    steady = steady_side(known, side) if side is not None else None
    last = {"importer": known.buyer, "exporter": known.seller, None: None}[side]
    candidates = (quoted, _other_of_the_pair(code, known), steady, last, known.owner, known.source)
    return next((one for one in candidates if one not in {None, code}), None)


def _other_of_the_pair(code: str | None, known: Known) -> str | None:
    """Choose the other of the two the story is about, or who gives its figures where that one was not named yet."""
    if len(known.pair) != 2 or code not in known.pair:
        return None
    other = next(other for other in known.pair if other != code)
    if other not in known.seen and known.seen and known.source not in {None, *known.pair}:
        return known.source
    return other if other in known.owners or not known.owners or len(known.cast) == 2 else None


def steady_side(known: Known, side: Literal["exporter", "importer"]) -> str | None:
    """Find who sold in all that was told so far, to several ("who still buys of whom"), or who bought of several."""
    sellers, buyers = {seller for seller, _ in known.buyers}, {buyer for _, buyer in known.buyers}
    same, others = (sellers, buyers) if side == "exporter" else (buyers, sellers)
    return next(iter(same)) if len(same) == 1 and len(others - same) > 1 else None


def varying_side(base: Trade, known: Known) -> Literal["exporter", "importer"] | None:
    """Find on which side one country after another was told, while the other stayed who it is."""
    if base.kind not in {"import", "export"}:
        return None
    if base.importer is not None and steady_side(known, "importer") == base.importer:
        return "exporter"
    return "importer" if base.exporter is not None and steady_side(known, "exporter") == base.exporter else None
