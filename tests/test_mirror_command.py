"""What a person sees of both sides: the command on the tiny world, its files, and one cell opened."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mirror_world import tiny_lake, wanted
from tidewaiter.tell.mirror import BASES, mirror_sheet
from tidewaiter.tell.mirror_cell import cell_dict
from tidewaiter.tell.sheets.cells import fields

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).with_name("golden")
REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "mirror.md"
YEARS = ("mirror", "PRK", "--with", "RUS,CHN", "--period", "2018..2019")
MONTHS = ("mirror", "RUS", "--with", "CHN", "--period", "2018-11/2018-12", "--product", "270900", "--monthly")

Run = "Callable[..., subprocess.CompletedProcess[str]]"


@pytest.fixture(scope="module")
def home(tmp_path_factory: Any) -> str:
    folder = tmp_path_factory.mktemp("tiny")
    return tiny_lake(folder / "lake", folder).home


@pytest.fixture(scope="module")
def run(home: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command on the tiny world."""

    def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": home, "PYTHONUTF8": "1", "COLUMNS": "80"}
        return subprocess.run(
            [sys.executable, "-m", "tidewaiter", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**plain, **environment},
        )

    return command


def golden(name: str, text: str) -> None:
    """Compare with a golden file; TIDEWAITER_REWRITE=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("TIDEWAITER_REWRITE"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def plain(text: str) -> str:
    """Leave out what differs from landing to landing: the receipts' instants and tails."""
    text = re.sub(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{12}-[0-9a-f]{8}", "RECEIPT", text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("width", ["80", "120"])
def test_both_sides_stand_in_a_table_that_fits_the_terminal(run: Any, width: str) -> None:
    shown = run(*YEARS, COLUMNS=width)
    assert shown.returncode == 0, shown.stderr
    assert max(len(line.rstrip()) for line in shown.stdout.splitlines()) <= int(width)
    golden(f"mirror_{width}.txt", plain(shown.stdout))


def test_months_show_lag_and_gap(run: Any) -> None:
    shown = run(*MONTHS, COLUMNS="120")
    assert shown.returncode == 0, shown.stderr
    golden("mirror_months.txt", plain(shown.stdout))


def test_one_cell_is_opened_down_to_its_files(run: Any) -> None:
    shown = run(*MONTHS, "--explain", "RUS:CHN:2018-12:270900", COLUMNS="100")
    assert shown.returncode == 0, shown.stderr
    golden("mirror_cell.txt", plain(shown.stdout))


def test_the_cell_that_is_opened_is_of_the_source_that_the_table_shows(run: Any) -> None:
    opened = run(*YEARS, "--explain", "RUS:PRK:2019", "--json")
    assert json.loads(opened.stdout)["source"] == "imf_dots"
    other = run(*YEARS, "--explain", "RUS:PRK:2018-03:271012", "--json")  # not in the table: asked for by itself
    assert json.loads(other.stdout)["value"]["exporter"] == "1020000"  # 1,000,000 + 2 * 10,000


def test_an_opened_cell_as_json_leads_to_rows_files_and_digests(run: Any) -> None:
    opened = json.loads(run(*MONTHS, "--explain", "RUS:CHN:2018-12:270900", "--json").stdout)
    assert opened["value"]["exporter"] == "10100000"  # 9,000,000 + 11 * 100,000
    assert opened["value"]["importer"] == "10605000"  # times 1.05
    assert [each["side"] for each in opened["declarations"]] == ["exporter", "importer"]
    for each in opened["declarations"]:
        assert re.fullmatch(r"[0-9a-f]{64}", each["sha256"])
        assert each["row"] > 0
        assert each["file"].endswith(".csv")


def test_the_csv_holds_every_cell_with_a_status_for_each_silence(run: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*YEARS, "--format", "csv").stdout)))
    assert len(rows) == 2 * 2 * 2
    north = [row for row in rows if row["exporter"] == "PRK"]
    assert {(row["export_usd"], row["export_usd_status"], row["basis"]) for row in north} == {
        ("", "not_reported", "mirror_only")
    }
    assert all(row["low_usd"] and float(row["low_usd"]) <= float(row["value_usd"]) for row in rows)


def test_weights_have_columns_of_their_own(run: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*MONTHS, "--weight", "--format", "csv").stdout)))
    december = next(row for row in rows if row["exporter"] == "RUS" and row["period"] == "2018-12")
    assert (float(december["export_kg"]), float(december["import_kg"])) == (10_100_000, 10_100_000)
    assert float(december["weight_kg"]) == 10_100_000


def test_a_pipe_gets_unbroken_lines(home: str) -> None:
    environment = {"PATH": os.environ["PATH"], "TIDEWAITER_HOME": home, "PYTHONUTF8": "1"}
    shown = subprocess.run(
        [sys.executable, "-m", "tidewaiter", *YEARS], capture_output=True, text=True, encoding="utf-8", env=environment
    ).stdout
    (source,) = [line for line in shown.splitlines() if line.strip().startswith("source:")]
    assert source.count("sha256") == 1


def test_nothing_declared_exits_with_one_and_says_what_may_be_there(run: Any) -> None:
    shown = run("mirror", "PRK", "--with", "USA", "--period", "2018", COLUMNS="100")
    assert shown.returncode == 1
    assert "nobody declared all goods" in shown.stdout
    assert "--product" in shown.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("RUS", "--with", "RUS"), "RUS does not trade with itself"),
        (("RUS", "--with", "W00"), "stands for several areas"),
        (("RUS", "--with", "RUZ"), "RUZ"),
        (("RUS", "--with", "CHN", "--source", "un_comtrad"), "un_comtrade"),
        (("RUS", "--with", "CHN", "--hs", "HS2019"), "HS edition 'HS2019' is unknown"),
        (("RUS", "--with", "CHN", "--explain", "RUS:CHN"), "is no cell"),
        (("RUS", "--with", "CHN", "--product", "270900"), "land UNSD's correlation workbook"),
    ],
)
def test_what_cannot_be_asked_is_one_line_on_standard_error(run: Any, words: tuple[str, ...], says: str) -> None:
    shown = run("mirror", *words, "--period", "2019")
    assert shown.returncode == 2
    assert says in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


def test_spark_is_asked_for_where_the_setting_names_it(run: Any) -> None:
    shown = run(*YEARS, TIDEWAITER_ENGINE="spark://127.0.0.1:9")
    assert shown.returncode == 2
    assert "spark" in shown.stderr.lower()


def described(heading: str) -> list[str]:
    """List the names in the first column of the table under a heading of the reference."""
    part = REFERENCE.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_reference_lists_every_column_and_every_key(home: str) -> None:
    from tidewaiter import pipeline

    table = pipeline.mirror(wanted("RUS", "PRK", "2018"), home=home)
    assert described("Columns") == [field.name for field in fields(mirror_sheet(table)) if not field.status]
    opened = cell_dict(table.cells[0], table)
    keys = [
        *opened,
        *(f"value.{key}" for key in opened["value"]),
        *(f"declarations.{key}" for key in opened["declarations"][0]),
    ]
    assert sorted(described("One cell as JSON")) == sorted(keys)
    assert set(described("Basis")) == set(BASES)
