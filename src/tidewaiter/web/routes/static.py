"""Our own style sheet, script and sign: named by their content and kept by browsers for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from tidewaiter.web.problem import RequestError

router = APIRouter(include_in_schema=False)

KINDS: Final = {
    "tidewaiter.css": "text/css",
    "tidewaiter.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str) -> Response:
    """Send one of the files that are listed here; no other name is looked for on the disk."""
    if name not in KINDS or digest != digest_of(name):
        raise RequestError(404, "there is no such file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content_of(name), headers=headers, media_type=KINDS[name])


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Send the sign to browsers that ask for it by its old name."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(content_of("icon.svg"), headers=headers, media_type=KINDS["icon.svg"])


@cache
def content_of(name: str) -> bytes:
    """Read a file that ships with the package."""
    if name == "tidewaiter.css":
        from tidewaiter.tell.charts.figure import figure_css

        # How a story is marked and a chart is coloured is the business of `tell`, here as in its own pages.
        marks = files("tidewaiter.tell").joinpath("templates", "story.css").read_bytes()
        return (
            marks
            + b"\n"
            + figure_css().encode()
            + b"\n"
            + files("tidewaiter.web").joinpath("static", name).read_bytes()
        )
    return files("tidewaiter.web").joinpath("static", name).read_bytes()


@cache
def digest_of(name: str) -> str:
    """Return what its content comes to."""
    return hashlib.sha256(content_of(name)).hexdigest()[:12]
