"""Draw a chart: SVG for pages and files, PNG, or Vega-Lite for those who draw it themselves.

Nothing is fetched: vl-convert carries Vega and its letters. The same chart gives the same bytes. Owns the
picture around the drawing (title, key, source), not what is drawn.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import InputError
from tidewaiter.base.legible import legible
from tidewaiter.tell.charts import theme
from tidewaiter.tell.charts.letters import wrapped

if TYPE_CHECKING:
    from types import ModuleType

    from tidewaiter.tell.charts.model import Chart

VEGA_LITE: Final = "6.1"
"""Version of the grammar that the drawings are written in; vl-convert knows several."""

TITLE: Final = 16
LINE: Final = 1.35
MARGIN: Final = 14
_ROOT: Final = re.compile(r"<svg[^>]*? width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")
_EMPTY: Final = re.compile(r"<path[^>]*? d=\"(?:M0,0h0v0h0Z)?\"[^>]*/>|<g[^>]*></g>")
_NEEDLESS: Final = re.compile(
    r' (?:aria-hidden="true"|aria-label="[^"]*"|role="[^"]*"|aria-roledescription="[^"]*"|pointer-events="none"'
    r'|class="[^"]*"|opacity="1"|stroke-width="1"|text-anchor="start"|font-weight="normal"|display="none"'
    rf'|font-family="{re.escape(theme.FONT)}"|transform="translate\(0,0\)")'
)
_TAG: Final = re.compile(r"<[^>]*>")
_LONG: Final = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


def vega(chart: Chart) -> dict[str, Any]:
    """Return the chart as one Vega-Lite specification, with its title, alternative text and source in it."""
    title = {"text": wrapped(chart.title, theme.WIDE, 15), "subtitle": wrapped(chart.caption, theme.WIDE, theme.SMALL)}
    return {**chart.spec, "title": title, "description": chart.alt}


def vega_json(chart: Chart) -> str:
    """Write `vega` as JSON, the same text each time."""
    return json.dumps(vega(chart), indent=2, ensure_ascii=False) + "\n"


def svg(chart: Chart) -> str:
    """Draw the chart as a file of its own: title, drawing, key and source, light or dark as the reader's screen is.

    Raises `InputError` where the extra `charts` is not installed.
    """
    body, width, height = _drawn(chart.spec)
    return _framed(chart, (body, width, height), style=theme.colours_css("svg.tw-chart"))


def inline_svg(chart: Chart, *, phone: bool = False) -> str:
    """Draw the bare chart for a page that has title, key and source as text: transparent, coloured by the page."""
    spec = chart.phone if phone and chart.phone is not None else chart.spec
    body, width, height = _drawn(spec)
    kind = "tw-phone" if phone else "tw-wide"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" aria-label="{_text(chart.title)}"'
        f' viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" font-family="{theme.FONT}">'
        f"{body}</svg>"
    )


def png(chart: Chart, scale: float = 2) -> bytes:
    """Draw the chart as a picture on white, `scale` pixels for each of the drawing's."""
    framed = _framed(chart, _drawn(chart.spec), style="")
    return bytes(_converter().svg_to_png(framed, scale=scale))


def _framed(chart: Chart, drawing: tuple[str, float, float], style: str) -> str:
    """Put title, key and source around a drawing."""
    body, wide, high = drawing
    width = max(wide, theme.WIDE / 2) + 2 * MARGIN
    room = width - 2 * MARGIN
    parts, y = [], float(MARGIN)
    blocks = (
        [(chart.title, TITLE, "ink", "bold")],
        [(line, theme.LETTERS, "soft", "normal") for line in chart.key]
        + [(chart.caption, theme.SMALL, "soft", "normal")],
    )
    for place, block in enumerate(blocks):
        for text, size, ink, weight in block:
            lines, y = _lines(text, size, room, y, f'fill="{theme.LIGHT[ink]}" font-weight="{weight}"')
            parts.extend(lines)
            y += 4
        if place == 0:
            parts.append(f'<g transform="translate({MARGIN},{y + 8:g})">{body}</g>')
            y += high + 18
    height = round(y + MARGIN - 4)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tw-chart" role="img" aria-label="{_text(chart.alt)}"'
        f' viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}" font-family="{theme.FONT}">\n'
        f"<title>{_text(chart.title)}</title>\n<desc>{_text(chart.alt)}</desc>\n"
        + (f"<style>{style}</style>\n" if style else "")
        + f'<rect width="{width:g}" height="{height}" fill="{theme.LIGHT["paper"]}"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _lines(text: str, size: int, room: float, y: float, paint: str) -> tuple[list[str], float]:
    """Write a text as lines that fit into `room`, from height `y` on; also where the next text begins."""
    drawn = []
    for line in wrapped(legible(text), room, size):
        y += size * LINE
        drawn.append(f'<text x="{MARGIN}" y="{y - size * 0.3:.1f}" font-size="{size}" {paint}>{_text(line)}</text>')
    return drawn, y


def _text(text: str) -> str:
    return escape(legible(text))


def _drawn(spec: Any) -> tuple[str, float, float]:
    """Draw a specification; what stands inside the `<svg>`, and its width and height in pixels."""
    return _drawing(json.dumps(spec, sort_keys=True))


@lru_cache(maxsize=256)
def _drawing(spec: str) -> tuple[str, float, float]:
    """Have vl-convert draw, and leave out what says nothing: a picture is read through its alternative text."""
    raw = _converter().vegalite_to_svg(spec, vl_version=VEGA_LITE)
    root = _ROOT.match(raw)
    assert root is not None, raw[:200]
    body = _NEEDLESS.sub("", raw[root.end() : raw.rindex("</svg>")])
    size = 0
    while size != len(body):
        size = len(body)
        body = _EMPTY.sub("", body)
    body = _TAG.sub(lambda tag: _LONG.sub(lambda found: f"{round(float(found[0]), 1):g}", tag[0]), body)
    return body, float(root[1]), float(root[2])


def _converter() -> ModuleType:
    """Load vl-convert; its first drawing in a process takes most of a second, each further one some hundredths."""
    try:
        import vl_convert
    except ImportError:
        message = (
            "drawing a chart needs vl-convert: pip install 'tidewaiter[charts]'; its table and Vega-Lite need nothing"
        )
        raise InputError(message) from None
    return vl_convert
