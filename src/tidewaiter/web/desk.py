"""The desk: a few threads, each with a lake of its own, that answer whatever pages ask.

Owns how many ask at once, how long a question may take, and which state of the lake an answer was made
from. Knows no page and no question.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.base.version import __version__
from tidewaiter.lake.lake import Lake
from tidewaiter.web.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.web.settings import WebSettings

Found = TypeVar("Found")

PATIENCE: Final = 1.0
"""Seconds for which the state of the lake is not looked at again."""
STALEST: Final = 5.0
"""Seconds for which a reader is shown the last known state while it is looked at; after that he waits."""
NEVER: Final = float("-inf")


class BusyError(TidewaiterError):
    """More is being asked than can be answered; coming back later helps."""


class SlowError(TidewaiterError):
    """A question took longer than a page may take."""


class SteadyLake(Lake):
    """A lake that shows one state until it is told to look again, so that a page is made of one state."""

    register: Register | None = None
    """Where people wrote which declarations they doubt; None where there is no place for it."""
    _kept: dict[date | None, Tables]
    _days: list[date]
    _state_name: str | None

    def tables(self, as_of: date | None = None) -> Tables:
        """Return the rows of the state shown. Days between two publications are one day to the lake."""
        kept: dict[date | None, Tables] = self.__dict__.setdefault("_kept", {})
        if None not in kept:
            kept[None] = super().tables()
            self._days = _days_of(kept[None])
        if as_of is None:
            return kept[None]
        known = [day for day in self._days if day <= as_of]
        day = max(known) if known else min([*self._days, as_of]) - timedelta(days=1)
        if day not in kept:
            kept[day] = super().tables(day)
        return kept[day]

    def concordance(self, as_of: date | None = None) -> Frame:
        """Return the links between HS editions, kept like the tables."""
        return super().concordance(as_of)

    def look_again(self) -> None:
        """Let the next question see what has been landed since."""
        self.__dict__["_kept"] = {}
        self._state_name = None

    def state(self) -> str:
        """Name the state shown: the same files and the same version give the same name everywhere."""
        if self.__dict__.get("_state_name") is None:
            receipts = self.tables().receipt.sort("receipt").select("receipt", "sha256").to_native().fetchall()
            text = repr((__version__, [tuple(map(str, row)) for row in receipts]))
            self._state_name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return str(self._state_name)


class Desk:
    """Takes questions from the event loop and answers each on a thread that has a lake."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.readers, thread_name_prefix="reader")
        self._lookout = ThreadPoolExecutor(1, thread_name_prefix="lookout")
        self._own = threading.local()
        self._lakes: list[SteadyLake] = []
        self._seen = ("", NEVER)
        self._looking: asyncio.Future[str] | None = None
        self._written = 0
        self._register: Register | None = None
        self.waiting = 0

    async def run(self, work: Callable[[SteadyLake], Found]) -> tuple[str, Found]:
        """Return the name of the lake's state and what `work` made of it.

        Raises `BusyError` where too many wait, `SlowError` where it takes too long; the engine is then stopped.
        """
        if self.waiting >= self._settings.queue:
            message = "too many questions at once; ask again in a moment"
            raise BusyError(message)
        wanted = await self.state()
        at_work: list[SteadyLake] = []
        self.waiting += 1
        try:
            future = asyncio.get_running_loop().run_in_executor(self._threads, self._do, work, wanted, at_work)
            return await asyncio.wait_for(asyncio.shield(future), self._settings.answer_seconds)
        except TimeoutError:
            future.add_done_callback(_forgive)
            if at_work:
                at_work[0].connection.interrupt()
            future.cancel()
            message = f"this took longer than {self._settings.answer_seconds:g} seconds; ask for less at once"
            raise SlowError(message) from None
        finally:
            self.waiting -= 1

    async def state(self) -> str:
        """Name the lake's newest state, looked at no more than once in `PATIENCE` seconds, at most `STALEST` old."""
        name, when = self._seen
        age = time.monotonic() - when
        if age > PATIENCE and (self._looking is None or self._looking.done()):
            self._looking = asyncio.ensure_future(self._look_out())
            # Nobody waits for it while what is known is fresh enough, so nobody else would take its error.
            self._looking.add_done_callback(_forgive)
        if age <= STALEST or self._looking is None:
            return name
        return await asyncio.shield(self._looking)

    def reviewed(self) -> str:
        """Name the state of the exclusion register, which changes whenever somebody reviews a declaration."""
        return "" if self._register is None else self._register.state()

    def forget(self) -> None:
        """Look at the lake anew for the next question: something was written."""
        self._seen = ("", NEVER)
        self._looking = None
        self._written += 1

    async def _look_out(self) -> str:
        written = self._written
        name = await asyncio.get_running_loop().run_in_executor(self._lookout, self._look)
        if written == self._written:
            # Else something was written meanwhile, and this may be the state before it.
            self._seen = (name, time.monotonic())
        return name

    async def warm(self) -> None:
        """Open the lake on every thread, so that the first reader does not wait for it."""
        await asyncio.gather(*(self.run(lambda lake: lake.tables()) for _ in range(self._settings.readers)))

    def close(self) -> None:
        """End the threads and close their engines."""
        for lake in self._lakes:
            lake.connection.interrupt()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._lookout.shutdown(wait=True, cancel_futures=True)
        for lake in self._lakes:
            lake.close()

    def _do(self, work: Callable[[SteadyLake], Found], wanted: str, at_work: list[SteadyLake]) -> tuple[str, Found]:
        lake = self._lake()
        if lake.state() != wanted:
            lake.look_again()
        at_work.append(lake)
        try:
            with lake.reading():
                return lake.state(), work(lake)
        finally:
            at_work.clear()

    def _look(self) -> str:
        lake = self._lake()
        lake.look_again()
        return lake.state()

    def _lake(self) -> SteadyLake:
        lake: SteadyLake | None = getattr(self._own, "lake", None)
        if lake is None:
            opened = SteadyLake.open(self._settings.home, threads=self._settings.engine_threads)
            assert isinstance(opened, SteadyLake)
            lake = self._own.lake = opened
            lake.register = self._register = Register.of(self._settings.register, lake.home)
            self._lakes.append(lake)
        return lake


def _days_of(tables: Tables) -> list[date]:
    """List the days on which anything in the lake was published: between two of them nothing changes."""
    vintages = tables.receipt.select("vintage").unique().to_native().fetchall()
    printed = tables.published.select("published_on").unique().to_native().fetchall()
    return sorted({day for (day,) in [*vintages, *printed] if day is not None})


def _forgive(future: asyncio.Future[Any]) -> None:
    """Take note of how a question ended that nobody waits for any more."""
    if not future.cancelled():
        future.exception()
