"""Read one direction of trade as each source and each side declares it.

A `Figure` is one source's number for one direction and span, with the cells under it. Figures
stand side by side; none is ever added to or averaged with another source's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tidewaiter.answers import cover, notes, receipts, rows, settled
from tidewaiter.answers.filings import chapters_filed, codes_held, filed_nothing, filings
from tidewaiter.answers.scope import is_summed
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import areas, hs_codes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tidewaiter.answers.filings import Filings
    from tidewaiter.answers.rows import Cell
    from tidewaiter.answers.scope import Party, Scope
    from tidewaiter.base.mirrored import Basis, MirrorTable
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Evidence, Rank
    from tidewaiter.base.schema import Tables

_EVERY: Final = (
    "every partner: the declared total with the world",
    "every partner: the sum of {} with a row; whoever has none is not in it",
)
Part = tuple[str, str, str]
"""exporter, importer, product asked"""
Key = tuple[str, str | None, str]
"""source, party and page: what two figures must share to be set against each other"""

Lines = tuple[str, str, str, int]
"""receipt, edition, code asked, digits of the finer lines"""


@dataclass(frozen=True, slots=True)
class Covered:
    """One part of a figure: a pair and product with its years and months."""

    part: Part
    units: tuple[cover.Unit, ...]

    @property
    def value(self) -> Decimal | None:
        """The sum, None unless every month is known."""
        return _sum(unit.value for unit in self.units)

    @property
    def months(self) -> int:
        """How many months are known."""
        return sum(unit.months for unit in self.units if unit.value is not None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as one source and one party give it, or as one page printed it (rank 2).

    `known` and `wanted` count months of parts; `amount` is None unless all of them are known.
    """

    source: str
    party: Party | None
    unit: str
    rank: Rank
    amount: Quantity | None
    known: int
    wanted: int
    vintage: date
    estimated: bool
    page: str = ""
    parts: tuple[Covered, ...] = ()
    cells: tuple[Cell, ...] = ()
    printed: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    at_least: bool = False
    """True where finer lines were added up that may not be all of the code asked."""
    is_unproven: bool = False
    """True for a sum over every partner of which nothing shows that it leaves none out."""
    settled: Quantity | None = None
    """Of a number settled from both sides' words: the sum of what is known, with its interval."""
    basis: tuple[Basis, ...] = ()
    """Of such a number: who spoke in its cells, each once."""

    @property
    def key(self) -> Key:
        """What two figures must share to be set against each other."""
        return (self.source, self.party, self.page)

    @property
    def coverage(self) -> Decimal:
        """The share of the months asked that have data."""
        return Decimal(self.known) / Decimal(self.wanted) if self.wanted else Decimal(0)

    @property
    def files(self) -> tuple[str, ...]:
        """The receipts of its rows and of the files that prove where nothing was declared."""
        names = {cell.receipt for cell in self.cells} | {row.receipt for row in self.printed}
        return tuple(sorted(names | {name for each in self.parts for unit in each.units for name in unit.silent}))

    @property
    def sum_known(self) -> Decimal:
        """The sum over what is known, which for a figure with gaps is only a part of the number."""
        return sum((unit.value for each in self.parts for unit in each.units if unit.value is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Found:
    """The cells of a scope and, where months are missing, what the files prove about them."""

    scope: Scope
    cells: tuple[Cell, ...]
    filings: Filings | None
    complete: frozenset[str]
    """The files that are all their publisher has for their reporters and periods."""
    lines: frozenset[Lines] = frozenset()
    """The finer lines of which a file holds every code that the edition has under the code asked."""
    both: MirrorTable | None = None
    """Both sides' words and what they settle on, where that was asked for."""
    _sorted: dict[tuple[str, str], dict[Part, cover.Dated]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The cells by source and flow, part and period, sorted once for however many spans."""

    def figures(self, span: Period) -> list[Figure]:
        """Make the figure of each source and side over `span`, those without any data left out."""
        if self.both is not None:
            return _settled(self, self.both, span)
        if not self._sorted:
            self._sorted.update(_by_part(self))
        made = (_figure(self, source, flow, own, span) for (source, flow), own in self._sorted.items())
        return [figure for figure in made if figure is not None]


def find(tables: Tables, scope: Scope) -> Found:
    """Fetch what bears on `scope` with as few questions to the engine as it takes."""
    if scope.measure not in rows.COLUMNS:
        return Found(scope, (), None, frozenset())  # no declaration has such a column, so its silence says nothing
    if scope.settled:
        both = settled.both_of(tables, scope)
        return Found(scope, (), settled.filings_of(tables, scope, both), frozenset(), both=both)
    cells = () if filed_nothing(tables, scope) else rows.cells(tables, scope)
    complete = receipts.complete(tables, {cell.receipt for cell in cells}) if scope.is_open else frozenset()
    found = Found(scope, cells, None, complete)
    figures = found.figures(scope.period)
    is_whole = bool(figures) and all(figure.amount is not None for figure in figures)
    used = {cell for figure in figures for cell in figure.cells} if is_whole else cells
    found = replace(found, lines=_whole_lines(tables, scope, used))
    if is_whole:
        return found
    if scope.is_all_goods and scope.digits is None:
        return replace(found, cells=(*cells, *_by_chapter(tables, scope)))
    if not cells and (scope.is_open or scope.digits is not None):
        return found  # without a row there is no partner and no code of which a file could be silent
    return replace(found, filings=filings(tables, scope))


def _whole_lines(tables: Tables, scope: Scope, cells: Iterable[Cell]) -> frozenset[Lines]:
    """Find the finer lines that are sure to be all: their file holds every code there is under the one asked."""
    finer = {_lines(cell) for cell in cells if _is_finer(cell)}
    if not finer:
        return frozenset()
    held = codes_held(tables, scope, {receipt for receipt, *_ in finer})
    return frozenset(
        (receipt, hs, asked, digits)
        for receipt, hs, asked, digits in finer
        if (codes := {code for code in hs_codes.known(hs) if len(code) == digits and code.startswith(asked)})
        and codes <= held.get((receipt, hs, digits), frozenset())
    )


def _lines(cell: Cell) -> Lines:
    return (cell.receipt, cell.hs, cell.asked, cell.digits)


def _is_finer(cell: Cell) -> bool:
    return cell.asked != TOTAL and cell.digits > len(cell.asked)


def _by_chapter(tables: Tables, scope: Scope) -> list[Cell]:
    """Offer two-digit lines as all goods, of those years and months whose reporter filed every chapter there is."""
    lines = rows.chapters(tables, scope)
    if not lines:
        return []
    filed = chapters_filed(tables, scope, {cell.reporter for cell in lines})
    return [
        cell
        for cell in lines
        if _chapters(cell.hs) <= filed.get((cell.source, cell.reporter, cell.flow, cell.period), frozenset())
    ]


@lru_cache
def _chapters(hs: str) -> frozenset[str]:
    """Name the chapters of an edition; of an unstated one, those that every edition has."""
    editions = hs_codes.EDITIONS if hs == EDITION_UNSTATED else (hs,)
    return frozenset.intersection(
        *(frozenset(code for code in hs_codes.known(edition) if len(code) == 2) for edition in editions)
    )


def _by_part(found: Found) -> dict[tuple[str, str], dict[Part, cover.Dated]]:
    """Sort cells by source and flow in their order, then by part; who filed without a cell is there too."""
    by_source: dict[tuple[str, str], dict[Part, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in found.cells:
        by_source[cell.source, cell.flow][cell.exporter, cell.importer, cell.asked].append(cell)
    if found.filings and not found.scope.is_open:
        for source, _reporter, flow, _period in found.filings.units:
            by_source.setdefault((source, flow), {})
    return {
        key: {part: cover.dated(own) for part, own in by_part.items()} for key, by_part in sorted(by_source.items())
    }


def _figure(found: Found, source: str, flow: str, by_part: dict[Part, cover.Dated], span: Period) -> Figure | None:
    scope = found.scope
    parts = _parts(scope, by_part, span)
    is_sum = scope.is_open and not any(areas.kind(code) == "world" for part in parts for code in part[:2])
    note = (_EVERY[is_sum].format(len({part[:2] for part in parts})),) if scope.is_open and not scope.itemised else ()
    tiled = []
    for part in parts:
        own = by_part.get(part, {})
        units = cover.units(own, part[2], span, _filed(found.filings, source, flow, part, finer=bool(own)))
        tiled.append(Covered(part, units))
    used = rows.in_order(cell for each in tiled for unit in each.units for cell in unit.cells)
    known = sum(each.months for each in tiled)
    if not known and not used:
        return None
    total = _sum(each.value for each in tiled)
    dates = [cell.vintage for cell in used] or _filing_days(found.filings, tiled)
    return Figure(
        source=source,
        party=scope.party(flow),
        unit=scope.unit,
        rank=1,
        amount=None if total is None else Quantity.exact(total, scope.unit),
        known=known,
        wanted=len(tiled) * span.length,
        vintage=max(dates),
        estimated=any(cell.is_estimated or areas.never_reports(cell.reporter) for cell in used),
        parts=tuple(tiled),
        cells=used,
        notes=(*note, *notes.of_working(tiled, used, found.lines)),
        at_least=any(_is_finer(cell) and _lines(cell) not in found.lines for cell in used),
        is_unproven=is_sum and not {cell.receipt for cell in used} <= found.complete,
    )


def _settled(found: Found, both: MirrorTable, span: Period) -> list[Figure]:
    """Make the one figure that both sides' words are settled on; none where nobody spoke."""
    scope = found.scope
    tiled, used = [], []
    for exporter, importer, asked in _parts(scope, {}, span):
        units, each = settled.units_of(scope, both, found.filings, (exporter, importer, asked), span)
        tiled.append(Covered((exporter, importer, asked), units))
        used += each
    cells = rows.in_order({cell for each in tiled for unit in each.units for cell in unit.cells})
    if not cells:
        return []
    known = settled.interval(scope.unit, used)
    is_whole = all(each.value is not None for each in tiled)
    return [
        Figure(
            source=both.source,
            party=None,
            unit=scope.unit,
            rank=1,
            amount=known if is_whole else None,
            known=sum(each.months for each in tiled),
            wanted=len(tiled) * span.length,
            vintage=max(cell.vintage for cell in cells),
            estimated=False,
            parts=tuple(tiled),
            cells=cells,
            notes=(*settled.notes_of(both, used), *notes.of_working(tiled, (), frozenset())),
            at_least=any(cell.product not in scope.products for cell in both.cells if cell.declarations),
            settled=known or Quantity.exact(0, scope.unit),
            basis=tuple(sorted({each.basis for each in used})),
        )
    ]


def _parts(scope: Scope, by_part: dict[Part, cover.Dated], span: Period) -> list[Part]:
    """List the parts to add up: the named pairs, or for every partner the declared world row, else each partner."""
    if not scope.is_open:
        if scope.digits is not None:
            return sorted(by_part)
        named = [(exporter, importer) for exporter in scope.exporters for importer in scope.importers]
        return [(*pair, asked) for pair in named for asked in scope.products]
    other = 1 if scope.exporters else 0
    world = sorted(part for part in by_part if areas.kind(part[other]) == "world")
    each = sorted(part for part in by_part if is_summed(part[other]))
    if scope.itemised or not world:
        return each
    return each if each and _is_whole(by_part, each, span) and not _is_whole(by_part, world, span) else world


def _is_whole(by_part: dict[Part, cover.Dated], parts: list[Part], span: Period) -> bool:
    return all(
        unit.value is not None for part in parts for unit in cover.units(by_part[part], part[2], span, lambda _unit: ())
    )


def _filed(held: Filings | None, source: str, flow: str, part: Part, *, finer: bool) -> cover.Filed:
    """Say for one part which files prove that a period without a line was filed."""
    exporter, importer, asked = part
    reporter, partner = (exporter, importer) if flow == "export" else (importer, exporter)

    def files(unit: str) -> tuple[str, ...]:
        return held.receipts(source, reporter, flow, partner, asked, unit, finer=finer) if held else ()

    return files


def _filing_days(held: Filings | None, tiled: list[Covered]) -> list[date]:
    assert held is not None
    return [held.vintages[name] for each in tiled for unit in each.units for name in unit.silent]


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """Add up; None as soon as one part is not known, or where there is no part at all."""
    total = None
    for value in values:
        if value is None:
            return None
        total = value if total is None else total + value
    return total
