"""Who stands on the other side where a clause names one side only: whose seller, whose buyer, by what was told before.

Owns choosing among those the story has spoken of, by the way of the flow, its goods and its verb. The story's
pair and its world are `partners`'. What stays open stays None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims.partners import counterpart, fill_partner, steady_side
from tidewaiter.news.claims.together import several_act
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from tidewaiter.news.claims.draft import Known, Segment, Trade
    from tidewaiter.news.claims.parts import Roles
    from tidewaiter.news.model import Goods
    from tidewaiter.news.words.tokens import Token


@dataclass(frozen=True, slots=True)
class Told:
    """A clause about one flow: its words, the word that heads it, who plays which part, and what was told before."""

    segment: Segment
    head: Token
    roles: Roles
    known: Known
    earlier: Trade | None
    """The trade of the clause before in the same sentence."""
    named: Goods

    @property
    def is_verb(self) -> bool:
        """Whether somebody does what the head says."""
        return self.head.form == "verb"

    @property
    def several(self) -> bool:
        """Whether several that are not named again do it ("the four countries bought")."""
        return any(token.form == "several" for token in self.segment.tokens[: self.segment.head])


def spoken_of(told: Told) -> str | None:
    """Choose whose imports or exports a bare word means: the sentence's owner, else the story's."""
    earlier = told.earlier
    if earlier is not None and earlier.kind in {"import", "export"} and earlier.owner is not None:
        return earlier.owner
    return told.known.owner or told.known.subject


def seller_to(importer: str | None, told: Told, *, is_verb: bool) -> tuple[str | None, str]:
    """Choose who sells to an importer that is named alone, and say where it was taken from."""
    known, roles, earlier = told.known, told.roles, told.earlier
    beside = earlier if earlier is not None and earlier.kind == "import" and earlier.owner != importer else None
    if is_verb and beside is not None and beside.exporter not in {None, importer} and not roles.stranger:
        return beside.exporter, "sentence"
    sold = known.flow or known.trade
    takes = told.head.low in group("takings") and importer in {roles.subject, roles.owner}
    goes_on = sold is not None and sold.kind == "export" and sold.owner not in {None, importer}
    if known.bilateral and importer in known.pair and importer == known.home:
        goes_on = goes_on and sold is not None and sold.owner in known.pair
    if sold is not None and goes_on and (is_verb or takes) and not (roles.worldwide or roles.stranger):
        return sold.owner, "paragraph"
    seller = _same_seller(importer, told) if is_verb or takes else None
    if seller is not None:
        return seller, "paragraph"
    seller, source = fill_partner(importer, known, earlier, roles, side="exporter")
    if seller is None and (is_verb or takes) and not roles.stranger:
        seller, source = steady_side(known, "exporter"), "story"
    return seller if seller != importer else None, source


def seller_of(importer: str | None, told: Told) -> str | None:
    """Choose who sells what is named with its buyer alone, or with nobody."""
    if importer is None:
        return spoken_of(told)
    moved = (told.head.value == "move" or told.is_verb) and not several_act(told.segment)
    flow = told.known.flow
    same = moved and told.named.text is not None and flow is not None
    if same and flow is not None and flow.kind == "export" and flow.goods.hs == told.named.hs:
        seller = flow.exporter  # supplies of the same go on from the same seller
    else:
        seller = _same_seller(importer, told) if same else None
    seller = seller if seller != importer else None
    seller = seller or counterpart(importer, told.known, "exporter")
    return seller if seller != importer else None


def _same_seller(importer: str | None, told: Told) -> str | None:
    """Find of whom another buyer buys the same: "Malta imported 2 tons from Togo. Cyprus bought 1 ton."."""
    flow, roles, home = told.known.flow, told.roles, told.known.home
    if flow is None or flow.kind != "import" or flow.owner in {None, importer} or roles.worldwide or roles.stranger:
        return None
    if flow.goods.text is None and flow.owner == home and not is_group(flow.owner or ""):
        return home  # a story of a country's trade in all goods: it is there that its partners buy
    alike = told.named.text is None or told.named.hs == flow.goods.hs
    return flow.exporter if alike and flow.exporter not in {WORLD, importer} else None


def buyer_from(exporter: str | None, told: Told) -> tuple[str | None, str]:
    """Choose who buys from an exporter that is named alone, and say where it was taken from."""
    known, roles, earlier, flow = told.known, told.roles, told.earlier, told.known.flow
    served = _served_in_part(exporter, told)
    if served is not None:
        return served
    resold = flow is not None and flow.kind == "export" and exporter not in {flow.exporter, flow.importer}
    if flow is not None and resold and flow.importer is not None and told.head.low in group("supplies"):
        return flow.importer, "paragraph"
    spoken = _buyer_spoken_of(exporter, told) if told.is_verb else None
    if spoken is not None:
        return spoken
    moved = told.head.kind == "flow" and told.head.value == "move"
    if moved and known.bilateral and exporter in known.pair:
        roles.worldwide = False  # "total supplies from Russia", in a story of two
    importer, source = fill_partner(exporter, known, earlier, roles, moved=moved)
    if importer is None and (moved or told.is_verb) and _sells_to_the_home(exporter, told):
        return known.home, "story"
    return importer, source


def _buyer_spoken_of(exporter: str | None, told: Told) -> tuple[str | None, str] | None:
    """Choose the buyer whom the sentence, or the imports told before it, make plain; None where nothing does."""
    known, roles, earlier, flow = told.known, told.roles, told.earlier, told.known.flow
    if earlier is not None and _is_part_of(earlier, exporter):
        return earlier.owner, "sentence"
    beside = earlier if earlier is not None and earlier.kind == "export" and earlier.owner != exporter else None
    if beside is not None and beside.importer not in {None, exporter} and not roles.stranger:
        return beside.importer, "sentence"
    bought = flow is not None and flow.kind == "import" and flow.owner != exporter and exporter not in known.world
    if flow is None or not bought or roles.stranger or roles.worldwide:
        return None
    several = sum(seller == exporter for seller, _ in known.buyers) > 1
    return (None, "") if several else (flow.owner, "paragraph")


def _served_in_part(exporter: str | None, told: Told) -> tuple[str | None, str] | None:
    """Choose whose imports a country supplied a part of ("supplied 36 percent of all imports")."""
    known, earlier, segment = told.known, told.earlier, told.segment
    if not told.is_verb:
        return None
    if segment.wholes and segment.tokens[segment.wholes[0]].value == "import":
        importer = earlier.owner if earlier is not None and earlier.owner != exporter else known.owner
        if importer not in {None, exporter}:
            return importer, "sentence"
    after = segment.tokens[(segment.head or 0) + 1 : (segment.head or 0) + 2]
    part = bool(after) and after[0].number is not None and after[0].number.unit == "%"
    return (known.buyer, "paragraph") if part and known.buyer not in {None, exporter} else None


def _sells_to_the_home(exporter: str | None, told: Told) -> bool:
    """Tell whether the story is of what its country buys, so that who supplies supplies it."""
    known, roles = told.known, told.roles
    return known.home is not None and known.home == known.buyer != exporter and not (roles.stranger or roles.targets)


def _is_part_of(earlier: Trade, exporter: str | None) -> bool:
    """Tell whether what a country sold is part of imports just told ("imports of $10bn, of which China sold ...")."""
    whole = earlier.exporter in {None, WORLD, exporter}
    return earlier.kind == "import" and earlier.owner not in {None, exporter} and whole
