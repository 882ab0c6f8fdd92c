"""What may be relied on when WITS files are landed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from source_helpers import FILES, rows_of, text
from tidewaiter.base.errors import SourceError

WITS_BULK = (
    "nomenclature,reporteriso3,productcode,reportername,partneriso3,partnername,year,tradeflowname,tradevaluein1000usd"
)


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
