"""What each part of an exploration shows: the questions behind it, its table and its chart. Owns no formula."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tidewaiter import pipeline
from tidewaiter.base.question import Answer, Refusal
from tidewaiter.tell.answer import SIDES, question
from tidewaiter.tell.answer_sheet import answer_sheet
from tidewaiter.tell.said import amount, exactly, span
from tidewaiter.web import lawbook
from tidewaiter.web.views import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tidewaiter.base.question import Query
    from tidewaiter.base.sheet import Sheet
    from tidewaiter.law.status import Match
    from tidewaiter.tell.charts.model import Chart, Mark
    from tidewaiter.web.desk import SteadyLake
    from tidewaiter.web.questions import Asked

    Part = Callable[[Asked, SteadyLake], View]

PARTS: Final = {
    "figure": "Figure",
    "time": "Over time",
    "goods": "Goods",
    "partners": "Partners",
    "sides": "Both sides",
    "law": "Law and caps",
}
"""The parts of an exploration, in the order of their tabs."""

TEMPLATE: Final = "explore.html.j2"
MOST_LINES: Final = 200
MOST_MARKS: Final = 8


def figure(asked: Asked, lake: SteadyLake) -> View:
    """Show the one number: whose it is, what it rests on, what others say, and the rows under it."""
    import json

    from tidewaiter.answers import describe

    query = asked.single
    answer = pipeline.ask(query, lake=lake)
    sheet = answer_sheet(answer, pipeline.filed(query, lake))
    text = json.dumps(describe(answer), indent=2, ensure_ascii=False)
    return _view("figure", asked, [answer], (sheet, *_evidence(answer)), json=text, **_headline(answer))


def time(asked: Asked, lake: SteadyLake) -> View:
    """Show the course of time, with the days on which measures began."""
    from tidewaiter.tell.charts.flows import flows

    query = asked.series()
    answer = pipeline.ask(query, lake=lake)
    sheet = answer_sheet(answer, pipeline.filed(query, lake))
    chart = flows([answer], marks=marks(asked), name=sheet.name, title=question(query))
    return _view("time", asked, [answer], (sheet,), chart)


def goods(asked: Asked, lake: SteadyLake) -> View:
    """Show what the trade was made of, at the level of codes that was chosen."""
    return _ranked("goods", asked, asked.by("product", MOST_LINES), lake)


def partners(asked: Asked, lake: SteadyLake) -> View:
    """Show every partner by size."""
    return _ranked("partners", asked, asked.by("partner", MOST_LINES), lake)


def sides(asked: Asked, lake: SteadyLake) -> View:
    """Show what the exporter declared beside what the importer declared; settled too, where that was asked."""
    from tidewaiter.tell.charts.flows import flows

    if asked.settle:
        return _settled(asked, lake)

    pair = [asked.series(side="exporter"), asked.series(side="importer")]
    answers = [pipeline.ask(query, lake=lake) for query in pair]
    sheets = tuple(
        replace(answer_sheet(answer, pipeline.filed(query, lake)), name=f"declared_by_{query.side}")
        for answer, query in zip(answers, pair, strict=True)
    )
    labels = ("exporter's declaration", "importer's declaration")
    chart = flows(answers, labels=labels, marks=marks(asked), name="both_sides", title=question(pair[0]))
    return _view("sides", asked, answers, (chart.sheet, *sheets), chart, may_settle=asked.what != "balance")


def _settled(asked: Asked, lake: SteadyLake) -> View:
    """Show each cell's two declarations, the gap between them, and the number they were settled on."""
    from tidewaiter.base.mirrored import Wanted, Way
    from tidewaiter.tell.charts.mirror_gap import mirror_gap
    from tidewaiter.tell.mirror import mirror_sheet

    own = (asked.area,)
    ways = {"imports": (Way(asked.partners, own),), "exports": (Way(own, asked.partners),)}
    both = (Way(own, asked.partners), Way(asked.partners, own))
    wanted = Wanted(ways.get(asked.what, both), asked.period, asked.products, asked.source)
    table = pipeline.mirror(wanted, as_of=asked.as_of, lake=lake)
    sheet = mirror_sheet(table, "weight" if asked.weight else "value")
    one = len({(cell.exporter, cell.importer, cell.product) for cell in table.cells}) == 1
    chart = mirror_gap(table, measure="weight" if asked.weight else "value") if one else None
    return _view("sides", asked, [], (sheet,), chart, cited=sheet.source)


def law(asked: Asked, lake: SteadyLake) -> View:
    """Show which declarations are in goods that a measure covers, and how full the caps are."""
    from tidewaiter.tell.exposure_sheet import summary_sheet
    from tidewaiter.web.screening import exposed

    speaking = [regime for regime in lawbook.book().regimes if regime.id in _regimes(asked)]
    targets = [area for area in (asked.area, *asked.partners) if any(area in each.targets for each in speaking)]
    rows, sheet = (
        ([], summary_sheet([]))
        if not targets
        else exposed(
            lake,
            lawbook.book(),
            target=asked.area,
            partners=asked.partners,
            period=asked.period,
            regimes=_regimes(asked),
            as_of=asked.as_of,
            targets=targets,
        )
    )
    accounts = list(_accounts(asked, targets))
    context: dict[str, Any] = {
        "targets": targets,
        "exposure": rows,
        "accounts": accounts,
        "covered": list({(each.regime.id, each.measure.id): each for each in _matches(asked)}.values()),
    }
    context["goods_of"] = {(regime.id, each.id): each.words for regime in speaking for each in regime.measures}
    return _view("law", asked, [], (sheet, *(each["sheet"] for each in accounts)), **context)


def _regimes(asked: Asked) -> list[str]:
    """Return the regimes about one end that speak to the other: a law that binds one state says nothing of others."""
    ends = {asked.area, *asked.partners}
    return [
        regime.id
        for regime in lawbook.book().regimes
        if set(regime.targets) & ends and (not regime.binds or not asked.partners or set(regime.binds) & ends)
    ]


BY_NAME: Final[dict[str, Part]] = {
    "figure": figure,
    "time": time,
    "goods": goods,
    "partners": partners,
    "sides": sides,
    "law": law,
}


def marks(asked: Asked) -> Sequence[Mark]:
    """Return the first days of the measures on these goods that lie in the period, an act's together."""
    from tidewaiter.tell.charts.marks import marks_of

    return marks_of((match.measure for match in _matches(asked)), asked.period)[:MOST_MARKS]


def _matches(asked: Asked) -> Iterator[Match]:
    """Yield the measures on the goods asked about, each way; none where no regime is about either end."""
    from tidewaiter.law.status import status

    for exporter, importer in _ways(asked):
        if not {exporter, importer} & set(lawbook.book().targets):
            continue
        for product in asked.products:
            said = status(product, asked.period, lawbook.book(), exporter=exporter, importer=importer)
            yield from (*said.matches, *said.coarse, *said.bound)


def _ways(asked: Asked) -> Iterator[tuple[str | None, str | None]]:
    """Yield the directions (exporter, importer); None is every partner."""
    for partner in asked.partners or (None,):
        if asked.what != "exports":
            yield partner, asked.area
        if asked.what != "imports":
            yield asked.area, partner


def _accounts(asked: Asked, targets: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the caps of the regimes about `targets` that have an account in the last year asked about."""
    from tidewaiter.base.errors import QueryError
    from tidewaiter.law.caps import account
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.tell.charts.figure import figure_html
    from tidewaiter.tell.charts.quota import quota
    from tidewaiter.tell.law_sheets import account_sheet

    for ledger in ledgers():
        regime = next((each for each in lawbook.book().regimes if each.id == ledger.regime), None)
        if regime is None or not set(regime.targets) & set(targets):
            continue
        for year in reversed(asked.period.years):
            try:
                found = account(ledger, regime, year, asked.as_of)
            except QueryError:
                continue
            for each in found[-1:]:
                lines = [line for line in each.lines if line.total.low or line.said]
                figure = figure_html(quota(each), heading=3)
                yield {
                    "account": each,
                    "last": lines[-1] if lines else None,
                    "sheet": account_sheet(each),
                    "figure": figure,
                }
            break


def _headline(answer: Answer | Refusal) -> dict[str, Any]:
    """Write the number large, all its digits, and the two levels of a change."""
    words: dict[str, Any] = {"headline": "", "exactly": "", "both_levels": ""}
    if isinstance(answer, Refusal) or answer.value is None:
        return words
    value, unit = answer.value.value, answer.value.unit
    words["headline"] = f"{'at least ' if answer.at_least else ''}{amount(value, unit)}"
    if answer.query.indicator != "change":
        words["exactly"] = exactly(value, unit)
    elif answer.current is not None and answer.base is not None:
        words["headline"] = f"{'+' if value > 0 else ''}{amount(value, unit)}"
        words["both_levels"] = f"{_level(answer.current)}, against {_level(answer.base)}."
    return words


def _level(answer: Answer) -> str:
    said = "no data" if answer.value is None else amount(answer.value.value, answer.value.unit)
    return f"{said} in {span(answer.query.period)}"


def _evidence(answer: Answer | Refusal) -> tuple[Sheet, ...]:
    """Lay out the rows under a number, each with its way back to the publisher's file."""
    from tidewaiter.base.sheet import Absent, Sheet, SheetColumn

    found = answer.partial if isinstance(answer, Refusal) else answer
    if found is None or not found.evidence:
        return ()
    columns = (
        *(SheetColumn(name, name) for name in ("reporter", "flow", "partner", "product", "hs", "period")),
        SheetColumn("value", "value", "number", may_be_absent=True),
        SheetColumn("unit", "unit"),
        *(SheetColumn(name, name) for name in ("valuation", "source", "receipt")),
        SheetColumn("row", "row", "count"),
    )
    rows = tuple(
        (
            row.reporter or row.publisher,
            row.flow,
            row.partner,
            row.product,
            row.hs,
            row.period,
            Absent.NO_DATA if row.value is None else row.value,
            row.unit,
            row.valuation,
            row.source,
            row.receipt,
            row.row,
        )
        for row in found.evidence
    )
    return (Sheet("rows", "Rows under the number", columns, rows, (), found.cite()),)


def _ranked(part: str, asked: Asked, query: Query, lake: SteadyLake) -> View:
    from tidewaiter.tell.charts.composition import composition

    answer = pipeline.ask(query, lake=lake)
    sheet = answer_sheet(answer, pipeline.filed(query, lake))
    return _view(part, asked, [answer], (sheet,), composition(answer, name=sheet.name))


def _view(
    part: str,
    asked: Asked,
    answers: Sequence[Answer | Refusal],
    sheets: tuple[Sheet, ...],
    chart: Chart | None = None,
    json: str | None = None,
    **more: Any,
) -> View:
    first = answers[0] if answers else None
    cite = " ".join(dict.fromkeys(each.cite() for each in answers if isinstance(each, Answer)))
    context = {
        "part": part,
        "parts": PARTS,
        "asked": asked,
        "answers": answers,
        "first": first,
        "title": question(first.query) if first is not None else question(asked.flow),
        "sides": SIDES,
        "cited": cite,
        "targets": [],
        "exposure": [],
        "accounts": [],
        "covered": [],
        "goods_of": {},
        "may_settle": False,
        **more,
    }
    name = f"{part}_{asked.what}_{asked.area}_{'_'.join(asked.partners) or 'all'}_{asked.period}".lower()
    return View(name.replace("..", "_").replace("/", "_"), TEMPLATE, context, sheets, chart, json)
