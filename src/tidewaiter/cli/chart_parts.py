"""What the commands for charts share: the question behind a flow, the days of the law, and where a chart goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from tidewaiter.cli.named import areas_of, products_of, refuse_unknown_source, split
from tidewaiter.cli.options import as_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.lake.lake import Lake
    from tidewaiter.tell.charts.model import Chart, Mark


class Flow(StrEnum):
    """Which way the goods of a chart go, seen from the area."""

    imports = "imports"
    exports = "exports"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a chart goes: files, and whether its table is printed."""

    svg: Path | None
    png: Path | None
    vega: Path | None
    scale: float
    table: bool


def ends(area: str, partners: list[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return the codes of the area and of its partners, none for all of them; raises `CodeError`, `QueryError`."""
    from tidewaiter.base.errors import QueryError

    whose = areas_of([area])[0]
    others = areas_of(name for text in partners or () for name in split(text))
    if whose in others:
        message = f"{whose} does not trade with itself; leave it out of --with"
        raise QueryError(message)
    return whose, others


def series_query(
    period: str,
    product: list[str] | None,
    step: StrEnum | None,
    source: str | None,
    as_of: datetime | None,
    *,
    weight: bool,
) -> Query:
    """Write the question for a series, before it is said whose; raises `CodeError` and `QueryError`."""
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Query

    refuse_unknown_source(source)
    asked = Query(
        "series",
        period=Period.parse(period),
        products=products_of(product),
        source=source,
        as_of=as_day(as_of),
        measure="weight" if weight else "value",
    )
    match step and step.value:
        case "month":
            return replace(asked, step="month")
        case "quarter":
            return replace(asked, step="quarter")
        case "year":
            return replace(asked, step="year")
    return asked


def turned(query: Query, way: Flow, whose: str, others: tuple[str, ...]) -> Query:
    """Say whose imports or exports a question is about, and of which partners."""
    if way is Flow.imports:
        return replace(query, exporters=others, importers=(whose,), perspective=whose)
    return replace(query, exporters=(whose,), importers=others, perspective=whose)


def ask_all(queries: Sequence[Query], lake: Lake) -> list[Answer | Refusal]:
    """Ask one question after the other, with a progress bar on a terminal."""
    from tidewaiter import pipeline
    from tidewaiter.tell.progress import progress

    answers = []
    with progress("asking", len(queries)) as done:
        for query in queries:
            answers.append(pipeline.ask(query, lake=lake))
            done(" ".join((*query.exporters, "to", *query.importers)))
    return answers


def largest(query: Query, most: int, lake: Lake) -> tuple[str, ...]:
    """Return the largest partners of the span that a question is about, the largest first; none where none is known."""
    from tidewaiter import pipeline
    from tidewaiter.base.question import Refusal
    from tidewaiter.codes import areas

    span = query.period
    if span is None:
        return ()
    # A whole span has gaps of many partners; its last year says who is large without them.
    for year in reversed(span.years):
        inside = replace(span, first=max(span.first, year * 12), last=min(span.last, year * 12 + 11))
        ranking = replace(query, indicator="ranking", by="partner", step=None, period=inside)
        found = pipeline.ask(ranking, lake=lake)
        answer = found.partial if isinstance(found, Refusal) else found
        labels = [line.label for line in answer.table if line.value is not None] if answer is not None else []
        known = [code for code in labels if code.isupper() and areas.kind(code) in {"country", "dissolved"}]
        if known:
            return tuple(known[:most])
    return ()


def law_marks(ways: Sequence[Flow], whose: str, others: tuple[str, ...], query: Query) -> tuple[Mark, ...]:
    """Return the days on which measures on these goods, going these ways, began; none without a regime about either."""
    from tidewaiter.codes.areas import WORLD
    from tidewaiter.law import rulebook
    from tidewaiter.law.status import status
    from tidewaiter.tell.charts.marks import marks_of

    book = rulebook.load()
    if query.period is None or not {whose, *others} & set(book.targets):
        return ()
    measures = []
    ends = [(other, whose) if way is Flow.imports else (whose, other) for way in ways for other in others or (WORLD,)]
    for exporter, importer in ends:
        for product in query.products:
            said = status(product, query.period, book, exporter=exporter, importer=importer)
            measures += [match.measure for match in (*said.matches, *said.coarse)]
    return marks_of({measure.id: measure for measure in measures}.values(), query.period)


def label(way: Flow, whose: str, others: tuple[str, ...], *, several: bool) -> str:
    """Name one line among others: `imports from China`, or the partner alone where all go one way."""
    from tidewaiter.codes import areas

    names = " and ".join(areas.name(code) for code in others) or "all partners"
    if not several:
        return names
    return f"{way.value} {'from' if way is Flow.imports else 'to'} {names}" if others else f"{way.value} of {whose}"


def title_of(what: str, whose: str, others: tuple[str, ...], query: Query) -> str:
    """Say what a chart of several lines is about: `Imports of North Korea from China and Russia, 2010 to 2020`."""
    from tidewaiter.base.terms import TOTAL
    from tidewaiter.codes import areas
    from tidewaiter.tell.charts.words import listed
    from tidewaiter.tell.said import span

    words = {"imports": ("Imports", "from"), "exports": ("Exports", "to"), "both": ("Imports and exports", "with")}
    name, preposition = words[what]
    partners = f" {preposition} {listed([areas.name(code) for code in others])}" if others else ""
    goods = "all goods" if query.products == (TOTAL,) else f"HS {', '.join(query.products)}"
    weight = ", net weight" if query.measure == "weight" else ""
    return f"{name} of {areas.name(whose)}{partners}, {span(query.period)}, {goods}{weight}"


def put_out(chart: Chart, to: Drawn) -> None:
    """Write a chart to the files that were named and say what it shows; without a file, its table too.

    Exits with 1 where there was nothing to draw.
    Raises `InputError` where the extra `charts` is needed and not installed, `QueryError` for a file that cannot
    be written.
    """
    from tidewaiter.tell.charts import draw
    from tidewaiter.tell.page import console, escaped
    from tidewaiter.tell.page import say as print_line
    from tidewaiter.tell.sheets import write
    from tidewaiter.tell.sheets.terminal import print_sheet

    files: dict[Path, bytes] = {}
    if to.svg is not None:
        files[to.svg] = draw.svg(chart).encode()
    if to.png is not None:
        files[to.png] = draw.png(chart, to.scale)
    if to.vega is not None:
        files[to.vega] = draw.vega_json(chart).encode()
    page = console()
    print_line(page, escaped(chart.alt), indent=0)
    for path, data in files.items():
        write(data, path)
        print_line(page, escaped(f"{path}: {len(data):,} bytes"))
    if to.table or not files:
        print_sheet(chart.sheet)
    else:
        print_line(page, escaped(chart.caption), style="dim")
    if chart.is_empty:
        raise typer.Exit(1)


def say(message: str) -> None:
    """Tell whoever sits at a terminal why it takes a while."""
    import sys

    if sys.stderr is not None and sys.stderr.isatty():
        typer.echo(message, err=True)
