"""Find the part and the whole of a share where they stand right beside it in its sentence.

"$5.8 million, or 19 percent of the $30.5 million": owns which neighbours count (`beside.csv` holds the words
that may stand between), and takes nothing from further away than a few words.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.news.model import Claim, Span

Place: TypeAlias = Literal[
    "part_before", "part_after", "whole_after", "whole_before", "before_whole", "whole_meant", "of_it", "same_amount"
]


@lru_cache(maxsize=1)
def _patterns() -> Mapping[Place, re.Pattern[str]]:
    """Read `beside.csv`: for each place the words that may stand between the two figures."""
    text = files("tidewaiter.news.judge").joinpath("beside.csv").read_text(encoding="utf-8")
    found: dict[Place, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["place"], []).append(row["between"])  # type: ignore[arg-type]  # the file's own words
    return {place: re.compile("|".join(words), re.IGNORECASE) for place, words in found.items()}


def whole_beside(share: Claim, claims: Iterable[Claim]) -> Claim | None:
    """Return the level that follows as "of the $30.5 million" or goes before as "of the $30.5 million, 19 %"."""
    before, after = _neighbours(share, claims)
    part = after if after is not None and _is_between(share, after, "part_after") else None
    if part is not None:
        after = _after(share, claims, part)
    if after is not None and _is_between(part or share, after, "whole_after"):
        return after
    is_led = before is not None and _is_between(before, share, "whole_before") and _is_led_in(before)
    return before if is_led else None


def part_beside(share: Claim, claims: Iterable[Claim]) -> Claim | None:
    """Return the level that goes before as "$5.8 million, or 19 percent", or follows as "19 percent ($5.8 million)"."""
    before, after = _neighbours(share, claims)
    if before is not None and _is_between(before, share, "part_before"):
        return before
    return after if after is not None and _is_between(share, after, "part_after") else None


def whole_meant(share: Claim, part: Claim, claims: Iterable[Claim]) -> Claim | None:
    """Return the whole that words point back to: "$5 million, of which coal $2 million, or 40 %", "40 % of it".

    It is the nearest larger figure before the part in one unit with it; for a bare "of it" the only one.
    """
    assert part.number is not None
    start = min(_span(part), _span(share))[0]
    near = [one for one in _levels(share, claims) if _span(one)[1] <= start and _is_larger(one, part)]
    whole = max(near, key=_span, default=None)
    if whole is None:
        return None
    after = share.sentence[_span(share)[1] - share.sentence_span[0] :]
    is_it = len(near) == 1 and _patterns()["of_it"].fullmatch(after) is not None
    return whole if is_it or _is_between(whole, part, "whole_meant") else None


def _is_larger(one: Claim, other: Claim) -> bool:
    assert one.number is not None
    assert other.number is not None
    return one.number.unit == other.number.unit and one.number.value > other.number.value


def is_same_amount(first: Claim, second: Claim) -> bool:
    """Tell whether `second` restates `first` in another unit: "500 tons (3,700 barrels)"."""
    return first.sentence_span == second.sentence_span and _is_between(first, second, "same_amount")


def _neighbours(share: Claim, claims: Iterable[Claim]) -> tuple[Claim | None, Claim | None]:
    near = _levels(share, claims)
    before = max((one for one in near if _span(one)[1] <= _span(share)[0]), key=_span, default=None)
    after = min((one for one in near if _span(one)[0] >= _span(share)[1]), key=_span, default=None)
    return before, after


def _after(share: Claim, claims: Iterable[Claim], other: Claim) -> Claim | None:
    near = [one for one in _levels(share, claims) if _span(one)[0] >= _span(other)[1]]
    return min(near, key=_span, default=None)


def _levels(share: Claim, claims: Iterable[Claim]) -> list[Claim]:
    if share.number is None:
        return []
    return [
        one
        for one in claims
        if one.type in {"flow_value", "total", "count", "quota"}
        and one.number is not None
        and one.number.unit != share.number.unit
        and one.sentence_span == share.sentence_span
    ]


def _span(claim: Claim) -> Span:
    assert claim.number is not None
    return claim.number.span


def _is_led_in(whole: Claim) -> bool:
    """Tell whether the words before the figure make it a whole: "of the 99 million"."""
    words = whole.sentence[: _span(whole)[0] - whole.sentence_span[0]]
    return _patterns()["before_whole"].search(words) is not None


def _is_between(first: Claim, second: Claim, place: Place) -> bool:
    start = first.sentence_span[0]
    words = first.sentence[_span(first)[1] - start : _span(second)[0] - start]
    return _patterns()[place].fullmatch(words) is not None
