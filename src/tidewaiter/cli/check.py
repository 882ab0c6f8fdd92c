"""`tidewaiter check` and `tidewaiter demo`: a story against itself, the lake and the law."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, as_day

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.news.judge.check import Report
    from tidewaiter.tell.sheets import Format

EXAMPLES = """
Examples:

  tidewaiter check story.txt

  tidewaiter check page.html --html findings.html

  tidewaiter check - --published-on 2020-01-24 --json < story.txt

  tidewaiter check --batch stories --out findings --summary stories.xlsx

  tidewaiter check story.txt --claimreview --author "The Desk"
"""

LARGEST_STORY = 64 * 1024 * 1024


def add_to(app: typer.Typer) -> None:
    """Hang the commands into the command line."""
    app.command("check", epilog=EXAMPLES)(check)
    app.command("demo")(demo)


def check(
    story: Annotated[
        Path | None, typer.Argument(help="A text or HTML file; - reads standard input.", show_default=False)
    ] = None,
    *,
    published_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="When the story appeared, if the page does not say."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the marked story as one HTML file.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    batch: Annotated[Path | None, typer.Option(help="Check every file of this folder instead.")] = None,
    out: Annotated[Path | None, typer.Option(help="With --batch: write one JSON per story into this folder.")] = None,
    form: FormatOption = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", help="With --batch: write the table of all stories to this file.")
    ] = None,
    claimreview: Annotated[
        bool, typer.Option("--claimreview", help="Print schema.org ClaimReview of the claims with a verdict.")
    ] = False,
    author: Annotated[str | None, typer.Option(help="With --claimreview: the organisation that reviews.")] = None,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Check a story claim by claim: its arithmetic, its comparisons, its figures.

    Exit code 1 means that a claim contradicts the story's own figures or the data; with --batch also
    that a file could not be checked.
    """
    from tidewaiter import pipeline
    from tidewaiter.base.errors import StoryError
    from tidewaiter.tell.sheets import chosen_format

    given = (story, batch, html, markdown, out, claimreview, author)
    _refuse_mixtures(*given, json=json)
    if batch is None and (form is not None or summary is not None):
        message = "--format and --summary are for the table of --batch; one story has --json, --markdown and --html"
        raise StoryError(message)
    if batch is not None:
        table = (chosen_format(form, summary), summary)
        _batch(batch, out, table, published_on=as_day(published_on), as_of=as_day(as_of), home=home)
        return
    assert story is not None
    report = pipeline.check(
        _read(story), name=_name(story), published_on=as_day(published_on), as_of=as_day(as_of), home=home
    )
    if html is not None:
        _write_page(report, html)
    if author is not None:
        from tidewaiter.tell.claim_review import claim_reviews

        typer.echo(claim_reviews(report, author))
    else:
        _print(report, json=json, markdown=markdown)
    if report.needs_a_look:
        raise typer.Exit(1)


def _refuse_mixtures(
    story: Path | None,
    batch: Path | None,
    html: Path | None,
    markdown: bool,  # noqa: FBT001
    out: Path | None,
    claimreview: bool,  # noqa: FBT001
    author: str | None,
    *,
    json: bool,
) -> None:
    """Refuse options that do not go together, with what to give instead."""
    from tidewaiter.base.errors import StoryError

    wrong = (
        (story is None and batch is None, "give a story, or --batch with a folder of stories"),
        (story is not None and batch is not None, "give a story or --batch, not both"),
        (out is not None and batch is None, "--out is for --batch; --html writes one story's page"),
        (
            batch is not None and (html is not None or markdown or json or claimreview),
            "--batch prints a table and writes JSON with --out; check one story for other outputs",
        ),
        (claimreview and not (author or "").strip(), "--claimreview needs --author, the organisation that reviews"),
        (author is not None and not claimreview, "--author is for --claimreview"),
        (claimreview and (json or markdown), "choose one of --claimreview, --json and --markdown"),
    )
    for holds, message in wrong:
        if holds:
            raise StoryError(message)


def _batch(
    folder: Path,
    out: Path | None,
    table: tuple[Format, Path | None],
    *,
    published_on: date | None,
    as_of: date | None,
    home: str | None,
) -> None:
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.cli.batch import check_folder
    from tidewaiter.tell.sheets import Format, emit
    from tidewaiter.tell.story_table import print_stories, stories_sheet

    done = check_folder(folder, out, read=_read, published_on=published_on, as_of=as_of, home=home)
    form, file = table
    if form is Format.table:
        print_stories(done)
    else:
        emit([stories_sheet(done)], form, file)
    if any(isinstance(outcome, TidewaiterError) or outcome.needs_a_look for _, outcome in done):
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
