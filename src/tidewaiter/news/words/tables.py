"""The tables of written words that the lexers read: loaded once, in the order of their rows.

Owns opening the tables of the language that is read, one folder each; knows nothing of what the rows mean.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


FOLDER: Final = "english"
"""The language that is read: its tables, and beside them its grammar."""


@cache
def facts(name: str) -> tuple[dict[str, str], ...]:
    """Read a table beside this module that holds for every language (languages, budget years)."""
    text = (files("tidewaiter.news.words") / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one table of `news/words/english/` as rows of text, in file order."""
    text = (files("tidewaiter.news.words") / FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@cache
def group(name: str) -> frozenset[str]:
    """Return one group of the language's function words (`tables/function_words.csv`), folded."""
    return frozenset(folded(row["phrase"]) for row in rows("function_words") if row["group"] == name)


def alternation(phrases: Iterable[str]) -> str:
    """Join phrases into a regular expression that tries the longest first; a blank matches any white space."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in ordered)


@lru_cache(maxsize=16_384)
def folded(phrase: str) -> str:
    """Fold a phrase for look-up: case folded, white space single, apostrophes straight."""
    return re.sub(r"\s+", " ", phrase).replace("’", "'").casefold()
