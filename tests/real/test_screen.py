"""Screening UN Comtrade's real monthly fish data, held against plain SQL over the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tidewaiter.law import rulebook
from tidewaiter.law.engine import rows_of
from tidewaiter.law.exposure import screen_summary
from tidewaiter.law.screen import screen

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

pytestmark = pytest.mark.real

EDITIONS = "MAP {'H0': 'HS1992', 'H1': 'HS1996', 'H2': 'HS2002', 'H3': 'HS2007', 'H4': 'HS2012', 'H5': 'HS2017', 'H6': 'HS2022'}"


def trade(connection: duckdb.DuckDBPyConnection, file: Path) -> duckdb.DuckDBPyRelation:
    """The file as a trade frame: totals of exports and imports, as their reporters declared them."""
    return connection.sql(f"""
        SELECT reporterISO AS reporter, partnerISO AS partner,
            CASE flowCode WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' ELSE flowCode END AS flow,
            CASE flowCode WHEN 'M' THEN partnerISO ELSE reporterISO END AS exporter,
            CASE flowCode WHEN 'M' THEN reporterISO ELSE partnerISO END AS importer,
            cmdCode AS product, {EDITIONS}[classificationCode] AS hs,
            period[1:4] || '-' || period[5:6] AS period,
            CAST(primaryValue AS DECIMAL(18, 3)) AS value_usd
        FROM read_parquet('{file}')""")


@pytest.fixture
def fish(shared_data: Path) -> Path:
    return shared_data / "comtrade" / "monthly_fish_hs6_2000_2024.parquet"


def test_every_declaration_of_seafood_from_the_north_after_the_ban_is_listed(
    connection: duckdb.DuckDBPyConnection, fish: Path
) -> None:
    found = rows_of(screen(trade(connection, fish), rulebook.load(), targets=["PRK"], regimes=["un/dprk"]))
    listed = sorted((row["period"], row["reporter"], row["product"], row["value_usd"]) for row in found)
    # Paragraph 9 covers chapter 03 and headings 1604 and 1605, from 5 August 2017 on.
    expected = connection.sql(f"""
        SELECT period[1:4] || '-' || period[5:6], reporterISO, cmdCode, CAST(primaryValue AS DECIMAL(18, 3))
        FROM read_parquet('{fish}')
        WHERE ((flowCode = 'M' AND partnerISO = 'PRK') OR (flowCode = 'X' AND reporterISO = 'PRK')) AND period >= '201708'
        ORDER BY ALL""").fetchall()
    assert listed == expected
    assert len(listed) > 0


def test_the_months_of_the_change_are_undecided_and_the_rest_is_not(
    connection: duckdb.DuckDBPyConnection, fish: Path
) -> None:
    found = rows_of(screen(trade(connection, fish), rulebook.load(), targets=["PRK"], regimes=["un/dprk"]))
    # 5 August began the ban, 4 September ended the days for older contracts: both months hold a change.
    assert {row["period"] for row in found if row["status"] == "partly_in_force"} == {"2017-08", "2017-09"}
    assert {row["status"] for row in found if row["period"] not in {"2017-08", "2017-09"}} == {"banned"}


def test_the_sums_by_importer_and_year_are_those_of_plain_sql(
    connection: duckdb.DuckDBPyConnection, fish: Path
) -> None:
    summary = rows_of(
        screen_summary(screen(trade(connection, fish), rulebook.load(), targets=["PRK"], regimes=["un/dprk"]))
    )
    told: dict[tuple[Any, ...], Any] = {
        (row["reporter"], row["year"]): (row["declarations"], row["months"], row["value_usd"]) for row in summary
    }
    expected = connection.sql(f"""
        SELECT reporterISO, period[1:4], count(*), count(DISTINCT period), sum(CAST(primaryValue AS DECIMAL(18, 3)))
        FROM read_parquet('{fish}') WHERE flowCode = 'M' AND partnerISO = 'PRK' AND period >= '201708' GROUP BY 1, 2
        """).fetchall()
    assert told == {(reporter, year): (rows, months, usd) for reporter, year, rows, months, usd in expected}


def test_fish_that_goes_to_the_north_is_not_under_the_ban_on_fish_from_it(
    connection: duckdb.DuckDBPyConnection, fish: Path
) -> None:
    found = rows_of(screen(trade(connection, fish), rulebook.load(), targets=["PRK"], regimes=["un/dprk"]))
    assert {row["exporter"] for row in found} == {"PRK"}
