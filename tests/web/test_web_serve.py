"""What who starts the server may rely on: one line to begin with, one to end with, several workers, plain refusals."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from web_helpers import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def ask(address, path):
    """Ask a server on this machine, and return status and body."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def worker_of(metrics):
    return metrics.split(b'worker="')[1].split(b'"')[0]


def refused(*options, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "tidewaiter", "serve", *options],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("tidewaiter: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_it_says_where_it_is_answers_and_ends_with_one_line(home, tmp_path):
    with served(home, tmp_path) as address:
        status, body = ask(address, "/health")
        assert status == 200
        assert json.loads(body)["status"] == "ok"
        assert ask(address, "/check")[0] == 200


def test_several_workers_share_one_lake_and_say_the_same(home, tmp_path):
    with served(home, tmp_path, workers=2) as address:
        path = "/api/v1/ask?what=exports&area=RUS&partner=PRK&period=2019&source=un_comtrade"
        told, workers = set(), set()
        ends = time.monotonic() + 60
        # Who takes a connection is the kernel's choice: one worker takes them all until it is busy.
        with ThreadPoolExecutor(16) as readers:
            while len(workers) < 2 and time.monotonic() < ends:
                told |= set(readers.map(lambda _: ask(address, path), range(32)))
                workers |= set(readers.map(lambda _: worker_of(ask(address, "/metrics")[1]), range(32)))
    assert len(told) == 1
    assert json.loads(told.pop()[1])["value"]["number"] == "16500000"
    assert len(workers) == 2


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in refused("--port", str(port))


def test_a_server_for_everybody_needs_its_name():
    assert "--name" in refused("--host", "0.0.0.0", "--port", "0")


def test_a_token_that_can_be_guessed_is_refused():
    assert "shorter than 16" in refused("--allow-write", "--token", "secret", "--port", "0")


def test_without_the_extra_it_says_what_to_install(tmp_path):
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError('no', name='uvicorn')\n")
    assert "pip install 'tidewaiter[web]'" in refused("--port", "0", PYTHONPATH=str(tmp_path))
