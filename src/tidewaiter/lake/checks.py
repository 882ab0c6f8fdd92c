"""Hold staged rows against the checks of their table; refuses the whole file, changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CheckError
from tidewaiter.base.schema import COUNT, TEXT, Check
from tidewaiter.lake.engine import first_row, literal, quoted
from tidewaiter.lake.stage import ADDED
from tidewaiter.lake.write import condition, partitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tidewaiter.base.schema import Table

_SHOWN: Final = 3


def check(connection: duckdb.DuckDBPyConnection, table: Table, staged: str, file: str, source: str) -> int:
    """Return how many rows are staged, or raise `CheckError` with file, rows, column, values and counts.

    Checked are the table's own checks, that every row's source is the landing's, and that no two rows
    say the same line.
    """
    rows = _one(connection, f"SELECT count(*) FROM {staged}")
    if not rows:
        message = f"{file} holds no rows; nothing was landed"
        raise CheckError(message)
    failed = [
        _describe(connection, staged, each, count) for each, count in _failures(connection, table, staged, source)
    ]
    failed = failed or _doubles(connection, table, staged, rows)
    if failed:
        message = f"{file}: {'; '.join(failed)}; nothing was landed"
        raise CheckError(message)
    return rows


def _failures(connection: duckdb.DuckDBPyConnection, table: Table, staged: str, source: str) -> list[tuple[Check, int]]:
    present = [each for each in table.all_checks if each.column not in ADDED[table.name]]
    if "source" in table.names:
        present.append(Check(f"source is not {source}", f"source <> {literal(source)}", "source"))
    suspects = {each for each in present if not _read(table, each) <= _worded(table)}
    suspects |= _word_failures(
        connection, staged, {each: _read(table, each) for each in present if each not in suspects}
    )
    counts = {each: _one(connection, f"SELECT count(*) FROM {staged} WHERE {each.failing}") for each in suspects}
    return [(each, counts[each]) for each in present if counts.get(each)]


def _worded(table: Table) -> set[str]:
    """Name the columns with few distinct values, as far as types tell."""
    return {column.name for column in table.columns if column.type in {TEXT, COUNT} and column.name != "row"}


def _read(table: Table, check: Check) -> frozenset[str]:
    return frozenset(name for name in table.names if re.search(rf"\b{name}\b", check.failing))


def _word_failures(
    connection: duckdb.DuckDBPyConnection, staged: str, read: Mapping[Check, frozenset[str]]
) -> set[Check]:
    """Return the checks that some row breaks, asking each distinct combination of words once.

    Patterns are dear and combinations few. Checks that share a column are asked together.
    """
    together: list[tuple[frozenset[str], list[Check]]] = []
    for check_, columns in read.items():
        joined = [each for each in together if each[0] & columns]
        together = [each for each in together if not each[0] & columns]
        together.append(
            (columns.union(*(each[0] for each in joined)), [check_, *(c for each in joined for c in each[1])])
        )
    failed: set[Check] = set()
    for columns, checks in together:
        asked = ", ".join(f"coalesce(bool_or({each.failing}), false)" for each in checks)
        # Materialised, lest the engine asks every row before it looks for distinct ones.
        found = first_row(
            connection,
            f"WITH words AS MATERIALIZED (SELECT DISTINCT {', '.join(map(quoted, sorted(columns)))} FROM {staged}) "
            f"SELECT {asked} FROM words",
        )
        failed.update(each for each, breaks in zip(checks, found or (), strict=True) if breaks)
    return failed


def _describe(connection: duckdb.DuckDBPyConnection, staged: str, failed: Check, count: int) -> str:
    column = quoted(failed.column)
    found = connection.execute(
        f"SELECT row, CAST({column} AS VARCHAR) FROM {staged} WHERE {failed.failing} ORDER BY row LIMIT {_SHOWN}"
    ).fetchall()
    shown = ", ".join(f"row {row}" if value is None else f"row {row} ({failed.column} {value})" for row, value in found)
    return f"{failed.name}: {shown}" + (f" and {count - len(found)} more" if count > len(found) else "")


def _doubles(connection: duckdb.DuckDBPyConnection, table: Table, staged: str, rows: int) -> list[str]:
    """Name the first pairs of rows that say the same line.

    Distinct hashes prove distinct keys; only where two hashes agree are the keys themselves compared.
    """
    key = ", ".join(quoted(name) for name in table.key if name not in ADDED[table.name])
    # Partition by partition, since a small set of hashes stays in the processor's cache.
    distinct = sum(
        _one(connection, f"SELECT count(DISTINCT hash({key})) FROM {staged} WHERE {condition(each)}")
        for each in partitions(connection, table, staged)
    )
    if distinct == rows:
        return []
    found = connection.execute(
        f"""SELECT min(row), max(row), concat_ws(' ', {key}), count(*) OVER ()
            FROM {staged} GROUP BY {key} HAVING count(*) > 1 ORDER BY min(row) LIMIT {_SHOWN}"""
    ).fetchall()
    if not found:
        return []
    shown = ", ".join(f"rows {first} and {last} ({words})" for first, last, words, _ in found)
    more = f" and {found[0][3] - len(found)} more lines" if found[0][3] > len(found) else ""
    return [f"the same line stands twice: {shown}{more}"]


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = first_row(connection, sql)
    return int(found[0]) if found else 0
