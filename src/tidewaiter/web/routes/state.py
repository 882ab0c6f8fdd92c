"""What a keeper of the server asks: does it live, and how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from tidewaiter.base.version import __version__
from tidewaiter.web.metrics import MEDIA_TYPE

router = APIRouter(include_in_schema=False)


@router.get("/health")
async def health(request: Request) -> Response:
    """Say that the lake can be read; where it cannot, the answer is a problem with status 500."""
    state = await request.app.state.desk.state()
    return JSONResponse({"status": "ok", "version": __version__, "lake": state})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Write this worker's counters for Prometheus."""
    text = request.app.state.metrics.text(__version__, request.app.state.desk.waiting)
    return Response(text, headers={"Content-Type": MEDIA_TYPE})
