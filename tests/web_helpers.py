"""A real lake with the tiny world in it, the app over it, and the server as people start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import world as tiny
from tidewaiter.base.schema import TRADE
from tidewaiter.lake.lake import Lake
from tidewaiter.web.app import create_app
from tidewaiter.web.settings import WebSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a-token-of-twenty-signs"
STORY = (
    "Russian exports to North Korea grew in 2019\n\n"
    "Jan. 27, 2020 -- Russia exported goods worth $16.5 million to North Korea in 2019, "
    "up 20 percent from $15.06 million in 2018, according to UN Comtrade."
)
"""By hand: 12 * 1.0 + 210 * 0.01 = 14.1 million of 271012 and 12 * 0.2 = 2.4 of 030367 make 16.5; 2018 has
12 * 1.0 + 66 * 0.01 + 2.4 = 15.06; so the rise is 1.44 / 15.06 = 9.6 per cent and not 20."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lake into which the tiny world was landed."""
    folder = tmp_path_factory.mktemp("world")
    fill(folder / "lake", folder)
    return folder / "lake"


def fill(place: Path, folder: Path) -> None:
    """Land the tiny world's two sources at `place`."""
    lake = Lake.open(str(place))
    rows = tiny.world()
    rows.tables(lake.connection)
    columns = ", ".join(f'"{name}"' for name in TRADE.names if name not in {"receipt", "vintage"})
    for source in ("un_comtrade", "imf_dots"):
        raw = folder / f"{source}.csv"
        raw.write_text(f"the tiny world of {source}\n")
        relation = lake.connection.sql(f"SELECT {columns} FROM trade WHERE source = '{source}'")
        lake.land(
            TRADE,
            relation,
            raw,
            source=source,
            licence="made up",
            citation=f"{source}, a made-up publisher.",
            url=None,
            vintage=tiny.VINTAGE,
            complete=False,
        )
    lake.close()


@contextmanager
def client(home: Path, **more: object) -> Iterator[TestClient]:
    """Open the app over a lake and ask it without a socket."""
    settings = WebSettings(home=str(home), hosts=("testserver",), readers=1, engine_threads=1, **more)
    with TestClient(create_app(settings), follow_redirects=False, raise_server_exceptions=False) as asking:
        yield asking


@pytest.fixture(scope="session")
def reader(home: Path) -> Iterator[TestClient]:
    """The app as it is by default: read-only."""
    with client(home) as asking:
        yield asking


@contextmanager
def served(home: Path, folder: Path, *options: str, workers: int = 1) -> Iterator[str]:
    """Start `tidewaiter serve` and return its address; Ctrl-C ends it."""
    import signal

    command = [sys.executable, "-m", "tidewaiter", "serve", "--home", str(home), "--port", "0", "--readers", "1"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TIDEWAITER_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    environment["TMPDIR"] = str(folder)  # what waits to be landed waits apart from other tests
    process = subprocess.Popen(
        [*command, "--workers", str(workers), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    try:
        assert found, line + process.stderr.read()
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, said
    assert said.strip().splitlines()[-1:] == ["tidewaiter: stopped; the page is gone, the lake stays as it is"], said
