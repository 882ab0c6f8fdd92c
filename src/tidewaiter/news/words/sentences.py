"""Sentences and paragraphs of the normalised text, with abbreviations kept whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import rows


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: offsets in the story's text, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int


LONGEST: Final = 1500
_BREAK = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9$€£¥])|\n+")


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(row["phrase"].casefold() for row in rows("abbreviations"))


def split(text: str, start: int = 0) -> list[Sentence]:
    """Split `text` from `start` into sentences; a line break always ends one."""
    found: list[Sentence] = []
    begin, paragraph = start, 0
    for gap in _BREAK.finditer(text, start):
        if "\n" not in gap[0] and _is_abbreviation(text, begin, gap.start()):
            continue
        _add(found, text, begin, gap.start(), paragraph)
        paragraph += gap[0].count("\n") > 0
        begin = gap.end()
    _add(found, text, begin, len(text), paragraph)
    return found


def _add(found: list[Sentence], text: str, begin: int, end: int, paragraph: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    while end - begin > LONGEST:
        # No sentence of a story is so long: a table or a list on one line is read in pieces.
        cut = text.rfind(" ", begin, begin + LONGEST)
        cut = cut if cut > begin else begin + LONGEST
        found.append(Sentence(begin, cut, paragraph))
        begin = cut + 1
    if begin < end:
        found.append(Sentence(begin, end, paragraph))


def _is_abbreviation(text: str, begin: int, end: int) -> bool:
    if end == 0 or text[end - 1] != ".":
        return False
    word = re.search(r"[A-Za-z][A-Za-z.]*\.$", text[max(begin, end - 20) : end])
    if word is None:
        return False
    last = word[0].casefold()
    if last in _abbreviations():
        following = text[end:].lstrip()[:1]
        return not (last in grammar.SHORT_US and following == "") and not (
            last in grammar.ENDS_A_SENTENCE and following.isupper() and not following.isdigit()
        )
    return re.fullmatch(r"[A-Z]\.", word[0]) is not None


def captions(text: str, parts: list[Sentence]) -> frozenset[int]:
    """Name the paragraphs that are no prose: a line that ends in a picture credit, and a row of a table.

    A row begins with the upright line of Markdown, which is also how tables of a page arrive here. Its cells
    have no grammar: read as a sentence they make claims that nobody wrote.
    """
    last = {part.paragraph: part for part in parts}
    first: dict[int, int] = {}
    for part in parts:
        first.setdefault(part.paragraph, part.start)
    return frozenset(
        paragraph
        for paragraph, part in last.items()
        if text[first[paragraph]] == "|"
        or (
            part.end - first[paragraph] < 400
            and len(last) > 1
            and text[part.end - 1 : part.end] != "."
            and grammar.CREDIT.search(text[part.start : part.end]) is not None
        )
    )
