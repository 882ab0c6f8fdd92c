"""Which numbers UN Comtrade gives an area in a year: the table of `codes`, read the other way round."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Sequence


def numbers(codes: Sequence[str], periods: Sequence[str]) -> tuple[str, ...]:
    """Return every number of the areas `codes` that was in use in one of the `periods` (2019 or 201907)."""
    years = {int(period[:4]) for period in periods}
    found: list[str] = []
    for code in codes:
        mine = [number for number, area, first, last in _table() if area == code and years & _span(first, last)]
        if not mine:
            areas.area(code)
            message = f"{areas.name(code)} ({code}) has no number in UN Comtrade in {min(years)} to {max(years)}"
            raise CodeError(message)
        found += mine
    return tuple(dict.fromkeys(found))


def numbers_of_all() -> tuple[str, ...]:
    """Return every number, the world's included."""
    return tuple(number for number, *_ in _table())


def _span(first: str, last: str) -> set[int]:
    return set(range(int(first or 1900), int(last or 2200) + 1))


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, str, str, str], ...]:
    with areas.m49_csv().open(encoding="utf-8", newline="") as lines:
        return tuple((row["m49"], row["code"], row["first_year"], row["last_year"]) for row in csv.DictReader(lines))
