"""The shipped regimes hold together: every file loads, and each chain of measures is seamless."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest

from tidewaiter.base.schema import MEASURE
from tidewaiter.codes import hs_codes
from tidewaiter.law import rulebook, table
from tidewaiter.law.regime import Measure, Regime, Rulebook
from tidewaiter.law.say import say_check, say_list, say_measure


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook.load()


@pytest.fixture(scope="module")
def dprk(book: Rulebook) -> Regime:
    return rulebook.find_regime(book, "un/dprk")


def measure(regime: Regime, name: str) -> Measure:
    return next(each for each in regime.measures if each.id == name)


def test_the_shipped_regimes_are_these(book):
    assert [regime.id for regime in book.regimes] == ["ca/belarus", "ca/russia", "g7/common-high-priority", "un/dprk"]
    assert book.targets == ("BLR", "PRK", "RUS")
    assert [regime.id for regime in book.about("BLR")] == ["ca/belarus", "g7/common-high-priority"]


def test_every_resolution_since_2006_is_there_with_its_day(dprk):
    adopted = {act.id: act.adopted for act in dprk.acts}
    assert adopted == {
        "1695": date(2006, 7, 15),
        "1718": date(2006, 10, 14),
        "1874": date(2009, 6, 12),
        "2087": date(2013, 1, 22),
        "2094": date(2013, 3, 7),
        "2270": date(2016, 3, 2),
        "2321": date(2016, 11, 30),
        "2356": date(2017, 6, 2),
        "2371": date(2017, 8, 5),
        "2375": date(2017, 9, 11),
        "2397": date(2017, 12, 22),
    }


def test_a_measure_that_replaces_another_begins_the_day_after_it_ended(dprk):
    replaced = [(each, measure(dprk, older)) for each in dprk.measures for older in each.supersedes]
    assert len(replaced) == 7  # coal twice, iron twice, refined, crude, joint ventures
    for newer, older in replaced:
        assert newer.start == older.end + timedelta(days=1), newer.id


def test_every_wind_down_is_the_adoption_and_its_days(dprk):
    days = {each.id: (each.wind_down.end - each.adopted).days for each in dprk.measures if each.wind_down}
    assert days == {
        "2371-8-iron": 30,
        "2371-9-seafood": 30,
        "2371-10-lead": 30,
        "2375-16-textiles": 90,
        "2397-6-exports": 30,
    }


def test_the_caps_are_those_of_the_resolutions(dprk):
    caps = {
        (each.id, quota.start): [(amount.value, amount.unit) for amount in quota.amounts]
        for each in dprk.measures
        for quota in each.quotas
    }
    assert caps == {
        ("2321-26-coal", date(2016, 11, 30)): [(Decimal(53495894), "USD"), (Decimal(1000866), "t")],
        ("2321-26-coal", date(2017, 1, 1)): [(Decimal(400870018), "USD"), (Decimal(7500000), "t")],
        ("2375-14-refined", date(2017, 9, 11)): [],
        ("2375-14-refined", date(2017, 10, 1)): [(Decimal(500000), "bbl")],
        ("2375-15-crude", date(2017, 9, 11)): [],
        ("2397-4-crude", date(2017, 12, 22)): [(Decimal(4000000), "bbl"), (Decimal(525000), "t")],
        ("2397-5-refined", date(2018, 1, 1)): [(Decimal(500000), "bbl")],
    }
    assert measure(dprk, "2321-26-coal").quotas[0].join == "lower"
    assert measure(dprk, "2397-4-crude").quotas[0].join == "either"
    shares = [mark.share for mark in measure(dprk, "2397-5-refined").thresholds]
    assert shares == [Decimal("0.75"), Decimal("0.9"), Decimal("0.95")]


def test_a_quota_is_found_by_day_and_silent_between(dprk):
    coal = measure(dprk, "2321-26-coal")
    assert coal.quota_on(date(2016, 12, 31)).period == "span"
    assert coal.quota_on(date(2017, 1, 1)).period == "calendar_year"
    assert coal.quota_on(date(2017, 8, 5)) is None


def test_the_worker_deadline_is_22_december_2019(dprk):
    due = [duty.due for duty in measure(dprk, "2397-8-workers").duties]
    assert due == [date(2019, 3, 22), date(2019, 12, 22), date(2020, 3, 22)]


def test_only_codes_printed_in_a_resolution_count_as_verified_there(dprk):
    printed = [(each.id, goods) for each in dprk.measures for goods in each.goods if goods.assigned_by == "resolution"]
    assert {name.split("-")[0] for name, _ in printed} == {"2397"}
    assert all(goods.verified and len(code) == 2 for _, goods in printed for code in goods.codes)
    recalled = [goods for each in dprk.measures for goods in each.goods if goods.assigned_by in {"panel", "engine"}]
    assert recalled
    assert not any(goods.verified for goods in recalled)


def test_disputed_questions_are_three_with_two_sides_each(dprk):
    questions = [reading.question for reading in dprk.readings]
    assert sorted(questions) == ["iron", "iron", "lpg", "lpg", "machinery", "machinery"]
    used = {goods.reading for each in dprk.measures for goods in each.goods if goods.reading}
    assert used == {reading.id for reading in dprk.readings}


def test_the_priority_list_has_fifty_codes_of_which_six_are_new_in_hs2022(book):
    regime = rulebook.find_regime(book, "g7/common-high-priority")
    codes = [code for each in regime.measures for goods in each.goods for code in goods.codes]
    assert len(codes) == len(set(codes)) == 50
    per_tier = {each.id: sum(len(goods.codes) for goods in each.goods) for each in regime.measures}
    assert per_tier == {"tier-1": 4, "tier-2": 5, "tier-3-a": 16, "tier-3-b": 9, "tier-4-a": 11, "tier-4-b": 5}
    new = {code for code in codes if code not in hs_codes.known("HS2017")}
    assert new == {"854800", "852589", "854149", "854151", "854159", "880730"}
    assert {each.kind for each in regime.measures} == {"watch"}


def test_every_record_said_to_be_seen_names_its_page(book):
    for regime in book.regimes:
        for each in regime.measures:
            parts = (each, *each.goods, *each.exemptions, *each.duties, *each.national, *each.quotas)
            for part in parts:
                assert part.sources or not part.verified, f"{regime.id} {each.id}"
                assert all(source.url.startswith("http") for source in part.sources)


def test_no_wording_of_the_law_accuses_anybody(book):
    said = [say_list(book), *(say_check(regime) for regime in book.regimes)]
    said += [say_measure(regime, each) for regime in book.regimes for each in regime.measures]
    for text in said:
        assert "violat" not in text.casefold()


def test_a_measure_is_shown_with_quota_marks_and_sources(book):
    regime, refined = rulebook.find_measure(book, "2397-5-refined")
    shown = say_measure(regime, refined)
    for part in (
        "resolution 2397 (2017), paragraph 5",
        "500,000 barrels a calendar year",
        "at 75%",
        "8.333 to 8.333 bbl per t",
        "under the reading lpg:refined-product",
        "replaces 2375-14-refined",
        "https://www.un.org/securitycouncil/sanctions/1718/",
    ):
        assert part in shown


def test_the_measure_table_passes_its_own_checks_and_key(book):
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    rows = table.frame(book, connection)
    assert tuple(rows.columns) == MEASURE.names
    assert [str(kind) for kind in rows.types] == [
        column.type.replace("DECIMAL(24,6)", "DECIMAL(24,6)") for column in MEASURE.columns
    ]
    for check in MEASURE.all_checks:
        assert rows.filter(check.failing).fetchall() == [], check.name
    key = ", ".join(f'"{name}"' for name in MEASURE.key)
    assert rows.aggregate(f"{key}, count(*) AS n", key).filter("n > 1").fetchall() == []


def test_the_measure_table_cuts_a_measure_at_its_dated_quotas(book):
    cut = [
        (row["start"], row["end"], row["quota"], row["quota_unit"], row["quota_or_unit"])
        for row in table.rows(book)
        if row["measure"] == "2375-14-refined" and row["product"] == "2710"
    ]
    assert cut == [
        (date(2017, 9, 11), date(2017, 9, 30), None, None, None),
        (date(2017, 10, 1), date(2017, 12, 31), Decimal(500000), "bbl", None),
    ]


def test_the_measure_table_has_one_row_per_target_and_party(book):
    watch = [row for row in table.rows(book) if row["product"] == "854231"]
    assert [(row["target"], row["party"]) for row in watch if row["kind"] == "watch"] == [("RUS", ""), ("BLR", "")]
    canada = {row["party"] for row in table.rows(book) if row["regime"].startswith("ca/")}
    assert canada == {"CAN"}


def test_the_rajin_exception_is_on_coal_and_not_on_lignite(book):
    rows = {row["product"]: row["exempt_reach"] for row in table.rows(book) if row["measure"] == "2371-8-coal"}
    assert rows == {"2701": "some", "2702": None}
