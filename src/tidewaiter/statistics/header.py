"""The names of a file's columns, read from its first bytes before any row is.

Works on Parquet, JSON (a list of records) and delimited text. Knows no
publisher; `sniff` compares what is found here with the cards.
"""

from __future__ import annotations

import codecs
import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    import duckdb

    from tidewaiter.statistics.container import Contents

DELIMITERS: Final = ",;|"
NO_ROWS: Final = "holds no rows; an empty answer is not zero trade: check what was asked for"


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file in order, and how its rows are kept apart.

    `delimiter` for text; `counted` is how many rows a JSON answer says it counts; `preamble` holds what
    stood above the table of an HTML page.
    """

    columns: tuple[str, ...]
    delimiter: str | None = None
    counted: int | None = None
    preamble: tuple[str, ...] = ()


def read_header(contents: Contents, connection: duckdb.DuckDBPyConnection) -> Header:
    """Read the column names of `contents`; raises `SourceError` where there are none to read."""
    if contents.kind == "parquet":
        return _of_parquet(contents, connection)
    return _of_json(contents) if contents.kind == "json" else _of_text(contents)


def _of_parquet(contents: Contents, connection: duckdb.DuckDBPyConnection) -> Header:
    import duckdb

    try:
        found = connection.execute(
            "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?))", [str(contents.readable)]
        ).fetchall()
    except duckdb.Error as error:
        refuse(contents.name, f"the Parquet file is cut or damaged ({first_line(error)}); download it again")
    return Header(tuple(name for (name,) in found))


def _of_json(contents: Contents) -> Header:
    text = contents.head.decode("utf-8-sig", errors="ignore").lstrip()
    text = text[1:].lstrip()
    if not text or text.startswith("]"):
        refuse(contents.name, NO_ROWS)
    try:
        first, _ = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        refuse(contents.name, f"the JSON breaks off or is damaged in its first row ({error.msg}); download it again")
    if not isinstance(first, dict):
        refuse(contents.name, "is JSON whose rows are no records with named values")
    return Header(tuple(first))


def _of_text(contents: Contents) -> Header:
    text = contents.head.removeprefix(codecs.BOM_UTF8).decode(contents.encoding, errors="replace")
    line = text.splitlines()[0]
    # Headings hold commas and semicolons of their own, but never a tab.
    delimiter = "\t" if "\t" in line else max(DELIMITERS, key=lambda mark: _width(line, mark))
    if _width(line, delimiter) < 2:
        refuse(contents.name, f"is text but no table: its first line is {line[:60]!r}")
    columns = [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]
    named = [name or f"column {place}" for place, name in enumerate(columns, start=1)]
    # The engine tells no capitals apart.
    plain = [name.lower() for name in named]
    twice = next((name for name in reversed(named) if plain.count(name.lower()) > 1), None)
    if twice is not None:
        refuse(contents.name, "stands twice in the heading; the columns cannot be told apart", column=twice)
    return Header(tuple(named), delimiter=delimiter)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def first_line(error: Any) -> str:
    """Return the first line of an engine's message, without the kind of error before it."""
    line = str(error).strip().splitlines()[0]
    return line.split(": ", 1)[-1].rstrip(".")
