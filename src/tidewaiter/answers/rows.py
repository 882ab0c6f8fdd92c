"""Find the rows under a question, and speak to the engine for the rest of `ask`.

Every frame is narrowed and added up there, in narwhals expressions, and a few hundred *cells*
come back: one per source, pair, product asked, code length, edition and period. What an absent
cell means is decided in `cover`, never here. (Each step on a frame has the engine plan it anew,
so steps are few.)
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.answers.engine import exact, one_of, plain_day, records
from tidewaiter.answers.memory import by_year, remember
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Frame, Tables

_KEYS: Final = (
    "source", "receipt", "vintage", "reporter", "partner", "flow", "exporter", "importer",
    "asked", "digits", "hs", "frequency", "period", "valuation", "is_estimated",
)  # fmt: skip
_COUNTED: Final = ("digits", "first_row", "rows", "known", "amount")
COLUMNS: Final = {"value": "value_usd", "weight": "weight_kg"}
MOST_AREAS: Final = 6
MOST_CHAPTERS: Final = 5_000
AFTER_DIGITS: Final = ":"
"""The sign after 9: a code followed by it sorts right after everything under that code."""
_DECLARED: Final = (nw.col("flow") == "export") | (nw.col("flow") == "import")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Rows of one line added up: `value` over the `known` of its `rows` that have one."""

    source: str
    receipt: str
    vintage: date
    reporter: str
    partner: str
    flow: str
    exporter: str
    importer: str
    asked: str
    digits: int
    hs: str
    frequency: str
    period: str
    valuation: str
    is_estimated: bool
    product: str
    row: int
    rows: int
    known: int
    value: Decimal


_FIELDS: Final = attrgetter(*(each.name for each in fields(Cell)))


def cells(tables: Tables, scope: Scope) -> tuple[Cell, ...]:
    """Add up the rows that bear on `scope`, one cell per line, sorted."""
    column = COLUMNS.get(scope.measure)
    if column is None:
        return ()
    if scope.digits is not None or (scope.is_open and not scope.is_all_goods):
        return remember(
            tables, _key("cells", scope), lambda: in_order(_added_up(tables.trade, scope, _within(scope), column))
        )
    if not scope.is_all_goods:
        found = by_year(
            tables,
            ("goods", scope.measure, _areas(scope), scope.products),
            scope.period.years,
            lambda years: _dated(_added_up(tables.trade, scope, _between_all(scope, years), column)),
            spare=(1, 0),
        )
        assert found is not None
        return _cut(found, scope)
    if _is_named(scope):
        found = by_year(
            tables,
            ("all goods", scope.measure, _areas(scope)),
            scope.period.years,
            lambda years: _dated(_one_by_one(_among(tables.trade, scope, years, nw.col("product") == TOTAL), column)),
        )
        assert found is not None
        return _cut(found, scope)
    return remember(tables, _key("cells", scope), lambda: _fetched(tables.trade, scope, nw.col("product") == TOTAL))


def chapters(tables: Tables, scope: Scope) -> tuple[Cell, ...]:
    """Fetch the two-digit lines of `scope`, each a cell of all goods, sorted."""
    column = COLUMNS.get(scope.measure)
    if column is None:
        return ()
    two_digits = nw.col("product").str.len_chars() == 2

    def around(years: range) -> Iterable[tuple[int, Cell]] | None:
        few = _among(tables.trade, scope, years, two_digits).head(MOST_CHAPTERS + 1)
        found = _one_by_one(few, column)
        return _dated(found) if len(found) <= MOST_CHAPTERS else None

    if _is_named(scope):
        kept = by_year(tables, ("chapters", scope.measure, _areas(scope)), scope.period.years, around)
        if kept is not None:
            return _cut(kept, scope)
    return remember(tables, _key("chapters", scope), lambda: _fetched(tables.trade, scope, two_digits))


def _key(kind: str, scope: Scope) -> tuple[str, Scope]:
    return kind, replace(scope, flipped=False, itemised=False)


def _is_named(scope: Scope) -> bool:
    """Tell whether it is about so few areas by name that all they trade with each other may be fetched at once."""
    return not scope.is_open and len(_areas(scope)) <= MOST_AREAS


def _areas(scope: Scope) -> tuple[str, ...]:
    return tuple(sorted({*scope.exporters, *scope.importers}))


def _among(trade: Frame, scope: Scope, years: range, goods: nw.Expr) -> Frame:
    """Keep what the areas of `scope` declared about trade with each other in some years, in every direction."""
    return trade.filter(*_between_all(scope, years), goods)


def _dated(found: Iterable[Cell]) -> Iterable[tuple[int, Cell]]:
    return ((int(cell.period[:4]), cell) for cell in found)


def _cut(found: Iterable[Cell], scope: Scope) -> tuple[Cell, ...]:
    """Keep of cells those that lie in `scope`; all goods are the same in every edition."""
    hs = None if scope.is_all_goods or scope.hs == EDITION_UNSTATED else scope.hs
    return in_order(
        cell
        for cell in found
        if cell.exporter in scope.exporters
        and cell.importer in scope.importers
        and scope.source in {None, cell.source}
        and hs in {None, cell.hs}
        and lies_in(scope.period, cell.frequency, cell.period)
    )


def _fetched(trade: Frame, scope: Scope, goods: nw.Expr) -> tuple[Cell, ...]:
    rows = trade.filter(*_within(scope), goods)
    return in_order(_one_by_one(rows, COLUMNS[scope.measure]))


def _added_up(trade: Frame, scope: Scope, lines: list[nw.Expr], column: str) -> list[Cell]:
    """Add up those of `lines` that are of the products of `scope`, in no order."""
    grouped = (
        trade.filter(*lines, fitting(scope))
        .with_columns(**naming(scope))
        .group_by(*_KEYS)
        .agg(
            nw.col("product").min().alias("product_code"),
            nw.col("row").min().alias("first_row"),
            nw.len().alias("rows"),
            nw.col(column).count().alias("known"),
            nw.col(column).sum().alias("amount"),
        )
    )
    return [_cell(row, row["asked"], row["product_code"], [row[name] for name in _COUNTED]) for row in records(grouped)]


def _one_by_one(rows: Frame, column: str) -> list[Cell]:
    """Make a cell of each row: of all goods and of chapters there is one row a line, with nothing to add up."""
    return [
        _cell(row, TOTAL, row["product"], (len(row["product"]), row["row"], 1, row[column] is not None, row[column]))
        for row in records(rows)
    ]


def _between(scope: Scope) -> list[nw.Expr]:
    return [_DECLARED, one_of("exporter", scope.exporters), one_of("importer", scope.importers)]


def _between_all(scope: Scope, years: range) -> list[nw.Expr]:
    """Say which lines some areas declared about trade with each other in some years, in every direction."""
    areas = _areas(scope)
    near = [nw.col("year") >= years[0], nw.col("year") <= years[-1]]
    return [_DECLARED, one_of("exporter", areas), one_of("importer", areas), *near]


def _within(scope: Scope) -> list[nw.Expr]:
    return [*_between(scope), *in_scope(scope, product=False)]


def in_scope(scope: Scope, *, product: bool = True) -> list[nw.Expr]:
    """Say which rows lie in the span, source, edition and, unless left out, products of `scope`."""
    return [*_time(scope), *([fitting(scope)] if product else []), *_publication(scope)]


def near(scope: Scope, years: range) -> list[nw.Expr]:
    """Say which rows lie in some years, and in the source and edition of `scope`."""
    return [nw.col("year") >= years[0], nw.col("year") <= years[-1], *_publication(scope)]


def lies_in(span: Period, frequency: str, period: str) -> bool:
    """Tell whether a row lies in `span`: the rule of `in_scope`, on a row at hand."""
    if frequency == "M":
        return span.start <= period <= span.end
    first, last = _whole_years(span)
    return frequency == "A" and first <= int(period) <= last


def _publication(scope: Scope) -> list[nw.Expr]:
    tests = []
    if scope.source is not None:
        tests.append(nw.col("source") == scope.source)
    if scope.hs != EDITION_UNSTATED and not (scope.is_all_goods and scope.digits is None):
        tests.append(nw.col("hs") == scope.hs)  # all goods are the same in every edition
    return tests


def naming(scope: Scope) -> dict[str, nw.Expr]:
    """Make the columns `asked`, the product of the question a row belongs to, and `digits` of its code."""
    digits = nw.col("product").str.len_chars()
    if scope.digits is not None:
        return {"digits": digits, "asked": nw.col("product").str.head(scope.digits)}
    if len(scope.products) == 1:
        return {"digits": digits, "asked": nw.lit(scope.products[0])}
    named: nw.Expr = nw.lit(None, dtype=nw.String)
    for code in scope.products:
        named = nw.when(nw.col("product").str.starts_with(code)).then(nw.lit(code)).otherwise(named)
    return {"digits": digits, "asked": named}


def fitting(scope: Scope) -> nw.Expr:
    """Say which rows are of the products of `scope`, or of finer codes under them."""
    if scope.is_all_goods:
        if scope.digits is None:
            return nw.col("product") == TOTAL
        return (nw.col("product") != TOTAL) & (nw.col("product").str.len_chars() >= scope.digits)
    # Rows lie in the order of products: the bounds let an engine skip what lies before and after.
    bounds = (nw.col("product") >= min(scope.products)) & (nw.col("product") < max(scope.products) + AFTER_DIGITS)
    fits = bounds & reduce(or_, (nw.col("product").str.starts_with(code) for code in scope.products))
    return fits if scope.digits is None else fits & (nw.col("product").str.len_chars() >= scope.digits)


def _time(scope: Scope) -> tuple[nw.Expr, ...]:
    span = scope.period
    monthly = (nw.col("frequency") == "M") & (nw.col("period") >= span.start) & (nw.col("period") <= span.end)
    first, last = _whole_years(span)
    years = (nw.col("year") >= span.years[0]) & (nw.col("year") <= span.years[-1])
    if first > last:
        return years, monthly
    yearly = (nw.col("frequency") == "A") & (nw.col("year") >= first) & (nw.col("year") <= last)
    return years, monthly | yearly


def _whole_years(span: Period) -> tuple[int, int]:
    """Return the first and last calendar year that lie in `span` as a whole; the last before the first if none does."""
    return -(-span.first // 12), (span.last + 1) // 12 - 1


def _cell(key: dict[str, Any], asked: str, product: str, counted: Sequence[Any]) -> Cell:
    """Make a cell of an engine's row: what names the line, and its `_COUNTED`."""
    digits, row, rows, known, amount = counted
    return Cell(
        key["source"],
        key["receipt"],
        plain_day(key["vintage"]),
        key["reporter"],
        key["partner"],
        key["flow"],
        key["exporter"],
        key["importer"],
        asked,
        int(digits),
        key["hs"],
        key["frequency"],
        key["period"],
        key["valuation"],
        bool(key["is_estimated"]),
        product,
        int(row),
        int(rows),
        int(known),
        exact(amount or 0),
    )


def in_order(found: Iterable[Cell]) -> tuple[Cell, ...]:
    """Sort cells by all they say, in the order of their fields: the same everywhere, whatever order they came in."""
    return tuple(sorted(found, key=_FIELDS))
