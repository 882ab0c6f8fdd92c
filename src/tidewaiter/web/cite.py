"""How to cite a page and how to set it into another: lines to copy, made from what the page stands on."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tidewaiter.base.version import __version__

if TYPE_CHECKING:
    from starlette.requests import Request


def citations(request: Request, title: str, sources: str, vintage: date | None) -> dict[str, Any]:
    """Return the ways to cite this address as it is now: text, BibTeX, CSL-JSON; and what embeds it.

    The address that is cited names the day whose state it shows, so that later landings do not change it.
    """
    day = datetime.now(UTC).date()
    address = frozen(str(request.url), vintage)
    picture = _with_ending(address, "svg")
    frame = address.replace("/explore/", "/embed/", 1)
    text = f"{title}. {sources} Tidewaiter {__version__}, {address}, seen {day.isoformat()}."
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    bibtex = (
        f"@misc{{{key},\n  title = {{{_tex(title)}}},\n  note = {{{_tex(sources)}}},\n"
        f"  howpublished = {{\\url{{{address}}}}},\n  urldate = {{{day.isoformat()}}}\n}}"
    )
    csl = {
        "id": key,
        "type": "dataset",
        "title": title,
        "note": sources,
        "URL": address,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]},
    }
    return {
        "text": text,
        "bibtex": bibtex,
        "csl": json.dumps([csl], ensure_ascii=False, indent=1),
        "address": address,
        "image": f'<img src="{html.escape(picture)}" alt="{html.escape(title)}">',
        "frame": (
            f'<iframe src="{html.escape(frame)}" title="{html.escape(title)}" width="720" height="620" '
            'sandbox loading="lazy"></iframe>'
        ),
    }


def frozen(address: str, vintage: date | None) -> str:
    """Write the day whose state is shown into an address, if it names none yet."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query)
    if vintage is not None and not any(key == "as_of" for key, _ in pairs):
        pairs.append(("as_of", vintage.isoformat()))
    return parts._replace(query=urlencode(pairs, safe=",./:"), fragment="").geturl()


def _with_ending(address: str, ending: str) -> str:
    parts = urlsplit(address)
    return parts._replace(path=f"{parts.path}.{ending}").geturl()


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", "/"))
