"""`tidewaiter caps`: the account of a quota, by source of information."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, Out, as_day

EXAMPLES = """
Examples:

  tidewaiter caps un/dprk refined-petroleum 2019

  tidewaiter caps un/dprk refined-petroleum 2019 --as-of 2020-03-01

  tidewaiter caps un/dprk refined-petroleum 2020 --svg chart.svg

  tidewaiter caps un/dprk refined-petroleum 2019 --out cap.csv
"""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("caps", epilog=EXAMPLES)(caps)


def caps(
    regime: Annotated[str, typer.Argument(help="The regime, such as un/dprk.", show_default=False)],
    ledger: Annotated[str, typer.Argument(help="The cap, such as refined-petroleum or coal.", show_default=False)],
    year: Annotated[int, typer.Argument(help="Calendar year.", show_default=False)],
    *,
    customs: Annotated[
        bool, typer.Option("--customs/--no-customs", help="Show customs weight from the lake beside it, converted.")
    ] = True,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write a chart to this file.")] = None,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
) -> None:
    """Keep the account of a cap: deliveries by source of information, share of the cap, when it was reached."""
    from tidewaiter import pipeline
    from tidewaiter.law import caps as law_caps
    from tidewaiter.law import ledger as law_ledger
    from tidewaiter.law import rulebook
    from tidewaiter.law.customs import customs_of
    from tidewaiter.tell import caps as tell
    from tidewaiter.tell.law_sheets import account_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write

    chosen = chosen_format(form, out, json=json)
    day = as_day(as_of)
    book = rulebook.load()
    found = rulebook.find_regime(book, regime)
    accounts = law_caps.account(law_ledger.find_ledger(regime, ledger), found, year, day)
    declared = {}
    if customs:
        trade = pipeline.open_lake(home).tables(day).trade
        declared = {each.measure.id: customs_of(trade, found, each) for each in accounts}
    if svg is not None:
        svg.write_text(tell.chart(accounts[-1]), encoding="utf-8")
    if chosen is Format.json:
        write(f"{tell.to_json(accounts, declared)}\n".encode(), out)
        return
    if chosen is not Format.table:
        emit([account_sheet(each) for each in accounts], chosen, out)
        return
    for each in accounts:
        tell.print_account(each, declared.get(each.measure.id, ()))
