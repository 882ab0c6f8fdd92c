"""Typed tokens: one pass over a sentence, the longest match of any lexer at each place.

Owns the order in which lexers compete. Every word of the sentence is in exactly one token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from tidewaiter.news.words import goods, numbers, parties, periods
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
_SPACE = re.compile(r"\s*")
_PRONOUN = re.compile(
    r"(?P<worth>(?:its|their|the)\s+(?:total|overall|combined)\s+(?:value|volume|amount|worth)s?\b)|"
    r"(?P<own>its|their)\b(?!\s+(?:\w+\s+)?(?:neighbou?r|ally|rival|partner)\b)|"
    r"(?P<several>(?:the|both|these|those|all)\s+(?:(?:two|three|four|five)\s+)?(?:suppliers|sellers|exporters|buyers|importers|customers)\b(?!['’]))|"
    r"(?P<two>(?:the\s+two(?=\s+(?:did|do|traded|exchanged|have|had|are|were)\b))|(?:the|both|these|those)\s+(?:two\s+)?(?:countries|sides|nations|neighbou?rs|states|economies|parties|allies)(?P<possess>['’])?)|"
    r"(?P<neighbour>(?:its|the|their)\s+(?:\w+\s+)?(?:neighbou?r|neighbou?ring\s+country|ally|asian\s+country)\b(?:['’]s)?)|"
    r"(?P<state>(?:the|this)\s+(?:reclusive\s+|isolated\s+|island\s+|communist\s+)?(?:country|state|nation|regime|republic)(?P<states>['’]s)?)\b|"
    r"(?P<it>it|they|that['’]s|this|these)\b|"
    r"(?P<figure>(?:the|this|that)\s+(?:amount|figure|tally|total|volume|value|number(?!\s+(?:one|two|three|four|five)\b)|sum|former|latter)s?\b)",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"(?:those|that|[Vv]olumes)(?=\s+(?:to|from|with)\s+(?:the\s+)?[A-Z])")
_EPITHET = re.compile(
    r"the\s+world['’]s\s+(?:[\w-]+\s+){1,4}(?:importer|exporter|buyer|consumer|producer|supplier|seller|maker|market)s?"
    r"(?:\s+and\s+(?:[\w-]+\s+){0,3}(?:importer|exporter|buyer|consumer|producer|supplier|seller)s?)?\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"(?:(?:slightly|somewhat|much|far|well|considerably|significantly)\s+)?(?:more|less|fewer|over|above|below)\s+than\s+the\s+(?:US)?[$€£\d]", re.IGNORECASE)
_EARNED = re.compile(
    r"(?<=and )earned(?=\s+(?:(?:about|some|just|only|nearly|around|over)\s+)?(?:US)?[$€£]\s?\d[\d.,]*\s?(?:[mb]n?|million|billion)?\b(?!\s+(?:from|on|by)))"
)
_GENERIC = re.compile(r"(?:goods|products|merchandise|commodities|items|produce)\b", re.IGNORECASE)


@cache
def _word_table() -> tuple[re.Pattern[str], dict[str, tuple[str, str, str]]]:
    listed = [row for row in rows("words") if row["kind"] != "bare"]
    entries = {folded(row["phrase"]): (row["kind"], row["value"], row["form"]) for row in listed}
    return re.compile(rf"(?<![\w-])(?:{alternation(row['phrase'] for row in listed)})(?![\w])", re.IGNORECASE), entries


@cache
def _spent_on() -> re.Pattern[str]:
    makers = alternation(row["phrase"] for row in rows("parties") if row["form"] == "adjective")
    return re.compile(
        rf"(?:(?:spent|spends|spending)(?=\s(?:[^.;,]|[.,](?=\d)){{1,50}}?\bon\s+(?:{makers})\s)"
        rf"|(?:paid|pays)(?=\s(?:[^.;,]|[.,](?=\d)){{1,60}}?\bfor\s(?:[^.;,]|[.,](?=\d)){{0,60}}?\b(?:{makers})\s))"
    )


@cache
def _arrived() -> re.Pattern[str]:
    """Read "reached North Korea", where goods come to a country and no figure is reached."""
    named = alternation(row["phrase"] for row in rows("parties") if row["form"] in {"name", "capital"})
    verbs = alternation(group("arrives"))
    return re.compile(rf"(?:{verbs})(?=\s+(?:the\s+|into\s+|in\s+)?(?:{named})(?!['’\w]))")


@cache
def _took() -> re.Pattern[str]:
    """Read "took $9 billion", an amount and no share: who takes it buys it."""
    money = alternation(row["phrase"] for row in rows("currencies") if row["place"] != "after")
    units = alternation(row["phrase"] for row in rows("units") if row["kind"] in {"weight", "volume", "rate"})
    after = alternation(row["phrase"] for row in rows("currencies") if row["place"] != "before")
    hedge = alternation(row["phrase"] for row in rows("hedges") if row["rule"] == "direct")
    scale = alternation(row["phrase"] for row in rows("numerals") if row["kind"] == "scale")
    return re.compile(
        rf"(?:took|takes|taking|absorbed|absorbing|absorbs|lifted|lifting|snapped up|picked up)(?=\s+(?:(?:{hedge}|just|only|another)\s+)?"
        rf"(?:(?:{money})\s?\d|\d[\d,.]*\s?(?:(?:{scale})\s+)?(?:{units}|{after})\b))",
        re.IGNORECASE,
    )


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
        if found and found[-1].kind == "negation" and (token.low in _bare_verbs() or token.form == "verb"):
            token = _negated(found.pop(), token)
        found.append(token)
        at = _SPACE.match(sentence, token.end).end()  # type: ignore[union-attr]
    return found


def _negated(negation: Token, verb: Token) -> Token:
    """Join "did not" and "export" into one verb that says it did not happen; other verbs stay as they are."""
    value = _bare_verbs().get(verb.low, verb.value)
    text = f"{negation.text} {verb.text}"
    kind: TokenKind = "flow" if verb.low in _bare_verbs() else verb.kind
    return Token(kind, text, negation.start, verb.end, value, "verb", negated=True)


def _compares(text: str, at: int, before: Token | None) -> bool:
    """Tell whether "more than" goes with the number before it ("15% more than the $47 million"), as no hedge."""
    if _DEFINITE.match(text, at) is not None:
        return True
    if before is None or before.number is None or before.number.unit not in {"%", "x"}:
        return False
    return re.match(r"(?:more|less|fewer|greater|over|above|below)\b", text[at : at + 8], re.IGNORECASE) is not None


def _longest(text: str, at: int, before: Token | None) -> Token:
    plain = _WORD.match(text, at)
    stop = plain.end() if plain else at + 1
    word = text[at:stop]
    best = Token("word" if word[0].isalnum() else "mark", word, at, stop)
    if best.kind == "mark" and word not in "$€£¥":
        return best
    described = _described(text, at, before)
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
    match = _EPITHET.match(text, at)
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
    generic = _GENERIC.match(text, at)
    return Token("generic", generic[0], at, generic.end()) if generic else None


def _listed(text: str, at: int) -> Token | None:
    pattern, entries = _word_table()
    again = _AGAIN.match(text, at)
    if again is not None:
        return Token("flow", again[0], at, again.end(), "again", "noun")
    match = pattern.match(text, at)
    arrived = _arrived().match(text, at)
    if arrived is not None:
        return Token("flow", arrived[0], at, arrived.end(), "pass", "arrival")
    if _EARNED.match(text, at):
        word = _EARNED.match(text, at)[0]  # type: ignore[index]
        return Token("flow", word, at, at + len(word), "export", "verb")
    spent = _spent_on().match(text, at) or _took().match(text, at)
    if spent is not None:
        return Token("flow", spent[0], at, spent.end(), "import", "verb")
    if match is None:
        return None
    kind, value, form = entries[folded(match[0])]
    return Token(kind, match[0], at, match.end(), value, form)  # type: ignore[arg-type]


def _pronoun(text: str, at: int) -> Token | None:
    match = _PRONOUN.match(text, at)
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
