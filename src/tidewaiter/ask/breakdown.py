"""Breakdowns: a share, the ranking of partners or products, the composition by product."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tidewaiter.ask import printed
from tidewaiter.ask.choose import Candidate
from tidewaiter.ask.figure import find
from tidewaiter.ask.levels import pairs
from tidewaiter.ask.quotient import fraction, percentage
from tidewaiter.ask.scope import perspective_of
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Line
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from tidewaiter.ask.figure import Figure
    from tidewaiter.ask.scope import Scope
    from tidewaiter.base.question import Query
    from tidewaiter.base.schema import Tables


def share(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Set the trade asked against its whole: all goods of the same pair, or every partner of the perspective."""
    whole = whole_of(query, scope)
    parts = (*find(tables.trade, scope).figures(scope.period), *printed.figures(tables.published, scope, "flow"))
    wholes = (*find(tables.trade, whole).figures(whole.period), *printed.figures(tables.published, whole, "flow"))
    candidates = []
    for part, all_of_it in pairs(parts, wholes):
        known = part.amount is not None and all_of_it.amount is not None
        value = percentage(part.amount, all_of_it.amount) if part.amount and all_of_it.amount else None
        notes = ("no share: the whole is zero",) if known and value is None else ()
        table = tuple(
            Line(label, each.source, each.amount.value if each.amount else None, each.unit)
            for label, each in (("part", part), ("whole", all_of_it))
        )
        candidates.append(Candidate((part, all_of_it), value, table, notes))
    return candidates


def whole_of(query: Query, scope: Scope) -> Scope:
    """Return what a share is a share of: by product all goods, by partner every partner."""
    if (query.by or ("partner" if scope.is_all_goods else "product")) == "product":
        return replace(scope, products=(TOTAL,))
    if perspective_of(query, scope) == "exporters":
        return replace(scope, importers=())
    return replace(scope, exporters=())


def ranking(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Rank partners or products by size. Where both parties are named, the value is the named partner's rank."""
    if query.by == "product":
        return composition(query, scope, tables)
    opened = scope if scope.is_open else whole_of(replace(query, by="partner"), scope)
    named = "" if scope.is_open else _named(scope, opened)
    wholes = {figure.key: figure for figure in find(tables.trade, opened).figures(scope.period)}
    other = 1 if opened.exporters else 0
    candidates = []
    for figure in find(tables.trade, replace(opened, itemised=True)).figures(scope.period):
        values, gaps = _by(figure, other)
        whole = wholes.get(figure.key)
        sum_of_all = whole.amount.value if whole and whole.amount else None
        table = _ranked(figure, values, sum_of_all)
        notes = [f"{len(values)} partners ranked"]
        if gaps:
            notes.append(f"not ranked, since months of theirs are missing: {', '.join(sorted(gaps))}")
        value: Quantity | None = whole.amount if whole else None
        if named:
            rank = next((line.rank for line in table if line.label == named), None)
            value = None if rank is None else Quantity.exact(rank, "rank")
            if rank is None:
                notes.append(f"{named} has no complete row here and so no rank")
        unknown = tuple(Line(code, figure.source, None, figure.unit) for code in sorted(gaps))
        if table:
            candidates.append(
                Candidate((figure,), value, _cut(table + unknown, query.limit), tuple(notes), tolerates_gaps=True)
            )
    return candidates


def composition(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Break the trade down into products of `query.level` digits, each with its share of the declared whole."""
    digits = query.level if scope.is_all_goods else max(query.level, min(map(len, scope.products)) + 2)
    whole_found = find(tables.trade, scope).figures(scope.period)
    wholes = {figure.key: figure for figure in whole_found}
    candidates = []
    for figure in find(tables.trade, replace(scope, digits=digits)).figures(scope.period):
        values, gaps = _by(figure, 2)
        listed = sum(values.values(), Decimal(0))
        whole = wholes.get(figure.key)
        declared = whole.amount.value if whole and whole.amount else None
        notes = []
        if declared is None:
            notes.append("shares of the sum of the lines, no whole being declared")
        elif declared != listed and (covered := fraction(listed, declared)) is not None:
            notes.append(f"the lines add up to {covered * 100:.2f} % of the declared whole")
        if gaps:
            notes.append(f"not listed, since months of theirs are missing: {', '.join(sorted(gaps))}")
        table = _ranked(figure, values, listed if declared is None and not gaps else declared)
        unknown = tuple(Line(code, figure.source, None, figure.unit) for code in sorted(gaps))
        value = Quantity.exact(listed if declared is None else declared, figure.unit)
        if table:
            candidates.append(
                Candidate((figure,), value, _cut(table + unknown, query.limit), tuple(notes), tolerates_gaps=True)
            )
    return candidates


def _named(scope: Scope, opened: Scope) -> str:
    codes = scope.importers if opened.exporters else scope.exporters
    return codes[0] if len(codes) == 1 else ""


def _by(figure: Figure, key: int) -> tuple[dict[str, Decimal], set[str]]:
    """Add up a figure's parts by partner or product; apart from them, those that lack a month."""
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for each in figure.parts:
        found[each.part[key]].append(each.value)
    gaps = {label for label, values in found.items() if None in values}
    sums = {
        label: sum((value for value in values if value is not None), Decimal(0))
        for label, values in found.items()
        if label not in gaps
    }
    return sums, gaps


def _ranked(figure: Figure, values: dict[str, Decimal], whole: Decimal | None) -> tuple[Line, ...]:
    """Order by size, then by code; equal sizes share a rank."""
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    sizes = [size for _, size in ordered]
    return tuple(
        Line(
            label,
            figure.source,
            size,
            figure.unit,
            share=None if whole is None else fraction(size, whole),
            rank=sizes.index(size) + 1,
        )
        for label, size in ordered
    )


def _cut(table: tuple[Line, ...], limit: int | None) -> tuple[Line, ...]:
    return table if limit is None else table[:limit]
