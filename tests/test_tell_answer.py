"""What a person who asks at the command line reads: short numbers, whole lines, and the way back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tidewaiter.tell.said import amount, exactly

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "readme"
FILE = FIXTURES / "imf_dots_PRK.csv"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("lake")

    def command(*words, **environment):
        plain = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": str(home)}
        return subprocess.run(
            [sys.executable, "-m", "tidewaiter", *map(str, words)], capture_output=True, env={**plain, **environment}
        )

    assert command("land", FILE).returncode == 0
    return command


@pytest.mark.parametrize(
    ("value", "unit", "short", "long"),
    [
        ("46397973", "USD", "46.398 million USD", "46,397,973 USD"),
        ("46398000", "USD", "46.398 million USD", ""),
        ("8629060000", "USD", "8.629 billion USD", "8,629,060,000 USD"),
        ("2790000000", "USD", "2.79 billion USD", ""),
        ("-1500000.5", "USD", "-1.5 million USD", "-1,500,000.5 USD"),
        ("999999.999", "USD", "999,999.999 USD", ""),
        ("100253", "kg", "100,253 kg", ""),
        ("44.2603", "%", "44.3 %", ""),
    ],
)
def test_large_amounts_are_short_and_their_digits_stand_beside_them(value, unit, short, long):
    assert amount(Decimal(value), unit) == short
    assert exactly(Decimal(value), unit) == long


def test_into_a_pipe_no_line_is_broken(run):
    shown = run("ask", "imports", "PRK", "--from", "RUS", "--period", "2019", "--against", "2018").stdout.decode()
    [number] = [line for line in shown.splitlines() if "+44.3 %" in line]
    assert "(46.398 million USD in 2019 against 32.163 million USD in 2018)" in number
    assert "imf_dots, the partner's declaration (mirror)" in number


@pytest.mark.parametrize("columns", ["1", "20", "40", "100"])
def test_lines_are_broken_at_the_width_that_is_asked_for(run, columns):
    shown = run("ask", "exports", "RUS", "--to", "PRK", "--period", "2019", COLUMNS=columns)
    assert shown.returncode == 0
    assert max(map(len, shown.stdout.decode().splitlines())) <= max(int(columns), 16)


def test_no_colour_is_written_where_none_is_wanted(run):
    words = ("ask", "exports", "RUS", "--to", "PRK", "--period", "2019")
    assert b"\x1b[1m" in run(*words, FORCE_COLOR="1").stdout
    assert b"\x1b[3" not in run(*words, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert b"\x1b" not in run(*words).stdout


def test_the_sha256_of_a_citation_leads_to_the_bytes(run):
    cited = run("ask", "exports", "RUS", "--to", "PRK", "--period", "2019").stdout.decode()
    beginning = cited.split("sha256 ")[1][:12]
    assert hashlib.sha256(FILE.read_bytes()).hexdigest().startswith(beginning)
    assert beginning in run("receipts").stdout.decode()
    assert run("receipts", "--raw", beginning).stdout == FILE.read_bytes()
    refused = run("receipts", "--raw", "00000000")
    assert refused.returncode == 2
    assert b"no landed file's sha256 begins with 00000000" in refused.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("imports", "PRK", "--by", "product", "--level", "3"), "--level 3 is no length of an HS code; write 2, 4, 6"),
        (("imports", "PRK", "--source", "imf_dotz"), "source 'imf_dotz' is unknown; nearest: imf_dots"),
        (("imports", "XYZ"), "area 'XYZ' is unknown (write a code such as PRK, an M49 number or a full name)"),
        (("imports", "a" * 50_000), f"area '{'a' * 80}...' is unknown"),
        (("imports", "PRK", "--product", "9" * 50_000), f"product code '{'9' * 80}' has 50000 digits"),
        (("imports", "World"), "ask whose imports, such as imports RUS"),
    ],
)
def test_a_question_that_cannot_be_says_how_it_could(run, words, says):
    done = run("ask", *words, "--period", "2019")
    assert done.returncode == 2
    assert says in done.stderr.decode()


def test_a_day_before_the_download_says_that_later_files_answer(run):
    asked = ("ask", "exports", "RUS", "--to", "PRK", "--period", "2019", "--source", "imf_dots")
    assert "no number" not in run(*asked).stdout.decode()
    refused = run(*asked, "--as-of", "2020-01-31").stdout.decode()
    assert "no number" in refused
    assert "files of after 2020-01-31 answer it: leave --as-of out, or land older ones with --vintage" in refused
    assert "answer it" not in run("ask", "imports", "KOR", "--period", "1999", "--as-of", "2020-01-31").stdout.decode()


def test_the_sql_of_a_change_makes_both_its_levels_again(run):
    import duckdb

    asked = ("ask", "exports", "RUS", "--to", "PRK", "--period", "2019", "--against", "2018", "--sql")
    with duckdb.connect() as engine:
        results = [
            engine.execute(statement).fetchall() for statement in engine.extract_statements(run(*asked).stdout.decode())
        ]
    assert results[-2:] == [[(Decimal("46398000.000"), 1)], [(Decimal("32163000.000"), 1)]]


def test_what_the_world_buys_of_an_area_is_what_that_area_sells(run):
    asked = [
        run("ask", *words, "--period", "2019", "--json").stdout
        for words in (("imports", "World", "--from", "RUS"), ("exports", "RUS", "--to", "World"))
    ]
    world, russia = map(json.loads, asked)
    assert world.get("value") == russia.get("value")
    assert world["answered"] == russia["answered"]


def test_every_command_that_says_json_prints_json(run, tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"")
    (tmp_path / "story.txt").write_text("Russia exported $46.4 million to North Korea in 2019.\n")
    for words in (
        ("ask", "imports", "PRK", "--period", "2019", "--by", "partner"),
        ("ask", "imports", "KOR", "--period", "1999"),
        ("land", FILE, tmp_path / "bad.csv", tmp_path / "none.csv"),
        ("land", "--dry-run", FILE),
        ("receipts",),
        ("sources",),
        ("check", tmp_path / "story.txt"),
        ("demo",),
    ):
        done = run(*words, "--json")
        assert done.returncode in {0, 1, 2}
        assert json.loads(done.stdout), words
        assert done.stderr == b"", words


def test_one_row_is_one_row(run, tmp_path):
    file = tmp_path / "dots.csv"
    file.write_text("reporter,flow,partner,year,value_musd\nRussia,X,North Korea,2001,1.5\n")
    first = run("land", file).stdout.decode()
    assert "million US dollars, 1 row\n  landed 1 row as " in first
    file.write_text("reporter,flow,partner,year,value_musd\nRussia,X,North Korea,2001,1.25\n")
    assert "; 1 earlier figure replaced\n" in run("land", file).stdout.decode()


def test_quiet_prints_nothing_but_errors(run, tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"")
    quiet = run("land", "--quiet", FILE)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")
    refused = run("land", "--quiet", tmp_path / "bad.csv", FILE)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert refused.stderr == b"bad.csv: refused: the file is empty; download it again\n"
