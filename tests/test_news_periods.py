"""Periods as they are written, resolved by the day of publication and the period a claim itself speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from tidewaiter.base.period import Period
from tidewaiter.news.words.periods import lex
from tidewaiter.news.words.spans import Now, resolve

SEPTEMBER_2019 = date(2019, 9, 14)
JANUARY_2020 = date(2020, 1, 24)


def read(text, published_on=JANUARY_2020, current=None, **more):
    words = lex(text, 0)
    assert words is not None
    assert words.text == text
    found = resolve(words, Now(published_on, Period.parse(current) if current else None, **more))
    return found.span() if found else None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("January-November 2019", "2019-01/2019-11"),
        ("from April through November 2016", "2016-04/2016-11"),
        ("the first half of 2018", "2018-01/2018-06"),
        ("second quarter of 2023", "2023-04/2023-06"),
        ("Q1 2019", "2019-01/2019-03"),
        ("first two months of 2017", "2017-01/2017-02"),
        ("10 months of 2022", "2022-01/2022-10"),
        ("August 2020", "2020-08/2020-08"),
        ("between 2018 and 2019", "2018-01/2019-12"),
        ("from December 2022 until April", "2022-12/2023-04"),
        ("February 24 to December 31, 2022", "2022-02/2022-12"),
        ("March 2020-21", "2020-03/2021-03"),
    ],
)
def test_a_period_with_its_year_needs_nothing_else(text, span):
    assert read(text, published_on=None) == span


@pytest.mark.parametrize(
    ("text", "day", "span"),
    [
        ("January-June", SEPTEMBER_2019, "2019-01/2019-06"),
        ("January-November", JANUARY_2020, "2019-01/2019-11"),
        ("December to April", date(2023, 6, 13), "2022-12/2023-04"),
        ("September", date(2019, 11, 20), "2019-09/2019-09"),
        ("first quarter", date(2018, 4, 23), "2018-01/2018-03"),
        ("last year", JANUARY_2020, "2019-01/2019-12"),
        ("the first half of this year", SEPTEMBER_2019, "2019-01/2019-06"),
        ("December of last year", date(2023, 6, 13), "2022-12/2022-12"),
        ("last month", date(2023, 11, 20), "2023-10/2023-10"),
    ],
)
def test_a_period_without_a_year_is_the_latest_completed_one(text, day, span):
    assert read(text, published_on=day) == span


@pytest.mark.parametrize(
    ("text", "current", "span"),
    [
        ("a year earlier", "2019-01/2019-06", "2018-01/2018-06"),
        ("on-year", "2019-01/2019-06", "2018-01/2018-06"),
        ("the same period of last year", "2019-01/2019-06", "2018-01/2018-06"),
        ("the same period of 2016", "2019-01/2019-06", "2016-01/2016-06"),
        ("the previous year", "2019", "2018-01/2018-12"),
        ("the previous month", "2019-03", "2019-02/2019-02"),
        ("month-on-month", "2019-01", "2018-12/2018-12"),
        ("the cited period", "2019-01/2019-06", "2019-01/2019-06"),
        ("the same year", "2019-03", "2019-01/2019-12"),
    ],
)
def test_a_period_told_from_the_claims_own_is_shifted_from_it(text, current, span):
    assert read(text, published_on=SEPTEMBER_2019, current=current) == span


def test_the_longest_period_wins_over_the_first_that_fits():
    assert lex("January-November 2019", 0).text == "January-November 2019"
    assert lex("November 20", 0).kind == "day"


@pytest.mark.parametrize("text", ["last year", "January-June", "this year"])
def test_without_a_day_of_publication_nothing_is_guessed(text):
    assert read(text, published_on=None) is None


def test_a_month_before_a_period_of_many_months_is_not_guessed():
    assert read("the previous month", current="2019-01/2019-06") is None


def test_the_months_spoken_of_before_are_found_by_their_number():
    told = (Period.parse("2024-01/2024-11"), Period.parse("2023"))
    assert read("the 11 months", current="2023", history=told) == "2024-01/2024-11"


def test_iranian_years_are_marked_as_not_the_calendars_own():
    words = lex("first nine months of the current Iranian year", 0)
    assert words.calendar == "iranian"
    assert resolve(words, Now(date(2024, 1, 3))).span() == "2023-03/2023-12"


@pytest.mark.parametrize("text", ["1.5 million", "may rise", "2,019 tons"])
def test_what_is_no_period_is_not_read_as_one(text):
    assert lex(text, 0) is None
