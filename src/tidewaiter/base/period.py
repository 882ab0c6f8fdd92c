"""Spans of whole calendar months: the time axis of every statistic and of most claims.

A `Period` is what was written as `2019`, `2019-07`, `2019Q1`, `2019H1`, `2019-01/2019-11` or
`2017..2020`. It knows its length and season, so that unlike periods are never compared unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SINGLE: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|-?Q(?P<quarter>[1-4])|-?H(?P<half>[12]))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months from `first` to `last`, both inside, counted as year * 12 + month - 1."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            message = f"period {self.start} to {self.end} ends before it begins"
            raise QueryError(message)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2019`, `2019-07`, `2019Q1`, `2019H1`, `A/B` or `A..B`; raises `QueryError`."""
        ends = [cls._parse_single(part, text) for part in re.split(r"/|\.\.", text.strip())]
        if len(ends) > 2:
            message = f"period {text[:80]!r} has more than two ends; write 2019-01/2019-11"
            raise QueryError(message)
        return cls(ends[0].first, ends[-1].last)

    @classmethod
    def _parse_single(cls, part: str, whole: str) -> Period:
        match = _SINGLE.fullmatch(part.strip())
        if match is None:
            message = f"period {whole[:80]!r} is not understood; write 2019, 2019-07, 2019Q1, 2019H1 or 2019-01/2019-11"
            raise QueryError(message)
        year = int(match["year"]) * 12
        if match["month"]:
            first = year + int(match["month"]) - 1
            return cls(first, first)
        if match["quarter"]:
            first = year + (int(match["quarter"]) - 1) * 3
            return cls(first, first + 2)
        if match["half"]:
            first = year + (int(match["half"]) - 1) * 6
            return cls(first, first + 5)
        return cls(year, year + 11)

    @classmethod
    def months_of(cls, year: int, first_month: int = 1, last_month: int = 12) -> Period:
        """Make the span of months `first_month` to `last_month` (1 to 12) of one year."""
        return cls(year * 12 + first_month - 1, year * 12 + last_month - 1)

    @property
    def start(self) -> str:
        """The first month as `2019-01`."""
        return f"{self.first // 12:04d}-{self.first % 12 + 1:02d}"

    @property
    def end(self) -> str:
        """The last month as `2019-11`."""
        return f"{self.last // 12:04d}-{self.last % 12 + 1:02d}"

    @property
    def length(self) -> int:
        """The number of months, at least one."""
        return self.last - self.first + 1

    @property
    def is_full_years(self) -> bool:
        """Whether it runs from a January to a December."""
        return self.first % 12 == 0 and self.last % 12 == 11

    @property
    def years(self) -> range:
        """The calendar years it touches."""
        return range(self.first // 12, self.last // 12 + 1)

    @property
    def first_day(self) -> date:
        """The first day inside."""
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.shifted(self.length).first_day - timedelta(days=1)

    def shifted(self, months: int) -> Period:
        """Return the span of the same length `months` later (earlier if negative)."""
        return Period(self.first + months, self.last + months)

    def is_like(self, other: Period) -> bool:
        """Tell whether both have the same length and the same season (whole years apart)."""
        return self.length == other.length and (self.first - other.first) % 12 == 0

    def overlaps(self, other: Period) -> bool:
        """Tell whether at least one month lies in both."""
        return self.first <= other.last and other.first <= self.last

    def contains(self, other: Period) -> bool:
        """Tell whether every month of `other` lies inside."""
        return self.first <= other.first and other.last <= self.last

    def months(self) -> Iterator[str]:
        """Yield each month as `2019-01`."""
        for index in range(self.first, self.last + 1):
            yield f"{index // 12:04d}-{index % 12 + 1:02d}"

    def span(self) -> str:
        """Write it as the contract does, always with both ends: `2019-01/2019-11`."""
        return f"{self.start}/{self.end}"

    def __str__(self) -> str:
        """Write the shortest form that reads back the same."""
        if self.length == 1:
            return self.start
        if self.is_full_years:
            first, last = self.first // 12, self.last // 12
            return f"{first:04d}" if first == last else f"{first:04d}..{last:04d}"
        return self.span()
