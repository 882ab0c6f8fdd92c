"""The bulletin as PDF/UA: the static page set on paper, tagged for screen readers, the same bytes each time."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from tidewaiter.base.errors import InputError
from tidewaiter.tell.brief.html import html

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.tell.brief.model import Bulletin

VARIANT = "pdf/ua-1"


def pdf(bulletin: Bulletin, folder: Path | None = None) -> bytes:
    """Write a bulletin as PDF/UA-1; raises `InputError` where the extra `pdf` is not installed.

    Its dates are the day of the bulletin, its identifier is made of the page's text: no clock, no chance.
    """
    try:
        from weasyprint import HTML
    except (ModuleNotFoundError, OSError):
        message = "a PDF needs WeasyPrint: pip install 'tidewaiter[pdf]'"
        raise InputError(message) from None
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    page = html(bulletin, folder)
    name = hashlib.sha256(page.encode()).digest()[:16]
    document = HTML(string=page, url_fetcher=_nothing, media_type="print")
    return bytes(document.write_pdf(pdf_variant=VARIANT, pdf_identifier=name, presentational_hints=False))


def _nothing(address: str, **_options: object) -> dict[str, object]:
    """Refuse to fetch anything: the page holds all it needs."""
    message = f"nothing is fetched for a PDF: {address[:80]}"
    raise ValueError(message)
