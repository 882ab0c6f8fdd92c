"""Put the rows of a recognised file into the engine, each with its number in the file.

Parquet stays where it is and is read lazily; text and JSON are read once, every cell as text, so that
codes keep their zeros and money its digits. The engine reads; Python moves no rows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from tidewaiter.statistics.bench import Bench, literal, quoted
from tidewaiter.statistics.container import LONGEST_LINE
from tidewaiter.statistics.header import NO_ROWS, first_line
from tidewaiter.statistics.refusal import refuse, shown

if TYPE_CHECKING:
    import duckdb

    from tidewaiter.statistics.card import Card, Layout
    from tidewaiter.statistics.container import Contents
    from tidewaiter.statistics.header import Header

_WIDTH: Final = re.compile(r"CSV Error on Line: (\d+).*?Expected Number of Columns: (\d+) Found: (\d+)", re.DOTALL)
_LINE: Final = re.compile(r"CSV Error on Line: (\d+)")
_views = count(1)


def put_on_bench(
    connection: duckdb.DuckDBPyConnection, contents: Contents, header: Header, card: Card, layout: Layout
) -> Bench:
    """Make the rows of `contents` a relation with the layout's columns and `row`, counted from 1.

    Raises `SourceError` where rows are cut, shifted or damaged, or where there are none.
    """
    import duckdb

    if contents.kind == "json":
        # The first record need not have every name: programs that clean JSON leave out what is null.
        header = replace(header, columns=tuple(dict.fromkeys((*header.columns, *layout.optional))))
    bench = Bench(connection, contents.name, card, layout, header, "")
    try:
        if contents.kind == "parquet":
            _put_parquet(bench, contents)
        elif contents.kind == "json":
            _put_json(bench, contents)
        else:
            _put_text(bench, contents)
    except duckdb.Error as error:
        bench.close()
        refuse(contents.name, _what_happened(contents, error))
    (held,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    if held == 0:
        refuse(contents.name, NO_ROWS)
    said = header.counted
    if said is not None and said != held:
        refuse(contents.name, f"says it counts {said} rows but holds {held}; it was cut: download it again in parts")
    return bench


def _wanted(bench: Bench) -> tuple[str, ...]:
    """Return the columns to read: those the layout names, and the values of a wide table."""
    values = bench.layout.value_columns(bench.header.columns)
    optional = (name for name in bench.layout.optional if bench.has(name))
    return tuple(dict.fromkeys((*bench.layout.columns, *optional, *values)))


def _put_parquet(bench: Bench, contents: Contents) -> None:
    columns = ", ".join(quoted(name) for name in _wanted(bench))
    view = f"bench_view_{next(_views)}"
    bench.connection.execute(
        f"CREATE TEMP VIEW {view} AS SELECT file_row_number + 1 AS row, {columns} "
        f"FROM read_parquet({literal(str(contents.readable))}, file_row_number=true)"
    )
    bench.made.append(f"DROP VIEW IF EXISTS {view}")
    bench.rows = view
    bench.is_text = False


def _put_json(bench: Bench, contents: Contents) -> None:
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in _wanted(bench))
    bench.rows = bench.table(
        f"SELECT row_number() OVER () AS row, * FROM read_json({literal(str(contents.readable))}, format='array', "
        f"columns={{{columns}}})"
    )


def _put_text(bench: Bench, contents: Contents) -> None:
    header = bench.header
    assert header.delimiter is not None
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header.columns)
    wanted = ", ".join(quoted(name) for name in _wanted(bench))
    # A first column without a name is the numbering that many programs write; any other should be empty.
    nameless = [name for place, name in enumerate(header.columns, start=1) if place > 1 and name == f"column {place}"]
    blank = "".join(f", {quoted(name)}" for name in nameless if name not in _wanted(bench))
    (ordered,) = bench.one("SELECT current_setting('preserve_insertion_order')")
    bench.rows = bench.table(
        f"SELECT row_number() OVER () AS row, {wanted}{blank} FROM read_csv({literal(str(contents.readable))}, "
        f"delim={literal(header.delimiter)}, quote='\"', escape='\"', header=true, auto_detect=false, "
        f"columns={{{columns}}}, encoding='{contents.encoding}', max_line_size={2 * LONGEST_LINE}, "
        f"strict_mode=true, null_padding=false, parallel={'true' if ordered else 'false'})"
    )
    for name in nameless:
        found = bench.first(
            f"SELECT row, {quoted(name)} FROM {bench.rows} WHERE {quoted(name)} IS NOT NULL ORDER BY row LIMIT 1"
        )
        if found is not None:
            refuse(
                bench.name,
                f"{shown(found[1])} stands under no heading; the columns are shifted: download it again",
                row=found[0],
                column=name,
            )


def _what_happened(contents: Contents, error: duckdb.Error) -> str:
    """Turn the engine's message into one line that says what to do."""
    import duckdb

    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "needs more memory than the engine may take; set TIDEWAITER_MEMORY_LIMIT higher, or ask for it in parts"
    if isinstance(error, duckdb.IOException):
        return f"cannot be read ({first_line(error)}); see that the disk has room and download it again"
    if width := _WIDTH.search(text):
        line, expected, found = width.groups()
        return (
            f"line {line} has {found} columns where the heading has {expected}; the columns are shifted, "
            "a quote is missing or the file was cut: download it again"
        )
    if line_match := _LINE.search(text):
        reason = "a quote is never closed" if "quote" in text else "it cannot be read as a table row"
        return f"line {line_match[1]}: {reason}; the file is damaged or was cut: download it again"
    return f"the {contents.format} data break off or are damaged; download the file again"
