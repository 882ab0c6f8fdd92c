"""Print a table of many checked stories: how many claims of each bear which mark. It is no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.tell.story_words import MARKS, counts, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from tidewaiter.base.sheet import Cell
    from tidewaiter.news.judge.findings import Report


def print_stories(outcomes: Sequence[tuple[Path, Report | TidewaiterError]], console: Console | None = None) -> None:
    """Print one line a story, its claims by mark, and for a file that could not be checked the reason."""
    from rich.console import Console as Made
    from rich.table import Table
    from rich.text import Text

    out = console or Made(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("story", overflow="fold")
    for name in ("claims", *(words.word for words in MARKS.values()), "not read"):
        table.add_column(name, justify="right")
    for path, outcome in outcomes:
        if isinstance(outcome, TidewaiterError):
            continue
        numbers = [len(outcome.findings), *(number for _, number in counts(outcome)), len(outcome.unread)]
        table.add_row(Text(one_line(path.name)), *(str(number) for number in numbers))
    failed = [(path, outcome) for path, outcome in outcomes if isinstance(outcome, TidewaiterError)]
    if len(failed) < len(outcomes):
        out.print(table)
    for path, error in failed:
        out.print(Text(f"{one_line(path.name)}: not checked: {one_line(str(error))}"))


def stories_sheet(outcomes: Sequence[tuple[Path, Report | TidewaiterError]]) -> Sheet:
    """Lay the same out for a file: a story that could not be checked has no numbers, and its reason."""
    marks = [words.word for words in MARKS.values()]
    columns = (
        SheetColumn("story", "story"),
        *(SheetColumn(name.replace(" ", "_"), name, "count") for name in ("claims", *marks, "not read")),
        SheetColumn("not_checked", "not checked, since"),
    )
    rows: list[tuple[Cell, ...]] = []
    for path, outcome in outcomes:
        if isinstance(outcome, TidewaiterError):
            rows.append((path.name, *(None for _ in columns[1:-1]), one_line(str(outcome))))
            continue
        numbers = [len(outcome.findings), *(number for _, number in counts(outcome)), len(outcome.unread)]
        rows.append((path.name, *numbers, None))
    return Sheet(
        "stories", "Stories and how many of their claims bear which mark; it is no score", columns, tuple(rows)
    )
