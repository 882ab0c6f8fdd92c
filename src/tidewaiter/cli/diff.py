"""`tidewaiter diff`: which published numbers moved between two days, and which file moved them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tidewaiter.cli.options import FormatOption, Home, Json, Out

EXAMPLES = """
Examples:

  tidewaiter diff --from 2020-01-31

  tidewaiter diff --from 2020-01-31 --to 2020-06-30 --reporter RUS --with PRK

  tidewaiter diff --from 2020-01-31 --out revisions.csv
"""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("diff", epilog=EXAMPLES)(diff)


def diff(
    *,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The earlier day.")],
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The later day.", show_default="today")
    ] = None,
    reporter: Annotated[list[str] | None, typer.Option("--reporter", help="Only what these declared.")] = None,
    partner: Annotated[list[str] | None, typer.Option("--with", help="Only what was declared about these.")] = None,
    period: Annotated[str | None, typer.Option(help="Only these months or years: 2019, 2019-07, 2017..2020.")] = None,
    source: Annotated[str | None, typer.Option(help="One source only, by its id.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Lines of the table; 0 shows all.")] = 40,
    home: Home = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
) -> None:
    """Show what moved between two vintages: numbers that changed, appeared or went away, the largest first."""
    from datetime import UTC

    from tidewaiter import pipeline
    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.period import Period
    from tidewaiter.codes import areas
    from tidewaiter.tell.revisions import revisions_json, revisions_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write

    chosen = chosen_format(form, out, json=json)
    days = (first.date(), (last or datetime.now(UTC)).date())
    if days[0] >= days[1]:
        message = f"--from {days[0]} is not before --to {days[1]}"
        raise QueryError(message)
    short = chosen is Format.table
    found = pipeline.revisions(
        days,
        reporters=[areas.resolve(name, "--reporter") for name in reporter or ()],
        partners=[areas.resolve(name, "--with") for name in partner or ()],
        period=None if period is None else Period.parse(period),
        source=source,
        limit=(limit or None) if short else None,
        lake=pipeline.open_lake(home),
    )
    if chosen is Format.json:
        write(f"{revisions_json(found)}\n".encode(), out)
    else:
        emit([revisions_sheet(found, short=short)], chosen, out)
