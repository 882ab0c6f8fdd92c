"""The options that several commands share, written once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.tell.sheets import Format

if TYPE_CHECKING:
    from datetime import date

Home = Annotated[
    str | None,
    typer.Option(
        "--home",
        envvar="TIDEWAITER_HOME",
        help="Folder or object-store URL of the lake.",
        show_default="the platform's data folder",
        show_envvar=True,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="How to write the table.", show_default="by the ending of --out, else a table"),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write the table to this file; needed for parquet and xlsx.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Answer from what had been published by that day."),
]


def as_day(moment: datetime | None) -> date | None:
    """Turn the moment that the command line parsed into its day."""
    return None if moment is None else moment.date()
