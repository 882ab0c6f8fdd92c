"""How the tests of fetching run: a stand-in on loopback, a lake of its own, no waiting."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidewaiter import pipeline
from tidewaiter.base.settings import settings
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics.fetch import Door
from tidewaiter.statistics.fetching.order import order
from tidewaiter.statistics.fetching.request import Request

sys.path.insert(0, str(Path(__file__).parent / "servers"))

import comtrade as stand_in  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.statistics.fetching.outcome import Outcome, Plan

KEY = stand_in.KEY
Fault, Limits, StandIn, World = stand_in.Fault, stand_in.Limits, stand_in.StandIn, stand_in.World


def door(api: Any, **options: Any) -> Door:
    """Open a door to the stand-in that waits a hundredth of what a real one waits."""
    return Door(api.url, **{"pace": 0.0, "backoff": 0.01, **options})


def request(api: Any, path: str = "/public/v1/preview/C/A/HS", **parameters: str) -> Request:
    asked = {"reporterCode": "643", "partnerCode": "408", "period": "2019", "cmdCode": "TOTAL", **parameters}
    return Request("un_comtrade", api.url, path, tuple(asked.items()), keyed=path.startswith("/data"), what="a test")


def fetch(
    home: Path, source: str = "comtrade", *, dry_run: bool = False, **asked: Any
) -> tuple[Plan[Any], Outcome | None]:
    """Fetch from the stand-in that the environment names into the lake at `home`."""
    wanted = {"reporters": ["RUS"], "partners": ["PRK"], "period": "2018..2019", "products": "total,chapters"}
    settled = {"monthly": False, "flows": [], **wanted, **asked}
    lake = Lake.open(str(home), memory_limit="500MB", threads=1)
    try:
        with pipeline.fetching(source, lake=lake) as gate:
            job = pipeline.fetch_job(gate, order(**settled))
            plan = job.plan()
            return plan, None if dry_run else job.run(plan)
    finally:
        lake.close()


@contextmanager
def comtrade(monkeypatch: Any, **options: Any) -> Iterator[Any]:
    """Serve a stand-in that the environment names, at no pace and without a key."""
    for name in ("COMTRADE_KEY", "TIDEWAITER_FETCH_ROWS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIDEWAITER_FETCH_PACE", "0")
    settings.cache_clear()
    with StandIn(**options) as api:
        monkeypatch.setenv("TIDEWAITER_COMTRADE_URL", api.url)
        yield api
    settings.cache_clear()


@contextmanager
def opened(home: Path) -> Iterator[Lake]:
    lake = Lake.open(str(home), memory_limit="500MB", threads=1)
    yield lake
    lake.close()


def trade(home: Path) -> list[tuple[Any, ...]]:
    """Return what the lake holds, in order, but for the names of landings and their days."""
    with opened(home) as lake:
        names = [name for name in lake.tables().trade.columns if name not in {"vintage", "receipt", "row"}]
        rows = lake.tables().trade.select(*names).to_native().fetchall()
    return sorted(rows, key=repr)
