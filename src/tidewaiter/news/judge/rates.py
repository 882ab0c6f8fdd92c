"""Figures that are so much a month or on average, and no sum over their period.

Owns telling them by the words beside them (`adding.csv`), and setting what is told a month against the sum it was
made of. Such a figure is no level of its period.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.intervals import Interval

if TYPE_CHECKING:
    from tidewaiter.news.model import Claim

_BEFORE: Final = 60
_AFTER: Final = 22
"""Characters around a figure in which words make it a rate: "quarterly exports to ... were", "$3 million a month"."""
_EACH: Final = frozenset({"each", "monthly"})
"""Words that make a rate only right behind the figure: "after a month, exports were $3 million" is none."""
_MARK: Final = re.compile(r"[,;:.()]")
_DAILY: Final = frozenset({"bbl/d"})
"""Units that are rates by themselves: their average over a period is the level of that period."""


@lru_cache(maxsize=1)
def cues() -> dict[str, re.Pattern[str]]:
    """Read `adding.csv`: by strength, the words that announce a sum or make a figure a rate ("a month")."""
    text = files("tidewaiter.news.judge").joinpath("adding.csv").read_text(encoding="utf-8")
    listed: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        listed.setdefault(row["strength"], []).append(re.escape(row["word"]))
    no_rate = "|".join(listed.pop("none"))
    return {
        name: re.compile(rf"\b(?:{'|'.join(words)})\b(?!\s+(?:{no_rate})\b)", re.IGNORECASE)
        for name, words in listed.items()
    }


def is_rate(claim: Claim) -> bool:
    """Tell whether a figure is said to be so much a month or on average: then it is no sum over its period."""
    return any(_is_told_as(claim, strength) for strength in ("rate", *_EACH))


def a_month(claim: Claim) -> Interval | None:
    """Return by what the sum over the claim's period is multiplied to give what it says "a month"; else None."""
    if claim.period is None or not _is_told_as(claim, "monthly"):
        return None
    return Interval.point(Fraction(1, claim.period.length))


def _is_told_as(claim: Claim, strength: str) -> bool:
    if claim.number is None or claim.period is None or claim.period.length == 1 or claim.number.unit in _DAILY:
        return False
    start, end = (place - claim.sentence_span[0] for place in claim.number.span)
    before, after = claim.sentence[max(0, start - _BEFORE) : start], claim.sentence[end : end + _AFTER]
    near = (_MARK.split(after)[0],) if strength in _EACH else (before, after)
    return any(cues()[strength].search(words) is not None for words in near)
