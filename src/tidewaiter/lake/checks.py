"""Hold staged rows against the checks of their table; refuses the whole file, changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CheckError
from tidewaiter.base.schema import Check
from tidewaiter.lake.engine import first_row, literal, quoted
from tidewaiter.lake.stage import ADDED

if TYPE_CHECKING:
    import duckdb

    from tidewaiter.base.schema import Table

_SHOWN: Final = 3
_PATTERN: Final = "regexp"


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
    counts: dict[Check, int] = {}
    plain = [each for each in present if _PATTERN not in each.failing]
    counted = ", ".join(f"count(*) FILTER (WHERE {each.failing})" for each in plain)
    counts.update(zip(plain, first_row(connection, f"SELECT {counted} FROM {staged}") or (), strict=True))
    # A pattern is dear, and its columns hold few distinct values: ask each of them once.
    for each in (each for each in present if _PATTERN in each.failing):
        read = ", ".join(quoted(name) for name in table.names if name in each.failing)
        some = _one(connection, f"SELECT count(*) FROM (SELECT DISTINCT {read} FROM {staged}) WHERE {each.failing}")
        counts[each] = _one(connection, f"SELECT count(*) FROM {staged} WHERE {each.failing}") if some else 0
    return [(each, counts[each]) for each in present if counts[each]]


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
    grouped = ", ".join(quoted(name) for name in table.partitions) or "1"
    distinct = _one(
        connection,
        f"SELECT sum(keys) FROM (SELECT count(DISTINCT hash({key})) AS keys FROM {staged} GROUP BY {grouped})",
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
