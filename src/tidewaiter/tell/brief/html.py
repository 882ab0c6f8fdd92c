"""The bulletin as one HTML file that opens anywhere: nothing is loaded, and a security policy forbids it.

Static by default, charts being drawings in the page; interactive adds Vega once, and the drawings give way
only where its script has run. Without the extra `charts` the page has its tables and says how to get charts.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.sheet import Absent
from tidewaiter.tell.brief.templates import SHIPPED, fill
from tidewaiter.tell.sheets.cells import NUMERIC, footnotes, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2.sandbox import SandboxedEnvironment

    from tidewaiter.base.sheet import Cell, Sheet, SheetColumn
    from tidewaiter.tell.brief.model import Bulletin, Section, Sentence
    from tidewaiter.tell.charts.model import Chart

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {}; base-uri 'none'; form-action 'none'"
)


MOST_ROWS: Final = 14
"""A longer table is folded on screen; on paper it is open."""


def html(bulletin: Bulletin, folder: Path | None = None, *, interactive: bool = False) -> str:
    """Write a bulletin as one self-contained page; the same bulletin gives the same bytes.

    Raises `InputError` for an interactive page without the extra `charts`.
    """
    from markupsafe import Markup

    from tidewaiter.tell.brief.live import scripts
    from tidewaiter.tell.charts.figure import figure_css

    style = (SHIPPED / "style.css").read_text(encoding="utf-8")
    live = scripts(bulletin.charts) if interactive else ""
    return fill(
        "bulletin.html.j2",
        bulletin,
        folder,
        set_up=lambda environment: _set_up(environment, bulletin),
        policy=POLICY.format("'unsafe-inline'" if interactive else "'none'"),
        style=Markup(f"{style}\n{figure_css()}"),  # noqa: S704  # our own files
        scripts=Markup(live),  # noqa: S704  # made of our own files, texts escaped
        without_charts=not can_draw(),
        most_rows=MOST_ROWS,
    )


def can_draw() -> bool:
    """Tell whether the extra `charts` is installed."""
    return find_spec("vl_convert") is not None


def own_sheets(section: Section) -> list[Sheet]:
    """List the tables of a section that do not stand under one of its charts already."""
    shown = {chart.sheet.name for chart in section.charts} if can_draw() else set()
    return [sheet for sheet in section.sheets if sheet.name not in shown]


def _set_up(environment: SandboxedEnvironment, bulletin: Bulletin) -> None:
    """Give a template the words for cells, numbers and charts."""
    environment.filters["said"] = said
    environment.filters["footnotes"] = footnotes
    environment.filters["figure"] = _figure
    environment.filters["own_sheets"] = own_sheets
    environment.filters["numbers"] = lambda paragraph: _numbers(bulletin, paragraph)
    environment.tests["numeric"] = _is_numeric
    environment.filters["look"] = _look
    environment.tests["web_address"] = _is_web_address


def _numbers(bulletin: Bulletin, paragraph: Sequence[Sentence]) -> list[int]:
    queries = dict.fromkeys(answer.query for sentence in paragraph for answer in sentence.answers)
    return [bulletin.number(query) for query in queries]


def _look(cell: Cell, column: SheetColumn) -> Any:
    """Choose the classes of a cell: numbers to the right, silences pale, days and hashes kept in shape."""
    from markupsafe import Markup

    if isinstance(cell, Absent):
        return Markup(' class="num absent"')
    if column.kind in NUMERIC:
        return Markup(' class="num"')
    if column.kind == "day":
        return Markup(' class="fixed"')
    return Markup(' class="hash"') if column.name == "sha256" else ""


def _is_numeric(column: SheetColumn) -> bool:
    return column.kind in NUMERIC


def _is_web_address(text: Any) -> bool:
    return isinstance(text, str) and text.startswith(("https://", "http://"))


def _figure(chart: Chart) -> Any:
    from markupsafe import Markup

    from tidewaiter.tell.charts.figure import figure_html

    return Markup(figure_html(chart))  # noqa: S704  # escaped where it is made
