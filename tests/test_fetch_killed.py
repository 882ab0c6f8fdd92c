"""A fetch that is killed, at any request and by any means: the next one goes on, and the lake is the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fetch_helpers import StandIn, fetch, trade
from tidewaiter.base.settings import settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

REQUESTS = 50
ASKED = {"reporters": ["CHN"], "period": "1972..2021", "products": "27", "partners": ["PRK"]}

WORKER = f"""
import json, os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import duckdb, httpx2, stamina, deltalake  # the children must not wait for these
from fetch_helpers import fetch
from tidewaiter.statistics.fetch import Door
from tidewaiter.statistics.fetching.journal import Journal
from pathlib import Path

home, turns, asked = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])

def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def is_for_rows(request):
    return "/preview/" in request.path

def second(function, then):
    # Let the first call through; what comes of the second is `then`.
    calls = []
    def wrapped(*args):
        calls.append(args)
        return function(*args) if len(calls) == 1 else then(*args)
    return wrapped

def child(turn):
    # One request is finished, the next is where it dies: before it, in its body, or before its note. The very
    # first child dies at its first.
    once, save, keep = Door._ask_once, Door._save, Journal.keep
    asks = second(once, die)
    saves = second(save, lambda _door, _response, part: (part.write_bytes(b'{{"elapsed'), die()))
    if turn == 0:
        asks = die
    match turn % 3:
        case 0:
            Door._ask_once = lambda self, request, part: (asks if is_for_rows(request) else once)(self, request, part)
        case 1:
            Door._save = lambda self, reply, part: (saves if "/preview/" in str(reply.url) else save)(self, reply, part)
        case _:
            keeps = second(lambda self, request, reply, facts: keep(self, request, reply, **facts), die)
            Journal.keep = lambda self, request, reply, **facts: keeps(self, request, reply, facts)
    fetch(home, **asked)
    os._exit(0)

ends = []
for turn in range(turns):
    pid = os.fork()
    if pid == 0:
        child(turn)
    _, status = os.waitpid(pid, 0)
    ends.append(os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status))
print(json.dumps(ends))
"""


@pytest.fixture
def api(monkeypatch):
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    monkeypatch.setenv("TIDEWAITER_FETCH_PACE", "0")
    settings.cache_clear()
    with StandIn() as server:
        server.world.years = tuple(range(1972, 2022))
        server.world.missing = set()
        monkeypatch.setenv("TIDEWAITER_COMTRADE_URL", server.url)
        yield server
    settings.cache_clear()


def finished(home):
    notes = (json.loads(path.read_text()) for path in (home / "fetch" / "un_comtrade").glob("*.json"))
    return {note["url"] for note in notes if "url" in note}


def test_killed_at_every_request_of_fifty_it_ends_with_the_same_lake_and_asks_nothing_finished_again(api, tmp_path):
    seen_finished = []
    api.on_request = lambda path: seen_finished.append(path) if f"{api.url}{path}" in finished(tmp_path) else None
    deaths = subprocess.run(
        [sys.executable, "-c", WORKER, str(tmp_path), str(REQUESTS), json.dumps(ASKED)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert deaths.returncode == 0, deaths.stderr
    assert json.loads(deaths.stdout) == [signal.SIGKILL] * REQUESTS
    assert len(finished(tmp_path)) == REQUESTS - 1
    assert not (tmp_path / "trade").exists()

    before = len(api.asked())
    plan, outcome = fetch(tmp_path, **ASKED)
    assert len(plan.kept) + len(plan.todo) == REQUESTS
    assert len(api.asked()) - before == outcome.asked == 1
    assert seen_finished == []
    values = {(row[1], row[3], row[4], row[6]): float(row[11]) for row in trade(tmp_path)}
    assert values == {
        (reporter, flow, "27", str(year)): pytest.approx(api.world.value(number, "408", code, "27", str(year)))
        for reporter, number in (("CHN", "156"),)
        for flow, code in (("export", "X"), ("import", "M"))
        for year in range(1972, 2022)
    }


LANDING = f"""
import json, os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from fetch_helpers import fetch
from tidewaiter.lake import landing
from tidewaiter.statistics.fetching.journal import Journal

home, place, asked = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
commit, done = landing.commit, []

def dies_after(*args, **kwargs):
    commit(*args, **kwargs)
    done.append(args)
    if len(done) == place:
        os.kill(os.getpid(), signal.SIGKILL)

if place:
    landing.commit = dies_after
else:
    Journal.landed = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
fetch(home, **asked)
"""


@pytest.mark.parametrize("commits", [1, 2, 3, 0])
def test_killed_between_any_two_commits_of_a_landing_it_lands_all_or_nothing_and_then_all(api, tmp_path, commits):
    asked = {"reporters": ["CHN"], "period": "2015..2019", "products": "27", "partners": ["PRK"]}
    died = subprocess.run(
        [sys.executable, "-c", LANDING, str(tmp_path), str(commits), json.dumps(asked)],
        capture_output=True,
        timeout=120,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    # The third commit is that of the receipts; after it all is seen, though no answer is noted as landed.
    seen = 10 if commits in {3, 0} else 0
    assert len(trade(tmp_path)) == seen
    before = len(api.asked())
    _, outcome = fetch(tmp_path, **asked)
    assert len(api.asked()) == before
    assert (len(outcome.landed), outcome.already) == ((5, 0) if seen == 0 else (0, 5))
    assert len(trade(tmp_path)) == 10


COMMAND = ["fetch", "comtrade", "--reporter", "RUS", "--partner", "PRK", "--period", "2018..2019"]


def start(api, home, *more, **environment):
    plain = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": str(home), "PYTHONUTF8": "1"}
    asked = {"TIDEWAITER_COMTRADE_URL": api.url, "TIDEWAITER_FETCH_PACE": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "tidewaiter", *COMMAND, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**plain, **asked, **environment},
    )


def wait_for(condition, seconds=30):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.02)
    assert condition()


def test_ctrl_c_keeps_what_came_says_so_and_the_same_command_goes_on(api, tmp_path):
    run = start(api, tmp_path, TIDEWAITER_FETCH_PACE="30")
    # The list of data sets came; the pace holds the next question back.
    wait_for(lambda: len(api.seen) == 1)
    time.sleep(0.3)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    again = start(api, tmp_path)
    out, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    assert "landed 388 rows from 4" in out


def test_a_second_fetch_waits_for_the_first_says_for_whom_and_asks_nothing_again(api, tmp_path):
    first = start(api, tmp_path, TIDEWAITER_FETCH_PACE="0.4")
    wait_for(lambda: len(api.seen) >= 1)
    second = start(api, tmp_path)
    out, said = second.communicate(timeout=60)
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"another fetch (process {first.pid}) is under way" in said
    assert "4 answers already in the lake" in out
    assert len(api.asked()) == 4


def test_a_fetch_that_was_killed_holds_nobody_up(api, tmp_path):
    run = start(api, tmp_path, TIDEWAITER_FETCH_PACE="30")
    wait_for(lambda: len(api.seen) == 1)
    run.kill()
    run.communicate(timeout=30)
    again = start(api, tmp_path, "--quiet")
    out, said = again.communicate(timeout=60)
    assert (again.returncode, out, said) == (0, "", "")
