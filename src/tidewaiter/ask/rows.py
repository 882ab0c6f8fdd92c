"""Find the rows under a question, and speak to the engine for the rest of `ask`.

Every frame is narrowed and added up there, in narwhals expressions, and a few hundred *cells*
come back: one per source, pair, product asked, code length, edition and period. What an absent
cell means is decided in `cover`, never here. (Each step on a frame has the engine plan it anew,
so steps are few.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.ask.scope import Scope
    from tidewaiter.base.schema import Frame

_KEYS: Final = (
    "source", "receipt", "vintage", "reporter", "partner", "flow", "exporter", "importer",
    "asked", "digits", "hs", "frequency", "period", "valuation", "is_estimated",
)  # fmt: skip
COLUMNS: Final = {"value": "value_usd", "weight": "weight_kg"}


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


def cells(trade: Frame, scope: Scope) -> list[Cell]:
    """Add up the rows of `trade` that bear on `scope`, one cell per line, sorted."""
    column = COLUMNS.get(scope.measure)
    if column is None:
        return []
    rows = trade.filter(*_between(scope), *in_scope(scope))
    if scope.is_all_goods and scope.digits is None:
        return _one_by_one(rows, column, TOTAL)
    grouped = (
        rows.with_columns(**naming(scope))
        .group_by(*_KEYS)
        .agg(
            nw.col("product").min().alias("product_code"),
            nw.col("row").min().alias("first_row"),
            nw.len().alias("rows"),
            nw.col(column).count().alias("known"),
            nw.col(column).sum().alias("amount"),
        )
    )
    return sorted(_cell(values) for values in records(grouped))


def chapters(trade: Frame, scope: Scope) -> list[Cell]:
    """Fetch the two-digit lines of `scope`, each a cell of all goods, sorted."""
    two_digits = nw.col("product").str.len_chars() == 2
    rows = trade.filter(*_between(scope), *in_scope(scope, product=False), two_digits)
    return _one_by_one(rows, COLUMNS[scope.measure], TOTAL)


def _one_by_one(rows: Frame, column: str, asked: str) -> list[Cell]:
    """Make a cell of each row: of all goods and of chapters there is one row a line, with nothing to add up."""
    return sorted(
        _cell(
            {
                **row,
                "asked": asked,
                "digits": len(row["product"]),
                "product_code": row["product"],
                "first_row": row["row"],
                "rows": 1,
                "known": int(row[column] is not None),
                "amount": row[column],
            }
        )
        for row in records(rows)
    )


def _between(scope: Scope) -> list[nw.Expr]:
    return [
        (nw.col("flow") == "export") | (nw.col("flow") == "import"),
        one_of("exporter", scope.exporters),
        one_of("importer", scope.importers),
    ]


def under(trade: Frame, used: Iterable[Cell], measure: str) -> tuple[Frame, str]:
    """Return the rows under the cells `used`, and the SQL that adds them up (empty if not an SQL engine)."""
    column = COLUMNS[measure]
    groups: dict[tuple[Any, ...], set[str]] = {}
    for cell in used:
        key = (cell.source, cell.flow, cell.exporter, cell.importer, cell.asked, cell.digits, cell.hs, cell.frequency)
        groups.setdefault(key, set()).add(cell.period)
    merged: dict[tuple[Any, ...], set[str]] = {}
    for (source, flow, exporter, importer, *line), periods in groups.items():
        merged.setdefault((source, flow, exporter, *line, tuple(sorted(periods))), set()).add(importer)
    conditions = [
        (nw.col("source") == source)
        & (nw.col("flow") == flow)
        & (nw.col("exporter") == exporter)
        & one_of("importer", sorted(importers))
        & _product(asked, digits)
        & (nw.col("hs") == hs)
        & (nw.col("frequency") == frequency)
        & one_of("period", periods)
        for (source, flow, exporter, asked, digits, hs, frequency, periods), importers in sorted(merged.items())
    ]
    rows = trade.filter(reduce(or_, conditions))
    summed = rows.select(nw.col(column).sum().alias(column), nw.col(column).count().alias("rows"))
    return rows, sql_of(summed)


def records(frame: Frame) -> list[dict[str, Any]]:
    """Bring a small frame over, in no order, on any backend; what is not a number comes as None."""
    native = frame.to_native()
    if hasattr(native, "fetchall"):
        names = list(native.columns)
        return [dict(zip(names, values, strict=True)) for values in native.fetchall()]
    return [{name: _plain(value) for name, value in row.items()} for row in frame.collect().rows(named=True)]


def sql_of(frame: Frame) -> str:
    """Return the SQL a frame stands for, or an empty string where its engine speaks none."""
    native = frame.to_native()
    return str(native.sql_query()).strip() if hasattr(native, "sql_query") else ""


def in_scope(scope: Scope, *, product: bool = True) -> list[nw.Expr]:
    """Say which rows lie in the span, source, edition and, unless left out, products of `scope`."""
    tests = list(_time(scope))
    if product:
        tests.append(_fitting(scope))
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


def _fitting(scope: Scope) -> nw.Expr:
    if scope.is_all_goods:
        if scope.digits is None:
            return nw.col("product") == TOTAL
        return (nw.col("product") != TOTAL) & (nw.col("product").str.len_chars() >= scope.digits)
    fits = reduce(or_, (nw.col("product").str.starts_with(code) for code in scope.products))
    return fits if scope.digits is None else fits & (nw.col("product").str.len_chars() >= scope.digits)


def _time(scope: Scope) -> tuple[nw.Expr, ...]:
    span = scope.period
    monthly = (nw.col("frequency") == "M") & (nw.col("period") >= span.start) & (nw.col("period") <= span.end)
    first, last = -(-span.first // 12), (span.last + 1) // 12 - 1  # the whole calendar years inside
    years = (nw.col("year") >= span.years[0]) & (nw.col("year") <= span.years[-1])
    if first > last:
        return years, monthly
    yearly = (nw.col("frequency") == "A") & (nw.col("year") >= first) & (nw.col("year") <= last)
    return years, monthly | yearly


def _product(asked: str, digits: int) -> nw.Expr:
    if asked == TOTAL and digits != len(TOTAL):
        return (nw.col("product") != TOTAL) & (nw.col("product").str.len_chars() == digits)
    if digits == len(asked):
        return nw.col("product") == asked
    return nw.col("product").str.starts_with(asked) & (nw.col("product").str.len_chars() == digits)


def one_of(column: str, values: Iterable[str]) -> nw.Expr:
    """Compare with each value by `=`, which an engine can push down to the files; all fit where none is named."""
    tests = [nw.col(column) == value for value in values]
    return reduce(or_, tests) if tests else nw.lit(True)


def _cell(values: dict[str, Any]) -> Cell:
    key = {name: values[name] for name in _KEYS}
    return Cell(
        **{
            **key,
            "digits": int(values["digits"]),
            "is_estimated": bool(values["is_estimated"]),
            "vintage": plain_day(values["vintage"]),
        },
        product=values["product_code"],
        row=int(values["first_row"]),
        rows=int(values["rows"]),
        known=int(values["known"]),
        value=exact(values["amount"] or 0),
    )


def exact(value: Any) -> Decimal:
    """Make an exact decimal of an engine's number."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def plain_day(value: Any) -> date:
    """Return the day of what an engine gives for a date."""
    return value.date() if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124


def sources(trade: Frame) -> frozenset[str]:
    """List the sources that have rows."""
    return frozenset(row["source"] for row in records(trade.select("source").unique()))


def complete_files(receipt: Frame, names: Iterable[str]) -> frozenset[str]:
    """Pick those of the landings `names` that are all their publisher has for their reporters and periods."""
    wanted = sorted(names)
    if not wanted:
        return frozenset()
    complete = receipt.filter(nw.col("receipt").is_in(wanted), nw.col("complete"))
    return frozenset(row["receipt"] for row in records(complete))
