"""Choose what runs the big tables: DuckDB in this process, or Spark; the stages know neither by name.

Owns the choice, and DuckDB's side of it; `spark` holds the other. Both keep frames, fetch the rows of
small ones, take small tables in and read a lake's visible rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

import narwhals as nw

from tidewaiter.lake.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    import duckdb

    from tidewaiter.base.schema import Frame, Table, Tables
    from tidewaiter.lake.lake import Lake

DUCKDB: Final = "duckdb"


class Engine(Protocol):
    """What the stages and the spine ask of whatever runs the frames."""

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute `frame` once and return it as a table that is cheap to read again."""

    def forget(self) -> None:
        """Give back what was kept; frames made from it can no longer be read."""

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small frame, columns in the frame's order."""

    def table(self, table: Table, rows: Iterable[Sequence[Any]]) -> Frame:
        """Hand in a small table of the given columns."""

    def tables(self, lake: Lake, as_of: date | None = None) -> Tables:
        """Return the visible rows of `lake` as of a day."""

    def close(self) -> None:
        """End what was begun for these frames."""


class Duck:
    """A lake's own DuckDB connection as an engine."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._made: list[str] = []
        self._number = 0

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute `frame` into a temporary table, which spills to disk when memory is short."""
        return self._make(name, frame.to_native().sql_query())

    def forget(self) -> None:
        """Drop everything that was kept or handed in."""
        while self._made:
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(self._made.pop())}")

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small frame."""
        return list(frame.to_native().fetchall())

    def table(self, table: Table, rows: Iterable[Sequence[Any]]) -> Frame:
        """Hand in a small table of the given columns."""
        columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in table.columns]
        picked = ", ".join(f"unnest(CAST(? AS {each.type}[])) AS {quoted(each.name)}" for each in table.columns)
        return self._make(table.name, f"SELECT {picked}", columns)

    def tables(self, lake: Lake, as_of: date | None = None) -> Tables:
        """Return the visible rows of `lake`, whose connection this must be."""
        return lake.tables(as_of)

    def close(self) -> None:
        """Drop what was kept; the connection is the lake's and stays."""
        self.forget()

    def _make(self, name: str, query: str, values: Sequence[object] = ()) -> Frame:
        # A second engine on the same connection must not take this one's tables.
        self._number += 1
        made = f"{name}_{id(self):x}_{self._number}"
        self._connection.execute(f"CREATE TEMP TABLE {quoted(made)} AS {query}", values)
        self._made.append(made)
        frame: Frame = nw.from_native(self._connection.table(quoted(made))).lazy()
        return frame


@contextmanager
def open_engine(lake: Lake, choice: str | None = None) -> Iterator[Engine]:
    """Open the engine that `choice`, or else TIDEWAITER_ENGINE, names: duckdb, local or spark://host:port.

    Raises `LakeError` where Spark or Java is missing or no cluster answers, and `InputError` where the
    setting is another word.
    """
    from tidewaiter.base.settings import settings

    chosen = choice or settings().engine
    engine: Engine
    if chosen == DUCKDB:
        engine = Duck(lake.connection)
    else:
        from tidewaiter.lake.spark import Spark

        engine = Spark.open(chosen)
    try:
        yield engine
    finally:
        engine.close()
