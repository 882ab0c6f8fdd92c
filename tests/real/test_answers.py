"""The questions of the handbook on the publishers' real files, and the numbers these files are known to hold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.base.schema import Tables
    from tidewaiter.lake.lake import Lake

pytestmark = pytest.mark.real

FILES = (
    "imf_dots/imf_dots_PRK.csv",
    "india/india_PRK_monthly.csv",
    "wits/wits_prk_partner_totals_1962_2016.csv",
    "comtrade/monthly_fish_PRK.csv",
    "trademap/China/Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt",
)


@pytest.fixture(scope="module")
def lake(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.land import LandOptions, land_file

    lake = Lake.open(str(tmp_path_factory.mktemp("lake")))
    for name in FILES:
        land_file(lake, shared_data / name, LandOptions())
    return lake


@pytest.fixture(scope="module")
def real(lake: Lake) -> Tables:
    return lake.tables()


def answered(tables: Tables, indicator: str, exporter: str, importer: str, period: str, **more) -> Answer:
    answer = ask(Query(indicator, (exporter,), (importer,), Period.parse(period), **more), tables)
    assert isinstance(answer, Answer), answer
    return answer


def millions(value: Decimal) -> Decimal:
    return round(value / 1_000_000, 3)


def test_russias_exports_to_north_korea_rose_by_44_per_cent(real):
    answer = answered(real, "change", "RUS", "PRK", "2019", against=Period.parse("2018"), perspective="PRK")
    assert (millions(answer.current.value.value), millions(answer.base.value.value)) == (
        Decimal("46.398"),
        Decimal("32.163"),
    )
    assert round(answer.value.value, 1) == Decimal("44.3")
    assert (answer.source, answer.side, answer.rank) == ("imf_dots", "mirror", 1)
    assert {row.reporter for row in answer.evidence} == {"RUS"}


def test_indias_exports_to_north_korea_add_up_by_month(real):
    answer = answered(real, "value", "IND", "PRK", "2019")
    assert answer.value.value == 10_390_000
    assert (answer.source, len(answer.table)) == ("india_dgcis", 12)


def test_indias_imports_lack_july_which_is_not_zero(real):
    refusal = ask(
        Query("value", ("PRK",), ("IND",), Period.parse("2019"), perspective="IND", source="india_dgcis"), real
    )
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.partial.coverage) == ("partial_data", Decimal(11) / 12)
    assert "missing: 2019-07" in refusal.missing


def test_chinas_exports_to_north_korea_stand_in_two_vintages_side_by_side(real):
    answer = answered(real, "series", "CHN", "PRK", "2017..2020", perspective="PRK")
    tables = {each.source: each.table for each in (answer, *answer.alternatives) if each.side == "mirror"}
    assert [millions(line.value) for line in tables["itc_trade_map"]] == [
        Decimal(text) for text in ("3330.975", "2218.140", "2588.886", "491.059")
    ]
    assert [millions(line.value) for line in tables["imf_dots"]] == [
        Decimal(text) for text in ("3328.068", "2238.877", "2588.886", "491.253")
    ]


def test_chinas_exports_of_2016_stand_in_three_vintages(real):
    answer = answered(real, "value", "CHN", "PRK", "2016", perspective="PRK")
    found = {
        each.source: round(each.value.value / 1_000_000, 1)
        for each in (answer, *answer.alternatives)
        if each.side == "mirror"
    }
    assert found == {"itc_trade_map": Decimal("2929.1"), "imf_dots": Decimal("3196.8"), "wits": Decimal("2841.2")}


def test_north_koreas_trade_with_everyone_is_the_imfs_estimate_and_says_so(real):
    answer = ask(Query("value", (), ("PRK",), Period.parse("2019"), perspective="PRK"), real)
    assert isinstance(answer, Answer)
    assert answer.source == "imf_dots"
    assert "the estimate of imf_dots, not a declaration" in answer.notes


def test_one_line_of_fish_has_its_value_and_weight(real):
    fish = {"products": ("030367",)}
    assert answered(real, "value", "RUS", "PRK", "2019-12", **fish).value.value == Decimal("109021.8")
    assert answered(real, "weight", "RUS", "PRK", "2019-12", **fish).value.value == 100_253


def test_fish_is_not_all_goods(real):
    refusal = ask(Query("value", ("RUS",), ("PRK",), Period.parse("2019"), source="un_comtrade"), real)
    assert isinstance(refusal, Refusal)


def test_every_answers_sql_gives_its_number_again(lake, real):
    for period, products in (("2015..2019", ("TOTAL",)), ("2018-06", ("03",))):
        answer = answered(real, "value", "CHN", "PRK", period, products=products)
        assert lake.connection.execute(answer.sql).fetchall()[0][0] == answer.value.value
