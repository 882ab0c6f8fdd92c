"""Begin and end a session that may write. These addresses are only there where writing is allowed."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tidewaiter.web.pages import render
from tidewaiter.web.routes.check import in_memory
from tidewaiter.web.writing import begin, end, may_write, require, require_same_site, sign_of

router = APIRouter(include_in_schema=False)
WRONG_WAIT: Final = 1.0
"""Seconds that a wrong token costs, so that guessing takes for ever."""


@router.get("/write")
async def form(request: Request) -> Response:
    """Ask for the token."""
    return _page(request)


@router.post("/write")
async def start(request: Request) -> Response:
    """Open a session where the token is right."""
    require_same_site(request)
    given, _ = await in_memory(request, 4_000)
    response = RedirectResponse("/suspects", 303)
    if not begin(request, response, given.get("token", "").strip()):
        await asyncio.sleep(WRONG_WAIT)
        return _page(request, refusal="that is not the token", status=403)
    return response


@router.post("/write/end")
async def stop(request: Request) -> Response:
    """Close the session."""
    given, _ = await in_memory(request, 4_000)
    require(request, given.get("sign", ""))
    response = RedirectResponse("/suspects", 303)
    end(response)
    return response


def _page(request: Request, *, refusal: str = "", status: int = 200) -> Response:
    context = {"refusal": refusal, "writer": may_write(request), "sign": sign_of(request)}
    page = render(request, "write.html.j2", **context)
    return Response(page, status, {"Cache-Control": "no-store"}, media_type="text/html")
