"""Explore a pair or a target: each part at an address that holds the whole question, and as files and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.codes import areas
from tidewaiter.tell.answer import SIDES as SIDE_WORDS
from tidewaiter.tell.sheets.cells import footnotes, said
from tidewaiter.web.cite import citations
from tidewaiter.web.explore import BY_NAME, PARTS
from tidewaiter.web.pages import Given, render, shelved
from tidewaiter.web.problem import RequestError
from tidewaiter.web.questions import LEVELS, SIDES, STEPS, WHATS, read
from tidewaiter.web.shelf import Made
from tidewaiter.web.views import PICTURES, View, made, split

if TYPE_CHECKING:
    from starlette.responses import Response

    from tidewaiter.base.sheet import Cell, Sheet, SheetColumn
    from tidewaiter.web.desk import SteadyLake
    from tidewaiter.web.questions import Asked

router = APIRouter(include_in_schema=False)

FRAMED: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)


@router.get("/explore")
async def front(request: Request) -> Response:
    """Show the form, and what can be explored here."""
    return await shelved(request, lambda lake: _front(request, lake))


@router.get("/explore/{last}")
async def part(request: Request, last: str) -> Response:
    """Show one part, as a page or under one of its endings."""
    name, ending = _known(last)
    asked_for = Given(request.query_params)

    def make(lake: SteadyLake) -> Made:
        try:
            asked = read(asked_for)
            view = BY_NAME[name](asked, lake)
        except TidewaiterError as error:
            if ending:
                raise
            return _refused(request, name, str(error), lake)
        return made(request, _whole(request, view, asked, lake), ending)

    return await shelved(request, make)


@router.get("/embed/{last}")
async def embed(request: Request, last: str) -> Response:
    """Show one part alone, to be set into another site's page; only a frozen one may be."""
    name, ending = _known(last)
    if ending:
        raise RequestError(404, "only pages are embedded; pictures have addresses of their own")
    if not request.query_params.get("as_of"):
        raise RequestError(422, "an embedded page names the day it shows: as_of=2020-03-18")

    def make(lake: SteadyLake) -> Made:
        asked = read(request.query_params)
        whole = _whole(request, BY_NAME[name](asked, lake), asked, lake)
        context = {**whole.context, "embedded": True}
        page = made(request, View(whole.name, whole.template, context, whole.sheets, whole.chart), "")
        headers = {"Content-Security-Policy": FRAMED, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Made(page.body, page.media_type, "", headers=headers)

    return await shelved(request, make)


def _origin(sheet: Sheet | None) -> dict[str, Any]:
    """Choose the columns a reader needs: where all rows have one origin, it is said once under the table."""
    always = ["evidence_rank", "coverage", "vintage", "receipts", "partner_name"]
    names = [column.name for column in sheet.columns] if sheet else []
    if sheet is None or not {"source", "side"} <= set(names):
        return {"hidden": always, "origin": ""}
    places = names.index("source"), names.index("side")
    origins = {(row[places[0]], row[places[1]]) for row in sheet.rows}
    if len(origins) != 1:
        return {"hidden": always, "origin": ""}
    source, side = next(iter(origins))
    return {"hidden": [*always, "source", "side"], "origin": f"{source}, {SIDE_WORDS.get(str(side), side)}."}


def _short(cell: Cell, column: SheetColumn) -> str:
    """Write a cell for the page, where a number needs no more than two places; files hold them all."""
    from decimal import Decimal

    return said(round(cell, 2) if isinstance(cell, Decimal) and column.kind == "number" else cell, column)


def _known(last: str) -> tuple[str, str]:
    name, ending = split(last)
    if name not in BY_NAME:
        raise RequestError(404, f"there is no such part; the parts are {', '.join(BY_NAME)}")
    return name, ending


def _front(request: Request, lake: SteadyLake) -> Made:
    context = {**form(Given(request.query_params), lake), "asked": None, "refusal": "", "part": "figure"}
    return Made(render(request, "explore.html.j2", **context).encode(), "text/html; charset=utf-8", "")


def _refused(request: Request, name: str, why: str, lake: SteadyLake) -> Made:
    """Show the form again with what is wrong; nothing that was typed is lost."""
    given = Given(request.query_params)
    context = {**form(given, lake), "asked": None, "refusal": why if given else "", "part": name}
    body = render(request, "explore.html.j2", **context).encode()
    return Made(body, "text/html; charset=utf-8", "", 422)


def _whole(request: Request, view: View, asked: Asked, lake: SteadyLake) -> View:
    """Add to a part what every page of an exploration has: form, figure, citation."""
    from tidewaiter.tell.charts.figure import figure_html

    given = Given({**{key: value for key, value in request.query_params.items() if value}, **asked.pairs})
    chosen = form(given, lake)
    vintage = chosen["vintages"][0] if chosen["vintages"] else None
    sheet = view.sheets[0] if view.sheets else None
    context = {
        **chosen,
        **view.context,
        "refusal": "",
        **_origin(sheet),
        "figure": figure_html(view.chart, heading=2) if view.chart is not None else "",
        "sheet": sheet,
        "said": _short,
        "footnotes": [note for note in footnotes(sheet) if not note.startswith("source:")] if sheet else [],
        "cite": citations(request, str(view.context["title"]), str(view.context["cited"]), vintage),
        "query_string": asked.query,
        "pictures": [ending for ending in view.endings if ending in PICTURES],
    }
    return View(view.name, view.template, context, view.sheets, view.chart, view.json)


def form(given: Given, lake: SteadyLake) -> dict[str, Any]:
    """Return what the form of an exploration shows: what was given, and what can be chosen."""
    from tidewaiter.statistics.card import cards

    vintages = lake.tables().receipt.select("vintage").unique().sort("vintage", descending=True).to_native().fetchall()
    return {
        "given": given,
        "parts": PARTS,
        "whats": WHATS,
        "every_area": _areas(),
        "side_names": SIDES,
        "levels": LEVELS,
        "steps": STEPS,
        "sources": tuple(cards()),
        "vintages": [day for (day,) in vintages],
    }


def _areas() -> list[str]:
    return sorted(each.name for each in areas.every_area() if each.kind in {"country", "world"})
