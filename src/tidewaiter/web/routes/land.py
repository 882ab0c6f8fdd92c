"""Land a file by upload: first what it is taken for, then, when told so, into the lake. Only where writing is allowed.

An upload waits in a folder of its own between the two steps, under a name that cannot lead anywhere, and is
removed when it is landed, refused or an hour old.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import RedirectResponse, Response

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.web.pages import render
from tidewaiter.web.problem import RequestError
from tidewaiter.web.routes.api import PROBLEM
from tidewaiter.web.routes.check import MOST_FIELDS, in_memory
from tidewaiter.web.writing import may_write, require, require_token, sign_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.datastructures import UploadFile

    from tidewaiter.statistics.land import LandOptions

router = APIRouter(include_in_schema=False)
by_program = APIRouter()

WAITING: Final = "tidewaiter-uploads"
OLDEST: Final = 3600
LONGEST_NAME: Final = 150
FIELDS: Final = ("source", "reporter", "flow", "product", "vintage")

LANDED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "What became of the file.", "content": {"application/json": {"schema": {"type": "array"}}}},
    **PROBLEM,
}
SENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "dry_run": {"enum": ["0", "1"], "description": "1: only say what it is taken for"},
                        **{name: {"type": "string"} for name in FIELDS},
                    },
                }
            }
        },
    }
}


@router.get("/data/land")
async def form(request: Request) -> Response:
    """Ask for a file."""
    if not may_write(request):
        return RedirectResponse("/write", 303)
    return _page(request)


@router.post("/data/land")
async def look(request: Request) -> Response:
    """Say what the file is taken for; it lands nothing."""
    if not may_write(request):
        # Before a body as large as an upload may be is taken in.
        raise RequestError(401, "give the token for writing first, at /write")
    given, place = await uploaded(request, lambda fields: require(request, fields.get("sign", "")))
    if place is None:
        return _page(request, refusal="choose a file", status=422)
    outcome = await _landed(request, place, given, dry_run=True)
    if isinstance(outcome, TidewaiterError):
        _remove(place)
        return _page(request, refusal=_said(place, outcome), status=422)
    return _page(request, guess=_said(place, outcome), waiting=place.parent.name, given=given)


@router.post("/data/land/now")
async def land(request: Request) -> Response:
    """Land the file that was looked at."""
    given, _ = await in_memory(request, 20_000)
    require(request, given.get("sign", ""))
    place = _waiting(given.get("waiting", ""))
    outcome = await _landed(request, place, given, dry_run=False)
    said = _said(place, outcome)
    _remove(place)
    if isinstance(outcome, TidewaiterError):
        return _page(request, refusal=said, status=422)
    return _page(request, done=said)


@by_program.post("/api/v1/land", summary="Land a file", responses=LANDED, openapi_extra=SENT)
async def land_by_program(request: Request) -> Response:
    """Land a file, or with `dry_run=1` say what it is taken for; needs the token."""
    from tidewaiter.tell.landing import outcomes_json

    require_token(request)
    given, place = await uploaded(request, lambda _: None)
    if place is None:
        raise RequestError(422, "send the file as the part named file")
    try:
        outcome = await _landed(request, place, given, dry_run=given.get("dry_run") == "1")
    finally:
        _remove(place)
    body = outcomes_json([(Path(place.name), outcome)])
    status = 422 if isinstance(outcome, TidewaiterError) else 200
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="application/json")


async def uploaded(request: Request, allow: Callable[[dict[str, str]], None]) -> tuple[dict[str, str], Path | None]:
    """Read the form: its fields, and where its file was put aside; `allow` looks at the fields before that."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise RequestError(415, "send a form with a file")
    try:
        form = await MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise RequestError(400, str(getattr(error, "message", "")) or "the form cannot be read") from None
    try:
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        allow(given)
        files = [each for each in form.values() if not isinstance(each, str) and each.filename]
        return given, await asyncio.to_thread(_put_aside, files[0]) if files else None
    finally:
        await form.close()


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / WAITING
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > OLDEST:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _put_aside(upload: UploadFile) -> Path:
    place = _folder() / secrets.token_hex(16)
    place.mkdir(mode=0o700)
    path = place / safe_name(upload.filename or "")
    with path.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
    return path


def safe_name(name: str) -> str:
    """Keep of a file's name what tells the publisher's file from others, and nothing that leads elsewhere."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(sign if sign.isprintable() else "_" for sign in last).lstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    return f"{(stem or ending)[:LONGEST_NAME]}{dot}{ending[:10]}" if dot and stem else plain[:LONGEST_NAME] or "file"


def _waiting(name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise RequestError(422, "there is no such upload; send the file again")
    place = _folder() / name
    found = sorted(place.iterdir()) if place.is_dir() else []
    if len(found) != 1:
        raise RequestError(410, "this upload is gone; send the file again")
    return found[0]


async def _landed(request: Request, path: Path, given: Mapping[str, str], *, dry_run: bool) -> Any:
    from tidewaiter import pipeline

    options = _options(given)
    home = request.app.state.settings.home

    def work() -> Any:
        try:
            return next(outcome for _, outcome in pipeline.land([path], options, dry_run=dry_run, home=home))
        except TidewaiterError as error:
            return error

    outcome = await asyncio.to_thread(work)
    request.app.state.desk.forget()
    return outcome


def _options(given: Mapping[str, str]) -> LandOptions:
    from datetime import date

    from tidewaiter.statistics.land import LandOptions

    try:
        vintage = date.fromisoformat(given["vintage"]) if given.get("vintage") else None
    except ValueError:
        raise RequestError(422, "vintage is no day; write it like 2020-03-18") from None
    known: dict[str, Any] = {name: given.get(name) or None for name in FIELDS if name != "vintage"}
    return LandOptions(**known, vintage=vintage, complete=given.get("complete") == "1")


def _said(path: Path, outcome: Any) -> str:
    from tidewaiter.tell.landing import outcome_line

    # A message may name the folder the upload waited in, which is nobody's business.
    return outcome_line(path, outcome).replace(f"{path.parent}/", "")


def _remove(path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)


def _page(request: Request, *, status: int = 200, **more: Any) -> Response:
    context = {"refusal": "", "guess": "", "done": "", "waiting": "", "given": {}, "sign": sign_of(request)} | more
    context["fields"] = FIELDS
    page = render(request, "land.html.j2", **context)
    return Response(page, status, {"Cache-Control": "no-store"}, media_type="text/html")
