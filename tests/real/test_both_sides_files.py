"""Both sides of North Korea's trade on the IMF's real file, held against plain SQL over that file."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tidewaiter import pipeline
from tidewaiter.base.mirrored import MirrorTable, Wanted, Way
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query
from tidewaiter.lake.lake import Lake
from tidewaiter.tell.mirror import mirror_sheet
from tidewaiter.tell.sheets import Format, as_bytes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

FILE = "imf_dots/imf_dots_annual_1960_2020.parquet"
PARTNERS = ("RUS", "CHN", "IND")
PUBLISHED = {"the IMF, the ministry's books": Decimal(46398000), "the press, March 2020": Decimal(44900000)}
"""Russia's exports to North Korea in 2019 as they were printed, in US dollars."""


@pytest.fixture(scope="module")
def lake(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    from tidewaiter.statistics.land import LandOptions, land_file

    opened = Lake.open(str(tmp_path_factory.mktemp("lake")))
    land_file(opened, shared_data / FILE, LandOptions())
    return opened


@pytest.fixture(scope="module")
def table(lake: Lake) -> MirrorTable:
    ways = (Way(("PRK",), PARTNERS), Way(PARTNERS, ("PRK",)))
    return pipeline.mirror(Wanted(ways, Period.parse("2017..2020")), lake=lake)


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Any:
    import duckdb

    return duckdb.connect().sql(f"FROM '{shared_data / FILE}'")


def test_every_pair_and_year_has_its_cell_and_north_korea_is_silent_in_each(table: MirrorTable) -> None:
    assert table.source == "imf_dots"
    assert len(table.cells) == 2 * 3 * 4
    for cell in table.cells:
        assert cell.value.basis == "mirror_only"
        own = cell.value.exporter if cell.exporter == "PRK" else cell.value.importer
        assert own is None
        assert cell.value.value is not None
        assert cell.value.value.low < cell.value.value.value < cell.value.value.high


def test_the_words_are_those_of_the_imfs_file(table: MirrorTable, raw: Any) -> None:
    for cell in table.cells:
        flow, reporter = ("X", cell.exporter) if cell.importer == "PRK" else ("M", cell.importer)
        (declared,) = [each for each in cell.declarations if each.row.reporter == reporter]
        place = raw.project("*, row_number() OVER () AS row").filter(f"row = {declared.row.row}").fetchall()
        assert len(place) == 1
        said = cell.value.exporter if flow == "X" else cell.value.importer
        assert said is not None
        assert round(Decimal(str(place[0][raw.columns.index("value_musd")])) * 1_000_000, 3) == said
        assert place[0][raw.columns.index("year")] == int(cell.period)
        assert place[0][raw.columns.index("flow")] == flow


def test_russias_exports_of_2019_stand_as_declared_and_both_printed_figures_lie_in_the_interval(
    table: MirrorTable,
) -> None:
    (cell,) = [cell for cell in table.cells if cell.id == "RUS:PRK:2019:TOTAL"]
    settled = cell.value.value
    assert settled is not None
    assert settled.value == Decimal("46397973.000")
    for who, printed in PUBLISHED.items():
        assert settled.low < printed < settled.high, who
    # One word about a silent partner is worth no more than this: a factor of two at least, either way.
    assert settled.high / settled.value > 2


def test_where_both_sides_speak_the_number_rests_on_both(lake: Lake) -> None:
    query = Query("value", ("RUS",), ("CHN",), Period.parse("2019"), side="reconciled")
    answer = pipeline.ask(query, lake=lake)
    assert isinstance(answer, Answer)
    assert answer.basis == ("both",)
    assert {row.reporter for row in answer.evidence} == {"RUS", "CHN"}
    assert answer.value is not None
    words = sorted(row.value for row in answer.evidence if row.value is not None)
    assert answer.value.low < words[0] < answer.value.high


def test_the_table_is_written_with_every_cell(table: MirrorTable) -> None:
    written = list(csv.DictReader(io.StringIO(as_bytes([mirror_sheet(table)], Format.csv).decode())))
    assert len(written) == 24
    russia = next(row for row in written if (row["exporter"], row["period"]) == ("RUS", "2019"))
    assert (russia["export_usd"], russia["import_usd_status"]) == ("46397973.000", "not_reported")


def test_the_second_question_takes_nothing_more_than_a_moment(lake: Lake, table: MirrorTable) -> None:
    told: list[str] = []
    again = pipeline.mirror(table.wanted, lake=Lake.open(lake.home), tell=told.append)
    assert again == table
    assert told == []
