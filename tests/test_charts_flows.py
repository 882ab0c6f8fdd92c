"""What a reader of a chart of flows may rely on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import world as tiny
from asking import question
from tidewaiter.answers import ask
from tidewaiter.base.errors import QueryError
from tidewaiter.base.sheet import Absent
from tidewaiter.tell.charts.flows import flows
from tidewaiter.tell.charts.model import Mark


def months(tables, exporters="RUS", importers="PRK", period="2018-01/2019-12", **more):
    return ask(
        question("series", exporters=exporters, importers=importers, period=period, step="month", **more), tables
    )


@pytest.fixture
def gappy(connection):
    """The tiny world, but nobody declared what Russia sent to North Korea in May, June 2018 and March 2019."""
    world = tiny.world()
    lost = {"2018-05", "2018-06", "2019-03"}
    world.trade = [
        row
        for row in world.trade
        if (row["exporter"], row["importer"], row["product"]) != ("RUS", "PRK", "TOTAL") or row["period"] not in lost
    ]
    return world.tables(connection)


def values_in(spec):
    """The rows of the spec's layers that hold a number of the sheet."""
    return [
        row
        for layer in spec["layer"]
        for row in layer.get("data", {}).get("values", [])
        if "value" in row and "label" not in row
    ]


def test_each_month_is_drawn_at_the_sum_that_was_declared(tables):
    chart = flows([months(tables)])
    by_month = {row["period"]: row["value"] for row in values_in(chart.spec)}
    # Petroleum at 1,000,000 + 10,000 a month, and fish at 200,000.
    assert by_month["2018-01"] == 1_200_000
    assert by_month["2019-12"] == 1_000_000 + 23 * 10_000 + 200_000
    assert len(by_month) == 24


def test_a_month_without_a_number_is_a_band_and_never_a_zero(gappy):
    chart = flows([months(gappy)])
    by_month = {row["period"]: row["value"] for row in values_in(chart.spec)}
    assert by_month["2018-05"] is None
    bands = [
        (row["start"], row["end"])
        for layer in chart.spec["layer"]
        for row in layer.get("data", {}).get("values", [])
        if layer["mark"].get("strokeDash") == [2, 3] and "end" in row
    ]
    assert bands == [("2018-05-01", "2018-07-01"), ("2019-03-01", "2019-04-01")]
    assert "no data for 2018-05 to 2018-06 and 2019-03" in chart.alt
    assert dict(chart.sheet.rows)["2018-06"] is Absent.NO_DATA
    assert any("not zero" in line for line in chart.key)


def test_the_alternative_text_names_the_highest_and_the_lowest_month(tables):
    alt = flows([months(tables)]).alt
    assert "highest 1.43 million USD in 2019-12" in alt
    assert "lowest 1.2 million USD in 2018-01" in alt
    assert "Russia" in alt


def test_days_of_the_law_outside_of_the_drawing_are_left_out(tables):
    marks = [
        Mark(date(2017, 12, 22), "before"),
        Mark(date(2019, 12, 22), "the deadline"),
        Mark(date(2020, 1, 1), "after"),
    ]
    chart = flows([months(tables)], marks=marks)
    assert chart.key == ("1  2019-12-22: the deadline",)
    assert "2019-12-22 the deadline" in chart.alt


def test_no_data_at_all_is_said_in_words(tables):
    chart = flows([months(tables, exporters="KOR")])
    assert "nothing to draw" in chart.alt
    assert "no rows" in chart.alt
    assert len(chart.sheet.rows) == 24
    assert {cell for _, cell in chart.sheet.rows} == {Absent.NO_DATA}


def test_a_declared_zero_is_written_as_zero(connection):
    world = tiny.Rows()
    world.months("RUS", "export", "PRK", {"2019-01": 5_000_000, "2019-02": 0, "2019-03": 2_000_000})
    chart = flows([months(world.tables(connection), period="2019-01/2019-03")])
    labels = {
        row["period"]: row["label"]
        for layer in chart.spec["layer"]
        for row in layer.get("data", {}).get("values", [])
        if "label" in row
    }
    assert labels == {"2019-01": "5", "2019-02": "0", "2019-03": "2"}
    assert dict(chart.sheet.rows)["2019-02"] == Decimal(0)


def test_more_series_than_can_be_told_apart_are_refused(tables):
    with pytest.raises(QueryError, match="told apart"):
        flows([months(tables)] * 6)
    with pytest.raises(QueryError, match="cannot count"):
        flows([months(tables), months(tables, measure="weight", products=("271012",))])
