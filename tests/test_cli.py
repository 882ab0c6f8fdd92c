"""What a person at the command line may rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "readme"


def _runner(folder):
    def command(*words, stdin=None, **environment):
        plain = {
            "PATH": os.environ["PATH"],
            "TIDEWAITER_HOME": str(folder / "lake"),
            "COLUMNS": "100",
            "PYTHONUTF8": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "tidewaiter", *(str(word) for word in words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=folder,
            input=stdin,
            env={**plain, **environment},
        )

    return command


@pytest.fixture
def run(tmp_path):
    """Run the command in a folder with a lake of its own; returns the finished process."""
    return _runner(tmp_path)


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    """Run the command where the README's file has been landed; nothing here lands anything else."""
    runner = _runner(tmp_path_factory.mktemp("landed"))
    assert runner("land", FIXTURES / "imf_dots_PRK.csv").returncode == 0
    return runner


def test_help_imports_neither_the_engine_nor_the_templates(run):
    code = "import sys; sys.argv = ['tidewaiter', '--help']\ntry:\n    from tidewaiter.__main__ import main; main()\nexcept SystemExit: pass\n"
    code += (
        "print(sorted({'duckdb', 'jinja2', 'deltalake', 'trafilatura', 'pycountry', 'pydantic'} & set(sys.modules)))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert child.stdout.strip().endswith("[]"), child.stdout[-300:]


def test_landing_twice_changes_nothing_and_says_so(landed):
    again = landed("land", FIXTURES / "imf_dots_PRK.csv")
    assert again.returncode == 0
    assert "already landed" in again.stdout
    assert len(json.loads(landed("receipts", "--json").stdout)) == 2  # the file, and the figures that ship


def test_a_dry_run_shows_the_guess_and_lands_nothing(run):
    shown = run("land", "--dry-run", FIXTURES / "imf_dots_PRK.csv")
    assert "IMF Direction of Trade" in shown.stdout
    assert "not landed" in shown.stdout
    assert not any("imf" in row["source"] for row in json.loads(run("receipts", "--json").stdout))


def test_one_bad_file_does_not_keep_the_others_out(run, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"")
    done = run("land", bad, FIXTURES / "imf_dots_PRK.csv")
    assert done.returncode == 2
    assert "bad.csv" in done.stderr
    assert "landed 6 rows" in done.stdout


def test_a_change_is_answered_with_both_levels(landed):
    shown = landed("ask", "imports", "PRK", "--from", "RUS", "--period", "2019", "--against", "2018")
    assert shown.returncode == 0
    for expected in ("+44.3 %", "46.398 million USD", "32.163 million USD", "partner's declaration"):
        assert expected in " ".join(shown.stdout.split())


def test_the_answer_as_json_leads_back_to_file_and_row(landed):
    shown = landed("ask", "exports", "Russia", "--to", "North Korea", "--period", "2019", "--json")
    answer = json.loads(shown.stdout)
    assert answer["answered"] is True
    assert answer["value"]["number"] == "46398000"
    assert answer["rows"][0]["row"] == 2
    assert answer["receipts"][0]["file"] == "imf_dots_PRK.csv"


def test_the_sql_that_made_the_number_makes_it_again(landed):
    import duckdb

    sql = landed("ask", "exports", "RUS", "--to", "PRK", "--period", "2019", "--sql").stdout
    assert "46398000" in str(duckdb.connect().sql(sql).fetchall()).replace(".000", "")


def test_a_question_without_rows_is_refused_with_the_way_to_get_them(landed):
    shown = landed("ask", "imports", "KOR", "--from", "RUS", "--period", "2019")
    assert shown.returncode == 1
    assert "no number" in shown.stdout
    assert "tidewaiter land" in shown.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ask", "imports", "Korea", "--period", "2019"), "ambiguous"),
        (("ask", "imports", "Rusia", "--period", "2019"), "nearest: Russia"),
        (("ask", "imports", "PRK", "--period", "last year"), "not understood"),
        (("ask", "imports", "PRK", "--to", "RUS", "--period", "2019"), "--from"),
        (("ask", "imports", "PRK", "--period", "2019", "--product", "27x"), "27x"),
        (("ask", "imports", "PRK", "--period", "2019", "--by", "partner", "--share"), "one thing at a time"),
        (("check", "missing.txt"), "cannot read missing.txt"),
        (("land", "missing.csv"), "missing.csv"),
    ],
)
def test_wrong_input_is_one_line_on_standard_error(run, words, says):
    shown = run(*words)
    assert shown.returncode == 2
    assert says in shown.stderr
    assert "Traceback" not in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


def test_a_story_with_a_conflict_exits_with_one(landed):
    shown = landed("check", FIXTURES / "story.txt")
    assert shown.returncode == 1
    assert "+26 % and" in shown.stdout


def test_a_story_from_standard_input_gives_the_same_json(landed):
    text = (FIXTURES / "story.txt").read_text("utf-8")
    from_file = json.loads(landed("check", FIXTURES / "story.txt", "--json").stdout)
    from_pipe = json.loads(landed("check", "-", "--json", stdin=text).stdout)
    assert from_file["claims"] == from_pipe["claims"]


def test_the_output_is_the_same_whatever_the_hash_seed_locale_and_time_zone(landed):
    once = landed("check", FIXTURES / "story.txt", "--json", PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C").stdout
    again = landed(
        "check", FIXTURES / "story.txt", "--json", PYTHONHASHSEED="2", TZ="America/New_York", LC_ALL="de_DE.UTF-8"
    ).stdout
    assert once == again != ""


def test_the_marked_story_is_one_page_that_asks_for_nothing(landed, tmp_path):
    page = tmp_path / "findings.html"
    landed("check", FIXTURES / "story.txt", "--html", page)
    html = page.read_text("utf-8")
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert not [each for each in ("src=", "@import", "url(") if each in html]


def test_the_demo_needs_no_lake_and_leaves_none(run, tmp_path):
    shown = run("demo")
    assert shown.returncode == 0
    assert "not like for like" in shown.stdout
    assert "Yonhap" in shown.stdout
    assert not (tmp_path / "lake").exists()


def test_a_comparison_with_coarsely_printed_figures_is_a_range(run):
    """$3 million may be 2.5 to 3.5, so against 1.98 the rise is anything from +26 to +77 per cent."""
    shown = " ".join(run("demo").stdout.split())
    assert "+26 % to +77 %, by how finely the figures were printed" in shown
    assert "+51.5 %" not in shown
