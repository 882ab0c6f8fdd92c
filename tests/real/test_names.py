"""Every area that the publishers' real files name or number is known, and none stands for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tidewaiter.codes import areas

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

ROWS = {
    "UN Comtrade partner numbers": "SELECT DISTINCT partnerCode::VARCHAR FROM '{folder}/comtrade/*.parquet'",
    "UN Comtrade reporter numbers": "SELECT DISTINCT reporterCode::VARCHAR FROM '{folder}/comtrade/*.parquet'",
    "UN Comtrade partner names": "SELECT DISTINCT partnerDesc FROM '{folder}/comtrade/*.parquet'",
    "UN Comtrade reporter names": "SELECT DISTINCT reporterDesc FROM '{folder}/comtrade/*.parquet'",
    "UN Comtrade partner codes": "SELECT DISTINCT partnerISO FROM '{folder}/comtrade/*.parquet'",
    "UN Comtrade rows on North Korea": "SELECT DISTINCT reporterDesc FROM '{folder}/comtrade/monthly_fish_PRK.csv'",
    "UN Comtrade legacy layout": "SELECT DISTINCT Partner FROM '{folder}/comtrade/legacy_*.csv' "
    "UNION SELECT DISTINCT Reporter FROM '{folder}/comtrade/legacy_*.csv' "
    "UNION SELECT DISTINCT \"Partner ISO\" FROM '{folder}/comtrade/legacy_*.csv'",
    "UN Comtrade list of partners": "SELECT DISTINCT country FROM '{folder}/reference/comtrade/partner.csv'",
    "UN Comtrade list of reporters": "SELECT DISTINCT country FROM '{folder}/reference/comtrade/reporter.csv'",
    "UN Comtrade numbers of partners": "SELECT DISTINCT id::VARCHAR FROM '{folder}/reference/comtrade/partner.csv'",
    "UN Comtrade numbers of reporters": "SELECT DISTINCT id::VARCHAR FROM '{folder}/reference/comtrade/reporter.csv'",
    "UN Comtrade Reporters.json": "SELECT DISTINCT unnest(results).text FROM '{folder}/reference/comtrade/Reporters.json'",
    "UN Comtrade partnerAreas.json": "SELECT text FROM (SELECT DISTINCT unnest(results).text AS text "
    "FROM '{folder}/reference/comtrade/partnerAreas.json') WHERE text <> 'All'",
    "UN Comtrade reporterAreas.json": "SELECT text FROM (SELECT DISTINCT unnest(results).text AS text "
    "FROM '{folder}/reference/comtrade/reporterAreas.json') WHERE text <> 'All'",
    "IMF reporters": "SELECT DISTINCT reporter FROM '{folder}/imf_dots/*.parquet'",
    "IMF partners": "SELECT DISTINCT partner FROM '{folder}/imf_dots/*.parquet'",
    "IMF rows on North Korea": "SELECT DISTINCT unnest([reporter, partner]) FROM '{folder}/imf_dots/imf_dots_PRK.csv'",
    "India": "SELECT DISTINCT Country FROM '{folder}/india/Year-Country-Value_*.csv'",
    "India and North Korea": "SELECT DISTINCT Country FROM '{folder}/india/india_PRK_monthly.csv'",
    "ITC Trade Map markets": "SELECT DISTINCT column00 FROM read_csv('{folder}/trademap/*/*market*.txt', delim='\t', "
    "quote='\"', header=false, skip=1, all_varchar=true, names=['column00'], null_padding=true, strict_mode=false)",
    "ITC Trade Map, world": "SELECT DISTINCT column00 FROM read_csv('{folder}/trademap/World/*porters*.txt', delim='\t', "
    "quote='\"', header=false, skip=1, all_varchar=true, names=['column00'], null_padding=true, strict_mode=false)",
    "WITS totals": "SELECT DISTINCT unnest([reporter, partner]) FROM '{folder}/wits/wits_prk_partner_totals_1962_2016.csv'",
    "WITS bulk layout": "SELECT DISTINCT unnest([reporteriso3, partneriso3, reportername, partnername]) FROM "
    "read_csv('{folder}/wits/wits_bulk_layout_TZA_2011.csv', encoding='latin-1', all_varchar=true)",
    "ISO 3166 names": "SELECT DISTINCT official_name_en FROM '{folder}/reference/country/country-codes.csv' "
    "WHERE official_name_en IS NOT NULL",
    "ISO 3166 codes": "SELECT DISTINCT \"ISO3166-1-Alpha-3\" FROM '{folder}/reference/country/country-codes.csv'",
}


def names_in(folder: Path, rows: str) -> list[str]:
    with duckdb.connect() as engine:
        return [str(name) for (name,) in engine.execute(rows.format(folder=folder)).fetchall()]


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS.keys())
def test_every_area_a_publisher_names_is_known(shared_data: Path, rows: str) -> None:
    names = names_in(shared_data, rows)
    assert names
    codes = {name: areas.resolve(name) for name in names}
    assert set(codes) == set(names)


LINES = {
    "UN Comtrade": "SELECT reporterCode::VARCHAR AS reporter, partnerCode::VARCHAR AS partner, period AS period "
    "FROM '{folder}/comtrade/*.parquet'",
    "IMF": "SELECT reporter, partner, year AS period FROM '{folder}/imf_dots/*.parquet'",
    "India": "SELECT 'India' AS reporter, Country AS partner, Date AS period FROM '{folder}/india/Year-Country-Value_*.csv'",
    "ITC Trade Map": "SELECT 'World' AS reporter, partner, 'any' AS period FROM read_csv('{folder}/trademap/*/*market*.txt', "
    "delim='\t', quote='\"', header=false, skip=1, all_varchar=true, names=['partner'], null_padding=true, strict_mode=false)",
    "WITS": "SELECT reporter, partner, year AS period FROM '{folder}/wits/wits_prk_partner_totals_1962_2016.csv'",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES.keys())
def test_no_two_areas_that_a_publisher_prints_side_by_side_become_one(shared_data: Path, lines: str) -> None:
    def code(column: str) -> str:
        return f"(SELECT code FROM spelling WHERE spelling_folded = {areas.FOLD_SQL.format(column=f'line.{column}')}) AS {column}_code"

    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE spelling AS FROM read_csv(?, all_varchar = true)", [str(areas.spellings_csv())])
        merged = engine.execute(
            f"""WITH line AS (SELECT DISTINCT reporter, partner, period FROM ({lines.format(folder=shared_data)})),
            coded AS (SELECT *, {code("reporter")}, {code("partner")} FROM line)
            SELECT reporter_code, partner_code, period, array_agg(DISTINCT reporter), array_agg(DISTINCT partner),
              count(*) OVER () FROM coded GROUP BY ALL HAVING count(*) > 1 LIMIT 5"""
        ).fetchall()
    assert merged == []
