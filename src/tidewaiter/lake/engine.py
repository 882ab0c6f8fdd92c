"""The one engine: a DuckDB connection that stays offline and within its memory; knows no table."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from tidewaiter.base.schema import Frame


def connect(memory_limit: str, threads: int | None) -> duckdb.DuckDBPyConnection:
    """Open an engine in memory that spills to the temporary folder and downloads nothing.

    Raises `duckdb.Error` for a memory limit it cannot read.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": memory_limit,
            "temp_directory": str(Path(tempfile.gettempdir()) / f"tidewaiter-{os.getpid()}"),
            **({"threads": threads} if threads else {}),
        }
    )
    # Footers are read once per process; data files never change once they are written.
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def first_row(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """Run `sql` to its end and return its first row, or None where it gives none.

    The engine refuses further work on a connection while a result is read by halves.
    """
    found = connection.execute(sql, values).fetchall()
    return found[0] if found else None


def engine_seconds(frame: Frame, times: int = 5) -> float:
    """Measure how long the engine takes to answer `frame`, fetching included: the best of `times` runs.

    For benchmarks: nothing is read into Python but the answer's own rows, and nothing is cached but
    what the operating system and the engine keep anyway.
    """
    relation: Any = frame.to_native()
    best = float("inf")
    for _ in range(times):
        started = perf_counter()
        relation.fetchall()
        best = min(best, perf_counter() - started)
    return best


def quoted(name: str) -> str:
    """Write `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write `text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: list[str]) -> str:
    """Write `texts` as an SQL list of strings."""
    return "[" + ", ".join(literal(text) for text in texts) + "]"
