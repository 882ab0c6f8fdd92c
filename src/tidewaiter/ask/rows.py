"""Find the rows under a question: the only module of `ask` that speaks to the engine.

Every frame is narrowed and added up there, in narwhals expressions, and a few hundred *cells*
come back: one per source, pair, product asked, code length, edition and period. What an absent
cell means is decided in `cover`, never here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


@dataclass(frozen=True, slots=True)
class Filings:
    """What the landed files hold, to tell "declared nothing" from "said nothing".

    A file is cut by reporter, month, partner and product. Where it holds lines of a reporter in a
    month, lines about the partner and lines of the product, a line it lacks was not declared.
    """

    units: Mapping[tuple[str, str, str, str], frozenset[tuple[str, int, str]]]
    """Per source, reporter, flow and period: the files with its lines, the digits and edition of their codes."""
    partners: frozenset[tuple[str, str]]
    products: frozenset[tuple[str, str, int, str]]
    vintages: Mapping[str, date]

    def receipts(
        self, source: str, reporter: str, flow: str, partner: str, asked: str, period: str, *, finer: bool
    ) -> tuple[str, ...]:
        """Name the files in which `period` was filed and a line would stand if one had been declared.

        Without `finer` only files that hold the code asked itself count, not those with codes under it:
        these may be a choice, and what was not chosen is not silence.
        """
        filed = self.units.get((source, reporter, flow, period), frozenset())
        return tuple(
            sorted(
                {
                    receipt
                    for receipt, digits, hs in filed
                    if (finer or digits == len(asked))
                    and (receipt, partner) in self.partners
                    and (receipt, asked, digits, hs) in self.products
                }
            )
        )


def cells(trade: Frame, scope: Scope) -> list[Cell]:
    """Add up the rows of `trade` that bear on `scope`, one cell per line, sorted."""
    column = COLUMNS.get(scope.measure)
    if column is None:
        return []
    grouped = (
        _rows(trade, scope)
        .group_by(*_KEYS)
        .agg(
            nw.col("product").min().alias("product_code"),
            nw.col("row").min().alias("first_row"),
            nw.len().alias("rows"),
            nw.col(column).count().alias("known"),
            nw.col(column).sum().alias("amount"),
        )
        .select(*_KEYS, "product_code", "first_row", "rows", "known", "amount")
    )
    return sorted(_cell(values) for values in fetch(grouped))


def filings(trade: Frame, scope: Scope) -> Filings:
    """Find which files could have held a line of `scope`: by reporter and period, by partner, by product."""
    lines = trade.filter(*_time(scope), nw.col("product") != TOTAL)
    lines = _narrowed(lines, scope)
    lines = lines.with_columns(digits=nw.col("product").str.len_chars())
    reporters = (
        (nw.col("flow") == "export") & _one_of("reporter", scope.exporters),
        (nw.col("flow") == "import") & _one_of("reporter", scope.importers),
    )
    units: dict[tuple[str, str, str, str], set[tuple[str, int, str]]] = defaultdict(set)
    filed = lines.filter(reporters[0] | reporters[1])
    for source, reporter, flow, period, receipt, digits, hs in fetch(
        filed.select("source", "reporter", "flow", "period", "receipt", "digits", "hs").unique()
    ):
        units[source, reporter, flow, period].add((receipt, int(digits), hs))
    about = lines.filter(_one_of("partner", scope.exporters) | _one_of("partner", scope.importers))
    partners = fetch(about.select("receipt", "partner", "vintage").unique())
    goods = fetch(_asked(lines, scope).select("receipt", "asked", "digits", "hs").unique())
    return Filings(
        {key: frozenset(files) for key, files in units.items()},
        frozenset((receipt, partner) for receipt, partner, _ in partners),
        frozenset((receipt, asked, int(digits), hs) for receipt, asked, digits, hs in goods),
        {receipt: plain_day(vintage) for receipt, _, vintage in partners},
    )


def chapters_filed(trade: Frame, scope: Scope) -> dict[tuple[str, str, str, str], frozenset[str]]:
    """Collect, per source, reporter, flow and period, the two-digit codes it filed about any partner."""
    lines = trade.filter(*_time(scope), nw.col("product").str.len_chars() == 2)
    found: dict[tuple[str, str, str, str], set[str]] = {}
    for source, reporter, flow, period, product in fetch(
        lines.select("source", "reporter", "flow", "period", "product").unique()
    ):
        found.setdefault((source, reporter, flow, period), set()).add(product)
    return {key: frozenset(codes) for key, codes in found.items()}


def codes_held(trade: Frame, scope: Scope, receipts: Iterable[str]) -> dict[tuple[str, str, int], frozenset[str]]:
    """Collect, per file, edition and number of digits, the codes under `scope` it holds of any reporter."""
    lines = trade.filter(*_time(scope), _one_of("receipt", sorted(receipts)))
    lines = _asked(lines.with_columns(digits=nw.col("product").str.len_chars()), scope)
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for receipt, hs, digits, product in fetch(lines.select("receipt", "hs", "digits", "product").unique()):
        found[receipt, hs, int(digits)].add(product)
    return {key: frozenset(codes) for key, codes in found.items()}


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
        & _one_of("importer", sorted(importers))
        & _product(asked, digits)
        & (nw.col("hs") == hs)
        & (nw.col("frequency") == frequency)
        & _one_of("period", periods)
        for (source, flow, exporter, asked, digits, hs, frequency, periods), importers in sorted(merged.items())
    ]
    rows = trade.filter(reduce(or_, conditions))
    summed = rows.select(nw.col(column).sum().alias(column), nw.col(column).count().alias("rows"))
    return rows, sql_of(summed)


def fetch(frame: Frame) -> list[tuple[Any, ...]]:
    """Bring a small frame over as tuples, in no order, on any backend; `nan` comes as None."""
    native = frame.to_native()
    if hasattr(native, "fetchall"):
        return [tuple(row) for row in native.fetchall()]
    return [tuple(_plain(value) for value in row) for row in frame.collect().rows()]


def sql_of(frame: Frame) -> str:
    """Return the SQL a frame stands for, or an empty string where its engine speaks none."""
    native = frame.to_native()
    return str(native.sql_query()).strip() if hasattr(native, "sql_query") else ""


def _rows(trade: Frame, scope: Scope) -> Frame:
    rows = trade.filter(
        (nw.col("flow") == "export") | (nw.col("flow") == "import"),
        _one_of("exporter", scope.exporters),
        _one_of("importer", scope.importers),
        *_time(scope),
    )
    rows = _narrowed(rows, scope).with_columns(digits=nw.col("product").str.len_chars())
    return _asked(rows, scope)


def _narrowed(rows: Frame, scope: Scope) -> Frame:
    """Keep the source and edition asked for; all goods are the same in every edition."""
    if scope.source is not None:
        rows = rows.filter(nw.col("source") == scope.source)
    if scope.hs != EDITION_UNSTATED and not (scope.is_all_goods and scope.digits is None):
        rows = rows.filter(nw.col("hs") == scope.hs)
    return rows


def _asked(rows: Frame, scope: Scope) -> Frame:
    """Keep the rows that belong to a product of the question and name it."""
    if scope.digits is not None:
        fits = (nw.col("product") != TOTAL) & (nw.col("digits") >= scope.digits)
        if not scope.is_all_goods:
            fits &= reduce(or_, (nw.col("product").str.starts_with(code) for code in scope.products))
        return rows.filter(fits).with_columns(asked=nw.col("product").str.head(scope.digits))
    if scope.is_all_goods:
        return rows.filter(nw.col("product") == TOTAL).with_columns(asked=nw.lit(TOTAL))
    tests = [(code, nw.col("product").str.starts_with(code)) for code in scope.products]
    named: nw.Expr = nw.lit(None, dtype=nw.String)
    for code, test in tests:
        named = nw.when(test).then(nw.lit(code)).otherwise(named)
    return rows.filter(reduce(or_, (test for _, test in tests))).with_columns(asked=named)


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


def _one_of(column: str, values: Iterable[str]) -> nw.Expr:
    """Compare with each value by `=`, which an engine can push down to the files; all fit where none is named."""
    tests = [nw.col(column) == value for value in values]
    return reduce(or_, tests) if tests else nw.lit(True)


def _cell(values: tuple[Any, ...]) -> Cell:
    key = dict(zip(_KEYS, values, strict=False))
    product, row, rows, known, amount = values[len(_KEYS) :]
    key["digits"] = int(key["digits"])
    key["is_estimated"] = bool(key["is_estimated"])
    key["vintage"] = plain_day(key["vintage"])
    return Cell(**key, product=product, row=int(row), rows=int(rows), known=int(known), value=exact(amount or 0))


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
    return frozenset(row[0] for row in fetch(trade.select("source").unique()))


def complete_files(receipt: Frame, names: Iterable[str]) -> frozenset[str]:
    """Pick those of the landings `names` that are all their publisher has for their reporters and periods."""
    wanted = sorted(names)
    if not wanted:
        return frozenset()
    complete = receipt.filter(nw.col("receipt").is_in(wanted), nw.col("complete"))
    return frozenset(row[0] for row in fetch(complete.select("receipt")))
