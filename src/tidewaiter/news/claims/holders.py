"""Whose a figure is by the words around it: who holds a share, took a part, made the goods, stands behind "to".

Owns reading those words. What the trade of the figure becomes is `beside`'s.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.words.tokens import Token


def party_after(tokens: Sequence[Token], at: int) -> str:
    """Find the party right behind a preposition, "the" or not; "" where none, or a list of several, stands there."""
    first = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].low == "the")
    if first >= len(tokens) or tokens[first].kind != "party":
        return ""
    joined = first + 2 < len(tokens) and tokens[first + 1].low in {"and", ","} and tokens[first + 2].kind == "party"
    figure = tokens[first + 3] if joined and first + 3 < len(tokens) else None
    own_figure = figure is not None and (figure.kind == "number" or figure.low == "(")
    return tokens[first].code if own_figure or not joined else ""


def holds(tokens: Sequence[Token], index: int) -> str:
    """Find who "had a 9.7 percent share"; "" where nobody is said to."""
    number = tokens[index].number
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if number is None or number.unit != "%" or after is None or after.low not in group("parts"):
        return ""
    at = index - 1
    while at > 0 and (tokens[at].low in {"a", "an", "about", "only", "just"} or tokens[at].low in group("holds")):
        at -= 1
    held = any(token.low in group("holds") for token in tokens[at + 1 : index])
    return tokens[at].code if held and tokens[at].kind == "party" and not tokens[at].owns else ""


def maker(tokens: Sequence[Token], index: int) -> str | None:
    """Find whose goods an amount is of: "61 tons of Chinese rice and 27 tons of Russian flour"."""
    if index + 3 >= len(tokens) or tokens[index + 1].low != "of":
        return None
    party = tokens[index + 2]
    made = party.kind == "party" and party.form == "adjective" and not party.owns
    return party.code if made and tokens[index + 3].kind in {"goods", "generic"} else None


def owner_of_an_elided_flow(tokens: Sequence[Token], index: int) -> str | None:
    """Find whose flow it is where the word is not said again: "Mexico's deliveries fell, while Cuba's rose to 8"."""
    for at in range(index - 1, 0, -1):
        if tokens[at].kind in {"flow", "share", "goods"} or tokens[at].low in {";", "("}:
            return None
        if tokens[at].kind == "party":
            goes_on = tokens[at + 1].kind == "move" or tokens[at + 1].low in group("be") | {"to"}
            return tokens[at].code if tokens[at].owns and goes_on else None
    return None


def of_share(tokens: Sequence[Token], index: int) -> str | None:
    """Find whose share a percentage is: "while the Middle East's share fell to 48%"."""
    number = tokens[index].number
    if number is None or number.unit != "%":
        return None
    for at in range(index - 1, 0, -1):
        token = tokens[at]
        told = token.number is not None and token.number.unit == "%" and tokens[at - 1].low in {"to", "from", "at"}
        if (token.kind in {"number", "and"} and not told) or token.low in {",", ";", "("}:
            return None
        if token.kind == "share" and token.low in group("parts"):
            if tokens[at + 1].low == "of" and (code := party_after(tokens, at + 1)):
                followed = at + 4 < len(tokens) and tokens[at + 3].kind in {"flow", "goods", "generic"}
                return None if followed else code  # "the share of Malta fell to 4 percent"
            if tokens[at - 1].low == "whose":
                return next((token.code for token in reversed(tokens[:at]) if token.kind == "party"), None)
            owner = tokens[at - 1] if tokens[at - 1].owns or at < 2 else tokens[at - 2]
            return owner.code if owner.kind == "party" and owner.owns else None
    return None


def of_amount(tokens: Sequence[Token], index: int) -> str | None:
    """Find whose part an amount is: "Moscow's share was 13,000 tons and Beijing's 4,000"."""
    shared = next((at for at, token in enumerate(tokens[:index]) if token.low in {"share", "portion", "part"}), None)
    if shared is None or tokens[shared - 1].kind != "party" or not tokens[shared - 1].owns:
        return None
    owners = [token for token in tokens[:index] if token.kind == "party" and token.owns]
    near = tokens[index - 1].kind == "party" or len(owners) == 1
    return owners[-1].code if near else None


def taker(tokens: Sequence[Token], index: int) -> str | None:
    """Find who took a part: "1.6 million barrels a day, of which Chinese refiners took 1.2 million"."""
    of_which = any(token.low == "of which" for token in tokens[:index])
    makes_up = of_which and tokens[index - 1].kind == "share"
    if index < 2 or not (makes_up or tokens[index - 1].low in group("takes")) or tokens[index].number is None:
        return None
    for token in reversed(tokens[max(0, index - 5) : index - 1]):
        if token.kind == "party":
            return token.code
        if token.kind != "word" or token.low in {",", "and"}:
            return None
    return None


def goes_to(tokens: Sequence[Token], index: int) -> tuple[str, str] | None:
    """Read the country a share of its own goes to or comes from: "61% went to Russia and 22% to Kazakhstan"."""
    for token, after in pairwise(tokens[index + 1 : index + 4]):
        way = token.value if token.kind == "share" else token.low
        if way in {"to", "from"} and after.kind == "party" and not after.owns:
            return ("importer" if way == "to" else "exporter"), after.code
        if token.kind not in {"word", "share"} or token.low in {",", ";", "and"}:
            return None
    return None
