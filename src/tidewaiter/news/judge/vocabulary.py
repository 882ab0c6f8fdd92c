"""Say units, areas and directions in the contract's own words, which are those that people use.

Inside, a multiple is `x`, oil is `bbl` and every exporter has a code; outside, a reader of the JSON finds
times, barrel, and no code for what is no country. Owns these words and no judgement.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidewaiter.news.model import Claim, Direction

_NO_COUNTRY: Final = frozenset({"world", "group"})
_DIRECTED: Final = frozenset({"change", "trend", "record"})


@lru_cache(maxsize=1)
def _unit_words() -> Mapping[str, str]:
    text = files("tidewaiter.news.judge").joinpath("unit_words.csv").read_text(encoding="utf-8")
    return {row["unit"]: row["word"] for row in csv.DictReader(text.splitlines())}


def unit_word(unit: str | None) -> str | None:
    """Return the word for a unit: `barrel` for `bbl`; its own symbol where people write that; None for none."""
    return _unit_words().get(unit, unit) if unit else None


def area_words(code: str | None) -> tuple[str | None, str | None]:
    """Return an area's code and label: the world and groups of countries have a label and no code."""
    if code is None:
        return None, None
    label = areas.name(code)
    return (None, label) if areas.kind(code) in _NO_COUNTRY else (code, label)


def direction_of(claim: Claim) -> Direction | None:
    """Return the direction of a change, read off its number where no word says it; None for other claims."""
    number = claim.number
    if claim.direction is not None or claim.type not in _DIRECTED or number is None:
        return claim.direction
    if number.unit == "x":
        return "down" if 0 < number.value < 1 else "flat" if number.value == 1 else "up"
    return "down" if number.value < 0 else "up" if number.value else "flat"
