"""What a user of the library may rely on: the verbs are there, typed, and cost nothing until used."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import tidewaiter

STORY = Path(__file__).resolve().parent / "fixtures" / "readme" / "story.txt"


def test_every_public_name_is_there():
    for name in tidewaiter.__all__:
        assert getattr(tidewaiter, name) is not None


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tidewaiter.nothing


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, tidewaiter; print(sorted({'duckdb', 'deltalake', 'pydantic', 'typer', 'jinja2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_story_is_checked_from_python(tmp_path):
    text = STORY.read_text("utf-8").replace("SEOUL, Jan. 27, 2020 -- ", "")
    report = tidewaiter.check(text, published_on=date(2020, 1, 27), home=str(tmp_path))
    assert report.story.published_on == date(2020, 1, 27)
    assert report.needs_a_look


def test_a_question_without_data_is_refused_from_python(tmp_path):
    query = tidewaiter.Query("value", ("RUS",), ("KOR",), tidewaiter.Period.parse("2019"))
    assert isinstance(tidewaiter.ask(query, home=str(tmp_path)), tidewaiter.Refusal)
