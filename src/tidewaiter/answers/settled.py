"""Read one direction of trade as both sides' declarations were settled: a value with its interval.

What is settled comes through `Tables.both_sides`; here cells become figures like any other. A sum's
interval adds the cells' ends, as if their errors went together: it is never too narrow for that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tidewaiter.answers import cover
from tidewaiter.answers.filings import filings
from tidewaiter.answers.memory import remember
from tidewaiter.answers.rows import Cell
from tidewaiter.base.errors import QueryError
from tidewaiter.base.mirrored import Wanted, Way
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.answers.filings import Filings
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.mirrored import Basis, MirrorCell, MirrorTable, Settled
    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Tables

_BASES: Final[dict[Basis, str]] = {
    "both": "both sides declared",
    "exporter": "the exporter's word only",
    "importer": "the importer's word only",
    "mirror_only": "one side's word, the other never reporting (mirror only)",
}
_YEAR: Final = 12


def both_of(tables: Tables, scope: Scope) -> MirrorTable:
    """Fetch what both sides of `scope`, and of the same trade the other way, say; raises `QueryError`."""
    if tables.both_sides is None:
        message = "side reconciled needs what was learned of a lake, and these tables come without one"
        raise QueryError(message)
    settle = tables.both_sides
    out, back = sorted((scope.exporters, scope.importers))
    wanted = Wanted(
        ways=(Way(out, back), Way(back, out)),
        period=scope.period,
        products=scope.products,
        source=scope.source,
        hs=None if scope.hs == EDITION_UNSTATED or scope.is_all_goods else scope.hs,
    )
    return remember(tables, ("both sides", wanted), lambda: settle(wanted))


def filings_of(tables: Tables, scope: Scope, both: MirrorTable) -> Filings | None:
    """Find out which side filed a month without a line, where any month has none; never of all goods together."""
    if scope.is_all_goods or all(cell.declarations for cell in both.cells):
        return None
    return filings(tables, replace(scope, source=both.source or scope.source))


def units_of(
    scope: Scope, both: MirrorTable, held: Filings | None, part: tuple[str, str, str], span: Period
) -> tuple[tuple[cover.Unit, ...], list[Settled]]:
    """Tile `span` with the settled years or months of one pair and product; also return what was settled."""
    exporter, importer, asked = part
    mine: dict[str, list[MirrorCell]] = defaultdict(list)
    for cell in both.cells:
        if (cell.exporter, cell.importer) == (exporter, importer) and _is_of(cell, asked) and cell.declarations:
            mine[cell.period].append(cell)
    tiled, used = [], []
    for period, months in _periods(span, both):
        cells = mine.get(period, [])
        settled = [_measured(cell, scope) for cell in cells]
        files = () if cells else _silent(held, both.source, part, period)
        gaps = sum(each.value is None for each in settled)
        value: Decimal | None = None
        if files or (cells and not gaps):
            value = sum((each.value.value for each in settled if each.value is not None), Decimal(0))
        declared = tuple(sorted(row for cell in cells for row in _declared(cell, scope, both.frequency)))
        tiled.append(cover.Unit(period, months, value, declared, files, gaps))
        used += settled
    return tuple(tiled), used


def interval(unit: str, used: Iterable[Settled]) -> Quantity | None:
    """Add up what was settled, and the ends of the intervals; None where nothing was."""
    known = [each.value for each in used if each.value is not None]
    if not known:
        return None
    ends = (sum((getattr(each, end) for each in known), Decimal(0)) for end in ("value", "low", "high"))
    value, low, high = ends
    return Quantity(value, unit, low, high)


def notes_of(both: MirrorTable, used: Sequence[Settled]) -> tuple[str, ...]:
    """Say who spoke, and what the interval is of."""
    known = [each for each in used if each.value is not None]
    if not known:
        return ()
    counted = Counter(each.basis for each in known)
    if len(known) == 1:
        said = [f"basis: {_BASES[known[0].basis]}"]
    else:
        parts = [f"{count} of {len(known)} cells {_BASES[basis]}" for basis, count in sorted(counted.items())]
        said = [f"basis: {'; '.join(parts)}"]
    said.append(
        "settled at FOB; the 90 % interval holds errors like those seen between all sides that both declared"
        + (", the cells' intervals added end to end" if len(known) > 1 else "")
    )
    return (*said, *both.notes)


def _is_of(cell: MirrorCell, asked: str) -> bool:
    return cell.product == asked or (asked != TOTAL and cell.product.startswith(asked))


def _measured(cell: MirrorCell, scope: Scope) -> Settled:
    return cell.weight if scope.measure == "weight" else cell.value


def _periods(span: Period, both: MirrorTable) -> list[tuple[str, int]]:
    """List the units of `span` as the source has them: whole years, or months; no month comes from a year."""
    if both.frequency == "A" and span.is_full_years:
        return [(f"{year:04d}", _YEAR) for year in span.years]
    return [(month, 1) for month in span.months()]


def _silent(held: Filings | None, source: str, part: tuple[str, str, str], period: str) -> tuple[str, ...]:
    """Name the files of either side in which the period was filed, and a line would stand had there been one."""
    if held is None:
        return ()
    exporter, importer, asked = part
    out = held.receipts(source, exporter, "export", importer, asked, period, finer=False)
    back = held.receipts(source, importer, "import", exporter, asked, period, finer=False)
    return tuple(sorted({*out, *back}))


def _declared(cell: MirrorCell, scope: Scope, frequency: str) -> list[Cell]:
    """Make of each declaration under a cell one of the rows that answers name."""
    found = []
    for each in cell.declarations:
        row = each.row
        amount = each.weight_kg if scope.measure == "weight" else row.value
        found.append(
            Cell(
                source=row.source,
                receipt=row.receipt,
                vintage=row.vintage,
                reporter=row.reporter or "",
                partner=row.partner or "",
                flow=row.flow,
                exporter=cell.exporter,
                importer=cell.importer,
                asked=row.product,
                digits=len(row.product),
                hs=row.hs,
                frequency=frequency,
                period=row.period,
                valuation=row.valuation or "",
                is_estimated=row.is_estimated,
                product=row.product,
                row=row.row,
                rows=1,
                known=int(amount is not None),
                value=amount if amount is not None else Decimal(0),
            )
        )
    return found
