"""What the heat map of covered trade may be relied on for: nothing counted twice, no silence taken for zero."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pytest

from charts_world import COVERED
from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.schema_exposure import EXPOSURE
from tidewaiter.base.sheet import Absent
from tidewaiter.law.engine import rows_of
from tidewaiter.law.exposure import by_partner
from tidewaiter.pipeline.charting import _cells
from tidewaiter.tell.charts.exposure import Covered, compact, exposure

FISH = {
    "source": "un_comtrade", "reporter": "CHN", "partner": "PRK", "flow": "import", "exporter": "PRK",
    "importer": "CHN", "product": "030617", "hs": "HS2017", "period": "2019-01", "frequency": "M",
    "value_usd": Decimal(100), "weight_kg": None, "receipt": "file", "row": 1, "target": "PRK", "regime": "un/dprk",
    "measure": "fish", "kind": "export_ban", "direction": "from_target", "reading": "", "law_code": "03",
    "law_hs": "HS2017", "goods": "fish", "assigned_by": "act", "act": "act", "paragraph": "1", "start": "2017-08-05",
    "verified": True, "force": "in_force", "coverage": "full", "status": "banned", "status_before_review": "banned",
    "is_strictest": True, "is_part": False, "covered_low_usd": Decimal(100), "covered_high_usd": Decimal(100),
    "exemptions": None, "edition_note": None, "review": None,
}  # fmt: skip


def summed(connection, *rows, **more):
    """Sum rows that are `FISH` but for what is said of each."""
    columns = ", ".join(f'"{column.name}" {column.type}' for column in EXPOSURE.columns)
    connection.execute(f"CREATE OR REPLACE TABLE exposure ({columns}, mixup_probability DOUBLE)")
    for row in rows:
        values = [{**FISH, **row}.get(name) for name in (*EXPOSURE.names, "mixup_probability")]
        connection.execute(f"INSERT INTO exposure VALUES ({', '.join('?' * len(values))})", values)
    return rows_of(by_partner(nw.from_native(connection.table("exposure")), "PRK"))


def test_a_declaration_under_two_measures_and_two_readings_counts_once(connection):
    (row,) = summed(
        connection,
        {},
        {"measure": "seafood too", "covered_low_usd": Decimal(0)},
        {"reading": "crabs:no", "covered_low_usd": Decimal(100)},
        {"row": 2, "period": "2019-02", "covered_low_usd": Decimal(0), "covered_high_usd": Decimal(40)},
    )
    assert (row["partner"], row["year"]) == ("CHN", "2019")
    assert (row["certain"], row["covered_high_usd"], row["declarations"]) == (100, 140, 2)


def test_what_holds_under_a_disputed_reading_only_is_not_certain(connection):
    (row,) = summed(connection, {"reading": "crabs:yes"})
    assert row["certain"] is None
    assert row["covered_high_usd"] == 100


def test_parts_of_a_wider_code_and_what_is_too_coarse_are_left_out(connection):
    rows = summed(connection, {"is_part": True}, {"row": 2, "status_before_review": "too_coarse"})
    assert rows == []


def test_neither_sources_nor_months_and_years_are_added_up(connection):
    rows = summed(
        connection,
        {},
        {"row": 2, "period": "2019", "frequency": "A", "covered_high_usd": Decimal(130)},
        {"row": 3, "source": "itc_trade_map", "covered_high_usd": Decimal(90)},
    )
    assert sorted(row["covered_high_usd"] for row in rows) == [90, 100, 130]
    (cell,) = _cells(rows, ["CHN"], set(), Period.parse("2019"))
    assert cell.high == 130


def test_a_value_that_was_not_declared_is_no_zero(connection):
    (row,) = summed(connection, {"value_usd": None, "covered_low_usd": None, "covered_high_usd": None})
    assert row["covered_high_usd"] is None
    (cell,) = _cells([row], ["CHN"], set(), Period.parse("2019"))
    assert (cell.high, cell.absent) == (None, Absent.NO_DATA)


def test_a_cell_is_doubted_where_half_of_it_was_probably_meant_for_another_area(connection):
    most = summed(connection, {"mixup_probability": 0.7}, {"row": 2, "covered_high_usd": Decimal(60)})
    least = summed(connection, {"covered_high_usd": Decimal(160)}, {"row": 2, "mixup_probability": 0.9})
    assert [next(_cells(rows, ["CHN"], set(), Period.parse("2019"))).doubted for rows in (most, least)] == [True, False]


def test_a_year_that_was_filed_without_such_goods_is_told_from_one_that_was_not(connection):
    cells = list(_cells(summed(connection, {}), ["CHN"], {("CHN", 2018)}, Period.parse("2017..2019")))
    assert [(cell.year, cell.absent) for cell in cells] == [(2018, Absent.NOT_REPORTED), (2019, None)]


def test_doubt_is_drawn_with_a_dash_and_a_sign_and_said(connection):
    chart = exposure(COVERED, target="PRK", source="Source: x.")
    dashed = [layer for layer in chart.spec["layer"] if layer["mark"].get("strokeDash")]
    assert [row["words"] for layer in dashed for row in layer["data"]["values"]] == ["5k?"]
    assert any(line.startswith("?") for line in chart.key)
    worst = exposure([Covered("NGA", 2022, None, Decimal(2_298_000), doubted=True)], target="PRK", source="Source: x.")
    assert "Nigeria in 2022 with at most 2.298 million USD, which as probably as not was meant" in worst.alt


def test_two_numbers_for_one_partner_and_year_are_refused():
    with pytest.raises(QueryError, match="same partner and year"):
        exposure([COVERED[0], COVERED[0]], target="PRK", source="Source: x.")


@pytest.mark.parametrize(
    ("value", "said"),
    [("85", "85"), ("999", "999"), ("1000", "1k"), ("1250", "1.2k"), ("340000", "340k"), ("999600", "1m"),
     ("1200000", "1.2m"), ("2500000000", "2.5bn"), ("0.5", "0.5")],
)  # fmt: skip
def test_a_number_in_a_cell_is_short(value, said):
    assert compact(Decimal(value)) == said
