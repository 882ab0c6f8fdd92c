"""Periods as they are written: years, months, quarters, ranges, and words that lean on another period.

Owns reading an expression ("January-November 2019", "the first half of this year", "a year earlier", "the
cited period") and resolving it to whole months, given the day of publication and the period that the claim
itself speaks of. What cannot be resolved stays None: a period is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from tidewaiter.news.words.spans import PeriodWords
from tidewaiter.news.words.tables import alternation, rows

if TYPE_CHECKING:
    from collections.abc import Callable

YEAR_WORDS = {"last": -1, "past": -1, "this": 0, "current": 0}


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


_YEAR = r"(?:19|20)\d\d"
_COUNT = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_RELATIVE = r"(?P<which>this|last|past|that|the\s+(?:current|previous|preceding|prior|same|past))\s+year"
_AGO = r"(?P<before>a\s+year\s+(?:earlier|ago|before))"
_OF_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?(?:(?P<year>{_YEAR})(?![-\d]|\s?%)|{_RELATIVE}(?!['’]s)|{_AGO}))?"
_LEAD = rf"(?:(?:the\s+)?(?P<lead>last|this|{_YEAR})\s?(?:year)?['’]s\s+|(?:the\s+)?year['’]s\s+)?"
_TO = r"\s?(?:-|–|—|to|through|until|till)\s?"
_EARLIER = r"(?:earlier|ago|before|previously|prior)"
_PRIOR = r"(?:previous|preceding|prior|earlier)"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PeriodWords | None]], ...]:
    month = rf"(?:(?:{alternation(_month_numbers())})\b\.?)"
    ordinal = "(?:first|second|third|fourth|1st|2nd|3rd|4th)"
    specs: tuple[tuple[str, Callable[[re.Match[str]], PeriodWords | None]], ...] = (
        (
            (
                rf"(?P<m1>{month})\s+(?P<d1>\d{{1,2}})(?:,?\s+(?P<y1>{_YEAR}))?(?:\s?(?:-|–|to|through|until)\s?)"
                rf"(?:(?P<m2>{month})\s+)?(?P<d2>\d{{1,2}})\b(?:,?\s+(?P<y2>{_YEAR}))?"
            ),
            _days,
        ),
        (
            rf"(?P<m1>{month})\s+(?P<d1>\d{{1,2}})\b(?!\d|[.,]\d|[\s-]?(?:%|per\s?cent|pct|million|billion|thousand|mln|bln|tons?|tonnes|barrels|times|point))(?:,?\s+(?P<y1>{_YEAR}))?",
            _day,
        ),
        (
            rf"(?P<m1>{month})\s+(?P<y1>{_YEAR})-(?P<y2>\d\d)\b",
            lambda m: _span(
                m, _month(m["m1"]), _month(m["m1"]), int(m["y1"]), int(m["y1"]) // 100 * 100 + int(m["y2"])
            ),
        ),
        (
            (
                rf"(?:(?P<between>between|from)\s+)?(?P<m1>{month})(?:,?\s+(?P<y1>{_YEAR}))?(?:{_TO}|(?P<and>\s+and\s+))"
                rf"(?P<m2>{month})(?:\s+period)?{_OF_YEAR}"
            ),
            _month_range,
        ),
        (rf"{_LEAD}(?P<m1>{month})(?:['’]s\b)?(?=[\s,.;:)\-'’]|$){_OF_YEAR}", _one_month),
        (
            rf"(?:the\s+)?{_LEAD}(?:(?P<nth>{ordinal})[\s-](?P<part>quarter|half)|(?P<code>[QH])(?P<n>[1-4])\b)(?:\s+of\s+the\s+year(?!['’])|{_OF_YEAR})",
            _part_of_year,
        ),
        (rf"(?P<year>{_YEAR})\s?(?P<code>[QH])(?P<n>[1-4])\b", _part_of_year),
        (
            (
                rf"(?:the\s+)?{_LEAD}first\s+(?:(?P<count>{_COUNT})\s+months|(?P<one>month))"
                rf"(?:\s+(?:of|in)\s+(?:the|this)\s+year(?!['’])|{_OF_YEAR})"
            ),
            _first_months,
        ),
        (
            (
                rf"(?:the\s+)?(?:(?:first\s+)?(?P<count>{_COUNT})\s+months\s+(?:of|in)\s+)?(?:the\s+)?"
                rf"(?P<which>current|last|past|this|previous)?\s?Iranian\s+(?:calendar\s+)?year(?:\s+(?P<year>1[34]\d\d))?"
            ),
            _iranian,
        ),
        (rf"(?:the\s+)?(?P<count>{_COUNT})\s+months\s+of\s+(?P<year>{_YEAR})", _first_months),
        (
            rf"(?:the\s+)?(?:fiscal|financial)\s+year\s+(?P<y1>{_YEAR})[-/–](?P<y2>\d\d(?:\d\d)?)|FY\s?(?P<y3>{_YEAR})[-/–]?(?P<y4>\d\d)",
            _fiscal,
        ),
        (
            (
                rf"(?:(?:the|its)\s+)?(?:{_LEAD})?(?:same|corresponding|similar|comparable|analogous|equivalent|year-ago|year-earlier)\s+"
                rf"(?:{_COUNT}[\s-]months?\s+)?(?:period|months?|quarter|half|time)\b"
                rf"(?:\s+(?:of\s+|in\s+|from\s+)?(?:(?P<year>{_YEAR})|{_RELATIVE}|(?P<last>last)\s+year|"
                rf"(?P<before>(?:a|one|the)\s+year\s+{_EARLIER})|(?P<prior>the\s+{_PRIOR}\s+year)))?"
            ),
            _same,
        ),
        (
            rf"(?:the\s+)?(?:last|this|that)\s+year['’]s\s+{_COUNT}-month\s+period|(?:a|any)\s+{_COUNT}-month\s+period",
            lambda m: PeriodWords(m[0], m.span(), "unknown"),
        ),
        (
            rf"(?:the\s+)?(?:(?:last|this|current|previous|{_YEAR}[-/–]{_YEAR})\s+)?(?:fiscal|financial)\s+(?:year\s*)?(?:{_YEAR})?(?![-/–]\d)",
            lambda m: PeriodWords(m[0], m.span(), "unknown"),
        ),
        (
            rf"(?:the\s+)?{_YEAR}[-/–]\d\d(?:\d\d)?\s+(?:season|marketing\s+year|crop\s+year|agricultural\s+year)",
            lambda m: PeriodWords(m[0], m.span(), "unknown"),
        ),
        (
            rf"last\s+(?P<m1>{month})(?:['’]s)?(?!\s+\d)",
            lambda m: PeriodWords(m[0], m.span(), "span", _month(m["m1"]), _month(m["m1"])),
        ),
        (
            rf"(?P<m1>{month})(?:,\s*{month})+,?\s+and\s+(?P<m2>{month}){_OF_YEAR}",
            lambda m: _span(m, _month(m["m1"]), _month(m["m2"])),
        ),
        (
            rf"(?:(?:in|over|during)\s+)?(?:the\s+)?(?:(?P<count>{_COUNT})\s+months|(?P<one>year))\s+(?:to|through|until|ending(?:\s+in)?|ended(?:\s+in)?)\s+(?P<m1>{month})(?:\s+(?P<day>\d{{1,2}})(?!\d|[.,]\d))?(?:,?\s+(?P<year>{_YEAR}))?(?!\s+\d)",
            _months_to,
        ),
        (
            rf"(?:(?:in|over|during)\s+)?(?:the\s+)?(?:(?P<count>{_COUNT})\s+months|(?P<one>year))\s+(?:to|through|until|ending|ended)(?:\s+on)?\s+(?P<day>\d{{1,2}})\s+(?P<m1>{month})(?:,?\s+(?P<year>{_YEAR}))?(?!\s+\d)",
            _months_to,
        ),
        (
            rf"(?:the\s+)?(?P<count>{_COUNT})-month\s+period(?:\s+of\s+(?P<year>{_YEAR}))?|(?:the|these|those|in\s+the)\s+(?P<n>{_COUNT})\s+months",
            _n_months,
        ),
        (
            (
                r"(?:the|that|this)\s+(?:cited|said|reporting|reported|given|reviewed|mentioned|above|review|stated|same)\s+"
                r"(?:period|month|quarter|year|timeframe|span|stretch|timespan)|(?:that|this|the)\s+(?:period|timeframe|span)|(?:the\s+)?(?:that|same)\s+(?:year|month|quarter)|that\s+(?:year|month|quarter)|the\s+month\b"
            ),
            lambda m: PeriodWords(m[0], m.span(), "cited"),
        ),
        (
            rf"(?:(?:(?:a|one|the)\s+)year\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+year|(?:the\s+)?year-(?:earlier|ago)|on[\s-]year|on\s+the\s+year|year[\s-](?:on|over)[\s-]year|y/y|yoy|y-o-y|in\s+annual\s+terms|on\s+an\s+annual\s+basis|in\s+yearly\s+terms|annually(?=\s+to))(?:['’]s)?\b",
            lambda m: PeriodWords(m[0], m.span(), "earlier_year"),
        ),
        (
            rf"(?:(?:a|one|the)\s+month\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+month|on[\s-]month|month[\s-](?:on|over)[\s-]month|m/m|mom|on\s+a\s+monthly\s+basis|over\s+the\s+month|in\s+monthly\s+terms|last\s+month['’]s)(?:['’]s)?\b",
            lambda m: PeriodWords(m[0], m.span(), "earlier_month"),
        ),
        (
            rf"(?:(?:a|one|the)\s+quarter\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+quarter|quarter[\s-](?:on|over)[\s-]quarter|q/q)\b",
            lambda m: PeriodWords(m[0], m.span(), "earlier_quarter"),
        ),
        (
            rf"(?:since|(?:for\s+)?the\s+first\s+time\s+(?:since|in))\s+(?:at\s+least\s+)?(?:(?P<m1>{month})\s+)?(?:(?P<year>{_YEAR})|last\s+year|{_COUNT}\s+(?:years|months|decades)|(?={month}))(?:{month})?",
            lambda m: PeriodWords(m[0], m.span(), "since"),
        ),
        (
            rf"(?:the\s+)?(?:last|past|previous|over)\s+(?P<count>{_COUNT})\s+(?P<of>months|years|quarters)|in\s+(?:{_COUNT})\s+(?:months|years|decades)|(?:the\s+)?(?:past|last)\s+(?:decade|few\s+years)",
            _recent,
        ),
        (
            rf"(?:(?P<between>between|from)\s+)?(?P<y1>{_YEAR})(?:\s?[-–]\s?|\s+(?:to|through|and|until)\s+)(?P<y2>{_YEAR}|\d\d\b)(?!,?\d|%)",
            _year_range,
        ),
        (
            rf"(?:the\s+)?(?:full\s+|whole\s+|whole\s+of\s+|all\s+of\s+|calendar\s+|year\s+|entire\s+)?(?P<y1>{_YEAR})(?:['’]s)?(?!\d|,\d|\.\d|[-–]?\w)",
            _one_year,
        ),
        (r"(?:the\s+)?(?P<which>last|this|current|past)\s+(?:calendar\s+|full\s+)?year(?:['’]s)?\b", _relative_year),
        (r"last\s+month\b", lambda m: PeriodWords(m[0], m.span(), "recent", months=1)),
        (r"so\s+far\s+this\s+year|year\s+to\s+date|year-to-date", lambda m: PeriodWords(m[0], m.span(), "recent")),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in specs)


def lex(text: str, at: int) -> PeriodWords | None:
    """Read the longest period expression that begins at `at`, or return None."""
    best: PeriodWords | None = None
    for pattern, build in _patterns():
        match = pattern.match(text, at)
        if match is not None and match.end() > at and (best is None or match.end() > best.span[1]):
            best = build(match) or best
    if (
        best is not None
        and best.text.casefold().startswith("first ")
        and re.search(r"\w['’]s\s+$", text[max(0, at - 24) : at])
    ):
        # "the war's first six months" are not a year's.
        return PeriodWords(best.text, best.span, "unknown")
    return best


def _year_slots(match: re.Match[str]) -> tuple[int | None, int | None, Literal["same_year", "previous_year"] | None]:
    groups = match.groupdict()
    lead = groups.get("lead")
    if groups.get("year") or (lead and lead.isdigit()):
        return int(groups.get("year") or lead or 0), None, None
    if groups.get("before"):
        return None, None, "previous_year"
    which = re.sub(r"^the\s+", "", (groups.get("which") or lead or "").casefold())
    if which in {"previous", "preceding", "prior"}:
        return None, None, "previous_year"
    if which in {"same", "that"}:
        return None, None, "same_year"
    return None, YEAR_WORDS.get(which), None


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


def _month_range(match: re.Match[str]) -> PeriodWords | None:
    between = (match["between"] or "").casefold()
    if match["and"] and between == "from":
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
        ends=between == "between",
        listed=bool(match["and"]) and not between,
    )


def _one_month(match: re.Match[str]) -> PeriodWords | None:
    written = match["m1"]
    if written.rstrip(".").casefold() in {"may", "march"} and written[0].islower():
        return None
    month = _month(written)
    return _span(match, month, month)


def _part_of_year(match: re.Match[str]) -> PeriodWords | None:
    groups = match.groupdict()
    is_quarter = (groups.get("part") or "").casefold() == "quarter" or (groups.get("code") or "") in {"Q", "q"}
    n = _ordinal(groups["nth"]) if groups.get("nth") else int(groups["n"])
    length = 3 if is_quarter else 6
    if n > 12 // length or (groups.get("code") or "Q").islower():
        return None
    return _span(match, (n - 1) * length + 1, n * length)


def _first_months(match: re.Match[str]) -> PeriodWords | None:
    count = 1 if match.groupdict().get("one") else _small(match["count"])
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
    relative = -1 if which in {"last", "past", "previous"} else None if match["year"] else 0
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
    year = int(match["y1"] or match["y3"])
    return PeriodWords(match[0], match.span(), "span", 4, 3, year, year + 1, calendar="fiscal")


def _same(match: re.Match[str]) -> PeriodWords:
    year, relative, leans = _year_slots(match)
    groups = match.groupdict()
    if groups.get("last") or "year-" in match[0].casefold():
        relative = -1
    if groups.get("prior") or groups.get("before"):
        leans = "previous_year"
    if year is None and relative is None and leans is None:
        return PeriodWords(match[0], match.span(), "cited")
    return PeriodWords(match[0], match.span(), "same", year=year, relative_year=relative, leans=leans)


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
    joined = re.search(r"\band\b", match[0]) is not None
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
        ends=(match["between"] or "").casefold() == "between",
        listed=joined and not match["between"],
    )


def _one_year(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "span", 1, 12, int(match["y1"]))


def _relative_year(match: re.Match[str]) -> PeriodWords:
    return PeriodWords(match[0], match.span(), "span", relative_year=YEAR_WORDS[match["which"].casefold()])
