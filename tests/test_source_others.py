"""What may be relied on when files of the IMF, India, WITS and the old UN Comtrade site are landed."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from source_helpers import FILES, rows_of, text
from tidewaiter.base.errors import CodeError, SourceError

IMF = "reporter,flow,partner,year,value_musd,file"
NORTH = '"Korea, Dem. People\'s Rep. of"'
WITS_BULK = (
    "nomenclature,reporteriso3,productcode,reportername,partneriso3,partnername,year,tradeflowname,tradevaluein1000usd"
)


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


def test_a_missing_month_of_indias_stays_missing():
    guess, rows = rows_of(FILES / "india_by_month.csv")
    assert guess.card.id == "india_dgcis"
    north = [(row["period"], row["flow"], row["value_usd"]) for row in rows if row["partner"] == "PRK"]
    assert north == [
        ("2019-06", "export", Decimal("1250000.000")),
        ("2019-06", "import", Decimal("300000.000")),
        ("2019-07", "export", Decimal("320000.000")),
    ]


def test_indias_two_layouts_say_the_same_and_write_thousands_with_a_comma():
    _, both = rows_of(FILES / "india_by_month.csv")
    _, exports = rows_of(FILES / "Year-Country-Value_Export.csv")
    south = [row["value_usd"] for row in (*both, *exports) if row["partner"] == "KOR" and row["flow"] == "export"]
    assert south == [Decimal("1024750000.000")] * 2
    assert [row["period"] for row in exports] == ["2019-06", "2019-06", "2019-12"]


def test_a_renamed_table_of_indias_needs_its_flow(tmp_path):
    renamed = tmp_path / "table.csv"
    renamed.write_bytes((FILES / "Year-Country-Value_Export.csv").read_bytes())
    with pytest.raises(SourceError, match="add --flow export or --flow import"):
        rows_of(renamed)
    _, rows = rows_of(renamed, flow="import")
    assert {row["flow"] for row in rows} == {"import"}
    with pytest.raises(SourceError, match="named a table of exports, but --flow says import"):
        rows_of(FILES / "Year-Country-Value_Export.csv", flow="import")


def test_a_day_that_is_not_the_first_of_a_month_is_refused_so_months_and_days_cannot_be_mixed(tmp_path):
    path = text(tmp_path / "Export.csv", "Country,Value,Date", "KOREA RP,1,1/6/2019")
    with pytest.raises(SourceError, match="row 1, column 'Date': '1/6/2019'"):
        rows_of(path)


def test_wits_totals_become_two_flows_and_blanks_none():
    guess, rows = rows_of(FILES / "wits_totals.csv")
    assert guess.card.id == "wits"
    said = [(row["reporter"], row["flow"], row["period"], row["value_usd"]) for row in rows]
    assert said == [
        ("CHN", "export", "2016", Decimal("2841250.000")),
        ("CHN", "import", "2016", Decimal("2500000.000")),
        ("ROU", "import", "1997", Decimal("40125.000")),
        ("W00", "export", "2016", Decimal("3000000.000")),
        ("W00", "import", "2016", Decimal("2600000.000")),
    ]


def test_wits_product_codes_get_back_the_zero_they_lost():
    guess, rows = rows_of(FILES / "wits_bulk.csv")
    assert [row["product"] for row in rows] == ["010110", "271019", "091099"]
    assert {row["hs"] for row in rows} == {"HS2007"}
    assert rows[1]["partner"] == "CUW"
    assert any("2 product codes without their leading zero" in note for note in guess.notes)


def test_wits_product_codes_that_kept_their_zero_beside_others_that_lost_it_are_refused(tmp_path):
    path = text(
        tmp_path / "bulk.csv",
        WITS_BULK,
        "H3,TZA,10110,Tanzania,KEN,Kenya,2011,Import,1",
        "H3,TZA,010111,Tanzania,KEN,Kenya,2011,Import,1",
    )
    with pytest.raises(SourceError, match="row 2, column 'productcode': '010111' kept its leading zero"):
        rows_of(path)


def test_legacy_rows_say_flow_edition_and_unit_in_todays_words():
    guess, rows = rows_of(FILES / "un_comtrade_legacy.csv")
    assert (guess.card.id, guess.first, guess.last) == ("un_comtrade_legacy", "2014", "2019-03")
    assert [(row["flow"], row["partner"], row["hs"], row["period"]) for row in rows] == [
        ("export", "W00", "HS2012", "2014"),
        ("import", "PRK", "HS2012", "2014"),
        ("re_export", "KOR", "HS2017", "2019-03"),
    ]
    assert [(row["quantity"], row["quantity_unit"]) for row in rows] == [(12.0, "u"), (None, None), (5.0, "kg")]
    assert rows[1]["exporter"] == "PRK"
    assert not any(row["is_estimated"] for row in rows)


def test_a_legacy_row_split_by_transport_without_its_whole_is_refused(tmp_path):
    lines = (FILES / "un_comtrade_legacy.csv").read_text().splitlines()
    path = tmp_path / "legacy.csv"
    header = lines[0]
    row = dict.fromkeys(header.split(","), "") | {
        "Classification": "H4",
        "Period": "2014",
        "Trade Flow Code": "2",
        "Reporter Code": "360",
        "Partner Code": "408",
        "Commodity Code": "010129",
        "Trade Value (US$)": "5",
        "Mode of Transport Code": "2100",
    }
    path.write_text(f"{header}\n{','.join(row.values())}\n")
    with pytest.raises(SourceError, match="means of transport 2100"):
        rows_of(path)
