"""Who is said to have said it: the chain of sources of a sentence, in the order in which it is written."""

from __future__ import annotations

import re

_SOURCE = re.compile(
    r"(?P<cue>according\s+to|citing|cited|quoting|based\s+on|on\s+the\s+basis\s+of)\s+(?P<after>[^,.;()]{2,90}?)(?=\s+(?:on|in)\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+said\b|[,.;()]|$)"
    r"|(?P<before>(?:[A-Z][\w.’'&-]*|\b(?:the|of|for|and|official|state|customs|trade|government)\b)(?:\s+(?:[A-Z][\w.’'&-]*|of|for|and|the|news|agency|data|customs|statistics|network|ministry|official|state|trade|figures))*?)"
    r"\s+(?:\([A-Z]+\)\s+)?(?P<verb>said|says|reported|announced|showed|shows|show|noted|estimated|stated)\b",
)


def chain(sentence: str) -> tuple[str, ...]:
    """List the named sources of a sentence; empty where it names none."""
    found: list[str] = []
    for match in _SOURCE.finditer(sentence[:2000]):
        name = (match["after"] or match["before"] or "").strip()
        name = re.sub(r"^(?:the|and|of)\s+", "", name)
        name = re.sub(r"\s*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$", "", name)
        if name and name.casefold() not in {"it", "he", "she", "they", "data", "a", "the"} and name not in found:
            found.append(name)
    return tuple(found)
