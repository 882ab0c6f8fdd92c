"""A thousand questions at the allowed rate: none refused, and no more memory at the end than at the start."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fetch_helpers import Limits, comtrade, opened
from tidewaiter import pipeline
from tidewaiter.base.settings import settings
from tidewaiter.statistics.fetching import comtrade_run
from tidewaiter.statistics.fetching.order import order

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

QUESTIONS = 1000
A_SECOND = 100


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch, limits=Limits(calls_a_second=A_SECOND)) as server:
        # A little slower than is allowed, as anybody should be.
        monkeypatch.setenv("TIDEWAITER_FETCH_PACE", str(1.02 / A_SECOND))
        settings.cache_clear()
        server.world.years = tuple(range(1938, 2022))
        server.world.codes = ("27",)
        yield server


def resident_mb():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def test_a_thousand_questions_at_the_allowed_rate_in_flat_memory(api, tmp_path, monkeypatch):
    used = []
    # Landing is measured elsewhere: here the pace is kept, and every answer is weighed and noted.
    monkeypatch.setattr(comtrade_run, "land_answers", lambda *_args, **_options: None)
    with opened(tmp_path) as lake, pipeline.fetching("comtrade", lake=lake) as gate:
        wanted = order(
            reporters=["CHN"], partners=["PRK"], period="1938-01/2021-12", monthly=True, products="27", flows=["import"]
        )
        job = pipeline.fetch_job(gate, wanted)
        plan = job.plan()
        assert len(plan.todo) == 84 * 12 >= QUESTIONS
        began = time.monotonic()
        outcome = job.run(plan, lambda _what: used.append(resident_mb()))
        took = time.monotonic() - began
    assert outcome.stopped is None
    assert outcome.asked == len(plan.todo)
    assert api.too_fast == 0
    assert took >= len(plan.todo) / A_SECOND
    early, late = max(used[50:150]), max(used[-100:])
    assert late - early < 8, f"{early:.0f} MB after a hundred, {late:.0f} MB at the end"
