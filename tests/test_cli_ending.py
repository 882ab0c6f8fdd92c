"""However a run of the command ends, it ends with one line at most and an exit code that tells."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "readme"
COMMAND = (sys.executable, "-m", "tidewaiter")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full and shells of Linux")


def _run(folder, *words, shell=None, **environment):
    plain = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": str(folder / "lake"), "HOME": str(folder)}
    line = list(COMMAND) + [str(word) for word in words]
    if shell is not None:
        line = ["bash", "-c", f'"$@" {shell}', "bash", *line]
    return subprocess.run(line, capture_output=True, cwd=folder, env={**plain, **environment})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "No such command 'nonsense' (tidewaiter -h explains the options)"),
        (("ask",), "Missing argument 'what'. Choose from: imports, exports, trade, balance (tidewaiter ask -h"),
        (("ask", "imports", "PRK", "--perid", "2019"), "Possible options: --period"),
        (("receipts", "--as-of", "2019-02-30"), "'2019-02-30' is no day; write it like 2020-03-18"),
        (("ask", "imports", "PRK", "--period", "2019", "--side", "left"), "'left' is not one of 'reporter'"),
        (("land", "no\nsuch\x1b[31m.csv"), "no\\nsuch\\x1b[31m.csv: refused: no such file"),
        (("land", os.fsdecode(b"no\xffsuch.csv")), "no\\xffsuch.csv: refused: no such file"),
        (("receipts", "--home", "~no-such-user-here/x"), "no such user has a home here"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(tmp_path, words, says):
    done = _run(tmp_path, *words)
    error = done.stderr.decode()
    assert done.returncode == 2
    assert says in error
    assert error.count("\n") == 1
    assert error.rstrip("\n").isprintable()
    assert done.stdout == b""


@linux
def test_a_reader_that_goes_away_is_no_finding_and_no_complaint(tmp_path):
    done = _run(tmp_path, "sources", "--json", shell='| true; exit "${PIPESTATUS[0]}"')
    assert done.returncode in {0, 141}
    assert done.stderr == b""


@linux
def test_an_output_that_is_full_is_one_line(tmp_path):
    done = _run(tmp_path, "sources", shell=">/dev/full")
    assert (done.returncode, done.stderr) == (2, b"tidewaiter: No space left on device\n")


@linux
def test_closed_outputs_stop_nothing(tmp_path):
    assert _run(tmp_path, "sources", shell=">&-").returncode == 0
    assert _run(tmp_path, "nonsense", shell=">&- 2>&-").returncode == 2


def test_output_is_utf8_whatever_the_locale(tmp_path):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    asked = ("ask", "imports", "CIV", "--from", "CUW", "--period", "2019")
    shown = _run(tmp_path, *asked, **plain)
    assert "Curaçao" in shown.stdout.decode("utf-8")
    assert json.loads(_run(tmp_path, *asked, "--json", **plain).stdout.decode("utf-8"))["answered"] is False


def test_a_damaged_data_file_is_one_line(tmp_path):
    _run(tmp_path, "land", FIXTURES / "imf_dots_PRK.csv")
    for file in (tmp_path / "lake" / "trade").rglob("*.parquet"):
        data = bytearray(file.read_bytes())
        data[4 : len(data) // 2] = bytes(byte ^ 0x5A for byte in data[4 : len(data) // 2])
        file.write_bytes(data)
    done = _run(tmp_path, "ask", "imports", "PRK", "--from", "RUS", "--period", "2019")
    assert done.returncode == 2
    assert done.stderr.startswith(b"tidewaiter: reading: the lake at ")
    assert done.stderr.count(b"\n") == 1
    assert b"is damaged" in done.stderr
    assert b"bring it back from a copy" in done.stderr


@linux
def test_a_file_that_may_not_be_read_keeps_no_other_out(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes((FIXTURES / "imf_dots_PRK.csv").read_bytes())
    secret.chmod(0)
    # The administrator may read that one, but nobody the memory of a program from its first byte on.
    unreadable = Path("/proc/self/mem") if os.access(secret, os.R_OK) else secret
    done = _run(tmp_path, "land", unreadable, FIXTURES / "imf_dots_PRK.csv")
    assert done.returncode == 2
    assert done.stderr.startswith(f"{unreadable.name}: refused: cannot be read: ".encode())
    assert done.stderr.count(b"\n") == 1
    assert b"landed 6 rows" in done.stdout


@linux
def test_ctrl_c_is_one_line_and_leaves_nothing_half_landed(tmp_path):
    file = tmp_path / "dots.csv"
    file.write_text(
        "reporter,flow,partner,year,value_musd\n"
        + "".join(f"Russia,X,China,{1000 + year},1\n" for year in range(900, 1025))
        + "".join(f"{name},X,China,{year},1\n" for year in range(1900, 2025) for name in ("Japan", "India", "Brazil"))
    )
    environment = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": str(tmp_path / "lake")}
    for wait in (0.3, 0.6, 0.9, 1.2):
        with subprocess.Popen(
            [*COMMAND, "land", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as landing:
            time.sleep(wait)
            landing.send_signal(signal.SIGINT)
            _, error = landing.communicate()
        if landing.returncode == 130:
            assert error.count(b"\n") == 1
            assert b"stopped; a file is landed whole or not at all" in error
    held = json.loads(_run(tmp_path, "receipts", "--json").stdout)
    assert [row["rows"] for row in held if row["source"] == "imf_dots"] in ([], [500])
    assert b"500 rows" in _run(tmp_path, "land", file).stdout
