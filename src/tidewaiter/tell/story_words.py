"""What the terminal, the Markdown and the page have in common: marks, their words, and harmless text.

A story comes from anywhere, so every piece of it passes through `harmless` before it is shown: signs
that hide, reorder or control are written out as their code points.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.codes import areas
from tidewaiter.news.judge import wording

if TYPE_CHECKING:
    from tidewaiter.news.judge.findings import Finding, Mark, Report
    from tidewaiter.news.model import Span


@dataclass(frozen=True, slots=True)
class MarkWords:
    """How one mark is shown where colour may be missing: a sign, a word, and what it means."""

    sign: str
    word: str
    meaning: str


MARKS: Final[dict[Mark, MarkWords]] = {
    "conflict": MarkWords("✗", "conflict", "does not fit the story's own figures, or the data say otherwise"),
    "caution": MarkWords("!", "caution", "unlike periods are compared, or the evidence is not clear"),
    "supported": MarkWords("✓", "supported", "the data bear it out"),
    "unchecked": MarkWords("?", "not checked", "no data, or nothing that trade statistics count"),
}

_WORST: Final[tuple[Mark, ...]] = ("conflict", "caution", "supported", "unchecked")
_LONGEST: Final = 90
_KEPT: Final = frozenset("\n\t")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def harmless(text: str) -> str:
    """Write signs that hide, reorder or control out as code points: a right-to-left override as ⟨U+202E⟩."""
    return "".join(
        character if character in _KEPT or unicodedata.category(character) not in _HIDDEN else _code(character)
        for character in text
    )


def _code(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def one_line(text: str) -> str:
    """Put harmless text on one line."""
    return re.sub(r"\s+", " ", harmless(text)).strip()


def heading(finding: Finding) -> str:
    """Name a claim by its number or, where it has none, by its words, cut after about ninety signs."""
    claim = finding.claim
    if claim.number is not None:
        return one_line(claim.number.text)
    if claim.type == "change" and claim.base is not None and claim.direction in {"up", "down"}:
        return one_line(f"{claim.direction} from {claim.base.text}")
    text = one_line(claim.quote or claim.sentence)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def subject(finding: Finding) -> str:
    """Say what a claim is about: its kind, which way the goods went, and when."""
    claim = finding.claim
    kind = "headline " * claim.in_headline + claim.type.replace("_", " ")
    groups = claim.groups
    if claim.parties or "parties" in groups:
        named = [areas.name(code) for code in claim.parties]
        way = " and ".join([*named, groups["parties"]] if "parties" in groups else named)
    else:
        sides = (("exporter", claim.exporter), ("importer", claim.importer))
        ends = [areas.name(code) if code else groups.get(slot, "") for slot, code in sides]
        way = " to ".join(end or "not said" for end in ends) if any(ends) else ""
    when = wording.span(claim.period) if claim.period else "no period"
    goods = one_line(claim.goods.text) if claim.goods.text else ""
    return ", ".join(part for part in (kind, way, goods, when) if part)


def sentence(finding: Finding) -> str:
    """Say what was found in one sentence or two, without the claim's words where they stand at its beginning."""
    told = finding.explanation.sentence
    return told.removeprefix(f"“{finding.claim.number.text}”: ") if finding.claim.number is not None else told


def law_lines(finding: Finding) -> list[str]:
    """Say which measures cover the goods of a claim: what the law orders, never that it was broken."""
    return [f"Law, not a verdict: {note}." for note in finding.sanctions]


def counts(report: Report) -> list[tuple[Mark, int]]:
    """Count the findings by mark, in the order of `MARKS`. It is a table of contents and no score."""
    return [(mark, sum(finding.mark == mark for finding in report.findings)) for mark in MARKS]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the story's text with the findings that cover it, the narrowest first."""

    text: str
    findings: tuple[Finding, ...]


def pieces(report: Report) -> tuple[Piece, ...]:
    """Cut the story's text where a claim begins or ends."""
    text = report.story.text
    spans = [(_clamped(_marked(finding), len(text)), finding) for finding in report.findings]
    cuts = sorted({0, len(text), *(end for span, _ in spans for end in span)})
    made = []
    for start, end in pairwise(cuts):
        covering = [(span, finding) for span, finding in spans if span[0] <= start < end <= span[1]]
        covering.sort(key=lambda item: (item[0][1] - item[0][0], _WORST.index(item[1].mark), item[1].claim.id))
        made.append(Piece(text[start:end], tuple(finding for _, finding in covering)))
    return tuple(made)


def _marked(finding: Finding) -> Span:
    """Return what is underlined: the claim's number, or its words where it has none."""
    return finding.claim.number.span if finding.claim.number is not None else finding.claim.span


def _clamped(span: Span, length: int) -> Span:
    start = min(max(span[0], 0), length)
    return start, min(max(span[1], start), length)
