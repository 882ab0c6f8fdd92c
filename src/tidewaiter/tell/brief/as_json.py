"""The bulletin as JSON: its sentences with the numbers of their answers, its tables, and every answer in full."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidewaiter.tell.brief.model import Bulletin, Section, Sentence


def as_json(bulletin: Bulletin) -> str:
    """Write a bulletin as JSON; the layout is docs/reference/brief.md."""
    from tidewaiter.answers import describe
    from tidewaiter.tell.sheets import text

    subject = bulletin.subject
    document = {
        "title": bulletin.title,
        "target": subject.target,
        "partner": subject.partner,
        "period": subject.period.span(),
        "day": subject.day.isoformat(),
        "as_of": None if subject.as_of is None else subject.as_of.isoformat(),
        "version": bulletin.version,
        "headline": _sentence(bulletin, bulletin.headline),
        "sections": [_section(bulletin, section) for section in bulletin.sections],
        "tables": [json.loads(text.json([sheet])) for sheet in bulletin.sheets],
        "answers": [describe(answer) for answer in bulletin.answers],
        "refusals": [describe(refusal) for refusal in bulletin.refusals],
        "citation": {
            "text": bulletin.citation.text,
            "bibtex": bulletin.citation.bibtex,
            "csl": json.loads(bulletin.citation.csl),
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _section(bulletin: Bulletin, section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": section.title,
        "paragraphs": [[_sentence(bulletin, sentence) for sentence in paragraph] for paragraph in section.paragraphs],
        "points": list(section.points),
        "tables": [sheet.name for sheet in section.sheets],
        "charts": [{"name": each.name, "title": each.title, "alt": each.alt} for each in section.charts],
        "notes": list(section.notes),
    }


def _sentence(bulletin: Bulletin, sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "numbers": [bulletin.number(answer.query) for answer in sentence.answers]}
