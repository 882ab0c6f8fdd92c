"""`tidewaiter fetch`: ask a publisher over the network and land what it answers."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.options import Home, Json, Quiet, as_day

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = """
Examples:

  tidewaiter fetch comtrade --reporter RUS --partner PRK --period 2018..2019

  tidewaiter fetch comtrade --reporter CHN --partner PRK --period 2019-01/2019-06 --monthly --products 27,2709

  tidewaiter fetch comtrade --reporter RUS --partner PRK --period 2019 --dry-run

  tidewaiter fetch comtrade --reporter CHN --period 2019 --bulk

  tidewaiter fetch census --partner PRK --period 2019-01/2019-06 --products chapters

  tidewaiter fetch workbooks
"""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("fetch", epilog=EXAMPLES)(fetch)


def fetch(
    source: Annotated[str, typer.Argument(help="The publisher to ask, such as comtrade.", show_default=False)],
    *,
    reporter: Annotated[
        list[str] | None, typer.Option("--reporter", "-r", help="Who declares; may be repeated.", show_default=False)
    ] = None,
    partner: Annotated[
        list[str] | None,
        typer.Option("--partner", "-p", help="About whom; may be repeated.", show_default="every partner"),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Span to ask for, such as 2018..2019 or 2019-01/2019-06.", show_default=False)
    ] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Ask for months instead of years.")] = False,
    products: Annotated[
        str, typer.Option(help="total, chapters, headings, subheadings, codes, or 27**; with commas between.")
    ] = "total,chapters",
    flow: Annotated[
        list[str] | None, typer.Option(help="export, import, re_export ...", show_default="export and import")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was released on that day or later.")
    ] = None,
    bulk: Annotated[bool, typer.Option("--bulk", help="Bring whole bulk files (premium key).")] = False,
    async_: Annotated[
        bool, typer.Option("--async", help="Let the answer be made over there, then fetch it (premium key).")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and stop.")] = False,
    home: Home = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Ask a publisher over the network, as politely as it wants, and land what it answers."""
    from tidewaiter import pipeline
    from tidewaiter.statistics.fetching.order import order
    from tidewaiter.tell.fetched import fetch_json, outcome_lines, plan_lines, why_stopped
    from tidewaiter.tell.progress import progress

    want = order(
        reporters=reporter or [],
        partners=partner or [],
        period=period,
        monthly=monthly,
        products=products,
        flows=flow or [],
        since=as_day(since),
        way="bulk" if bulk else "async" if async_ else "calls",
    )
    talks = not (quiet or json)
    with (
        _kept_on_ctrl_c(),
        pipeline.fetching(source, home=home, on_wait=None if quiet else _waiting, on_busy=_busy) as gate,
    ):
        job = pipeline.fetch_job(gate, want)
        plan = job.plan()
        if talks:
            typer.echo(plan_lines(plan, gate.place))
        if dry_run:
            if json:
                typer.echo(fetch_json(plan, None))
            return
        with progress("fetching", 2 * len(plan.todo) + len(plan.kept), shown=talks) as step:
            outcome = job.run(plan, step)
    if json:
        typer.echo(fetch_json(plan, outcome))
    elif not quiet:
        typer.echo(outcome_lines(outcome, plan.absent))
    stopped = why_stopped(outcome)
    if stopped is not None:
        raise stopped
    if outcome.refused:
        raise typer.Exit(2)
    if not (outcome.landed or outcome.already):
        raise typer.Exit(1)


@contextmanager
def _kept_on_ctrl_c() -> Iterator[None]:
    """Say, where a person stops a fetch, that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("what has come is kept; the same command goes on from here", err=True)
        raise


def _waiting(seconds: float, why: str) -> None:
    if seconds >= 10:
        typer.echo(f"waiting {seconds:.0f} seconds, as asked: {why}", err=True)


def _busy(holder: str) -> None:
    typer.echo(f"another fetch (process {holder}) is under way in this lake; waiting for it", err=True)
