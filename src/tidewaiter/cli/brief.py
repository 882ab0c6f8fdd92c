"""`tidewaiter brief`: the bulletin of one pair, or of one target and all its partners."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidewaiter.cli.options import AsOf, Home, Json, as_day

EXAMPLES = """
Examples:

  tidewaiter brief PRK --with RUS

  tidewaiter brief PRK --with RUS --period 2019-01/2019-11 --html bulletin.html

  tidewaiter brief PRK --markdown bulletin.md --as-of 2020-03-18
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
    template: Annotated[
        Path | None, typer.Option("--template", help="Folder with your own bulletin.md.j2 or bulletin.html.j2.")
    ] = None,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Write a bulletin: who traded what, against a like period, and what is not known; every number traceable."""
    from tidewaiter import pipeline
    from tidewaiter.base.period import Period
    from tidewaiter.codes import areas
    from tidewaiter.tell.brief import templates

    folder = None if template is None else templates.checked(template)
    made = pipeline.brief(
        areas.resolve(target, "the target"),
        None if partner is None else areas.resolve(partner, "--with"),
        None if period is None else Period.parse(period),
        as_of=as_day(as_of),
        home=home,
    )
    if markdown is not None:
        from tidewaiter.tell.brief.markdown import markdown as as_markdown

        _write(markdown, as_markdown(made, folder).encode())
    if html is not None:
        from tidewaiter.tell.brief.html import html as as_html

        _write(html, as_html(made, folder).encode())
    if json:
        from tidewaiter.tell.brief.as_json import as_json

        typer.echo(as_json(made), nl=False)
    elif markdown is None and html is None:
        from tidewaiter.tell.brief.terminal import print_bulletin

        print_bulletin(made)


def _write(path: Path, data: bytes) -> None:
    from tidewaiter.base.errors import InputError

    try:
        path.write_bytes(data)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise InputError(message) from None
