"""Put the candidates for an answer in their fixed order, and make answers of them.

Owns which source and side is the default. The order is: declared rows, then the publisher's own
estimates, then printed figures; inside these the fullest coverage, the default side, the most
recent vintage, and last the order of sources kept in `codes/source_order.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.answers import receipts, statement
from tidewaiter.answers.engine import exact, plain_day, records
from tidewaiter.answers.memory import remember
from tidewaiter.answers.rows import COLUMNS
from tidewaiter.answers.scope import default_party, perspective_of
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Answer, Evidence
from tidewaiter.codes.source_order import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.answers.figure import Figure
    from tidewaiter.answers.rows import Cell
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.mirrored import Basis
    from tidewaiter.base.question import Line, Query, Rank, ReceiptNote
    from tidewaiter.base.schema import Tables
    from tidewaiter.base.terms import Side

MOST_ROWS: Final = 2000
"""Up to so many rows are named one by one as evidence."""
_EVIDENCE: Final = (
    "source", "reporter", "partner", "flow", "product", "hs", "period", "valuation", "receipt", "is_estimated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer: a value worked out from figures that belong together."""

    figures: tuple[Figure, ...]
    value: Quantity | None
    table: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    stands: bool | None = None
    """Whether it may be given as an answer; None means if every month is known. A table may stand with gaps."""
    absolute: Quantity | None = None

    @property
    def known(self) -> int:
        """Months of parts that are known."""
        return sum(figure.known for figure in self.figures)

    @property
    def wanted(self) -> int:
        """Months of parts that were asked."""
        return sum(figure.wanted for figure in self.figures)

    @property
    def coverage(self) -> Decimal:
        """The share of the months asked that have data."""
        return Decimal(self.known) / Decimal(self.wanted) if self.wanted else Decimal(0)

    @property
    def is_complete(self) -> bool:
        """Whether it may stand as an answer."""
        if self.stands is not None:
            return self.known > 0 and self.stands
        return 0 < self.known == self.wanted and not any(figure.is_unproven for figure in self.figures)

    @property
    def rank(self) -> Rank:
        """2 as soon as one of its figures is only printed."""
        return max(figure.rank for figure in self.figures)


def ordered(query: Query, scope: Scope, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort candidates, the default first; those of another side than the one asked for are left out."""
    wanted = default_party(query, scope)
    fitting = [
        each
        for each in candidates
        if query.side in {None, "reconciled"} or all(figure.party == wanted for figure in each.figures)
    ]

    def order(item: tuple[int, Candidate]) -> tuple[Any, ...]:
        number, each = item
        figures = each.figures
        return (
            each.rank,
            any(figure.estimated for figure in figures),
            -each.coverage,
            any(figure.party not in {wanted, None} for figure in figures),
            -sum(len(figure.parts) for figure in figures) if scope.is_open else 0,
            0 if each.rank == 2 else -min(figure.vintage for figure in figures).toordinal(),
            [place(figure.source) for figure in figures],
            [(figure.source, figure.party or "") for figure in figures] if each.rank == 1 else [],
            number,
        )

    return [each for _, each in sorted(enumerate(fitting), key=order)]


def answers(query: Query, scope: Scope, tables: Tables, candidates: Sequence[Candidate]) -> tuple[Answer, ...]:
    """Make an `Answer` of each candidate, with its rows, its receipts and the SQL that gives its sums."""
    names = sorted({name for each in candidates for figure in each.figures for name in figure.files})
    files = receipts.notes(tables, names)
    return tuple(_answer(query, scope, tables, each, files) for each in candidates)


def joined(query: Query, scope: Scope, each: Candidate, parts: Sequence[Answer]) -> Answer:
    """Make an `Answer` of a candidate whose figures have been answered already, one by one."""
    files = {note.receipt: note for part in parts for note in part.receipts}
    return Answer(
        query=query,
        value=each.value,
        source=" + ".join(dict.fromkeys(figure.source for figure in each.figures)),
        side=side_of(query, scope, each.figures),
        rank=each.rank,
        coverage=each.coverage,
        evidence=tuple(dict.fromkeys(row for part in parts for row in part.evidence)),
        receipts=tuple(files[name] for name in sorted(files)),
        sql=";\n\n".join(dict.fromkeys(part.sql for part in parts if part.sql)),
        table=each.table,
        notes=(*each.notes, *dict.fromkeys(note for part in parts for note in part.notes)),
        absolute=each.absolute,
        rows=sum(part.rows for part in parts),
        at_least=any(part.at_least for part in parts),
        basis=_bases(each),
    )


def best(query: Query, scope: Scope, tables: Tables, candidates: Iterable[Candidate]) -> Answer | None:
    """Answer with the first complete candidate, the other complete ones beside it."""
    complete = [each for each in ordered(query, scope, candidates) if each.is_complete]
    if not complete:
        return None
    first, *others = answers(query, scope, tables, complete)
    return replace(first, alternatives=tuple(others))


def partial(query: Query, scope: Scope, tables: Tables, candidates: Iterable[Candidate]) -> Answer | None:
    """Return what there is of the fullest candidate that may not stand as an answer."""
    gappy = [each for each in candidates if each.known and not each.is_complete]
    fullest = sorted((_known(each) for each in ordered(query, scope, gappy)), key=lambda each: -each.coverage)
    return answers(query, scope, tables, fullest[:1])[0] if fullest else None


def _known(candidate: Candidate) -> Candidate:
    """Give a single figure with gaps the sum of what is known of it."""
    figure, *more = candidate.figures
    if more or candidate.value is not None:
        return candidate
    return replace(candidate, value=figure.settled or Quantity.exact(figure.sum_known, figure.unit))


def side_of(query: Query, scope: Scope, figures: Sequence[Figure]) -> Side:
    """Say whose declaration it is, seen from the perspective: its own, its partner's mirror or both settled."""
    if scope.settled:
        return "reconciled"
    parties = {figure.party or default_party(query, scope) for figure in figures}
    return "reporter" if parties == {perspective_of(query, scope)} else "mirror"


def _answer(query: Query, scope: Scope, tables: Tables, each: Candidate, files: dict[str, ReceiptNote]) -> Answer:
    evidence: list[Evidence] = []
    statements: list[str] = []
    for figure in each.figures:
        evidence.extend(figure.printed)
        if figure.cells:
            evidence.extend(_evidence(tables, figure, scope.measure))
            write = statement.sql if figure.settled is None else statement.listing
            statements.append(write(tables, figure.cells, COLUMNS[scope.measure]))
    notes = dict.fromkeys(note for figure in each.figures for note in figure.notes)
    sources = dict.fromkeys(figure.source for figure in each.figures)
    return Answer(
        query=query,
        value=each.value,
        source=" + ".join(sources),
        side=side_of(query, scope, each.figures),
        rank=each.rank,
        coverage=each.coverage,
        evidence=tuple(dict.fromkeys(evidence)),
        receipts=tuple(
            files[name] for name in sorted({name for figure in each.figures for name in figure.files}) if name in files
        ),
        sql=";\n\n".join(dict.fromkeys(each for each in statements if each)),
        table=each.table,
        notes=(*each.notes, *notes),
        absolute=each.absolute,
        at_least=any(figure.at_least for figure in each.figures),
        basis=_bases(each),
        rows=sum(cell.rows for cell in {cell for figure in each.figures for cell in figure.cells})
        + len({row.id for figure in each.figures for row in figure.printed}),
    )


def _bases(each: Candidate) -> tuple[Basis, ...]:
    return tuple(sorted({basis for figure in each.figures for basis in figure.basis}))


def _evidence(tables: Tables, figure: Figure, measure: str) -> list[Evidence]:
    column = COLUMNS[measure]
    many = sum(cell.rows for cell in figure.cells)
    if many == len(figure.cells) or many > MOST_ROWS:
        return sorted((_of_cell(cell, figure.unit) for cell in figure.cells), key=_place_in_list)
    fetched = remember(
        tables, ("rows under", figure.cells), lambda: records(statement.under(tables.trade, figure.cells))
    )
    lines = [
        Evidence(
            **{name: row[name] for name in _EVIDENCE},
            vintage=plain_day(row["vintage"]),
            row=int(row["row"]),
            value=None if row[column] is None else exact(row[column]),
            unit=figure.unit,
        )
        for row in fetched
    ]
    return sorted(lines, key=_place_in_list)


def _place_in_list(row: Evidence) -> tuple[str, ...]:
    return (row.period, row.reporter or "", row.partner or "", row.product, row.id)


def _of_cell(cell: Cell, unit: str) -> Evidence:
    return Evidence(
        source=cell.source,
        reporter=cell.reporter,
        partner=cell.partner,
        flow=cell.flow,
        product=cell.product if cell.rows == 1 else cell.asked,
        hs=cell.hs,
        period=cell.period,
        value=cell.value if cell.known else None,
        unit=unit,
        valuation=cell.valuation,
        vintage=cell.vintage,
        receipt=cell.receipt,
        row=cell.row,
        is_estimated=cell.is_estimated,
        note=None
        if cell.rows == 1
        else f"the sum of {cell.rows} lines of {cell.digits} digits, the first being this row",
    )
