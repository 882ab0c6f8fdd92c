"""The first page: the three things people come for, each a form that needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from tidewaiter.web.coverage import vintages
from tidewaiter.web.pages import Given, render, shelved
from tidewaiter.web.routes.explore import form
from tidewaiter.web.shelf import Made

if TYPE_CHECKING:
    from starlette.responses import Response

    from tidewaiter.web.desk import SteadyLake

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request) -> Response:
    """Show the three forms."""

    def make(lake: SteadyLake) -> Made:
        known = vintages(lake)
        context = {
            **form(Given(), lake),
            "part": "figure",
            "raw": "",
            "published_on": "",
            "as_of": "",
            "text_rows": 5,
            "rows": sum(row[3] for row in known),
            "files": sum(row[2] for row in known),
            "newest": known[0][0] if known else "no day",
        }
        return Made(render(request, "home.html.j2", **context).encode(), "text/html; charset=utf-8", "")

    return await shelved(request, make)
