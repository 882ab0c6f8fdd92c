"""What goes wrong, as RFC 9457 says it: problem details for programs, one page of the same words for people."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import LakeError, TidewaiterError
from tidewaiter.base.legible import legible
from tidewaiter.web.desk import BusyError, SlowError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

LOG: Final = logging.getLogger("tidewaiter.web")
MEDIA_TYPE: Final = "application/problem+json"
LONGEST: Final = 600
"""Signs of a message: some repeat what was handed in."""


class RequestError(TidewaiterError):
    """A request that cannot be served, with the status that says why."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def status_of(error: TidewaiterError) -> int:
    """Return the status that an error of Tidewaiter's is answered with."""
    match error:
        case RequestError():
            return error.status
        case BusyError():
            return 503
        case SlowError():
            return 504
        case LakeError():
            return 500
        case _:
            return 422


def problem(status: int, detail: str, **more: Any) -> bytes:
    """Write problem details as JSON: type, title, status, detail."""
    title = HTTPStatus(status).phrase
    said = {"type": "about:blank", "title": title, "status": status, "detail": legible(detail, LONGEST), **more}
    return json.dumps(said, ensure_ascii=False).encode()


def add_handlers(app: FastAPI) -> None:
    """Answer every error of this house as a problem; only a fault of our own leaves a traceback in the log."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    @app.exception_handler(TidewaiterError)
    async def refused(request: Request, error: TidewaiterError) -> Response:
        headers = dict(error.headers) if isinstance(error, RequestError) else {}
        if isinstance(error, BusyError):
            headers["Retry-After"] = "2"
        # What a lake says of itself names folders of this machine: that is for its keeper.
        detail = str(error)
        if isinstance(error, LakeError):
            LOG.error("%s", legible(detail))
            detail = "the lake cannot be read just now; its keeper finds the reason in the log"
        return answer(request, status_of(error), detail, headers)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0] if error.errors() else {"loc": (), "msg": "cannot be read"}
        where = ".".join(str(part) for part in first["loc"])
        return answer(request, 422, f"{where}: {first['msg']}" if where else str(first["msg"]), {})

    @app.exception_handler(Exception)
    async def fault(request: Request, _: Exception) -> Response:
        return answer(request, 500, "a fault of Tidewaiter's own; its keeper finds it in the log", {})


def answer(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    """Answer a page's reader with a page, and everything else with problem details."""
    from starlette.responses import Response

    from tidewaiter.web.pages import error_page

    headers.setdefault("Cache-Control", "no-store")
    if request.method != "HEAD" and wants_page(request):
        page = error_page(request, status, HTTPStatus(status).phrase, legible(detail, LONGEST))
        return Response(page, status, headers, media_type="text/html")
    return Response(problem(status, detail), status, headers, media_type=MEDIA_TYPE)


def wants_page(request: Request) -> bool:
    """Tell whether a person reads the answer: a browser asks for HTML, and no part of the API was asked."""
    path = request.url.path
    return not path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
