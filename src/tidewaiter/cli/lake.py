"""`tidewaiter sources` and `tidewaiter receipts`: what can be landed, and what has been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import AsOf, Home, Json, as_day

if TYPE_CHECKING:
    from tidewaiter.lake.lake import Lake

SHORT = 12
"""Signs of a sha256 that a table shows, as citations do."""


def add_to(app: typer.Typer) -> None:
    """Hang the commands into the command line."""
    app.command("sources")(sources)
    app.command("receipts")(receipts)


def sources(*, json: Json = False) -> None:
    """List the publishers whose files can be landed."""
    from tidewaiter.statistics.card import cards
    from tidewaiter.tell.table import print_table

    rows = [(card.id, card.publisher, card.title, card.licence) for card in cards().values()]
    print_table(("source", "publisher", "title", "licence"), rows, json=json)


def receipts(
    *,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
    raw: Annotated[
        str | None, typer.Option(help="Write the raw bytes of this sha256, or what it begins with, to standard output.")
    ] = None,
) -> None:
    """List what has been landed: file, source, vintage, rows, sha256."""
    from tidewaiter import pipeline
    from tidewaiter.tell.table import print_table

    lake = pipeline.open_lake(home)
    if raw is not None:
        import shutil
        import sys

        with lake.open_raw(_sha256(lake, raw)) as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    columns = ("vintage", "source", "file", "rows", "sha256", "receipt")
    frame = lake.tables(as_day(as_of)).receipt.sort("receipt").select(*columns)
    rows = [tuple(row) for row in frame.to_native().fetchall()]
    if json:
        print_table(columns, rows, json=True)
    else:
        print_table(columns[:-1], [(*row[:4], row[4][:SHORT]) for row in rows])


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
