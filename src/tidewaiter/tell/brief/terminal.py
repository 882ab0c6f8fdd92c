"""The bulletin in a terminal: headline, paragraphs, tables, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.tell.page import console, escaped, say
from tidewaiter.tell.sheets.terminal import print_sheet

if TYPE_CHECKING:
    from tidewaiter.tell.brief.model import Bulletin

MOST_ROWS: Final = 24
FOR_FILES: Final = frozenset({"numbers"})
"""Sections whose tables are too wide for a terminal; the other formats have them."""


def print_bulletin(bulletin: Bulletin) -> None:
    """Print a bulletin."""
    page = console()
    say(page, escaped(bulletin.title), indent=0, style="bold")
    say(page, escaped(bulletin.subject.day.isoformat()), indent=0, style="dim")
    page.print()
    say(page, escaped(bulletin.headline.text), indent=0)
    for section in bulletin.sections:
        if section.name in FOR_FILES:
            continue
        page.print()
        say(page, escaped(section.title), indent=0, style="bold underline")
        for paragraph in section.paragraphs:
            say(page, escaped(" ".join(sentence.text for sentence in paragraph)), indent=0)
        for point in section.points:
            say(page, f"- {escaped(point)}", indent=0)
        for sheet in section.sheets:
            page.print()
            print_sheet(replace(sheet, rows=sheet.rows[:MOST_ROWS]))
            if len(sheet.rows) > MOST_ROWS:
                told = f"the first {MOST_ROWS} of {len(sheet.rows)} rows; --markdown, --html and --pack have them all"
                say(page, told, style="dim")
        for note in section.notes:
            say(page, escaped(note), indent=0, style="dim")
