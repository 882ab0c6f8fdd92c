"""The sheet that people read: how wide it is, and how a long line goes on.

On a terminal lines are broken at its width and go on further in; into a pipe or a file a line is never
broken, so that a search finds what stands on it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

ENDLESS: Final = 100_000
NARROWEST: Final = 10


def console() -> Console:
    """Open standard output for printing; `COLUMNS` sets the width wherever it goes."""
    from rich.console import Console

    seen = sys.stdout is not None and sys.stdout.isatty()
    return Console(highlight=False, width=None if seen or os.environ.get("COLUMNS") else ENDLESS)


def say(page: Console, markup: str, *, indent: int = 2, style: str = "") -> None:
    """Print one line of Rich markup, `indent` signs in, and what does not fit four signs further in."""
    from rich.text import Text

    text = Text.from_markup(markup)
    text.stylize(style)
    width = max(page.width - indent - 4, NARROWEST)
    for number, part in enumerate(text.wrap(page, width)):
        part.rstrip()
        page.print(Text(" " * (indent if number == 0 else indent + 4)) + part, soft_wrap=True)


def escaped(text: str) -> str:
    """Write text from outside so that it is neither markup nor anything but one line."""
    from rich.markup import escape

    from tidewaiter.base.legible import legible

    return escape(legible(text))
