"""Say why there is no number: what is missing, and the command that would get it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.answers import choose, obtain, printed
from tidewaiter.answers.filings import sources
from tidewaiter.answers.rows import cells
from tidewaiter.base.errors import nearest
from tidewaiter.base.question import Refusal
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import areas
from tidewaiter.codes.source_order import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from tidewaiter.answers.choose import Candidate
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Answer, Query, RefusalReason
    from tidewaiter.base.schema import Tables


def refusal(query: Query, scope: Scope, tables: Tables, candidates: Sequence[Candidate]) -> Refusal:
    """Give the first reason that holds: an unknown source, gaps, missing product rows, another unit, nothing."""
    command = obtain.command(query, scope)
    there = choose.partial(query, scope, tables, candidates)
    for reason, sentence in _reasons(query, scope, tables, candidates, there):
        if sentence:
            said = f"{describe_trade(query, scope)}: {sentence}"
            return Refusal(query, reason, said, None if reason == "source_unknown" else command, there)
    said = f"{describe_trade(query, scope)}: no rows and no printed figure{_nearby(scope, tables)}"
    return Refusal(query, "no_data", said, command)


def _reasons(
    query: Query, scope: Scope, tables: Tables, candidates: Sequence[Candidate], there: Answer | None
) -> Iterator[tuple[RefusalReason, str | None]]:
    """Yield each reason in turn with its sentence, None where it does not hold."""
    yield "source_unknown", _unknown_source(query, tables)
    if there is not None and there.coverage < 1:
        yield "partial_data", f"{there.source} has {_months(there.coverage, scope)}{_gaps(candidates, there.source)}"
    if query.indicator in {"total", "balance"}:
        yield "partial_data", _one_way(scope, tables)
    if query.indicator == "composition" or (query.indicator == "ranking" and query.by == "product"):
        yield (
            "no_product_rows",
            "lines by product are there, but no total shows that they are all of it" if there else None,
        )
    if there is not None:
        partners = "the rows of some partners are there, but no declared total with the world shows that they are all"
        yield "partial_data", f"{partners}; a file that holds every partner says so by land --complete"
    units = printed.other_units(tables, scope, "flow")
    if units:
        yield "unit_differs", f"printed only in {', '.join(units)}, asked in {scope.unit}"
    if scope.hs != EDITION_UNSTATED and _has(replace(scope, hs=EDITION_UNSTATED), tables):
        yield (
            "no_product_rows",
            f"rows are there, but none in {scope.hs}; in another edition a code may mean other goods",
        )
    if query.indicator in {"composition", "ranking"} and _has(scope, tables):
        yield "no_product_rows", "the whole is there, but no rows to break it down"
    if not scope.is_all_goods and _has(replace(scope, products=(TOTAL,)), tables):
        yield "no_product_rows", "all goods are there, but no rows by product"


def _unknown_source(query: Query, tables: Tables) -> str | None:
    if query.source is None:
        return None
    known = sources(tables) | {printed.SOURCE} | set(places())
    if query.source in known:
        return None
    return f"no such source{nearest(query.source, sorted(known))}"


def _one_way(scope: Scope, tables: Tables) -> str | None:
    """Say which of the two directions is missing where only one is there."""
    here, back = _has(scope, tables), _has(scope.turned(), tables)
    if here == back:
        return "the two directions are declared by different sides or to different sources" if here else None
    exporters, importers = (scope.importers, scope.exporters) if here else (scope.exporters, scope.importers)
    return f"nothing from {_names(exporters)} to {_names(importers)}; the other direction is there"


def describe_trade(query: Query, scope: Scope) -> str:
    """Name the trade that was asked about in words."""
    goods = "all goods" if scope.is_all_goods else f"HS {', '.join(scope.products)}"
    source = f" in {query.source}" if query.source else ""
    return f"{goods} from {_names(scope.exporters)} to {_names(scope.importers)}, {scope.period}{source}"


def _names(codes: tuple[str, ...]) -> str:
    return " and ".join(areas.name(code) for code in codes) or "every partner"


def _has(scope: Scope, tables: Tables) -> bool:
    return any(cell.known for cell in cells(tables, scope))


def _months(coverage: Decimal, scope: Scope) -> str:
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
    if wider.period == scope.period or not _has(wider, tables):
        return ""
    return f"; {wider.period} is there, but months are never taken from a year"
