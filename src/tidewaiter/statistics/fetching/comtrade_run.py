"""A fetch from UN Comtrade, step by step: what is available, plan, ask, look again, land.

    availability -> plan -> ask (split what is cut) -> availability again -> ask again what was revised -> land

Nothing is landed before its release was seen to stand still, nothing that was cut is kept, and whatever
is missing at the end has its reason. Killed anywhere, the same call goes on where it was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import NetworkError, QuotaError, TidewaiterError
from tidewaiter.statistics.fetching import comtrade
from tidewaiter.statistics.fetching.areas import numbers
from tidewaiter.statistics.fetching.available import (
    DataSet,
    bad_codes,
    data_sets,
    releases,
    why_absent,
    why_bad,
    why_empty,
)
from tidewaiter.statistics.fetching.landing import is_lost, is_pending, land_answers, receipts_in
from tidewaiter.statistics.fetching.outcome import Missing, Outcome, Plan
from tidewaiter.statistics.fetching.refusals import TooMuchError
from tidewaiter.statistics.fetching.weigh import Weight, records, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from tidewaiter.base.terms import Frequency
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.fetch import Door
    from tidewaiter.statistics.fetching.comtrade import Ask, Question
    from tidewaiter.statistics.fetching.journal import Journal, Note
    from tidewaiter.statistics.fetching.request import Reply, Request
    from tidewaiter.statistics.service import Service

ROUNDS: Final = 3
"""How often data that are revised while they are fetched are asked for again."""
_FIELDS: Final = (
    "datasetCode",
    "reporterCode",
    "period",
    "classificationCode",
    "totalRecords",
    "datasetChecksum",
    "lastReleased",
    "isOriginalClassification",
)


@dataclass(slots=True)
class Fetch:
    """One fetch into one lake, through a door that is open, with the journal held."""

    lake: Lake
    card: Card
    door: Door
    journal: Journal
    question: Question
    keyed: bool
    pace: float
    since: date | None = None
    on_step: Callable[[str], None] = lambda _what: None
    parted: list[Note] = field(default_factory=list)
    """Questions that were answered whole in an earlier release, and have to be asked in parts now."""

    @property
    def service(self) -> Service:
        """How the publisher is asked."""
        assert self.card.service is not None
        return self.card.service

    def plan(self) -> Plan[Ask]:
        """Look at what is available and at what is here; asks for the list of data sets only."""
        question = self.question
        reporters = numbers(question.reporters, question.periods)
        known = self._available()
        wanted = reporters or tuple(sorted({each.reporter for each in known.values()}, key=int))
        cells: dict[str, list[str]] = {period: [] for period in question.periods}
        absent: dict[str, Missing] = {}
        for period in question.periods:
            for reporter in wanted:
                data_set = known.get(f"{reporter} {period}")
                if data_set is not None:
                    if self.since is None or data_set.released >= self.since.isoformat():
                        cells[period].append(reporter)
                    if strange := bad_codes(question.products, data_set):
                        what = f"{comtrade.name_of(reporter)} {period}"
                        absent[f"{reporter} {period} {strange}"] = Missing(what, why_bad(strange, data_set))
                elif question.reporters and not _has_other_number(reporter, wanted, period, known):
                    absent[f"{reporter} {period}"] = Missing(
                        f"{comtrade.name_of(reporter)} {period}", why_absent(reporter, period, known)
                    )
        plan: Plan[Ask] = Plan([], [], [], self.pace, self.keyed, absent, known, self._quota_left())
        if self.since is not None:
            plan.notices += self._under_way(wanted)
        receipts = receipts_in(self.lake)
        for ask in comtrade.asks(question, cells, self.service, keyed=self.keyed):
            self._sort_in(plan, ask, receipts)
        return plan

    def run(self, plan: Plan[Ask], on_step: Callable[[str], None] | None = None) -> Outcome:
        """Ask, look again, land; what stops it is in the outcome, with everything done until then."""
        self.on_step = on_step or self.on_step
        outcome = Outcome(already=len(plan.landed), missing=dict(plan.absent), notices=list(plan.notices))
        notes = {note.fingerprint: note for note in (*plan.kept, *plan.landed)}
        left: deque[Ask] = deque(plan.todo)
        settled = False
        try:
            settled = self._ask_until_settled(left, notes, dict(plan.known), outcome)
        except TidewaiterError as error:
            outcome.stopped, outcome.left = error, len(left)
            settled = isinstance(error, QuotaError) and self._stands_still(notes, plan.known)
        if settled:
            blocked = {cell for ask in left for cell in ask.cells}
            standing = [note for note in notes.values() if not blocked & set(note.releases)]
            land_answers(self.lake, self.card, self.journal, standing, outcome, self.on_step, is_whole=True)
            for note in (*(note for note in standing if not note.rows), *self.parted):
                outcome.notices += self._left_standing(note)
        outcome.kept = sum(self.journal.body(note).is_file() for note in notes.values() if note.receipt is None)
        for note in notes.values():
            outcome.missing |= {key: Missing(what, reason) for key, (what, reason) in note.missing.items()}
        return outcome

    def _ask_until_settled(
        self, left: deque[Ask], notes: dict[str, Note], known: dict[str, DataSet], outcome: Outcome
    ) -> bool:
        """Ask what is left, and again what was revised meanwhile, until nothing was."""
        for _ in range(ROUNDS):
            if left or any(is_pending(note) for note in notes.values()):
                self._ask_all(left, notes, known, outcome)
                now = self._available()
                revised = self._revised(notes, known, now)
                known |= now
                left.extend(self._ask_again(notes, revised))
                if revised:
                    outcome.notices.append(f"{_listed(revised)} was revised while it was fetched; asked again")
            if not left:
                return True
        message = "UN Comtrade is revising these data right now; try again in an hour"
        raise NetworkError(message)

    def _stands_still(self, notes: dict[str, Note], known: dict[str, DataSet]) -> bool:
        try:
            return not self._revised(notes, known, self._available())
        except NetworkError:
            return False

    def _revised(self, notes: dict[str, Note], known: dict[str, DataSet], now: dict[str, DataSet]) -> set[str]:
        """Name what was revised since it was first looked at, of what answers are here for."""
        mine = {cell for note in notes.values() for cell in note.releases}
        before, after = releases(mine, known), releases(mine, now)
        return {cell for cell in mine if before[cell] != after[cell]}

    def _sort_in(self, plan: Plan[Ask], ask: Ask, receipts: set[str]) -> None:
        """Put a call where it belongs: here already, or to be asked; the parts of one that was cut likewise."""
        note = self.journal.note_of(self._request(ask))
        if note is None or is_lost(note, receipts) or note.releases != releases(ask.cells, plan.known):
            plan.todo.append(ask)
        elif note.cut:
            for part in comtrade.parts(ask, self.service, note.products):
                self._sort_in(plan, part, receipts)
        else:
            (plan.kept if note.receipt is None and note.rows else plan.landed).append(note)

    def _ask_all(self, left: deque[Ask], notes: dict[str, Note], known: dict[str, DataSet], outcome: Outcome) -> None:
        while left:
            ask = left[0]
            request = self._request(ask)
            note = self._ask(ask, request, known, outcome)
            left.popleft()
            if note.cut:
                self.parted.append(note)
                parts = comtrade.parts(ask, self.service, note.products)
                if not parts:
                    message = f"{ask.what} still stops at the row limit and cannot be split further; use a key"
                    raise NetworkError(message)
                left.extendleft(reversed(parts))
            else:
                notes[note.fingerprint] = note
            self.on_step(ask.what)

    def _ask(self, ask: Ask, request: Request, known: dict[str, DataSet], outcome: Outcome) -> Note:
        """Ask one call and keep what came. Without a key an empty answer is believed only when it comes twice."""
        target = self.journal.place_for(request, ".json")
        found: list[Weight] = []
        stamps = releases(ask.cells, known)
        for _ in range(1 if self.keyed else 2):
            try:
                reply = self.door.ask(request, target, lambda path: found.append(weigh(path, self.lake.connection)))
            except TooMuchError:
                return self.journal.keep_nothing(request, cut=True, releases=stamps)
            outcome.asked += 1
            if found[-1].held:
                break
        weight = found[-1]
        _refuse_strangers(ask, weight, reply)
        if is_cut(weight, self.service, keyed=self.keyed):
            return self.journal.keep(
                request, reply, rows=weight.held, cut=True, products=weight.products, releases=stamps
            )
        missing = {
            f"{cell} {ask.products} {ask.flows}": (_cell_and_goods(ask, cell), why_empty(ask, cell, known))
            for cell in ask.cells
            if cell not in weight.cells
        }
        return self.journal.keep(request, reply, rows=weight.held, cells=weight.cells, releases=stamps, missing=missing)

    def _ask_again(self, notes: dict[str, Note], revised: set[str]) -> list[Ask]:
        """Forget the answers about what was revised, and return their calls."""
        again = []
        for fingerprint, note in list(notes.items()):
            if revised & set(note.releases):
                again.append(_ask_of(note))
                self.journal.forget(note)
                del notes[fingerprint]
        return again

    def _left_standing(self, note: Note) -> list[str]:
        """Say where rows of an earlier answer stay visible, because none to the very same question took its place."""
        if not note.earlier:
            return []
        listed = ", ".join(f"'{receipt}'" for receipt in note.earlier)
        trade = self.lake.tables().trade.to_native()
        (stale,) = trade.filter(f"receipt IN ({listed})").aggregate("count(*)").fetchall()[0]
        if not stale:
            return []
        return [f"{note.what}: {stale} rows of an earlier release are not in this one, and still answer questions"]

    def _available(self) -> dict[str, DataSet]:
        """Ask which data sets there are: all of the reporters that were named, else those of the periods."""
        question = self.question
        reporters = numbers(question.reporters, question.periods)
        if reporters:
            return self._data_sets(question.frequency, reporters=reporters)
        return self._data_sets_by_period(question.frequency)

    def _data_sets_by_period(self, frequency: Frequency, **asked: Sequence[str]) -> dict[str, DataSet]:
        periods = self.question.periods
        found: dict[str, DataSet] = {}
        for start in range(0, len(periods), 12):
            found |= self._data_sets(frequency, **asked, periods=periods[start : start + 12])
        return found

    def _data_sets(self, frequency: Frequency, **asked: Sequence[str]) -> dict[str, DataSet]:
        """Ask for a list of data sets; one that stops at the preview's limit is asked for in parts."""
        rows = self._records(comtrade.availability(self.card, self.door.base, frequency, **asked), _FIELDS)
        if self.service.rows_preview is None or len(rows) != self.service.rows_preview:
            return data_sets(rows)
        name = next((each for each, values in asked.items() if len(values) > 1), None)
        if name is not None:
            middle = len(asked[name]) // 2
            halves = (asked[name][:middle], asked[name][middle:])
            return {
                cell: each
                for half in halves
                for cell, each in self._data_sets(frequency, **{**asked, name: half}).items()
            }
        if "periods" not in asked:
            return self._data_sets_by_period(frequency, **asked)
        message = f"the list of data sets stops at {len(rows)} rows and cannot be asked for in smaller parts"
        raise NetworkError(message)

    def _under_way(self, reporters: Sequence[str]) -> list[str]:
        """Say what UN Comtrade is releasing right now, from its live list, which needs a key."""
        if not self.keyed:
            return []
        request = comtrade.live_update(self.card, self.door.base)
        rows = self._records(request, ("reporterCode", "period", "status", "lastUpdated"))
        mine = [row for row in rows if row["reporterCode"] in reporters and row["status"] != "Completed"]
        return [
            f"{comtrade.name_of(row['reporterCode'])} {row['period']} is being released ({row['status']})"
            for row in mine
        ]

    def _records(self, request: Request, fields: tuple[str, ...]) -> list[dict[str, str]]:
        """Ask for a list and return its rows; nothing of it is kept."""
        target = self.journal.place_for(request, ".list.json")
        rows: list[dict[str, str]] = []

        def read(path: Path) -> None:
            rows[:] = records(path, self.lake.connection, fields)

        try:
            self.door.ask(request, target, read)
        except TooMuchError as error:
            message = f"the list of {request.what} is too much to ask for at once ({error}); name fewer reporters"
            raise NetworkError(message) from None
        finally:
            target.unlink(missing_ok=True)
        return rows

    def _quota_left(self) -> int | None:
        if not self.keyed or self.service.calls_a_day is None:
            return None
        return max(self.service.calls_a_day - self.journal.calls_today(), 0)

    def _request(self, ask: Ask) -> Request:
        return comtrade.request_of(ask, self.card, self.door.base, keyed=self.keyed)


def is_cut(weight: Weight, service: Service, *, keyed: bool) -> bool:
    """Tell whether an answer stops at a limit: at the published one, or at a suspiciously round number above."""
    if weight.counted > weight.held:
        return True
    most = service.rows_keyed if keyed else service.rows_preview
    if most is None or weight.held < most:
        return False
    return not keyed or service.suspect_multiple is None or weight.held % service.suspect_multiple == 0


def _refuse_strangers(ask: Ask, weight: Weight, reply: Reply) -> None:
    """Refuse an answer about reporters or periods that were not asked for: the service did not take the question."""
    strange = sorted(set(weight.cells) - set(ask.cells))
    if strange:
        reply.path.unlink(missing_ok=True)
        message = f"{ask.what} is answered with rows of {strange[0]}, which was not asked for; nothing of it is kept"
        raise NetworkError(message)


def _ask_of(note: Note) -> Ask:
    """Read a call back from the address it was asked at."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(note.url)
    said = {name: tuple(values[0].split(",")) for name, values in parse_qs(parts.query).items()}
    return comtrade.Ask(
        "M" if "/M/" in parts.path else "A",
        said["period"],
        said[comtrade.REPORTERS],
        said.get("partnerCode", ()),
        said["flowCode"],
        said["cmdCode"],
    )


def _cell_and_goods(ask: Ask, cell: str) -> str:
    reporter, period = cell.split()
    return f"{comtrade.name_of(reporter)} {period} {comtrade.few(ask.products)}"


def _has_other_number(reporter: str, wanted: Sequence[str], period: str, known: dict[str, DataSet]) -> bool:
    """Tell whether the same country published the period under another of its numbers."""
    name = comtrade.name_of(reporter)
    return any(f"{other} {period}" in known for other in wanted if comtrade.name_of(other) == name)


def _listed(cells: set[str]) -> str:
    """Name cells for people: `Russia 2019, Russia 2020`."""
    return ", ".join(sorted(f"{comtrade.name_of(cell.split()[0])} {cell.split()[1]}" for cell in cells))
