"""Which language a text is in, by its letters, and which languages are read.

Owns `languages.csv`: a language has a row there, and once it is read a folder with its tables and its grammar.
A text in a language without a folder is recognised and left alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from tidewaiter.news.words.tables import facts, group

OTHER: Final = "other"
LEAST_WORDS: Final = 6
"""Words of a line from which it can be a sentence."""
LEAST_LETTERS: Final = 200
"""Letters among which those that mark a language off from its neighbours (Russian from Bulgarian) must occur."""
SAMPLE: Final = 20_000
"""Characters that tell a language."""


@cache
def _rows() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in facts("languages")}


def is_read(code: str) -> bool:
    """Tell whether stories in a language are read."""
    return code in _rows() and bool(_rows()[code]["folder"])


def name(code: str) -> str:
    """Name a language in English, or say that it is none of those known."""
    return _rows()[code]["name"] if code in _rows() else "a language other than English"


def _letters(letters: str, code: str) -> int:
    row = _rows()[code]
    first, last = chr(int(row["first"], 16)), chr(int(row["last"], 16))
    return sum(first <= letter <= last for letter in letters)


def language_of(text: str) -> str:
    """Tell the language of a text by its letters; Latin text counts as English if it reads so.

    Korean counts from a quarter of the letters (its words are short), Russian from half.
    """
    sample = text[:SAMPLE]
    letters = "".join(character for character in sample if character.isalpha())
    if not letters:
        return "en"
    for code, row in _rows().items():
        if row["share"] and _letters(letters, code) > float(row["share"]) * len(letters):
            marked = not row["marks"] or len(letters) < LEAST_LETTERS or any(mark in letters for mark in row["marks"])
            return code if marked else OTHER
    if _letters(letters, "en") * 2 < len(letters):
        return OTHER
    # Rows of a table say nothing of the language; only lines that could be sentences do.
    lines = (re.findall(r"[A-Za-z]+", line.casefold()) for line in sample.split("\n"))
    words = [word for line in lines if len(line) >= LEAST_WORDS for word in line]
    common = sum(word in group("common") for word in words)
    return OTHER if len(words) > 40 and common * 20 < len(words) else "en"
