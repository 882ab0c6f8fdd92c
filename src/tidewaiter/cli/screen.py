"""`tidewaiter screen`: the lake's trade beside the measures that cover it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, Out, as_day

if TYPE_CHECKING:
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.tell.sheets import Format

EXAMPLES = """
Examples:

  tidewaiter screen --target PRK

  tidewaiter screen --target PRK --period 2018..2020 --regime un/dprk

  tidewaiter screen --target PRK --format csv > exposure.csv

  tidewaiter screen --target PRK --period 2019..2020 --as-if draft-2019-12
"""


Folders = Annotated[
    list[Path] | None, typer.Option("--regimes", help="Folder (or file) with regimes of your own; may be repeated.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("screen", epilog=EXAMPLES)(screen)


def screen(
    *,
    target: Annotated[list[str], typer.Option(help="Area the law is about: alpha-3 code or exact name.")],
    period: Annotated[str | None, typer.Option(help="2019, 2019-07, 2019-01/2019-11 or 2017..2020.")] = None,
    regime: Annotated[list[str] | None, typer.Option(help="Only this regime; all about the target by default.")] = None,
    regimes: Folders = None,
    as_if: Annotated[
        str | None, typer.Option("--as-if", help="A scenario: its file, or the name of one that ships.")
    ] = None,
    throughout: Annotated[
        bool, typer.Option("--throughout", help="Lift what the scenario lifts on all days, not from its own day on.")
    ] = False,
    register: Annotated[
        Path | None, typer.Option(help="Exclusion register (YAML): declarations in doubt, with who, when and why.")
    ] = None,
    form: FormatOption = None,
    out: Out = None,
    json: Json = False,
    limit: Annotated[int, typer.Option(min=0, help="Lines of the table; 0 shows all.")] = 60,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Screen the lake: which declared trade is in goods that a measure covers, from when, by which paragraph."""
    from tidewaiter import pipeline
    from tidewaiter.base.period import Period
    from tidewaiter.codes import areas
    from tidewaiter.law import rulebook
    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import annex, screen_summary
    from tidewaiter.tell import exposure as tell
    from tidewaiter.tell.exposure_sheet import annex_sheet
    from tidewaiter.tell.sheets import Format, as_bytes, chosen_format, write

    chosen_form = chosen_format(form, out, json=json)
    book = rulebook.load(regimes or ())
    chosen: dict[str, Any] = {
        "targets": [areas.resolve(each, "--target") for each in target],
        "period": None if period is None else Period.parse(period),
        "regimes": [rulebook.find_regime(book, each).id for each in regime or ()],
        "suspects": _suspects(register),
        "as_of": as_day(as_of),
    }
    lake = pipeline.open_lake(home)
    if as_if is not None:
        _as_if(as_if, book, chosen, lake, throughout=throughout, form=chosen_form, out=out)
        return
    found = pipeline.screen(rulebook=book, lake=lake, **chosen)
    summary = rows_of(screen_summary(found))
    about = _about(chosen)
    match chosen_form:
        case Format.table:
            tell.print_exposure(summary, limit=limit or None)
            return
        case Format.md:
            data = tell.to_markdown(summary).encode()
        case Format.csv:
            listed = annex(found)
            data = tell.to_csv(rows_of(listed), listed.collect_schema().names()).encode()
        case Format.json:
            data = f"{tell.to_json(summary, rows_of(annex(found)), about)}\n".encode()
        case Format.parquet:
            data = as_bytes([annex_sheet(rows_of(annex(found)))], chosen_form)
        case Format.xlsx:
            assert out is not None
            tell.write_xlsx(out, summary, rows_of(annex(found)), about)
            return
    write(data, out)


def _suspects(register: Path | None) -> list[dict[str, Any]]:
    from tidewaiter.base.errors import RuleError
    from tidewaiter.law.review import read_register

    if register is None:
        return []
    try:
        return read_register(register.read_text(encoding="utf-8"), str(register))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{register}: cannot be read: {error}"
        raise RuleError(message) from None


def _about(chosen: dict[str, Any]) -> dict[str, str]:
    from tidewaiter.base.version import __version__

    return {
        "tidewaiter": __version__,
        "target": " ".join(chosen["targets"]),
        "period": str(chosen["period"] or "all"),
        "regimes": " ".join(chosen["regimes"]) or "all",
        "as_of": str(chosen["as_of"] or "now"),
    }


def _as_if(
    name: str, book: Rulebook, chosen: dict[str, Any], lake: Any, *, throughout: bool, form: Format, out: Path | None
) -> None:
    from tidewaiter import pipeline
    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import difference, sum_changes, sum_declared
    from tidewaiter.law.scenario import apply, find_scenario, only_lifted
    from tidewaiter.tell import exposure as tell
    from tidewaiter.tell.exposure_sheet import changes_sheet
    from tidewaiter.tell.sheets import Format, as_bytes, write

    scenario = find_scenario(name)
    narrowed = {**chosen, "regimes": [scenario.regime]}
    as_it_is = pipeline.screen(rulebook=book, lake=lake, **narrowed)
    as_if = pipeline.screen(rulebook=apply(scenario, book, throughout=throughout), lake=lake, **narrowed)
    changes = sum_changes(difference(as_it_is, as_if))
    changed = rows_of(changes)
    lifted = only_lifted(scenario, book)
    traded: list[dict[str, Any]] = []
    if any(each.measures for each in lifted.regimes):
        traded = rows_of(sum_declared(pipeline.screen(rulebook=lifted, lake=lake, **narrowed)))
    days = "on all days" if throughout else f"from {scenario.dated} on"
    title = f"{scenario.title}, {days}: {scenario.words}"
    if form is Format.table:
        tell.print_difference(changed, traded, title)
    elif form is Format.json:
        write(f"{tell.difference_json(changed, traded, title)}\n".encode(), out)
    elif form is Format.csv:
        write(tell.to_csv(changed, changes.collect_schema().names()).encode(), out)
    else:
        write(as_bytes([changes_sheet(changed, title)], form), out)
