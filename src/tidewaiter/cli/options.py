"""The options that several commands share, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date, datetime

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
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def as_day(moment: datetime | None) -> date | None:
    """Turn the moment that the command line parsed into its day."""
    return None if moment is None else moment.date()
