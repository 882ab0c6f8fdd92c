"""Land what was fetched: the bytes as they came, under the day they came, with the address they came from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.lake.store import digest
from tidewaiter.statistics.land import LandOptions, land_file

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.fetching.journal import Journal, Note
    from tidewaiter.statistics.fetching.outcome import Outcome


def is_pending(note: Note) -> bool:
    """Tell whether an answer is here but not in the lake."""
    return note.receipt is None and bool(note.rows)


def receipts_in(lake: Lake) -> set[str]:
    """Return the names of the lake's landings."""
    return {str(name) for (name,) in lake.tables().receipt.select("receipt").to_native().fetchall()}


def is_lost(note: Note, receipts: set[str]) -> bool:
    """Tell whether an answer was landed into a lake that is no longer there, so that it has to be asked again."""
    return note.receipt is not None and note.receipt not in receipts


def land_answer(lake: Lake, card: Card, journal: Journal, note: Note, outcome: Outcome, **options: Any) -> bool:
    """Land a pending answer and note it; what is refused is said in the outcome. Tells whether it was landed.

    An answer whose bytes changed on the disk is forgotten, so that it is asked again.
    """
    body = journal.body(note)
    if digest(body)[0] != note.sha256:
        journal.forget(note)
        outcome.refused.append(f"{note.what}: its bytes changed on the disk; the same command asks for it again")
        return False
    receipt = land_body(lake, card, body, note, outcome, **options)
    if receipt is None:
        return False
    journal.landed(note, receipt)
    return True


def land_body(
    lake: Lake, card: Card, body: Path, note: Note, outcome: Outcome, *, part: str = "", **options: Any
) -> str | None:
    """Land one file of an answer; returns its receipt, None where it is refused. `part` names it among several."""
    day = datetime.fromisoformat(note.asked_at).date()
    url = f"{note.url}#{part}" if part else note.url
    try:
        landing = land_file(lake, body, LandOptions(source=card.id, vintage=day, url=url, **options))
    except TidewaiterError as error:
        outcome.refused.append(f"{note.what}: {error}")
        return None
    if landing.landed.already:
        outcome.already += 1
    else:
        outcome.landed.append((landing.landed.receipt, landing.landed.rows))
        outcome.notices += [f"{note.what}: {said}" for said in landing.guess.notes]
    return landing.landed.receipt
