"""Charts of real declarations: what they draw is what the publishers' files say, by plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.base.sheet import Absent
from tidewaiter.law import rulebook
from tidewaiter.tell.charts.exposure import exposure
from tidewaiter.tell.charts.flows import flows
from tidewaiter.tell.charts.marks import marks_of
from tidewaiter.tell.charts.words import caption

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.lake.lake import Lake

pytestmark = pytest.mark.real

IMF = "imf_dots/imf_dots_PRK.csv"
INDIA = "india/india_PRK_monthly.csv"
FISH = "comtrade/monthly_fish_PRK.csv"


@pytest.fixture(scope="module")
def lake(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.land import LandOptions, land_file

    lake = Lake.open(str(tmp_path_factory.mktemp("lake")))
    for name in (IMF, INDIA, FISH):
        land_file(lake, shared_data / name, LandOptions())
    return lake


def sql(path: Path, query: str) -> dict[str, float]:
    with duckdb.connect() as engine:
        return dict(engine.execute(query.format(f"read_csv('{path}')")).fetchall())


def drawn(chart):
    return {
        row["period"]: row["value"]
        for layer in chart.spec["layer"]
        for row in layer["data"]["values"]
        if "value" in row and "label" not in row
    }


def asked(lake, exporter, importer, period, **more):
    return pipeline.ask(Query("series", (exporter,), (importer,), Period.parse(period), **more), lake=lake)


def test_the_bars_of_russias_exports_are_the_imfs_numbers(lake, shared_data):
    chart = flows([asked(lake, "RUS", "PRK", "1992..2020", step="year")])
    known = sql(
        shared_data / IMF,
        "SELECT year::VARCHAR, value_musd * 1e6 FROM {} WHERE reporter LIKE 'Russia%' AND flow = 'X'"
        " AND partner LIKE 'Korea, Dem%' AND year BETWEEN 1992 AND 2020",
    )
    assert drawn(chart) == pytest.approx(known)
    assert len(known) == 29
    assert f"highest 524.701 million USD in {max(known, key=known.get)}" in chart.alt


def test_months_that_india_has_not_printed_yet_are_a_band(lake, shared_data):
    chart = flows([asked(lake, "IND", "PRK", "2015-01/2020-12", step="month")])
    known = sql(
        shared_data / INDIA, "SELECT strftime(Date, '%Y-%m'), Export_Value * 1e6 FROM {} WHERE Date >= '2015-01-01'"
    )
    bars = drawn(chart)
    assert {month: value for month, value in bars.items() if value is not None} == pytest.approx(known)
    assert "no data for 2020-02 to 2020-12" in chart.alt
    assert next(month for month, cell in chart.sheet.rows if cell is Absent.NO_DATA) == "2020-02"


def test_the_days_of_the_resolutions_are_drawn_in():
    regime = rulebook.find_regime(rulebook.load(), "un/dprk")
    marks = marks_of(regime.measures, Period.parse("2017"))
    assert [(mark.day.isoformat(), mark.short) for mark in marks] == [
        ("2017-08-05", "resolution 2371 (2017)"),
        ("2017-09-11", "resolution 2375 (2017)"),
        ("2017-12-22", "resolution 2397 (2017)"),
    ]


def test_the_largest_cell_of_covered_seafood_is_the_files(lake, shared_data):
    cells, receipts = pipeline.covered("PRK", rulebook.load(), period=Period.parse("2018..2023"), lake=lake)
    chart = exposure(cells, target="PRK", source=caption(receipts))
    known = sql(
        shared_data / FISH,
        "SELECT refYear::VARCHAR, sum(primaryValue) FROM {} WHERE reporterISO = 'NGA' AND flowCode = 'M'"
        " AND partnerISO = 'PRK' AND refYear BETWEEN 2018 AND 2023 GROUP BY 1",
    )
    nigeria = {str(cell.year): float(cell.high) for cell in cells if cell.partner == "NGA" and cell.high is not None}
    assert nigeria == pytest.approx(known)
    assert "the largest is Nigeria" in chart.alt
    assert FISH.split("/")[1] in chart.caption
