"""Draw a page: the templates, what each of them may rely on, and the answer that carries it.

A page and its fragment live at one address: our script asks for the fragment by a header, and `Vary` says so.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from tidewaiter.base.version import __version__
from tidewaiter.codes import areas
from tidewaiter.tell.story_words import harmless
from tidewaiter.web.shelf import Made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response

    from tidewaiter.web.desk import SteadyLake

FRAGMENT: Final = "x-fragment"
"""The header by which our script asks for the part of a page that changed."""

MENU: Final = (
    ("/check", "Check a story"),
    ("/explore", "Explore"),
    ("/law", "Law"),
    ("/suspects", "Suspects"),
    ("/data", "Data"),
    ("/api", "API"),
)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Open the templates: everything is escaped, a name that is missing is an error."""
    from tidewaiter.tell.story_page import environment as with_stories

    made = with_stories("tidewaiter.web")
    made.filters["area"] = _area
    made.filters["query"] = query_of
    made.filters["goods"] = goods_of
    made.globals |= {"version": __version__, "menu": MENU, "style": static_name("tidewaiter.css")}
    made.globals["script"] = static_name("tidewaiter.js")
    return made


class Given(dict[str, str]):
    """What stands in the query of an address; what does not is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def static_name(name: str) -> str:
    """Name a static file by its content, so that a browser may keep it for ever."""
    from tidewaiter.web.routes.static import digest_of

    return f"/static/{digest_of(name)}/{name}"


def query_of(pairs: Mapping[str, Any]) -> str:
    """Write what is set as the query of an address, `?a=b`; nothing where nothing is."""
    kept = {key: value for key, value in pairs.items() if value not in {None, ""}}
    return f"?{urlencode(kept)}" if kept else ""


def render(request: Request, name: str, **context: Any) -> str:
    """Draw a template with what every page has: where the reader is, and whether a fragment was asked for."""
    path = request.url.path
    common = {
        "path": path,
        "section": next((href for href, _ in MENU if path == href or path.startswith((f"{href}/", f"{href}."))), ""),
        "is_fragment": is_fragment(request),
        "may_write": request.app.state.settings.allow_write,
        "embedded": False,
    }
    return environment().get_template(name).render(**(common | context))


def is_fragment(request: Request) -> bool:
    """Tell whether our script asked for the changing part only."""
    return request.headers.get(FRAGMENT) == "1"


def error_page(request: Request, status: int, title: str, detail: str) -> str:
    """Draw the page that says what went wrong."""
    return render(request, "error.html.j2", status=status, title=title, detail=detail)


async def shelved(request: Request, make: Callable[[SteadyLake], Made | tuple[bytes, str]]) -> Response:
    """Answer from the shelf, or with `make` on a reader's thread; `If-None-Match` is answered with 304."""
    from starlette.responses import Response

    desk, shelf = request.app.state.desk, request.app.state.shelf

    async def made() -> Made:
        state, result = await desk.run(make)
        if isinstance(result, Made):
            return Made(result.body, result.media_type, state, result.status, result.headers)
        return Made(result[0], result[1], state)

    state = await desk.state()
    key = f"{request.url.path}?{request.url.query}#{int(is_fragment(request))} {desk.reviewed()}"
    headers = {"Cache-Control": "no-cache", "Vary": "X-Fragment"}
    if tag(state, key) in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**headers, "ETag": tag(state, key)})
    found = await shelf.take(key, state, made)
    headers |= found.headers
    if found.status == 200:
        headers["ETag"] = tag(found.state, key)
    return Response(found.body, found.status, headers, media_type=found.media_type)


def tag(state: str, key: str) -> str:
    """Name a page as it is made of one state of the lake."""
    return f'"{hashlib.sha256(f"{state} {key}".encode()).hexdigest()[:20]}"'


def goods_of(code: str | None) -> str:
    """Name goods by their code in a few words; a code without a label says nothing more."""
    from tidewaiter.base.errors import CodeError
    from tidewaiter.codes.products import label

    try:
        return label(str(code))
    except CodeError:
        return ""


def _area(code: str | None) -> str:
    """Name an area; what the table does not hold is shown as it is."""
    from tidewaiter.base.errors import CodeError

    if not code:
        return "all partners"
    try:
        return areas.name(code)
    except CodeError:
        return harmless(code)
