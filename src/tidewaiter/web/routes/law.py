"""The law: regimes, their measures and days, what held for goods on a day, and a search over codes and words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request

from tidewaiter.base.errors import QueryError, TidewaiterError
from tidewaiter.base.period import Period
from tidewaiter.base.terms import EDITION_UNSTATED
from tidewaiter.codes import areas, hs_codes, products
from tidewaiter.law import rulebook
from tidewaiter.law.regime import Rulebook
from tidewaiter.web import lawbook
from tidewaiter.web.pages import Given, shelved
from tidewaiter.web.questions import HOW
from tidewaiter.web.views import View, made, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from tidewaiter.law.status import Status
    from tidewaiter.web.desk import SteadyLake

router = APIRouter(include_in_schema=False)


@router.get("/law")
async def regimes(request: Request) -> Response:
    """List regimes and scenarios; with `q` what a search finds, with `product` and `on` what held then."""
    return await shelved(request, lambda lake: made(request, _front(request.query_params, lake), ""))


@router.get("/law/status.{ending}")
async def status(request: Request, ending: str) -> Response:
    """Send what held for goods on a day as data."""

    def make(lake: SteadyLake) -> Any:
        import json

        from tidewaiter.law.contract import status_to_json
        from tidewaiter.tell.law_sheets import status_sheet

        found = status_of(request.query_params, lake)
        text = json.dumps(status_to_json(found), indent=2, ensure_ascii=False)
        return made(request, View("status", "law.html.j2", {}, (status_sheet(found),), json=text), ending)

    return await shelved(request, make)


@router.get("/law/regime/{name:path}")
async def regime(request: Request, name: str) -> Response:
    """Show a regime's measures, as the law is or as a scenario would make it."""
    name, ending = split(name)
    return await shelved(request, lambda _: made(request, _regime(name, request.query_params), ending))


@router.get("/law/measure/{name:path}")
async def measure(request: Request, name: str) -> Response:
    """Show all that is known of one measure, with its sources."""
    return await shelved(request, lambda _: made(request, _measure(name, request.query_params), ""))


@router.get("/law/timeline/{name:path}")
async def timeline(request: Request, name: str) -> Response:
    """Show a regime's days in order."""
    name, ending = split(name)
    return await shelved(request, lambda _: made(request, _timeline(name), ending))


def status_of(given: Mapping[str, str], lake: SteadyLake) -> Status:
    """Answer what the law ordered for the goods, way and day that an address names."""
    from tidewaiter import pipeline
    from tidewaiter.law.status import status as judge

    hs = given.get("hs") or EDITION_UNSTATED
    known = None if hs == EDITION_UNSTATED else pipeline.concordance(lake)
    ends = [areas.resolve(given[end], HOW) if given.get(end) else None for end in ("from", "to")]
    if ends == [None, None]:
        message = "say where the goods come from or where they go: from=PRK or to=PRK"
        raise QueryError(message)
    return judge(
        given.get("product") or "",
        _when(given.get("on") or ""),
        lawbook.book_as_if(given.get("as_if")),
        exporter=ends[0],
        importer=ends[1],
        hs=hs,
        restate=None if known is None else known.follow,
    )


def _front(given: Mapping[str, str], lake: SteadyLake) -> View:
    context: dict[str, Any] = {
        "given": Given(given),
        "regimes": lawbook.book().regimes,
        "scenarios": lawbook.scenarios(),
        "editions": hs_codes.EDITIONS,
        "today": datetime.now(UTC).date().isoformat(),
        "said": None,
        "refusal": "",
        "hits": lawbook.search(given.get("q", "")),
        "most": lawbook.MOST_HITS,
    }
    if given.get("product"):
        from tidewaiter.law.say import ASSIGNED, STATUS_WORDS, say_status

        try:
            said = status_of(given, lake)
            words = say_status(said)
            context |= {"said": said, "words": words, "verdict": words.split("\n", 1)[0], "label": _label(said)}
            context |= {"status_words": STATUS_WORDS, "assigned": ASSIGNED}
        except TidewaiterError as error:
            context["refusal"] = str(error)
    return View("law", "law.html.j2", context)


def _regime(name: str, given: Mapping[str, str]) -> View:
    from tidewaiter.tell.law_sheets import measures_sheet

    as_if = given.get("as_if") or None
    found = rulebook.find_regime(lawbook.book_as_if(as_if), name)
    before = {each.id: each for each in rulebook.find_regime(lawbook.book(), name).measures}
    sheet = measures_sheet(Rulebook((found,)))
    here = {key: each for key, each in lawbook.scenarios().items() if each.regime == name}
    context = {"regime": found, "as_if": as_if, "scenarios": here, "known": before}
    return View(f"measures_{name}".replace("/", "_"), "regime.html.j2", context, (sheet,))


def _measure(name: str, given: Mapping[str, str]) -> View:
    from tidewaiter.law.say import ASSIGNED, say_measure

    regime_id, _, measure_id = name.rpartition("/")
    book = lawbook.book_as_if(given.get("as_if"))
    found, one = rulebook.find_measure(book, f"{regime_id} {measure_id}" if regime_id else measure_id)
    labels = {code: lawbook.label(code, goods.hs) for goods in one.goods for code in goods.codes}
    context = {
        "regime": found,
        "measure": one,
        "assigned": ASSIGNED,
        "words": say_measure(found, one),
        "labels": labels,
    }
    return View(f"measure_{measure_id}", "measure.html.j2", context)


def _timeline(name: str) -> View:
    from itertools import groupby

    from tidewaiter.law.duties import deadlines
    from tidewaiter.law.timeline import timeline as entries_of
    from tidewaiter.tell.charts.figure import figure_html
    from tidewaiter.tell.charts.regime_days import regime_days
    from tidewaiter.tell.law_sheets import timeline_sheet
    from tidewaiter.tell.timeline_page import KINDS, STRONG

    found = rulebook.find_regime(lawbook.book(), name)
    entries = entries_of(found)
    years = [(year, list(days)) for year, days in groupby(entries, key=lambda entry: entry.day.year)]
    context = {"regime": found, "years": years, "count": len(entries), "kinds": KINDS, "strong": STRONG}
    chart = regime_days(found)
    context |= {"deadlines": deadlines(found), "figure": figure_html(chart, heading=2)}
    sheets = (timeline_sheet(name, entries),)
    return View(f"timeline_{name}".replace("/", "_"), "timeline.html.j2", context, sheets, chart)


def _label(said: Status) -> str:
    from tidewaiter.base.errors import CodeError

    try:
        return products.label(said.product, said.hs)
    except CodeError:
        return ""


def _when(text: str) -> date | Period:
    """Read a day, a month or a year."""
    if text.count("-") == 2 and "/" not in text and ".." not in text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            message = f"on={text[:40]!r} is no day; write 2018-03-15, 2018-03 or 2018"
            raise QueryError(message) from None
    if not text:
        message = "say when: on=2018-03-15, 2018-03 or 2018"
        raise QueryError(message)
    return Period.parse(text)
