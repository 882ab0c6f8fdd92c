"""The labels of a table: what a column's heading, a row's first cell or a caption says of the figures under it.

Owns reading a label whole: one word of it that is not understood, and the column says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.claims.draft import period_words
from tidewaiter.news.words import numbers, spans, tokens
from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import alternation, folded, rows

if TYPE_CHECKING:
    from fractions import Fraction

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import FlowKind, Known
    from tidewaiter.news.words.tokens import Token

Unit = tuple[str, "Fraction"]
"""A unit and the number by which the table's figures are multiplied ("million dollars": USD, 1,000,000)."""

_MARK: Final = re.compile(r"[\s,;:()\[\]]+")
_BY_UNIT: Final = re.compile(r"[,;(\[]\s*(?:in\s+)?([^,;()\[\]]+?)\s*[)\]]?\s*[.:]?\s*$", re.IGNORECASE)
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: amounts of a period or of one way of the trade, their change, or their share."""

    role: Literal["level", "change", "share"] = "level"
    period: Period | None = None
    way: FlowKind | None = None
    unit: Unit | None = None


@cache
def phrases(kind: str) -> frozenset[str]:
    """Return the words that headings use for one thing, folded; `beside` are those that may stand by a name."""
    return frozenset(folded(row["phrase"]) for row in rows("table_headings") if row["kind"] == kind)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternation(phrases(kind))})(?!\w)", re.IGNORECASE)


def column(label: str, known: Known) -> Column | None:
    """Read a column's heading ("2019", "Exports, $ million", "Change, %"), or None where a word is not understood."""
    if not label or len(label.split()) > _MOST_WORDS:
        return None
    rest, unit = _without_unit(label)
    for role in ("share", "change"):
        said = _pattern(role).search(label)
        if said is not None:
            return _ratio(role, label, known)
    period: Period | None = None
    way: FlowKind | None = None
    for token in tokens.lex(rest, 0, len(rest)):
        if token.kind == "period" and period is None:
            period = spans.resolve(period_words(token), spans.Now(known.published_on, None))
            if period is None:
                return None
        elif token.kind == "flow" and token.form == "noun" and token.value in {"import", "export", "total"} and not way:
            way = token.value  # type: ignore[assignment]
        elif token.kind != "mark" and token.low not in phrases("filler"):
            return None
    return Column("level", period, way, unit) if period or way or unit else None


def _ratio(role: Literal["change", "share"], label: str, known: Known) -> Column | None:
    rest = _pattern(role).sub(" ", label).replace("%", " ")
    rest = _pattern("percent").sub(" ", rest)
    period: Period | None = None
    for token in tokens.lex(rest, 0, len(rest)):
        if token.kind == "period" and period is None:
            period = spans.resolve(period_words(token), spans.Now(known.published_on, None))
        elif token.kind not in {"mark", "share", "generic"} and token.low not in phrases("filler"):
            return None
    return Column(role, period)


def _without_unit(label: str) -> tuple[str, Unit | None]:
    """Part a heading from the unit behind its comma or in its brackets ("Exports, $ million")."""
    match = _BY_UNIT.search(label)
    told = unit_of(match[1]) if match is not None else None
    if match is not None and told is not None:
        return label[: match.start()], told
    whole = unit_of(label)
    return ("", whole) if whole is not None else (label, None)


def unit_of(words: str) -> Unit | None:
    """Read "$ million", "mln tons" or "thousand barrels" as a unit and its factor, or None."""
    words = words.strip()
    if not words or any(character.isdigit() for character in words):
        return None
    mark = re.match(rf"((?:US|CN|C|A)?[{re.escape(''.join(grammar.CURRENCY_MARKS))}]|[A-Z]{{3}})\s*", words)
    tried = [f"1 {words}", f"1{words}"]
    if mark is not None:
        rest = words[mark.end() :]
        tried = [f"{mark[1]}1 {rest}".strip(), f"{mark[1]}1{rest}", f"{mark[1]} 1 {rest}".strip(), *tried]
    for text in tried:
        read = numbers.lex(text, 0)
        if read is not None and read.span[1] == len(text) and numbers.unit_kind(read.unit) in _MEASURED:
            return read.unit, read.value
    return None


_MEASURED: Final = {"money", "weight", "volume", "rate"}


def of_caption(text: str) -> Unit | None:
    """Read the unit that the words before a table say it is in ("..., in million dollars"); None where none, or two."""
    told = {found for match in grammar.TABLE_UNIT.finditer(text) if (found := unit_of(match[1])) is not None}
    behind = _BY_UNIT.search(text)
    if not told and behind is not None:
        told = {found for found in (unit_of(behind[1]),) if found is not None}
    return told.pop() if len(told) == 1 else None


def is_all(label: str) -> bool:
    """Tell whether a row's first cell stands for all partners together."""
    return folded(_MARK.sub(" ", label).strip()) in phrases("all")


def only_token(label: str) -> Token | None:
    """Read a cell that is one token of words ("Laos", "the United States", "Coal"), and nothing else."""
    plain = [
        token
        for token in tokens.lex(label, 0, len(label))
        if token.kind != "mark" and token.low not in phrases("beside")
    ]
    return plain[0] if len(plain) == 1 else None
