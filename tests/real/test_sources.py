"""The publishers' real files are read as they are, with the figures that were counted in them by hand or plain SQL."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from tidewaiter.base.errors import SourceError
from tidewaiter.statistics.land import LandOptions, read

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

FISH = "comtrade/monthly_fish_hs6_2000_2024.parquet"


@contextmanager
def reading(path: Path):
    """Read a file into the view `rows` and yield the guess and a function that asks SQL of it."""
    with duckdb.connect() as engine, read(engine, path, LandOptions()) as (guess, rows):
        rows.create_view("rows")
        yield guess, lambda sql: engine.execute(sql).fetchall()


def test_the_imf_on_russia_and_north_korea(shared_data):
    with reading(shared_data / "imf_dots/imf_dots_PRK.csv") as (guess, ask):
        assert (guess.card.id, guess.first, guess.last) == ("imf_dots", "1960", "2020")
        said = ask(
            "SELECT period, value_usd FROM rows WHERE reporter = 'RUS' AND partner = 'PRK' AND flow = 'export' "
            "AND year >= 2015 ORDER BY period"
        )
        assert [round(value, -3) for _, value in said] == [
            Decimal(f"{value}000") for value in (78345, 68023, 74269, 32163, 46398, 42007)
        ]
        back = ask(
            "SELECT value_usd FROM rows WHERE reporter = 'RUS' AND partner = 'PRK' AND flow = 'import' "
            "AND year >= 2015 ORDER BY period"
        )
        assert [round(value, -3) for (value,) in back] == [
            Decimal(f"{value}000") for value in (6030, 8834, 3961, 2014, 3047, 714)
        ]
        assert ask("SELECT DISTINCT is_estimated FROM rows WHERE reporter = 'PRK'") == [(True,)]
        assert ask("SELECT DISTINCT is_estimated FROM rows WHERE reporter IN ('RUS', 'CHN')") == [(False,)]


def test_the_imf_on_china_and_north_korea(shared_data):
    with reading(shared_data / "imf_dots/imf_dots_PRK.csv") as (_, ask):
        said = ask(
            "SELECT value_usd FROM rows WHERE reporter = 'CHN' AND partner = 'PRK' AND flow = 'export' "
            "AND year >= 2015 ORDER BY period"
        )
        assert [round(value, -3) for (value,) in said] == [
            Decimal(f"{value}000") for value in (2946464, 3196804, 3328068, 2238877, 2588886, 491253)
        ]


def test_no_row_of_the_imfs_world_is_lost_or_counted_twice(shared_data):
    path = shared_data / "imf_dots/imf_dots_annual_1960_2020.parquet"
    with reading(path) as (guess, ask):
        plain = ask(
            f"SELECT count(*), CAST(sum(value_musd) AS DECIMAL(28,3)) FROM (SELECT DISTINCT reporter, flow, partner, year, "
            f"value_musd FROM read_parquet('{path}') WHERE value_musd >= 0)"
        )
        ((rows, million),) = plain
        assert ask("SELECT count(*) FROM rows") == [(rows,)]
        assert guess.rows == rows
        ((dollars,),) = ask("SELECT sum(value_usd) FROM rows")
        assert abs(dollars / 1_000_000 - million) < 1
        assert ask("SELECT count(*) FROM rows WHERE value_usd < 0") == [(0,)]
        assert len(guess.notes) == 2


def test_india_exported_10_39_million_to_north_korea_in_2019(shared_data):
    with reading(shared_data / "india/india_PRK_monthly.csv") as (guess, ask):
        assert guess.first == "2007-01"
        exported = ask("SELECT sum(value_usd), count(*) FROM rows WHERE year = 2019 AND flow = 'export'")
        assert exported == [(Decimal("10390000.000"), 12)]
        months = ask("SELECT period FROM rows WHERE year = 2019 AND flow = 'import' ORDER BY period")
        assert ("2019-07",) not in months
        assert len(months) == 11
        imported = ask("SELECT sum(value_usd) FROM rows WHERE year = 2018 AND flow = 'import'")
        assert imported == [(Decimal("3460000.000"),)]


@pytest.mark.parametrize(("flow", "lines"), [("Export", 33588), ("Import", 28848)])
def test_indias_248_partners_are_all_known(shared_data, flow, lines):
    with reading(shared_data / f"india/Year-Country-Value_{flow}.csv") as (guess, ask):
        assert guess.rows == lines
        assert ask("SELECT DISTINCT flow, reporter FROM rows") == [(flow.lower(), "IND")]
        north = ask("SELECT count(*) FROM rows WHERE partner = 'PRK'")
        south = ask("SELECT min(value_usd) > 50000000 FROM rows WHERE partner = 'KOR'")
        assert north[0][0] > 100
        assert south == [(True,)]


def test_trade_map_on_china_and_north_korea(shared_data):
    name = "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
    with reading(shared_data / "trademap/China" / name) as (guess, ask):
        assert guess.reporters == ("CHN",)
        said = ask("SELECT value_usd FROM rows WHERE partner = 'PRK' AND year >= 2017 ORDER BY period")
        assert [value for (value,) in said] == [
            Decimal(f"{value}000.000") for value in (3330975, 2218140, 2588886, 491059)
        ]


def test_every_trade_map_file_is_read_and_its_total_is_its_first_line(shared_data):
    files = sorted((shared_data / "trademap").glob("*/*.txt"))
    assert len(files) == 28
    for path in files:
        first = path.read_text(encoding="utf-8-sig").splitlines()[1].split("\t")
        with reading(path) as (guess, ask):
            assert guess.card.id == "itc_trade_map"
            said = ask(
                "SELECT value_usd FROM rows WHERE period = '2019' AND row = 1 AND product = 'TOTAL' "
                "AND (exporter = 'W00' OR importer = 'W00')"
            )
            # The last column but one holds 2020; a trailing tab makes an empty one after it.
            assert said == [(Decimal(f"{first[-3]}000.000"),)], path.name
            assert (guess.first, guess.last) == ("2009", "2020"), path.name


def test_in_a_trade_map_product_list_the_chapters_add_up_to_the_total(shared_data):
    name = "Trade_Map_-_List_of_products_exported_by_Germany.txt"
    with reading(shared_data / "trademap/Germany" / name) as (_, ask):
        ((total, chapters, count),) = ask(
            "SELECT sum(value_usd) FILTER (product = 'TOTAL'), sum(value_usd) FILTER (length(product) = 2), "
            "count(DISTINCT product) FROM rows WHERE year = 2019"
        )
        assert abs(total - chapters) <= 100_000
        assert count == 98


def test_wits_on_china_and_north_korea_in_2016(shared_data):
    with reading(shared_data / "wits/wits_prk_partner_totals_1962_2016.csv") as (guess, ask):
        assert guess.first == "1962"
        ((exported,),) = ask("SELECT value_usd FROM rows WHERE reporter = 'CHN' AND year = 2016 AND flow = 'export'")
        assert round(exported / 1_000_000, 1) == Decimal("2841.2")
        assert ask("SELECT DISTINCT partner FROM rows") == [("PRK",)]


def test_the_wits_bulk_layout_gets_its_zeros_back(shared_data):
    path = shared_data / "wits/wits_bulk_layout_TZA_2011.csv"
    with reading(path) as (guess, ask):
        assert guess.rows == 62789
        assert ask("SELECT DISTINCT length(product), hs FROM rows") == [(6, "HS2007")]
        assert any("2,312 product codes" in note for note in guess.notes)
        plain = ask(
            f"SELECT CAST(sum(CAST(tradevaluein1000usd AS DECIMAL(18,3))) * 1000 AS DECIMAL(28,3)) "
            f"FROM read_csv('{path}', all_varchar=true, encoding='latin-1')"
        )
        assert ask("SELECT sum(value_usd) FROM rows") == plain


def test_the_old_un_comtrade_layout(shared_data):
    path = shared_data / "comtrade/legacy_layout_sample_1.csv"
    with reading(path) as (guess, ask):
        assert (guess.card.id, guess.reporters, guess.rows) == ("un_comtrade_legacy", ("IDN",), 8706)
        assert ask("SELECT DISTINCT hs, period FROM rows ORDER BY ALL") == [("HS2012", "2014"), ("HS2017", "2021")]
        plain = ask(f"SELECT sum(CAST(\"Trade Value (US$)\" AS BIGINT)) FROM read_csv('{path}', all_varchar=true)")
        assert ask("SELECT sum(value_usd) FROM rows") == plain


def test_russia_sold_fish_to_north_korea_in_december_2019(shared_data):
    with reading(shared_data / "comtrade/monthly_fish_PRK.csv") as (guess, ask):
        assert guess.rows == 828
        said = ask(
            "SELECT value_usd, weight_kg, quantity, quantity_unit, valuation, hs FROM rows WHERE reporter = 'RUS' "
            "AND partner = 'PRK' AND flow = 'export' AND period = '2019-12' AND product = '030367'"
        )
        assert said == [(Decimal("109021.800"), Decimal("100253.000"), 100253.0, "kg", "fob", "HS2017")]
        assert ask("SELECT DISTINCT partner FROM rows") == [("PRK",)]


def test_five_million_rows_of_un_comtrade(shared_data):
    path = shared_data / FISH
    with reading(path) as (guess, ask):
        assert (guess.card.id, guess.format, guess.rows) == ("un_comtrade", "parquet", 5052238)
        assert (len(guess.reporters), guess.first, guess.last) == (165, "2000-01", "2024-08")
        plain = ask(
            f"SELECT CASE flowCode WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' END AS flow, count(*), "
            f"sum(CAST(primaryValue AS DECIMAL(18,3))) FROM read_parquet('{path}') WHERE flowCode IN ('M', 'X') "
            f"GROUP BY 1 ORDER BY 1"
        )
        assert (
            ask(
                "SELECT flow, count(*), sum(value_usd) FROM rows WHERE flow IN ('import', 'export') GROUP BY 1 ORDER BY 1"
            )
            == plain
        )
        # By plain SQL: import rows whose primary value is the FOB one and not the CIF one.
        fob = ask(
            f"SELECT count(*) FROM read_parquet('{path}') WHERE flowCode = 'M' AND primaryValue = fobvalue "
            f"AND fobvalue > 0 AND primaryValue IS DISTINCT FROM cifvalue"
        )
        assert ask("SELECT count(*) FROM rows WHERE flow = 'import' AND valuation = 'fob'") == fob
        assert fob[0][0] > 0
        assert any("row 1834639" in note for note in guess.notes)


def test_no_two_rows_of_un_comtrade_are_one_line(shared_data):
    with reading(shared_data / FISH) as (_, ask):
        lines = ask("SELECT count(*) FROM (SELECT DISTINCT reporter, partner, flow, product, hs, period FROM rows)")
        assert lines == [(5052238,)]


def test_recorded_answers_of_the_api(shared_data):
    for name, rows in {"HS-5e2730.json": 4, "HS-60a6ad.json": 4}.items():
        with reading(shared_data / "api_samples" / name) as (guess, ask):
            assert guess.rows == rows
            assert ask("SELECT value_usd FROM rows WHERE row = 1") == [(Decimal("6804128143.000"),)]
    for name in ("EB-b31ccb.json", "HS-a503f3.json"):
        with (
            pytest.raises(SourceError, match="an empty answer is not zero trade"),
            reading(shared_data / "api_samples" / name),
        ):
            pass
