"""What may be relied on when downloads of UN Comtrade's old site are landed."""

from __future__ import annotations

import pytest

from source_helpers import FILES, rows_of
from tidewaiter.base.errors import SourceError


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
