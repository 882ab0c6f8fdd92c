"""A landing that is killed, runs out of disk, or meets another one: all of it is there, or nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lake_helpers import land, seen
from tidewaiter.base.errors import LakeError
from tidewaiter.lake import landing, log, store
from tidewaiter.lake.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = [("RUS", "export", "PRK", "270900", f"{year}-01", year) for year in (2018, 2019)]

PRELUDE = f"""
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from lake_helpers import land
from tidewaiter.base.schema import RECEIPT, RELEASE, TRADE
from tidewaiter.lake import landing, log, store, write
from tidewaiter.lake.lake import Lake

def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function, when=lambda *_args: True):
    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        if when(*args):
            die()
        return result
    return wrapped

home, folder, raw, *rest = sys.argv[1:]
lines = {LINES!r}
"""

KILLS = {
    "before the checks": "landing.check = die",
    "with half of the files written": """
        first_row, copies = write.first_row, []
        def second_copy_dies(connection, sql, *values):
            copies.extend([sql] if sql.startswith("COPY") else [])
            return die() if len(copies) == 2 else first_row(connection, sql, *values)
        write.first_row = second_copy_dies
    """,
    "with half of the raw bytes copied": """
        def half(source, target):
            Path(target).write_bytes(Path(source).read_bytes()[:3])
            die()
        store.shutil.copyfile = half
    """,
    "with the files in place but in no log": "landing.add_files = die",
    "after the commit of the rows": "landing.add_files = after(log.add_files, lambda _s, table, *_a: table is TRADE)",
    "after the commit of the releases": (
        "landing.add_files = after(log.add_files, lambda _s, table, *_a: table is RELEASE)"
    ),
    "before the commit of the receipt": """
        add_files = log.add_files
        landing.add_files = lambda s, table, *a: die() if table is RECEIPT else add_files(s, table, *a)
    """,
}


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


LAND = "\nprint(land(Lake.open(home, threads=1), Path(folder), lines, raw=raw.encode()))"


@pytest.mark.parametrize("moment", KILLS)
def test_a_landing_killed_at_any_moment_leaves_nothing_and_can_be_done_again(moment: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    lake = Lake.open(str(home), threads=1)
    land(lake, tmp_path, [("CHN", "export", "PRK", "270900", "2019-01", 1)], name="earlier.csv")
    killed = run(textwrap.dedent(KILLS[moment]) + LAND, home, tmp_path, "fish")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert seen(lake.tables().trade, "reporter", "value_usd") == [("CHN", 1)]
    assert len(seen(lake.tables().receipt, "receipt")) == len(seen(Lake.open(str(home)).tables().receipt, "receipt"))
    landed = land(lake, tmp_path, LINES, raw=b"fish")
    assert not landed.already
    everything = [("CHN", 1), ("RUS", 2018), ("RUS", 2019)]
    assert seen(lake.tables().trade, "reporter", "value_usd") == everything
    with lake.open_raw(landed.sha256) as file:
        assert file.read() == b"fish"
    assert lake.tidy_up() == 0
    time.sleep(0.01)
    lake.tidy_up(timedelta(0))
    assert seen(Lake.open(str(home)).tables().trade, "reporter", "value_usd") == everything
    # Of every landing that is there, one file per year, table and log; of the killed one nothing.
    assert sorted(path.relative_to(home).parts[0] for path in home.rglob("*.parquet")) == sorted(
        ["receipt"] * 2 + ["release"] * 2 + ["trade"] * 3
    )
    assert [path for path in (home / "raw").rglob("*") if path.is_file() and path.name.startswith(".")] == []
    assert list((home / "incoming").iterdir()) == []
    lake.close()


def test_a_landing_killed_after_its_receipt_is_there_whole(tmp_path: Path) -> None:
    code = "landing.add_files = after(log.add_files, lambda _s, table, *_a: table is RECEIPT)"
    killed = run(code + LAND, tmp_path / "home", tmp_path, "fish")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    assert seen(lake.tables().trade, "value_usd") == [(2018,), (2019,)]
    assert land(lake, tmp_path, LINES, raw=b"fish").already
    lake.close()


class TestTwoAtOnce:
    """Landings that run at the same time on the same place."""

    START = """
        import threading
        lake = Lake.open(home, threads=1)
        Path(folder, "ready" + rest[0]).touch()
        while not Path(folder, "go").exists():
            time.sleep(0.001)
        out = Path(folder, rest[0])
        out.mkdir()
        landed = land(lake, out, [(*line[:5], int(rest[1])) for line in lines], raw=raw.encode())
        print(landed.already, landed.receipt)
    """

    def race(self, tmp_path: Path, raws: list[str]) -> list[tuple[str, str]]:
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", PRELUDE + textwrap.dedent(self.START), tmp_path / "home", tmp_path, raw, *rest],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number, raw in enumerate(raws)
            for rest in [[f"p{number}", str(number)]]
        ]
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("ready*"))) < len(raws) and time.monotonic() < deadline:
            time.sleep(0.01)
        (tmp_path / "go").touch()
        said = [process.communicate(timeout=120) for process in processes]
        assert [process.returncode for process in processes] == [0] * len(raws), said
        return [(words.split()[0], words.split()[1]) for words, _ in said]

    def test_different_files_both_succeed_into_a_place_that_neither_found(self, tmp_path: Path) -> None:
        said = self.race(tmp_path, ["one", "two", "three"])
        assert [already for already, _ in said] == ["False"] * 3
        lake = Lake.open(str(tmp_path / "home"), threads=1)
        receipts = [receipt for (receipt,) in seen(lake.tables().receipt, "receipt") if receipt != "shipped"]
        assert receipts == sorted(receipt for _, receipt in said)
        # All speak of the same lines with one vintage: the last to begin is the newest.
        newest = next(number for number, (_, receipt) in enumerate(said) if receipt == max(receipts))
        assert seen(lake.tables().trade, "value_usd") == [(newest,), (newest,)]
        lake.close()

    def test_the_same_file_is_landed_once_and_the_others_are_told_by_whom(self, tmp_path: Path) -> None:
        said = self.race(tmp_path, ["same", "same", "same"])
        assert sorted(already for already, _ in said) == ["False", "True", "True"]
        assert len({receipt for _, receipt in said}) == 1
        lake = Lake.open(str(tmp_path / "home"), threads=1)
        assert len(seen(lake.tables().trade, "value_usd")) == 2
        lake.close()

    def test_whoever_commits_the_receipt_second_is_told_that_it_is_there_already(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow, quick = (Lake.open(str(tmp_path / "home"), threads=1) for _ in range(2))
        landed = []

        def overtaken(*arguments: object) -> None:
            if not landed and arguments[1] is landing.RECEIPT:
                landed.append(None)
                landed[0] = land(quick, tmp_path, LINES, raw=b"fish", name="quick.csv")
            log.add_files(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(landing, "add_files", overtaken)
        loser = land(slow, tmp_path, LINES, raw=b"fish", name="slow.csv")
        assert (loser.already, loser.receipt) == (True, landed[0].receipt)
        assert not landed[0].already
        assert ("quick.csv",) in seen(slow.tables().receipt, "file")
        assert ("slow.csv",) not in seen(slow.tables().receipt, "file")
        assert seen(slow.tables().trade, "value_usd") == [(2018,), (2019,)]
        slow.close()
        quick.close()


def full(*_arguments: object, **_more: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TestFullDisk:
    """No space left: a line that says so, nothing visible, and it works again when there is space."""

    @pytest.mark.parametrize(
        ("module", "name"), [(store.shutil, "copyfile"), (store.LocalStore, "place"), (landing, "add_files")]
    )
    def test_wherever_it_happens(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
    ) -> None:
        lake = Lake.open(str(tmp_path / "home"), threads=1)
        with monkeypatch.context() as patch:
            patch.setattr(module, name, full)
            self.is_told(lambda: land(lake, tmp_path, LINES, raw=b"fish", name="fish.csv"), "landing fish.csv")
        assert seen(lake.tables().trade, "row") == []
        assert [path for path in (tmp_path / "home").rglob("*.parquet") if path.is_file()] == []
        assert not land(lake, tmp_path, LINES, raw=b"fish").already
        assert seen(lake.tables().trade, "value_usd") == [(2018,), (2019,)]
        lake.close()

    @staticmethod
    def is_told(act: Callable[[], object], doing: str) -> None:
        with pytest.raises(LakeError) as told:
            act()
        message = str(told.value)
        assert message.startswith(f"{doing}: no space left")
        assert "nothing was landed" in message
        assert "\n" not in message

    def test_when_the_operating_system_stops_the_engine_in_the_middle_of_a_file(self, tmp_path: Path) -> None:
        code = """
            import resource
            lake = Lake.open(home, threads=1)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
            try:
                land(lake, Path(folder), lines, raw=raw.encode())
            except Exception as error:
                print(type(error).__name__, error)
        """
        ended = run(code, tmp_path / "home", tmp_path, "fish")
        assert ended.stdout.startswith("LakeError landing file.csv: no space left"), ended.stdout + ended.stderr
        lake = Lake.open(str(tmp_path / "home"), threads=1)
        assert seen(lake.tables().trade, "row") == []
        assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []
        lake.close()


def test_a_file_that_changes_while_it_is_landed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    monkeypatch.setattr(store.shutil, "copyfile", lambda _source, target: Path(target).write_bytes(b"other"))
    with pytest.raises(LakeError, match=r"file.csv changed while it was landed"):
        land(lake, tmp_path, LINES, raw=b"fish")
    assert seen(lake.tables().trade, "row") == []
    lake.close()


def test_tidying_up_leaves_a_landing_under_way_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, other = (Lake.open(str(tmp_path / "home"), threads=1) for _ in range(2))

    def tidied(*arguments: object) -> None:
        assert other.tidy_up() == 0
        log.add_files(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(landing, "add_files", tidied)
    land(lake, tmp_path, LINES)
    assert seen(other.tables().trade, "value_usd") == [(2018,), (2019,)]
    lake.close()
    other.close()
