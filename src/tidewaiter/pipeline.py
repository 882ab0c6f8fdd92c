"""The spine: opens the lake and calls the stages in order; no arithmetic, no printing.

Every door (command line, library, web) goes through here, so that all of them do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import TidewaiterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.base.schema import Frame
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.news.judge.check import Report
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


def ask(query: Query, *, home: str | None = None, lake: Lake | None = None) -> Answer | Refusal:
    """Answer one question from the lake as of the query's day (today if it names none)."""
    from tidewaiter.ask import ask as ask_tables

    return ask_tables(query, (lake or open_lake(home)).tables(query.as_of))


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
    from tidewaiter.news.claims.extract import extract
    from tidewaiter.news.judge.check import check as check_claims
    from tidewaiter.news.words.article import read_story

    extraction = extract(read_story(story, name=name, published_on=published_on))
    tables = (lake or open_lake(home)).tables(as_of)
    return check_claims(extraction, lambda query: ask_tables(query, tables))


def screen(
    *,
    targets: Sequence[str],
    rulebook: Rulebook,
    period: Period | None = None,
    regimes: Sequence[str] = (),
    suspects: Sequence[Mapping[str, Any]] = (),
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Frame:
    """Set the lake's trade beside the measures of `rulebook` about `targets`: rows of `EXPOSURE`.

    Whether a cap was used up by then comes from the ledgers that ship.
    """
    from tidewaiter.law.caps import quota_states
    from tidewaiter.law.exposure import in_period
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.law.screen import screen as screen_frame

    trade = (lake or open_lake(home)).tables(as_of).trade
    accounts = [ledger for ledger in ledgers() if not regimes or ledger.regime in regimes]
    span = {figure.span.first // 12 for ledger in accounts for figure in ledger.figures}
    years = sorted(span if period is None else span & set(period.years))
    states = [row for regime in rulebook.regimes for row in quota_states(regime, accounts, years)]
    return screen_frame(
        trade if period is None else in_period(trade, period),
        rulebook,
        targets=targets,
        regimes=regimes,
        suspects=suspects,
        quota_states=states,
    )
