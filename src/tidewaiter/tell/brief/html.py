"""The bulletin as one HTML file that opens anywhere: nothing is loaded, and a security policy forbids it.

Static by default, charts being drawings in the page; interactive adds Vega once, and the drawings give way
only where its script has run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.sheet import Absent
from tidewaiter.tell.brief.templates import SHIPPED, fill
from tidewaiter.tell.sheets.cells import NUMERIC, footnotes, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2.sandbox import SandboxedEnvironment

    from tidewaiter.base.sheet import Sheet, SheetColumn
    from tidewaiter.tell.brief.model import Bulletin, Section, Sentence

STATIC: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def html(bulletin: Bulletin, folder: Path | None = None) -> str:
    """Write a bulletin as one self-contained page; the same bulletin gives the same bytes."""
    from markupsafe import Markup

    style = (SHIPPED / "style.css").read_text(encoding="utf-8")
    return fill(
        "bulletin.html.j2",
        bulletin,
        folder,
        set_up=lambda environment: _set_up(environment, bulletin),
        policy=STATIC,
        style=Markup(style),  # noqa: S704  # our own file
        scripts="",
    )


def _set_up(environment: SandboxedEnvironment, bulletin: Bulletin) -> None:
    """Give a template the words for cells and numbers."""
    environment.filters["said"] = said
    environment.filters["footnotes"] = footnotes
    environment.filters["figure"] = _figure
    environment.filters["own_sheets"] = own_sheets
    environment.filters["numbers"] = lambda paragraph: _numbers(bulletin, paragraph)
    environment.tests["numeric"] = _is_numeric
    environment.tests["absent"] = lambda cell: isinstance(cell, Absent)
    environment.tests["web_address"] = _is_web_address


def own_sheets(section: Section) -> list[Sheet]:
    """List the tables of a section that do not stand under one of its charts already."""
    shown = {chart.sheet.name for chart in section.charts}
    return [sheet for sheet in section.sheets if sheet.name not in shown]


def _numbers(bulletin: Bulletin, paragraph: Sequence[Sentence]) -> list[int]:
    queries = dict.fromkeys(answer.query for sentence in paragraph for answer in sentence.answers)
    return [bulletin.number(query) for query in queries]


def _is_numeric(column: SheetColumn) -> bool:
    return column.kind in NUMERIC


def _is_web_address(text: Any) -> bool:
    return isinstance(text, str) and text.startswith(("https://", "http://"))


def _figure(_chart: Any) -> str:
    return ""
