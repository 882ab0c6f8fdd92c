"""The day a text says it was written on: a dateline, with or without its city, or a date line on its own.

Owns the written forms of a full date at the head of a story. A dateline without a year takes the year of a full
date printed near it, never one from a clock.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import alternation, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD: Final = 3000
"""Characters from the start in which a dateline is looked for."""
NEAREST: Final = 45
"""Days that a full date may lie from a dateline without a year and still lend it its year."""


def _written(year_may_miss: str) -> str:
    month = alternation(row["phrase"] for row in rows("months"))
    year = r"(?:19|20)\d\d"
    return (
        rf"(?:(?P<month>{month})\.?\s+(?P<day>\d{{1,2}}){grammar.DAY_ENDING}(?:,?\s+(?P<year>{year})\b){year_may_miss}"
        rf"|(?P<day2>\d{{1,2}})\.?\s+(?P<month2>{month})\.?(?:,?\s+(?P<year2>{year})\b){year_may_miss})"
    )


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    written, full = _written("?"), _written("")
    place = r"(?:[A-Z][A-Z .'’/-]{2,40}(?:,\s*[A-Z][\w. ]{1,20})?|[A-Z][a-z]+(?:[ -][A-Z][a-z.]+){0,2})"
    ends = r"\s*(?:\([^)\n]{1,40}\)\s*(?:--?|–|—|\.|:)?|--|—|–|\.?\s*/|-|\.\s|:|\s*$)"
    return (
        re.compile(rf"^\s*{place}(?:\s*\([^)\n]{{1,40}}\))?,?\s+{written}{ends}", re.MULTILINE),
        re.compile(rf"^\s*{written}{ends}", re.MULTILINE),
        re.compile(rf"(?<![\w-])(?:{full}|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w-]))"),
    )


@cache
def _months() -> dict[str, int]:
    return {row["phrase"].casefold(): int(row["month"]) for row in rows("months")}


def find(body: str) -> date | None:
    """Read the day of a story's dateline; None where it has none, or one whose year is nowhere near."""
    head = body[:HEAD]
    with_place, alone, _ = _forms()
    for pattern in (with_place, alone):
        for match in pattern.finditer(head):
            if pattern is alone and not (match["year"] or match["year2"]):
                continue
            found = _told(match) if match["year"] or match["year2"] else _year_nearby(body, match)
            if found is not None:
                return found
    return None


def _told(match: re.Match[str], year: int | None = None) -> date | None:
    """Read the day that a match wrote, in the year it wrote or the one handed in."""
    month = _months()[(match["month"] or match["month2"]).casefold()]
    try:
        return date(year or int(match["year"] or match["year2"]), month, int(match["day"] or match["day2"]))
    except ValueError:
        return None


def _year_nearby(body: str, match: re.Match[str]) -> date | None:
    """Lend a dateline without a year the year of the full date that lies nearest to it in days."""
    near = sorted(
        (abs((candidate - full).days), candidate)
        for full in _full_dates(body[:HEAD])
        for year in (full.year - 1, full.year, full.year + 1)
        if (candidate := _told(match, year)) is not None
    )
    return near[0][1] if near and near[0][0] <= NEAREST else None


def _full_dates(text: str) -> Iterator[date]:
    for match in _forms()[2].finditer(text):
        if match["iso"]:
            try:
                yield date.fromisoformat(match["iso"])
            except ValueError:
                continue
            continue
        found = _told(match)
        if found is not None:
            yield found
