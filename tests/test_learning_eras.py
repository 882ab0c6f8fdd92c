"""How freight, lag and errors go is learned decade by decade: what was sloppy long ago says little of today."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import pytest

from mirror_world import land_rows, wanted
from tidewaiter import pipeline
from tidewaiter.base.errors import QueryError
from tidewaiter.base.mirrored import MirrorTable, Wanted, Way
from tidewaiter.base.period import Period
from tidewaiter.lake.engines import open_engine
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import lessons, sides
from world import Rows

if TYPE_CHECKING:
    from pathlib import Path

AREAS = ("AUT", "BEL", "CHE", "DEU", "DNK", "ESP", "FRA", "GBR", "ITA", "NLD")
SLOPPY = "AUT"
EARLY, LATE = range(1965, 1970), range(2013, 2018)


def declared(years: tuple[range, ...]) -> Rows:
    """Declare totals twice, to within a hundredth; in the sixties Austria's exports are off by a factor of three or so."""
    rows, dice = Rows(), random.Random(4)
    for span in years:
        for year in map(str, span):
            for out in AREAS:
                for back in AREAS:
                    if out == back:
                        continue
                    true = math.exp(dice.gauss(14, 1))
                    off = dice.gauss(0, 1.0 if out == SLOPPY and int(year) < 1970 else 0.01)
                    rows.declare(out, "export", back, year, round(true * math.exp(off)))
                    rows.declare(back, "import", out, year, round(true * 1.06 * math.exp(dice.gauss(0, 0.01))))
    return rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: Any) -> Lake:
    folder = tmp_path_factory.mktemp("eras")
    opened = Lake.open(str(folder / "lake"))
    land_rows(opened, folder, declared((EARLY, LATE)))
    return opened


def test_every_year_is_settled_by_one_era_that_is_learned_from_it_and_its_neighbours() -> None:
    for year in range(1950, 2050):
        era = lessons.era_of(year)
        assert era.since < era.first <= year <= era.last < era.until
        assert {lessons.era_of(each) for each in range(era.first, era.last + 1)} == {era}
        assert era.settles(str(year))
        assert era.settles(f"{year}-12")
        assert not era.settles(str(era.last + 1))
    # A decade as it is counted, and five years either side (`reconcile.yml`).
    assert lessons.era_of(2017) == lessons.Era(2010, 2019, 2005, 2024)


def test_errors_of_long_ago_do_not_widen_the_intervals_of_today(both: Lake) -> None:
    (then,) = pipeline.mirror(wanted(SLOPPY, "DEU", "1967"), lake=both).cells
    (now,) = pipeline.mirror(wanted(SLOPPY, "DEU", "2016"), lake=both).cells
    # Planted: a standard deviation of 1 then and of 0.01 now; learned from 45 cells, with shrinkage.
    assert then.value.exporter_error is not None
    assert now.value.exporter_error is not None
    assert 0.4 < then.value.exporter_error < 1.6
    assert now.value.exporter_error < 0.1


def test_what_was_declared_half_a_century_ago_changes_no_cell_of_today(both: Lake, tmp_path: Path) -> None:
    alone = Lake.open(str(tmp_path / "lake"))
    # The same dice are thrown for the later years alone, so the earlier ones are declared and left out.
    rows = declared((EARLY, LATE))
    rows.trade = [row for row in rows.trade if row["year"] >= LATE[0]]
    land_rows(alone, tmp_path, rows)
    asked = Wanted((Way((SLOPPY,), ()), Way(("FRA",), ())), Period.parse("2013..2017"))
    assert numbers(pipeline.mirror(asked, lake=alone)) == numbers(pipeline.mirror(asked, lake=both))


def numbers(table: MirrorTable) -> list[tuple[Any, ...]]:
    return [(cell.id, cell.value, cell.cif_margin, cell.margin_cells, cell.exporter_cells) for cell in table.cells]


def test_a_cell_is_the_same_whatever_other_years_are_asked_with_it(both: Lake) -> None:
    whole = pipeline.mirror(wanted(SLOPPY, "DEU", "1965..2017"), lake=both)
    spoke = {cell.period: cell for cell in whole.cells if cell.declarations}
    assert sorted(spoke) == [str(year) for span in (EARLY, LATE) for year in span]
    for year in ("1965", "2017"):
        (alone,) = pipeline.mirror(wanted(SLOPPY, "DEU", year), lake=both).cells
        assert alone == spoke[year]
    # Ten areas, ninety directions, two sides, ten years.
    assert whole.learned_from == 2 * 90 * 10
    assert pipeline.mirror(wanted(SLOPPY, "DEU", "2017"), lake=both).learned_from == 2 * 90 * 5


def test_each_era_is_learned_once_and_said_to_be(both: Lake, tmp_path: Path) -> None:
    alone = Lake.open(str(tmp_path / "lake"))
    land_rows(alone, tmp_path, declared((EARLY, LATE)))
    told: list[str] = []
    for _ in range(2):
        pipeline.mirror(wanted("FRA", "DEU", "1965..2017"), lake=alone, tell=told.append)
    assert [text.split(", once")[0].rpartition(" from ")[2] for text in told] == [
        "un_comtrade, 1955 to 1974",
        "un_comtrade, 2005 to 2024",
    ]


def test_lessons_of_one_decade_do_not_answer_for_another(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    land_rows(lake, tmp_path, declared((EARLY, LATE)))
    pipeline.mirror(wanted("FRA", "DEU", "2016"), lake=lake)
    with open_engine(lake) as engine:
        assert sides.both_sides(lake, engine, wanted("FRA", "DEU", "2017"), learn=False).cells
        for more in ({}, {"source": "un_comtrade"}):
            with pytest.raises(QueryError, match="nothing was learned of un_comtrade"):
                sides.both_sides(lake, engine, wanted("FRA", "DEU", "1967", **more), learn=False)
