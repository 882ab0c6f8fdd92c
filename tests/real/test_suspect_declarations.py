"""The page on doubtful declarations of fish, held against plain SQL over the same file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidewaiter.codes import areas
from tidewaiter.law.engine import lazy, rows_of
from tidewaiter.law.review import read_register
from tidewaiter.statistics import namesakes

if TYPE_CHECKING:
    import duckdb

pytestmark = pytest.mark.real

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "suspect-declarations.md").read_text(
    encoding="utf-8"
)
SCORE = re.compile(
    r"^\| (?P<name>[^|]+) \| (?P<low>0\.\d\d)(?: to (?P<high>0\.\d\d))? \| (?P<likely>\d+) of \d+ \|", re.MULTILINE
)
ROW = re.compile(r"^\| (?P<name>[^|]+) \| \d{4}-\d\d[^|]* \| (?P<lines>\d+) \| (?P<usd>[\d,]+) \|", re.MULTILINE)


def test_every_importer_stands_on_the_page_with_its_lines_and_dollars(
    connection: duckdb.DuckDBPyConnection, shared_data: Path
) -> None:
    told = {
        areas.resolve(row["name"]): (int(row["lines"]), int(row["usd"].replace(",", ""))) for row in ROW.finditer(PAGE)
    }
    file = shared_data / "comtrade" / "monthly_fish_hs6_2000_2024.parquet"
    declared = connection.sql(f"""
        SELECT reporterISO, count(*), CAST(round(sum(primaryValue)) AS BIGINT) FROM read_parquet('{file}')
        WHERE partnerISO = 'PRK' AND flowCode = 'M' AND period >= '201709' GROUP BY ALL""").fetchall()
    assert told == {reporter: (lines, usd) for reporter, lines, usd in declared}


def test_each_of_them_carries_the_probability_on_the_page_with_its_reasons(
    connection: duckdb.DuckDBPyConnection, shared_data: Path
) -> None:
    file = shared_data / "comtrade" / "monthly_fish_hs6_2000_2024.parquet"
    connection.execute(f"""
        CREATE TABLE trade AS SELECT 'un_comtrade' AS source, reporterISO AS reporter, partnerISO AS partner,
            CASE flowCode WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' ELSE flowCode END AS flow, cmdCode AS product,
            classificationCode AS hs, period[1:4] || '-' || period[5:6] AS period,
            CAST(primaryValue AS DECIMAL(18, 3)) AS value_usd,
            CAST(CASE WHEN netWgt > 0 THEN netWgt END AS DECIMAL(18, 3)) AS weight_kg, false AS is_estimated,
            DATE '2024-10-01' AS vintage
        FROM read_parquet('{file}')
        WHERE partnerISO IN ('PRK', 'KOR') OR reporterISO = 'KOR'""")
    found = rows_of(namesakes.suspicion(lazy(connection.table("trade")), namesakes.confusions()))
    doubtful = [row for row in found if row["period"] >= "2017-09" and row["flow"] == "import"]
    assert len(doubtful) == 51
    assert all(row["mixup_probability"] is not None and row["mixup_reasons"] for row in doubtful)
    told: dict[str, list[float]] = {}
    for row in doubtful:
        told.setdefault(row["reporter"], []).append(row["mixup_probability"])
    on_page = {
        areas.resolve(row["name"]): (row["low"], row["high"] or row["low"], int(row["likely"]))
        for row in SCORE.finditer(PAGE)
    }
    assert on_page == {
        reporter: (f"{min(each):.2f}", f"{max(each):.2f}", sum(one >= 0.5 for one in each))
        for reporter, each in told.items()
    }
    # South Korea declared these tunas to Peru before, and Peru none of them about it: by hand, from the file.
    tuna = {row["product"]: row for row in doubtful if row["reporter"] == "PER"}
    assert {product for product, row in tuna.items() if row["unanswered"] and row["jump"]} == set(tuna)


def test_the_register_on_the_page_is_one_that_screening_takes() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert [entry["reporter"] for entry in read_register(block, "register.yml")] == ["MOZ", "PER"]
