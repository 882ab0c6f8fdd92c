"""The door to the lake: open it, land rows with their raw bytes, read tables as of a day.

Owns which state of the lake a caller sees. What a row means is the business of the rooms above; how
bytes, logs and the engine work is in the modules beside this one.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from tidewaiter.base.errors import LakeError
from tidewaiter.base.legible import legible
from tidewaiter.base.schema import TRADE
from tidewaiter.lake import landing, snapshot, tidy
from tidewaiter.lake.engine import connect, engine_seconds, first_row
from tidewaiter.lake.faults import READING, told
from tidewaiter.lake.landing import Cargo, Landed, Ready, Replaced
from tidewaiter.lake.shipped import shipped_csv
from tidewaiter.lake.snapshot import Names
from tidewaiter.lake.store import digest, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import date, timedelta
    from pathlib import Path

    import duckdb

    from tidewaiter.base.schema import Frame, Table, Tables
    from tidewaiter.lake.snapshot import Parts
    from tidewaiter.lake.store import Store

__all__ = ["Lake", "Landed", "engine_seconds"]


class Lake:
    """A lake in one place, with an engine of its own. Use one per thread; processes may share a place."""

    def __init__(self, store: Store, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._store = store
        self._opened: dict[tuple[tuple[int, ...], date | None], tuple[Names, Tables]] = {}
        self._written: dict[str, str] = {}
        self._together: list[Ready] | None = None

    @classmethod
    def open(cls, home: str | None = None, *, memory_limit: str | None = None, threads: int | None = None) -> Lake:
        """Open the lake at `home`, a folder or an object-store URL; by default where the settings say.

        Writes nothing: a place where nothing was landed yet reads as empty. Raises `LakeError` where
        the place is a file or may not be read.
        """
        from tidewaiter.base.settings import settings

        chosen = settings()
        store = open_store(home or chosen.home)
        store.look()
        with told(store.home, "opening"):
            connection = connect(memory_limit or chosen.memory_limit, threads or chosen.threads)
        return cls(store, connection)

    @property
    def home(self) -> str:
        """The folder or URL it lies in."""
        return self._store.home

    def close(self) -> None:
        """Close the engine; frames made from it can no longer be read."""
        self._opened.clear()
        self.connection.close()

    def tables(self, as_of: date | None = None) -> Tables:
        """Return the visible rows as lazy frames on `connection`, as of a day or as of now.

        Two calls between which nothing was landed return the same frames. Frames keep showing the state
        they were made from.
        """
        return self._state(as_of)[1]

    def concordance(self, as_of: date | None = None) -> Frame:
        """Return the links between HS editions, rows of `LANDED_CONCORDANCE`, as of a day or as of now.

        Of each pair of editions the workbook of the newest vintage is seen. Without rows no workbook was
        landed by then.
        """
        names, _ = self._state(as_of)
        with told(self.home, READING):
            return snapshot.concordance(self.connection, self._store, names)

    def references(self, as_of: date | None = None) -> Frame:
        """Return publishers' lists of codes, rows of `REFERENCE`: of each list the newest as of a day or now."""
        names, _ = self._state(as_of)
        with told(self.home, READING):
            return snapshot.references(self.connection, self._store, names)

    def reading(self) -> AbstractContextManager[None]:
        """Turn what goes wrong while frames of this lake are read into a `LakeError` of one line."""
        return told(self.home, READING)

    def parts(self, as_of: date | None = None) -> Parts:
        """Return what another engine needs to read the same visible rows from the lake's own files."""
        names, tables = self._state(as_of)
        with told(self.home, READING):
            return snapshot.parts(self.connection, self._store, names, tables)

    def standalone(self, sql: str) -> str:
        """Return `sql`, which an answer carries, so that any DuckDB runs it on the lake's files.

        What the lake calls its views is put before it: each as a common table expression before one
        statement, each as a temporary view before several.
        """
        needed = [name for name in self._written if re.search(rf"\b{name}\b", sql)]
        reached = list(needed)
        for name in reached:
            reached += [
                each for each in self._written if each not in reached and re.search(rf"\b{each}\b", self._written[name])
            ]
        views = [(name, self._written[name]) for name in self._written if name in reached]
        if not views:
            return sql
        if ";\n" in sql:
            made = [f"CREATE OR REPLACE TEMP VIEW {name} AS\n{written}" for name, written in views]
            return ";\n\n".join([*made, sql])
        body = re.sub(r"^\s*WITH\b", "", sql, count=1, flags=re.IGNORECASE)
        joined = ",\n".join(f"{name} AS (\n{written}\n)" for name, written in views)
        return f"WITH {joined}{',' if body != sql else ''}\n{body.lstrip()}"

    def _state(self, as_of: date | None) -> tuple[Names, Tables]:
        with told(self.home, READING):
            seen = snapshot.versions(self._store)
            if seen is not None and (seen, as_of) in self._opened:
                return self._opened[seen, as_of]
            logs = snapshot.look(self._store)
            key = (logs.versions, as_of)
            if key not in self._opened:
                names = Names.of(logs, as_of)
                tables, written = snapshot.frames(self.connection, self._store, logs, as_of, names)
                self._opened[key] = (names, tables)
                self._written |= written
            return self._opened[key]

    def land(  # noqa: PLR0913  # what a receipt says, word for word
        self,
        table: Table,
        rows: duckdb.DuckDBPyRelation,
        raw: Path,
        *,
        source: str,
        licence: str,
        citation: str,
        url: str | None,
        vintage: date,
        complete: bool,
        sha256: str | None = None,
        on_progress: Callable[[str, float], None] | None = None,
    ) -> Landed:
        """Land a file's rows and bytes: all of them or nothing, whatever happens on the way.

        `rows` is a relation on this lake's `connection` with the columns of `table` but `receipt` (and
        `vintage`, for trade). `complete` says that the file is all its publisher has for the reporters
        and periods it speaks of; `sha256` what its bytes came to when the rows were read, if that was
        before now, lest the rows of one state be kept with the bytes of another.

        The same bytes are landed once: a second time changes nothing and says `already`. Raises
        `CheckError` naming file, row, column and value where the rows break the table's checks,
        `SourceError` where they cannot be read, `LakeError` where the lake cannot be written.
        """
        landing.refuse_source(source)
        with told(self.home, f"landing {legible(raw.name)}"):
            sha256, size = (sha256, raw.stat().st_size) if sha256 else digest(raw)
            self._store.make_ready()
            earlier = self._waiting(sha256) or self._earlier(sha256)
            if earlier:
                return earlier
            cargo = Cargo(table, rows, raw, sha256, size, source, licence, citation, url, vintage, complete)
            steps = (
                lambda staged, receipt: self._count_replaced(cargo, staged, receipt),
                on_progress or (lambda _step, _done: None),
            )
            if self._together is not None:
                self._together.append(landing.prepare(self.connection, self._store, cargo, *steps))
                return self._together[-1].landed
            landed = landing.land(self.connection, self._store, cargo, *steps)
            landed = landed or self._earlier(sha256)
            assert landed is not None
            return landed

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let the landings inside become visible at once, when the block ends; none of them where it raises.

        Many small files land several times faster so. What a landing says it replaces is counted against the
        state before the block. Raises `LakeError` at the end where they cannot be committed, also because another
        process landed the same bytes meanwhile: then land them one by one.
        """
        ready: list[Ready] = []
        self._together = ready
        try:
            yield
            if ready:
                with told(self.home, f"landing {len(ready)} files"):
                    landing.commit_all(self.connection, self._store, ready)
        finally:
            self._together = None
            for each in ready:
                each.discard(self.connection)

    def _waiting(self, sha256: str) -> Landed | None:
        """Return the landing of the same bytes that is to become visible together with this one."""
        mine = (each.landed for each in self._together or () if each.landed.sha256 == sha256)
        return next((replace(each, already=True, replaced_rows=0, hidden_rows=0) for each in mine), None)

    def _earlier(self, sha256: str) -> Landed | None:
        names, _ = self._state(None)
        sql = f"SELECT receipt, rows FROM {names.receipt} WHERE sha256 = $1 ORDER BY receipt LIMIT 1"
        found = first_row(self.connection, sql, [sha256])
        return Landed(found[0], sha256, found[1], already=True, replaced_rows=0) if found else None

    def _count_replaced(self, cargo: Cargo, staged: str, receipt: str) -> Replaced:
        if cargo.table is not TRADE:
            return Replaced()
        names, _ = self._state(None)
        return landing.replaced_rows(self.connection, names, staged, cargo, receipt)

    def raw_path(self, sha256: str) -> Path:
        """Return a local path of the publisher's bytes; raises `LakeError` where they were never landed."""
        shipped = shipped_csv()
        if shipped.is_file() and digest(shipped)[0] == sha256:
            return shipped
        with told(self.home, f"reading raw file {sha256[:12]}"):
            return self._store.raw(sha256)

    def open_raw(self, sha256: str) -> BinaryIO:
        """Open the publisher's bytes for reading; raises `LakeError` where they were never landed."""
        path = self.raw_path(sha256)
        try:
            return path.open("rb")
        except OSError as error:
            message = f"raw file {sha256} cannot be read at {path}: {error.strerror}"
            raise LakeError(message) from error

    @property
    def shelf(self) -> Path:
        """The local folder for what was learned from this lake: it can be deleted, and learned again."""
        return self._store.shelf()

    def compact(self, on_progress: Callable[[float], None] | None = None) -> int:
        """Bring the many landed files of a source into one file of visible rows each; return how many were made.

        Questions give the same answers and read less. The landed files stay, and what answers cite are they; the
        new files lie beside them and can be deleted. `on_progress` is told the share (0 to 1) that is done.
        """
        names, _ = self._state(None)
        with told(self.home, "compacting"):
            made = snapshot.compacted(self.connection, self._store, names, on_progress or (lambda _done: None))
        self._opened.clear()
        return made

    def scattered(self) -> int:
        """Count the files that every question reads one by one until `compact` brings them together."""
        names, _ = self._state(None)
        return snapshot.scattered(self.connection, self._store, names)

    def tidy_up(self, older_than: timedelta | None = None) -> int:
        """Remove what killed landings left behind, and return of how many landings that was.

        Touches only what is older than a day (or `older_than`), so that a landing under way elsewhere is
        safe. Nothing that any question can see is ever removed.
        """
        with told(self.home, "tidying up"):
            self._store.look()
            return tidy.tidy_up(self.connection, self._store, older_than)
