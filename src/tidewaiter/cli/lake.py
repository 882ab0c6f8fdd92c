"""`tidewaiter sources`, `receipts` and `compact`: what can be landed, what has been, and keeping it quick to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, Out, as_day

if TYPE_CHECKING:
    from tidewaiter.lake.lake import Lake


RECEIPTS = """
Examples:

  tidewaiter receipts

  tidewaiter receipts --as-of 2020-03-18 --format csv --out receipts.csv

  tidewaiter receipts --raw 91f02627d0b9 > the-file-as-it-was-landed
"""


def add_to(app: typer.Typer) -> None:
    """Hang the commands into the command line."""
    app.command("sources", epilog="Examples:\n\n  tidewaiter sources\n\n  tidewaiter sources --format csv")(sources)
    app.command("receipts", epilog=RECEIPTS)(receipts)
    app.command("compact", epilog="Examples:\n\n  tidewaiter compact")(compact)


def compact(*, home: Home = None) -> None:
    """Make a lake of many files quicker to read: questions give the same answers in less time.

    What was landed of each source is also kept as one file of the rows that count, in the lake's folder `compacted`.
    Landed files stay as they are. After landing more of a source run it again: till then it is read from them.
    """
    from tidewaiter import pipeline

    made = pipeline.open_lake(home).compact()
    files = "1 file" if made == 1 else f"{made} files"
    typer.echo(f"{files} written" if made else "nothing to do: no source has several files that are not compacted yet")


def sources(*, json: Json = False, form: FormatOption = None, out: Out = None) -> None:
    """List the publishers whose files can be landed."""
    from tidewaiter.statistics.card import cards
    from tidewaiter.tell.lake_sheets import sources_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit
    from tidewaiter.tell.table import print_records

    chosen = chosen_format(form, out, json=json)
    sheet = sources_sheet(cards().values())
    if chosen is Format.json:
        print_records(sheet, out)
    else:
        emit([sheet], chosen, out)


def receipts(
    *,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
    raw: Annotated[
        str | None, typer.Option(help="Write the raw bytes of this sha256, or what it begins with, to standard output.")
    ] = None,
) -> None:
    """List what has been landed: file, source, vintage, rows, sha256."""
    from tidewaiter import pipeline
    from tidewaiter.tell.lake_sheets import receipts_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit
    from tidewaiter.tell.table import print_records

    lake = pipeline.open_lake(home)
    if raw is not None:
        import shutil
        import sys

        with lake.open_raw(_sha256(lake, raw)) as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    chosen = chosen_format(form, out, json=json)
    sheet = receipts_sheet(lake.tables(as_day(as_of)).receipt, short=chosen is Format.table)
    if chosen is Format.json:
        print_records(sheet, out)
    else:
        emit([sheet], chosen, out)


def _sha256(lake: Lake, beginning: str) -> str:
    """Return the one sha256 in the lake that begins so; what is no beginning of one is left for the lake to refuse."""
    import re

    from tidewaiter.base.errors import LakeError

    if not re.fullmatch(r"[0-9a-f]{4,63}", beginning):
        return beginning
    landed = lake.tables().receipt.select("sha256").to_native().fetchall()
    found = sorted({str(each) for (each,) in landed if each.startswith(beginning)})
    if not found:
        message = f"no landed file's sha256 begins with {beginning}; `tidewaiter receipts` lists them"
        raise LakeError(message)
    if len(found) > 1:
        message = f"{len(found)} landed files' sha256 begin with {beginning}; write more of it"
        raise LakeError(message)
    return found[0]
