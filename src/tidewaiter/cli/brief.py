"""`tidewaiter brief`: the bulletin of one pair, or of one target and all its partners."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import AsOf, Home, Json, as_day

if TYPE_CHECKING:
    from tidewaiter.tell.brief.formats import Form

EXAMPLES = """
Examples:

  tidewaiter brief PRK --with RUS

  tidewaiter brief PRK --with RUS --period 2019-01/2019-11 --html bulletin.html

  tidewaiter brief PRK --markdown bulletin.md --as-of 2020-03-18

  tidewaiter brief PRK --with RUS --period 2019 --pack evidence.zip --pdf bulletin.pdf

  tidewaiter brief RUS --with CHN --period 2019 --settled --html bulletin.html
"""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("brief", epilog=EXAMPLES)(brief)


def brief(
    target: Annotated[str, typer.Argument(help="Whose trade: alpha-3 code, M49 number or name.", show_default=False)],
    *,
    partner: Annotated[str | None, typer.Option("--with", help="The partner.", show_default="all partners")] = None,
    period: Annotated[
        str | None, typer.Option(help="2019, 2019Q1 or 2019-01/2019-11.", show_default="the last year there is data of")
    ] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Write it as Markdown to this file.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as one HTML file.")] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Charts to point at; adds 900 kB to --html.")
    ] = False,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF for screen readers too.")] = None,
    pack: Annotated[Path | None, typer.Option("--pack", help="Write a zip with all tables, SQL and citations.")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="Folder with your own bulletin.md.j2 or bulletin.html.j2.")
    ] = None,
    settled: Annotated[
        bool,
        typer.Option(
            "--settled",
            help="Settle both sides on one number with its interval, and look for goods booked to a third area; "
            "learning from a large source for the first time takes minutes.",
        ),
    ] = False,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Write a bulletin: who traded what, against a like period, and what is not known; every number traceable."""
    from tidewaiter import pipeline
    from tidewaiter.base.errors import InputError
    from tidewaiter.base.period import Period
    from tidewaiter.cli.chart_parts import say
    from tidewaiter.codes import areas
    from tidewaiter.tell.brief import templates
    from tidewaiter.tell.brief.formats import written

    if interactive and html is None:
        message = "--interactive is about the page: add --html FILE"
        raise InputError(message)
    folder = None if template is None else templates.checked(template)
    lake = pipeline.open_lake(home)
    made = pipeline.brief(
        areas.resolve(target, "the target"),
        None if partner is None else areas.resolve(partner, "--with"),
        None if period is None else Period.parse(period),
        as_of=as_day(as_of),
        settled=settled,
        lake=lake,
        tell=say,
    )
    page: Form = "interactive" if interactive else "html"
    files: dict[Form, Path | None] = {"md": markdown, page: html, "pdf": pdf, "pack": pack}
    for form, path in files.items():
        if path is not None:
            _write(path, written(made, form, lake.standalone, folder))
    if json:
        typer.echo(written(made, "json", lake.standalone).decode(), nl=False)
    elif not any(files.values()):
        from tidewaiter.tell.brief.terminal import print_bulletin

        print_bulletin(made)


def _write(path: Path, data: bytes) -> None:
    from tidewaiter.base.errors import InputError

    try:
        path.write_bytes(data)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise InputError(message) from None
