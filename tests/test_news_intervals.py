"""What a written number may stand for, tier by tier; every expected end is worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.news.judge.intervals import INFINITY, TIERS, Interval, literally_allows, operand, written
from tidewaiter.news.model import Written


def number(value, unit="USD", last=1, rounded=None, hedge=None, upper=None):
    last = Fraction(last)
    return Written(
        str(value), (0, 1), Fraction(value), unit, last, Fraction(rounded) if rounded else last, hedge, (), upper
    )


@pytest.mark.parametrize(
    ("claim", "tier", "low", "high"),
    [
        # 42.17: last digit .01
        (number("42.17", last="0.01"), "strict", "42.165", "42.175"),
        (number("42.17", last="0.01"), "trunc", "42.165", "42.18"),
        # 20: last digit 1, the zero may be rounding
        (number(20, "%", 1, 10), "strict", "19.5", "20.5"),
        (number(20, "%", 1, 10), "trunc", "19.5", "21"),
        (number(20, "%", 1, 10), "loose", "15", "25"),
        (number(42, hedge="more_than"), "strict", "42", "43"),
        (number(42, hedge="more_than"), "trunc", "41.5", "43"),
        (number(42, hedge="more_than"), "loose", "41.5", "52.5"),
        (number(170, "%", 1, 10, "nearly"), "strict", "166.6", "170"),
        (number(170, "%", 1, 10, "nearly"), "trunc", "158.1", "170.5"),
        (number(170, "%", 1, 10, "nearly"), "loose", "153", "170.5"),
        (number(40, "%", 1, 10, "about"), "strict", "39.2", "40.8"),
        (number(40, "%", 1, 10, "about"), "trunc", "38.6", "41.4"),
        (number(40, "%", 1, 10, "about"), "loose", "35", "45"),
        (number(100, "%", 1, 100, "less_than"), "strict", "93", "100"),
        (number(100, "%", 1, 100, "less_than"), "loose", "75", "100"),
        (number(60000, "t", 1, 10000, upper=Fraction(65000)), "strict", "59999.5", "65000.5"),
    ],
)
def test_a_written_number_stands_for_the_interval_of_its_tier(claim, tier, low, high):
    assert written(claim, tier) == Interval(Fraction(low), Fraction(high))


def test_at_least_and_up_to_have_one_open_end():
    assert written(number(13, hedge="at_least"), "strict") == Interval(Fraction(13), INFINITY)
    assert written(number(13, hedge="up_to"), "loose") == Interval(-INFINITY, Fraction(13))


@pytest.mark.parametrize(
    ("said", "hedge", "truth", "tier"),
    [
        (50, "nearly", "49", "strict"),
        (32, "nearly", "31.9", "strict"),
        (170, "nearly", "169.9", "strict"),
        (40, "nearly", "37.4", "trunc"),
        (42, "more_than", "42.17", "strict"),
        (10, "more_than", "10.5", "strict"),
        (10, "more_than", "12.5", "strict"),
        (40, "about", "40.6", "strict"),
        (11, "about", "10.8", "strict"),
        (83, "about", "83.6", "strict"),
    ],
)
def test_hedged_figures_of_known_truth_are_accepted_at_the_tier_a_person_would_grant(said, hedge, truth, tier):
    rounded = 10 if said % 10 == 0 else 1
    claim = number(said, "%", 1, rounded, hedge)
    first = next(one for one in TIERS if written(claim, one).contains(Fraction(truth)))
    assert first == tier


def test_a_figure_cut_off_instead_of_rounded_is_granted_at_the_second_tier():
    cut = number("1.9", last="0.1")
    assert not written(cut, "strict").contains(Fraction("1.98"))
    assert written(cut, "trunc").contains(Fraction("1.98"))


def test_a_negative_figure_is_read_by_its_size():
    assert written(number(-5, "%", hedge="more_than"), "strict") == Interval(Fraction(-6), Fraction(-5))


def test_53000_tons_as_part_of_a_sum_are_not_precise_to_the_ton():
    assert operand(number(53000, "t", 1, 1000), "strict") == Interval(Fraction(52500), Fraction(53500))
    assert operand(number(32, "USD", 1, 1), "trunc") == Interval(Fraction("31.5"), Fraction(33))


def test_a_round_hundred_million_is_not_stretched_beyond_two_and_a_half_per_cent():
    assert operand(number(100, last=1, rounded=100), "strict") == Interval(Fraction("97.5"), Fraction("102.5"))


def test_more_than_is_still_true_by_the_letter_up_to_double():
    more_than_20 = number(20, "%", 1, 10, "more_than")
    assert literally_allows(more_than_20, Interval(Fraction(35), Fraction(36)))
    assert not literally_allows(more_than_20, Interval(Fraction(41), Fraction(50)))
    assert not literally_allows(number(20, "%", 1, 10), Interval(Fraction(30), Fraction(31)))


fractions = st.fractions(min_value=Fraction(-1000), max_value=Fraction(1000), max_denominator=100)
intervals = st.tuples(fractions, fractions).map(lambda ends: Interval(min(ends), max(ends)))
hedges = st.sampled_from([None, "more_than", "at_least", "nearly", "about", "up_to", "less_than"])


@given(st.integers(1, 10**7), st.integers(0, 3), st.integers(0, 3), hedges)
def test_each_tier_holds_the_one_before_it_and_the_number_itself(value, decimals, zeros, hedge):
    last = Fraction(1, 10**decimals)
    claim = number(value * last, last=last, rounded=last * 10**zeros, hedge=hedge)
    strict, trunc, loose = (written(claim, tier) for tier in TIERS)
    assert loose.low <= trunc.low <= strict.low <= claim.value <= strict.high <= trunc.high <= loose.high


@given(intervals, intervals, st.fractions(0, 1, max_denominator=20), st.fractions(0, 1, max_denominator=20))
def test_interval_arithmetic_holds_every_pair_of_its_operands(one, other, s, t):
    a, b = one.low + s * (one.high - one.low), other.low + t * (other.high - other.low)
    assert (one + other).contains(a + b)
    assert (one - other).contains(a - b)
    assert (one * other).contains(a * b)
    if b != 0:
        assert (one / other).contains(a / b)


@given(intervals, intervals)
def test_intervals_overlap_exactly_where_no_gap_is_left(one, other):
    assert one.overlaps(other) == (one.gap(other) == 0)
    assert (one.meet(other) is not None) == one.overlaps(other)


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        Interval(Fraction(2), Fraction(1))


def test_zeros_behind_a_decimal_point_are_meant():
    exact = number("28.00", last="0.01", rounded="1")
    assert operand(exact, "trunc") == Interval(Fraction("27.995"), Fraction("28.01"))
    assert written(exact, "loose") == Interval(Fraction("27.995"), Fraction("28.01"))
    assert written(number("40", rounded="10"), "loose") == Interval(Fraction(35), Fraction(45))
