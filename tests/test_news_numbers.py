"""Written numbers: what they are worth, in which unit, how finely they were written, and how they are hedged."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.news.words.numbers import lex, unit_kind


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("US$27.23 million", 27_230_000, "USD"),
        ("42 million dollars", 42_000_000, "USD"),
        ("$42m", 42_000_000, "USD"),
        ("$3bn", 3_000_000_000, "USD"),
        ("EUR 10.7 billion", 10_700_000_000, "EUR"),
        ("0.4 billion euro", 400_000_000, "EUR"),
        ("448.8 million yuan", 448_800_000, "CNY"),
        ("1.2 trillion yen", 1_200_000_000_000, "JPY"),
        ("67-thousand-300 barrels", 67_300, "bbl"),
        ("three-thousand-67 tourist visas", 3067, "visas"),
        ("13-point-09 million dollars", 13_090_000, "USD"),
        ("31-point-four percent", Fraction("31.4"), "%"),
        ("seven-point-six billion dollars", 7_600_000_000, "USD"),
        ("12.5 pc", Fraction("12.5"), "%"),
        ("18.3 millions USD", 18_300_000, "USD"),
        ("1.94 million bpd", 1_940_000, "bbl/d"),
        ("1.94 million barrels per day", 1_940_000, "bbl/d"),
        ("2.98 mbd", 2_980_000, "bbl/d"),
        ("1.44 mil. tons", 1_440_000, "t"),
        ("500 kilograms", Fraction(1, 2), "t"),
        ("two per cent", 2, "%"),
        ("1.5 percentage points", Fraction(3, 2), "pp"),
        ("10-fold", 10, "x"),
        ("twelvefold", 12, "x"),
        ("tripled", 3, "x"),
        ("halved", 50, "%"),
        ("one-fifth of", 20, "%"),
        ("two thirds of", Fraction(200, 3), "%"),
    ],
)
def test_a_number_is_read_in_base_units(text, value, unit):
    number = lex(text, 0)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "last", "rounded"),
    [
        ("42.17 million dollars", 10_000, 10_000),
        ("20 percent", 1, 10),
        ("53,000 tons", 1, 1000),
        ("$42 million", 1_000_000, 1_000_000),
    ],
)
def test_a_number_says_how_finely_it_was_written(text, last, rounded):
    number = lex(text, 0)
    assert (number.last_unit, number.round_unit) == (last, rounded)


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("more than $42 million", "more_than"),
        ("nearly 170 percent", "nearly"),
        ("almost 40 percent", "nearly"),
        ("about US $400 million", "about"),
        ("some 19 tons", "about"),
        ("at least $100,000", "at_least"),
        ("up to 5 tons", "up_to"),
        ("slightly below $3.83 trillion", "less_than"),
        ("$5", None),
    ],
)
def test_a_hedge_belongs_to_the_number_it_stands_before(text, hedge):
    assert lex(text, 0).hedge == hedge


def test_a_range_keeps_both_ends():
    number = lex("60,000-65,000 tons", 0)
    assert (number.value, number.upper, number.unit) == (60_000, 65_000, "t")


@pytest.mark.parametrize("text", ["2019", "1998 was", "H1", "T54", "COVID-19", "12th"])
def test_years_and_names_are_no_numbers(text):
    assert lex(text, 0) is None


@pytest.mark.parametrize("text", ["a quarter, he said", "a quarter."])
def test_a_quarter_of_the_year_is_no_fraction(text):
    assert lex(text, 0) is None


def test_units_know_what_they_measure():
    assert [unit_kind(unit) for unit in ("USD", "t", "bbl", "bbl/d", "%", "x", "persons", "")] == [
        "money", "weight", "volume", "rate", "percent", "multiple", "count", "none",
    ]  # fmt: skip


@given(st.integers(min_value=1, max_value=999_999), st.sampled_from(["million", "billion", "mln", "bln"]))
def test_digits_groups_and_scales_read_back_the_same(count, scale):
    size = {"million": 10**6, "mln": 10**6, "billion": 10**9, "bln": 10**9}[scale]
    number = lex(f"${count:,} {scale}", 0)
    assert number.value == count * size
    assert number.last_unit == size


@given(st.decimals(min_value="0.01", max_value="9999", places=2))
def test_the_last_written_digit_is_never_larger_than_the_rounding_unit(value):
    number = lex(f"{value} percent", 0)
    assert number.value == Fraction(str(value))
    assert 0 < number.last_unit <= number.round_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [("¥88 billion of Japan's exports", "JPY"), ("¥88 billion of China's exports", "CNY"), ("¥88 billion", "CNY")],
)
def test_a_sign_that_two_currencies_share_is_whose_country_the_story_names(text, unit):
    assert lex(text, 0).unit == unit


@pytest.mark.parametrize(
    ("text", "value"), [("twenty-two-point-five percent", "22.5"), ("three-point-zero-five percent", "3.05")]
)
def test_a_spoken_decimal_is_read_whole_or_not_at_all(text, value):
    assert (lex(text, 0).value, lex(text, 0).unit) == (Fraction(value), "%")
