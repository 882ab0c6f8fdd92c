"""`tidewaiter chart`: one chart, as SVG, PNG or Vega-Lite, with its finding in words and its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tidewaiter.cli.chart_parts import (
    Drawn,
    Flow,
    ask_all,
    ends,
    label,
    largest,
    law_marks,
    put_out,
    say,
    series_query,
    title_of,
    turned,
)
from tidewaiter.cli.options import AsOf, Home, as_day

app = typer.Typer(
    help="Draw one chart: SVG, PNG or Vega-Lite, its finding in words, the table it stands on.", no_args_is_help=True
)


class FlowOrBoth(StrEnum):
    """The same, or both in one chart."""

    imports = "imports"
    exports = "exports"
    both = "both"


class Step(StrEnum):
    """Length of the periods."""

    month = "month"
    quarter = "quarter"
    year = "year"


class By(StrEnum):
    """What a flow is broken down by."""

    partner = "partner"
    product = "product"


Svg = Annotated[Path | None, typer.Option("--svg", help="Write the drawing to this file.")]
Png = Annotated[Path | None, typer.Option("--png", help="Write a picture to this file.")]
Vega = Annotated[Path | None, typer.Option("--vega", help="Write the Vega-Lite specification, data and all.")]
Scale = Annotated[float, typer.Option("--scale", min=0.5, max=8, help="Pixels of the picture for one of the drawing.")]
Table = Annotated[bool, typer.Option("--table", help="Print the table that the chart stands on.")]
Area = Annotated[str, typer.Argument(help="Whose: alpha-3 code, M49 number or exact name.", show_default=False)]
Partners = Annotated[
    list[str] | None, typer.Option("--with", help="Partner(s): RUS,CHN; all of them together by default.")
]
Span = Annotated[str, typer.Option("--period", help="2019, 2019-07, 2019-01/2019-11 or 2017..2020.")]
Product = Annotated[list[str] | None, typer.Option("--product", help="HS code(s); all goods by default.")]
Weight = Annotated[bool, typer.Option("--weight", help="Net weight in kilograms instead of dollars.")]
Source = Annotated[str | None, typer.Option("--source", help="One source only, by its id.")]


def add_to(root: typer.Typer) -> None:
    """Hang the commands into the command line."""
    root.add_typer(app, name="chart")


@app.command(
    "flows",
    epilog="Examples:\n\n  tidewaiter chart flows imports PRK --with RUS --period 2010..2020 --svg flows.svg\n\n"
    "  tidewaiter chart flows both PRK --with CHN --period 2017..2020 --by month --png flows.png",
)
def flows(
    what: Annotated[FlowOrBoth, typer.Argument(help="imports, exports or both.", show_default=False)],
    area: Area,
    *,
    period: Span,
    partner: Partners = None,
    product: Product = None,
    step: Annotated[
        Step | None, typer.Option("--by", help="Length of the periods.", show_default="by the span")
    ] = None,
    weight: Weight = False,
    law: Annotated[bool, typer.Option("--law/--no-law", help="Draw in the days on which measures began.")] = True,
    source: Source = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Draw imports or exports over time, with the days on which measures began; a line for each of several partners."""
    from tidewaiter import pipeline
    from tidewaiter.tell.charts.flows import flows as draw_flows

    whose, others = ends(area, partner)
    ways = [Flow.imports, Flow.exports] if what is FlowOrBoth.both else [Flow(what.value)]
    each_alone: list[tuple[str, ...]] = [(code,) for code in others] or [()]
    query = series_query(period, product, step, source, as_of, weight=weight)
    queries = [turned(query, way, whose, them) for them in each_alone for way in ways]
    lake = pipeline.open_lake(home)
    answers = ask_all(queries, lake)
    marks = law_marks(ways, whose, others, queries[0]) if law else ()
    labels = [label(way, whose, them, several=len(ways) > 1) for them in each_alone for way in ways]
    chart = draw_flows(
        answers,
        labels=labels if len(labels) > 1 else (),
        marks=marks,
        known=frozenset().union(*(pipeline.filed(each, lake) for each in queries)),
        title="" if len(queries) == 1 else title_of(what.value, whose, others, queries[0]),
    )
    put_out(chart, Drawn(svg, png, vega, scale, table))


@app.command(
    "composition",
    epilog="Examples:\n\n  tidewaiter chart composition imports PRK --period 2018 --svg partners.svg\n\n"
    "  tidewaiter chart composition imports CHN --with PRK --period 2015 --by product --level 4 --png goods.png",
)
def composition(
    what: Annotated[Flow, typer.Argument(help="imports or exports.", show_default=False)],
    area: Area,
    *,
    period: Span,
    partner: Partners = None,
    product: Product = None,
    by: Annotated[
        By | None, typer.Option(help="Parts.", show_default="by product where a partner is named, else by partner")
    ] = None,
    level: Annotated[int, typer.Option(help="Digits of the codes where broken down by product.")] = 2,
    most: Annotated[int, typer.Option(min=1, max=60, help="Parts drawn; the others are drawn together.")] = 12,
    weight: Weight = False,
    source: Source = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Draw what a flow consists of, or who had which part of it: one bar for each part, the largest first."""
    from tidewaiter import pipeline
    from tidewaiter.tell.charts.composition import composition as draw_composition

    whose, others = ends(area, partner)
    chosen = by or (By.product if others else By.partner)
    query = series_query(period, product, None, source, as_of, weight=weight)
    if chosen is By.partner:
        asked = replace(query, indicator="ranking", by="partner")
    else:
        asked = replace(query, indicator="composition", by="product", level=level)
    answer = pipeline.ask(turned(asked, what, whose, others), lake=pipeline.open_lake(home))
    put_out(draw_composition(answer, most=most), Drawn(svg, png, vega, scale, table))


@app.command(
    "mirror",
    epilog="Examples:\n\n  tidewaiter chart mirror RUS CHN --period 2010..2020 --svg both_sides.svg\n\n"
    "  tidewaiter chart mirror CHN HKG --period 2018..2019 --monthly --product 030617 --weight --png weights.png",
)
def mirror(
    exporter: Annotated[str, typer.Argument(help="Where the goods left.", show_default=False)],
    importer: Annotated[str, typer.Argument(help="Where they arrived.", show_default=False)],
    *,
    period: Span,
    product: Annotated[str | None, typer.Option("--product", help="One HS code; all goods by default.")] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="By month, where years are declared too.")] = False,
    weight: Weight = False,
    source: Source = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Draw what both sides declare of the same goods, and the interval of what they were settled on."""
    from tidewaiter import pipeline
    from tidewaiter.base.mirrored import Wanted, Way
    from tidewaiter.base.period import Period
    from tidewaiter.cli.named import areas_of, products_of, refuse_unknown_source
    from tidewaiter.tell.charts.mirror_gap import mirror_gap

    refuse_unknown_source(source)
    way = Way(areas_of([exporter]), areas_of([importer]))
    goods = products_of(None if product is None else [product])
    wanted = Wanted((way,), Period.parse(period), goods, source, "M" if monthly else None)
    found = pipeline.mirror(wanted, as_of=as_day(as_of), home=home, tell=say)
    put_out(mirror_gap(found, measure="weight" if weight else "value"), Drawn(svg, png, vega, scale, table))


@app.command("quota", epilog="Examples:\n\n  tidewaiter chart quota un/dprk refined-petroleum 2019 --svg quota.svg")
def quota(
    regime: Annotated[str, typer.Argument(help="The regime, such as un/dprk.", show_default=False)],
    ledger: Annotated[str, typer.Argument(help="The cap, such as refined-petroleum or coal.", show_default=False)],
    year: Annotated[int, typer.Argument(help="Calendar year.", show_default=False)],
    *,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
) -> None:
    """Draw what was notified under a cap, month by month, beside the cap and the shares of it that oblige somebody."""
    from tidewaiter.law import caps, rulebook
    from tidewaiter.law import ledger as ledgers
    from tidewaiter.tell.charts.quota import quota as draw_quota

    found = rulebook.find_regime(rulebook.load(), regime)
    accounts = caps.account(ledgers.find_ledger(regime, ledger), found, year, as_day(as_of))
    put_out(draw_quota(accounts[-1]), Drawn(svg, png, vega, scale, table))


@app.command(
    "timeline",
    epilog="Examples:\n\n  tidewaiter chart timeline un/dprk --since 2016-01-01 --until 2020-12-31 --svg timeline.svg",
)
def timeline(
    regime: Annotated[str, typer.Argument(help="The regime, such as un/dprk.", show_default=False)],
    *,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Kind(s) of measures only, such as quota.")] = None,
    regimes: Annotated[list[Path] | None, typer.Option(help="Folder (or file) with regimes of your own.")] = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
) -> None:
    """Draw when each measure of a regime was in force, with its acts, wind-downs and deadlines."""
    from tidewaiter.base.errors import QueryError, nearest
    from tidewaiter.law import rulebook
    from tidewaiter.law.regime import KINDS
    from tidewaiter.tell.charts.regime_days import regime_days

    found = rulebook.find_regime(rulebook.load(regimes or ()), regime)
    for each in kind or ():
        if each not in KINDS:
            near = nearest(each, KINDS) or f"; there are {', '.join(KINDS)}"
            message = f"there is no kind of measure {each!r}{near}"
            raise QueryError(message)
    measures = [each for each in found.measures if not kind or each.kind in kind]
    chart = regime_days(found, measures=measures, first=as_day(since), last=as_day(until))
    put_out(chart, Drawn(svg, png, vega, scale, table))


@app.command(
    "exposure",
    epilog="Examples:\n\n  tidewaiter chart exposure PRK --period 2010..2020 --svg exposure.svg\n\n"
    "  tidewaiter chart exposure PRK --period 2017..2020 --regime un/dprk --source un_comtrade --table",
)
def exposure(
    target: Annotated[str, typer.Argument(help="Area the law is about.", show_default=False)],
    *,
    period: Span,
    regime: Annotated[list[str] | None, typer.Option(help="Only this regime; all about the target by default.")] = None,
    most: Annotated[int, typer.Option(min=1, max=60, help="Partners drawn; the table has all.")] = 15,
    mixups: Annotated[
        bool, typer.Option("--mixups/--no-mixups", help="Weigh whether an area of a like name was meant (slower).")
    ] = True,
    source: Source = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Draw declared trade in goods that a measure covers, by partner and year. Nothing in it says who broke a rule."""
    from tidewaiter import pipeline
    from tidewaiter.base.period import Period
    from tidewaiter.cli.named import areas_of, refuse_unknown_source
    from tidewaiter.law import rulebook
    from tidewaiter.tell.charts.exposure import exposure as draw_exposure
    from tidewaiter.tell.charts.words import caption

    refuse_unknown_source(source)
    book = rulebook.load()
    names = [rulebook.find_regime(book, each).id for each in regime or ()]
    code = areas_of([target])[0]
    say("screening every declaration about it; this takes some seconds")
    cells, receipts = pipeline.covered(
        code,
        book,
        period=Period.parse(period),
        regimes=names,
        source=source,
        as_of=as_day(as_of),
        lake=pipeline.open_lake(home),
        mixups=mixups,
    )
    put_out(draw_exposure(cells, target=code, source=caption(receipts), most=most), Drawn(svg, png, vega, scale, table))


@app.command(
    "multiples",
    epilog="Examples:\n\n  tidewaiter chart multiples imports PRK --period 2008..2020 --svg partners.svg\n\n"
    "  tidewaiter chart multiples exports PRK --with RUS,CHN,IND --period 2010..2020 --own-scales --png three.png",
)
def multiples(
    what: Annotated[Flow, typer.Argument(help="imports or exports.", show_default=False)],
    area: Area,
    *,
    period: Span,
    partner: Annotated[
        list[str] | None, typer.Option("--with", help="Partner(s); the largest of the last year by default.")
    ] = None,
    product: Product = None,
    step: Annotated[
        Step | None, typer.Option("--by", help="Length of the periods.", show_default="by the span")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=36, help="Panels.")] = 12,
    own_scales: Annotated[bool, typer.Option("--own-scales", help="Give each panel a scale of its own.")] = False,
    weight: Weight = False,
    source: Source = None,
    svg: Svg = None,
    png: Png = None,
    vega: Vega = None,
    scale: Scale = 2,
    table: Table = False,
    as_of: AsOf = None,
    home: Home = None,
) -> None:
    """Draw the same small chart for each of many partners, so that their shapes compare at a glance."""
    from tidewaiter import pipeline
    from tidewaiter.codes import areas
    from tidewaiter.tell.charts.multiples import multiples as draw_multiples

    whose, others = ends(area, partner)
    lake = pipeline.open_lake(home)
    query = series_query(period, product, step, source, as_of, weight=weight)
    others = others or largest(turned(query, what, whose, ()), most, lake)
    queries = [turned(query, what, whose, (code,)) for code in others]
    answers = ask_all(queries, lake)
    known = frozenset().union(*(pipeline.filed(each, lake) for each in queries))
    title = (
        title_of(what.value, whose, (), queries[0]) if queries else f"{what.value.capitalize()} of {areas.name(whose)}"
    )
    names = [areas.name(code) for code in others]
    chart = draw_multiples(answers, names, title=title, own_scales=own_scales, most=most, known=known)
    put_out(chart, Drawn(svg, png, vega, scale, table))
