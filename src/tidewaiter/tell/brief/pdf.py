"""The bulletin as PDF/UA: the static page set on paper, tagged for screen readers, the same bytes each time."""

from __future__ import annotations

import hashlib
import logging
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import InputError
from tidewaiter.tell.brief.html import html

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.tell.brief.model import Bulletin

VARIANT = "pdf/ua-1"
SCALE: Final = 3
"""Pixels of a picture for one of the drawing that it stands for."""
_DRAWING: Final = re.compile(
    r'<svg [^>]*class="tw-wide"[^>]*aria-label="([^"]*)"[^>]*width="([\d.]+)".*?</svg>', re.DOTALL
)
_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def pdf(bulletin: Bulletin, folder: Path | None = None) -> bytes:
    """Write a bulletin as PDF/UA-1; raises `InputError` where the extra `pdf` is not installed.

    Its dates are the day of the bulletin, its identifier is made of the page's text: no clock, no chance.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        message = "a PDF needs WeasyPrint: pip install 'tidewaiter[pdf]'"
        raise InputError(message) from None
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    page = _DRAWING.sub(_readable, html(bulletin, folder))
    name = hashlib.sha256(page.encode()).digest()[:16]
    # Nothing is fetched for a page: what it holds itself is all that may be opened.
    inside = URLFetcher(allowed_protocols=("data",))
    document = HTML(string=page, url_fetcher=inside, media_type="print")
    return bytes(document.write_pdf(pdf_variant=VARIANT, pdf_identifier=name, presentational_hints=False))


def _readable(drawing: re.Match[str]) -> str:
    """Put a picture in the place of a drawing with right-to-left letters, which WeasyPrint sets from the left."""
    if _RIGHT_TO_LEFT.search(drawing[0]) is None:
        return drawing[0]
    import vl_convert

    picture = b64encode(vl_convert.svg_to_png(drawing[0], scale=SCALE)).decode()
    size = f"width: {drawing[2]}px; max-width: 100%"
    return f'<img class="tw-wide" alt="{drawing[1]}" style="{size}" src="data:image/png;base64,{picture}">'
