"""`tidewaiter sources` and `tidewaiter receipts`: what can be landed, and what has been."""

from __future__ import annotations

from typing import Annotated

import typer

from tidewaiter.cli.options import AsOf, Home, Json, as_day


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
    raw: Annotated[str | None, typer.Option(help="Write the raw bytes of this sha256 to standard output.")] = None,
) -> None:
    """List what has been landed: file, source, vintage, rows, sha256."""
    from tidewaiter import pipeline
    from tidewaiter.tell.table import print_table

    lake = pipeline.open_lake(home)
    if raw is not None:
        import shutil
        import sys

        with lake.open_raw(raw) as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    columns = ("vintage", "source", "file", "rows", "sha256", "receipt")
    frame = lake.tables(as_day(as_of)).receipt.sort("receipt").select(*columns)
    rows = [tuple(row) for row in frame.to_native().fetchall()]
    print_table(columns, rows, json=json)
