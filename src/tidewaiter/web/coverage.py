"""What the lake holds of whom and when: the coverage calendar of one source. Owns no number but counts of months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.base.sheet import Sheet, SheetColumn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tidewaiter.base.sheet import Cell
    from tidewaiter.lake.lake import Lake

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Calendar:
    """Who filed what: for each reporter and year the months filed, and whether the year as a whole was."""

    source: str
    sources: tuple[str, ...]
    years: tuple[int, ...]
    first: int
    last: int
    reporters: dict[str, dict[int, tuple[int, bool]]]

    def cell(self, reporter: str, year: int) -> tuple[str, str, str]:
        """Return a cell's sign, its class and what it says aloud."""
        months, whole = self.reporters[reporter].get(year, (0, False))
        if months == MONTHS:
            return f"12{'y' * whole}", "full", "all months" + (" and the year" if whole else "")
        if whole:
            return f"{months or ''}y", "full" if not months else "part", f"the year, {months or 'no'} months"
        return (str(months), "part", f"{months} months") if months else ("", "none", "nothing")

    def sheet(self) -> Sheet:
        """Lay the calendar out as rows: one for each reporter and year with anything."""
        columns = (
            SheetColumn("source", "source"),
            SheetColumn("reporter", "reporter"),
            SheetColumn("year", "year", "count"),
            SheetColumn("months", "months filed", "count"),
            SheetColumn("whole_year", "year filed as a whole", "yes_no"),
        )
        rows: list[tuple[Cell, ...]] = [
            (self.source, reporter, year, *found)
            for reporter, years in self.reporters.items()
            for year, found in sorted(years.items())
        ]
        return Sheet(f"coverage_{self.source}", f"Filed by whom and when: {self.source}", columns, tuple(rows))


def calendar(
    lake: Lake, source: str | None, first: int | None, last: int | None, as_of: date | None = None
) -> Calendar | None:
    """Return the calendar of `source` (that of most filings if none is named); None where nothing was landed."""
    placed = lake.parts(as_of).placed
    counted = placed.group_by("source").agg(filings=nw.len()).to_native().fetchall()
    names = [name for name, _ in sorted(counted, key=lambda each: (-each[1], each[0]))]
    if not names:
        return None
    chosen = source if source is not None and source in names else names[0]
    mine = placed.filter(nw.col("source") == chosen).select("reporter", "frequency", "period").unique()
    found: dict[str, dict[int, tuple[int, bool]]] = {}
    for reporter, frequency, period in sorted(mine.to_native().fetchall()):
        year = int(period[:4])
        months, whole = found.setdefault(reporter, {}).get(year, (0, False))
        found[reporter][year] = (months + (frequency == "M"), whole or frequency == "A")
    every = sorted({year for years in found.values() for year in years})
    until = last or every[-1]
    since = first or until - 11
    inside = {who: _between(years, since, until) for who, years in found.items()}
    shown = tuple(year for year in range(since, until + 1) if every[0] <= year <= every[-1])
    return Calendar(chosen, tuple(names), shown, every[0], every[-1], {who: own for who, own in inside.items() if own})


def _between(years: dict[int, tuple[int, bool]], since: int, until: int) -> dict[int, tuple[int, bool]]:
    return {year: found for year, found in years.items() if since <= year <= until}


def vintages(lake: Lake) -> Sequence[tuple[date, str, int, int]]:
    """List the vintages of each source, newest first: day, source, files, rows."""
    grouped = lake.tables().receipt.group_by("vintage", "source").agg(files=nw.len(), rows=nw.col("rows").sum())
    ordered = grouped.sort("vintage", "source", descending=[True, False])
    return [tuple(row) for row in ordered.to_native().fetchall()]
