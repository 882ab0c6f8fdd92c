"""A lake behind a URL, in the code path of object stores; a `file://` URL stands in for one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from lake_helpers import DAY, land, seen
from tidewaiter.base.errors import CheckError, LakeError
from tidewaiter.lake.lake import Lake

if TYPE_CHECKING:
    from pathlib import Path

OIL = ("RUS", "export", "PRK", "270900", "2019-01", 5)
FUEL = ("RUS", "export", "PRK", "271012", "2020-02", 7)


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_args, **_more: tmp_path / "cache")
    return f"file://{tmp_path}/far"


def test_a_lake_behind_a_url_does_all_that_a_local_one_does(far: str, tmp_path: Path) -> None:
    lake = Lake.open(far, threads=1)
    assert seen(lake.tables().trade, "row") == []
    landed = land(lake, tmp_path, [OIL, FUEL], raw=b"bytes")
    land(lake, tmp_path, [(*OIL[:5], 6)], vintage=date(2020, 2, 29))
    assert land(lake, tmp_path, [OIL, FUEL], raw=b"bytes").already
    assert seen(lake.tables().trade, "value_usd") == [(6,), (7,)]
    assert seen(lake.tables(DAY).trade, "value_usd") == [(5,), (7,)]
    with lake.open_raw(landed.sha256) as file:
        assert file.read() == b"bytes"
    with pytest.raises(CheckError):
        land(lake, tmp_path, [(*OIL[:5], -1)])
    with pytest.raises(LakeError, match="no raw file"):
        lake.raw_path("0" * 64)
    assert (tmp_path / "far" / "trade" / "_delta_log").is_dir()
    assert len(list((tmp_path / "far" / "raw").rglob("*/*"))) == 2
    lake.close()


def test_files_are_fetched_once_and_another_reader_finds_the_same_rows(far: str, tmp_path: Path) -> None:
    writer = Lake.open(far, threads=1)
    land(writer, tmp_path, [OIL, FUEL])
    reader = Lake.open(far, threads=1)
    assert seen(reader.tables().trade, "value_usd") == [(5,), (7,)]
    fetched = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.parquet")}
    assert len(fetched) == 4
    land(writer, tmp_path, [(*OIL[:5], 6)])
    assert seen(reader.tables().trade, "value_usd") == [(6,), (7,)]
    assert {path: path.stat().st_mtime_ns for path in fetched} == fetched
    writer.close()
    reader.close()


def test_tidying_up_works_behind_a_url(far: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake.open(far, threads=1)
    land(lake, tmp_path, [FUEL])
    with monkeypatch.context() as patch:
        patch.setattr("tidewaiter.lake.landing._note", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            land(lake, tmp_path, [OIL])
    assert lake.tidy_up() == 0
    assert lake.tidy_up(timedelta(0)) == 1
    assert lake.tidy_up(timedelta(0)) == 0
    assert seen(lake.tables().trade, "value_usd") == [(7,)]
    lake.close()


def test_a_url_that_no_store_answers_to_is_told_in_one_line(tmp_path: Path) -> None:
    lake = Lake.open("nowhere://bucket/lake", threads=1)
    for act in (lake.tables, lambda: land(lake, tmp_path, [OIL])):
        with pytest.raises(
            LakeError, match="the lake at nowhere://bucket/lake cannot be used: no store is known"
        ) as told:
            act()
        assert "\n" not in str(told.value)
    lake.close()
