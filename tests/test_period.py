"""What a user may rely on when writing a period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period

periods = st.builds(
    lambda first, length: Period(first, first + length), st.integers(1900 * 12, 2100 * 12), st.integers(0, 60)
)


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2019", "2019-01/2019-12"),
        ("2019-07", "2019-07/2019-07"),
        ("2019Q1", "2019-01/2019-03"),
        ("2019-q4", "2019-10/2019-12"),
        ("2019H2", "2019-07/2019-12"),
        ("2019-01/2019-11", "2019-01/2019-11"),
        ("2017..2020", "2017-01/2020-12"),
        ("2018-11..2019-02", "2018-11/2019-02"),
        (" 2019 ", "2019-01/2019-12"),
    ],
)
def test_every_documented_way_to_write_a_period_is_understood(written, span):
    assert Period.parse(written).span() == span


@pytest.mark.parametrize(
    "written", ["", "19", "2019-13", "2019-00", "2019Q5", "last year", "2019..2018", "2017..2018..2019"]
)
def test_a_period_that_is_not_understood_is_refused_with_its_text(written):
    with pytest.raises(QueryError, match="period"):
        Period.parse(written)


@given(periods)
def test_a_period_reads_back_from_what_it_writes(period):
    assert Period.parse(str(period)) == period
    assert Period.parse(period.span()) == period


@given(periods)
def test_a_period_has_as_many_months_as_it_says(period):
    assert len(list(period.months())) == period.length


@given(periods, st.integers(-5, 5))
def test_whole_years_apart_are_like_spans_and_other_shifts_are_not(period, years):
    assert period.is_like(period.shifted(12 * years))
    assert not period.is_like(period.shifted(12 * years + 1))


def test_eleven_months_and_a_year_are_not_alike():
    assert not Period.parse("2019-01/2019-11").is_like(Period.parse("2018"))


@given(periods, periods)
def test_overlap_means_a_common_month(one, other):
    assert one.overlaps(other) == bool(set(one.months()) & set(other.months()))
    assert one.contains(other) == set(other.months()).issubset(one.months())


def test_the_last_day_is_that_of_the_last_month_in_leap_years_too():
    days = [Period.parse(text).last_day.isoformat() for text in ("2019", "2020-02", "2019-01/2019-11", "2100-02")]
    assert days == ["2019-12-31", "2020-02-29", "2019-11-30", "2100-02-28"]
