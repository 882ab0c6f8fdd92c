"""Say which rows lie under a number: as a filter on the frame, and as SQL for whoever wants to see for himself.

The SQL is written here and not asked of the engine, which takes milliseconds to plan each statement;
only what the frame itself is called comes from the engine, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter.answers.engine import one_of, sql_of
from tidewaiter.answers.memory import remember
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.answers.rows import Cell
    from tidewaiter.base.schema import Frame, Tables


@dataclass(frozen=True, slots=True, order=True)
class Lines:
    """Rows that are alike but for importer and period."""

    source: str
    flow: str
    exporter: str
    asked: str
    digits: int
    hs: str
    frequency: str
    periods: tuple[str, ...]
    importers: tuple[str, ...]


def lines_of(cells: Iterable[Cell]) -> list[Lines]:
    """Gather cells into as few descriptions of rows as it takes, sorted."""
    periods: dict[tuple[Any, ...], set[str]] = {}
    for cell in cells:
        key = (cell.source, cell.flow, cell.exporter, cell.importer, cell.asked, cell.digits, cell.hs, cell.frequency)
        periods.setdefault(key, set()).add(cell.period)
    importers: dict[tuple[Any, ...], set[str]] = {}
    for (source, flow, exporter, importer, *line), found in periods.items():
        importers.setdefault((source, flow, exporter, *line, tuple(sorted(found))), set()).add(importer)
    return sorted(Lines(*(*key, tuple(sorted(found)))) for key, found in importers.items())


def under(trade: Frame, cells: Iterable[Cell]) -> Frame:
    """Keep the rows under `cells`."""
    lines = lines_of(cells)
    years = [int(period[:4]) for each in lines for period in each.periods]
    within = (nw.col("year") >= min(years)) & (nw.col("year") <= max(years))  # lets the engine skip whole files
    return trade.filter(within, reduce(or_, (_test(each) for each in lines)))


def sql(tables: Tables, cells: Iterable[Cell], column: str) -> str:
    """Write the SQL that adds up `column` of the rows under `cells`; empty if the engine speaks no SQL."""
    rows = _rows(tables, cells)
    return f"SELECT sum({column}) AS {column}, count({column}) AS rows\n{rows}" if rows else ""


def listing(tables: Tables, cells: Iterable[Cell], column: str) -> str:
    """Write the SQL that lists the declarations under a number that was settled from both sides."""
    rows = _rows(tables, cells)
    if not rows:
        return ""
    return (
        "-- Both sides' declarations; docs/methods/reconciliation.md says how they are settled on one number.\n"
        f"SELECT source, reporter, partner, flow, product, hs, period, {column}, valuation, receipt, row\n"
        f"{rows}\nORDER BY period, flow, product"
    )


def _rows(tables: Tables, cells: Iterable[Cell]) -> str:
    frame = remember(tables, ("sql of trade",), lambda: sql_of(tables.trade))
    if not frame:
        return ""
    lines = lines_of(cells)
    years = [int(period[:4]) for each in lines for period in each.periods]
    tests = "\n   OR ".join(_condition(each) for each in lines)
    return f"FROM ({frame}) AS trade\nWHERE year BETWEEN {min(years)} AND {max(years)}\n  AND ({tests})"


def _test(lines: Lines) -> nw.Expr:
    return (
        (nw.col("source") == lines.source)
        & (nw.col("flow") == lines.flow)
        & (nw.col("exporter") == lines.exporter)
        & one_of("importer", lines.importers)
        & _product(lines.asked, lines.digits)
        & (nw.col("hs") == lines.hs)
        & (nw.col("frequency") == lines.frequency)
        & one_of("period", lines.periods)
    )


def _product(asked: str, digits: int) -> nw.Expr:
    if asked == TOTAL and digits != len(TOTAL):
        return (nw.col("product") != TOTAL) & (nw.col("product").str.len_chars() == digits)
    if digits == len(asked):
        return nw.col("product") == asked
    return nw.col("product").str.starts_with(asked) & (nw.col("product").str.len_chars() == digits)


def _condition(lines: Lines) -> str:
    return (
        f"(source = {_text(lines.source)} AND flow = {_text(lines.flow)} AND exporter = {_text(lines.exporter)}"
        f" AND {_among('importer', lines.importers)} AND {_goods(lines.asked, lines.digits)}"
        f" AND hs = {_text(lines.hs)} AND frequency = {_text(lines.frequency)} AND {_among('period', lines.periods)})"
    )


def _goods(asked: str, digits: int) -> str:
    if asked == TOTAL and digits != len(TOTAL):
        return f"product <> {_text(TOTAL)} AND length(product) = {digits}"
    if digits == len(asked):
        return f"product = {_text(asked)}"
    return f"starts_with(product, {_text(asked)}) AND length(product) = {digits}"


def _among(column: str, values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return f"{column} = {_text(values[0])}"
    return f"{column} IN ({', '.join(map(_text, values))})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
