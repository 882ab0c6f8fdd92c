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
    from tidewaiter.law.status import Match
    from tidewaiter.base.sheet import Sheet
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
    """Show what the exporter declared beside what the importer declared."""
    from tidewaiter.tell.charts.flows import flows

    pair = [asked.series(side="exporter"), asked.series(side="importer")]
    answers = [pipeline.ask(query, lake=lake) for query in pair]
    sheets = tuple(
        replace(answer_sheet(answer, pipeline.filed(query, lake)), name=f"declared_by_{query.side}")
        for answer, query in zip(answers, pair, strict=True)
    )
    labels = ("exporter's declaration", "importer's declaration")
    chart = flows(answers, labels=labels, marks=marks(asked), name="both_sides", title=question(pair[0]))
    return _view("sides", asked, answers, (chart.sheet, *sheets), chart)


def law(asked: Asked, lake: SteadyLake) -> View:
    """Show which declarations are in goods that a measure covers, and how full the caps are."""
    import narwhals as nw

    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import screen_summary
    from tidewaiter.tell.exposure_sheet import summary_sheet

    targets = [area for area in (asked.area, *asked.partners) if area in lawbook.book().targets]
    rows: list[dict[str, Any]] = []
    if targets:
        ends = [nw.col("exporter"), nw.col("importer")]
        own = (ends[0] == asked.area) | (ends[1] == asked.area)
        other = ends[0].is_in(list(asked.partners)) | ends[1].is_in(list(asked.partners))
        found = pipeline.screen(
            targets=targets,
            rulebook=lawbook.book(),
            period=asked.period,
            as_of=asked.as_of,
            lake=lake,
            narrow=lambda trade: trade.filter(own & other if asked.partners else own),
            mixups=False,
        )
        rows = rows_of(screen_summary(found))
    sheet = summary_sheet(rows)
    accounts = list(_accounts(asked, targets))
    context = {"targets": targets, "exposure": rows, "accounts": accounts, "covered": list(_matches(asked))}
    return _view("law", asked, [], (sheet, *(each["sheet"] for each in accounts)), **context)


BY_NAME: Final[dict[str, Part]] = {
    "figure": figure,
    "time": time,
    "goods": goods,
    "partners": partners,
    "sides": sides,
    "law": law,
}


def marks(asked: Asked) -> list[Mark]:
    """Return the first days of the measures on these goods that lie in the period, an act's together."""
    from tidewaiter.tell.charts.model import Mark

    found: dict[tuple[Any, str], list[str]] = {}
    for match in _matches(asked):
        if asked.period.first_day <= match.measure.start <= match.last:
            found.setdefault((match.measure.start, match.measure.cite.act), []).append(match.measure.words)
    made = []
    for (day, act), words in sorted(found.items()):
        said = list(dict.fromkeys(words))
        more = f" and {len(said) - 2} more" if len(said) > 2 else ""
        made.append(Mark(day, f"{act}: {'; '.join(said[:2])}{more}"))
    return made[:MOST_MARKS]


def _matches(asked: Asked) -> Iterator[Match]:
    """Yield the measures on the goods asked about, each way that was asked; none where no regime is about either end."""
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
                yield {"account": each, "last": lines[-1] if lines else None, "sheet": account_sheet(each)}
            break


def _headline(answer: Answer | Refusal) -> dict[str, str]:
    """Write the number large, all its digits, and the two levels of a change."""
    words = {"headline": "", "exactly": "", "levels": ""}
    if isinstance(answer, Refusal) or answer.value is None:
        return words
    value, unit = answer.value.value, answer.value.unit
    words["headline"] = f"{'at least ' if answer.at_least else ''}{amount(value, unit)}"
    if answer.query.indicator != "change":
        words["exactly"] = exactly(value, unit)
    elif answer.current is not None and answer.base is not None:
        words["headline"] = f"{'+' if value > 0 else ''}{amount(value, unit)}"
        words["levels"] = f"{_level(answer.current)}, against {_level(answer.base)}."
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
        (row.reporter or row.publisher, row.flow, row.partner, row.product, row.hs, row.period)
        + (Absent.NO_DATA if row.value is None else row.value, row.unit, row.valuation, row.source, row.receipt, row.row)
        for row in found.evidence
    )
    return (Sheet("rows", "Rows under the number", columns, rows, (), found.cite()),)


def _ranked(part: str, asked: Asked, query: Query, lake: SteadyLake) -> View:
    answer = pipeline.ask(query, lake=lake)
    sheet = answer_sheet(answer, pipeline.filed(query, lake))
    return _view(part, asked, [answer], (sheet,))


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
        **more,
    }
    name = f"{part}_{asked.what}_{asked.area}_{'_'.join(asked.partners) or 'all'}_{asked.period}".lower()
    return View(name.replace("..", "_").replace("/", "_"), TEMPLATE, context, sheets, chart, json)
