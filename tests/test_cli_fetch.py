"""What a person at the command line may rely on when fetching: exit codes, lines, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from fetch_helpers import KEY, Fault, comtrade
from tidewaiter.base.errors import QuotaError
from tidewaiter.statistics.fetching.outcome import Missing, Outcome, Plan
from tidewaiter.tell.fetched import outcome_lines, plan_lines, why_stopped

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch) as server:
        yield server


@pytest.fixture
def run(api, tmp_path):
    def command(*words, **environment):
        plain = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": str(tmp_path), "PYTHONUTF8": "1"}
        asked = {"TIDEWAITER_COMTRADE_URL": api.url, "TIDEWAITER_FETCH_PACE": "0"}
        return subprocess.run(
            [sys.executable, "-m", "tidewaiter", "fetch", *words],
            capture_output=True,
            text=True,
            env={**plain, **asked, **environment},
        )

    return command


RUSSIA = ("comtrade", "--reporter", "RUS", "--partner", "North Korea")


def test_a_used_up_quota_exits_3_with_when_to_go_on_and_says_all_of_it_as_json(api, run):
    api.faults.extend([None, None, Fault("403")])
    done = run(*RUSSIA, "--period", "2018", "--json", COMTRADE_KEY=KEY)
    assert done.returncode == 3
    said = json.loads(done.stdout)
    assert said["plan"]["calls"] == 2
    assert said["plan"]["keyed"] is True
    assert (said["outcome"]["left"], said["outcome"]["kept"]) == (1, 1)
    assert "Out of call volume quota" in said["outcome"]["stopped"]
    assert "1 call left: the same command goes on from here after " in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_where_nothing_is_there_it_exits_1_with_the_reason(run):
    done = run(*RUSSIA, "--period", "2030")
    assert done.returncode == 1
    assert "Russia 2030: not reported yet: the newest of Russia is 2021" in done.stdout
    # Said once, with the plan.
    assert done.stdout.count("not reported yet") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("comtrad", "--period", "2019"), "nearest: comtrade"),
        (("comtrade", "--period", "2019"), "--reporter, --partner or both"),
        ((*RUSSIA,), "--period 2018..2019"),
        ((*RUSSIA, "--period", "2019", "--since", "lately"), "write it like 2020-03-18"),
    ],
)
def test_a_wrong_question_exits_2_with_one_line(api, run, words, says):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert api.seen == []


def test_a_dry_run_prints_the_plan_only(api, run):
    done = run(*RUSSIA, "--period", "2018..2019", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith("plan: 4 calls to 127.0.0.1:")
    assert api.asked() == []


def test_a_plan_that_is_more_than_the_quota_says_so():
    plan = Plan([None] * 700, [], [], 1.0, True, quota_left=500)
    said = plan_lines(plan, "comtradeapi.un.org")
    assert "700 calls to comtradeapi.un.org with your key, about 12 minutes" in said
    assert "less than the plan" in said


def test_the_day_and_hour_to_go_on_are_told():
    outcome = Outcome(stopped=QuotaError("comtradeapi.un.org", "Out of call volume quota.", 11_657), left=7)
    error = why_stopped(outcome, datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
    assert str(error).endswith("7 calls left: the same command goes on from here after 2026-11-23 21:14 UTC")
    assert error.exit_code == 3


def test_many_reasons_are_cut_for_people_and_the_cut_is_told():
    missing = {str(number): Missing(f"area {number}", "zero trade") for number in range(100)}
    lines = outcome_lines(Outcome(missing=missing)).splitlines()
    assert len(lines) == 1 + 40 + 1
    assert lines[-1] == "  ... and 60 more; --json lists all"
