"""`tidewaiter mirror`: both declarations of every trade of an area, and what they were settled on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tidewaiter.cli.named import tell_waiting
from tidewaiter.cli.options import AsOf, FormatOption, Home, Json, Out, as_day

if TYPE_CHECKING:
    from tidewaiter.base.mirrored import MirrorCell, MirrorTable, Wanted

EXAMPLES = """
Examples:

  tidewaiter mirror PRK --with RUS,CHN,IND --period 2017..2020

  tidewaiter mirror RUS --with CHN --period 2019 --product 030367 --monthly --weight

  tidewaiter mirror PRK --with RUS --period 2019 --explain RUS:PRK:2019

  tidewaiter mirror PRK --period 2019 --format csv > both_sides.csv
"""


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("mirror", epilog=EXAMPLES)(mirror)


def mirror(
    area: Annotated[
        str, typer.Argument(help="Whose trade: alpha-3 code, M49 number or exact name.", show_default=False)
    ],
    *,
    period: Annotated[str, typer.Option(help="2019, 2019-07, 2019Q1, 2019H1, 2019-01/2019-11 or 2017..2020.")],
    partner: Annotated[list[str] | None, typer.Option("--with", help="Partner(s); every partner by default.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="HS code(s); all goods by default.")] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="By month, where years are declared too.")] = False,
    weight: Annotated[bool, typer.Option("--weight", help="Net weight in kilograms instead of dollars.")] = False,
    hs: Annotated[str | None, typer.Option(help="Bring 6-digit codes to this HS edition, such as HS2017.")] = None,
    source: Annotated[str | None, typer.Option(help="One source only, by its id.", show_default="the fullest")] = None,
    explain: Annotated[
        str | None, typer.Option(help="One cell down to its files: RUS:PRK:2019, with :030367 for a product.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Cells of the table; 0 prints all.")] = 120,
    form: FormatOption = None,
    out: Out = None,
    as_of: AsOf = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Set both declarations of every trade beside each other: gap, freight, lag, and the number they settle on."""
    from tidewaiter import pipeline
    from tidewaiter.tell import mirror as tell
    from tidewaiter.tell.mirror_cell import cell_json, print_cell
    from tidewaiter.tell.sheets import Format, chosen_format, emit

    chosen = chosen_format(form, out, json=json)
    wanted = _wanted(area, partner, period, product, monthly=monthly, hs=hs, source=source)
    lake = pipeline.open_lake(home)
    table = pipeline.mirror(wanted, as_of=as_day(as_of), lake=lake, tell=tell_waiting)
    if explain is not None:
        cell = _cell(table, explain)
        if cell is None:
            table = pipeline.mirror(_narrowed(wanted, explain), as_of=as_day(as_of), lake=lake, tell=tell_waiting)
            cell = _cell(table, explain) or _refuse_cell(table, explain)
        if chosen is Format.json:
            typer.echo(cell_json(cell, table))
        else:
            print_cell(cell, table)
    elif chosen is Format.table:
        tell.print_mirror(table, "weight" if weight else "value", limit=limit or None)
    else:
        emit([tell.mirror_sheet(table, "weight" if weight else "value")], chosen, out)
    if not any(cell.declarations for cell in table.cells):
        raise typer.Exit(1)


def _wanted(  # one for each option that narrows
    area: str,
    partner: list[str] | None,
    period: str,
    product: list[str] | None,
    *,
    monthly: bool,
    hs: str | None,
    source: str | None,
) -> Wanted:
    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.mirrored import Wanted, Way
    from tidewaiter.base.period import Period
    from tidewaiter.cli.named import areas_of, edition_of, products_of, refuse_unknown_source, split

    refuse_unknown_source(source)
    mine = areas_of([area])
    others = areas_of(name for text in partner or () for name in split(text))
    if set(mine) & set(others):
        message = f"{mine[0]} does not trade with itself; leave it out of --with"
        raise QueryError(message)
    return Wanted(
        (Way(mine, others), Way(others, mine)),
        Period.parse(period),
        products_of(product),
        source,
        "M" if monthly else None,
        edition_of(hs),
    )


def _narrowed(wanted: Wanted, explain: str) -> Wanted:
    """Ask for one cell that the table does not hold, in its own year or month."""
    from dataclasses import replace

    from tidewaiter.base.mirrored import Way
    from tidewaiter.base.period import Period

    exporter, importer, period, product = _parts(explain)
    span = Period.parse(period)
    return replace(
        wanted,
        ways=(Way((exporter,), (importer,)),),
        period=span,
        products=(product,),
        frequency="M" if span.length == 1 else "A",
    )


def _parts(explain: str) -> tuple[str, str, str, str]:
    from tidewaiter.base.errors import QueryError
    from tidewaiter.base.terms import TOTAL
    from tidewaiter.cli.named import areas_of
    from tidewaiter.codes.products import resolve_product

    parts = [part.strip() for part in explain.split(":")]
    if len(parts) not in {3, 4} or not all(parts):
        message = f"--explain {explain!r} is no cell; write exporter:importer:period, such as RUS:PRK:2019"
        raise QueryError(message)
    (exporter,), (importer,) = areas_of([parts[0]]), areas_of([parts[1]])
    return exporter, importer, parts[2], resolve_product(parts[3]) if len(parts) == 4 else TOTAL


def _cell(table: MirrorTable, explain: str) -> MirrorCell | None:
    """Find the cell, one that somebody spoke of before a silent one."""
    wanted = ":".join(_parts(explain))
    found = [cell for cell in table.cells if cell.id == wanted]
    return next((cell for cell in found if cell.declarations), found[0] if found else None)


def _refuse_cell(table: MirrorTable, explain: str) -> NoReturn:
    from tidewaiter.base.errors import QueryError

    there = ", ".join(cell.id for cell in table.cells[:3])
    message = f"there is no cell {':'.join(_parts(explain))}{f'; there are {there}' if there else ''}"
    raise QueryError(message)
