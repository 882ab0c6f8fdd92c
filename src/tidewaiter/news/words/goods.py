"""Which goods a phrase stands for, as HS codes with a certainty.

Owns the phrases in `tables/goods.csv`. Crude (2709) and refined oil (2710) are different goods; a phrase that
may be either says both codes. A phrase of goods that no HS scope fits is kept as unmapped, never dropped.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from tidewaiter.news.model import ALL_GOODS, Goods
from tidewaiter.news.words.tables import alternation, folded, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANKS = ("exact", "family", "unmapped")


@cache
def _phrases() -> dict[str, tuple[tuple[str, ...], Literal["exact", "family", "unmapped"], tuple[str, ...]]]:
    return {
        folded(row["phrase"]): (
            tuple(row["hs"].split()),
            cast('Literal["exact", "family", "unmapped"]', row["certainty"]),
            tuple(row["alternatives"].split()),
        )
        for row in rows("goods")
    }


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternation(row['phrase'] for row in rows('goods'))})(?![\w])", re.IGNORECASE)


def lex(text: str, at: int) -> Goods | None:
    """Read the goods named at `at`, or return None."""
    match = _pattern().match(text, at)
    if match is None:
        return None
    hs, certainty, alternatives = _phrases()[folded(match[0])]
    return Goods(match[0], hs, certainty, alternatives, match.span())


def union(parts: Sequence[Goods], text: str) -> Goods:
    """Join goods that are named together ("cereal and flour") into one scope, as sure as its least sure part."""
    if not parts:
        return ALL_GOODS
    if len(parts) == 1:
        return parts[0]
    first, last = parts[0], parts[-1]
    span = (first.span[0], last.span[1]) if first.span and last.span else None
    codes = sorted({code for part in parts for code in part.hs})
    hs = tuple(code for code in codes if not any(code != other and code.startswith(other) for other in codes))
    alternatives = tuple(sorted({code for part in parts for code in part.alternatives} - set(hs)))
    certainty = max((part.certainty for part in parts), key=_RANKS.index)
    return Goods(text[span[0] : span[1]] if span else first.text, hs, certainty, alternatives, span)
