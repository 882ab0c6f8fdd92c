"""Breakdowns: a share, the ranking of partners or products, the composition by product."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tidewaiter.answers import printed
from tidewaiter.answers.choose import Candidate
from tidewaiter.answers.figure import find
from tidewaiter.answers.levels import pairs
from tidewaiter.answers.quotient import fraction, percentage
from tidewaiter.answers.scope import perspective_of
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Line
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from tidewaiter.answers.figure import Figure
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Query
    from tidewaiter.base.schema import Tables

UNLISTED: Final = "unlisted"
"""The label of what the lines of a breakdown leave of the declared whole."""


def share(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Set the trade asked against its whole: all goods of the same pair, or every partner of the perspective."""
    whole = whole_of(query, scope)
    parts = (*find(tables, scope).figures(scope.period), *printed.figures(tables, scope, "flow"))
    wholes = (*find(tables, whole).figures(whole.period), *printed.figures(tables, whole, "flow"))
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
    found = find(tables, replace(opened, itemised=True))
    declared = replace(found, scope=opened).figures(scope.period)
    wholes = {figure.key: figure for figure in declared if not figure.is_unproven}
    candidates = []
    for figure in found.figures(scope.period):
        values, gaps = _by(figure, 1 if opened.exporters else 0)
        if not values:
            candidates.append(Candidate((figure,), None, stands=False))
            continue
        whole = wholes[figure.key].amount if figure.key in wholes else None
        notes = [f"{len(values)} partners ranked"]
        if gaps:
            notes.append(f"not ranked, since months of theirs are missing: {', '.join(sorted(gaps))}")
        candidate = _listing(query, figure, values, gaps, whole, tuple(notes), stands=_is_all(figure, whole))
        candidates.append(_placed(candidate, values, named) if named else candidate)
    return candidates


def _is_all(figure: Figure, whole: Quantity | None) -> bool:
    """Tell whether the largest partners are sure to be there: the whole is known, or no file leaves one out."""
    return whole is not None or not figure.is_unproven


def _placed(candidate: Candidate, values: dict[str, Decimal], named: str) -> Candidate:
    """Answer with the rank of one partner instead of the whole."""
    if named not in values:
        note = f"{named} has no complete row here and so no rank"
        return replace(candidate, value=None, notes=(*candidate.notes, note))
    rank = 1 + sum(size > values[named] for size in values.values())
    return replace(candidate, value=Quantity.exact(rank, "rank"))


def composition(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Break the trade down into products of `query.level` digits, each with its share of the declared whole.

    What the lines leave of the whole stands as a line of its own, `unlisted`. Where no whole is
    declared, lines of all goods are no answer: nothing shows that they are all of the trade.
    """
    digits = query.level if scope.is_all_goods else max(query.level, min(map(len, scope.products)) + 2)
    found = find(tables, scope).figures(scope.period)
    wholes = {figure.key: figure for figure in found if not figure.is_unproven}
    candidates = []
    for figure in find(tables, replace(scope, digits=digits)).figures(scope.period):
        values, gaps = _by(figure, 2)
        listed = sum(values.values(), Decimal(0))
        amount = wholes[figure.key].amount if figure.key in wholes else None
        if not values or (scope.is_all_goods and amount is None):
            candidates.append(Candidate((figure,), None, stands=False))
            continue
        notes = []
        if amount is not None and amount.value < listed:
            notes.append(f"the lines add up to {listed - amount.value} {figure.unit} more than the declared whole")
        if gaps:
            notes.append(f"not listed, since months of theirs are missing: {', '.join(sorted(gaps))}")
        candidates.append(_listing(query, figure, values, gaps, amount, tuple(notes)))
    return candidates


def _listing(
    query: Query,
    figure: Figure,
    values: dict[str, Decimal],
    gaps: set[str],
    whole: Quantity | None,
    notes: tuple[str, ...],
    *,
    stands: bool = True,
) -> Candidate:
    """Make the table: ranked lines, then those with gaps, then what is left of the whole."""
    amount = None if whole is None else whole.value
    table = _ranked(figure, values, amount)[: query.limit]
    rest = [Line(code, figure.source, None, figure.unit) for code in sorted(gaps)] if query.limit is None else []
    listed = sum(values.values(), Decimal(0))
    if amount is not None and amount > listed and not gaps:
        left = amount - listed
        rest.append(Line(UNLISTED, figure.source, left, figure.unit, share=fraction(left, amount)))
    return Candidate((figure,), whole, (*table, *rest), notes, stands=stands)


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
