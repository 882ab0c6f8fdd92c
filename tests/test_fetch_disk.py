"""A disk that is really full, by the kernel's word: clear errors, a lake that reads as before, and room lets it go on.

Once as a limit on the size of files, which every kernel holds, and once as a small file system of its own, where
this machine lets tests mount one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fetch_helpers import StandIn
from tidewaiter.base.settings import settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

MOUNT = ("unshare", "--user", "--mount", "--map-root-user", sys.executable)

CHILD = f"""
import json, os, resource, subprocess, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from fetch_helpers import fetch, opened, trade
from tidewaiter.base.errors import TidewaiterError
from tidewaiter.statistics.land import LandOptions, land_file

kind, folder = sys.argv[1], Path(sys.argv[2])
home, ballast = folder / "disk" / "lake", folder / "disk" / "ballast"
home.parent.mkdir()
if kind == "mount":
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(home.parent)], check=True)

def leave(room):
    # Leave so many bytes: on the whole disk, or for any one file. None leaves all there is.
    if kind == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (room or resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return
    ballast.unlink(missing_ok=True)
    if room is not None:
        free = os.statvfs(home.parent)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free.f_bavail * free.f_frsize - room, 1))

def attempt(work):
    try:
        return work()
    except TidewaiterError as error:
        return [type(error).__name__, str(error)]

def fetched():
    _, outcome = fetch(home)
    said = [str(outcome.stopped)] if outcome.stopped else []
    return ["done" if not (said or outcome.refused) else "stopped", "; ".join([*said, *outcome.refused])]

def landed():
    with opened(home) as lake:
        land_file(lake, folder / "answer.csv", LandOptions())
    return ["done", ""]

work = fetched if sys.argv[3] == "fetch" else landed
steps = []
for room in (*map(int, sys.argv[4].split(",")), None):
    leave(room)
    said = attempt(work)
    read = attempt(lambda: len(trade(home)))
    leave(None)
    steps.append([room, *said, read, len(trade(home))])
print(json.dumps(steps))
"""


def can_mount():
    """Tell whether this machine lets tests mount a file system of their own."""
    try:
        ran = subprocess.run([*MOUNT[:-1], "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


KINDS = ["limit", *(["mount"] if can_mount() else [])]


@pytest.fixture
def api(monkeypatch):
    for name in ("COMTRADE_KEY", "TIDEWAITER_FETCH_ROWS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIDEWAITER_FETCH_PACE", "0")
    settings.cache_clear()
    with StandIn() as server:
        monkeypatch.setenv("TIDEWAITER_COMTRADE_URL", server.url)
        yield server
    settings.cache_clear()


def steps_of(kind, folder, work, rooms):
    """Run the child in a place of its own; returns room, what became of it, what it said, and rows read before and after."""
    start = MOUNT if kind == "mount" else MOUNT[-1:]
    words = [*start, "-c", CHILD, kind, str(folder), work, ",".join(map(str, rooms))]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def assert_clear(steps, rows):
    """Every step ends well or says that there is no room; the lake reads; the last one, with room, ends well."""
    stopped = [step for step in steps if step[1] != "done"]
    assert stopped, "nothing was ever full"
    for room, _, said, _, _ in stopped:
        assert any(words in said for words in ("no space left", "make room and try again", "has room")), (room, said)
        assert "\n" not in said
        assert "Traceback" not in said
    seen = [after for *_, after in steps]
    assert seen == sorted(seen), "rows that were there are gone"
    assert steps[-1][1:] == ["done", "", rows, rows]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fetch_on_a_full_disk_says_so_and_goes_on_when_there_is_room(api, tmp_path, kind):
    rooms = [4096, 20_000, 60_000, 120_000, 300_000, 400_000, 500_000]
    steps = steps_of(kind, tmp_path, "fetch", rooms)
    assert_clear(steps, 388)
    # Two years of totals and chapters: four answers, each asked for until it was here, none again after that.
    assert len(set(api.asked())) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_landing_on_a_full_disk_lands_nothing_and_says_so(api, tmp_path, kind):
    rows = api.world.rows("A", {"reporterCode": ["643"], "period": ["2019"], "partnerCode": ["408"]})
    names = list(rows[0])
    lines = [
        ",".join(names),
        *(",".join("" if row[name] is None else str(row[name]) for name in names) for row in rows),
    ]
    (tmp_path / "answer.csv").write_text("\n".join(lines) + "\n")
    steps = steps_of(kind, tmp_path, "land", [100, 1000, 2500, 5000, 9000, 20_000, 40_000])
    assert_clear(steps, len(rows))
    # All of it or nothing of it is there, however far a landing came.
    assert {after for *_, after in steps} <= {0, len(rows)}
