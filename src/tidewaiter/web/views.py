"""A view is what one address shows: its page, and the same as data and picture under other endings.

`/explore/time?...` is a page, `/explore/time.csv?...` its table, `.svg` its drawing. Owns which ending means what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.sheets import MEDIA_TYPES, Format, as_bytes
from tidewaiter.web.pages import render
from tidewaiter.web.problem import RequestError
from tidewaiter.web.shelf import Made

if TYPE_CHECKING:
    from starlette.requests import Request

    from tidewaiter.base.sheet import Sheet
    from tidewaiter.tell.charts.model import Chart

TABLES: Final = ("json", "csv", "parquet", "xlsx", "md")
PICTURES: Final = {"svg": "image/svg+xml", "png": "image/png"}
ENDINGS: Final = (*TABLES, *PICTURES)

PICTURE_CSP: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors *; sandbox"
"""A picture that is opened by itself may style itself and do nothing else."""


@dataclass(frozen=True, slots=True)
class View:
    """What one address shows. `context` is for the template; `sheets` and `chart` are what it stands on."""

    name: str
    """In snake_case: what its files are called."""
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    chart: Chart | None = None
    json: str | None = None
    """What `.json` sends, where it is more than the sheets."""

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings that this view can be had under."""
        return (*(TABLES if self.sheets else ("json",) if self.json else ()), *(PICTURES if self.chart else ()))


def split(last: str) -> tuple[str, str]:
    """Split the last part of an address into its name and its ending; no ending means the page."""
    name, dot, ending = last.rpartition(".")
    return (name, ending) if dot and ending in ENDINGS else (last, "")


def made(request: Request, view: View, ending: str) -> Made:
    """Make what an ending stands for; raises `RequestError` where the view has no such form."""
    if not ending:
        address = request.url.path
        query = f"?{request.url.query}" if request.url.query else ""
        files = {each: f"{address}.{each}{query}" for each in view.endings}
        context = {"view": view, "files": files, "here": f"{address}{query}", **view.context}
        return Made(render(request, view.template, **context).encode(), "text/html; charset=utf-8", "")
    if ending not in view.endings:
        message = f"this cannot be had as .{ending}" + (
            f"; as .{', .'.join(view.endings)} it can" if view.endings else ""
        )
        raise RequestError(404, message)
    if ending in PICTURES:
        return _picture(view, ending)
    own = view.json if ending == "json" else None
    body = as_bytes(view.sheets, Format(ending)) if own is None else own.encode()
    return Made(body, MEDIA_TYPES[Format(ending)], "", headers=_named(view, ending))


def _picture(view: View, ending: str) -> Made:
    from tidewaiter.tell.charts import draw

    assert view.chart is not None
    body = draw.svg(view.chart).encode() if ending == "svg" else draw.png(view.chart)
    headers = {**_named(view, ending, how="inline"), "Content-Security-Policy": PICTURE_CSP}
    return Made(body, PICTURES[ending], "", headers={**headers, "Cross-Origin-Resource-Policy": "cross-origin"})


def _named(view: View, ending: str, how: str = "") -> dict[str, str]:
    """Name a file; a table is saved, JSON and pictures are shown."""
    chosen = how or ("inline" if ending in {"json", "md"} else "attachment")
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "_-") else "_" for sign in view.name)
    return {"Content-Disposition": f'{chosen}; filename="{plain[:120]}.{ending}"'}
