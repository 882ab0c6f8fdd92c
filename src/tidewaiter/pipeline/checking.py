"""Check a story against itself, the lake and the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.pipeline.asking import asker
from tidewaiter.pipeline.law import cap_ledgers, measures_on
from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.lake.lake import Lake
    from tidewaiter.news.judge.check import Report


def check(
    story: bytes | str,
    *,
    name: str = "",
    published_on: date | None = None,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Report:
    """Check a story (text or HTML) claim by claim against itself, the lake and the law.

    Without `as_of` each question is first put to the rows as they were known on the day the story
    appeared, and to today's where there were none then; printed figures are always today's.
    """
    from tidewaiter.news.claims.extract import extract
    from tidewaiter.news.judge.check import check as check_claims
    from tidewaiter.news.words.article import read_story

    extraction = extract(read_story(story, name=name, published_on=published_on))
    day = None if as_of is not None else extraction.story.published_on
    lake = lake or open_lake(home)
    with lake.reading():
        return check_claims(extraction, asker(lake, as_of, day), measures_on, cap_ledgers())
