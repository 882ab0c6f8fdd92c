"""The spine: opens the lake and calls the stages in order; no arithmetic, no printing.

Every door (command line, library, web) goes through here, so that all of them do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import TidewaiterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.lake.lake import Lake
    from tidewaiter.news.check import Report
    from tidewaiter.statistics.land import Guess, Landing, LandOptions


def open_lake(home: str | None = None) -> Lake:
    """Open the lake in `home`, else where the settings say. Nothing is written until something lands."""
    from tidewaiter.base.settings import settings
    from tidewaiter.lake.lake import Lake

    chosen = settings()
    return Lake.open(home or chosen.home, memory_limit=chosen.memory_limit, threads=chosen.threads)


def land(
    files: Sequence[Path], options: LandOptions, *, dry_run: bool = False, home: str | None = None
) -> Iterator[tuple[Path, Guess | Landing | TidewaiterError]]:
    """Land each file by itself, whole or not at all, and yield what became of it.

    With `dry_run` only the guess is yielded. A file that is refused yields its error and does
    not keep the others from landing.
    """
    from tidewaiter.statistics.land import land_file, sniff

    lake = open_lake(home)
    for path in files:
        try:
            yield path, (sniff(path, options) if dry_run else land_file(lake, path, options))
        except TidewaiterError as error:
            yield path, error


def ask(query: Query, *, home: str | None = None) -> Answer | Refusal:
    """Answer one question from the lake as of the query's day (today if it names none)."""
    from tidewaiter.ask import ask as ask_tables

    return ask_tables(query, open_lake(home).tables(query.as_of))


def check(
    story: bytes | str,
    *,
    name: str = "",
    published_on: date | None = None,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Report:
    """Check a story (text or HTML) claim by claim against itself and against the lake as of `as_of`."""
    from tidewaiter.ask import ask as ask_tables
    from tidewaiter.news.article import read_story
    from tidewaiter.news.check import check as check_claims
    from tidewaiter.news.extract import extract

    extraction = extract(read_story(story, name=name, published_on=published_on))
    tables = (lake or open_lake(home)).tables(as_of)
    return check_claims(extraction, lambda query: ask_tables(query, tables))
