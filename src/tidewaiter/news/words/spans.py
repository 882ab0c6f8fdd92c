"""Resolve written periods to whole months, given the day of publication and the claim's own period.

Owns the order of resolution: explicit year, then the period spoken of, then the dateline. A bare month or
range is the latest completed one at publication, unless the story has already named its year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tidewaiter.base.period import Period

if TYPE_CHECKING:
    from datetime import date


PeriodKind = Literal[
    "span",
    "earlier_year",
    "earlier_month",
    "earlier_quarter",
    "same",
    "cited",
    "since",
    "recent",
    "day",
    "run",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """A period as written. `first` and `last` are months 1 to 12 of `year` (`last_year` where it ends later).

    `year` None with `relative_year` 0 or -1 means this or last year at publication; with neither, the latest
    completed one. `kind` says what the words lean on: nothing (span), the claim's own period (earlier_*, same),
    the period spoken of before (cited), or publication (recent).
    """

    text: str
    span: tuple[int, int]
    kind: PeriodKind
    first: int = 1
    last: int = 12
    year: int | None = None
    last_year: int | None = None
    relative_year: int | None = None
    leans: Literal["same_year", "previous_year"] | None = None
    ends: bool = False
    """Whether two ends were named ("between March 2022 and June 2023"), so that figures may stand at each."""
    listed: bool = False
    calendar: Literal["iranian", "fiscal"] | None = None
    months: int | None = None
    whole: bool = False
    """Whether the months are a quarter of the calendar and no window that ends at publication."""
    is_begun: bool = False
    """Whether the month need not be over at publication ("the first 20 days of April")."""

    @property
    def is_rolling(self) -> bool:
        """Whether it is a window that ends whenever the figures do, as "the past five months" is."""
        return self.kind == "recent" and self.months is not None and self.months > 1 and not self.whole

    @property
    def is_relative(self) -> bool:
        """Whether it is told from the claim's own period, as "a year earlier" is."""
        return self.kind in {"earlier_year", "earlier_month", "earlier_quarter", "same"}


@dataclass(frozen=True, slots=True)
class Now:
    """What a period may lean on: publication, the period spoken of, and the year the story is about."""

    published_on: date | None
    current: Period | None = None
    year: int | None = None
    history: tuple[Period, ...] = ()
    fiscal_from: tuple[tuple[int, int], ...] | None = None
    """The months in which the budget year of the story's country begins, each behind the first year it held for."""
    fiscal_named: str = ""
    """Whether that year is named by the one it starts or ends in; "" where both are done."""
    own_months: bool = False
    """Whether the story counts in months of a calendar of its own."""


def resolve(words: PeriodWords, now: Now) -> Period | None:  # noqa: PLR0911 - a list of cases, the first that fits
    """Resolve one expression; None where the text does not say enough."""
    if words.kind == "span" and words.calendar == "fiscal" and words.relative_year is not None:
        return _of_our_fiscal_year(words, now)
    if words.kind == "span":
        return _span(words, now)
    if words.kind == "cited":
        return _cited(words, now)
    if words.kind == "same":
        return _same(words, now)
    if words.kind == "day":
        return _span(words, now)
    if words.kind == "recent":
        return _recent(words, now)
    if now.current is None:
        return None
    shifts = {"earlier_year": -12, "earlier_month": -1, "earlier_quarter": -3}
    if words.kind not in shifts:
        return None
    if words.kind == "earlier_month" and now.current.length > 1:
        return None
    return before(now.current, -words.months if words.months else shifts[words.kind])


def before(period: Period, months: int = -12) -> Period:
    """Shift a period back, by whole multiples of a year where it is longer than the shift."""
    if period.length <= -months:
        return period.shifted(months)
    return period.shifted(-period.length if period.is_full_years else months)


def _span(words: PeriodWords, now: Now) -> Period | None:
    year = words.year
    if year is None and words.relative_year is not None:
        if now.published_on is None:
            return None
        year = now.published_on.year + words.relative_year
        if words.calendar == "iranian" and (now.published_on.month, now.published_on.day) < (3, 21):
            year -= 1
    if year is None and words.leans is not None:
        if now.current is None:
            return None
        year = now.current.first // 12 - (1 if words.leans == "previous_year" else 0)
    if year is None:
        return _latest(words, now)
    last_year = words.last_year or year
    if words.calendar == "fiscal" and (now.fiscal_from is not None or words.months is not None):
        return _fiscal_year(words, now, year)
    if words.last_year is None and words.last < words.first:
        # "from December to April 2023": the year that is written belongs to the end.
        year, last_year = (year, year + 1) if words.calendar else (year - 1, year)
    elif words.last_year is None and words.calendar == "iranian" and words.months == 12:
        last_year = year + 1
    return Period(year * 12 + words.first - 1, last_year * 12 + words.last - 1)


def _fiscal_year(words: PeriodWords, now: Now, year: int) -> Period | None:
    """Resolve a budget year; "fiscal 2018" starts or ends in 2018, as its country has it, else it is not known."""
    alone = words.months == 12
    if now.fiscal_from is None or (alone and not now.fiscal_named):
        return None
    begun = year - (alone and now.fiscal_named == "end")
    first = begun * 12 + next(month for since, month in reversed(now.fiscal_from) if since <= begun) - 1
    if words.months is None or alone:
        return Period(first, first + 11)
    return Period(first + words.first - 1, first + words.last - 1)


def _of_our_fiscal_year(words: PeriodWords, now: Now) -> Period | None:
    """Resolve months of "the current fiscal year": of the one that runs at publication, or where they lie ahead."""
    if now.fiscal_from is None or now.published_on is None or words.relative_year is None:
        return None
    today = now.published_on.year * 12 + now.published_on.month - 1
    begun = now.published_on.year
    starts = [month for since, month in now.fiscal_from if since <= begun]
    if not starts:
        return None
    first = begun * 12 + starts[-1] - 1
    first -= 12 if first > today else 0
    last = first + words.last - 1
    if words.relative_year == 0 and last >= today:
        first -= 12  # the year has turned since, and its figures are only out now
    first += 12 * words.relative_year
    return Period(first + words.first - 1, first + words.last - 1)


def _latest(words: PeriodWords, now: Now) -> Period | None:
    length = (words.last - words.first) % 12
    if now.year is not None and words.kind != "day" and words.last >= words.first:
        return Period.months_of(now.year, words.first, words.last)
    if now.published_on is None or (words.calendar == "iranian" and words.months is not None):
        return None
    newest = now.published_on.year * 12 + now.published_on.month - 2
    if words.is_begun or (words.calendar == "iranian" and now.published_on.day > 20):
        newest += 1
    end = newest - (newest - (words.last - 1)) % 12
    return Period(end - length, end)


def _cited(words: PeriodWords, now: Now) -> Period | None:
    if now.current is None:
        return None
    text = words.text.casefold()
    if text.endswith("year") and words.months is None:
        return Period.months_of(now.current.first // 12)
    if words.months is not None and now.own_months and now.current.length == words.months + 1:
        return now.current  # five months of a calendar of their own lie in six of ours
    if words.months is not None and now.current.length != words.months:
        told = [period for period in now.history if period.length == words.months]
        if told:
            return told[-1]
        return Period.months_of(now.current.last // 12, 1, words.months) if words.months <= 12 else None
    return now.current


def _same(words: PeriodWords, now: Now) -> Period | None:
    current = now.current
    if current is None:
        return None
    if words.year is not None:
        return current.shifted((words.year - current.first // 12) * 12)
    if words.relative_year is not None and now.published_on is not None:
        target = now.published_on.year + words.relative_year
        if target < current.first // 12:
            return current.shifted((target - current.first // 12) * 12)
    return before(current)


def _recent(words: PeriodWords, now: Now) -> Period | None:
    if now.published_on is None or (words.is_rolling and now.own_months):
        return None
    newest = now.published_on.year * 12 + now.published_on.month - 2
    if words.months is None:
        first = (newest // 12) * 12
        return Period(first, newest)
    if words.whole:
        newest -= (newest + 1) % words.months
    return Period(newest - words.months + 1, newest)
