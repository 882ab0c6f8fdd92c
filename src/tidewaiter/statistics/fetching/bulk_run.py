"""UN Comtrade's bulk files, for premium keys: one file is all that a reporter declared for a period.

list of files -> files (gzip, tab-separated) -> lake, each as complete for its reporter and period
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from tidewaiter.base.errors import InputError, QueryError, RefusedError, TidewaiterError
from tidewaiter.statistics.fetching import comtrade
from tidewaiter.statistics.fetching.areas import numbers
from tidewaiter.statistics.fetching.card_run import refuse_spoiled
from tidewaiter.statistics.fetching.comtrade import name_of
from tidewaiter.statistics.fetching.landing import is_lost, is_pending, land_answer, receipts_in
from tidewaiter.statistics.fetching.outcome import Missing, Outcome, Plan
from tidewaiter.statistics.fetching.request import Request
from tidewaiter.statistics.fetching.weigh import records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tidewaiter.statistics.fetching.comtrade import Question
    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.journal import Note

_FIELDS: Final = (
    "fileUrl",
    "reporterCode",
    "period",
    "classificationCode",
    "publicationDate",
    "isOriginalClassification",
)


@dataclass(frozen=True, slots=True)
class BulkFile:
    """One file to get: where it lies, of which cell it is, and the stamp of its release."""

    request: Request
    cell: str
    stamp: str


@dataclass(slots=True)
class BulkFetch:
    """One fetch of bulk files through an open gate."""

    gate: Gate
    question: Question

    def plan(self) -> Plan[BulkFile]:
        """Ask which files there are, and see which of them are here in the same release."""
        gate = self.gate
        if gate.key is None:
            message = f"bulk files need a premium key in {gate.service.key_variable}"
            raise InputError(message)
        if not self.question.reporters:
            message = "bulk files are one reporter's: say --reporter"
            raise QueryError(message)
        plan: Plan[BulkFile] = Plan([], [], [], gate.pace, keyed=True)
        wanted = numbers(self.question.reporters, self.question.periods)
        listed = self._listed(wanted)
        receipts = receipts_in(gate.lake)
        for each in listed:
            note = gate.journal.note_of(each.request)
            if note is None or is_lost(note, receipts) or note.releases != {each.cell: each.stamp}:
                plan.todo.append(each)
            else:
                (plan.kept if is_pending(note) else plan.landed).append(note)
        there = {(name_of(each.cell.split()[0]), each.cell.split()[1]) for each in listed}
        for number in wanted:
            for period in self.question.periods:
                if (name_of(number), period) not in there:
                    what = f"{name_of(number)} {period}"
                    plan.absent[f"{number} {period}"] = Missing(what, "not available: there is no bulk file of it")
        return plan

    def run(self, plan: Plan[BulkFile], on_step: Callable[[str], None] | None = None) -> Outcome:
        """Get and land file by file; what stops it is in the outcome, with everything done until then."""
        gate, step = self.gate, on_step or (lambda _what: None)
        outcome = Outcome(already=len(plan.landed), missing=dict(plan.absent))
        for note in plan.kept:
            self._land(note, outcome)
        for place, each in enumerate(plan.todo):
            target = gate.journal.place_for(each.request, ".gz")
            try:
                reply = gate.door.ask(each.request, target, lambda path: refuse_spoiled(path, "any"))
            except RefusedError as error:
                outcome.refused.append(str(error))
                continue
            except TidewaiterError as error:
                outcome.stopped, outcome.left = error, len(plan.todo) - place
                break
            outcome.asked += 1
            note = gate.journal.keep(each.request, reply, rows=1, releases={each.cell: each.stamp})
            step(each.request.what)
            self._land(note, outcome)
            step(each.request.what)
        return outcome

    def _land(self, note: Note, outcome: Outcome) -> None:
        gate = self.gate
        land_answer(gate.lake, gate.card, gate.journal, note, outcome, is_whole=True, complete=True)

    def _listed(self, reporters: tuple[str, ...]) -> list[BulkFile]:
        """Ask for the list; a file's address is taken only where it is on the publisher's own host."""
        gate, question = self.gate, self.question
        asked = ((comtrade.REPORTERS, ",".join(reporters)), ("period", ",".join(question.periods)))
        path = f"/bulk/v1/getClassic/C/{question.frequency}/HS"
        request = Request(gate.card.id, gate.door.base, path, asked, keyed=True, what="which bulk files there are")
        target = gate.journal.place_for(request, ".list.json")
        rows: list[dict[str, str]] = []

        def read(body: Path) -> None:
            rows[:] = records(body, gate.lake.connection, _FIELDS)

        try:
            gate.door.ask(request, target, read)
        finally:
            target.unlink(missing_ok=True)
        # Files in which the publisher restated a declaration in another edition would replace the declaration itself.
        rows[:] = [row for row in rows if str(row["isOriginalClassification"]).lower() != "false"]
        # A list may leave the question's conditions out, and then names everybody's files.
        cells = {(number, period) for number in reporters for period in question.periods}
        return [self._file(row) for row in rows if (row["reporterCode"], row["period"]) in cells]

    def _file(self, row: dict[str, str]) -> BulkFile:
        parts = urlsplit(row["fileUrl"])
        what = f"comtrade bulk {name_of(row['reporterCode'])} {row['period']}"
        base = f"{parts.scheme}://{parts.netloc}"
        request = Request(self.gate.card.id, base, parts.path, tuple(parse_qsl(parts.query)), keyed=True, what=what)
        stamp = f"{row['classificationCode']} {row['publicationDate']}"
        return BulkFile(request, f"{row['reporterCode']} {row['period']}", stamp)
