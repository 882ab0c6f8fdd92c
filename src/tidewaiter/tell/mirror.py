"""Show both sides of some trade: as a table for files, and as short tables for a terminal or a pipe.

Owns layout and wording; every number was made in `tidewaiter.statistics`. Silence is a word, never a zero.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.tell.page import console, escaped, say
from tidewaiter.tell.said import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.base.mirrored import Basis, MirrorCell, MirrorTable, Role, Settled
    from tidewaiter.base.sheet import Cell

    Measure = Literal["value", "weight"]

BASES: Final[dict[Basis, str]] = {
    "both": "both",
    "exporter": "exporter",
    "importer": "importer",
    "mirror_only": "mirror only",
    "none": "nobody",
}
WIDE: Final = 112
"""From so many signs on, freight, lag and weight stand in columns of their own; below, above the table."""
_SCALES: Final = ((Decimal(10) ** 6, "million "), (Decimal(10) ** 3, "thousand "), (Decimal(1), ""))
_DIGITS: Final = 3
_PERCENT: Final = Decimal(100)


def mirror_sheet(table: MirrorTable, measure: Measure = "value") -> Sheet:
    """Lay the cells out for files: everything known of each, one row a cell."""
    unit = "usd" if measure == "value" else "kg"
    money = "USD" if measure == "value" else "kg"
    columns = (
        SheetColumn("exporter", "exporter"),
        SheetColumn("importer", "importer"),
        SheetColumn("product", "product"),
        SheetColumn("hs", "HS edition"),
        SheetColumn("period", "period"),
        SheetColumn(f"export_{unit}", f"exporter declares, {money}", "number", money, may_be_absent=True),
        SheetColumn("export_valuation", "valued"),
        SheetColumn(f"import_{unit}", f"importer declares, {money}", "number", money, may_be_absent=True),
        SheetColumn("import_valuation", "valued"),
        SheetColumn("cif_margin", "freight, %", "share", "of FOB"),
        SheetColumn("lag_share", "a month late, %", "share"),
        SheetColumn("timing", "lag taken out"),
        SheetColumn(f"import_said_{unit}", f"importer, FOB and on time, {money}", "number", money),
        SheetColumn("gap", "gap, %", "share", "of the exporter's"),
        SheetColumn("exporter_part", "exporter's part, %", "share"),
        SheetColumn("exporter_error", "exporter errs by", "number", "standard deviation of the logarithm"),
        SheetColumn("importer_error", "importer errs by", "number", "standard deviation of the logarithm"),
        SheetColumn(f"value_{unit}" if measure == "value" else "weight_kg", f"settled, {money}", "number", money),
        SheetColumn(f"low_{unit}", f"low, {money}", "number", money),
        SheetColumn(f"high_{unit}", f"high, {money}", "number", money),
        SheetColumn("basis", "basis"),
    )
    return Sheet(
        "mirror",
        _title(table),
        columns,
        tuple(_row(cell, cell.of(measure)) for cell in table.cells),
        notes=table.notes,
        source=cite(table),
    )


def _row(cell: MirrorCell, settled: Settled) -> tuple[Cell, ...]:
    value = settled.value
    return (
        cell.exporter,
        cell.importer,
        cell.product,
        cell.hs,
        cell.period,
        _or_absent(settled.exporter, silence(cell, "exporter")),
        cell.exporter_valuation,
        _or_absent(settled.importer, silence(cell, "importer")),
        cell.importer_valuation,
        cell.cif_margin,
        cell.lag_share,
        settled.timing if cell.lag_share is not None else None,
        settled.importer_said,
        settled.gap,
        settled.exporter_part,
        settled.exporter_error,
        settled.importer_error,
        value.value if value else None,
        value.low if value else None,
        value.high if value else None,
        settled.basis,
    )


def _or_absent(amount: Decimal | None, absent: Absent) -> Cell:
    return absent if amount is None else amount


def silence(cell: MirrorCell, role: Role) -> Absent:
    """Say which silence a side's is: it filed the period (or never files), or nothing is known."""
    code, filed = (cell.exporter, cell.exporter_filed) if role == "exporter" else (cell.importer, cell.importer_filed)
    return Absent.NOT_REPORTED if filed or areas.never_reports(code) else Absent.NO_DATA


def print_mirror(table: MirrorTable, measure: Measure = "value", *, limit: int | None = None) -> None:
    """Print the cells by direction and product, with what a reader has to know below them."""
    from tidewaiter.tell.sheets.terminal import print_sheet

    page = console()
    say(page, escaped(_title(table)), indent=0, style="bold")
    shown = table.cells[:limit]
    for _, group in groupby(shown, key=lambda cell: (cell.exporter, cell.importer, cell.product)):
        cells = list(group)
        sheet = _short(cells, measure, wide=page.width >= WIDE)
        if page.width < WIDE and (caption := _caption(cells, measure)):
            say(page, escaped(sheet.title), indent=0)
            say(page, escaped(caption))
            sheet = Sheet(sheet.name, "", sheet.columns, sheet.rows)
        print_sheet(sheet, notes=False)
    for note in _notes(table, hidden=len(table.cells) - len(shown)):
        say(page, escaped(note))
    if table.source:
        say(page, escaped(f"source: {cite(table)}"), style="dim")


def _title(table: MirrorTable) -> str:
    how = "by year" if table.frequency == "A" else "by month"
    source = f", {table.source} {how}" if table.source else ""
    return f"Both sides, {span(table.wanted.period)}{source}"


def _goods(product: str) -> str:
    return "all goods" if product == TOTAL else f"HS {product}"


def direction(cell: MirrorCell) -> str:
    """Say which way the goods went and what they were."""
    out, back = (f"{areas.name(code)} ({code})" for code in (cell.exporter, cell.importer))
    return f"{out} to {back}, {_goods(cell.product)}"


def _short(cells: Sequence[MirrorCell], measure: Measure, *, wide: bool) -> Sheet:
    """Lay out one direction and product for reading: in one unit, the interval to three digits."""
    first = cells[0]
    settled = [cell.of(measure) for cell in cells]
    said = [amount for each in settled for amount in (each.exporter, each.importer) if amount is not None]
    scale, word = next((each for each in _SCALES if said and max(said) >= each[0]), _SCALES[-1])
    places = _DIGITS if not said or max(said) < 1000 * scale else 1
    unit = "USD" if measure == "value" else "kg"
    columns = [
        SheetColumn("period", "period"),
        SheetColumn("exporter", f"{first.exporter} says", "number"),
        SheetColumn("importer", f"{first.importer} says", "number"),
        SheetColumn("gap", "gap %", "number"),
        *(_more(first) if wide else ()),
        SheetColumn("settled", "settled", "number"),
        SheetColumn("interval", "90 % interval", "number"),
        SheetColumn("basis", "basis"),
    ]
    rows = [_short_row(cell, cell.of(measure), scale, places, wide=wide) for cell in cells]
    return Sheet("mirror", f"{direction(first)}: {word}{unit}", tuple(columns), tuple(rows))


def _more(cell: MirrorCell) -> tuple[SheetColumn, ...]:
    """Name the columns that only a wide page has room for."""
    return (
        SheetColumn("freight", "freight %", "number"),
        SheetColumn("late", "late %", "number"),
        SheetColumn("part", f"{cell.exporter} part %", "number"),
    )


def _short_row(cell: MirrorCell, settled: Settled, scale: Decimal, places: int, *, wide: bool) -> tuple[Cell, ...]:
    def scaled(amount: Decimal | None) -> str:
        return "" if amount is None else f"{amount / scale:,.{places}f}"

    value = settled.value
    interval = "" if value is None else f"{_rough(value.low / scale)} to {_rough(value.high / scale)}"
    more = (_percent(cell.cif_margin), _percent(cell.lag_share), _percent(settled.exporter_part)) if wide else ()
    return (
        cell.period,
        scaled(settled.exporter) or _word(cell, "exporter"),
        scaled(settled.importer) or _word(cell, "importer"),
        _percent(settled.gap, sign=True),
        *more,
        scaled(value.value if value else None),
        interval,
        BASES[settled.basis],
    )


def _word(cell: MirrorCell, role: Role) -> str:
    """Say a silence in two words: never reports, filed without this line, or no filing in the lake."""
    code, filed = (cell.exporter, cell.exporter_filed) if role == "exporter" else (cell.importer, cell.importer_filed)
    if areas.never_reports(code):
        return "never"
    return "no line" if filed else "no file"


def _rough(number: Decimal) -> str:
    """Write a number to three digits: `1,330`, `14.7`, `0.0272`."""
    if not number:
        return "0"
    places = _DIGITS - 1 - number.adjusted()
    return f"{round(number, places):,.{max(places, 0)}f}"


def _percent(part: Decimal | None, *, sign: bool = False) -> str:
    if part is None:
        return ""
    return f"{part * _PERCENT:+,.1f}" if sign else f"{part * _PERCENT:,.1f}"


def _caption(cells: Sequence[MirrorCell], measure: Measure) -> str:
    """Say freight, lag and the exporter's part of all cells of one direction, as ranges where they vary."""
    parts = [
        ("freight and insurance", [cell.cif_margin for cell in cells]),
        ("a month late", [cell.lag_share for cell in cells]),
        (f"{cells[0].exporter}'s part of what is settled", [cell.of(measure).exporter_part for cell in cells]),
    ]
    return ", ".join(f"{name} {_range(values)} %" for name, values in parts if any(each is not None for each in values))


def _range(values: Iterable[Decimal | None]) -> str:
    known = [value for value in values if value is not None]
    low, high = _percent(min(known)), _percent(max(known))
    return low if low == high else f"{low} to {high}"


def _notes(table: MirrorTable, *, hidden: int) -> list[str]:
    words = {word for cell in table.cells for role in ("exporter", "importer") for word in _silent(cell, role)}
    legend = {
        "never": "“never”: it never reports",
        "no line": "“no line”: it filed that period, and no line of this",
        "no file": "“no file”: the lake holds nothing it filed for that period",
    }
    notes = [f"note: {note}" for note in table.notes]
    said = [text for word, text in legend.items() if word in words]
    if said:
        notes.append(f"{'; '.join(said)}. None of them is zero.")
    if table.learned_from:
        notes.append(
            f"freight, lag and errors are learned from {table.learned_from:,} declarations of {table.source} "
            f"between areas; gap: the importer's word, FOB and on time, above the exporter's"
        )
    if table.others:
        notes.append(f"also declared in {', '.join(table.others)}: --source; two sources are never mixed")
    if hidden > 0:
        notes.append(f"{hidden:,} more cells: --limit 0 prints all, --format csv writes them")
    if table.cells:
        spoken = next((cell for cell in table.cells if cell.declarations), table.cells[0])
        notes.append(f"a cell down to its files: --explain {spoken.id}")
    return notes


def _silent(cell: MirrorCell, role: str) -> list[str]:
    side: Role = "exporter" if role == "exporter" else "importer"
    return [_word(cell, side)] if getattr(cell.value, side) is None and getattr(cell.weight, side) is None else []


def cite(table: MirrorTable) -> str:
    """Write the files under the table as a line to put under it."""
    lines = [
        f"{note.citation} File {note.file} as of {note.vintage.isoformat()}, sha256 {note.sha256[:12]}."
        for note in table.receipts
    ]
    return " ".join(dict.fromkeys(lines))
