"""The bulletin as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidewaiter.tell.brief.templates import fill

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.tell.brief.model import Bulletin


def markdown(bulletin: Bulletin, folder: Path | None = None) -> str:
    """Write a bulletin as Markdown; `folder` may hold a template of one's own."""
    text = fill("bulletin.md.j2", bulletin, folder)
    return re.sub(r"\n{3,}", "\n\n", text)
