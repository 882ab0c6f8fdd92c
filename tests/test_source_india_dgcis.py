"""What may be relied on when India's monthly tables are landed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from source_helpers import FILES, rows_of, text
from tidewaiter.base.errors import SourceError


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
