"""Say how far areas lie from each other and which share a land border.

Owns `area_places.csv` (an area's capital, or its main port of call where it has none) and
`area_borders.csv`, each row with its source. Distances are great circles between capitals: a
regressor for freight, not a route. What has no place, such as "Asia not specified", has no distance.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE: Final = Path(__file__).parent
EARTH_KM: Final = 6371.0
"""Mean radius of the Earth."""
NEAREST_KM: Final = 50.0
"""Capitals may be next door (Rome and the Vatican); goods still travel."""


def distance_km(one: str, other: str) -> float | None:
    """Return the great-circle distance between two areas' capitals, None where one has no place.

    Raises `CodeError` for a code that no table holds.
    """
    for code in (one, other):
        areas.area(code)
    places = _places()
    if one not in places or other not in places:
        return None
    return _apart(places[one], places[other])


@lru_cache(maxsize=1)
def distances() -> Mapping[tuple[str, str], float]:
    """Return the distance in kilometres of every ordered pair of areas that have a place."""
    places = _places()
    found = {}
    for one, here in places.items():
        for other, there in places.items():
            if one < other:
                found[one, other] = found[other, one] = _apart(here, there)
    return found


@lru_cache(maxsize=1)
def bordering() -> frozenset[tuple[str, str]]:
    """Return the ordered pairs of areas that share a land border, each both ways round.

    Raises `CodeError` with file and row for a code that no table holds.
    """
    pairs = set()
    for number, row in enumerate(_rows("area_borders.csv"), 2):
        one, other = (_known(row[name], "area_borders.csv", number) for name in ("one", "other"))
        pairs |= {(one, other), (other, one)}
    return frozenset(pairs)


def _apart(here: tuple[float, float], there: tuple[float, float]) -> float:
    (lat, lon), (other_lat, other_lon) = (tuple(map(math.radians, place)) for place in (here, there))
    north, east = math.sin((other_lat - lat) / 2), math.sin((other_lon - lon) / 2)
    half = north * north + math.cos(lat) * math.cos(other_lat) * east * east
    return max(NEAREST_KM, 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half))))


@lru_cache(maxsize=1)
def _places() -> Mapping[str, tuple[float, float]]:
    return {
        _known(row["code"], "area_places.csv", number): (float(row["latitude"]), float(row["longitude"]))
        for number, row in enumerate(_rows("area_places.csv"), 2)
    }


def _known(code: str, file: str, number: int) -> str:
    try:
        return areas.area(code).code
    except CodeError as error:
        message = f"{file} row {number}: {error}"
        raise CodeError(message) from None


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
