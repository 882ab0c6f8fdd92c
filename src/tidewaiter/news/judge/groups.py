"""Ask about a group of countries that declares as one: the European Union's own rows, where a publisher has them.

Owns the way from a group's name in a claim to the area that declares for it. Members are never added up, and what
is found accuses nobody: who belonged to the group, story and publisher may count differently.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tidewaiter.codes import areas

if TYPE_CHECKING:
    from tidewaiter.news.model import Claim


@cache
def declaring(group: str) -> str | None:
    """Return the area that declares for the group of that name; None for one that declares nothing."""
    named = (area for area in areas.every_area() if area.kind == "group" and area.reports and area.name == group)
    return next((area.code for area in named), None)


def as_areas(claim: Claim) -> Claim:
    """Put the declaring area where a claim names its group; a balance keeps its group, for nobody said whose it is."""
    found = {slot: declaring(group) for slot, group in claim.groups.items()}
    slots = {slot: code for slot, code in found.items() if code is not None and slot in claim.unresolved}
    if not slots or claim.type == "balance" or claim.flow == "balance":
        return claim
    sides = {slot: code for slot, code in slots.items() if slot != "parties"}
    parties = (*claim.parties, slots["parties"]) if "parties" in slots else claim.parties
    left = tuple(slot for slot in claim.unresolved if slot not in slots)
    asked = claim.perspective or next(iter(slots.values()))
    return replace(claim, parties=parties, perspective=asked, unresolved=left, **sides)  # type: ignore[arg-type]
