"""Write a sheet: for a terminal, or as CSV, JSON, Markdown, Parquet or an Excel workbook.

Owns how a table looks in each format; no numbers are made here. Zero, "not reported" and "no data" stay three
different things in all of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tidewaiter.base.sheet import Sheet


class Format(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"
    parquet = "parquet"
    xlsx = "xlsx"


BINARY: Final = frozenset({Format.parquet, Format.xlsx})
MEDIA_TYPES: Final = {
    Format.table: "text/plain; charset=utf-8",
    Format.csv: "text/csv; charset=utf-8",
    Format.json: "application/json",
    Format.md: "text/markdown; charset=utf-8",
    Format.parquet: "application/vnd.apache.parquet",
    Format.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_bytes(sheets: Sequence[Sheet], form: Format) -> bytes:
    """Write `sheets` as one file in `form`; the same sheets always give the same bytes.

    CSV and Parquet hold one table: of several sheets the first. Raises `QueryError` for `table`, which is for
    terminals only.
    """
    from tidewaiter.tell.sheets import binary, text

    match form:
        case Format.csv:
            return text.csv(sheets[0]).encode()
        case Format.json:
            return text.json(sheets).encode()
        case Format.md:
            return text.markdown(sheets).encode()
        case Format.parquet:
            return binary.parquet(sheets[0])
        case Format.xlsx:
            return binary.workbook(sheets)
        case Format.table:
            message = (
                "a table for the terminal is printed, not written to a file; choose csv, json, md, parquet or xlsx"
            )
            raise QueryError(message)


def chosen_format(form: Format | None, out: Path | None, *, json: bool = False) -> Format:
    """Choose a format from what was said: `--format`, else `--json`, else the ending of `--out`, else a table.

    Raises `QueryError` where they contradict each other, where a file has an ending of no format, and where a
    binary format has no file to go to.
    """
    if json and form not in {None, Format.json}:
        message = f"--json and --format {form} contradict each other; leave one out"
        raise QueryError(message)
    found = Format.json if json else form
    if found is None and out is not None:
        ending = out.suffix.lstrip(".").lower()
        endings = [each.value for each in Format if each is not Format.table]
        if ending not in endings:
            message = f"what format is {out.name}? Say --format, or end the name in .{', .'.join(endings)}"
            raise QueryError(message)
        found = Format(ending)
    if found in BINARY and out is None:
        message = f"--format {found} is written to a file: add --out FILE.{found}"
        raise QueryError(message)
    if found is Format.table and out is not None:
        message = "--format table is for the terminal; leave --out or choose csv, json, md, parquet or xlsx"
        raise QueryError(message)
    return found or Format.table


def emit(sheets: Sequence[Sheet], form: Format, out: Path | None) -> None:
    """Print `sheets` or write them to `out`; raises `QueryError` where the file cannot be written."""
    if form is Format.table:
        from tidewaiter.tell.sheets.terminal import print_sheet

        for sheet in sheets:
            print_sheet(sheet)
        return
    data = as_bytes(sheets, form)
    write(data, out)


def write(data: bytes, out: Path | None) -> None:
    """Write `data` to a file, or to standard output where there is none."""
    if out is None:
        import sys

        sys.stdout.write(data.decode())
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror}"
        raise QueryError(message) from None
