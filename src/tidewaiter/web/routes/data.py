"""The data: sources, receipts, vintages, who filed when, and what moved between two days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request

from tidewaiter.base.errors import QueryError
from tidewaiter.codes import areas
from tidewaiter.tell.sheets.cells import said
from tidewaiter.web.coverage import calendar, vintages
from tidewaiter.web.pages import Given, shelved
from tidewaiter.web.problem import RequestError
from tidewaiter.web.questions import HOW, day_of
from tidewaiter.web.views import View, made, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from tidewaiter.web.desk import SteadyLake

router = APIRouter(include_in_schema=False)

MOST_MOVES = 2_000


@router.get("/data")
async def front(request: Request) -> Response:
    """Show what is landed and what can be."""
    return await shelved(request, lambda lake: made(request, _front(lake), ""))


@router.get("/data/{last}")
async def part(request: Request, last: str) -> Response:
    """Show receipts, sources, the coverage calendar or what changed, as a page or under an ending."""
    name, ending = split(last)
    parts = {"receipts": _receipts, "sources": _sources, "coverage": _coverage, "changes": _changes}
    if name not in parts:
        raise RequestError(404, f"there is no such page; there are {', '.join(parts)}")
    given = Given(request.query_params)
    return await shelved(request, lambda lake: made(request, parts[name](lake, given), ending))


def _front(lake: SteadyLake) -> View:
    from tidewaiter.statistics.card import cards
    from tidewaiter.tell.lake_sheets import receipts_sheet

    sheet = receipts_sheet(lake.tables().receipt)
    known = vintages(lake)
    rows = sum(row[3] for row in known)
    context = {"cards": tuple(cards().values()), "sheet": sheet, "said": said, "vintages": known, "rows": rows}
    return View("data", "data.html.j2", context)


def _receipts(lake: SteadyLake, given: Mapping[str, str]) -> View:
    from tidewaiter.tell.lake_sheets import receipts_sheet

    sheet = receipts_sheet(lake.tables(day_of("as_of", given["as_of"])).receipt)
    return View(
        "receipts", "sheet.html.j2", {"sheet": sheet, "said": said, "title": "Receipts", "words": RECEIPTS}, (sheet,)
    )


def _sources(_: SteadyLake, given: Mapping[str, str]) -> View:
    from tidewaiter.statistics.card import cards
    from tidewaiter.tell.lake_sheets import sources_sheet

    sheet = sources_sheet(cards().values())
    context = {"sheet": sheet, "said": said, "title": "Sources", "words": SOURCES, "given": given}
    return View("sources", "sheet.html.j2", context, (sheet,))


def _coverage(lake: SteadyLake, given: Mapping[str, str]) -> View:
    first, last = (_year(name, given) for name in ("first", "last"))
    found = calendar(lake, given["source"] or None, first, last, day_of("as_of", given["as_of"]))
    sheets = () if found is None else (found.sheet(),)
    return View("coverage", "coverage.html.j2", {"calendar": found, "given": given}, sheets)


def _changes(lake: SteadyLake, given: Mapping[str, str]) -> View:
    from tidewaiter import pipeline
    from tidewaiter.tell.revisions import revisions_json, revisions_sheet

    context: dict[str, Any]
    days = sorted({day for day, source, *_ in vintages(lake) if source != "published"}, reverse=True)
    last = day_of("to", given["to"]) or datetime.now(UTC).date()
    first = day_of("from", given["from"])
    if first is None:
        if len(days) < 2:  # one vintage: everything there is came with it, which is no change
            context = {"found": None, "first": None, "last": last, "given": given, "days": days}
            return View("changes", "changes.html.j2", context)
        first = days[1]
    if first >= last:
        message = f"from={first} is not before to={last}"
        raise QueryError(message)
    named = {key: [areas.resolve(given[name], HOW)] if given[name] else [] for key, name in _NAMED.items()}
    found = pipeline.revisions((first, last), limit=MOST_MOVES, lake=lake, source=given["source"] or None, **named)
    sheet = revisions_sheet(found)
    context = {"found": found, "sheet": sheet, "said": said, "given": given, "days": days}
    context |= {"first": first, "last": last, "most": MOST_MOVES}
    return View(f"changes_{first}_{last}", "changes.html.j2", context, (sheet,), json=revisions_json(found))


_NAMED = {"reporters": "reporter", "partners": "partner"}
RECEIPTS = (
    "Each landed file: what it is, which state of the publication, and the sha256 by which its bytes are found again."
)
SOURCES = "The publishers whose files can be landed, and their terms."


def _year(name: str, given: Mapping[str, str]) -> int | None:
    if not given[name]:
        return None
    if not (given[name].isdigit() and len(given[name]) == 4):
        message = f"{name}={given[name][:40]!r} is no year"
        raise QueryError(message)
    return int(given[name])
