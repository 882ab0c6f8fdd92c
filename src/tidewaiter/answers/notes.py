"""Say in plain words what a reader must know of how a number came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.answers.figure import Covered, Lines
    from tidewaiter.answers.rows import Cell


def of_working(parts: Sequence[Covered], cells: Sequence[Cell], whole: frozenset[Lines]) -> tuple[str, ...]:
    """Collect what is remarkable about the rows under one figure, in a fixed order.

    `whole` names the finer lines of which the file holds every code.
    """
    return tuple(
        note
        for note in (
            _frequencies(cells),
            *_finer(cells, whole),
            _editions(cells),
            _silence(parts),
            _gaps(parts),
            _valuations(cells),
            _estimates(cells),
        )
        if note
    )


def count(number: int, noun: str) -> str:
    """Write a number and its noun, in the plural where there are several."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def runs(periods: Iterable[str]) -> str:
    """Name the first few periods of a list, and how many more there are."""
    named = sorted(set(periods))
    more = f" and {len(named) - 6} more" if len(named) > 6 else ""
    return ", ".join(named[:6]) + more


def _frequencies(cells: Sequence[Cell]) -> str:
    years = {cell.period for cell in cells if cell.frequency == "A"}
    months = {cell.period for cell in cells if cell.frequency == "M"}
    if years and months:
        return f"{runs(years)} from annual rows, the rest by month"
    return ""


def _finer(cells: Sequence[Cell], whole: frozenset[Lines]) -> list[str]:
    sure: dict[tuple[str, int], bool] = {}
    for cell in cells:
        if cell.asked != TOTAL and cell.digits > len(cell.asked):
            key = (cell.asked, cell.digits)
            sure[key] = sure.get(key, True) and (cell.receipt, cell.hs, *key) in whole
    notes = [
        f"{asked} from HS{digits} lines: "
        + (
            "the file holds every code under it"
            if is_whole
            else "the sum of those the file holds, which may not be all"
        )
        for (asked, digits), is_whole in sorted(sure.items())
    ]
    if any(cell.asked == TOTAL and cell.product != TOTAL for cell in cells):
        notes.append("all goods as the sum of all two-digit chapters, no total being declared")
    return notes


def _editions(cells: Sequence[Cell]) -> str:
    editions = sorted({cell.hs for cell in cells if cell.asked != TOTAL})
    if len(editions) < 2:
        return ""
    spans = []
    for hs in editions:
        periods = [cell.period for cell in cells if cell.hs == hs]
        name = "an unstated edition" if hs == EDITION_UNSTATED else hs
        spans.append(f"{name} ({min(periods)} to {max(periods)})")
    return f"the HS edition changes inside the span: {', '.join(spans)}"


def _silence(parts: Sequence[Covered]) -> str:
    silent = [unit for each in parts for unit in each.units if unit.silent]
    if not silent:
        return ""
    months = sum(unit.months for unit in silent)
    them = "that month" if months == 1 else "those months"
    return f"{count(months, 'month')} with no line, taken as none declared, since the reporter filed {them}"


def _gaps(parts: Sequence[Covered]) -> str:
    gaps = sum(unit.gaps for each in parts for unit in each.units)
    return f"{count(gaps, 'row')} without this number" if gaps else ""


def _valuations(cells: Sequence[Cell]) -> str:
    kinds = sorted({cell.valuation for cell in cells})
    return f"valued partly {' and partly '.join(kinds)}" if len(kinds) > 1 else ""


def _estimates(cells: Sequence[Cell]) -> str:
    sources = sorted({cell.source for cell in cells if cell.is_estimated})
    return f"the estimate of {', '.join(sources)}, not a declaration" if sources else ""
