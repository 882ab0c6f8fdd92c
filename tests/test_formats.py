"""Every command that prints a table writes it as a file too."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from lake_helpers import land
from tidewaiter.cli import app
from tidewaiter.lake.lake import Lake

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "readme"
COMMANDS = {
    "ask": ("ask", "imports", "PRK", "--from", "CHN", "--period", "2018..2019"),
    "sources": ("sources",),
    "receipts": ("receipts",),
    "caps": ("caps", "un/dprk", "refined-petroleum", "2019"),
    "law list": ("law", "list", "un/dprk"),
    "law timeline": ("law", "timeline", "un/dprk"),
    "law status": ("law", "status", "270112", "--from", "PRK", "--on", "2018-03-15"),
    "screen": ("screen", "--target", "PRK"),
    "scenario": ("screen", "--target", "PRK", "--as-if", "draft-2019-12"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = str(tmp_path_factory.mktemp("lake"))

    def command(*words):
        return CliRunner().invoke(app, [*map(str, words)], env={"TIDEWAITER_HOME": home})

    assert command("land", FIXTURES / "imf_dots_PRK.csv").exit_code == 0
    return command


def records(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("form", ["csv", "json", "md", "parquet", "xlsx"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_table_is_written_in_every_format(run, name, form, tmp_path):
    file = tmp_path / f"table.{form}"
    done = run(*COMMANDS[name], "--out", file)
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert done.stdout == ""
    assert file.stat().st_size > 0
    if form == "json":
        json.loads(file.read_text("utf-8"))
    if form == "parquet":
        assert duckdb.connect().sql(f"DESCRIBE SELECT * FROM '{file}'").fetchall()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_format_without_a_file_is_printed(run, name):
    done = run(*COMMANDS[name], "--format", "csv")
    assert done.exit_code == 0
    assert "," in done.stdout.splitlines()[0]


def test_units_stand_in_the_names_and_money_is_exact(run):
    rows = records(run(*COMMANDS["ask"], "--format", "csv").stdout)
    assert {"period", "value_usd", "value_usd_status", "source", "side", "vintage"} <= set(rows[0])
    one = records(run("ask", "imports", "PRK", "--from", "RUS", "--period", "2019", "--format", "csv").stdout)
    # The fixture's line: Russian Federation, X, 2019, 46.398 million dollars.
    assert (one[0]["value_usd"], one[0]["value_usd_status"]) == ("46398000.000", "reported")


def test_json_by_format_is_the_json_of_the_command(run):
    words = COMMANDS["caps"]
    assert run(*words, "--json").stdout == run(*words, "--format", "json").stdout


def test_zero_not_reported_and_no_data_are_three_things(tmp_path):
    home = str(tmp_path / "lake")
    lines = [
        ("RUS", "export", "PRK", "TOTAL", "2019-01", 10),
        ("RUS", "export", "PRK", "TOTAL", "2019-04", 0),
        ("RUS", "export", "CHN", "TOTAL", "2019-02", 5),  # February was filed, without North Korea; March was not
    ]
    land(Lake.open(home), tmp_path, lines)
    words = ("ask", "exports", "RUS", "--to", "PRK", "--period", "2019-01/2019-04", "--by", "month", "--format", "csv")
    done = CliRunner().invoke(app, words, env={"TIDEWAITER_HOME": home})
    told = {
        row["period"]: (row["value_usd"].removesuffix(".000"), row["value_usd_status"]) for row in records(done.stdout)
    }
    assert told == {
        "2019-01": ("10", "reported"),
        "2019-02": ("", "not_reported"),
        "2019-03": ("", "no_data"),
        "2019-04": ("0", "reported"),
    }


def test_a_question_without_a_number_leaves_a_table_without_rows_that_says_so(run):
    done = run("ask", "imports", "PRK", "--from", "FRA", "--period", "1999", "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["answered"] is False
    assert records(run("ask", "imports", "PRK", "--from", "FRA", "--period", "1999", "--format", "csv").stdout) == []


def test_parquet_of_the_law_has_days_as_days(run, tmp_path):
    file = tmp_path / "days.parquet"
    run("law", "timeline", "un/dprk", "--out", file)
    days = [day for (day,) in duckdb.connect().sql(f"SELECT day FROM '{file}' ORDER BY day").fetchall()]
    assert all(isinstance(day, date) for day in days)
    assert date(2006, 10, 14) in days  # resolution 1718 was adopted


def test_many_stories_make_one_table(run, tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "a.txt").write_bytes((FIXTURES / "story.txt").read_bytes())
    done = run("check", "--batch", folder, "--summary", tmp_path / "all.csv")
    assert done.exit_code == 1
    (row,) = records((tmp_path / "all.csv").read_text("utf-8"))
    assert (row["story"], row["claims"], row["not_checked"]) == ("a.txt", "3", "")


def test_formats_that_contradict_each_other_are_refused(run):
    assert "contradict" in str(run("sources", "--json", "--format", "csv").exception)
    assert "--out" in str(run("screen", "--target", "PRK", "--format", "xlsx").exception)
