"""Write a checked story as Markdown: a heading and a list for each finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.tell.story_words import MARKS, heading, law_lines, one_line, subject

if TYPE_CHECKING:
    from tidewaiter.news.judge.findings import Finding, Report

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~&])")


def story_markdown(report: Report) -> str:
    """Return the report as Markdown text; nothing of the story can become markup or a link."""
    story = report.story
    lines = [f"# Findings: {escaped(story.title or story.name or 'story')}", ""]
    day = f"{story.published_on.isoformat()} ({story.dated_by})" if story.published_on else "unknown"
    lines += [f"Published: {day}. Text: sha256 `{story.sha256[:12]}`.", ""]
    for finding in report.findings:
        lines += _finding(finding)
    if report.unread:
        lines += ["## Not understood", ""]
        lines += [f"- “{escaped(one.text)}”: {escaped(one.reason)}" for one in report.unread]
        lines.append("")
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Put text on one line in which no sign is markup."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _finding(finding: Finding) -> list[str]:
    told = finding.explanation
    words = MARKS[finding.mark]
    lines = [f"## {words.sign} {escaped(finding.claim.id)}: {escaped(heading(finding))}", ""]
    lines += [f"{escaped(subject(finding))}", ""]
    lines += [f"> {escaped(finding.claim.sentence)}", ""]
    lines += [f"**{escaped(told.verdict)}.** {escaped(told.sentence)}", ""]
    more = (*told.working, *law_lines(finding), *told.rows, *told.alternatives, *told.gaps)
    lines += [f"- {escaped(line)}" for line in more]
    if more:
        lines.append("")
    return lines
