"""`tidewaiter ask`: one question on the command line, one answer with its sources."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tidewaiter.cli.named import areas_of, products_of, refuse_unknown_source, split, tell_waiting
from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, Out, as_day

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Query

EXAMPLES = """
Examples:

  tidewaiter ask imports PRK --from RUS --period 2019 --against 2018

  tidewaiter ask exports IND --to PRK --period 2019

  tidewaiter ask imports PRK --from CHN --period 2017..2020

  tidewaiter ask trade RUS --with PRK --period 2019

  tidewaiter ask imports PRK --period 2019 --by partner

  tidewaiter ask exports RUS --to PRK --period 2019-12 --product 030367 --weight

  tidewaiter ask imports PRK --period 2019 --by partner --out partners.xlsx
"""

LEVELS = (2, 4, 6, 8, 10, 12)


class What(StrEnum):
    """What can be asked about an area."""

    imports = "imports"
    exports = "exports"
    trade = "trade"
    balance = "balance"


class By(StrEnum):
    """What a number can be broken down by."""

    partner = "partner"
    product = "product"
    month = "month"
    year = "year"


class AskSide(StrEnum):
    """Whose declaration to take."""

    reporter = "reporter"
    mirror = "mirror"
    exporter = "exporter"
    importer = "importer"
    reconciled = "reconciled"


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("ask", epilog=EXAMPLES)(ask)


def ask(
    what: Annotated[
        What, typer.Argument(help="imports, exports, trade (both together) or balance.", show_default=False)
    ],
    area: Annotated[str, typer.Argument(help="Whose: alpha-3 code, M49 number or exact name.", show_default=False)],
    *,
    period: Annotated[str, typer.Option(help="2019, 2019-07, 2019Q1, 2019H1, 2019-01/2019-11 or 2017..2020.")],
    origin: Annotated[list[str] | None, typer.Option("--from", help="Partner(s) it came from.")] = None,
    destination: Annotated[list[str] | None, typer.Option("--to", help="Partner(s) it went to.")] = None,
    partner: Annotated[list[str] | None, typer.Option("--with", help="Partner(s), whichever way it went.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="HS code(s); all goods by default.")] = None,
    against: Annotated[str | None, typer.Option(help="Base period of a change.")] = None,
    by: Annotated[By | None, typer.Option(help="Break it down.")] = None,
    level: Annotated[int, typer.Option(help="Digits of the codes when broken down by product.")] = 2,
    share: Annotated[
        bool, typer.Option("--share", help="As a share: of all partners, or of all goods with --product.")
    ] = False,
    weight: Annotated[bool, typer.Option("--weight", help="Net weight in kilograms instead of dollars.")] = False,
    side: Annotated[
        AskSide | None, typer.Option(help="Whose declaration.", show_default="its own if it reports")
    ] = None,
    source: Annotated[str | None, typer.Option(help="One source only, by its id.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Rows of a breakdown.")] = None,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
    form: FormatOption = None,
    out: Out = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL that made the number.")] = False,
) -> None:
    """Ask one question of the lake. The answer names whose declaration it is, and how much of it there is."""
    from tidewaiter import pipeline
    from tidewaiter.base.question import Refusal
    from tidewaiter.tell.answer import answer_json, answer_sql, print_answer
    from tidewaiter.tell.answer_sheet import answer_sheet
    from tidewaiter.tell.sheets import Format, chosen_format, emit, write

    chosen = chosen_format(form, out, json=json)
    _refuse_unknown(level, source)
    query = _query(What(what), areas_of([area])[0], _partners(what, origin, destination, partner))
    query = _asked(query, period=period, against=against, by=by, share=share, weight=weight)
    query = replace(
        query,
        products=products_of(product),
        level=level,
        side=None if side is None else side.value,
        source=source,
        limit=limit,
        as_of=as_day(as_of),
    )
    lake = pipeline.open_lake(home)
    answer = pipeline.ask(query, lake=lake, tell=tell_waiting)
    if sql:
        write(f"{lake.standalone(answer_sql(answer))}\n".encode(), out)
    elif chosen is Format.json:
        write(f"{answer_json(answer)}\n".encode(), out)
    elif chosen is Format.table:
        print_answer(answer)
    else:
        emit([answer_sheet(answer, pipeline.filed(query, lake))], chosen, out)
    if isinstance(answer, Refusal):
        raise typer.Exit(1)


def _refuse_unknown(level: int, source: str | None) -> None:
    """Refuse a level that codes do not have, and a source that no card describes."""
    from tidewaiter.base.errors import QueryError

    if level not in LEVELS:
        message = f"--level {level} is no length of an HS code; write {', '.join(map(str, LEVELS))}"
        raise QueryError(message)
    refuse_unknown_source(source)


def _partners(
    what: What, origin: list[str] | None, destination: list[str] | None, partner: list[str] | None
) -> tuple[str, ...]:
    from tidewaiter.base.errors import QueryError

    fits = {What.imports: "--from", What.exports: "--to"}.get(what, "--with")
    given = {"--from": origin, "--to": destination, "--with": partner}
    for option, names in given.items():
        if names and option not in {fits, "--with"}:
            message = f"{what.value} go with {fits} or --with, not with {option}"
            raise QueryError(message)
    named = [name for names in given.values() for text in names or () for name in split(text)]
    return areas_of(named)


def _query(what: What, area: str, partners: tuple[str, ...]) -> Query:
    """Turn `imports of A from B` into exporters and importers, A being whose declaration is preferred."""
    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.question import Query
    from tidewaiter.codes.areas import WORLD

    if area == WORLD and not partners:
        message = (
            f"the trade of all the world with itself is not kept; ask whose {what.value}, such as {what.value} RUS"
        )
        raise QueryError(message)
    # The world declares nothing: what it buys of an area is what that area sells.
    declarer = None if area == WORLD else area
    match what:
        case What.imports:
            return Query("value", exporters=partners, importers=(area,), perspective=declarer)
        case What.exports:
            return Query("value", exporters=(area,), importers=partners, perspective=declarer)
        case What.trade:
            return Query("total", exporters=(area,), importers=partners, perspective=declarer)
        case What.balance:
            return Query("balance", exporters=(area,), importers=partners, perspective=declarer)


def _asked(query: Query, *, period: str, against: str | None, by: By | None, share: bool, weight: bool) -> Query:
    """Choose the indicator from what was asked to be done with the flow."""
    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.period import Period

    wanted = {"--against": against, "--by": by, "--share": share}
    chosen = [option for option, value in wanted.items() if value]
    if len(chosen) > 1 or (chosen and query.indicator != "value"):
        message = f"{' and '.join(chosen)} do not go together with this question; ask one thing at a time"
        raise QueryError(message)
    query = replace(query, period=Period.parse(period), measure="weight" if weight else "value")
    if weight and query.indicator == "value":
        query = replace(query, indicator="weight")
    if against is not None:
        query = replace(query, indicator="change", against=Period.parse(against))
    elif share:
        query = replace(query, indicator="share")
    elif by is By.partner:
        query = replace(query, indicator="ranking", by="partner")
    elif by is By.product:
        query = replace(query, indicator="composition", by="product")
    elif by is not None:
        query = replace(query, indicator="series", step="month" if by is By.month else "year")
    elif query.indicator in {"value", "weight"} and _several_years(query.period):
        query = replace(query, indicator="series", step="year")
    return query


def _several_years(period: Period | None) -> bool:
    return period is not None and period.is_full_years and period.length > 12
