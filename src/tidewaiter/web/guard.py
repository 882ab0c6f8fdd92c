"""The guard at the door: host, size and pace of a request; headers, count and log line of its answer.

Plain ASGI, in front of everything else. Reads no body and logs no query: what a reader asks or hands in
is nobody's business.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from tidewaiter.base.legible import legible
from tidewaiter.web.problem import MEDIA_TYPE, problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tidewaiter.web.metrics import Metrics
    from tidewaiter.web.settings import WebSettings

LOG: Final = logging.getLogger("tidewaiter.web")
LONGEST_QUERY: Final = 8_000
OVERHEAD: Final = 64_000
"""Bytes of a form around what was handed in."""
METHODS: Final = frozenset({"GET", "HEAD", "POST"})

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No inline script, no inline style, nothing from elsewhere; a route may send a stricter one of its own."""

_CLOSE: Final = {"Connection": "close"}

HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cache-control": "no-store",
}


class BodyError(HTTPException):
    """A body that is too large or comes too slowly; an `HTTPException`, so that whoever reads it lets it pass."""


class Guard:
    """Refuses what should not come in, and sees every answer out."""

    def __init__(self, app: ASGIApp, settings: WebSettings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._hosts = frozenset(host.casefold() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        without_body = scope["method"] == "HEAD"

        async def see_out(message: Message) -> None:
            nonlocal status
            if without_body and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _with_ours(message.get("headers", []))}
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        inner = scope
        try:
            if refusal is not None:
                await _answer(see_out, *refusal)
            else:
                most = self._most(scope)
                inner = {**scope, "method": "GET"} if without_body else scope
                await self._app(inner, _Measured(receive, most, self._settings.body_seconds), see_out)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(inner.get("route"), "path", "none")
            self._metrics.count(scope["method"] if scope["method"] in METHODS else "other", route, status, seconds)
            if self._settings.log:
                LOG.info("%s %s %d %.0f ms", scope["method"], legible(scope["path"], 200), status, seconds * 1000)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Say what is wrong with a request before anything of it is read; None where nothing is."""
        host = headers.get("host", "").casefold()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        length = headers.get("content-length", "0")
        checks = (
            ("*" not in self._hosts and name not in self._hosts, 421, "this server does not answer to that name"),
            (len(scope.get("query_string", b"")) > LONGEST_QUERY, 414, "the address is too long"),
            (
                headers.get("content-encoding", "identity") != "identity",
                415,
                "a compressed body is not taken; send it as it is",
            ),
            (not length.isdigit(), 400, "Content-Length is no number"),
            (length.isdigit() and int(length) > self._most(scope), 413, "what was sent is too large"),
        )
        return next(((status, detail) for holds, status, detail in checks if holds), None)

    def _most(self, scope: Scope) -> int:
        if self._settings.allow_write and scope["path"] in {"/data/land", "/api/v1/land"}:
            return self._settings.largest_upload + OVERHEAD
        return self._settings.largest_story + OVERHEAD


class _Measured:
    """Receives a body and stops where it grows too large or comes too slowly."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(self._until - time.monotonic(), 0.001))
        except TimeoutError:
            detail = f"what was sent did not arrive within {self._seconds:g} seconds"
            raise BodyError(408, detail, _CLOSE) from None
        if message["type"] == "http.request":
            self._most -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._most < 0:
                raise BodyError(413, "what was sent is too large", _CLOSE)
        return message


def _with_ours(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add the headers of this house where the answer does not bring its own."""
    given = {name.lower() for name, _ in headers}
    ours = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in given]
    return [*headers, *ours]


async def _answer(send: Send, status: int, detail: str) -> None:
    body = problem(status, detail)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
