"""What may be relied on when the IMF's Direction of Trade tables are landed."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from source_helpers import FILES, rows_of, text
from tidewaiter.base.errors import CodeError

IMF = "reporter,flow,partner,year,value_musd,file"


def test_the_imfs_millions_become_dollars_exactly():
    guess, rows = rows_of(FILES / "imf_dots.csv")
    assert (guess.card.id, guess.unit, guess.first, guess.last) == (
        "imf_dots",
        "million US dollars",
        "2018",
        "2019",
    )
    values = {(row["reporter"], row["flow"], row["partner"], row["period"]): row["value_usd"] for row in rows}
    assert values["RUS", "export", "PRK", "2019"] == Decimal("46250000.000")
    assert values["RUS", "export", "KOR", "2019"] == Decimal("16000000001.000")
    assert {row["product"] for row in rows} == {"TOTAL"}


def test_the_imfs_exports_are_fob_and_imports_cif():
    _, rows = rows_of(FILES / "imf_dots.csv")
    assert {(row["flow"], row["valuation"]) for row in rows} == {("export", "fob"), ("import", "cif")}


def test_what_the_imf_says_for_north_korea_is_its_estimate_and_what_russia_says_is_not():
    _, rows = rows_of(FILES / "imf_dots.csv")
    assert {row["reporter"]: row["is_estimated"] for row in rows} == {"RUS": False, "PRK": True}


def test_groups_among_the_imfs_partners_keep_codes_of_their_own():
    _, rows = rows_of(FILES / "imf_dots.csv")
    groups = {row["partner"] for row in rows if row["value_usd"] >= 10**11}
    assert "W00" in groups
    assert len(groups) == 2


def test_a_row_that_the_imf_prints_twice_is_kept_once_and_said():
    guess, rows = rows_of(FILES / "imf_dots.csv")
    assert len(rows) == guess.rows == 7
    assert any(note.startswith("1 row left out") for note in guess.notes)
    assert [row["row"] for row in rows if row["period"] == "2019" and row["partner"] == "PRK"] == [2, 3]


def test_the_parquet_twin_of_the_imfs_table_is_the_same_trade(tmp_path):
    twin = tmp_path / "dots.parquet"
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT * REPLACE (CAST(year AS BIGINT) AS year, CAST(value_musd AS DOUBLE) AS value_musd) "
            f"FROM read_csv('{FILES / 'imf_dots.csv'}', all_varchar=true)) TO '{twin}'"
        )
    assert rows_of(twin)[1] == rows_of(FILES / "imf_dots.csv")[1]


def test_a_known_fault_of_the_imfs_is_left_out_with_its_reason_and_nothing_like_it(tmp_path):
    path = text(
        tmp_path / "dots.csv",
        IMF,
        "World,X,Malaysia,1960,-4.8,a",
        "World,X,Malaysia,1961,4.8,a",
        "World,M,Malaysia,1960,-2.6,a",
    )
    guess, rows = rows_of(path)
    assert [(row["flow"], row["value_usd"]) for row in rows] == [
        ("export", Decimal("4800000.000")),
        ("import", Decimal("-2600000.000")),
    ]
    assert guess.rows == 2
    assert any("goods cannot be fewer than none" in note for note in guess.notes)


def test_an_unknown_area_names_file_row_column_and_the_nearest_spelling(tmp_path):
    path = text(tmp_path / "dots.csv", IMF, "Jamaica,X,Japan,2019,1,a", "Jamaica,X,Rusian Federation,2019,1,a")
    with pytest.raises(CodeError, match=r"dots\.csv, row 2, column 'partner'.*Rusian Federation.*nearest: Russian"):
        rows_of(path)
