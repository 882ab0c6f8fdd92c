"""The command line: one command per verb, nothing else.

Commands read options, call `tidewaiter.pipeline`, and print through `tidewaiter.tell`; no
arithmetic and no file formats here. Heavy libraries are imported inside commands.
"""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from tidewaiter.base.version import __version__
from tidewaiter.cli import ask, brief, caps, chart, check, diff, fetch, lake, land, law, mirror, screen, serve

EXAMPLES = """
Examples:

  tidewaiter demo

  tidewaiter land imf_dots_PRK.csv

  tidewaiter ask imports PRK --from RUS --period 2019 --against 2018

  tidewaiter check story.txt --html findings.html
"""

app = typer.Typer(
    name="tidewaiter",
    help="Watch trade with countries under sanctions: land what publishers publish, ask, and check stories.",
    epilog="Exit codes: 0 fine, 1 findings that need a look, 2 wrong input, 3 a source is down.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"tidewaiter {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Print the version and stop."
    ),
]


@app.callback(epilog=EXAMPLES)
def _root(
    version: Version = False,
) -> None:
    """Watch trade with countries under sanctions: land what publishers publish, ask, and check stories."""


for room in (land, fetch, ask, mirror, diff, brief, check, screen, law, caps, chart, lake, serve):
    room.add_to(app)


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; whatever goes wrong on purpose becomes one line on standard error and an exit code."""
    from tidewaiter.cli.ending import run as run_to_its_end

    run_to_its_end(app, arguments)
