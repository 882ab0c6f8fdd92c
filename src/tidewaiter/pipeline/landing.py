"""Bring files into the lake: from a folder, or from a publisher's door."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tidewaiter.base.errors import InputError, TidewaiterError
from tidewaiter.base.legible import legible
from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.jobs import FetchJob
    from tidewaiter.statistics.fetching.order import Order
    from tidewaiter.statistics.land import Guess, Landing, LandOptions


def land(
    files: Sequence[Path], options: LandOptions, *, dry_run: bool = False, home: str | None = None
) -> Iterator[tuple[Path, Guess | Landing | TidewaiterError]]:
    """Land each file by itself, whole or not at all, and yield what became of it.

    With `dry_run` only the guess is yielded. A file that is refused yields its error and does
    not keep the others from landing. Raises `InputError` where several files are said to answer one question.
    """
    from tidewaiter.statistics.land import land_file, sniff

    if len(files) > 1 and options.url is not None and "?" in options.url:
        message = f"--url {legible(options.url)} asks one question, whose newest answer counts; land its file alone"
        raise InputError(message)

    lake = open_lake(home)
    for path in files:
        try:
            yield path, (sniff(path, options) if dry_run else land_file(lake, path, options))
        except TidewaiterError as error:
            yield path, error


@contextmanager
def fetching(
    source: str,
    *,
    home: str | None = None,
    lake: Lake | None = None,
    on_wait: Callable[[float, str], None] | None = None,
    on_busy: Callable[[str], None] | None = None,
) -> Iterator[Gate]:
    """Hold the door to a publisher open, with what is known of earlier fetches into this lake.

    Another fetch of the same source into the same lake is waited for; `on_busy` hears of it, `on_wait`
    of every time the publisher asks to wait.
    """
    from tidewaiter.base.settings import settings
    from tidewaiter.statistics.fetching.gate import card_called, opened

    card = card_called(source)
    chosen = settings()
    with opened(
        lake or open_lake(home), card, pace=chosen.fetch_pace, rows=chosen.fetch_rows, on_wait=on_wait, on_busy=on_busy
    ) as gate:
        yield gate


def fetch_job(gate: Gate, want: Order) -> FetchJob:
    """Return what fetches `want` through an open gate: `plan()` it first, then `run(plan)`."""
    from tidewaiter.statistics.fetching.jobs import job_of

    return job_of(gate, want)
