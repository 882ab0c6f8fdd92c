"""A fetch that follows a card: each request of its calls is asked once, kept, and landed like any file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import RefusedError, TidewaiterError
from tidewaiter.statistics.container import WORKBOOKS
from tidewaiter.statistics.fetching.landing import TOGETHER, is_lost, is_pending, land_answers, receipts_in
from tidewaiter.statistics.fetching.outcome import Missing, Outcome, Plan
from tidewaiter.statistics.fetching.refusals import SpoiledError, TooMuchError, said_by
from tidewaiter.statistics.fetching.templates import requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.journal import Note
    from tidewaiter.statistics.fetching.order import Order
    from tidewaiter.statistics.fetching.request import Request

_ENDINGS: Final = {"json": ".json", "csv": ".csv", "workbook": "", "any": ""}
_HEAD: Final = 2048


@dataclass(slots=True)
class CardFetch:
    """One fetch through an open gate of what its card says how to ask."""

    gate: Gate
    order: Order

    def plan(self) -> Plan[Request]:
        """List the requests, and which were answered lately; asks nothing."""
        gate = self.gate
        plan: Plan[Request] = Plan([], [], [], gate.pace, gate.key is not None)
        receipts = receipts_in(gate.lake)
        for request in requests(gate.card, self.order, gate.door.base):
            note = gate.journal.note_of(request)
            if note is None or is_lost(note, receipts) or not self._is_fresh(note):
                plan.todo.append(request)
            else:
                (plan.kept if is_pending(note) else plan.landed).append(note)
        if gate.service.calls_a_day is not None and gate.key is not None:
            plan.quota_left = max(gate.service.calls_a_day - gate.journal.calls_today(), 0)
        return plan

    def run(self, plan: Plan[Request], on_step: Callable[[str], None] | None = None) -> Outcome:
        """Ask, and land what came fifty at a time; what stops it is in the outcome, with everything done until then."""
        step = on_step or (lambda _what: None)
        outcome = Outcome(already=len(plan.landed))
        notes = [*plan.landed, *plan.kept]
        waiting = list(plan.kept)
        for number, request in enumerate(plan.todo):
            try:
                note = self._ask(request, outcome)
            except RefusedError as error:
                outcome.refused.append(str(error))
                continue
            except TidewaiterError as error:
                outcome.stopped, outcome.left = error, len(plan.todo) - number
                break
            except TooMuchError as error:
                outcome.refused.append(f"{request.what}: {error}; ask for fewer products or a shorter span")
                continue
            step(request.what)
            notes.append(note)
            waiting.append(note)
            if len(waiting) >= TOGETHER:
                self._land(waiting, outcome, step)
                waiting.clear()
        self._land(waiting, outcome, step)
        for note in notes:
            outcome.missing |= {key: Missing(what, reason) for key, (what, reason) in note.missing.items()}
        return outcome

    def _is_fresh(self, note: Note) -> bool:
        """Tell whether an answer is young enough; one from the future tells of a clock that jumped."""
        age = datetime.now(UTC) - datetime.fromisoformat(note.asked_at)
        return timedelta() <= age < timedelta(days=self.gate.service.fresh_days)

    def _ask(self, request: Request, outcome: Outcome) -> Note:
        gate = self.gate
        kind = gate.service.answers
        target = gate.journal.place_for(request, _ENDINGS[kind])
        none = {request.fingerprint: (request.what, "no rows: the publisher has none for this question")}
        try:
            reply = gate.door.ask(request, target, lambda path: refuse_spoiled(path, kind))
        except RefusedError as error:
            if error.status != gate.service.no_rows_status:
                raise
            outcome.asked += 1
            return gate.journal.keep_nothing(request, missing=none)
        outcome.asked += 1
        has_rows = reply.size > 0 and not (kind == "csv" and _is_heading_only(reply.path))
        return gate.journal.keep(request, reply, rows=int(has_rows), missing={} if has_rows else none)

    def _land(self, notes: list[Note], outcome: Outcome, step: Callable[[str], None]) -> None:
        land_answers(self.gate.lake, self.gate.card, self.gate.journal, notes, outcome, step)


def refuse_spoiled(path: Path, kind: str) -> None:
    """Raise `SpoiledError` for a body that is not whole, or a page for people in place of data."""
    size = path.stat().st_size
    if size == 0:
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(size - 64, 0))
        tail = file.read().rstrip()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        why = f"a page for people came instead of data: {said_by(head)[:160]}"
        raise SpoiledError(why)
    if kind == "json" and not (start.startswith((b"{", b"[")) and tail.endswith((b"}", b"]"))):
        why = "the JSON breaks off"
        raise SpoiledError(why)
    if kind == "csv" and not _ends_a_line(path, size):
        why = "the last line breaks off"
        raise SpoiledError(why)
    if kind == "workbook" and not _is_workbook(path, head):
        why = "no whole workbook came"
        raise SpoiledError(why)


def _is_heading_only(path: Path) -> bool:
    """Tell whether text ends after its first line: the publisher's way to say that there are no rows."""
    with path.open("rb") as file:
        file.readline()
        return not file.read(1)


def _ends_a_line(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"


def _is_workbook(path: Path, head: bytes) -> bool:
    if not head.startswith(tuple(WORKBOOKS)):
        return False
    return zipfile.is_zipfile(path) if head.startswith(b"PK") else True
