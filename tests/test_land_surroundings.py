"""Files that change, vanish or bear odd names while they are landed; places where no lake can be."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from source_helpers import FILES
from tidewaiter.base.errors import InputError, LakeError, TidewaiterError
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import land as landing
from tidewaiter.statistics.land import land_file

DOTS = FILES / "imf_dots.csv"


@pytest.fixture
def lake(tmp_path):
    with_threads = Lake.open(str(tmp_path / "lake"), threads=1)
    yield with_threads
    with_threads.close()


def _receipts(lake):
    return [row["file"] for row in lake.tables().receipt.collect().iter_rows(named=True) if row["receipt"] != "shipped"]


@pytest.mark.parametrize("change", ["emptied", "grown", "replaced by a copy", "removed"])
def test_a_file_that_changes_once_its_rows_are_read_is_not_landed(lake, tmp_path, monkeypatch, change):
    path = tmp_path / "dots.csv"
    shutil.copy(DOTS, path)
    recognise = landing._put_on_bench

    def then_change(*arguments):
        read = recognise(*arguments)
        if change == "emptied":
            path.write_bytes(b"")
        elif change == "grown":
            path.write_bytes(path.read_bytes() + b"\n")
        elif change == "removed":
            path.unlink()
        else:
            other = tmp_path / "other.csv"
            shutil.copy(DOTS, other)
            other.replace(path)
        return read

    monkeypatch.setattr(landing, "_put_on_bench", then_change)
    with pytest.raises(InputError, match=r"dots\.csv: changed while it was read; nothing was landed; land it again"):
        land_file(lake, path)
    assert _receipts(lake) == []


def test_a_file_that_changes_while_its_rows_are_written_is_not_landed(lake, tmp_path, monkeypatch):
    path = tmp_path / "dots.csv"
    shutil.copy(DOTS, path)

    def then_change(step, _done):
        if step == "write":
            path.write_bytes(b"something else")

    with pytest.raises(LakeError, match=r"dots\.csv changed while it was landed; nothing was landed"):
        land_file(lake, path, on_progress=then_change)
    assert _receipts(lake) == []


def test_raw_bytes_that_a_killed_landing_left_do_not_vouch_for_a_changed_file(lake, tmp_path):
    first = land_file(lake, DOTS)
    path = tmp_path / "dots.csv"
    shutil.copy(DOTS, path)
    path.write_bytes(path.read_bytes() + b"\n")
    from tidewaiter.lake.store import open_store

    with pytest.raises(LakeError, match="changed while it was landed"):
        open_store(lake.home).keep(path, first.landed.sha256)


NAMES = {
    "two\nlines.csv": "two\\nlines.csv",
    "\x1b[31mred.csv": "\\x1b[31mred.csv",
    "[bold]markup[1]{a}*.csv": "[bold]markup[1]{a}*.csv",
    "right\u202eto left.csv": "right\\u202eto left.csv",
    "북한 무역.csv": "북한 무역.csv",
}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_lands_and_is_kept_on_one_line(lake, tmp_path, name):
    shutil.copy(DOTS, tmp_path / name)
    assert land_file(lake, tmp_path / name).guess.file == NAMES[name]
    assert _receipts(lake) == [NAMES[name]]


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are any bytes")
def test_a_name_that_is_no_utf8_lands_with_its_bytes_written_out(lake, tmp_path):
    path = tmp_path / os.fsdecode(b"bad\xff.csv")
    shutil.copy(DOTS, path)
    land_file(lake, path)
    assert _receipts(lake) == ["bad\\xff.csv"]


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_stays_on_one_line_whatever_the_files_name(lake, tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(TidewaiterError) as caught:
        land_file(lake, tmp_path / name)
    assert str(caught.value).isprintable()
    assert NAMES[name] in str(caught.value)


def test_a_home_that_cannot_be_is_refused_before_anything_is_asked_of_it(tmp_path):
    (tmp_path / "plain").write_text("x")
    (tmp_path / "astray").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for home, why in {
        str(tmp_path / "plain"): "is a file, and a lake is a folder; set TIDEWAITER_HOME or --home",
        str(tmp_path / "plain" / "lake"): "Not a directory; set TIDEWAITER_HOME or --home to another place",
        str(tmp_path / "astray"): "is a link that leads nowhere",
        str(tmp_path / "round"): "symbolic link",
        "~no-such-user-here/lake": "no such user has a home here",
        "zero\0byte": "holds a zero byte",
    }.items():
        with pytest.raises(LakeError, match=why) as caught:
            Lake.open(home)
        assert str(caught.value).isprintable()


def test_an_empty_variable_is_no_place(monkeypatch, tmp_path):
    from tidewaiter.base.settings import Settings

    monkeypatch.delenv("TIDEWAITER_HOME", raising=False)
    default = Settings().home
    monkeypatch.setenv("TIDEWAITER_HOME", "")
    monkeypatch.chdir(tmp_path)
    assert Settings().home == default


@pytest.mark.parametrize("table", ["trade", "release"])
def test_a_table_that_was_lost_does_not_pass_for_silence(lake, table):
    land_file(lake, DOTS)
    shutil.rmtree(f"{lake.home}/{table}")
    with pytest.raises(LakeError, match="has lost a table: 1 landings of trade are noted, their rows are not there"):
        Lake.open(lake.home, threads=1).tables()
