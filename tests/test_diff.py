"""What moved between two vintages: every number that differs, by how much, and by which file; nothing else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lake_helpers import land
from tidewaiter import pipeline
from tidewaiter.answers.revisions import revisions
from tidewaiter.base.period import Period
from tidewaiter.cli import app
from tidewaiter.lake.lake import Lake

JANUARY, JUNE = date(2020, 1, 31), date(2020, 6, 30)


def line(value, partner="PRK", product="270900", period="2019-01", reporter="RUS"):
    return (reporter, "export", partner, product, period, value)


@pytest.fixture
def lake(tmp_path):
    lake = Lake.open(str(tmp_path / "lake"))
    first = [line(100), line(50, product="270900", period="2019-02"), line(7, partner="CHN"), line(9, period="2019-03")]
    land(lake, tmp_path, first, vintage=JANUARY, name="january.csv")
    second = [
        line(150),
        line(50, period="2019-02"),
        line(20, period="2019-04"),
        line(9, product="270910", period="2019-03"),
    ]
    land(lake, tmp_path, second, vintage=JUNE, name="june.csv")
    return lake


def moved(lake, first=JANUARY, last=JUNE, **asked):
    found = pipeline.revisions((first, last), lake=lake, **asked)
    return found, [(each.how, each.product, each.period, each.before_usd, each.after_usd) for each in found.rows]


def test_a_changed_number_an_appeared_one_and_one_that_went_away_are_told_apart(lake):
    found, rows = moved(lake)
    # 2019-02 did not move; 2019-03 was filed again under another code of the same heading.
    assert rows == [
        ("changed", "270900", "2019-01", 100, 150),
        ("appeared", "270900", "2019-04", None, 20),
        ("gone", "270900", "2019-03", 9, None),
        ("appeared", "270910", "2019-03", None, 9),
    ]
    assert found.counts == {"changed": 1, "appeared": 2, "gone": 1}


def test_the_file_that_moved_a_number_is_named(lake):
    found, _ = moved(lake)
    names = {each.receipt: each.file for each in found.files}
    assert {names[each.receipt] for each in found.rows} == {"june.csv"}


def test_a_change_is_said_in_dollars_and_as_a_fraction(lake):
    (changed, *_), _ = moved(lake)[0].rows, None
    assert (changed.change_usd, changed.share) == (Decimal(50), Decimal("0.5"))


def test_the_other_way_round_or_with_nothing_landed_between_nothing_moved(lake):
    found, rows = moved(lake, date(2020, 2, 1), date(2020, 3, 1))
    assert rows == []
    assert found.files == ()


def test_what_is_asked_narrows_what_is_shown(lake):
    assert moved(lake, partners=["CHN"])[1] == []
    assert [row[2] for row in moved(lake, period=Period.parse("2019-01"))[1]] == ["2019-01"]
    assert moved(lake, source="imf_dots")[1] == []


def test_a_limit_hides_rows_but_counts_them(lake):
    found, rows = moved(lake, limit=1)
    assert len(rows) == 1
    assert sum(found.counts.values()) == 4


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)), max_size=5, unique_by=lambda x: x[0])
)
def test_before_and_after_are_what_each_day_shows_and_the_same_is_never_listed(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("days")
    lake = Lake.open(str(folder / "lake"))
    month = "2019-0{}".format
    old = [line(a, period=month(m)) for m, a, _ in cells]
    new = [line(b, period=month(m)) for m, _, b in cells]
    if cells:
        land(lake, folder, old, vintage=JANUARY, name="old.csv")
        land(lake, folder, new, vintage=JUNE, name="new.csv")
    found = revisions(lake.tables(JANUARY), lake.tables(JUNE), (JANUARY, JUNE))
    assert {(each.period, each.before_usd, each.after_usd) for each in found.rows} == {
        (month(m), a, b) for m, a, b in cells if a != b
    }


def run(home, *words):
    return CliRunner().invoke(app, ["diff", *words], env={"TIDEWAITER_HOME": home, "COLUMNS": "160"})


def test_the_command_says_how_many_moved_and_shows_the_largest_first(lake):
    told = run(lake.home, "--from", "2020-01-31", "--to", "2020-06-30").output
    assert told.startswith("Between 2020-01-31 and 2020-06-30: 1 changed, 2 appeared, 1 went away")
    row = next(each for each in told.splitlines() if "Russia, export to North Korea, 2019-01, HS 270900" in each)
    assert "50.0" in row
    assert "1: june.csv (2020-06-30)" in told
    assert "no data" in told


def test_the_command_as_json_keeps_money_exact_and_counts_everything(lake):
    told = json.loads(run(lake.home, "--from", "2020-01-31", "--to", "2020-06-30", "--json").stdout)
    assert told["counts"] == {"changed": 1, "appeared": 2, "gone": 1}
    assert told["revisions"][0]["after_usd"] == "150.000"
    assert [each["file"] for each in told["files"]] == ["june.csv"]


def test_days_in_the_wrong_order_are_refused(lake):
    assert run(lake.home, "--from", "2020-06-30", "--to", "2020-01-31").exit_code != 0


def test_an_answer_of_a_day_gone_by_says_what_it_has_become_since(lake):
    from tidewaiter.base.question import Query

    query = Query("value", ("RUS",), ("PRK",), Period.parse("2019-01"), ("270900",), as_of=JANUARY)
    later = pipeline.revised(query, lake=lake)
    assert later is not None
    assert later.value.value == 150
    same = Query("value", ("RUS",), ("PRK",), Period.parse("2019-02"), ("270900",), as_of=JANUARY)
    assert pipeline.revised(same, lake=lake) is None
