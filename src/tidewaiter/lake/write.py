"""Write staged rows as the Parquet files of a Delta table: one per partition, sorted; commits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from tidewaiter.base.schema import TEXT, TRADE
from tidewaiter.lake.engine import first_row, literal, quoted
from tidewaiter.lake.log import DataFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import duckdb

    from tidewaiter.base.schema import Table

SORTED_BY: Final = {TRADE.name: ("product", "exporter", "importer", "flow", "period")}
"""The order of rows inside a file: readers skip whole row groups of products they were not asked for."""


def write_files(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    staged: str,
    added: Mapping[str, str],
    folder: Path,
    name: str,
    on_file: Callable[[float], None] = lambda _done: None,
) -> list[DataFile]:
    """Write the rows of `staged` below `folder` as Delta wants them, and return what was written.

    `added` gives the columns that are the same in every row as SQL expressions. Partition columns are
    in the path, not in the file. `on_file` is told the share (0 to 1) that is written.
    """
    kept = [column for column in table.columns if column.name not in table.partitions]
    selected = ", ".join(f"{added.get(column.name, quoted(column.name))} AS {quoted(column.name)}" for column in kept)
    order = ", ".join(SORTED_BY.get(table.name, ()))
    found = partitions(connection, table, staged)
    files = []
    for done, values in enumerate(found, 1):
        folders = [f"{column}={quote(text, safe='')}" for column, text in values.items()]
        place = "/".join([*folders, f"{name}.parquet"])
        target = folder / table.name / place
        target.parent.mkdir(parents=True, exist_ok=True)
        written = first_row(
            connection,
            f"COPY (SELECT {selected} FROM {staged} WHERE {condition(values)}"
            + (f" ORDER BY {order}" if order else "")
            + f") TO {literal(str(target))} (FORMAT parquet, RETURN_STATS)",
        )
        assert written is not None
        files.append(_describe(table, place, values, written))
        on_file(done / len(found))
    return files


def partitions(connection: duckdb.DuckDBPyConnection, table: Table, staged: str) -> list[dict[str, str]]:
    """Return the partitions that staged rows fall into, as the text of each partition column."""
    if not table.partitions:
        return [{}]
    columns = ", ".join(f"CAST({quoted(each)} AS VARCHAR)" for each in table.partitions)
    found = connection.execute(f"SELECT DISTINCT {columns} FROM {staged} ORDER BY ALL").fetchall()
    return [dict(zip(table.partitions, values, strict=True)) for values in found]


def condition(partition: Mapping[str, str]) -> str:
    """Write a partition as an SQL condition."""
    return " AND ".join(f"{quoted(column)} = {literal(text)}" for column, text in partition.items()) or "true"


def _describe(table: Table, place: str, partition: Mapping[str, str], written: tuple[Any, ...]) -> DataFile:
    """Read what the engine says of a file it wrote: name, rows, bytes, footer bytes, statistics by column."""
    texts = {quoted(column.name) for column in table.columns if column.type == TEXT}
    known = {
        name.strip('"'): said
        for name, said in written[4].items()
        if name in texts and said.get("min_is_exact") == said.get("max_is_exact") == "true"
    }
    return DataFile(
        path=place,
        size=int(written[2]),
        rows=int(written[1]),
        partition=partition,
        lowest={name: said["min"] for name, said in known.items()},
        highest={name: said["max"] for name, said in known.items()},
    )
