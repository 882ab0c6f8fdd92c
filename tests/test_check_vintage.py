"""A story is held against what was known on its day, where the lake still has that."""

from __future__ import annotations

from datetime import date

import pytest

from lake_helpers import land
from tidewaiter import pipeline
from tidewaiter.lake.lake import Lake

STORY = "ASTANA, March 5, 2020 (Agency) -- Kazakhstan exported goods worth $40.0 million to Turkey in 2019."
THEN = ("KAZ", "export", "TUR", "TOTAL", "2019", 40_000_000)
NOW = ("KAZ", "export", "TUR", "TOTAL", "2019", 80_000_000)


@pytest.fixture
def lake(tmp_path):
    return Lake.open(str(tmp_path / "lake"))


def finding(lake, **more):
    return pipeline.check(STORY, lake=lake, **more).findings[0]


def test_figures_revised_after_the_story_accuse_nobody(lake, tmp_path):
    land(lake, tmp_path, [THEN], vintage=date(2020, 2, 1))
    land(lake, tmp_path, [NOW], vintage=date(2021, 2, 1))
    one = finding(lake)
    assert one.data.verdict == "supported"
    assert one.data.chosen.value == 40_000_000
    assert "stale_vintage" not in one.flags


def test_another_day_can_be_asked_for(lake, tmp_path):
    land(lake, tmp_path, [THEN], vintage=date(2020, 2, 1))
    land(lake, tmp_path, [NOW], vintage=date(2021, 2, 1))
    one = finding(lake, as_of=date(2022, 1, 1))
    assert one.data.verdict == "contradicted"
    assert "stale_vintage" in one.flags
    assert "may have been revised" in one.explanation.text


def test_where_only_later_figures_are_held_they_are_used_and_said_to_be_later(lake, tmp_path):
    land(lake, tmp_path, [THEN], vintage=date(2021, 2, 1))
    one = finding(lake)
    assert one.data.verdict == "supported"
    assert "stale_vintage" in one.flags


def test_an_old_file_about_other_trade_hides_no_later_figure(lake, tmp_path):
    land(lake, tmp_path, [("CHN", "export", "PRK", "TOTAL", "2018", 5)], vintage=date(2019, 2, 1))
    land(lake, tmp_path, [THEN], vintage=date(2021, 2, 1))
    assert finding(lake).data.verdict == "supported"
