"""A compacted lake answers as before from fewer files, and never from files that are out of date."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lake_helpers import DAY, land, seen
from tidewaiter.base.errors import LakeError
from tidewaiter.cli import app
from tidewaiter.lake import compact as room
from tidewaiter.lake.lake import Lake

if TYPE_CHECKING:
    from lake_helpers import Line

COLUMNS = ("source", "reporter", "partner", "product", "period", "year", "value_usd", "receipt", "row")
OLD: list[Line] = [
    ("RUS", "export", "PRK", "TOTAL", "2018", 100),
    ("RUS", "export", "PRK", "TOTAL", "2019", 200),
    ("RUS", "export", "KOR", "TOTAL", "2019", 300),
]
NEW: list[Line] = [("RUS", "export", "PRK", "TOTAL", "2019", 250)]

LINE = st.tuples(
    st.sampled_from(["RUS", "CHN"]),
    st.just("export"),
    st.sampled_from(["PRK", "KOR"]),
    st.sampled_from(["TOTAL", "27", "2709", "270900"]),
    st.sampled_from(["2018-12", "2019-01", "2019"]),
    st.integers(0, 9),
)
LANDINGS = st.lists(
    st.tuples(
        st.integers(0, 2), st.booleans(), st.lists(LINE, min_size=1, max_size=5, unique_by=lambda line: line[:5])
    ),
    min_size=2,
    max_size=4,
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two landings, of which the newer says one line anew: 2018's 100, 2019's 250 and 300 are seen."""
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    land(lake, tmp_path, OLD)
    land(lake, tmp_path, NEW, vintage=DAY + timedelta(1))
    return lake


def files_of(lake: Lake) -> list[Path]:
    return sorted((Path(lake.home) / "compacted").rglob("*.parquet"))


def read_by(lake: Lake) -> str:
    """Return the SQL of the view of trade, as the engine keeps it."""
    found = lake.connection.execute("SELECT sql FROM duckdb_views() WHERE view_name LIKE 'trade%' AND NOT internal")
    return " ".join(sql for (sql,) in found.fetchall())


def test_a_compacted_lake_shows_the_same_rows_from_one_file(lake: Lake) -> None:
    before = seen(lake.tables().trade, *COLUMNS)
    assert sorted(int(row[6]) for row in before) == [100, 250, 300]
    assert lake.compact() == 1
    assert len(files_of(lake)) == 1
    assert seen(lake.tables().trade, *COLUMNS) == before
    assert str(files_of(lake)[0]) in read_by(lake)


def test_compacting_twice_makes_nothing_anew(lake: Lake) -> None:
    lake.compact()
    assert lake.compact() == 0


def test_a_landing_after_it_is_seen_at_once(lake: Lake, tmp_path: Path) -> None:
    lake.compact()
    land(lake, tmp_path, [("RUS", "export", "KOR", "TOTAL", "2019", 999)], vintage=DAY + timedelta(2))
    found = seen(lake.tables().trade.select("partner", "period", "value_usd"), "partner", "period", "value_usd")
    assert [(partner, period, int(value)) for partner, period, value in found] == [
        ("KOR", "2019", 999),
        ("PRK", "2018", 100),
        ("PRK", "2019", 250),
    ]


def test_a_day_gone_by_is_shown_as_it_was(lake: Lake) -> None:
    lake.compact()
    found = seen(lake.tables(DAY).trade, "partner", "period", "value_usd")
    assert [int(value) for _, _, value in found] == [300, 100, 200]


def test_deleting_what_was_made_changes_no_row(lake: Lake) -> None:
    before = seen(lake.tables().trade, *COLUMNS)
    lake.compact()
    for file in files_of(lake):
        file.unlink()
    again = Lake.open(lake.home, threads=1)
    assert seen(again.tables().trade, *COLUMNS) == before


def test_what_an_answer_cites_are_the_landed_files(lake: Lake) -> None:
    lake.compact()
    name = lake.connection.execute("SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'trade%'").fetchall()
    assert "compacted" not in lake.standalone(f"SELECT * FROM {name[0][0]}")


def test_files_out_of_date_go_after_a_day_and_not_before(lake: Lake, tmp_path: Path) -> None:
    lake.compact()
    old = files_of(lake)[0]
    land(lake, tmp_path, [("RUS", "export", "KOR", "TOTAL", "2019", 999)], vintage=DAY + timedelta(2))
    lake.compact()
    assert old in files_of(lake)
    a_day_and_more = time.time() - 100_000
    os.utime(old, (a_day_and_more, a_day_and_more))
    lake.compact()
    assert old not in files_of(lake)
    assert len(files_of(lake)) == 1


def test_years_of_a_large_source_lie_apart(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seen(lake.tables().trade, *COLUMNS)
    monkeypatch.setattr(room, "MOST_TOGETHER", 2)
    assert lake.compact() == 1  # of 2018 there is one file, which is read as it is
    assert seen(lake.tables().trade, *COLUMNS) == before


def test_landing_says_when_a_lake_is_worth_compacting(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lake.scattered() == 3, "two years of the first landing, and one of the second"
    fixture = Path(__file__).parent / "fixtures" / "readme" / "imf_dots_PRK.csv"
    said = CliRunner().invoke(app, ["land", str(fixture), "--home", lake.home])
    assert (said.exit_code, said.stderr) == (0, "")
    monkeypatch.setattr("tidewaiter.cli.land.MANY_FILES", 2)
    hinted = CliRunner().invoke(app, ["land", str(fixture), "--home", lake.home])
    assert "`tidewaiter compact`" in hinted.stderr
    lake.compact()
    assert lake.scattered() == 0
    assert CliRunner().invoke(app, ["land", str(fixture), "--home", lake.home]).stderr == ""


def test_an_empty_lake_has_nothing_to_compact(tmp_path: Path) -> None:
    assert Lake.open(str(tmp_path / "none")).compact() == 0


def test_a_folder_that_cannot_be_written_is_told_in_one_line(lake: Lake) -> None:
    (Path(lake.home) / "compacted").write_text("in the way", "utf-8")
    with pytest.raises(LakeError, match="compact"):
        lake.compact()


def test_the_command_says_what_it_wrote_and_that_there_is_nothing_left_to_do(lake: Lake) -> None:
    said = CliRunner().invoke(app, ["compact", "--home", lake.home])
    assert (said.exit_code, said.stdout) == (0, "1 file written\n")
    again = CliRunner().invoke(app, ["compact", "--home", lake.home])
    assert again.stdout.startswith("nothing to do")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landings=LANDINGS)
def test_however_files_overlap_every_day_shows_the_same_rows(
    landings: list[tuple[int, bool, list[Line]]],
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        lake = Lake.open(str(folder / "home"), threads=1)
        for number, (days, complete, lines) in enumerate(landings):
            land(lake, folder, lines, vintage=DAY + timedelta(days), complete=complete, raw=bytes([number]))
        days = [DAY - timedelta(1), DAY, DAY + timedelta(1), None]
        before = [seen(lake.tables(day).trade, *COLUMNS) for day in days]
        lake.compact()
        assert [seen(lake.tables(day).trade, *COLUMNS) for day in days] == before
        lake.close()
