"""The page on doubtful declarations of fish, held against plain SQL over the same file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidewaiter.codes import areas
from tidewaiter.law.review import read_register

if TYPE_CHECKING:
    import duckdb

pytestmark = pytest.mark.real

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "suspect-declarations.md").read_text(
    encoding="utf-8"
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


def test_the_register_on_the_page_is_one_that_screening_takes() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert [entry["reporter"] for entry in read_register(block, "register.yml")] == ["MOZ", "PER"]
