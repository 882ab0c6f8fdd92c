"""Say why there is no number: what is missing, and the command that would get it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.ask import choose, printed
from tidewaiter.ask.figure import find
from tidewaiter.ask.rows import sources
from tidewaiter.ask.scope import default_party
from tidewaiter.base.errors import nearest
from tidewaiter.base.question import Refusal
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.codes.source_order import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.ask.choose import Candidate
    from tidewaiter.ask.scope import Scope
    from tidewaiter.base.question import Query
    from tidewaiter.base.schema import Tables


def refusal(query: Query, scope: Scope, tables: Tables, candidates: Sequence[Candidate]) -> Refusal:
    """Give the first reason that holds: an unknown source, gaps, missing product rows, another unit, nothing."""
    landed = sources(tables.trade) | {printed.SOURCE}
    if query.source is not None and query.source not in landed | set(places()):
        missing = f"source {query.source} is unknown{nearest(query.source, sorted(landed | set(places())))}"
        return Refusal(query, "source_unknown", missing)
    what, command = describe_trade(query, scope), landing(query, scope)
    there = choose.partial(query, scope, tables, candidates)
    if there is not None:
        missing = f"{what}: {there.source} has {_months(there.coverage, scope)}{_gaps(candidates, there.source)}"
        return Refusal(query, "partial_data", missing, command, there)
    units = printed.other_units(tables.published, scope, "flow")
    if units:
        missing = f"{what}: printed only in {', '.join(units)}, asked in {scope.unit}"
        return Refusal(query, "unit_differs", missing, command)
    if not scope.is_all_goods and _has(replace(scope, products=(TOTAL,)), tables):
        missing = f"{what}: all goods are there, but no rows by product"
        return Refusal(query, "no_product_rows", missing, command)
    return Refusal(query, "no_data", f"{what}: no rows and no printed figure{_nearby(scope, tables)}", command)


def describe_trade(query: Query, scope: Scope) -> str:
    """Name the trade that was asked about in words."""
    names = [
        " and ".join(areas.name(code) for code in codes) or "every partner"
        for codes in (scope.exporters, scope.importers)
    ]
    goods = "all goods" if scope.is_all_goods else f"HS {', '.join(scope.products)}"
    source = f" in {query.source}" if query.source else ""
    return f"{goods} from {names[0]} to {names[1]}, {scope.period}{source}"


def landing(query: Query, scope: Scope) -> str:
    """Write the command that lands a file which would answer, and what that file must hold."""
    exporters_declare = default_party(query, scope) == "exporters"
    ours, theirs = scope.exporters, scope.importers
    if not exporters_declare:
        ours, theirs = theirs, ours
    flow = "exports" if exporters_declare else "imports"
    both = "exports and imports" if query.indicator in {"total", "balance"} or query.of != "value" else flow
    to = "to" if exporters_declare else "from"
    reporter = ", ".join(ours) or "every reporter"
    partner = ", ".join(theirs) or "the world and every partner"
    goods = "all goods (TOTAL)" if scope.is_all_goods else f"HS {', '.join(scope.products)}"
    monthly = "annual or monthly" if scope.period.is_full_years else "monthly"
    return f"tidewaiter land FILE  # FILE: {both} of {reporter} {to} {partner}, {goods}, {monthly}, {scope.period}"


def _has(scope: Scope, tables: Tables) -> bool:
    return any(figure.known for figure in find(tables.trade, scope).figures(scope.period))


def _months(coverage: object, scope: Scope) -> str:
    return f"{coverage:.0%} of the {scope.period.length} months" if scope.period.length > 1 else "no value"


def _gaps(candidates: Sequence[Candidate], source: str) -> str:
    missing = sorted(
        {
            unit.period
            for each in candidates
            for figure in each.figures
            if figure.source == source
            for part in figure.parts
            for unit in part.units
            if unit.value is None
        }
    )
    return f"; missing: {', '.join(missing[:12])}{' ...' if len(missing) > 12 else ''}" if missing else ""


def _nearby(scope: Scope, tables: Tables) -> str:
    """Say where the whole years around the span are there, from which no months can be taken."""
    years = scope.period.years
    wider = replace(scope, period=type(scope.period)(years[0] * 12, years[-1] * 12 + 11))
    if wider.period == scope.period or not any(
        figure.amount for figure in find(tables.trade, wider).figures(wider.period)
    ):
        return ""
    return f"; {wider.period} is there, but months are never taken from a year"
