"""Make one self-contained HTML file of a checked story: the text with marks, and behind each its working.

No script, nothing loaded, a content security policy that forbids both; everything that came from the
story or the data is escaped. Owns what the template shows, not how a finding came about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.story_words import MARKS, Piece, counts, harmless, heading, one_line, pieces, sentence, subject

if TYPE_CHECKING:
    from jinja2 import Environment

    from tidewaiter.news.judge.findings import Finding, Report

MOST_ROWS: Final = 40
"""So many rows of one answer are shown; the JSON holds them all."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of the story's text: which findings it belongs to and how it is marked; `first` starts a claim."""

    text: str
    findings: tuple[Finding, ...]
    mark: str | None
    first: bool


def story_page(report: Report) -> str:
    """Return the page as text; the same report gives the same bytes."""
    return environment().get_template("story.html.j2").render(**story_context(report))


def story_context(report: Report) -> dict[str, Any]:
    """Return what the templates of a story, whole or in part, have to be given."""
    from tidewaiter.base.version import __version__

    runs = _runs(pieces(report))
    title = one_line(report.story.title or report.story.name or "Story")
    return {
        "report": report,
        "story": report.story,
        "title": title,
        "paragraphs": [each for each in _paragraphs(runs) if not _repeats(each, title)],
        "marks": MARKS,
        "counts": counts(report),
        "heading": heading,
        "subject": subject,
        "sentence": sentence,
        "most_rows": MOST_ROWS,
        "version": __version__,
    }


def environment(*packages: str) -> Environment:
    """Open the templates of this room, those of `packages` before them; everything is escaped."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in (*packages, "tidewaiter.tell")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["harmless"] = lambda text: harmless(str(text))
    made.filters["number"] = _number
    made.tests["web_address"] = _is_web_address
    return made


def _runs(cut: tuple[Piece, ...]) -> list[Marked]:
    started: set[str] = set()
    runs = []
    for piece in cut:
        mark = piece.findings[0].mark if piece.findings else None
        new = [finding.claim.id for finding in piece.findings if finding.claim.id not in started]
        started.update(new)
        runs.append(Marked(piece.text, piece.findings, mark, bool(new)))
    return runs


def _paragraphs(runs: list[Marked]) -> list[list[Marked]]:
    """Split the runs at line breaks into paragraphs, empty ones left out."""
    paragraphs: list[list[Marked]] = [[]]
    for run in runs:
        for place, line in enumerate(run.text.split("\n")):
            if place:
                paragraphs.append([])
            if line:
                paragraphs[-1].append(Marked(line, run.findings, run.mark, run.first and place == 0))
    return [paragraph for paragraph in paragraphs if any(run.text.strip() for run in paragraph)]


def _repeats(paragraph: list[Marked], title: str) -> bool:
    """Tell whether a paragraph is only the headline again, which stands above the story."""
    return all(not run.findings for run in paragraph) and one_line("".join(run.text for run in paragraph)) == title


def _number(value: Any) -> str:
    """Write a number of a table with thousand separators, and a missing one as n/r (not reported)."""
    if value is None:
        return "n/r"
    text = f"{round(value, 2):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_web_address(text: str | None) -> bool:
    return text is not None and text.startswith(("https://", "http://"))
