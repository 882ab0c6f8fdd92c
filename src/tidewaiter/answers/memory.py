"""Remember what was fetched from the frames of one day, so that the next question need not ask again.

Frames never change, so an answer from memory is the answer from the frames. The memory belongs to
the `Tables` it was fetched from: a new landing makes new `Tables`, and they begin with nothing.
Asking the engine costs milliseconds each time whatever comes back; so a little more is fetched than
one question needs, and what is kept is bounded.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tidewaiter.answers.engine import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tidewaiter.base.schema import Frame, Tables

    Kept = TypeVar("Kept")
    Row = TypeVar("Row")

MOST_KEPT: Final = 100_000
"""Once more rows than this are kept, all are forgotten."""
MOST_WHOLE: Final = 5_000
"""A table of receipts or printed figures is kept whole up to so many rows."""
SPARE: Final = (3, 1)
"""So many years before and after those asked come along: who asks for a year soon asks for the one before."""
_SIZE: Final = "rows kept"


def remember(tables: Tables, key: tuple[Any, ...], fetch: Callable[[], Kept]) -> Kept:
    """Return what is kept under `key`, else what `fetch` brings."""
    if key in tables.memory:
        kept: Kept = tables.memory[key]
        return kept
    value = fetch()
    _keep(tables, key, value)
    return value


def by_year(
    tables: Tables,
    key: tuple[Any, ...],
    years: Sequence[int],
    fetch: Callable[[range], Iterable[tuple[int, Row]] | None],
    *,
    spare: tuple[int, int] | None = None,
) -> list[Row] | None:
    """Return the rows of `years`, which are kept year by year; None where `fetch` says they are too many.

    `fetch` brings pairs of year and row for the years it is given: those asked that are not kept, and
    `spare` ones before and after.
    """
    found: dict[int, tuple[Row, ...]] = {
        year: tables.memory[*key, year] for year in years if (*key, year) in tables.memory
    }
    missing = [year for year in years if year not in found]
    if missing:
        before, after = SPARE if spare is None else spare
        around = range(missing[0] - before, missing[-1] + after + 1)
        wanted = [year for year in around if (*key, year) not in tables.memory]
        brought = fetch(range(wanted[0], wanted[-1] + 1))
        if brought is None:
            return None
        rows: dict[int, list[Row]] = {year: [] for year in wanted}
        for year, row in brought:
            if year in rows:
                rows[year].append(row)
        found |= {year: tuple(rows[year]) for year in wanted}
        for year in wanted:
            _keep(tables, (*key, year), found[year])
    return [row for year in years for row in found[year]]


def kept(tables: Tables, key: tuple[Any, ...], years: Sequence[int]) -> list[Any] | None:
    """Return what `by_year` has kept of `years`; None where it was not asked for all of them."""
    if not all((*key, year) in tables.memory for year in years):
        return None
    return [row for year in years for row in tables.memory[*key, year]]


def whole(tables: Tables, name: str, frame: Frame) -> list[dict[str, Any]] | None:
    """Return all rows of a small table; None where it is not small."""

    def fetch() -> list[dict[str, Any]] | None:
        rows = records(frame.head(MOST_WHOLE + 1))
        return rows if len(rows) <= MOST_WHOLE else None

    return remember(tables, ("whole", name), fetch)


def _keep(tables: Tables, key: tuple[Any, ...], value: object) -> None:
    size = 1 + (len(value) if isinstance(value, Sized) else 0)
    if tables.memory.get(_SIZE, 0) + size > MOST_KEPT:
        tables.memory.clear()
    if size <= MOST_KEPT:
        tables.memory[key] = value
        tables.memory[_SIZE] = tables.memory.get(_SIZE, 0) + size
