"""Find the part and the whole of a share where they stand right beside it in its sentence.

"$5.8 million, or 19 percent of the $30.5 million": owns which neighbours count, and takes nothing from
further away than a few words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.news.model import Claim, Span

_WHOLE: Final = re.compile(r"\s+of\s+(?:the|its|all|their)\b[^,;:()]{0,30}", re.IGNORECASE)
_PART: Final = re.compile(r"\s*(?:,\s*(?:or|equivalent\s+to|equal\s+to)|\()\s*", re.IGNORECASE)
_LEVELS: Final = frozenset({"flow_value", "total"})


def whole_beside(share: Claim, claims: Iterable[Claim]) -> Claim | None:
    """Return the level that follows as "of the $30.5 million", or None."""
    near = [one for one in _levels(share, claims) if _span(one)[0] >= _span(share)[1]]
    first = min(near, key=_span, default=None)
    return first if first is not None and _WHOLE.fullmatch(_between(share, first)) else None


def part_beside(share: Claim, claims: Iterable[Claim]) -> Claim | None:
    """Return the level that goes before as "$5.8 million, or 19 percent" or "$5.8 million (19 percent", or None."""
    near = [one for one in _levels(share, claims) if _span(one)[1] <= _span(share)[0]]
    last = max(near, key=_span, default=None)
    return last if last is not None and _PART.fullmatch(_between(last, share)) else None


def _levels(share: Claim, claims: Iterable[Claim]) -> list[Claim]:
    if share.number is None:
        return []
    return [
        one
        for one in claims
        if one.type in _LEVELS and one.number is not None and one.sentence_span == share.sentence_span
    ]


def _span(claim: Claim) -> Span:
    assert claim.number is not None
    return claim.number.span


def _between(first: Claim, second: Claim) -> str:
    start = first.sentence_span[0]
    return first.sentence[_span(first)[1] - start : _span(second)[0] - start]
