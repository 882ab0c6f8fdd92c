"""Show exposures: a table for a terminal, CSV, JSON, Markdown or a workbook.

Owns layout and wording. Every number was made in `tidewaiter.law`; words stay neutral, since what
is shown are declarations, and declarations are often wrong.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tidewaiter.base.errors import InputError
from tidewaiter.codes import areas
from tidewaiter.tell.said import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.padding import Padding

    Rows: TypeAlias = Sequence[Mapping[str, Any]]

NEUTRAL: Final = (
    "Reported trade in goods that a measure covers. Declarations are often wrong, and exemptions are not in them: "
    "nothing here says that a rule was broken."
)
MIXED_UP: Final = (
    "(n?): so many of the rows stand, as probably as not or more, for an area of a like name; --format csv says of "
    "each how probably and why. Nothing is left out for it."
)
HEADS: Final = {
    "measure": "measure",
    "paragraph": "where",
    "reading": "reading",
    "year": "year",
    "source": "source",
    "reporter": "declared by",
    "flow": "flow",
    "partner": "partner",
    "frequency": "by",
    "declarations": "rows",
    "covered_low_usd": "USD at least",
    "covered_high_usd": "USD at most",
    "suspect_usd": "of it doubted",
}
NUMBERS: Final = frozenset({"year", "rows", "USD at least", "USD at most", "of it doubted"})
FREQUENCIES: Final = {"A": "year", "M": "month"}


def summary_rows(summary: Rows, *, inside_measure: bool = False) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Lay a summary out for reading: heads and rows; what is too coarse to tell is left to `coarse_note`.

    `inside_measure` leaves out what a heading over the table says already.
    """
    kept = [row for row in summary if not row["too_coarse"]]
    doubted = any(row["suspect_usd"] for row in kept)
    disputed = any(row["reading"] for row in kept)
    sources = {row.get("source") for row in kept}
    shown = {"suspect_usd": doubted, "reading": disputed, "source": len(sources) > 1}
    names = [name for name in HEADS if shown.get(name, True)]
    names = [name for name in names if name == "partner" or all(name in row for row in kept)]
    if inside_measure:
        said = {"measure", "paragraph", "reading", *_same(kept)}
        names = [name for name in names if name not in said]
    return tuple(HEADS[name] for name in names), [tuple(_cell(name, row) for name in names) for row in kept]


def coarse_note(summary: Rows) -> str | None:
    """Say how many declarations are too coarse to tell; None where there are none."""
    rows = sum(row["declarations"] for row in summary if row["too_coarse"])
    if not rows:
        return None
    return f"{rows:,} more are of all goods or of codes wider than the law's: nothing can be told from them."


def _cell(name: str, row: Mapping[str, Any]) -> Any:
    if name == "partner":
        other = row["exporter"] if row.get("reporter") == row["importer"] else row["importer"]
        return areas.name(other)
    value = "none" if name == "suspect_usd" and row[name] is None else row[name]
    if name in {"reporter", "frequency"}:
        return areas.name(value) if name == "reporter" else FREQUENCIES.get(value, value)
    if name in {"measure", "paragraph"}:
        doubt = "" if row["verified"] else " *"
        return f"{row['regime']} {value}{doubt}" if name == "measure" else f"{row['act']}, {value}"
    if name == "declarations" and row.get("mixups"):
        return f"{value} ({row['mixups']}?)"
    return plain(Decimal(str(value)).quantize(Decimal(1))) if isinstance(value, Decimal | float) else value


def print_exposure(summary: Rows, *, limit: int | None = 60) -> None:
    """Print the summary for a terminal or a pipe, one table a measure, with what a reader has to know below it."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    told = [row for row in summary if not row["too_coarse"]]
    if not told:
        console.print("No declared trade in goods that a measure covers was found in the lake.")
    shown = told[:limit]
    for _, group in groupby(shown, key=_measure_of):
        rows = list(group)
        heads, cells = summary_rows(rows, inside_measure=True)
        console.print(f"{_measure_title(rows[0])}{_only_partner(rows)}", style="bold", markup=False)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for head in heads:
            table.add_column(head, justify="right" if head in NUMBERS else "left", no_wrap=head in NUMBERS)
        for line in cells:
            table.add_row(*("no value" if cell is None else str(cell) for cell in line))
        console.print(table)
    for note in notes(summary, hidden=len(told) - len(shown)):
        console.print(_indented(note))


def _measure_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["regime"], row["measure"], row["reading"]


def _measure_title(row: Mapping[str, Any]) -> str:
    reading = f", under the reading {row['reading']}" if row["reading"] else ""
    doubt = "" if row["verified"] else " *"
    kind = row["kind"].replace("_", " ")
    place = f"{row['act']}, {row['paragraph']}"
    return f"{row['regime']} {row['measure']}{doubt}: {kind} since {row['start']}, {place}{reading}"


def _only_partner(rows: Rows) -> str:
    """Say once what all rows share: partner, flow, months or years."""
    same = _same(rows)
    partner = f" with {same['partner']}" if "partner" in same else ""
    how = " ".join(
        word for word in (same.get("flow", ""), f"by {same['frequency']}" if "frequency" in same else "") if word
    )
    said = ", ".join(part for part in (partner.strip(), how) if part)
    return f"; {said}" if said else ""


def _same(rows: Rows) -> dict[str, str]:
    """Return what a column says where it says the same in every row."""
    found = {
        name: {_cell(name, row) for row in rows}
        for name in ("partner", "flow", "frequency")
        if all(name in row or name == "partner" for row in rows)
    }
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def notes(summary: Rows, *, hidden: int = 0) -> list[str]:
    """List the sentences that belong under any summary."""
    lines = [f"{hidden:,} more lines; --limit 0 shows all, --format csv every declaration."] if hidden else []
    if any(not row["too_coarse"] for row in summary):
        lines.append(NEUTRAL)
        lines.append("At least: covered for certain. At most: with codes, days and exemptions that cannot be told.")
    if any(not row["verified"] for row in summary if not row["too_coarse"]):
        lines.append(
            "* code, words or days of the measure were not verified against the act; see `tidewaiter law show`."
        )
    if any(row.get("mixups") for row in summary if not row["too_coarse"]):
        lines.append(MIXED_UP)
    lines.extend(filter(None, [coarse_note(summary)]))
    return lines


def to_csv(rows: Rows, names: Sequence[str]) -> str:
    """Write rows as CSV under a head of `names`; a missing value is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def to_json(summary: Rows, rows: Rows, about: Mapping[str, Any]) -> str:
    """Write summary and rows as JSON: money as text, exactly; a missing value is null."""
    document = {"about": {**about, "note": NEUTRAL}, "summary": list(summary), "rows": list(rows)}
    return json.dumps(document, indent=2, ensure_ascii=False, default=_plain)


def to_markdown(summary: Rows) -> str:
    """Write the summary as a Markdown table with its notes."""
    heads, rows = summary_rows(summary)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join('no value' if cell is None else _escaped(cell) for cell in row)} |" for row in rows]
    return "\n".join([*(lines if rows else []), "", *notes(summary)]) + "\n"


def write_xlsx(path: Path, summary: Rows, rows: Rows, about: Mapping[str, Any]) -> None:
    """Write a workbook with the sheets Summary, Annex and About.

    Numbers are numbers, codes are text, so that 0303 keeps its zero.
    """
    from xlsxwriter import Workbook

    # A workbook is written in one go at its end: a place that cannot be written is best found out before.
    try:
        path.open("wb").close()
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise InputError(message) from None
    with Workbook(
        str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for title, table in (("Summary", summary), ("Annex", rows)):
            sheet = book.add_worksheet(title)
            for column, name in enumerate(table[0] if table else ()):
                sheet.write_string(0, column, name, bold)
                for line, row in enumerate(table, 1):
                    value = row[name]
                    if isinstance(value, bool) or value is None:
                        sheet.write(line, column, value)
                    elif isinstance(value, int | float | Decimal):
                        sheet.write_number(line, column, float(value))
                    else:
                        sheet.write_string(line, column, _plain(value))
            sheet.freeze_panes(1, 0)
            if table:
                sheet.autofilter(0, 0, len(table), len(table[0]) - 1)
        sheet = book.add_worksheet("About")
        for line, (key, value) in enumerate({**about, "note": NEUTRAL}.items()):
            sheet.write_string(line, 0, key, bold)
            sheet.write_string(line, 1, str(value))


def difference_json(changed: Rows, traded: Rows, title: str) -> str:
    """Write what a scenario would change as JSON."""
    document = {"scenario": title, "note": NEUTRAL, "changed": changed, "declared_in_lifted_goods": traded}
    return json.dumps(document, indent=2, ensure_ascii=False, default=_plain)


def print_difference(changed: Rows, traded: Rows, title: str) -> None:
    """Print what a scenario would change, then the trade ever declared in the goods it lifts."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(title, markup=False, style="bold")
    _print_sums(
        console, "Flows whose status would change", changed, ("measure", "goods", "status_before", "status_after")
    )
    _print_sums(console, "Declared in the goods it lifts, whatever the law of the day", traded, ("measure", "goods"))
    console.print(_indented(NEUTRAL))


def _indented(note: str) -> Padding:
    """Set a note in, its further lines too."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(note), (0, 0, 0, 2))


def _print_sums(console: Console, title: str, rows: Rows, by: tuple[str, ...]) -> None:
    from rich import box
    from rich.table import Table

    if not rows:
        console.print(f"{title}: none in the lake for these periods.", markup=False)
        return
    console.print(f"{title}:", markup=False)
    for key, group in groupby(rows, key=lambda row: tuple(row[name] for name in by)):
        change = f": {key[2]} -> {key[3]}" if len(key) > 2 else ""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=f"{key[0]}, {key[1]}{change}", title_justify="left")
        for head in ("year", "from", "to", "declared by", "by", "rows", "USD at most"):
            table.add_column(head, justify="right" if head in NUMBERS else "left", no_wrap=head in NUMBERS)
        for row in group:
            amount = next(row[name] for name in ("usd_at_most", "value_usd") if name in row)
            told = "no value" if amount is None else plain(Decimal(str(amount)).quantize(Decimal(1)))
            ends = [areas.name(row[name]) for name in ("exporter", "importer")]
            who = areas.name(row["reporter"]) if "reporter" in row else ""
            often = FREQUENCIES.get(row.get("frequency", ""), "")
            table.add_row(row["year"], *ends, who, often, f"{row['declarations']:,}", told)
        console.print(table)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _escaped(cell: Any) -> str:
    return str(cell).replace("|", "\\|")
