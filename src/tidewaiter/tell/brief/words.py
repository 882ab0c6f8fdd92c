"""The words that sentences are put together from: areas, spans of months, lists; in the forms the checker reads."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tidewaiter.base.period import Period

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ALL: Final = "the world"


@cache
def _articles() -> frozenset[str]:
    with Path(__file__).with_name("articles.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["code"] for row in csv.DictReader(lines))


def area(code: str | None) -> str:
    """Name an area inside a sentence: `Russia`, `the Netherlands`, `the world` for all partners."""
    if code is None or code == areas.WORLD:
        return ALL
    return f"the {areas.name(code)}" if code in _articles() else areas.name(code)


def whose(code: str | None) -> str:
    """Name an area as an owner: `Russia's`, `the Netherlands'`."""
    name = area(code)
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def begun(text: str) -> str:
    """Begin a sentence with a capital letter and change nothing else."""
    return f"{text[:1].upper()}{text[1:]}"


def dated(day: date) -> str:
    """Write a day as a dateline does: `1 March 2020`."""
    return f"{day.day} {_month(day.isoformat())} {day.year}"


def when(period: Period) -> str:
    """Name a span: `2019`, `July 2019`, `January-November 2019`, `July 2018 to June 2019`, `2018-2019`."""
    start, end = _month(period.start), _month(period.end)
    if period.is_full_years:
        return "-".join(dict.fromkeys((period.start[:4], period.end[:4])))
    if period.length == 1:
        return f"{start} {period.start[:4]}"
    if period.start[:4] == period.end[:4]:
        return f"{start}-{end} {period.start[:4]}"
    return f"{start} {period.start[:4]} to {end} {period.end[:4]}"


def during(period: Period) -> str:
    """Say when something happened: `in 2019`, `in January-November 2019`, `from July 2018 to June 2019`."""
    word = "from" if " to " in when(period) else "in"
    return f"{word} {when(period)}"


def _month(text: str) -> str:
    numbers = {f"{place:02d}": name for place, name in enumerate(MONTHS, 1)}
    return numbers[text[5:7]]


def listed(parts: Sequence[str]) -> str:
    """Join as a sentence does: `a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
