"""Levels: a value or weight, the total of both directions, the balance, and the series behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tidewaiter.answers import printed
from tidewaiter.answers.choose import Candidate
from tidewaiter.answers.figure import find
from tidewaiter.answers.scope import perspective_of
from tidewaiter.base.period import Period
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.answers.figure import Figure, Key
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Query
    from tidewaiter.base.schema import Tables

_STEPS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def flow(_query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """List what each source, side and printed page gives for one direction of trade."""
    declared = find(tables, scope).figures(scope.period)
    return [single(figure) for figure in (*declared, *printed.figures(tables, scope, "flow"))]


def single(figure: Figure) -> Candidate:
    """Make a candidate of one figure as it stands, its years and months in the table."""
    return Candidate((figure,), figure.amount, lines(figure))


def lines(figure: Figure) -> tuple[Line, ...]:
    """List a figure's years and months, each the sum over its parts and None where one of them is not known."""
    by_label: dict[str, list[Decimal | None]] = {}
    annual = {unit.period for each in figure.parts for unit in each.units if unit.months == 12}
    for each in figure.parts:
        mine: dict[str, list[Decimal | None]] = {}
        for unit in each.units:
            label = unit.period[:4] if unit.period[:4] in annual else unit.period
            mine.setdefault(label, []).append(unit.value)
        for label, values in mine.items():
            by_label.setdefault(label, []).append(_sum(values))
    return tuple(Line(label, figure.source, _sum(values), figure.unit) for label, values in sorted(by_label.items()))


def total(_query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Add both directions as the same source and the same party declare them."""
    candidates = []
    for there, back in _both(scope, tables):
        value = _plus(there.amount, back.amount, 1)
        candidates.append(Candidate((there, back), value, _directions(scope, there, back)))
    whole = (single(figure) for figure in printed.figures(tables, scope, "total"))
    return [*candidates, *whole]


def balance(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """Take imports from exports of the owner: the perspective, or the first exporter where nobody is named."""
    owned = scope if perspective_of(query, scope) == "exporters" else scope.turned()
    candidates = []
    for out, back in _both(owned, tables):
        value = _plus(out.amount, back.amount, -1)
        candidates.append(Candidate((out, back), value, _directions(owned, out, back)))
    whole = (single(figure) for figure in printed.figures(tables, owned, "balance"))
    return [*candidates, *whole]


def series(query: Query, scope: Scope, tables: Tables) -> list[Candidate]:
    """List the steps of the span; a step that nobody declared stays None, and then so does the sum."""
    found = find(tables, scope)
    known: dict[Period, dict[Key, Figure]] = {}

    def at(step: Period) -> dict[Key, Figure]:
        if step not in known:
            known[step] = {figure.key: figure for figure in found.figures(step)}
        return known[step]

    candidates = []
    for whole in found.figures(scope.period):
        steps = steps_of(query, scope.period, monthly=any(cell.frequency == "M" for cell in whole.cells))
        table = tuple(_step(whole, step, at(step).get(whole.key)) for step in steps)
        if any(line.value is not None for line in table):
            candidates.append(Candidate((whole,), whole.amount, table, stands=not whole.is_unproven))
    return candidates


def steps_of(query: Query, span: Period, *, monthly: bool) -> list[Period]:
    """Cut `span` into its steps: the query's, else years where it is several whole years, else months."""
    name = query.step or ("year" if span.is_full_years and (span.length > 12 or not monthly) else "month")
    size = _STEPS[name]
    starts = range(span.first - span.first % size, span.last + 1, size)
    return [Period(max(first, span.first), min(first + size - 1, span.last)) for first in starts]


def _step(whole: Figure, step: Period, same: Figure | None) -> Line:
    amount = same.amount if same else None
    return Line(str(step), whole.source, amount.value if amount else None, whole.unit)


def _both(scope: Scope, tables: Tables) -> list[tuple[Figure, Figure]]:
    """Pair the two directions, both declared by the same party to the same source or printed on one page."""
    there = (*find(tables, scope).figures(scope.period), *printed.figures(tables, scope, "flow"))
    turned = scope.turned()
    back = (*find(tables, turned).figures(scope.period), *printed.figures(tables, turned, "flow"))
    return pairs(there, back)


def pairs(one: Sequence[Figure], other: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Pair the figures that belong together: same source and party, or the same printed page."""
    return [(left, right) for left in one for right in other if left.key == right.key]


def _plus(one: Quantity | None, other: Quantity | None, sign: int) -> Quantity | None:
    if one is None or other is None:
        return None
    low, high = (other.low, other.high) if sign > 0 else (other.high, other.low)
    return Quantity(one.value + sign * other.value, one.unit, one.low + sign * low, one.high + sign * high)


def _directions(scope: Scope, there: Figure, back: Figure) -> tuple[Line, ...]:
    names = ("+".join(scope.exporters) or "every partner", "+".join(scope.importers) or "every partner")
    return tuple(
        Line(f"{first} to {second}", figure.source, figure.amount.value if figure.amount else None, figure.unit)
        for figure, first, second in ((there, *names), (back, *names[::-1]))
    )


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None
