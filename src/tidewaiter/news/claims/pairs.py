"""Which two countries a total or a balance is between, and whose balance it is.

Owns the filling of pairs. One-way flows are settled in `flows`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims.behind import counts_countries
from tidewaiter.news.claims.draft import Known, Segment, Trade
from tidewaiter.news.claims.partners import counterpart, fill_partner
from tidewaiter.news.claims.parts import Roles, one
from tidewaiter.news.claims.together import named_together
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from tidewaiter.news.model import Goods


def settle_pair(  # noqa: C901, PLR0912, PLR0915 - a list of cases, the first that fits
    segment: Segment, kind: str, roles: Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    """Fill the pair of a total or balance from its clause, its sentence and the story."""
    tokens, at = segment.tokens, segment.head or 0
    head = tokens[at]
    direction = None
    if kind == "balance":
        negative = any(word in head.low for word in group("deficits"))
        direction = "down" if negative else "up"
    filled: list[tuple[str, str]] = []
    pair = [*roles.pair]
    if not pair and len(roles.of) == 2:
        pair = list(roles.of)
    whose = roles.owner or known.owner
    counted = any(one.low == "with" and counts_countries(tokens, at) for at, one in enumerate(tokens))
    several = len(set(roles.partners)) > 1 or (counted and not roles.partners)
    if not pair and whose and whose not in roles.partners and several:
        alone = Trade("balance" if kind == "balance" else "total", pair=(whose,), owner=whose, goods=named)
        return replace(alone, direction="down" if direction == "down" else None, unresolved=("parties",))
    equal = bool(pair)
    owner = (
        roles.owner
        or (one(roles.of) if not pair else None)
        or (roles.subject if head.form == "verb" or kind == "balance" else None)
    )
    partner = one([code for code in roles.partners if code != owner])
    if not pair and head.form == "verb" and len(roles.partners) == 0 and roles.subject:
        owner = None
        pair = named_together(tokens, at) or list(known.pair)
    if not pair and partner is None and kind == "total" and head.form == "noun":
        pair = named_together(tokens, at)
        equal = bool(pair)
    of_partners = kind == "total" and any(token.low in group("partners") for token in tokens[:at])
    if (
        not pair
        and partner is None
        and (roles.both_ways or of_partners)
        and roles.owner_of_rank not in {None, roles.subject}
    ):
        # "Mexico remained America's top partner with $840 billion of two-way trade".
        pair = [code for code in (roles.owner_of_rank, roles.subject) if code]
        pair = pair if len(pair) == 2 else []
    if not pair and owner and partner:
        pair = [owner, partner]
    beside = earlier if earlier is not None and earlier.owner and earlier.partner not in {None, WORLD} else None
    bare = owner is None and partner is None and (roles.both_ways or not roles.worldwide)
    ranked = (
        beside is not None and beside.kind == "total" == kind and WORLD not in beside.pair and len(beside.pair) == 2
    )
    ranked = ranked and beside is not None and set(beside.pair) != set(known.pair)
    if not pair and beside is not None and bare and (roles.both_ways or kind == "balance" or ranked):
        owner = beside.owner
        pair = [code for code in (beside.owner, beside.partner) if code]
        filled.append(("parties", "sentence"))
    total = known.trade if known.trade is not None and known.trade.kind == "total" else None
    spoken = known.flow or total
    if (
        not pair
        and roles.worldwide
        and kind == "total"
        and not roles.both_ways
        and owner is None
        and partner is None
        and spoken is not None
        and not known.world_said
    ):
        # "Total trade dropped" after both ways between two: the two's total.
        pair = [code for code in (spoken.owner, spoken.partner) if code and code != WORLD]
        pair = pair if len(pair) == 2 else []
        filled.extend([("parties", "paragraph")] if pair else [])
    if not pair and partner:
        owner = counterpart(partner, known, None)
        pair = [owner, partner] if owner else [partner]
        filled.append(("parties", "pair"))
    if not pair and (roles.both_ways or (owner is None and not roles.worldwide and not known.world_said)):
        pair = list(known.pair)
        filled.append(("parties", "pair"))
    if roles.favours:
        owner, direction = roles.favours, "up"
        pair = list(known.pair) if roles.favours in known.pair else pair
    if not pair:
        owner = owner or (known.owner or known.subject)
        partner, source = (WORLD, "") if owner and kind == "total" else fill_partner(owner, known, earlier, roles)
        pair = [code for code in (owner, partner) if code]
        filled.append(("parties", source or "clause"))
    if kind == "balance":
        owner = owner if owner in pair else (known.owner if known.owner in pair else pair[0] if pair else None)
        pair = [code for code in (owner, *(other for other in pair if other != owner)) if code]
    else:
        owner = owner if owner in pair else (known.owner if known.owner in pair else pair[0] if pair else None)
    if not pair:
        return None
    both = equal and not roles.owner
    bare = roles.owner is None and not roles.partners and " " not in head.low
    if kind == "balance" and named.text is None and earlier is not None and (bare or earlier.kind == "balance"):
        named = earlier.goods  # "exports of tea were $5 million, with the deficit amounting to $2 million"
    return Trade(kind, None, None, tuple(pair), owner, named, direction, tuple(filled), of_both=both)  # type: ignore[arg-type]
