from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from asking import answered, refused
from tidewaiter.answers.change import like_spans
from tidewaiter.base.period import Period
from world import MONTHS, Rows


def years(rows: Rows | None = None, **values) -> Rows:
    rows = rows or Rows()
    for year, value in (values or {"y2018": 32_163_000, "y2019": 46_398_000}).items():
        rows.declare("RUS", "export", "PRK", year[1:], value, source="imf_dots")
    return rows


def test_a_change_names_both_levels_and_says_that_they_compare(connection):
    answer = answered(years().tables(connection), "change", against="2018", perspective="PRK")
    # 46.398 / 32.163 - 1 = 14.235 / 32.163
    assert abs(Fraction(answer.value.value) - Fraction(1423500, 32163)) < Fraction(1, 10**11)
    assert answer.value.unit == "%"
    assert answer.value.low == answer.value.value == answer.value.high
    assert answer.absolute.value == 14_235_000
    assert (answer.current.value.value, answer.base.value.value) == (46_398_000, 32_163_000)
    assert answer.comparability == "like_for_like"
    assert answer.like_for_like is None
    assert len(answer.evidence) == 2


def test_the_base_is_a_year_earlier_where_none_is_named(connection):
    answer = answered(years().tables(connection), "change")
    assert str(answer.base.query.period) == "2018"


def test_eleven_months_against_twelve_are_computed_and_flagged(connection):
    rows = years().printed("RUS", "PRK", "2019-01", "2019-11", "42170000", "10000")
    rows.printed("RUS", "PRK", "2018-01", "2018-12", "32080000", "10000")
    answer = answered(rows.tables(connection), "change", period="2019-01/2019-11", against="2018", perspective="PRK")
    # 42.17 / 32.08 - 1 = 10.09 / 32.08; the ends 42.165 / 32.085 and 42.175 / 32.075
    assert abs(Fraction(answer.value.value) - Fraction(100900, 3208)) < Fraction(1, 10**11)
    assert Fraction(answer.value.low) <= Fraction(42165, 32085) * 100 - 100 <= Fraction(answer.value.value)
    assert Fraction(answer.value.value) <= Fraction(42175, 32075) * 100 - 100 <= Fraction(answer.value.high)
    assert answer.comparability == "not_like_for_like"
    assert "not like for like: 11 months (2019-01/2019-11) against 12 (2018)" in answer.notes
    like = answer.like_for_like
    assert like.comparability == "like_for_like"
    assert (str(like.current.query.period), str(like.base.query.period)) == ("2019", "2018")
    assert round(like.value.value, 1) == Decimal("44.3")


def test_the_same_months_a_year_earlier_come_before_full_years(connection):
    rows = years().months("RUS", "export", "PRK", dict.fromkeys(MONTHS[:12], 10))
    rows.months("RUS", "export", "PRK", dict.fromkeys(MONTHS[12:23], 20))
    answer = answered(rows.tables(connection), "change", period="2019-01/2019-11", against="2018")
    assert (answer.current.value.value, answer.base.value.value) == (220, 120)
    assert str(answer.like_for_like.base.query.period) == "2018-01/2018-11"
    assert answer.like_for_like.value.value == 100


def test_two_seasons_are_not_alike(connection):
    rows = Rows().months("RUS", "export", "PRK", {"2019-07": 20, "2019-08": 30, "2018-08": 10})
    answer = answered(rows.tables(connection), "change", period="2019-08", against="2019-07")
    assert answer.value.value == 50
    assert answer.comparability == "not_like_for_like"


@pytest.mark.parametrize(
    ("period", "against", "spans"),
    [
        ("2019-01/2019-11", "2018", [("2019-01/2019-11", "2018-01/2018-11"), ("2019", "2018")]),
        ("2019", "2018-01/2018-11", [("2019", "2018"), ("2019", "2018")]),
        ("2019-08", "2019-07", []),
        ("2018-12/2019-02", "2017", [("2018-12/2019-02", "2017-12/2018-02")]),
    ],
)
def test_like_spans_shift_the_base_first_then_widen_to_full_years(period, against, spans):
    found = [(str(one), str(other)) for one, other in like_spans(Period.parse(period), Period.parse(against))]
    assert found == spans


def test_a_change_from_zero_has_no_per_cent_but_an_amount(connection):
    answer = answered(years(y2018=0, y2019=5).tables(connection), "change", against="2018")
    assert answer.value is None
    assert answer.absolute.value == 5
    assert "no relative change: the base is zero, or may be within its rounding" in answer.notes


def test_a_change_is_refused_for_the_level_that_is_missing(connection):
    refusal = refused(years(y2019=5).tables(connection), "change", against="2018")
    assert refusal.reason == "no_data"
    assert "2018: no rows" in refusal.missing


def test_both_levels_come_from_one_source(connection):
    rows = years(y2019=60, y2018=50)
    rows.declare("RUS", "export", "PRK", "2019", 99, source="un_comtrade")
    answer = answered(rows.tables(connection), "change", against="2018")
    assert (answer.source, answer.value.value) == ("imf_dots", 20)
    assert answer.alternatives == ()


def test_levels_of_two_publications_are_set_against_each_other_only_with_a_warning(connection):
    rows = years(y2018=32_163_000).printed("RUS", "PRK", "2019-01", "2019-11", "42170000", "10000")
    answer = answered(rows.tables(connection), "change", period="2019-01/2019-11", against="2018")
    assert answer.rank == 2
    assert answer.notes[0].startswith("the two levels come from different publications")


def test_levels_printed_on_one_page_go_together(connection):
    rows = Rows()
    for publisher, new, old in (("Gazette", "42170000", "32080000"), ("Courier", "42000000", "32000000")):
        rows.printed("RUS", "PRK", "2019-01", "2019-12", new, "10000", publisher=publisher)
        rows.printed("RUS", "PRK", "2018-01", "2018-12", old, "10000", publisher=publisher)
    answer = answered(rows.tables(connection), "change", against="2018")
    assert [[row.publisher for row in each.evidence] for each in (answer, *answer.alternatives)] == [
        ["Gazette", "Gazette"],
        ["Courier", "Courier"],
    ]


def test_the_change_of_a_total_and_of_a_balance(connection):
    rows = years(y2018=50, y2019=60)
    rows.declare("RUS", "import", "PRK", "2018", 10, source="imf_dots")
    rows.declare("RUS", "import", "PRK", "2019", 30, source="imf_dots")
    tables = rows.tables(connection)
    assert answered(tables, "change", against="2018", of="total").value.value == 50  # 90 against 60
    balance = answered(tables, "change", against="2018", of="balance")
    assert (balance.value.value, balance.absolute.value) == (-25, -10)  # 30 against 40


def test_the_change_of_a_weight(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2018", 1, "27", weight=100)
    rows.declare("RUS", "export", "PRK", "2019", 1, "27", weight=150)
    answer = answered(rows.tables(connection), "change", against="2018", measure="weight", products=("27",))
    assert (answer.value.value, answer.absolute.unit) == (50, "kg")
