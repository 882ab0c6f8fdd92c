"""`tidewaiter land`: recognise publishers' files, show the guess, land them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tidewaiter.cli.options import Home, Json, Quiet, as_day

if TYPE_CHECKING:
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.statistics.land import Guess, Landing

EXAMPLES = """
Examples:

  tidewaiter land imf_dots_PRK.csv

  tidewaiter land --dry-run *.txt

  tidewaiter land renamed.txt --reporter CHN --flow export

  tidewaiter land comtrade_2019.json --vintage 2020-03-18
"""

MANY_FILES: Final = 100
"""Files that a question reads before compacting them is worth a line: fewer cost a question some milliseconds."""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("land", epilog=EXAMPLES)(land)


def land(
    files: Annotated[
        list[Path],
        # Whether each can be read is told file by file, so that one keeps no other out.
        typer.Argument(help="Publishers' files, as downloaded.", show_default=False, readable=False),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what each file is taken for and stop.")] = False,
    source: Annotated[str | None, typer.Option(help="Take the files for this source; no guessing.")] = None,
    reporter: Annotated[str | None, typer.Option(help="Who declared, where a renamed file no longer says.")] = None,
    flow: Annotated[str | None, typer.Option(help="export or import, where a renamed file no longer says.")] = None,
    product: Annotated[
        str | None, typer.Option(help="HS code the file is about, where it does not say.", show_default="all goods")
    ] = None,
    vintage: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day the file was downloaded, if not today.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where it was downloaded from.")] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="The file is everything its reporters declared for its periods.")
    ] = False,
    allow_cut: Annotated[
        bool, typer.Option("--allow-cut", help="Land an answer that stops exactly at the publisher's row limit.")
    ] = False,
    home: Home = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Recognise publishers' files by their content and land them, whole or not at all."""
    from tidewaiter import pipeline
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.statistics.land import LandOptions
    from tidewaiter.tell.landing import outcomes_json
    from tidewaiter.tell.progress import progress

    options = LandOptions(
        source=source,
        reporter=reporter,
        flow=flow,
        product=product,
        vintage=as_day(vintage),
        url=url,
        complete=complete,
        allow_cut=allow_cut,
    )
    outcomes = []
    with progress("landing", len(files), shown=not (quiet or json)) as step:
        for path, outcome in pipeline.land(files, options, dry_run=dry_run, home=home):
            outcomes.append((path, outcome))
            step(path.name)
            if not json:
                _tell(path, outcome, quiet=quiet)
    if not (quiet or json or dry_run):
        _advise(home)
    if json:
        typer.echo(outcomes_json(outcomes))
    if any(isinstance(outcome, TidewaiterError) for _, outcome in outcomes):
        raise typer.Exit(2)


def _advise(home: str | None) -> None:
    """Name the command that makes a lake of very many files quick, where it would."""
    from tidewaiter import pipeline

    files = pipeline.open_lake(home).scattered()
    if files >= MANY_FILES:
        typer.echo(f"the lake reads {files} files for a question; `tidewaiter compact` makes that few", err=True)


def _tell(path: Path, outcome: Guess | Landing | TidewaiterError, *, quiet: bool) -> None:
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.tell.landing import outcome_line

    refused = isinstance(outcome, TidewaiterError)
    if refused or not quiet:
        typer.echo(outcome_line(path, outcome), err=refused)
