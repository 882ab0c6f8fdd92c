"""Print a checked story on a terminal: one finding after another, readable at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.tell.story_words import MARKS, counts, harmless, heading, law_lines, one_line, subject

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tidewaiter.news.judge.findings import Finding, Mark, Report

_STYLES: Final[dict[Mark, str]] = {
    "conflict": "bold red",
    "caution": "yellow",
    "supported": "green",
    "unchecked": "dim",
}


def print_story(report: Report, console: Console | None = None) -> None:
    """Print the findings of `report`; colours only where the terminal has them, signs everywhere."""
    from rich.console import Console as Made
    from rich.padding import Padding
    from rich.text import Text

    out = console or Made(highlight=False)
    out.print(Text(_title(report), style="bold"))
    out.print(Text(_summary(report), style="dim"))
    for finding in report.findings:
        out.print()
        for indent, line in _lines(finding):
            out.print(Padding(line, (0, 0, 0, indent)))
    if report.unread:
        out.print()
        out.print(Text("Numbers that were not understood and are not checked:", style="bold"))
        for one in report.unread:
            out.print(Padding(Text(f"“{one_line(one.text)}”: {one_line(one.reason)}"), (0, 0, 0, 2)))


def _title(report: Report) -> str:
    story = report.story
    return one_line(story.title or story.name or "Story")


def _summary(report: Report) -> str:
    story = report.story
    day = f"published {story.published_on.isoformat()} ({story.dated_by})" if story.published_on else "undated"
    found = ", ".join(f"{number} {MARKS[mark].word}" for mark, number in counts(report) if number)
    count = len(report.findings)
    return f"{day}; {count} claim{'' if count == 1 else 's'}{f': {found}' if found else ''}"


def _lines(finding: Finding) -> list[tuple[int, Text]]:
    from rich.text import Text

    words, style = MARKS[finding.mark], _STYLES[finding.mark]
    told = finding.explanation
    head = Text.assemble((f"{words.sign} {finding.claim.id} ", style), (heading(finding), "bold"))
    lines = [(0, head), (2, Text(subject(finding), style="dim")), (2, Text(f"{harmless(told.verdict)}.", style=style))]
    lines.append((2, Text(harmless(told.sentence))))
    lines += [(2, Text(harmless(line))) for line in (*told.working, *law_lines(finding))]
    lines += [(2, Text(harmless(line), style="dim")) for line in (*told.rows, *told.alternatives, *told.gaps)]
    return lines
