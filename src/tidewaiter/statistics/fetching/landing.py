"""Land what was fetched: the bytes as they came, under the day they came, with the address they came from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import LakeError, TidewaiterError
from tidewaiter.lake.store import digest
from tidewaiter.statistics.fetching.outcome import Outcome
from tidewaiter.statistics.land import LandOptions, land_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.fetching.journal import Journal, Note

TOGETHER: Final = 50
"""Answers that are landed in one go: a kill loses no more than the landing of so many, and none of their bytes."""


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
    if not _is_sound(journal, note, outcome):
        return False
    receipt = land_body(lake, card, journal.body(note), note, outcome, **options)
    if receipt is None:
        return False
    journal.landed(note, receipt)
    return True


def land_answers(
    lake: Lake,
    card: Card,
    journal: Journal,
    notes: Iterable[Note],
    outcome: Outcome,
    on_step: Callable[[str], None],
    **options: Any,
) -> None:
    """Land the pending ones of `notes`, several at a time: each is a landing of its own, all become visible at once."""
    sound = [note for note in notes if is_pending(note) and _is_sound(journal, note, outcome)]
    for start in range(0, len(sound), TOGETHER):
        several = sound[start : start + TOGETHER]
        if not _land_together(lake, card, journal, several, outcome, **options):
            # A full disk, or another process that landed one of them: one by one tells which it is.
            for note in several:
                land_answer(lake, card, journal, note, outcome, **options)
        for note in several:
            on_step(note.what)


def _land_together(
    lake: Lake, card: Card, journal: Journal, notes: list[Note], outcome: Outcome, **options: Any
) -> bool:
    """Land answers in one go and note them; False where nothing was landed because the lake did not take them."""
    tried = Outcome()
    landed: list[tuple[Note, str]] = []
    try:
        with lake.together():
            for note in notes:
                receipt = land_body(lake, card, journal.body(note), note, tried, **options)
                if receipt is not None:
                    landed.append((note, receipt))
    except LakeError:
        return False
    for note, receipt in landed:
        journal.landed(note, receipt)
    outcome.landed += tried.landed
    outcome.already += tried.already
    outcome.notices += tried.notices
    outcome.refused += tried.refused
    return True


def _is_sound(journal: Journal, note: Note, outcome: Outcome) -> bool:
    """Tell whether the bytes of an answer are those that came; forget it where they are not."""
    if digest(journal.body(note))[0] == note.sha256:
        return True
    journal.forget(note)
    outcome.refused.append(f"{note.what}: its bytes changed on the disk; the same command asks for it again")
    return False


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
