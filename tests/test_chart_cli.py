"""What a person who draws a chart at the command line may rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from test_cli import FIXTURES, _runner

FLOWS = ("chart", "flows", "imports", "PRK", "--with", "RUS", "--period", "2017..2020")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the command in a folder with a lake in which the README's file has been landed."""
    folder = tmp_path_factory.mktemp("charts")
    runner = _runner(folder)
    assert runner("land", FIXTURES / "imf_dots_PRK.csv").returncode == 0
    runner.folder = folder
    return runner


def test_without_a_file_the_finding_and_the_table_are_printed(run):
    shown = run(*FLOWS)
    assert shown.returncode == 0
    assert "highest 46.398 million USD in 2019" in " ".join(shown.stdout.split())
    assert "46,398,000" in shown.stdout
    assert "no data" in shown.stdout  # 2017 and 2020 are not in the file


def test_three_kinds_of_files_are_written_and_named(run):
    shown = run(*FLOWS, "--svg", "a.svg", "--png", "a.png", "--vega", "a.json")
    assert shown.returncode == 0
    for name in ("a.svg", "a.png", "a.json"):
        assert f"{name}: " in shown.stdout
    svg = (run.folder / "a.svg").read_text("utf-8")
    assert "46.398 million USD" in ET.fromstring(svg).get("aria-label")
    assert "prefers-color-scheme:dark" in svg
    assert (run.folder / "a.png").read_bytes().startswith(b"\x89PNG")
    spec = json.loads((run.folder / "a.json").read_text("utf-8"))
    assert spec["$schema"].endswith("vega-lite/v6.json")
    assert "46.398 million USD" in spec["description"]
    assert "46,398,000" not in shown.stdout  # the table is printed where it is asked for


def test_drawing_again_gives_the_same_bytes(run):
    for name in ("once.svg", "twice.svg"):
        assert run(*FLOWS, "--svg", name, TZ="Asia/Tokyo" if name == "once.svg" else "UTC").returncode == 0
    assert (run.folder / "once.svg").read_bytes() == (run.folder / "twice.svg").read_bytes()


def test_days_of_the_law_are_drawn_in_unless_they_are_not_wanted(run):
    assert "resolution 2397 (2017)" in run(*FLOWS).stdout
    assert "resolution" not in run(*FLOWS, "--no-law").stdout


def test_nothing_to_draw_is_said_and_ends_with_one(run):
    shown = run("chart", "flows", "exports", "KOR", "--with", "IND", "--period", "2019", "--svg", "none.svg")
    assert shown.returncode == 1
    assert "nothing to draw" in shown.stdout
    assert "Nothing to draw" in (run.folder / "none.svg").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("composition", "imports", "PRK", "--period", "2019"),
        ("quota", "un/dprk", "refined-petroleum", "2019"),
        ("timeline", "un/dprk", "--since", "2017-01-01", "--until", "2018-12-31", "--kind", "quota"),
        ("multiples", "imports", "PRK", "--period", "2018..2019"),
        ("flows", "both", "PRK", "--with", "RUS,IND", "--period", "2018..2019"),
        ("mirror", "RUS", "PRK", "--period", "2018..2019"),
    ],
)
def test_each_kind_is_drawn_with_its_finding(run, words):
    shown = run("chart", *words, "--svg", "kind.svg")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert shown.stderr == ""
    root = ET.fromstring((run.folder / "kind.svg").read_text("utf-8"))
    label = " ".join(root.get("aria-label").split())
    assert label in " ".join(shown.stdout.split())


def test_a_lake_without_covered_goods_has_no_heat_map_and_says_so(run):
    shown = run("chart", "exposure", "PRK", "--period", "2018..2019")
    assert shown.returncode == 1
    assert "No declared trade in goods that a measure covers" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("flows", "imports", "Rusia", "--period", "2019"), "nearest: Russia"),
        (("flows", "imports", "PRK", "--period", "lately"), "not understood"),
        (("flows", "imports", "PRK", "--with", "PRK", "--period", "2019"), "trade with itself"),
        (("flows", "imports", "PRK", "--with", "RUS,CHN,IND,KAZ,BRA,DEU", "--period", "2019"), "told apart"),
        (("flows", "imports", "PRK", "--period", "2019", "--source", "imf"), "unknown"),
        (("flows", "imports", "PRK", "--period", "2019", "--svg", "nowhere/a.svg"), "cannot be written"),
        (("quota", "un/dprk", "petroleum", "2019"), "refined-petroleum"),
        (("quota", "un/dprk", "refined-petroleum", "1999"), "1999"),
        (("timeline", "un/dprk", "--kind", "quotas"), "nearest: quota"),
        (("timeline", "un/dprx"), "un/dprk"),
        (("composition", "imports", "PRK", "--period", "2019", "--product", "27x"), "27x"),
    ],
)
def test_wrong_input_is_one_line_on_standard_error(run, words, says):
    shown = run("chart", *words)
    assert shown.returncode == 2
    assert says in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


def test_without_the_extra_a_drawing_names_it_and_the_table_still_comes(run, tmp_path):
    (tmp_path / "vl_convert.py").write_text("raise ImportError('not installed')")
    hidden = {"PYTHONPATH": os.fspath(tmp_path)}
    drawn = run(*FLOWS, "--svg", "x.svg", **hidden)
    assert drawn.returncode == 2
    assert "pip install 'tidewaiter[charts]'" in drawn.stderr
    assert len(drawn.stderr.strip().splitlines()) == 1
    assert not (run.folder / "x.svg").exists()
    assert run(*FLOWS, "--table", "--vega", "x.json", **hidden).returncode == 0


def test_asking_for_help_loads_no_library_that_draws():
    code = "import sys; sys.argv = ['tidewaiter', 'chart', '--help']\ntry:\n    from tidewaiter.__main__ import main; main()\nexcept SystemExit: pass\n"
    code += "print(sorted({'vl_convert', 'altair', 'duckdb', 'jinja2'} & set(sys.modules)))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert child.stdout.strip().endswith("[]"), child.stdout[-300:]


def test_a_page_of_a_regimes_days_can_hold_the_drawing(run):
    for name, more in (("plain.html", ()), ("drawn.html", ("--chart",))):
        assert run("law", "timeline", "un/dprk", "--since", "2017-01-01", "--html", name, *more).returncode == 0
    plain, drawn = ((run.folder / name).read_text("utf-8") for name in ("plain.html", "drawn.html"))
    assert "<figure" not in plain
    assert drawn.count("<figure") == 1
    assert "default-src 'none'" in drawn
    assert "<script" not in drawn
