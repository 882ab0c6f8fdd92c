"""Check a story: paste or drop it, see it marked, copy the findings. Owns no judgement.

The text lives in the memory of one request. It comes by POST, so that no log of addresses holds it, and is
parsed without a file on the disk, however large it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from tidewaiter.base.errors import QueryError, StoryError
from tidewaiter.web.pages import render
from tidewaiter.web.problem import RequestError
from tidewaiter.web.questions import day_of

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.news.judge.check import Report

router = APIRouter(include_in_schema=False)

MOST_FIELDS: Final = 20
PRIVATE: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Story:
    """What a reader handed in: the text or the file's bytes, and the days that were named."""

    data: bytes
    name: str
    published_on: date | None
    as_of: date | None

    def again(self) -> dict[str, Any]:
        """Return what a form needs to hand the same story in again."""
        return {
            "raw": self.data.decode("utf-8", "replace").replace("\x00", "�"),
            "published_on": "" if self.published_on is None else self.published_on.isoformat(),
            "as_of": "" if self.as_of is None else self.as_of.isoformat(),
        }


EMPTY: Final = Story(b"", "", None, None)


@router.get("/check")
async def form(request: Request) -> Response:
    """Show the form."""
    return _page(request, EMPTY)


@router.get("/check/example")
async def example(request: Request) -> Response:
    """Show the form with the story that ships."""
    text = files("tidewaiter").joinpath("news", "stories", "demo.txt").read_bytes()
    return _page(request, Story(text, "", None, None))


@router.post("/check/edit")
async def edit(request: Request) -> Response:
    """Show the form with a story that was checked, to change it."""
    return _page(request, await _handed_in(request))


@router.post("/check")
async def check(request: Request) -> Response:
    """Show the marked story and its findings."""
    story = await _handed_in(request)
    try:
        report = await checked(request, story)
    except (StoryError, QueryError) as error:
        return _page(request, story, refusal=str(error), status=422)
    return _page(request, story, report=report)


@router.post("/check.txt")
async def as_text(request: Request) -> Response:
    """Send the findings as Markdown, which reads as plain text."""
    from tidewaiter.tell.story_markdown import story_markdown

    report = await checked(request, await _handed_in(request))
    return _file(story_markdown(report), "text/plain; charset=utf-8", "findings.txt")


@router.post("/check.json")
async def as_json(request: Request) -> Response:
    """Send the findings as JSON, as docs/reference/findings.md lays them out."""
    from tidewaiter.news.judge.contract import to_json

    return _file(to_json(await checked(request, await _handed_in(request))), "application/json", "findings.json")


@router.post("/check.html")
async def as_html(request: Request) -> Response:
    """Send the findings as one self-contained page."""
    from tidewaiter.tell.story_page import story_page

    page = story_page(await checked(request, await _handed_in(request)))
    # The page brings a policy of its own, which lets its one inline style through and nothing else.
    own = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return _file(page, "text/html; charset=utf-8", "findings.html", **own)


async def checked(request: Request, story: Story) -> Report:
    """Check a story on a reader's thread."""
    from tidewaiter import pipeline

    _, report = await request.app.state.desk.run(
        lambda lake: pipeline.check(
            story.data, name=story.name, published_on=story.published_on, as_of=story.as_of, lake=lake
        )
    )
    found: Report = report
    return found


async def _handed_in(request: Request) -> Story:
    """Read the form, all of it in memory: a file if one was chosen, else the text."""
    given, file = await in_memory(request, request.app.state.settings.largest_story)
    name, data = file or ("", b"")
    if not data:
        name, data = "", given.get("text", "").replace("\r\n", "\n").encode("utf-8", "replace")
    return Story(data, name[:100], _day(given, "published_on"), _day(given, "as_of"))


async def in_memory(request: Request, most: int) -> tuple[dict[str, str], tuple[str, bytes] | None]:
    """Read a form without ever writing a part of it to the disk: its fields, and name and bytes of its file.

    Raises `RequestError` for what is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise RequestError(415, "send a form")

    class Parser(MultiPartParser):
        spool_max_size = most * 2

    try:
        if kind == "multipart/form-data":
            form = await Parser(
                request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS, max_part_size=most
            ).parse()
        else:
            form = await request.form(max_fields=MOST_FIELDS)
    except (MultiPartException, KeyError, ValueError) as error:
        message = str(getattr(error, "message", "")) or "the form cannot be read"
        raise RequestError(400, message) from None
    try:
        files = [(each.filename or "", await each.read()) for each in form.values() if not isinstance(each, str)]
        return {key: value for key, value in form.items() if isinstance(value, str)}, files[0] if files else None
    finally:
        await form.close()


def _day(given: dict[str, str], name: str) -> date | None:
    return day_of(name, given.get(name, "").strip())


def _page(
    request: Request, story: Story, *, report: Report | None = None, refusal: str = "", status: int = 200
) -> Response:
    from tidewaiter.tell.story_page import story_context

    context: dict[str, Any] = {"report": None, "home": True, "text_rows": 14, "refusal": refusal, **story.again()}
    if report is not None:
        context |= story_context(report) | {"ask_link": _ask_link}
    return Response(render(request, "check.html.j2", **context), status, PRIVATE, media_type="text/html")


def _ask_link(finding: Any) -> str:
    """Return the address of the question behind a finding, where one answer was chosen."""
    from tidewaiter.web.questions import address_of

    chosen = finding.data.chosen
    return "" if chosen is None else address_of(chosen.answer.query)


def _file(text: str, media_type: str, name: str, **headers: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"', **PRIVATE}
    return Response(
        text,
        headers={**named, **{key.replace("_", "-"): value for key, value in headers.items()}},
        media_type=media_type,
    )
