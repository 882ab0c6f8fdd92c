"""Declarations that may be about another area: each with how probably, and why. Nothing is taken out for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tidewaiter.base.period import Period
from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.sheet import Cell
    from tidewaiter.tell.brief.facts import Facts, Row
    from tidewaiter.tell.brief.model import Subject

TOLD: Final = 3
"""Of each kind, so many have a sentence of their own, the likeliest first."""
MOST_ROWS: Final = 20
SLIPS: Final = "Some declarations may have been meant for an area of a like name."
BOOKINGS: Final = "Some exports may have been declared to a third area that passed them on, or never saw them."
STAYS: Final = "They stay in every number above; the tables say how probable it is, and why."
TITLE: Final = "Suspect declarations"
GOODS: Final = (SheetColumn("product", "HS"), SheetColumn("period", "Period"))
PROBABILITY: Final = SheetColumn("probability", "Probability (%)", "share")


def section(subject: Subject, facts: Facts) -> Section:
    """List the declarations that are as likely as not somebody else's, or more; nothing where there is none."""
    known = {tuple(row[name] for name in ("reporter", "flow", "product", "period")) for row in facts.suspects}
    mistaken = [
        row
        for row in facts.mistaken
        if tuple(row[name] for name in ("reporter", "flow", "product", "period")) not in known
    ]
    paragraphs, sheets = [], []
    if facts.suspects or mistaken:
        rows = [*facts.suspects, *mistaken]
        paragraphs.append(_paragraph(SLIPS, [_slip(row) for row in _likeliest(rows)]))
    if facts.suspects:
        sheets.append(_slips(subject, facts.suspects))
    if mistaken:
        sheets.append(_mistaken(subject, mistaken))
    if facts.bookings:
        paragraphs.append(_paragraph(BOOKINGS, [_booking(row) for row in _likeliest(facts.bookings)]))
        sheets.append(_bookings(subject, facts.bookings))
    return Section("suspects", TITLE, tuple(paragraphs), sheets=tuple(sheets))


def _paragraph(first: str, told: Sequence[str]) -> tuple[Sentence, ...]:
    return tuple(Sentence(text) for text in (first, *told, STAYS))


def _likeliest(rows: Sequence[Row]) -> list[Row]:
    """Choose the rows that a sentence is spent on."""
    return sorted(rows, key=lambda row: (_probability(row).copy_negate(), str(row["period"]), row["product"]))[:TOLD]


def _probability(row: Row) -> Decimal:
    return Decimal(str(row["mixup_probability"] if "mixup_probability" in row else row["probability"]))


def _slip(row: Row) -> str:
    """Say of one declaration that it may be about a namesake."""
    reporter = words.begun(words.whose(row["reporter"]))
    flow, side = ("imports", "from") if row["flow"] == "import" else ("exports", "to")
    said = row["said"] if "said" in row else row["partner"]
    when = words.during(Period.parse(row["period"]))
    text = f"{reporter} declared {flow} of HS {row['product']} {side} {words.area(said)} {when} may have been meant"
    return f"{text} for {words.area(row['meant'])}, with a probability of {rounding.probability(_probability(row))}."


def _booking(row: Row) -> str:
    """Say of one export that it may have been booked to a hub."""
    exporter = words.begun(words.whose(row["exporter"]))
    when = words.during(Period.parse(row["period"]))
    text = f"{exporter} declared exports of HS {row['product']} to {words.area(row['hub'])} {when} may have gone"
    return f"{text} to {words.area(row['importer'])}, with a probability of {rounding.probability(_probability(row))}."


def _slips(subject: Subject, rows: Sequence[Row]) -> Sheet:
    columns = (
        SheetColumn("reporter", "Declared by"),
        SheetColumn("flow", "Flow"),
        *GOODS,
        SheetColumn("value_usd", "Value (USD)", "number", "USD"),
        SheetColumn("probability", "Probably a slip (%)", "share"),
        SheetColumn("reasons", "Why"),
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            areas.name(row["reporter"]),
            row["flow"],
            row["product"],
            row["period"],
            row["value_usd"],
            _probability(row),
            row["mixup_reasons"],
        )
        for row in rows
    )
    return Sheet("suspects", f"Declarations in doubt, {words.when(subject.period)}", columns, cells)


def _mistaken(subject: Subject, rows: Sequence[Row]) -> Sheet:
    columns = (
        SheetColumn("reporter", "Declared by"),
        SheetColumn("flow", "Flow"),
        SheetColumn("said", "About"),
        SheetColumn("meant", "Perhaps meant"),
        *GOODS,
        SheetColumn("value_usd", "Value (USD)", "number", "USD"),
        PROBABILITY,
        SheetColumn("reasons", "Why"),
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            areas.name(row["reporter"]),
            row["flow"],
            areas.name(row["said"]),
            areas.name(row["meant"]),
            row["product"],
            row["period"],
            _dollars(row["amount_usd"]),
            _probability(row),
            row["reason"],
        )
        for row in rows[:MOST_ROWS]
    )
    title = f"Declarations that another area's would answer, {words.when(subject.period)}"
    return Sheet("mistaken_partners", title, columns, cells, _cut(rows))


def _bookings(subject: Subject, rows: Sequence[Row]) -> Sheet:
    columns = (
        SheetColumn("exporter", "Exporter"),
        SheetColumn("hub", "Declared to"),
        SheetColumn("importer", "Perhaps gone to"),
        *GOODS,
        SheetColumn("booked_usd", "Not confirmed, FOB (USD)", "number", "USD"),
        SheetColumn("missed_usd", "Imported there undeclared, FOB (USD)", "number", "USD"),
        PROBABILITY,
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            areas.name(row["exporter"]),
            areas.name(row["hub"]),
            areas.name(row["importer"]),
            row["product"],
            row["period"],
            _dollars(row["booked_usd"]),
            _dollars(row["missed_usd"]),
            _probability(row),
        )
        for row in rows[:MOST_ROWS]
    )
    title = f"Exports that may have been booked to a third area, {words.when(subject.period)}"
    return Sheet("hub_bookings", title, columns, cells, _cut(rows))


def _dollars(amount: float) -> Decimal:
    """Write an estimated amount without the digits that nobody vouches for."""
    return rounding.whole(Decimal(str(amount)))


def _cut(rows: Sequence[Row]) -> tuple[str, ...]:
    return (f"The {MOST_ROWS} likeliest of {len(rows)}.",) if len(rows) > MOST_ROWS else ()
