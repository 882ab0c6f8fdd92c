"""Tables of a page: rows of countries or goods under years or ways, as the words before them or their headings say.

Owns reading cells into claims. A table is read only where its trade and its unit are said, by the sentence right
before it or by its own headings, and each cell only where its row's and its column's label are understood; any
other is left and listed. A change or a share is that of the column of amounts before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import headings
from tidewaiter.news.claims.draft import Draft, Trade
from tidewaiter.news.model import Written
from tidewaiter.news.words import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import Known
    from tidewaiter.news.claims.headings import Column, Unit
    from tidewaiter.news.model import Direction
    from tidewaiter.news.words.sentences import Sentence
    from tidewaiter.news.words.tokens import Token

MOST_ROWS: Final = 200
"""Rows of a table that are read; a longer one is data, not a story."""
_FIGURE: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SIGNED: Final = re.compile(r"([+-]?)\s*(\d+(?:\.\d+)?)\s*%?")
_RULE: Final = re.compile(r"[\s|:-]+")
_FILLED: Final = (("trade", "table"),)

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """What was said before a table: the trade, the period if its sentence names one, the unit if it does."""

    trade: Trade
    period: Period | None
    unit: Unit | None
    says_it: bool
    """Whether the sentence right before names trade and unit, so that the headings need not."""


def opening(line: Sequence[Token], text: str, known: Known) -> Opening | None:
    """Read what stands before a table ("exports to its main partners, in million dollars"), as far as it says it."""
    if not line:
        return None
    unit = headings.of_caption(text[line[0].start : line[-1].end])
    if known.trade is not None and unit is not None and any(token.kind == "flow" for token in line):
        told = any(token.kind == "period" for token in line)
        return Opening(known.trade, known.period if told else None, unit, says_it=True)
    home = known.home or known.owner
    if home is None:
        return None
    return Opening(Trade("export", home, None, owner=home), known.period, None, says_it=False)


def read(text: str, rows: Sequence[Sentence], opened: Opening, known: Known) -> list[Draft]:
    """Read the cells of a table whose row and column are understood; rows of uneven length make none."""
    lines = [row for row in rows if not _RULE.fullmatch(text, row.start, row.end)]
    if not 2 <= len(lines) <= MOST_ROWS:
        return []
    cells = [_cells(text, row) for row in lines]
    if any(len(row) != len(cells[0]) or not row for row in cells):
        return []
    columns = [headings.column(text[slice(*cell)], known) for cell in cells[0][1:]]
    opened = replace(opened, unit=opened.unit or headings.of_caption(f"({text[slice(*cells[0][0])]})"))
    if not opened.says_it and not _say_it_themselves(columns, opened):
        return []
    drafts = []
    for sentence, row in zip(lines[1:], cells[1:], strict=True):
        trade = _of_the_row(text[slice(*row[0])], opened)
        if trade is not None:
            drafts.extend(_row(text, sentence, list(zip(columns, row[1:], strict=True)), trade, opened))
    return drafts


def _say_it_themselves(columns: Sequence[Column | None], opened: Opening) -> bool:
    """Tell whether every column of amounts names its way and its unit, so that no sentence has to."""
    levels = [column for column in columns if column is not None and column.role == "level"]
    return bool(levels) and all(
        column.way is not None and (column.unit or opened.unit) and (column.period or opened.period)
        for column in levels
    )


def _cells(text: str, row: Sentence) -> list[Cell]:
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


def _of_the_row(label: str, opened: Opening) -> Trade | None:
    """Put the country of a row in the partner's place, or its goods in the place of all goods."""
    trade, said = opened.trade, headings.only_token(label)
    if trade.owner is None:
        return None
    # Where no sentence says whose trade it is, the story's country is the likeliest and not the only reading.
    unresolved = () if opened.says_it else ("exporter", "importer")
    if headings.is_all(label):
        whole = trade if opened.says_it and trade.partner is not None else trade.with_partner(WORLD)
        return replace(whole, filled=_FILLED, unresolved=unresolved)
    if said is None:
        return None
    if said.kind == "party" and said.code != trade.owner:
        return replace(trade.with_partner(said.code), filled=_FILLED, unresolved=unresolved)
    filled = {slot for slot, _ in trade.filled}
    if opened.says_it and said.goods is not None and trade.partner is not None and not filled:
        return replace(trade, goods=replace(said.goods, span=None), filled=_FILLED)
    return None


def _row(
    text: str, row: Sentence, cells: Sequence[tuple[Column | None, Cell]], trade: Trade, opened: Opening
) -> list[Draft]:
    drafts: list[Draft] = []
    levels: list[Draft] = []
    for column, cell in cells:
        if column is None:
            levels = []
        elif column.role == "level":
            draft = _level(text, row, cell, column, trade, opened)
            drafts.extend([draft] if draft else [])
            levels = [*levels, draft] if draft else []
        elif levels:
            draft = _ratio(text, row, cell, column, levels)
            drafts.extend([draft] if draft else [])
    return drafts


def _level(text: str, row: Sentence, cell: Cell, column: Column, trade: Trade, opened: Opening) -> Draft | None:
    number = _amount(text, cell, column.unit or opened.unit)
    if number is None:
        return None
    if column.way is not None:
        owner, partner = trade.owner, trade.partner
        sides = {"export": (owner, partner), "import": (partner, owner)}
        exporter, importer = sides.get(column.way, (None, None))
        pair = tuple(code for code in (owner, partner) if code) if column.way == "total" else ()
        trade = Trade(column.way, exporter, importer, pair, owner, trade.goods, None, trade.filled, trade.unresolved)
    kind = numbers.unit_kind(number.unit)
    return Draft(
        "total" if trade.kind == "total" else "flow_value",
        trade,
        row.start,
        row.end,
        number,
        column.period or opened.period,
        "" if column.period or opened.says_it else "paragraph",
        position=cell[0],
        measure="value" if kind == "money" else "weight" if kind == "weight" else "volume",
    )


def _amount(text: str, cell: Cell, unit: Unit | None) -> Written | None:
    """Read a bare figure in the unit of its column, or one that is written with its own."""
    if _FIGURE.fullmatch(text, *cell):
        if unit is None:
            return None
        value, last, rounded = numbers.digits(text[slice(*cell)])
        return Written(text[slice(*cell)], cell, value * unit[1], unit[0], last * unit[1], rounded * unit[1])
    own = numbers.lex(text, cell[0])
    if own is None or own.span[1] != cell[1] or numbers.unit_kind(own.unit) not in {"money", "weight", "volume"}:
        return None
    return own


def _ratio(text: str, row: Sentence, cell: Cell, column: Column, levels: Sequence[Draft]) -> Draft | None:
    """Read the change of the amount before it against the one before that, or its share."""
    match = _SIGNED.fullmatch(text, *cell)
    if match is None:
        return None
    value, last, rounded = numbers.digits(match[2])
    at = match.start(2), cell[1]
    number = Written(text[slice(*at)], at, value, "%", last, rounded)
    dated = sorted((draft for draft in levels if draft.period), key=lambda draft: draft.period.last)  # type: ignore[union-attr]
    level = dated[-1] if dated else levels[-1]
    draft = Draft("share", level.trade, row.start, row.end, number, level.period, position=cell[0])
    draft.measure, draft.level = level.measure, level
    if column.role == "share":
        return draft if not match[1] else None
    draft.type, draft.mode = "change", "relative"
    signs: dict[str, Direction] = {"": "up", "+": "up", "-": "down"}
    draft.direction = signs[match[1]]
    alike = [one for one in dated[:-1] if one.trade == level.trade and one.number is not None]
    if alike:
        draft.base, draft.base_period = alike[-1], alike[-1].period
    return draft
