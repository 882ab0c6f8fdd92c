"""Write a bulletin in the format that was asked for, as bytes; the same bulletin gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tidewaiter.tell.brief.model import Bulletin

Form = Literal["md", "html", "interactive", "pdf", "pack", "json"]


def written(bulletin: Bulletin, form: Form, standalone: Callable[[str], str], folder: Path | None = None) -> bytes:
    """Return `bulletin` as `form`; `standalone` is the lake's own, `folder` holds templates of one's own.

    Raises `InputError` where a format needs an extra that is not installed.
    """
    match form:
        case "md":
            from tidewaiter.tell.brief.markdown import markdown

            return markdown(bulletin, folder).encode()
        case "html" | "interactive":
            from tidewaiter.tell.brief.html import html

            return html(bulletin, folder, interactive=form == "interactive").encode()
        case "pdf":
            from tidewaiter.tell.brief.pdf import pdf

            return pdf(bulletin, folder)
        case "pack":
            from tidewaiter.tell.brief.pack import pack

            return pack(bulletin, standalone, folder)
        case "json":
            from tidewaiter.tell.brief.as_json import as_json

            return as_json(bulletin).encode()
