"""Duties with a deadline, and the statistics that bear on them.

A duty is no trade flow: its day is in the regime, what happened around it in counts of workers,
permits and visas, each with its page. Counts of different series are never added, and a rise in
tourist visas before a deadline for workers is context, not proof. This room opens the shipped
counts; everything else is pure.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from pydantic import BaseModel, ConfigDict

from tidewaiter.base.errors import RuleError, TidewaiterError, nearest
from tidewaiter.base.period import Period
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.law.written import RegimeId, Slug, Words  # noqa: TC001 - pydantic reads these when the program runs

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tidewaiter.law.regime import Duty, Measure, Regime

SHIPPED: Final = Path(__file__).with_name("ledgers")
COLUMNS: Final = ("start", "end", "area", "series", "purpose", "persons", "how", "url", "note")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A duty of a measure and the day it is due."""

    regime: str
    measure: Measure
    duty: Duty

    def days_left(self, today: date) -> int:
        """Count the days from `today` to the deadline; negative once it has passed."""
        return (self.duty.due - today).days


@dataclass(frozen=True, slots=True)
class Count:
    """Persons counted in a span of months; `persons` None: withheld or said without a number, not zero."""

    span: Period
    area: str
    series: str
    purpose: str
    persons: int | None
    how: str
    url: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """What was counted."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts that bear on some measures of a regime."""

    id: str
    regime: str
    title: str
    measures: tuple[str, ...]
    series: tuple[Series, ...]
    counts: tuple[Count, ...]

    def of(self, area: str, series: str, purpose: str) -> tuple[Count, ...]:
        """Return the counts of one series in order of time, shorter spans first."""
        found = (each for each in self.counts if (each.area, each.series, each.purpose) == (area, series, purpose))
        return tuple(sorted(found, key=lambda each: (each.span.first, each.span.length)))


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SeriesWritten(_Written):
    id: Words
    title: Words
    words: Words


class _CardWritten(_Written):
    id: Slug
    regime: RegimeId
    title: Words
    measures: tuple[Slug, ...]
    counted: Words
    series: tuple[_SeriesWritten, ...]


def deadlines(regime: Regime) -> tuple[Deadline, ...]:
    """List every deadline of a regime, the earliest first."""
    found = [Deadline(regime.id, measure, duty) for measure in regime.measures for duty in measure.duties]
    return tuple(sorted(found, key=lambda each: (each.duty.due, each.measure.id)))


def change(base: Count, current: Count) -> Decimal:
    """Return by what fraction a count rose or fell; 7.16 means it rose by 716 per cent.

    Raises `TidewaiterError` for counts of unlike spans or series, or without a number: their
    quotient would mean nothing.
    """
    from decimal import Decimal

    alike = (base.area, base.series, base.purpose) == (current.area, current.series, current.purpose)
    if not alike or not base.span.is_like(current.span):
        message = f"{base.series} of {base.span} and {current.series} of {current.span} are not like for like"
        raise TidewaiterError(message)
    if not base.persons or current.persons is None:
        message = f"{base.series} of {base.span} to {current.span}: a number is missing or zero"
        raise TidewaiterError(message)
    return Decimal(current.persons) / Decimal(base.persons) - 1


def load_counts(folder: Path = SHIPPED) -> tuple[Counts, ...]:
    """Load every card of counts in `folder`; raises `RuleError` with file, line and key."""
    cards = [card for card in sorted(folder.glob("*.yml")) if "counted:" in card.read_text("utf-8")]
    return tuple(_load(card) for card in cards)


def _load(card: Path) -> Counts:
    written = parse_rules(card.read_text("utf-8"), str(card), _CardWritten)
    rows = card.with_name(written.counted)
    series = tuple(Series(each.id, each.title, each.words) for each in written.series)
    counts = read_counts(rows.read_text("utf-8"), str(rows), [each.id for each in series])
    return Counts(written.id, written.regime, written.title, written.measures, series, counts)


def read_counts(text: str, name: str, series: list[str]) -> tuple[Count, ...]:
    """Read counts from CSV `text`; lines that begin with # before the header are comments."""
    lines = text.splitlines()
    skipped = next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(io.StringIO("\n".join(lines[skipped:])))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        message = f"{name}:{skipped + 1}: the columns are {reader.fieldnames}, not {', '.join(COLUMNS)}"
        raise RuleError(message)
    return tuple(_count(row, f"{name}:{skipped + reader.line_num}", series) for row in reader)


def _count(row: dict[str, str], where: str, series: list[str]) -> Count:
    def refuse(key: str, reason: str) -> NoReturn:
        message = f"{where}: {key}: {reason}"
        raise RuleError(message)

    if None in row or None in row.values():
        refuse("row", f"has not {len(COLUMNS)} cells; put a text that holds a comma in quotes")
    if row["series"] not in series:
        refuse("series", f"{row['series']!r} is not on the card{nearest(row['series'], series)}")
    if not row["url"]:
        refuse("url", "a count without its page is no evidence")
    if row["persons"] and not row["persons"].isdecimal():
        refuse("persons", f"{row['persons']!r} is no number of persons")
    try:
        span = Period.parse(f"{row['start']}/{row['end']}")
    except TidewaiterError as error:
        refuse("start", str(error))
    return Count(
        span=span,
        area=row["area"],
        series=row["series"],
        purpose=row["purpose"],
        persons=int(row["persons"]) if row["persons"] else None,
        how=row["how"],
        url=row["url"],
        note=row["note"] or None,
    )
