"""How much an answer holds, before it is believed: rows, which reporters and periods, whether it is whole.

Reads the body through the engine, so that an answer of any size takes little memory.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidewaiter.base.errors import SourceError
from tidewaiter.statistics.bench import literal
from tidewaiter.statistics.container import examine
from tidewaiter.statistics.envelope import unwrap
from tidewaiter.statistics.fetching.refusals import SpoiledError

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Weight:
    """What an answer holds: `counted` is what it says, `held` what is there; `cells` are `reporter period`."""

    counted: int
    held: int
    cells: dict[str, int]
    products: tuple[str, ...]


def weigh(path: Path, connection: duckdb.DuckDBPyConnection) -> Weight:
    """Weigh a UN Comtrade answer; raises `SpoiledError` for a body that is no whole answer."""
    found = rows_of(path, connection, ("reporterCode", "period", "cmdCode"))
    counted, relation = found
    sql = f"""SELECT "reporterCode" || ' ' || "period", count(*), list(DISTINCT "cmdCode") FROM {relation} GROUP BY 1"""
    rows = connection.execute(sql).fetchall()
    connection.execute(f"DROP TABLE {relation}")
    cells = {str(cell): int(number) for cell, number, _ in rows}
    products = sorted({str(code) for *_, codes in rows for code in codes})
    return Weight(counted, sum(cells.values()), cells, tuple(products))


def records(path: Path, connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return named fields of every row of a small answer, as text; raises `SpoiledError`."""
    _, relation = rows_of(path, connection, columns)
    rows = connection.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {relation}").fetchall()
    connection.execute(f"DROP TABLE {relation}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def rows_of(path: Path, connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> tuple[int, str]:
    """Put named fields of an answer's rows on a table; returns how many the answer counts, and the table."""
    import duckdb

    name = "weighed"
    wanted = ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns)
    with tempfile.TemporaryDirectory(prefix="tidewaiter-") as folder:
        try:
            contents = examine(path, Path(folder))
            if contents.kind != "json":
                why = f"a page of {contents.kind} came instead of data"
                raise SpoiledError(why)
            contents, counted = unwrap(contents, Path(folder))
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM "
                f"read_json({literal(str(contents.readable))}, format='array', columns={{{wanted}}})"
            )
        except SourceError as error:
            why = str(error).removeprefix(f"{path.name}: ")
            raise SpoiledError(why) from None
        except duckdb.Error as error:
            why = f"the answer cannot be read ({str(error).splitlines()[0][:120]})"
            raise SpoiledError(why) from None
    if counted is None:
        why = "the answer has no envelope"
        raise SpoiledError(why)
    return counted, name


def _quoted(name: str) -> str:
    return f'"{name}"'
