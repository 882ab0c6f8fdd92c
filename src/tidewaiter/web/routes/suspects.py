"""Suspect declarations: read them, and, where writing is allowed, say of each whether it stands or is doubted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.web.pages import tag
from tidewaiter.web.problem import RequestError
from tidewaiter.web.register import KEY, Register
from tidewaiter.web.suspects import LIKELY, suspected
from tidewaiter.web.views import View, made
from tidewaiter.web.writing import may_write, require, sign_of

if TYPE_CHECKING:
    from tidewaiter.web.desk import SteadyLake

router = APIRouter(include_in_schema=False)
writing = APIRouter(include_in_schema=False)

SHOWS = ("open", "doubtful", "stands", "all")


@router.get("/suspects")
async def page(request: Request) -> Response:
    """Show the list; who may write has a form beside each."""
    return await _answer(request, "")


@router.get("/suspects.{ending}")
async def data(request: Request, ending: str) -> Response:
    """Send the list as data."""
    return await _answer(request, ending)


@writing.post("/suspects")
async def review(request: Request) -> Response:
    """Write one verdict with its reason into the register."""
    from tidewaiter.web.routes.check import in_memory

    given, _ = await in_memory(request, 20_000)
    require(request, given.get("sign", ""))
    register = await _register(request)
    verdict = given.get("verdict", "")
    if verdict not in {"doubtful", "stands"}:
        raise RequestError(422, "say verdict=doubtful or verdict=stands")
    if any(not given.get(name) for name in KEY):
        raise RequestError(422, f"name the declaration: {', '.join(KEY)}")
    register.add(verdict, given, given.get("who", ""), given.get("why", ""))
    return RedirectResponse("/suspects?said=1", 303)


async def _answer(request: Request, ending: str) -> Response:
    desk = request.app.state.desk
    register = await _register(request, needed=False)
    show = request.query_params.get("show", "open")
    if show not in SHOWS:
        raise RequestError(422, f"show={', '.join(SHOWS)}")

    kept = request.app.state.suspects
    if kept is None or kept[0] != await desk.state():
        kept = request.app.state.suspects = await desk.run(suspected)
    state, found_rows = kept
    rows: list[dict[str, Any]] = [dict(row) for row in found_rows]
    judged = {} if register is None else register.judged()
    for row in rows:
        row["verdict"], row["review"] = judged.get(tuple(str(row[name]) for name in KEY), ("open", ""))
    shown = [row for row in rows if show == "all" or row["verdict"] == show]
    counts = {name: sum(row["verdict"] == name for row in rows) for name in SHOWS[:3]} | {"all": len(rows)}
    writer = may_write(request)
    context = {
        "rows": shown,
        "show": show,
        "counts": counts,
        "likely": LIKELY,
        "writer": writer,
        "sign": sign_of(request),
        "said_so": request.query_params.get("said") == "1",
        "keys": KEY,
        "register": None if register is None else register.path.name,
    }
    found = made(request, View("suspects", "suspects.html.j2", context, (_sheet(shown),)), ending)
    headers = {"Cache-Control": "no-store" if writer else "no-cache", **found.headers}
    if not writer:
        headers["ETag"] = tag(f"{state} {'' if register is None else register.state()}", str(request.url))
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)


async def _register(request: Request, *, needed: bool = True) -> Any:
    """Return the register of this server's lake; raises `RequestError` where there is no place for one."""

    def kept(lake: SteadyLake) -> Register | None:
        return lake.register

    _, found = await request.app.state.desk.run(kept)
    if found is None and needed:
        raise RequestError(422, "a lake in an object store needs --register, a file to write to")
    return found


def _sheet(rows: list[dict[str, Any]]) -> Sheet:
    from decimal import Decimal

    columns = (
        *(SheetColumn(name, name) for name in KEY),
        SheetColumn("value_usd", "value, USD", "number", "USD"),
        SheetColumn("weight_kg", "net weight, kg", "number", "kg"),
        SheetColumn("meant", "perhaps meant"),
        SheetColumn("mixup_probability", "probability, %", "share"),
        SheetColumn("mixup_reasons", "reasons"),
        SheetColumn("verdict", "verdict"),
        SheetColumn("review", "said"),
        SheetColumn("receipt", "receipt"),
        SheetColumn("row", "row", "count"),
    )
    return Sheet(
        "suspects",
        "Declarations that may be about a namesake",
        columns,
        tuple(
            tuple(
                Decimal(str(row[column.name])) if column.name == "mixup_probability" else row[column.name]
                for column in columns
            )
            for row in rows
        ),
    )
