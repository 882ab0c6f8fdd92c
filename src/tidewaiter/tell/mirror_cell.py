"""Open one cell of both sides down to the files: who declared what in which row, and how it was settled.

Owns wording and the layout of its JSON; no number is made here but a rounding.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.answers.describe import number
from tidewaiter.base.sheet import Absent
from tidewaiter.codes import areas
from tidewaiter.tell.mirror import BASES, direction, silence
from tidewaiter.tell.page import console, escaped, say
from tidewaiter.tell.said import amount, exactly, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.mirrored import Declaration, MirrorCell, MirrorTable, Role, Settled

_PERCENT: Final = Decimal(100)
_TIMING: Final = {
    "settled": "taken out with this month's and the next month's arrivals",
    "half": "taken out with this month's arrivals only: the next month is not known",
    "unadjusted": "left in, since the month before is not known or one side only spoke; the interval is wider for it",
}


def cell_json(cell: MirrorCell, table: MirrorTable) -> str:
    """Write one cell with everything under it as JSON, laid out as docs/reference/mirror.md says."""
    return json.dumps(cell_dict(cell, table), indent=2, ensure_ascii=False)


def cell_dict(cell: MirrorCell, table: MirrorTable) -> dict[str, Any]:
    """Lay one cell out as plain data: exact numbers as text, what is not there is null."""
    return {
        "cell": cell.id,
        "exporter": cell.exporter,
        "importer": cell.importer,
        "product": cell.product,
        "hs": cell.hs,
        "period": cell.period,
        "source": table.source or None,
        "as_of": None if table.as_of is None else table.as_of.isoformat(),
        "value": _settled(cell, cell.value),
        "weight": _settled(cell, cell.weight),
        "margin": {"cif_margin": number(cell.cif_margin), "section": cell.section or None, "cells": cell.margin_cells},
        "lag": {"lag_share": number(cell.lag_share), "months": cell.lag_months},
        "errors": {"exporter_cells": cell.exporter_cells, "importer_cells": cell.importer_cells},
        "learned_from": table.learned_from,
        "declarations": [_declaration(each, table) for each in cell.declarations],
        "notes": list(table.notes),
    }


def _settled(cell: MirrorCell, settled: Settled) -> dict[str, Any]:
    value = settled.value
    return {
        "unit": settled.unit,
        "exporter": number(settled.exporter),
        "exporter_status": _status(cell, "exporter", settled),
        "exporter_fob": number(settled.exporter_fob),
        "importer": number(settled.importer),
        "importer_status": _status(cell, "importer", settled),
        "importer_fob": number(settled.importer_fob),
        "importer_said": number(settled.importer_said),
        "timing": settled.timing,
        "gap": number(settled.gap),
        "exporter_part": number(settled.exporter_part),
        "exporter_error": number(settled.exporter_error),
        "importer_error": number(settled.importer_error),
        "number": number(value.value) if value else None,
        "low": number(value.low) if value else None,
        "high": number(value.high) if value else None,
        "basis": settled.basis,
    }


def _status(cell: MirrorCell, role: Role, settled: Settled) -> str:
    spoke = settled.exporter if role == "exporter" else settled.importer
    return silence(cell, role).value if spoke is None else "reported"


def _declaration(each: Declaration, table: MirrorTable) -> dict[str, Any]:
    note = table.receipt(each.row.receipt)
    return {
        "side": each.role,
        "reporter": each.row.reporter,
        "partner": each.row.partner,
        "flow": each.row.flow,
        "product": each.row.product,
        "hs": each.row.hs,
        "period": each.row.period,
        "value_usd": number(each.row.value),
        "valuation": each.row.valuation,
        "weight_kg": number(each.weight_kg),
        "share": number(each.share),
        "receipt": each.row.receipt,
        "row": each.row.row,
        "vintage": each.row.vintage.isoformat(),
        "file": note.file if note else None,
        "sha256": note.sha256 if note else None,
        "url": note.url if note else None,
        "licence": note.licence if note else None,
        "citation": note.citation if note else None,
    }


def print_cell(cell: MirrorCell, table: MirrorTable) -> None:
    """Print one cell: the settled number, either side with its rows and files, and every step between."""
    page = console()
    say(page, escaped(f"{direction(cell)}, {cell.period}"), indent=0, style="bold")
    for settled in (cell.value, cell.weight):
        say(page, escaped(_number(settled)))
    for role in ("exporter", "importer"):
        for depth, line in _side(cell, "exporter" if role == "exporter" else "importer", table):
            say(page, escaped(line), indent=2 + 2 * depth)
    for line in _working(cell, table):
        say(page, escaped(line))
    for note in table.notes:
        say(page, escaped(f"note: {note}"))


def _number(settled: Settled) -> str:
    what = "value" if settled.unit == "USD" else "weight"
    if settled.value is None:
        return f"{what}: nobody declared one"
    low, high = (amount(end, settled.unit) for end in (settled.value.low, settled.value.high))
    digits = exactly(settled.value.value, settled.unit)
    return (
        f"{what}: {amount(settled.value.value, settled.unit)}{f' ({digits})' if digits else ''}, "
        f"90 % interval {low} to {high}; basis {BASES[settled.basis]}"
    )


def _side(cell: MirrorCell, role: Role, table: MirrorTable) -> Iterator[tuple[int, str]]:
    """Say what one side declared, then each of its rows with receipt, sha256 and file."""
    code = cell.exporter if role == "exporter" else cell.importer
    mine = [each for each in cell.declarations if each.role == role]
    who = f"{role} {areas.name(code)} ({code})"
    if not mine:
        yield 0, f"{who}: {_why_silent(cell, role)}"
        return
    value, fob = (
        (cell.value.exporter, cell.value.exporter_fob)
        if role == "exporter"
        else (cell.value.importer, cell.value.importer_fob)
    )
    weight = cell.weight.exporter if role == "exporter" else cell.weight.importer
    valuation = cell.exporter_valuation if role == "exporter" else cell.importer_valuation
    said = "no value" if value is None else f"{plain(value)} USD {str(valuation).upper()}"
    less = f", {plain(fob)} USD at FOB" if fob is not None and fob != value else ""
    yield 0, f"{who} declares {said}{less}{'' if weight is None else f', {plain(weight)} kg'}"
    for each in mine:
        row, note = each.row, table.receipt(each.row.receipt)
        part = "" if each.share == 1 else f", {plain(each.share * _PERCENT)} % of it here"
        kilograms = "" if each.weight_kg is None else f", {plain(each.weight_kg)} kg"
        amount_said = "no value" if row.value is None else f"{plain(row.value)} USD"
        yield 1, f"{row.flow} of {row.product} ({row.hs}) {row.period}: {amount_said}{kilograms}{part}"
        yield 1, f"receipt {row.receipt}, row {row.row}, as of {row.vintage.isoformat()}"
        if note is not None:
            yield 1, f"file {note.file}, sha256 {note.sha256}"


def _why_silent(cell: MirrorCell, role: Role) -> str:
    code, filed = (cell.exporter, cell.exporter_filed) if role == "exporter" else (cell.importer, cell.importer_filed)
    if areas.never_reports(code):
        return "never reports; that is not zero"
    if silence(cell, role) is Absent.NOT_REPORTED and filed:
        return f"filed {cell.period}, and no line of this; that is not zero"
    return f"the lake holds nothing it filed for {cell.period}; that is not zero"


def _working(cell: MirrorCell, table: MirrorTable) -> Iterator[str]:
    if cell.value.basis == "none" and cell.weight.basis == "none":
        return
    if cell.cif_margin is not None:
        cells = f"{cell.margin_cells:,} cells that both declared"
        learned = f"learned from {cells}" if cell.margin_cells else "learned from the two reporters and their distance"
        freight = plain(cell.cif_margin * _PERCENT)
        yield f"freight and insurance: {freight} % of FOB, {learned} (HS section {cell.section})"
    if cell.lag_share is not None:
        own = f"{cell.lag_months:,} product months of this pair" if cell.lag_months else "everybody's months"
        late, done = plain(cell.lag_share * _PERCENT), _TIMING[cell.value.timing]
        yield f"lag: {late} % arrive a month late, learned from {own}; {done}"
    else:
        yield "lag: none is taken out of years"
    for settled in (cell.value, cell.weight):
        yield from _weights(cell, settled)
    if table.learned_from:
        yield f"all of it learned from {table.learned_from:,} declarations of {table.source}"


def _weights(cell: MirrorCell, settled: Settled) -> Iterator[str]:
    what = "value" if settled.unit == "USD" else "weight"
    if settled.basis == "none" or settled.exporter_error is None or settled.importer_error is None:
        return
    gap = "" if settled.gap is None else f"gap {settled.gap * _PERCENT:+.1f} %; "
    part = (
        ""
        if settled.exporter_part is None
        else f"{cell.exporter}'s word counts {settled.exporter_part * _PERCENT:.1f} %; "
    )
    yield (
        f"{what}: {gap}{part}standard deviation of the logarithm {settled.exporter_error:.3f} for {cell.exporter} "
        f"as exporter ({cell.exporter_cells:,} cells), {settled.importer_error:.3f} for {cell.importer} as importer "
        f"({cell.importer_cells:,} cells)"
    )
