"""The key is searched for, byte by byte, wherever it could have been left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fetch_helpers import KEY, Fault, comtrade

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

COMMAND = ["fetch", "comtrade", "--reporter", "RUS", "--partner", "PRK", "--period", "2018..2019"]


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch) as server:
        yield server


def spy_on(api, found):
    """Read the command line of every process while requests come in, as `ps` would."""

    def look(_path):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                found.append((folder / "cmdline").read_bytes())
            except OSError:
                continue

    api.on_request = look


def run(tmp_path, api, *words, key=KEY):
    home = tmp_path / "home"
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tidewaiter", *words],
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_DATA_HOME": str(home / "data"),
            "TMPDIR": str(tmp_path / "tmp"),
            "TIDEWAITER_HOME": str(tmp_path / "lake"),
            "TIDEWAITER_COMTRADE_URL": api.url,
            "TIDEWAITER_FETCH_PACE": "0",
            "COMTRADE_KEY": key,
        },
    )


def every_byte(folder):
    return b"".join(path.name.encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def place(tmp_path):
    for name in ("home", "tmp", "lake"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_the_key_is_in_no_file_no_output_no_address_and_no_process_list(api, place):
    command_lines = []
    spy_on(api, command_lines)
    api.faults.extend([None, Fault("500"), Fault("429", retry_after="0"), None, Fault("html")])
    done = run(place, api, *COMMAND)
    assert done.returncode == 0, done.stderr
    assert KEY in api.keys
    assert len(every_byte(place / "lake")) > 10_000
    for where in (every_byte(place), done.stdout, done.stderr, *command_lines):
        assert KEY.encode() not in where
    assert all(KEY not in path for path, _ in api.seen)
    assert any(b"tidewaiter" in line for line in command_lines)


@pytest.mark.parametrize("fault", ["401", "403", "400", "500", "cut", "html"])
def test_the_key_is_in_no_error(api, place, fault):
    message = f"you sent {KEY}" if fault.isdigit() and fault != "403" else None
    api.faults.extend([None, *[Fault(fault, retry_after="0", message=message)] * 9])
    done = run(place, api, *COMMAND, "--json")
    assert done.returncode in {2, 3}
    assert done.stderr.startswith(b"tidewaiter: ")
    assert b"Traceback" not in done.stderr
    for where in (every_byte(place), done.stdout, done.stderr):
        assert KEY.encode() not in where


def test_the_key_is_in_no_traceback_of_a_fault_of_our_own(place, api):
    code = f"""
import os, sys, traceback
sys.path.insert(0, {str(Path(__file__).parent)!r})
from tidewaiter.statistics.fetch import Door
Door._save = lambda *_: 1 / 0
from fetch_helpers import fetch
from pathlib import Path
try:
    fetch(Path(sys.argv[1]))
except ZeroDivisionError as error:
    printed = traceback.TracebackException.from_exception(error, capture_locals=True)
    print("".join(printed.format()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(place / "lake")],
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "TIDEWAITER_COMTRADE_URL": api.url,
            "TIDEWAITER_FETCH_PACE": "0",
            "COMTRADE_KEY": KEY,
        },
    )
    assert b"ZeroDivisionError" in done.stdout
    # The public list of data sets comes first, and goes without the key.
    assert KEY.encode() not in done.stdout + done.stderr


def test_a_key_in_the_keyring_is_used_where_the_environment_has_none(monkeypatch):
    import types

    from tidewaiter.statistics.fetching.key import find_key

    ring = types.ModuleType("keyring")
    ring.get_password = lambda service, name: KEY if (service, name) == ("tidewaiter", "COMTRADE_KEY") else None
    ring.errors = types.SimpleNamespace(KeyringError=RuntimeError)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    key = find_key("COMTRADE_KEY")
    assert key is not None
    assert (key.reveal(), key.origin) == (KEY, "COMTRADE_KEY in the keyring")
    monkeypatch.setenv("COMTRADE_KEY", "another")
    assert find_key("COMTRADE_KEY").reveal() == "another"


def test_a_keyring_that_is_locked_or_not_there_is_no_key(monkeypatch):
    import types

    from tidewaiter.statistics.fetching.key import find_key

    class LockedError(Exception):
        pass

    def locked(*_):
        raise LockedError

    ring = types.ModuleType("keyring")
    ring.get_password, ring.errors = locked, types.SimpleNamespace(KeyringError=LockedError)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    assert find_key("COMTRADE_KEY") is None
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_key("COMTRADE_KEY") is None
