"""The shelf: pages that were made once and are handed out again while the lake stays as it is.

Owns memory only, bounded; two readers of one page make it once. A story never comes here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST_BYTES: Final = 48_000_000
LARGEST: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """One answer to a request, ready to send; `state` is the lake's when it was made."""

    body: bytes
    media_type: str
    state: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Shelf:
    """Keeps what was made under a key, the least used thrown out first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._under_way: dict[str, asyncio.Future[Made]] = {}
        self._bytes = 0

    async def take(self, key: str, state: str, make: Callable[[], Awaitable[Made]]) -> Made:
        """Return what is kept for `key` if it was made of `state`, else make it, once for all who wait."""
        kept = self._kept.get(key)
        if kept is not None and kept.state == state:
            self._kept.move_to_end(key)
            return kept
        waiting = self._under_way.get(key)
        if waiting is not None:
            return await asyncio.shield(waiting)
        promise: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        self._under_way[key] = promise
        try:
            made = await make()
        except BaseException as error:
            promise.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            promise.exception()
            raise
        else:
            promise.set_result(made)
            self._keep(key, made)
            return made
        finally:
            del self._under_way[key]

    def _keep(self, key: str, made: Made) -> None:
        old = self._kept.pop(key, None)
        self._bytes -= len(old.body) if old else 0
        if len(made.body) > LARGEST:
            return
        self._kept[key] = made
        self._bytes += len(made.body)
        while self._bytes > MOST_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped.body)
