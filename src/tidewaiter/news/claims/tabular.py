"""Tables of a page: rows of countries or goods under years or ways, as the sentence before them says what they are.

Owns reading cells into claims. A table is read only where the sentence right before it names a trade and a unit
and each cell only where its row's and its column's label are understood; any other is left and listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims.draft import Draft, Trade, period_words
from tidewaiter.news.model import Written
from tidewaiter.news.words import numbers, spans, tokens
from tidewaiter.news.words.english import grammar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import FlowKind, Known
    from tidewaiter.news.words.sentences import Sentence
    from tidewaiter.news.words.tokens import Token

MOST_ROWS: Final = 200
"""Rows of a table that are read; a longer one is data, not a story."""
_FIGURE: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_RULE: Final = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the sentence before a table says it holds: the trade, the period if it names one, the unit."""

    trade: Trade
    period: Period | None
    unit: str
    scale: Fraction


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: figures of a period, or of one way of the trade."""

    period: Period | None = None
    way: FlowKind | None = None


def opening(line: Sequence[Token], text: str, known: Known) -> Opening | None:
    """Read "exports to its main partners, in million dollars" as the opening of a table, if it is one."""
    if known.trade is None or not line or not any(token.kind == "flow" for token in line):
        return None
    unit = _unit(text[line[0].start : line[-1].end])
    if unit is None:
        return None
    told = any(token.kind == "period" for token in line)
    return Opening(known.trade, known.period if told else None, *unit)


def read(text: str, rows: Sequence[Sentence], opened: Opening, known: Known) -> list[Draft]:
    """Read the cells of a table whose row and column are understood; rows of uneven length make none."""
    lines = [row for row in rows if not _RULE.fullmatch(text, row.start, row.end)]
    if not 2 <= len(lines) <= MOST_ROWS:
        return []
    cells = [_cells(text, row) for row in lines]
    columns = [_column(text, cell, known) for cell in cells[0][1:]]
    if not any(columns) or any(len(row) != len(cells[0]) for row in cells):
        return []
    drafts = []
    for sentence, row in zip(lines[1:], cells[1:], strict=True):
        trade = _of_the_row(text, row[0], opened.trade)
        if trade is None:
            continue
        for column, cell in zip(columns, row[1:], strict=True):
            draft = _draft(text, sentence, cell, column, trade, opened) if column is not None else None
            if draft is not None:
                drafts.append(draft)
    return drafts


def _cells(text: str, row: Sentence) -> list[tuple[int, int]]:
    """Find the characters of each cell between two upright lines."""
    bars = [at for at in range(row.start, row.end) if text[at] == "|"]
    if bars and bars[-1] < row.end - 1:
        bars.append(row.end)
    found = []
    for first, last in pairwise(bars):
        start, end = first + 1, last
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        found.append((start, end))
    return found


def _label(text: str, cell: tuple[int, int]) -> Token | None:
    """Read a cell that is one token of words, and nothing else."""
    read_as = tokens.lex(text, *cell) if cell[0] < cell[1] else []
    plain = [token for token in read_as if token.low not in {"the", "to", "from", "in"}]
    return plain[0] if len(plain) == 1 else None


def _column(text: str, cell: tuple[int, int], known: Known) -> Column | None:
    label = _label(text, cell)
    if label is None:
        return None
    if label.kind == "period":
        told = spans.resolve(period_words(label), spans.Now(known.published_on, None))
        return Column(period=told) if told is not None else None
    if label.kind == "flow" and label.value in {"import", "export", "total"}:
        return Column(way=label.value)  # type: ignore[arg-type]
    return None


def _of_the_row(text: str, cell: tuple[int, int], trade: Trade) -> Trade | None:
    """Put the country of a row in the partner's place, or its goods in the place of all goods."""
    label = _label(text, cell)
    if label is None or trade.owner is None:
        return None
    if label.kind == "party" and label.code != trade.owner:
        return replace(trade.with_partner(label.code), filled=(("trade", "table"),), unresolved=())
    filled = {slot for slot, _ in trade.filled}
    if label.goods is not None and trade.partner is not None and not filled:
        return replace(trade, goods=label.goods, filled=(("trade", "table"),))
    return None


def _draft(
    text: str, row: Sentence, cell: tuple[int, int], column: Column, trade: Trade, opened: Opening
) -> Draft | None:
    if not _FIGURE.fullmatch(text, *cell):
        return None
    if column.way is not None:
        owner, partner = trade.owner, trade.partner
        sides = {"export": (owner, partner), "import": (partner, owner)}
        exporter, importer = sides.get(column.way, (None, None))
        pair = tuple(code for code in (owner, partner) if code) if column.way == "total" else ()
        trade = Trade(column.way, exporter, importer, pair, owner, trade.goods, None, trade.filled)
    value, last, rounded = numbers.digits(text[cell[0] : cell[1]])
    number = Written(
        text[cell[0] : cell[1]],
        cell,
        value * opened.scale,
        opened.unit,
        last * opened.scale,
        rounded * opened.scale,
    )
    kind = numbers.unit_kind(opened.unit)
    return Draft(
        "total" if trade.kind == "total" else "flow_value",
        trade,
        row.start,
        row.end,
        number,
        column.period or opened.period,
        position=cell[0],
        measure="value" if kind == "money" else "weight" if kind == "weight" else "volume",
    )


def _unit(text: str) -> tuple[str, Fraction] | None:
    """Read the unit that a table is said to be in ("in million dollars"); None where it says none, or two."""
    told = [numbers.lex(f"1 {match[1]}", 0) for match in grammar.TABLE_UNIT.finditer(text)]
    units = {(one.unit, one.value) for one in told if one is not None and one.unit}
    return units.pop() if len(units) == 1 else None
