"""Who may write: a token shown once, a cookie that proves it, and a sign in each form that it is one of ours.

Nothing is kept on the server: what a cookie says is signed with the token, so that all workers believe it and
a new token ends every session. A request that another site made is refused before anything else.
"""

from __future__ import annotations

import hmac
import secrets
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from tidewaiter.web.problem import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE: Final = "tidewaiter_write"
FIELD: Final = "sign"
HOURS: Final = 12
OWN: Final = frozenset({"same-origin", "none"})


def may_write(request: Request) -> bool:
    """Tell whether the request brings a session that was opened with the token and is not over."""
    settings = request.app.state.settings
    said = request.cookies.get(COOKIE, "")
    begun, _, signature = said.rpartition(".")
    if not settings.allow_write or not signature or not hmac.compare_digest(_signed(settings.token, begun), signature):
        return False
    when = begun.partition("-")[0]
    return when.isdigit() and time.time() - int(when) < HOURS * 3600


def sign_of(request: Request) -> str:
    """Return what each form that writes carries; empty without a session."""
    if not may_write(request):
        return ""
    return _signed(request.app.state.settings.token, f"form {request.cookies[COOKIE]}")


def require(request: Request, sign: str) -> None:
    """Let a form write that comes from this site, in a session, with its sign; else raise `RequestError`."""
    require_same_site(request)
    if not may_write(request):
        raise RequestError(401, "give the token for writing first, at /write")
    if not hmac.compare_digest(sign_of(request), sign):
        raise RequestError(403, "this form is not one of this session; load the page anew and send it again")


def require_token(request: Request) -> None:
    """Let a program write that shows the token as `Authorization: Bearer`; else raise `RequestError`."""
    settings = request.app.state.settings
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = settings.allow_write and scheme.lower() == "bearer" and _same(given.strip(), settings.token)
    if not right:
        raise RequestError(401, "show the token for writing: Authorization: Bearer ...", WWW_Authenticate="Bearer")


def require_same_site(request: Request) -> None:
    """Refuse a form that a page of another site sent.

    A page that names itself to nobody, as ours do, sends `Origin: null` even to its own site; then only the
    browser's own word counts, which no page can write: that the request is of the same origin.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in OWN:
        raise RequestError(403, "another site sent this form")
    if origin == "null" and site == "same-origin":
        return
    if origin is not None and origin.partition("://")[2] != request.headers.get("host", ""):
        raise RequestError(403, "another site sent this form")


def begin(request: Request, response: Response, token: str) -> bool:
    """Open a session where the token is right; tells whether it was."""
    if not _same(token, request.app.state.settings.token):
        return False
    begun = f"{int(time.time())}-{secrets.token_hex(16)}"
    response.set_cookie(
        COOKIE,
        f"{begun}.{_signed(request.app.state.settings.token, begun)}",
        max_age=HOURS * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return True


def end(response: Response) -> None:
    """Close the session in this browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def _same(given: str, token: str) -> bool:
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _signed(token: str, text: str) -> str:
    return hmac.new(token.encode(), text.encode(), sha256).hexdigest()
