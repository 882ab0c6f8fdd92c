"""Distances between capitals and land borders: facts with a source, the same both ways round."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas, geography

FOLDER = Path(geography.__file__).parent


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        # Great circles between capitals as atlases give them.
        ("RUS", "PRK", 6420),
        ("CHN", "PRK", 810),
        ("KOR", "PRK", 195),
        ("GBR", "FRA", 344),
        ("BRA", "PRT", 7280),
        ("AUS", "NZL", 2325),
    ],
)
def test_capitals_are_as_far_apart_as_an_atlas_says(one, other, km):
    assert geography.distance_km(one, other) == pytest.approx(km, rel=0.02)
    assert geography.distance_km(other, one) == geography.distance_km(one, other)


def test_a_place_lies_on_the_globe_and_names_its_source():
    with (FOLDER / "area_places.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert -90 <= float(row["latitude"]) <= 90, row
        assert -180 <= float(row["longitude"]) <= 180, row
        assert row["source"], row
        assert areas.kind(row["code"]) in {"country", "dissolved"} or row["note"], row


def test_every_country_that_reports_has_a_place():
    uninhabited = {"ATA", "ATB", "BVT", "HMD", "PUS", "UMI"}
    without = [
        area.code
        for area in areas.every_area()
        if area.kind == "country" and area.reports and geography.distance_km(area.code, "RUS") is None
    ]
    assert set(without) <= uninhabited


def test_neighbours_lie_near_each_other():
    # A slip of a code or of a sign would put neighbours oceans apart; the furthest is Moscow from Pyongyang.
    for one, other in geography.bordering():
        km = geography.distance_km(one, other)
        assert km is not None
        assert km < (6700 if {"RUS", "SUN"} & {one, other} else 4500), (one, other, km)


def test_borders_hold_both_ways_and_islands_have_none():
    borders = geography.bordering()
    assert all((other, one) in borders for one, other in borders)
    assert {other for one, other in borders if one == "PRK"} == {"CHN", "KOR", "RUS", "SUN"}
    assert not [pair for pair in borders if pair[0] in {"JPN", "ISL", "NZL", "CUB", "LKA"}]


def test_what_has_no_place_has_no_distance_and_an_unknown_code_is_an_error():
    assert geography.distance_km("RUS", "_X") is None
    assert geography.distance_km("RUS", "W00") is None
    with pytest.raises(CodeError, match="RUZ"):
        geography.distance_km("RUS", "RUZ")
