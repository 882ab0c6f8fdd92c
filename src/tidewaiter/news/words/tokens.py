"""Typed tokens: one pass over a sentence, the longest match of any lexer at each place.

Owns the order in which lexers compete. Every word of the sentence is in exactly one token, but
for the codes of data series, which are in none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from tidewaiter.news.words import goods, numbers, parties, periods
from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import alternation, folded, group, rows

if TYPE_CHECKING:
    from tidewaiter.news.model import Goods, Written
    from tidewaiter.news.words.spans import PeriodWords

TokenKind = Literal[
    "number",
    "period",
    "party",
    "goods",
    "flow",
    "move",
    "base",
    "rank",
    "rankobject",
    "record",
    "share",
    "cap",
    "plan",
    "deny",
    "say",
    "zero",
    "negation",
    "stop",
    "most",
    "skip",
    "owe",
    "and",
    "pronoun",
    "others",
    "side",
    "generic",
    "word",
    "mark",
]


@dataclass(frozen=True, slots=True)
class Token:
    """One typed token. `value` and `form` are what the word tables say of it."""

    kind: TokenKind
    text: str
    start: int
    end: int
    value: str = ""
    form: str = ""
    number: Written | None = None
    period: PeriodWords | None = None
    goods: Goods | None = None
    code: str = ""
    owns: bool = False
    negated: bool = False
    """Of a verb: whether "did not" or the like stands before it."""

    @property
    def low(self) -> str:
        """The text in lower case."""
        return folded(self.text)


_WORD = re.compile(r"[\w]+(?:['’\-&][\w]+)*['’]?|\S")
_DATA_CODE = re.compile(r"[A-Z0-9]{2,}(?:-[A-Z0-9]{2,}){2,}")
"""The code of a series in an agency's own data, printed behind what it is of; nobody reads it aloud."""
_SPACE = re.compile(r"\s*")


@cache
def _word_table() -> tuple[re.Pattern[str], dict[str, tuple[str, str, str]]]:
    listed = [row for row in rows("words") if row["kind"] != "bare"]
    entries = {folded(row["phrase"]): (row["kind"], row["value"], row["form"]) for row in listed}
    return re.compile(rf"(?<![\w-])(?:{alternation(row['phrase'] for row in listed)})(?![\w])", re.IGNORECASE), entries


@cache
def _bare_verbs() -> dict[str, str]:
    return {folded(row["phrase"]): row["value"] for row in rows("words") if row["kind"] == "bare"}


def lex(text: str, start: int, end: int) -> list[Token]:
    """Read the tokens of `text[start:end]`; offsets are those of `text`."""
    sentence = text[:end]
    found: list[Token] = []
    at = _SPACE.match(sentence, start).end()  # type: ignore[union-attr]
    while at < end:
        token = _longest(sentence, at, found[-1] if found else None)
        if token.kind == "word" and _DATA_CODE.fullmatch(token.text):
            at = _SPACE.match(sentence, token.end).end()  # type: ignore[union-attr]
            continue
        if found and found[-1].kind == "negation" and (token.low in _bare_verbs() or token.form == "verb"):
            token = _negated(found.pop(), token)
        if _closes_maker(found, token):
            named = found[-2]
            found[-2:] = [replace(named, text=text[named.start : token.end], end=token.end)]
        else:
            found.append(token)
        at = _SPACE.match(sentence, token.end).end()  # type: ignore[union-attr]
    return found


def _closes_maker(found: list[Token], token: Token) -> bool:
    """Tell whether "British", "-" and "made" are one word for whose goods they are."""
    return (
        len(found) > 1
        and found[-1].low == "-"
        and found[-2].kind == "party"
        and found[-2].end == found[-1].start
        and token.low in group("made")
    )


def _negated(negation: Token, verb: Token) -> Token:
    """Join "did not" and "export" into one verb that says it did not happen; other verbs stay as they are."""
    value = _bare_verbs().get(verb.low, verb.value)
    text = f"{negation.text} {verb.text}"
    kind: TokenKind = "flow" if verb.low in _bare_verbs() else verb.kind
    return Token(kind, text, negation.start, verb.end, value, "verb", negated=True)


def _compares(text: str, at: int, before: Token | None) -> bool:
    """Tell whether "more than" goes with the number before it ("15% more than the $47 million"), as no hedge."""
    if grammar.COMPARES_WITH.match(text, at) is not None:
        return True
    if before is None or before.number is None or before.number.unit not in {"%", "x"}:
        return False
    return grammar.COMPARES.match(text, at) is not None


def _longest(text: str, at: int, before: Token | None) -> Token:
    plain = _WORD.match(text, at)
    stop = plain.end() if plain else at + 1
    word = text[at:stop]
    best = Token("word" if word[0].isalnum() else "mark", word, at, stop)
    if best.kind == "mark" and word not in grammar.CURRENCY_MARKS:
        return best
    described = _described(text, at, before)
    if best.kind == "word" and before is not None and before.kind == "party" and not before.owns:
        taken = grammar.takes_in().match(text, at)
        if taken is not None and _listed(text, at) is None:
            return Token("flow", taken[0], at, taken.end(), "import", "verb")
    candidates = [
        described,
        None if _compares(text, at, before) else _number(text, at),
        _period(text, at),
        _party(text, at),
        _goods(text, at),
        _listed(text, at),
        _pronoun(text, at),
    ]
    longest = max((token.end for token in candidates if token is not None), default=at)
    for token in candidates:
        if token is not None and token.end == longest:
            return token
    return best


def _described(text: str, at: int, before: Token | None) -> Token | None:
    """Read "the world's third-biggest oil importer" as words that only describe somebody, unless it is said of them."""
    match = grammar.DESCRIBED.match(text, at)
    if match is None or (before is not None and before.low in group("be") | group("places")):
        return None
    return Token("skip", match[0], at, match.end())


def _number(text: str, at: int) -> Token | None:
    written = numbers.lex(text, at)
    return Token("number", written.text, *written.span, number=written) if written else None


def _period(text: str, at: int) -> Token | None:
    words = periods.lex(text, at)
    return Token("period", words.text, *words.span, period=words) if words else None


def _party(text: str, at: int) -> Token | None:
    party = parties.lex(text, at)
    if party is None:
        return None
    end, code, form, owns = party
    return Token("party", text[at:end], at, end, form=form, code=code, owns=owns)


def _goods(text: str, at: int) -> Token | None:
    named = goods.lex(text, at)
    if named is not None and named.span is not None:
        return Token("goods", named.text or "", *named.span, goods=named)
    generic = grammar.GENERIC.match(text, at)
    return Token("generic", generic[0], at, generic.end()) if generic else None


def _listed(text: str, at: int) -> Token | None:  # noqa: PLR0911 - a list of cases, the first that fits
    pattern, entries = _word_table()
    again = grammar.AGAIN.match(text, at)
    if again is not None:
        return Token("flow", again[0], at, again.end(), "again", "noun")
    match = pattern.match(text, at)
    arrived = grammar.arrived().match(text, at)
    if arrived is not None:
        return Token("flow", arrived[0], at, arrived.end(), "pass", "arrival")
    if grammar.EARNED.match(text, at):
        word = grammar.EARNED.match(text, at)[0]  # type: ignore[index]
        return Token("flow", word, at, at + len(word), "export", "verb")
    spent = grammar.spent_on().match(text, at) or grammar.took().match(text, at)
    if spent is not None:
        return Token("flow", spent[0], at, spent.end(), "import", "verb")
    if grammar.ADDED.match(text, at):
        return Token("move", match[0] if match else text[at : at + 5], at, at + 5, "up", "verb")
    if match is None:
        return None
    kind, value, form = entries[folded(match[0])]
    on_year = grammar.ON_THE_YEAR.search(text, at, match.end() + 12) if kind == "base" and value else None
    if on_year is not None and on_year.start() < match.end():
        moved = text[at : on_year.start()].rstrip()  # "56 percent up on the year": the year is no base's own
        return Token("move", moved, at, at + len(moved), value, "particle")
    return Token(kind, match[0], at, match.end(), value, form)  # type: ignore[arg-type]


def _pronoun(text: str, at: int) -> Token | None:
    match = grammar.PRONOUN.match(text, at)
    if match is None:
        return None
    form = match.lastgroup or ""
    if match["two"]:
        form = "two"
    elif match["worth"]:
        return Token("pronoun", match[0], at, match.end(), form="figure")
    elif match["state"]:
        form = "state"
    owns = bool(
        match["own"] or match["possess"] or match["states"] or match[0].endswith("'s") or match[0].endswith("’s")
    )
    return Token("pronoun", match[0], at, match.end(), form=form, owns=owns and form != "it")
