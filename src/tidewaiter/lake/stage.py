"""Rows on their way in: put on a table of the engine's own, in the types that `schema.py` names.

Columns with few distinct values are staged as numbered words (ENUM): sorting and writing them costs a
third. That is a matter of speed only; a word the numbering does not know is staged as text like the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from tidewaiter.base.errors import CheckError, LakeError, SourceError
from tidewaiter.base.schema import PUBLISHED, TRADE
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.schema_reference import REFERENCE
from tidewaiter.base.terms import EDITION_UNSTATED, FLOWS, Frequency, Valuation
from tidewaiter.codes.areas import every_area
from tidewaiter.codes.products import editions
from tidewaiter.lake.engine import first_row, listed, quoted
from tidewaiter.lake.faults import first_line

if TYPE_CHECKING:
    import duckdb

    from tidewaiter.base.schema import Column, Table

ADDED: Final = {
    TRADE.name: ("vintage", "receipt"),
    PUBLISHED.name: ("receipt",),
    LANDED_CONCORDANCE.name: ("receipt",),
    REFERENCE.name: ("receipt",),
}
"""The columns of each table that a landing adds itself."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_WORDS: Final = {
    "reporter": "area",
    "partner": "area",
    "exporter": "area",
    "importer": "area",
    "flow": "flow",
    "hs": "hs",
    "period": "period",
    "frequency": "frequency",
    "valuation": "valuation",
}


def arriving(table: Table) -> tuple[Column, ...]:
    """Return the columns that rows must come with."""
    return tuple(column for column in table.columns if column.name not in ADDED[table.name])


def stage(connection: duckdb.DuckDBPyConnection, table: Table, rows: duckdb.DuckDBPyRelation, file: str) -> str:
    """Read `rows` once into a new table of the engine and return its name; the caller drops it.

    `rows` must belong to `connection`. Raises `CheckError` for a value that does not fit its column's
    type, with the row, and `SourceError` where the rows cannot be read at all.
    """
    import duckdb

    columns = arriving(table)
    missing = [column.name for column in columns if column.name not in rows.columns]
    if missing:
        message = f"{file}: the rows for {table.name} have no column {', '.join(missing)}"
        raise LakeError(message)
    name = f"staged_{table.name}"
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    try:
        try:
            rows.project(_casts(columns, _number_words(connection) if table is TRADE else {})).create(name)
        except duckdb.ConversionException:
            rows.project(_casts(columns, {})).create(name)
    except duckdb.ConversionException as error:
        _blame(columns, rows, file)
        message = f"{file}: {first_line(error)}"
        raise SourceError(message) from error
    except (duckdb.InvalidInputException, duckdb.OutOfRangeException) as error:
        message = f"{file}: {first_line(error)}"
        raise SourceError(message) from error
    return name


def _casts(columns: tuple[Column, ...], types: dict[str, str]) -> str:
    return ", ".join(
        f"CAST({quoted(each.name)} AS {types.get(each.name, each.type)}) AS {quoted(each.name)}" for each in columns
    )


def _blame(columns: tuple[Column, ...], rows: duckdb.DuckDBPyRelation, file: str) -> None:
    """Find the value that does not fit its type and raise `CheckError`; return if none is found."""
    for each in columns:
        name = quoted(each.name)
        misfit = f"{name} IS NOT NULL AND TRY_CAST({name} AS {each.type}) IS NULL"
        found = rows.filter(misfit).project(f"{name}, row").order("row").limit(1).fetchall()
        if found:
            value, row = found[0]
            message = f"{file}: row {row}: {each.name} is {value}, which does not fit {each.type}; nothing was landed"
            raise CheckError(message)


def _number_words(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Make the ENUM types, once per connection, and return the type of each column that has one.

    Words are numbered in their alphabetical order, so that sorting by number sorts by word.
    """
    types = {column: f"word_{kind}" for column, kind in _WORDS.items()}
    if first_row(connection, "SELECT 1 FROM duckdb_types() WHERE type_name = 'word_period' LIMIT 1"):
        return types
    words = {
        "area": [each.code for each in every_area()],
        "flow": list(FLOWS),
        "hs": [EDITION_UNSTATED, *editions.values()],
        "frequency": list(get_args(Frequency)),
        "valuation": list(get_args(Valuation)),
    }
    for kind, known in words.items():
        connection.execute(f"CREATE TYPE word_{kind} AS ENUM (SELECT unnest({listed(sorted(set(known)))}))")
    connection.execute(
        f"""CREATE TYPE word_period AS ENUM (
            SELECT word FROM (
                SELECT CAST(year AS VARCHAR) AS word FROM range({_FIRST_YEAR}, {_LAST_YEAR}) AS years(year)
                UNION ALL
                SELECT year || '-' || lpad(CAST(month AS VARCHAR), 2, '0')
                FROM range({_FIRST_YEAR}, {_LAST_YEAR}) AS years(year), range(1, 13) AS months(month)
            ) ORDER BY word)"""
    )
    return types
