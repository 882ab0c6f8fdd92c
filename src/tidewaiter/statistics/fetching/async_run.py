"""UN Comtrade's asynchronous answers, for premium keys: asked once, made over there, fetched when ready.

    submit (202) -> poll -> archive -> its files -> lake

The batch is noted as soon as it is accepted: a fetch that is stopped while it waits does not submit again.
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from tidewaiter.base.errors import InputError, NetworkError, TidewaiterError
from tidewaiter.statistics.fetching import comtrade
from tidewaiter.statistics.fetching.areas import numbers
from tidewaiter.statistics.fetching.card_run import refuse_spoiled
from tidewaiter.statistics.fetching.landing import is_lost, is_pending, land_body, receipts_in
from tidewaiter.statistics.fetching.outcome import Missing, Outcome, Plan
from tidewaiter.statistics.fetching.refusals import SpoiledError, read_json
from tidewaiter.statistics.fetching.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.statistics.fetching.comtrade import Ask, Question
    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.journal import Note

EVERY: Final = 15.0
"""Seconds between two looks at a batch, at the publisher's usual pace of one question a second."""
PATIENCE: Final = 6 * 3600.0


@dataclass(slots=True)
class AsyncFetch:
    """One asynchronous fetch through an open gate."""

    gate: Gate
    question: Question
    every: float = field(default=EVERY)

    def plan(self) -> Plan[Ask]:
        """Write the batches, one for each kind of product; asks nothing."""
        gate, question = self.gate, self.question
        if gate.key is None:
            message = f"asynchronous answers need a premium key in {gate.service.key_variable}"
            raise InputError(message)
        plan: Plan[Ask] = Plan([], [], [], gate.pace, keyed=True)
        reporters = numbers(question.reporters, question.periods)
        everything = gate.service.model_copy(update={"periods_keyed": len(question.periods), "codes_a_call": 10_000})
        cells = dict.fromkeys(question.periods, reporters)
        receipts = receipts_in(gate.lake)
        for ask in comtrade.asks(question, cells, everything, keyed=True):
            note = gate.journal.note_of(self._submission(ask))
            if note is None or is_lost(note, receipts):
                plan.todo.append(ask)
            else:
                (plan.kept if is_pending(note) else plan.landed).append(note)
        return plan

    def run(self, plan: Plan[Ask], on_step: Callable[[str], None] | None = None) -> Outcome:
        """Submit, wait, fetch and land batch by batch."""
        step = on_step or (lambda _what: None)
        outcome = Outcome(already=len(plan.landed))
        for note in plan.kept:
            self._land(note, outcome)
        for place, ask in enumerate(plan.todo):
            try:
                note = self._fetch(ask, outcome)
            except TidewaiterError as error:
                outcome.stopped, outcome.left = error, len(plan.todo) - place
                break
            step(ask.what)
            self._land(note, outcome)
            step(ask.what)
        return outcome

    def _fetch(self, ask: Ask, outcome: Outcome) -> Note:
        """Bring one batch here, submitting it unless that was done before."""
        gate, submission = self.gate, self._submission(ask)
        batch = gate.journal.batch_of(submission)
        if batch is None:
            batch = str(self._ask_json(submission, ("requestId",))["requestId"])
            gate.journal.keep_batch(submission, batch)
        address = urlsplit(self._wait_for(batch, ask))
        base = f"{address.scheme}://{address.netloc}"
        query = tuple(parse_qsl(address.query))
        # An archive lies behind an address of its own that needs no key, perhaps on another host.
        archive = Request(gate.card.id, base, address.path, query, keyed=False, what=ask.what)
        target = gate.journal.place_for(submission, ".zip")
        reply = gate.door.ask(archive, target, _refuse_no_archive)
        outcome.asked += 1
        return gate.journal.keep(submission, reply, rows=1)

    def _wait_for(self, batch: str, ask: Ask) -> str:
        """Look at a batch until it is done, and return where its archive lies."""
        ends = time.monotonic() + PATIENCE
        asked = (("batchId", batch),)
        look = Request(self.gate.card.id, self.gate.door.base, "/async/v1/getDA/", asked, keyed=True, what="the batch")
        while time.monotonic() < ends:
            answer = self._ask_json(look, ("data",))
            rows = answer["data"]
            found = rows[0] if isinstance(rows, list) and rows else {}
            status = str(found.get("status", ""))
            if status == "Completed" and found.get("uri"):
                return str(found["uri"])
            if status == "Error":
                self.gate.journal.keep_batch(self._submission(ask), None)
                message = f"UN Comtrade could not make the batch {batch}: {found.get('message') or 'no reason given'}"
                raise NetworkError(message)
            time.sleep(self.every * min(self.gate.pace, 1.0))
        message = f"the batch {batch} is not ready after {PATIENCE / 3600:.0f} hours; the same command looks again"
        raise NetworkError(message)

    def _ask_json(self, request: Request, needed: tuple[str, ...]) -> dict[str, Any]:
        target = self.gate.journal.place_for(request, ".batch.json")
        found: dict[str, Any] = {}

        def read(path: Path) -> None:
            found.clear()
            found.update(read_json(path.read_bytes(), needed))

        try:
            self.gate.door.ask(request, target, read)
        finally:
            target.unlink(missing_ok=True)
        return found

    def _land(self, note: Note, outcome: Outcome) -> None:
        """Land every file of an archive that holds rows."""
        gate, receipts = self.gate, []
        with tempfile.TemporaryDirectory(prefix="tidewaiter-") as folder:
            members = _members(gate.journal.body(note), Path(folder))
            for number, member in enumerate(members):
                before = len(outcome.refused)
                part = member.name if len(members) > 1 else ""
                receipt = land_body(gate.lake, gate.card, member, note, outcome, part=part, is_whole=True)
                if receipt is not None:
                    receipts.append(receipt)
                elif "holds no rows" in outcome.refused[-1]:
                    del outcome.refused[before:]
                    outcome.missing[f"{note.fingerprint} {number}"] = Missing(note.what, "no rows came")
        if receipts:
            gate.journal.landed(note, receipts[-1])

    def _submission(self, ask: Ask) -> Request:
        final = comtrade.request_of(ask, self.gate.card, self.gate.door.base, keyed=True)
        path = f"/async/v1/get/C/{ask.frequency}/HS"
        return Request(final.source, final.base, path, final.parameters, keyed=True, what=ask.what)


def _refuse_no_archive(path: Path) -> None:
    refuse_spoiled(path, "any")
    if not zipfile.is_zipfile(path):
        message = "no whole archive came"
        raise SpoiledError(message)


def _members(archive: Path, folder: Path) -> list[Path]:
    """Unpack the files of an archive into `folder`, whatever names they bear, and return them in order."""
    found = []
    with zipfile.ZipFile(archive) as packed:
        for number, name in enumerate(sorted(each for each in packed.namelist() if not each.endswith("/"))):
            target = folder / f"{number}-{Path(name).name}"
            with packed.open(name) as source, target.open("wb") as file:
                while piece := source.read(1 << 20):
                    file.write(piece)
            found.append(target)
    return found
