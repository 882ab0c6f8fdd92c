"""Tables people take away: every format holds the same cells, and zero is not silence in any of them."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tidewaiter.base.errors import QueryError
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.tell.sheets import Format, as_bytes, chosen_format, emit

COLUMNS = (
    SheetColumn("partner", "partner"),
    SheetColumn("value_usd", "value, USD", "number", "USD", may_be_absent=True),
    SheetColumn("share", "share, %", "share"),
    SheetColumn("rows", "rows", "count"),
    SheetColumn("vintage", "vintage", "day"),
)
ROWS = (
    ("Russia", Decimal("46397973.125"), Decimal("0.443"), 12, date(2020, 3, 18)),
    ("China", Decimal(0), None, 1, date(2020, 3, 18)),
    ("India", Absent.NOT_REPORTED, None, None, None),
    ("=cmd|' /C calc'!A0", Absent.NO_DATA, None, None, None),
)
SHEET = Sheet("imports", "Imports of North Korea, 2019", COLUMNS, ROWS, ("one note",), "a publisher, 2020-03-18")


def read_csv(sheet):
    return list(csv.DictReader(io.StringIO(as_bytes([sheet], Format.csv).decode())))


def test_csv_tells_zero_not_reported_and_no_data_apart():
    told = {row["partner"]: (row["value_usd"], row["value_usd_status"]) for row in read_csv(SHEET)}
    assert told["China"] == ("0", "reported")
    assert told["India"] == ("", "not_reported")
    assert told["'=cmd|' /C calc'!A0"] == ("", "no_data")


def test_csv_keeps_every_digit_and_writes_days_as_iso():
    first = read_csv(SHEET)[0]
    assert (first["value_usd"], first["share"], first["vintage"]) == ("46397973.125", "0.443", "2020-03-18")


def test_json_names_columns_with_their_units_and_keeps_money_as_text():
    told = json.loads(as_bytes([SHEET], Format.json))
    assert told["rows"][0]["value_usd"] == "46397973.125"
    assert told["rows"][2] == {
        "partner": "India", "value_usd": None, "value_usd_status": "not_reported",
        "share": None, "rows": None, "vintage": None,
    }  # fmt: skip
    assert {column["name"]: column["unit"] for column in told["columns"]}["value_usd"] == "USD"
    assert told["source"] == "a publisher, 2020-03-18"


def test_several_sheets_are_a_list_in_json_and_follow_each_other_in_markdown():
    assert len(json.loads(as_bytes([SHEET, SHEET], Format.json))) == 2
    assert as_bytes([SHEET, SHEET], Format.md).decode().count("**Imports of North Korea, 2019**") == 2


def test_parquet_holds_exact_decimals_dates_and_the_status(tmp_path):
    path = tmp_path / "sheet.parquet"
    path.write_bytes(as_bytes([SHEET], Format.parquet))
    rows = duckdb.connect().sql(f"SELECT partner, value_usd, value_usd_status, vintage FROM '{path}'").fetchall()
    assert rows[0] == ("Russia", Decimal("46397973.125"), "reported", date(2020, 3, 18))
    assert rows[1][1:3] == (Decimal(0), "reported")
    assert rows[2][1:3] == (None, "not_reported")


def test_a_workbook_shows_words_for_silence_and_never_a_formula():
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_bytes([SHEET], Format.xlsx)))
    rows = book.get_sheet_by_name("imports").to_python()
    assert rows[0] == ["partner", "value, USD", "share, %", "rows", "vintage"]
    assert rows[1][1] == pytest.approx(46397973.125)
    assert [row[1] for row in rows[2:]] == [0, "not reported", "no data"]
    assert rows[4][0] == "=cmd|' /C calc'!A0"
    assert any(
        "a publisher, 2020-03-18" in str(cell) for row in book.get_sheet_by_name("About").to_python() for cell in row
    )


def test_markdown_is_a_table_that_a_name_cannot_break():
    hostile = Sheet("x", "a|b", (SheetColumn("name", "name"),), (("<script>|\n**bold**",),))
    lines = as_bytes([hostile], Format.md).decode().splitlines()
    assert lines[0] == "**a\\|b**"
    assert lines[4].count("\n") == 0
    assert "\\<script>\\|" in lines[4]


def test_a_share_is_a_fraction_in_files_and_a_per_cent_for_readers():
    assert "| 44.3 |" in as_bytes([SHEET], Format.md).decode()
    assert read_csv(SHEET)[0]["share"] == "0.443"


def test_the_terminal_explains_the_two_silences(capsys):
    emit([SHEET], Format.table, None)
    told = capsys.readouterr().out
    assert "46,397,973.125" in told
    assert "not reported" in told
    assert "0 was declared as nothing" in told


@pytest.mark.parametrize("form", [Format.csv, Format.json, Format.md, Format.parquet, Format.xlsx])
def test_the_same_sheet_gives_the_same_bytes(form):
    assert as_bytes([SHEET], form) == as_bytes([SHEET], form)


@pytest.mark.parametrize("form", [Format.csv, Format.json, Format.md, Format.parquet, Format.xlsx])
def test_a_sheet_without_rows_still_has_its_columns(form):
    assert as_bytes([Sheet("none", "Nothing", COLUMNS, ())], form)


def test_a_format_is_taken_from_the_ending_of_the_file(tmp_path):
    assert chosen_format(None, tmp_path / "a.XLSX") is Format.xlsx
    assert chosen_format(None, None) is Format.table
    assert chosen_format(None, None, json=True) is Format.json


@pytest.mark.parametrize(
    ("form", "out", "json", "word"),
    [
        (Format.xlsx, None, False, "--out"),
        (Format.csv, None, True, "contradict"),
        (None, "a.doc", False, ".csv"),
        (Format.table, "a.csv", False, "terminal"),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_to_say(form, out, json, word, tmp_path):
    with pytest.raises(QueryError, match=word):
        chosen_format(form, tmp_path / out if out else None, json=json)


def test_a_row_of_the_wrong_width_is_refused():
    with pytest.raises(ValueError, match="row 1 of sheet 'bad' has 2 cells for 1 columns"):
        Sheet("bad", "", (SheetColumn("a", "a"),), (("x", "y"),))


MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=3)


@given(st.lists(st.one_of(MONEY, st.sampled_from(Absent)), max_size=8))
def test_csv_and_json_give_every_cell_back(cells):
    sheet = Sheet("s", "s", (SheetColumn("v", "v", "number", may_be_absent=True),), tuple((cell,) for cell in cells))
    back = [Decimal(row["v"]) if row["v"] else Absent(row["v_status"]) for row in read_csv(sheet)]
    told = json.loads(as_bytes([sheet], Format.json))["rows"]
    assert back == cells
    assert [Decimal(row["v"]) if row["v"] else Absent(row["v_status"]) for row in told] == cells
