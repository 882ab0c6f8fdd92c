"""Who only says something and trades nothing: agencies, officials, papers ("Chinese customs", "the paper said").

Owns setting such words aside before a sentence is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.words.parties import agency_words, is_group
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token


BOOKS: Final = "books"
"""The value of a word that names an authority which counts its country's trade."""


def set_aside_sources(tokens: Sequence[Token]) -> list[Token]:
    """Turn parties that only name an agency, official or source ("Chinese customs") into plain words."""
    out = list(tokens)
    for index, token in enumerate(out):
        if token.form == "authority":
            out[index] = replace(token, kind="word", form="source", value=BOOKS)
        elif token.kind == "party" and token.form != "people" and _leads_to_agency(out, index):
            out[index] = replace(token, kind="word", form="source")
        elif token.kind == "goods" and (_speaks(out, index) or _names_an_office(out, index)):
            out[index] = replace(token, kind="word", form="source", goods=None)
    return out


def authority(tokens: Sequence[Token]) -> str | None:
    """Find whose customs or statistics a sentence quotes, which count their own country's trade."""
    for at, token in enumerate(tokens):
        if token.form != "source" or not token.code or is_group(token.code):
            continue
        words = [word for after in tokens[at + 1 : at + 4] for word in after.low.split()]
        if token.value == BOOKS or any(word in group("keeps_books") for word in words):
            return token.code
    return None


def _speaks(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a word for goods is who says so: "the paper said", "a report by this paper"."""
    before = tokens[index - 1].low if index else ""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return before == "this" or (before == "the" and after is not None and after.kind == "say")


def _names_an_office(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a word for goods is what an office is for: "the Ministry of Energy"."""
    if index < 2 or tokens[index - 1].low not in {"of", "for"} or not tokens[index].text[:1].isupper():
        return False
    office = tokens[index - 2]
    return office.kind in {"word", "say", "skip"} and office.low.split()[-1] in agency_words()


def _leads_to_agency(tokens: Sequence[Token], index: int) -> bool:
    words = agency_words()
    for token in tokens[index + 1 : index + 6]:
        low = token.low.rstrip("'s").rstrip("’") if token.low not in words else token.low
        if token.kind == "skip" and any(part in words or part == "ministry" for part in token.low.split()):
            return True
        if token.kind in {"word", "say"} and (token.low in words or low in words):
            sent = index > 0 and tokens[index - 1].low.endswith(("to", "from"))
            sent = sent or _acts(tokens, tokens.index(token))
            return not (sent and token.low in group("trading_agents"))
        if (
            token.kind in {"word", "generic"}
            and token.low not in group("prepositions")
            and token.low not in group("stops")
            and token.low not in group("be")
        ):
            continue
        if token.kind == "skip" or (
            token.kind == "flow" and token.form == "noun" and token.low in {"trade", "foreign trade"}
        ):
            continue
        return False
    return False


def _acts(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether traders do what follows ("Chinese refiners took"), and are no source of a figure."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return after is not None and (after.low in group("takes") or (after.kind == "flow" and after.form == "verb"))
