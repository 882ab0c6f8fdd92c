"""Periods as they are written: years, months, quarters, ranges, and words that lean on another period.

Owns reading an expression ("January-November 2019", "the first half of this year", "a year earlier", "the
cited period") and resolving it to whole months, given the day of publication and the period that the claim
itself speaks of. What cannot be resolved stays None: a period is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.words.english import grammar, times
from tidewaiter.news.words.spans import PeriodWords
from tidewaiter.news.words.tables import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.news.words.spans import PeriodKind


@cache
def _month_numbers() -> dict[str, int]:
    return {row["phrase"].casefold(): int(row["month"]) for row in rows("months")}


def _month(text: str) -> int:
    return _month_numbers()[text.rstrip(".").casefold()]


def _small(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    words = {row["phrase"]: row["value"] for row in rows("numerals") if row["kind"] in {"cardinal", "ordinal"}}
    value = words.get(text.casefold())
    return int(value) if value and value.isdigit() else None


def _ordinal(text: str) -> int:
    ordinals = {row["phrase"]: int(row["value"]) for row in rows("numerals") if row["kind"] == "ordinal"}
    return ordinals.get(text.casefold()) or int(re.sub(r"\D", "", text))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PeriodWords | None]], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), _READINGS[name]) for pattern, name in times.periods())


def lex(text: str, at: int) -> PeriodWords | None:
    """Read the longest period expression that begins at `at`, or return None."""
    best: PeriodWords | None = None
    for pattern, build in _patterns():
        match = pattern.match(text, at)
        if match is not None and match.end() > at and (best is None or match.end() > best.span[1]):
            best = build(match) or best
    through = best is not None and best.text.casefold().startswith(grammar.THROUGH)
    if best is not None and through and grammar.BEGAN_BEFORE.search(text[max(0, at - 48) : at]):
        return PeriodWords(best.text, best.span, "unknown")  # "in the season through March"
    if (
        best is not None
        and best.text.casefold().startswith(grammar.OPENS_A_YEAR)
        and grammar.TOO_EARLY.search(text[max(0, at - 24) : at])
    ):
        # "the war's first six months" are not a year's.
        return PeriodWords(best.text, best.span, "unknown", months=best.last - best.first + 1)
    return best


def _year_slots(match: re.Match[str]) -> tuple[int | None, int | None, Literal["same_year", "previous_year"] | None]:
    groups = match.groupdict()
    lead = groups.get("lead")
    if groups.get("year") or (lead and lead.isdigit()):
        return int(groups.get("year") or lead or 0), None, None
    if groups.get("before"):
        return None, None, "previous_year"
    which = grammar.ARTICLE.sub("", (groups.get("which") or lead or "").casefold())
    if which in grammar.PREVIOUS:
        return None, None, "previous_year"
    if which in grammar.SAME:
        return None, None, "same_year"
    return None, grammar.YEARS_FROM_NOW.get(which), None


def _span(
    match: re.Match[str], first: int, last: int, year: int | None = None, last_year: int | None = None
) -> PeriodWords:
    relative: int | None = None
    leans: Literal["same_year", "previous_year"] | None = None
    if year is None:
        year, relative, leans = _year_slots(match)
    return PeriodWords(match[0], match.span(), "span", first, last, year, last_year, relative, leans)


def _days(match: re.Match[str]) -> PeriodWords:
    first, last = _month(match["m1"]), _month(match["m2"] or match["m1"])
    year = int(match["y1"] or match["y2"] or 0) or None
    end_year = int(match["y2"]) if match["y2"] else None
    calendar: Literal["iranian"] | None = (
        "iranian" if first == 3 and 19 <= int(match["d1"]) <= 22 and 18 <= int(match["d2"]) <= 23 else None
    )
    return PeriodWords(
        match[0], match.span(), "span", first, last, year, end_year if end_year != year else None, calendar=calendar
    )


def _day(match: re.Match[str]) -> PeriodWords | None:
    if int(match["d1"]) > 31:
        return None
    first = _month(match["m1"])
    return PeriodWords(match[0], match.span(), "day", first, first, int(match["y1"]) if match["y1"] else None)


def _first_days(match: re.Match[str]) -> PeriodWords:
    """Read "the first 20 days of April" as its month, which need not be over yet."""
    words = _span(match, _month(match["m1"]), _month(match["m1"]))
    return replace(words, is_begun=True)


def _month_range(match: re.Match[str]) -> PeriodWords | None:
    between = (match["between"] or "").casefold()
    if match["and"] and between == grammar.FROM:
        return None
    words = _span(match, _month(match["m1"]), _month(match["m2"]))
    first_year = int(match["y1"]) if match["y1"] else words.year
    last_year = words.year if match["y1"] and words.year != first_year else None
    if match["y1"] and first_year and last_year is None and words.last < words.first:
        last_year = first_year + 1
    return PeriodWords(
        words.text,
        words.span,
        "span",
        words.first,
        words.last,
        first_year,
        last_year,
        words.relative_year,
        words.leans,
        ends=between == grammar.BETWEEN and not match["whole"],
        listed=bool(match["and"]) and not between,
    )


def _one_month(match: re.Match[str]) -> PeriodWords | None:
    written = match["m1"]
    if written.rstrip(".").casefold() in grammar.ALSO_WORDS and written[0].islower():
        return None
    month = _month(written)
    return _span(match, month, month)


def _through(match: re.Match[str]) -> PeriodWords:
    """Read "through November of this year" as the months from its first."""
    return _span(match, 1, _month(match["m1"]))


def _part_of_year(match: re.Match[str]) -> PeriodWords | None:
    groups = match.groupdict()
    is_quarter = (groups.get("part") or "").casefold() == grammar.QUARTER or (groups.get("code") or "") in {"Q", "q"}
    n = _ordinal(groups["nth"]) if groups.get("nth") else int(groups["n"])
    length = 3 if is_quarter else 6
    if n > 12 // length or (groups.get("code") or "Q").islower():
        return None
    return _span(match, (n - 1) * length + 1, n * length)


def _end_of_year(match: re.Match[str]) -> PeriodWords | None:
    """Read "the last quarter of 2023" and "the closing two months of last year"."""
    count = _small(match["count"]) if match["count"] else 3 if match["part"].casefold() == grammar.QUARTER else 6
    if not count or count > 12:
        return None
    if match["end"].casefold() in grammar.OPENING:
        return _span(match, 1, count)
    return _span(match, 13 - count, 12)


def _years_earlier(match: re.Match[str]) -> PeriodWords | None:
    count = 10 if match["ten"] else _small(match["count"])
    return PeriodWords(match[0], match.span(), "earlier_year", months=12 * count) if count else None


def _last_quarter(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "recent", months=3, whole=True)


def _first_months(match: re.Match[str]) -> PeriodWords | None:
    groups = match.groupdict()
    quarters = _small(groups["quarters"]) if groups.get("quarters") else None
    count = 3 * quarters if quarters else 1 if groups.get("one") else _small(match["count"])
    return _span(match, 1, count) if count and count <= 12 else None


def _months_to(match: re.Match[str]) -> PeriodWords | None:
    """Read "the seven months through July" and "the year to March 2023" as the months that end there."""
    count = 12 if match["one"] else _small(match["count"])
    last = _month(match["m1"])
    if not count or count > 12:
        return None
    ends = int(match["day"] or 0)
    if 19 <= ends <= 23:
        # Months that end about the 21st are those of the Iranian year.
        first = last - count if last > count else last - count + 12
        words = _span(match, first, last)
        year, length = words.year, count + 1
        if year is not None and length > last:
            year, last_year = year - 1, year
            return replace(words, year=year, last_year=last_year, calendar="iranian", months=count)
        return replace(words, calendar="iranian", months=None)
    first = last - count + 1
    return _span(match, first if first >= 1 else first + 12, last)


def _n_months(match: re.Match[str]) -> PeriodWords | None:
    count = _small(match["count"] or match["n"])
    if match["year"] and count and count <= 12:
        return _span(match, 1, count)
    return PeriodWords(match[0], match.span(), "cited", months=count)


def _iranian(match: re.Match[str]) -> PeriodWords | None:
    count = _small(match["count"]) if match["count"] else 12
    which = (match["which"] or "").casefold()
    relative = -1 if which in grammar.PAST else None if match["year"] else 0
    year = int(match["year"]) + 621 if match["year"] else None
    last = 3 + (count or 12)
    return PeriodWords(
        match[0],
        match.span(),
        "span",
        3,
        last if last <= 12 else last - 12,
        year,
        relative_year=relative,
        calendar="iranian",
        months=count,
    )


def _fiscal(match: re.Match[str]) -> PeriodWords:
    year = int(match["y1"] or match["y3"] or match["y5"])
    return PeriodWords(match[0], match.span(), "span", 4, 3, year, year + 1, calendar="fiscal")


def _fiscal_single(match: re.Match[str]) -> PeriodWords:
    year = int(match["y1"] or match["y3"] or match["y5"])
    return PeriodWords(match[0], match.span(), "span", 4, 3, year, year + 1, calendar="fiscal", months=12)


def _part_of_fiscal(match: re.Match[str]) -> PeriodWords | None:
    """Read "the first quarter of fiscal year 2013-14": months counted from where that year begins."""
    year, ends = int(match["y1"]), int(match["y2"][-2:])
    length = 3 if (match["part"] or "").casefold() == grammar.QUARTER else 6
    nth, count = (_ordinal(match["nth"]), length) if match["part"] else (1, _small(match["count"]))
    if not count or nth * count > 12 or (year + 1) % 100 != ends:
        return None
    first, last = (nth - 1) * count + 1, nth * count
    if count == 12:
        return PeriodWords(match[0], match.span(), "span", 4, 3, year, year + 1, calendar="fiscal")
    return PeriodWords(match[0], match.span(), "span", first, last, year, year + 1, calendar="fiscal", months=count)


def _part_of_our_fiscal(match: re.Match[str]) -> PeriodWords | None:
    """Read "the first eight months of the current fiscal year", which begins where the country's does."""
    length = 3 if (match["part"] or "").casefold() == grammar.QUARTER else 6
    nth, count = (_ordinal(match["nth"]), length) if match["part"] else (1, _small(match["count"]))
    if not count or nth * count > 12:
        return None
    first, last = (nth - 1) * count + 1, nth * count
    relative = grammar.YEARS_FROM_NOW[match["which"].casefold()]
    words = PeriodWords(match[0], match.span(), "span", first, last, relative_year=relative, calendar="fiscal")
    return replace(words, months=count)


def _same(match: re.Match[str]) -> PeriodWords:
    year, relative, leans = _year_slots(match)
    groups = match.groupdict()
    size = grammar.MONTHS_IN.get((groups.get("unit") or "").casefold().removesuffix("s"))
    if groups.get("last") or grammar.YEAR_AGO in match[0].casefold():
        relative = -1
    if groups.get("prior") or groups.get("before"):
        leans = "previous_year"
    if year is None and relative is None and leans is None:
        return PeriodWords(match[0], match.span(), "cited")
    return PeriodWords(match[0], match.span(), "same", year=year, relative_year=relative, leans=leans, months=size)


def _recent(match: re.Match[str]) -> PeriodWords:
    if match.groupdict().get("of") in {"months", "Months"}:
        return PeriodWords(match[0], match.span(), "recent", months=_small(match["count"]))
    return PeriodWords(match[0], match.span(), "run")


def _year_range(match: re.Match[str]) -> PeriodWords | None:
    first = int(match["y1"])
    last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    if len(match["y2"]) == 2 and not match["between"] and last - first == 1:
        # "2018-19" is one year that begins in the first, a budget year; "2018-01" is a month.
        return PeriodWords(match[0], match.span(), "span", 4, 3, first, last, calendar="fiscal")
    joined = grammar.JOINED.search(match[0]) is not None
    if last <= first or (len(match["y2"]) == 2 and last - first != 1 and not match["between"]):
        return None
    return PeriodWords(
        match[0],
        match.span(),
        "span",
        1,
        12,
        first,
        last,
        ends=(match["between"] or "").casefold() == grammar.BETWEEN,
        listed=joined and not match["between"],
    )


def _one_year(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "span", 1, 12, int(match["y1"]))


def _relative_year(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "span", relative_year=grammar.YEARS_FROM_NOW[match["which"].casefold()])


def _month_of_two_years(match: re.Match[str]) -> PeriodWords | None:
    century = int(match["y1"]) // 100 * 100
    month = _month(match["m1"])
    return _span(match, month, month, int(match["y1"]), century + int(match["y2"]))


def _months_listed(match: re.Match[str]) -> PeriodWords | None:
    return _span(match, _month(match["m1"]), _month(match["m2"]))


def _named_month(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "span", _month(match["m1"]), _month(match["m1"]))


def _last_month(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "recent", months=1)


def _half_year(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "cited", months=6)


def _bare(kind: PeriodKind) -> Callable[[re.Match[str]], PeriodWords | None]:
    return lambda match: PeriodWords(match[0], match.span(), kind)


_READINGS: Final[dict[str, Callable[[re.Match[str]], PeriodWords | None]]] = {
    "days": _days,
    "day": _day,
    "first_days": _first_days,
    "month_of_two_years": _month_of_two_years,
    "month_range": _month_range,
    "one_month": _one_month,
    "through": _through,
    "part_of_year": _part_of_year,
    "end_of_year": _end_of_year,
    "last_quarter": _last_quarter,
    "years_earlier": _years_earlier,
    "first_months": _first_months,
    "iranian": _iranian,
    "fiscal": _fiscal,
    "fiscal_single": _fiscal_single,
    "part_of_fiscal": _part_of_fiscal,
    "part_of_our_fiscal": _part_of_our_fiscal,
    "same": _same,
    "named_month": _named_month,
    "months_listed": _months_listed,
    "months_to": _months_to,
    "n_months": _n_months,
    "recent_run": _recent,
    "year_range": _year_range,
    "one_year": _one_year,
    "relative_year": _relative_year,
    "last_month": _last_month,
    "half_year": _half_year,
    "unknown": _bare("unknown"),
    "cited": _bare("cited"),
    "earlier_year": _bare("earlier_year"),
    "earlier_month": _bare("earlier_month"),
    "earlier_quarter": _bare("earlier_quarter"),
    "since": _bare("since"),
    "recent": _bare("recent"),
}
"""What each way of writing a period, as the grammar names it, is read as."""
