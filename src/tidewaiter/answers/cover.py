"""Decide which cells make up a span of months, and what a month without one means.

Owns the rules against counting twice (a year and its months, a chapter and its lines, two HS
editions of one line) and against taking silence for zero. Pure Python on a few cells.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tidewaiter.answers.rows import in_order
from tidewaiter.base.period import Period
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tidewaiter.answers.rows import Cell

    Dated = Mapping[str, Sequence[Cell]]
    """The cells of one pair and product by year or month."""

    Filed = Callable[[str], tuple[str, ...]]
    """Names the files that show that a year or month was filed without the line; none if that is not known."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One year or month of a part: its declared value, None where nothing is known.

    `silent` names the files by which "no line" means that none was declared.
    """

    period: str
    months: int
    value: Decimal | None
    cells: tuple[Cell, ...] = ()
    silent: tuple[str, ...] = ()
    gaps: int = 0
    """Rows of this unit that lack the number asked, so that their sum is not known."""


def dated(cells: Iterable[Cell]) -> Dated:
    """Sort the cells of one pair and product by year or month."""
    by_period: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_period[cell.period].append(cell)
    return dict(by_period)


def units(by_period: Dated, asked: str, span: Period, filed: Filed) -> tuple[Unit, ...]:
    """Tile `span` with the cells of one pair and product: the annual row of a full year, else its months.

    A month never comes from an annual row. `filed` is asked about years and months without a
    cell, never for all goods together.
    """
    prove: Filed = _never if asked == TOTAL else filed
    tiled: list[Unit] = []
    for year in span.years:
        inside = Period(max(span.first, year * 12), min(span.last, year * 12 + 11))
        tiled.extend(_year(by_period, asked, inside, prove))
    return tuple(tiled)


def _year(by_period: Dated, asked: str, inside: Period, filed: Filed) -> tuple[Unit, ...]:
    label = f"{inside.first // 12:04d}"
    whole = inside.is_full_years
    if whole and label in by_period:
        annual = _declared(label, 12, by_period[label], asked)
        if annual.value is not None:
            return (annual,)
    monthly = tuple(_month(by_period, asked, month, filed) for month in inside.months())
    if any(unit.cells for unit in monthly):
        return monthly
    if whole and label in by_period:
        return (_declared(label, 12, by_period[label], asked),)
    if whole and any(unit.value is None for unit in monthly) and (files := filed(label)):
        return (Unit(label, 12, Decimal(0), silent=files),)
    return monthly


def _month(by_period: Dated, asked: str, month: str, filed: Filed) -> Unit:
    if month in by_period:
        return _declared(month, 1, by_period[month], asked)
    files = filed(month)
    return Unit(month, 1, Decimal(0) if files else None, silent=files)


def _declared(period: str, months: int, cells: Sequence[Cell], asked: str) -> Unit:
    """Take of one year or month the code itself if it is there, else its coarsest lines, of one edition."""
    digits = min((cell.digits for cell in cells), key=lambda found: (found != len(asked), found))
    level = [cell for cell in cells if cell.digits == digits]
    edition = max(cell.hs for cell in level)
    chosen = in_order(cell for cell in level if cell.hs == edition)
    if digits == len(asked):  # one line: of several states of it only the newest
        chosen = (max(chosen, key=lambda cell: (cell.vintage, cell.receipt)),)
    gaps = sum(cell.rows - cell.known for cell in chosen)
    value = None if gaps else sum((cell.value for cell in chosen), Decimal(0))
    return Unit(period, months, value, chosen, gaps=gaps)


def _never(_unit: str) -> tuple[str, ...]:
    return ()
