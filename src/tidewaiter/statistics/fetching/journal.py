"""What was asked and what came of it, so that nothing is asked twice: a folder beside the lake.

<home>/fetch/<source>/lock                    held by the one fetch under way
<home>/fetch/<source>/<fingerprint>.json      the note of a finished request
<home>/fetch/<source>/answers/<name>          its bytes, until they are landed
<home>/fetch/<source>/calls.json              how many keyed calls were made today

A note is written after its bytes are whole and in place; a kill at any point leaves a request finished
or not asked. No key ever comes here.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tidewaiter.base.errors import LakeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tidewaiter.statistics.fetching.request import Reply, Request


@dataclass(frozen=True, slots=True)
class Note:
    """One finished request: its address without a key, what came, and of which releases it is.

    `cells` counts rows by "reporter period" as the publisher writes both; `releases` says by the same
    which release it was taken from. `cut` answers were thrown away; `missing` says what came without rows, and why;
    `receipt` names the landing, once there is one.
    """

    fingerprint: str
    url: str
    what: str
    file: str
    asked_at: str
    sha256: str
    bytes: int
    rows: int
    cut: bool = False
    cells: dict[str, int] = field(default_factory=dict)
    products: tuple[str, ...] = ()
    releases: dict[str, str] = field(default_factory=dict)
    missing: dict[str, tuple[str, str]] = field(default_factory=dict)
    receipt: str | None = None
    earlier: tuple[str, ...] = ()
    """Receipts of the same request's answers from earlier releases."""


class Journal:
    """The notes of one source's fetches into one lake."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = folder / "answers"

    def make_ready(self) -> None:
        """Make the folders; raises `LakeError` where that cannot be."""
        try:
            self.answers.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{self.folder} cannot be made: {error.strerror}"
            raise LakeError(message) from error

    @contextmanager
    def locked(self, on_wait: Callable[[str], None]) -> Iterator[None]:
        """Hold the journal alone; where another process has it, say so through `on_wait` and wait.

        The system lets go of the lock when a process ends, however it ends.
        """
        self.make_ready()
        with (self.folder / "lock").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                on_wait(lock.read().strip() or "?")
                fcntl.flock(lock, fcntl.LOCK_EX)
            _write_over(lock, str(os.getpid()))
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove what a killed fetch left half written; nobody else is here now."""
        for left in (*self.answers.glob("*.part"), *self.folder.glob(".*.json.*")):
            left.unlink(missing_ok=True)

    def note_of(self, request: Request) -> Note | None:
        """Return the note of a finished request, None where it is not finished or its bytes are gone."""
        note = self._read(self.folder / f"{request.fingerprint}.json")
        if note is None or (note.receipt is None and note.rows and not note.cut and not self.body(note).is_file()):
            return None
        return note

    def body(self, note: Note) -> Path:
        """Return where the bytes of an answer lie until they are landed."""
        return self.answers / note.file

    def place_for(self, request: Request, suffix: str) -> Path:
        """Return where the bytes of the answer to `request` are to lie, under a name that tells what it is."""
        words = "-".join("".join(sign if sign.isalnum() else " " for sign in request.what).split())[:60]
        return self.answers / f"{words or request.source}-{request.fingerprint[:12]}{suffix}"

    def keep(self, request: Request, reply: Reply, **facts: Any) -> Note:
        """Note that `request` is finished; its bytes are in place already."""
        earlier = self._read(self.folder / f"{request.fingerprint}.json")
        note = Note(
            fingerprint=request.fingerprint,
            url=request.url,
            what=request.what,
            file=reply.path.name,
            asked_at=reply.came_at.isoformat(timespec="seconds"),
            sha256=reply.sha256,
            bytes=reply.size,
            earlier=_receipts(earlier),
            **facts,
        )
        if note.cut or not note.rows:
            reply.path.unlink(missing_ok=True)
        self.write(note)
        return note

    def keep_nothing(self, request: Request, **facts: Any) -> Note:
        """Note that `request` is finished although nothing came that could be kept, as `facts` say."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        earlier = _receipts(self._read(self.folder / f"{request.fingerprint}.json"))
        note = Note(request.fingerprint, request.url, request.what, "", now, "", 0, 0, earlier=earlier, **facts)
        self.write(note)
        return note

    def landed(self, note: Note, receipt: str) -> Note:
        """Note that an answer was landed; the lake has its bytes now."""
        done = replace(note, receipt=receipt)
        self.write(done)
        self.body(note).unlink(missing_ok=True)
        return done

    def write(self, note: Note) -> None:
        """Write a note whole or not at all."""
        self._replace(self.folder / f"{note.fingerprint}.json", asdict(note))

    def forget(self, note: Note) -> None:
        """Forget a finished request, so that it is asked again; its earlier receipts stay known."""
        self.body(note).unlink(missing_ok=True)
        self.write(replace(note, earlier=_receipts(note), receipt=None, rows=1, cut=False))

    def batch_of(self, request: Request) -> str | None:
        """Return the batch that a request was accepted as, None where it was not submitted."""
        found = self._json(self.folder / "batches.json").get(request.fingerprint)
        return found if isinstance(found, str) else None

    def keep_batch(self, request: Request, batch: str | None) -> None:
        """Note the batch that a request was accepted as; None forgets it."""
        known = self._json(self.folder / "batches.json")
        self._replace(self.folder / "batches.json", {**known, request.fingerprint: batch})

    def calls_today(self, now: datetime | None = None) -> int:
        """Return how many keyed calls were made on this day (UTC), as far as this lake knows."""
        found = self._json(self.folder / "calls.json")
        return int(found.get("calls", 0)) if found.get("day") == _day(now) else 0

    def count_call(self, now: datetime | None = None) -> None:
        """Count one keyed call."""
        self._replace(self.folder / "calls.json", {"day": _day(now), "calls": self.calls_today(now) + 1})

    def _read(self, path: Path) -> Note | None:
        found = self._json(path)
        try:
            made = Note(**found)
        except TypeError:
            # Nothing there, or written by another version: it counts as not asked.
            return None
        return replace(made, products=tuple(made.products), earlier=tuple(made.earlier))

    def _json(self, path: Path) -> dict[str, Any]:
        try:
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _replace(self, path: Path, content: dict[str, Any]) -> None:
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            message = f"{path.parent}: {error.strerror or error}; what has come is kept: make room and try again"
            raise LakeError(message) from error


def journal_of(home: str, source: str) -> Journal:
    """Return the journal of a source: inside a lake's folder, or in the user's data folder for a lake elsewhere."""
    if "://" not in home:
        return Journal(Path(home).expanduser().absolute() / "fetch" / source)
    import hashlib

    from platformdirs import user_data_path

    name = hashlib.sha256(home.encode()).hexdigest()[:16]
    return Journal(user_data_path("tidewaiter", appauthor=False) / "fetch" / name / source)


def _receipts(note: Note | None) -> tuple[str, ...]:
    if note is None:
        return ()
    return tuple(dict.fromkeys((*note.earlier, *((note.receipt,) if note.receipt else ()))))


def _write_over(file: TextIO, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _day(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).date().isoformat()
