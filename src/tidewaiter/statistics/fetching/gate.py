"""Open the door for one source: its card's facts, the user's settings, the key, the journal; nothing is asked here."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tidewaiter.base.errors import InputError, SourceError, nearest
from tidewaiter.statistics.card import cards
from tidewaiter.statistics.fetch import Door
from tidewaiter.statistics.fetching.journal import Journal, journal_of
from tidewaiter.statistics.fetching.key import Key, find_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.fetching.request import Request
    from tidewaiter.statistics.service import Service


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that a fetch of one source needs, ready."""

    lake: Lake
    card: Card
    service: Service
    door: Door
    journal: Journal
    key: Key | None
    pace: float

    @property
    def place(self) -> str:
        """The host that is asked."""
        return urlsplit(self.door.base).netloc


def card_called(name: str) -> Card:
    """Return the card that people fetch as `name`, or by its id; raises `SourceError`."""
    fetched = {each.service.name: each for each in cards().values() if each.service is not None}
    by_id = {each.id: each for each in fetched.values()}
    found = fetched.get(name) or by_id.get(name)
    if found is None:
        hint = nearest(name, fetched) or f"; known: {', '.join(sorted(fetched))}"
        message = f"source {name!r} cannot be fetched{hint}"
        raise SourceError(message)
    return found


def address(service: Service) -> str:
    """Return the server to ask: the publisher's, or the one that the environment names instead."""
    said = os.environ.get(service.setting, "").strip() if service.setting else ""
    base = (said or service.url).rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        where = f"{service.setting} is {base!r}" if said else repr(base)
        message = f"{where}; write an address like https://comtradeapi.un.org"
        raise InputError(message)
    return base


@contextmanager
def opened(
    lake: Lake,
    card: Card,
    *,
    pace: float | None = None,
    rows: int | None = None,
    on_wait: Callable[[float, str], None] | None = None,
    on_busy: Callable[[str], None] | None = None,
) -> Iterator[Gate]:
    """Hold the journal and the door of a source open.

    `pace` overrules the card's seconds between questions, `rows` the number of rows at which it says that
    answers are cut. `on_wait` hears of seconds that the server asks to wait, `on_busy` of the process that holds the
    journal. Raises `InputError` where a key is needed and there is none.
    """
    service = card.service
    assert service is not None
    if rows is not None:
        service = service.model_copy(update={"rows_preview": rows, "rows_keyed": rows, "suspect_multiple": None})
        card = card.model_copy(update={"service": service})
    key = find_key(service.key_variable) if service.key_variable else None
    if key is None and service.key_needed:
        page = f" (free, from {service.key_page})" if service.key_page else ""
        message = f"{card.title} answers only with a key{page}; put it into {service.key_variable}"
        raise InputError(message)
    journal = journal_of(lake.home, card.id)

    def counted(request: Request) -> None:
        if request.keyed:
            journal.count_call()

    seconds = service.pace_seconds if pace is None else pace
    with (
        journal.locked(on_busy or (lambda _holder: None)),
        Door(
            address(service),
            key=key,
            key_header=service.key_header,
            key_parameter=service.key_parameter,
            pace=seconds,
            backoff=seconds or 0.01,
            on_call=counted,
            on_wait=on_wait,
        ) as door,
    ):
        yield Gate(lake, card, service, door, journal, key, seconds)
