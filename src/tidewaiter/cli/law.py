"""`tidewaiter law`: read the law that ships or your own, ask what held on a day, see a regime's days."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import FormatOption, Home, Json, Out, as_day

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.base.period import Period

app = typer.Typer(help="Read the law: regimes, measures, what held on a day, timelines.", no_args_is_help=True)

Folders = Annotated[
    list[Path] | None, typer.Option("--regimes", help="Folder (or file) with regimes of your own; may be repeated.")
]
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day.")]
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")]


def add_to(root: typer.Typer) -> None:
    """Hang the commands into the command line."""
    root.add_typer(app, name="law")


@app.command("list", epilog="Examples:\n\n  tidewaiter law list\n\n  tidewaiter law list un/dprk")
def list_(
    regime: Annotated[str | None, typer.Argument(help="One regime; all by default.", show_default=False)] = None,
    *,
    regimes: Folders = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
) -> None:
    """List regimes and their measures, one line each."""
    from tidewaiter.law import regime as law
    from tidewaiter.law import rulebook
    from tidewaiter.law.say import say_list
    from tidewaiter.tell.law_sheets import measures_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write

    chosen = chosen_format(form, out, json=json)
    book = rulebook.load(regimes or ())
    if regime is not None:
        book = law.Rulebook((rulebook.find_regime(book, regime),))
    if chosen is Format.table:
        _tell(say_list(book))
        return
    if chosen is not Format.json:
        emit([measures_sheet(book)], chosen, out)
        return
    records = [
        {
            "regime": each.id,
            "title": each.title,
            "targets": each.targets,
            "measures": [
                {
                    "id": measure.id,
                    "kind": measure.kind,
                    "direction": measure.direction,
                    "words": measure.words,
                    "act": measure.cite.act,
                    "paragraph": measure.cite.place,
                    "start": measure.start,
                    "end": measure.end,
                    "codes": [code for goods in measure.goods for code in goods.codes],
                    "verified": measure.verified,
                }
                for measure in each.measures
            ],
        }
        for each in book.regimes
    ]
    write(f"{_dumped(records)}\n".encode(), out)


@app.command("show", epilog="Examples:\n\n  tidewaiter law show 2371-9-seafood\n\n  tidewaiter law show un/dprk")
def show(
    name: Annotated[str, typer.Argument(help="A measure, or a regime.", show_default=False)],
    *,
    regimes: Folders = None,
) -> None:
    """Show all that is known of one measure (or of each measure of a regime), with its sources."""
    from tidewaiter.law import rulebook
    from tidewaiter.law.say import say_measure

    book = rulebook.load(regimes or ())
    if name in {regime.id for regime in book.regimes}:
        regime = rulebook.find_regime(book, name)
        typer.echo("\n\n".join(say_measure(regime, measure) for measure in regime.measures))
    else:
        _tell(say_measure(*rulebook.find_measure(book, name)))


@app.command("check", epilog="Examples:\n\n  tidewaiter law check my-regimes/eu/russia.yml")
def check(
    files: Annotated[list[Path], typer.Argument(help="Regime files, folders or scenarios.", show_default=False)],
) -> None:
    """Check regime files and scenarios; what is wrong is named with file, line and key."""
    from tidewaiter.base.errors import RuleError
    from tidewaiter.law import rulebook
    from tidewaiter.law.say import say_check

    failed = False
    for path in files:
        try:
            if path.parent.name == rulebook.SCENARIOS and path.is_file():
                typer.echo(_checked_scenario(path))
                continue
            for each in _regime_files(path):
                _tell(say_check(rulebook.load_file(each, path if path.is_dir() else None)))
        except RuleError as error:
            failed = True
            typer.echo(f"tidewaiter: {error}", err=True)
    if failed:
        raise typer.Exit(2)


def _regime_files(path: Path) -> list[Path]:
    from tidewaiter.base.errors import RuleError
    from tidewaiter.law import rulebook

    found = list(rulebook.regime_files(path))
    if not found:
        message = f"{path}: holds no regime file"
        raise RuleError(message)
    return found


def _checked_scenario(path: Path) -> str:
    from tidewaiter.law import rulebook
    from tidewaiter.law.scenario import apply, load_scenario

    scenario = load_scenario(path)
    apply(scenario, rulebook.load())
    return f"{scenario.id}: a scenario on {scenario.regime} that lifts {len(scenario.lifted)} measures; fine."


@app.command(
    "timeline",
    epilog="Examples:\n\n  tidewaiter law timeline un/dprk --since 2017-01-01\n\n"
    "  tidewaiter law timeline un/dprk --html timeline.html",
)
def timeline(
    regime: Annotated[str, typer.Argument(help="The regime.", show_default=False)],
    *,
    since: Since = None,
    until: Until = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one self-contained page to this file.")] = None,
    chart: Annotated[bool, typer.Option("--chart", help="With --html: draw the measures too (extra charts).")] = False,
    regimes: Folders = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
) -> None:
    """Put a regime's days in order: acts, first and last days, caps, deadlines, and what happened around them."""
    from tidewaiter.law import rulebook
    from tidewaiter.law.contract import timeline_to_json
    from tidewaiter.law.duties import load_counts
    from tidewaiter.law.say import say_timeline
    from tidewaiter.law.timeline import timeline as entries_of
    from tidewaiter.tell.charts.regime_days import regime_days
    from tidewaiter.tell.law_sheets import timeline_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write
    from tidewaiter.tell.timeline_page import timeline_page

    chosen = chosen_format(form, out, json=json)
    found = rulebook.find_regime(rulebook.load(regimes or ()), regime)
    entries = entries_of(found, as_day(since), as_day(until))
    if html is not None:
        counts = tuple(each for each in load_counts() if each.regime == found.id)
        drawn = regime_days(found, first=as_day(since), last=as_day(until)) if chart else None
        html.write_text(timeline_page(found, entries, counts, drawn), encoding="utf-8")
        typer.echo(f"{html}: {len(entries)} days of {found.id}")
    elif chosen is Format.json:
        write(f"{_dumped(timeline_to_json(entries))}\n".encode(), out)
    elif chosen is Format.table:
        _tell(say_timeline(entries))
    else:
        emit([timeline_sheet(found.id, entries)], chosen, out)


@app.command(
    "status",
    epilog="Examples:\n\n  tidewaiter law status 270112 --from PRK --on 2018-03-15\n\n"
    "  tidewaiter law status 2710 --to PRK --on 2019-06",
)
def status(
    product: Annotated[str, typer.Argument(help="HS code, or TOTAL.", show_default=False)],
    *,
    on: Annotated[str, typer.Option("--on", help="A day (2018-03-15), a month (2018-03) or a year.")],
    origin: Annotated[str | None, typer.Option("--from", help="Where the goods come from.")] = None,
    destination: Annotated[str | None, typer.Option("--to", help="Where the goods go.")] = None,
    hs: Annotated[str | None, typer.Option("--hs", help="HS edition of the code, such as HS2017.")] = None,
    regimes: Folders = None,
    home: Home = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
) -> None:
    """Say what the law ordered for goods on a day or in a month, paragraph by paragraph."""
    from tidewaiter import pipeline
    from tidewaiter.base.terms import EDITION_UNSTATED
    from tidewaiter.codes import areas
    from tidewaiter.law import rulebook
    from tidewaiter.law.contract import status_to_json
    from tidewaiter.law.say import say_status
    from tidewaiter.law.status import status as status_of
    from tidewaiter.tell.law_sheets import status_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write

    chosen = chosen_format(form, out, json=json)
    # Only a code of a stated edition has to be restated, and only that needs the lake.
    known = None if hs is None else pipeline.concordance(pipeline.open_lake(home))
    ends = [None if name is None else areas.resolve(name, "on the command line") for name in (origin, destination)]
    answer = status_of(
        product,
        _when(on),
        rulebook.load(regimes or ()),
        exporter=ends[0],
        importer=ends[1],
        hs=hs or EDITION_UNSTATED,
        restate=None if known is None else known.follow,
    )
    if chosen is Format.json:
        write(f"{_dumped(status_to_json(answer))}\n".encode(), out)
    elif chosen is Format.table:
        _tell(say_status(answer))
    else:
        emit([status_sheet(answer)], chosen, out)


def _when(text: str) -> date | Period:
    from datetime import date

    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.period import Period

    if text.count("-") == 2 and "/" not in text and ".." not in text:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            message = f"--on {text!r} is no day: {error}; write 2018-03-15, 2018-03 or 2018"
            raise QueryError(message) from None
    return Period.parse(text)


def _tell(text: str) -> None:
    """Write text; on a terminal its long lines are broken between words and set in as far as they began."""
    import shutil
    import sys

    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        text = "\n".join(_broken(line, width) for line in text.splitlines())
    typer.echo(text)


def _broken(line: str, width: int) -> str:
    from textwrap import fill

    depth = len(line) - len(line.lstrip())
    broken = fill(
        line, max(width, 40), subsequent_indent=" " * (depth + 2), break_long_words=False, break_on_hyphens=False
    )
    return broken or line


def _dumped(value: object) -> str:
    import json

    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
