"""Who is said to have said it: the chain of sources of a sentence, in the order in which it is written."""

from __future__ import annotations

from tidewaiter.news.words.english import grammar


def chain(sentence: str) -> tuple[str, ...]:
    """List the named sources of a sentence; empty where it names none."""
    found: list[str] = []
    for match in grammar.SOURCE.finditer(sentence[:2000]):
        name = (match["after"] or match["before"] or "").strip()
        name = grammar.BEFORE_A_NAME.sub("", name)
        name = grammar.WEEKDAY.sub("", name)
        if name and name.casefold() not in {"it", "he", "she", "they", "data", "a", "the"} and name not in found:
            found.append(name)
    return tuple(found)
