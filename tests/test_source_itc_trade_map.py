"""What may be relied on when exports of ITC Trade Map are landed, as text or as HTML called .xls."""

from __future__ import annotations

from decimal import Decimal

import pytest

from source_helpers import FILES, rows_of, text
from tidewaiter.base.errors import CodeError, SourceError

CHINA = FILES / "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
SENEGAL = FILES / "Trade_Map_-_List_of_products_imported_by_Senegal.txt"
EXPORTERS = FILES / "Trade_Map_-_List_of_exporters_for_the_selected_product_(All_products).txt"
WORLD = FILES / "Trade_Map_-_List_of_exported_products_for_the_selected_product_(All_products).txt"
BILATERAL = FILES / "Trade_Map_-_Bilateral_trade_between_China_and_Korea.xls"


def test_partners_of_an_exporter_come_in_thousands_and_blanks_are_silence():
    guess, rows = rows_of(CHINA)
    assert (guess.card.id, guess.reporters, guess.first, guess.last, guess.rows) == (
        "itc_trade_map",
        ("CHN",),
        "2018",
        "2020",
        8,
    )
    north = {row["period"]: row["value_usd"] for row in rows if row["partner"] == "PRK"}
    assert north == {"2018": Decimal("30000.000"), "2020": Decimal("7000.000")}
    south = {row["period"]: row["value_usd"] for row in rows if row["partner"] == "KOR"}
    assert south["2019"] == 0


def test_a_row_is_the_line_of_the_table_for_every_year_on_it():
    _, rows = rows_of(CHINA)
    assert {(row["partner"], row["row"]) for row in rows} == {("W00", 1), ("PRK", 2), ("KOR", 3)}


def test_products_of_an_importer_come_from_the_world_and_keep_their_zeros():
    _, rows = rows_of(SENEGAL)
    assert {row["product"] for row in rows} == {"TOTAL", "06", "27"}
    assert {(row["reporter"], row["partner"], row["flow"], row["valuation"]) for row in rows} == {
        ("SEN", "W00", "import", "cif")
    }
    assert {row["hs"] for row in rows} == {"HS"}


def test_in_a_list_of_exporters_each_line_is_a_reporter_and_silent_ones_are_estimates():
    _, rows = rows_of(EXPORTERS)
    assert {row["reporter"]: row["is_estimated"] for row in rows} == {
        "W00": True,
        "CHN": False,
        "PRK": True,
        "KOR": False,
    }
    assert {row["partner"] for row in rows} == {"W00"}


def test_a_list_for_the_world_has_the_world_as_its_reporter():
    guess, rows = rows_of(WORLD)
    assert guess.reporters == ("W00",)
    assert not any("unit" in note for note in guess.notes)
    assert [(row["product"], row["value_usd"]) for row in rows] == [
        ("TOTAL", Decimal("9000000.000")),
        ("85", Decimal("2700000.000")),
    ]


def test_a_renamed_file_is_refused_until_the_user_says_whose_it_is(tmp_path):
    renamed = tmp_path / "download.txt"
    renamed.write_bytes(CHINA.read_bytes())
    with pytest.raises(SourceError, match=r"nothing says whose trade this is.*--reporter CODE"):
        rows_of(renamed)
    assert rows_of(renamed, reporter="CHN")[1] == rows_of(CHINA)[1]


def test_a_copys_number_in_the_name_does_not_matter(tmp_path):
    copy = tmp_path / CHINA.name.replace(".txt", " (2).txt")
    copy.write_bytes(CHINA.read_bytes())
    assert rows_of(copy)[0].reporters == ("CHN",)


def test_what_the_user_says_may_not_contradict_the_file(tmp_path):
    with pytest.raises(SourceError, match="table of CHN, but --reporter says DEU"):
        rows_of(CHINA, reporter="DEU")
    with pytest.raises(SourceError, match="says export, not import"):
        rows_of(CHINA, flow="import")


def test_a_list_that_does_not_name_its_product_is_all_goods_and_says_so():
    guess, rows = rows_of(CHINA)
    assert {row["product"] for row in rows} == {"TOTAL"}
    assert any("does not name its product" in note for note in guess.notes)
    guess, rows = rows_of(CHINA, product="27")
    assert {row["product"] for row in rows} == {"27"}
    assert not any("does not name its product" in note for note in guess.notes)


def test_an_html_table_called_xls_is_read_with_reporter_and_product_from_its_title():
    guess, rows = rows_of(FILES / "importing_markets.xls")
    assert (guess.format, guess.reporters) == ("html", ("CHN",))
    assert [(row["partner"], row["product"], row["period"], row["value_usd"]) for row in rows] == [
        ("W00", "27", "2018", Decimal("46000000.000")),
        ("W00", "27", "2019", Decimal("47000000.000")),
        ("PRK", "27", "2018", Decimal("12000.000")),
    ]
    with pytest.raises(SourceError, match="names product 27, but --product says 85"):
        rows_of(FILES / "importing_markets.xls", product="85")


def test_a_bilateral_table_gives_all_three_of_its_sides_and_marks_the_silent_one():
    guess, rows = rows_of(BILATERAL)
    assert guess.layout == "bilateral trade"
    mineral = {
        (row["reporter"], row["flow"], row["partner"], row["period"]): row["value_usd"]
        for row in rows
        if row["product"] == "27"
    }
    assert mineral == {
        ("CHN", "export", "PRK", "2018"): Decimal("12000.000"),
        ("PRK", "import", "W00", "2018"): Decimal("15000.000"),
        ("PRK", "import", "W00", "2019"): Decimal("9000.000"),
        ("CHN", "export", "W00", "2018"): Decimal("46000000.000"),
        ("CHN", "export", "W00", "2019"): Decimal("47000000.000"),
    }
    assert {row["reporter"]: row["is_estimated"] for row in rows} == {"CHN": False, "PRK": True}


def test_months_are_read_and_quarters_refused(tmp_path):
    name = "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
    monthly = text(
        tmp_path / name, "Importers\tExported value in 2019-M01\tExported value in 2019-M12", '"World"\t1\t2'
    )
    assert [row["period"] for row in rows_of(monthly)[1]] == ["2019-01", "2019-12"]
    quarterly = text(tmp_path / name, "Importers\tExported value in 2019-Q1", '"World"\t1')
    with pytest.raises(SourceError, match=r"column 'Exported value in 2019-Q1'.*download months"):
        rows_of(quarterly)


def test_another_currency_is_not_taken_for_dollars(tmp_path):
    path = text(tmp_path / "a.txt", "Importers\texported value in 2019, Euro thousand", '"World"\t1')
    with pytest.raises(SourceError, match="no column is headed like"):
        rows_of(path)


def test_an_unknown_name_is_refused_with_the_nearest_and_the_ambiguous_korea_too(tmp_path):
    name = "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
    head = "Importers\tExported value in 2019"
    with pytest.raises(CodeError, match=r"row 2, column 'Importers'.*Germny.*Germany"):
        rows_of(text(tmp_path / name, head, '"World"\t1', '"Germny"\t1'))
    with pytest.raises(CodeError, match=r"row 1, column 'Importers'.*Korea"):
        rows_of(text(tmp_path / name, head, '"Korea"\t1'))
