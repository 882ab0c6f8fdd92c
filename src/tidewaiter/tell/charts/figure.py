"""Set a chart into a page: the drawing, what it shows in words, its source, and the table it stands on.

Any page of ours includes it: `figure_css` once in the page's style, `figure_html` for each chart. No script.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tidewaiter.base.legible import legible
from tidewaiter.base.sheet import Absent
from tidewaiter.tell.charts.theme import colours_css

if TYPE_CHECKING:
    from jinja2 import Template

    from tidewaiter.tell.charts.model import Chart


def figure_css() -> str:
    """Return the style that figures need, in light, dark and print; it touches nothing outside of a figure."""
    return colours_css() + "\n" + _read("figure.css")


def figure_html(chart: Chart, *, heading: int = 3, table_open: bool = False, links: str = "") -> str:
    """Return a `<figure>` with drawing, title as `<h1>` to `<h6>`, key, source and the table in `<details>`.

    `links` is HTML of the page's own, such as where to get the table as a file; it stands under the table. The
    table is there on paper too. The same chart gives the same text. Raises `InputError` without the extra `charts`.
    """
    from markupsafe import Markup

    from tidewaiter.tell.charts.draw import inline_svg
    from tidewaiter.tell.sheets.cells import NUMERIC, footnotes, said

    return _template().render(
        chart=chart,
        heading=heading,
        table_open=table_open,
        links=Markup(links),  # noqa: S704 - the page's own HTML
        wide=Markup(inline_svg(chart)),  # noqa: S704 - drawn here, its texts escaped
        phone=None if chart.phone is None else Markup(inline_svg(chart, phone=True)),  # noqa: S704 - likewise
        numeric=[column.kind in NUMERIC for column in chart.sheet.columns],
        rows=[
            [
                (said(cell, column), isinstance(cell, Absent))
                for cell, column in zip(row, chart.sheet.columns, strict=True)
            ]
            for row in chart.sheet.rows
        ],
        notes=[note for note in footnotes(chart.sheet) if not note.startswith("source:")],
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    return environment.from_string(_read("figure.html.j2"))


def _harmless(value: Any) -> Any:
    """Write out signs that are not seen in a text from outside, such as those that turn its direction."""
    from markupsafe import Markup

    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _read(name: str) -> str:
    return files("tidewaiter.tell").joinpath("templates", name).read_text(encoding="utf-8")
