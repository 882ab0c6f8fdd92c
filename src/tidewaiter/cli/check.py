"""`tidewaiter check` and `tidewaiter demo`: a story against itself, the lake and the law."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import AsOf, Home, Json, as_day

if TYPE_CHECKING:
    from tidewaiter.news.judge.check import Report

EXAMPLES = """
Examples:

  tidewaiter check story.txt

  tidewaiter check page.html --html findings.html

  tidewaiter check - --published-on 2020-01-24 --json < story.txt
"""

LARGEST_STORY = 64 * 1024 * 1024


def add_to(app: typer.Typer) -> None:
    """Hang the commands into the command line."""
    app.command("check", epilog=EXAMPLES)(check)
    app.command("demo")(demo)


def check(
    story: Annotated[Path, typer.Argument(help="A text or HTML file; - reads standard input.", show_default=False)],
    *,
    published_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="When the story appeared, if the page does not say."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the marked story as one HTML file.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Check a story claim by claim: its arithmetic, its comparisons, its figures.

    Exit code 1 means that a claim contradicts the story's own figures or the data.
    """
    from tidewaiter import pipeline

    report = pipeline.check(
        _read(story), name=_name(story), published_on=as_day(published_on), as_of=as_day(as_of), home=home
    )
    if html is not None:
        _write_page(report, html)
    _print(report, json=json, markdown=markdown)
    if report.needs_a_look:
        raise typer.Exit(1)


def demo(
    *,
    html: Annotated[Path | None, typer.Option(help="Also write the marked story as one HTML file.")] = None,
    json: Json = False,
) -> None:
    """Check the bundled story against the figures that ship with the package. Needs no data, no network."""
    from importlib.resources import files
    from tempfile import TemporaryDirectory

    from tidewaiter import pipeline

    story = (files("tidewaiter") / "news" / "stories" / "demo.txt").read_text("utf-8")
    with TemporaryDirectory() as empty:
        report = pipeline.check(story, name="the bundled story", home=empty)
    if html is not None:
        _write_page(report, html)
    _print(report, json=json, markdown=False)


def _name(story: Path) -> str:
    return "standard input" if str(story) == "-" else story.name


def _read(story: Path) -> bytes:
    from tidewaiter.base.errors import StoryError

    if str(story) == "-":
        return sys.stdin.buffer.read(LARGEST_STORY)
    try:
        with story.open("rb") as file:
            return file.read(LARGEST_STORY)
    except OSError as error:
        message = f"cannot read {story}: {error.strerror}; give a text or HTML file, or - for standard input"
        raise StoryError(message) from None


def _write_page(report: Report, path: Path) -> None:
    from tidewaiter.base.errors import StoryError
    from tidewaiter.tell.story_page import story_page

    try:
        path.write_text(story_page(report), "utf-8")
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise StoryError(message) from None


def _print(report: Report, *, json: bool, markdown: bool) -> None:
    if json:
        from tidewaiter.news.judge.contract import to_json

        typer.echo(to_json(report))
    elif markdown:
        from tidewaiter.tell.story_markdown import story_markdown

        typer.echo(story_markdown(report))
    else:
        from tidewaiter.tell.story_terminal import print_story

        print_story(report)
