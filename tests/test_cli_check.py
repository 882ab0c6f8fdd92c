"""What a person at the command line may rely on when checking stories: one, many, or for publication."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tidewaiter.base.errors import StoryError
from tidewaiter.cli import app

RIGHT = "SEOUL, Jan. 24, 2020 (Agency) -- Trade of goods is slow."
WRONG = (
    "SEOUL, Jan. 24, 2020 (Agency) -- North Korea imported goods worth $42 million from Russia in 2019, "
    "20 percent more than the $32 million in 2018."
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command with a lake of its own; returns its result."""
    monkeypatch.setenv("COLUMNS", "120")

    def command(*words):
        home = ["--home", str(tmp_path / "lake")] if words[:1] == ("check",) else []
        return CliRunner().invoke(app, [str(word) for word in (*words, *home)])

    return command


@pytest.fixture
def stories(tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "a.txt").write_text(RIGHT)
    (folder / "b.txt").write_text(WRONG)
    (folder / "c.bin").write_bytes(b"\x7fELF\x00\x01\x02\xff" * 40)
    return folder


def test_one_bad_file_does_not_stop_the_rest_and_is_named(run, stories, tmp_path):
    out = tmp_path / "findings"
    result = run("check", "--batch", stories, "--out", out)
    assert result.exit_code == 1
    assert "c.bin: not checked: " in result.output
    assert sorted(path.name for path in out.iterdir()) == ["a.txt.json", "b.txt.json"]
    marks = [claim["mark"] for claim in json.loads((out / "b.txt.json").read_text())["claims"]]
    assert "conflict" in marks
    row = next(line for line in result.output.splitlines() if line.startswith("b.txt"))
    assert row.split()[1:3] == [str(len(marks)), str(marks.count("conflict"))]


def test_a_folder_without_conflicts_ends_well(run, stories):
    (stories / "b.txt").unlink()
    (stories / "c.bin").unlink()
    assert run("check", "--batch", stories).exit_code == 0


def test_findings_are_never_written_among_the_stories(run, stories):
    result = run("check", "--batch", stories, "--out", stories)
    assert result.exit_code != 0
    assert len(list(stories.iterdir())) == 3


def test_reviews_are_of_claims_with_a_verdict_and_never_of_the_story(run, stories):
    result = run("check", stories / "b.txt", "--claimreview", "--author", "The Desk & Co")
    reviews = json.loads(result.output)
    assert reviews
    for one in reviews:
        assert one["@context"] == "https://schema.org"
        assert one["@type"] == "ClaimReview"
        assert one["author"]["name"] == "The Desk & Co"
        assert (
            one["reviewRating"]["worstRating"]
            <= one["reviewRating"]["ratingValue"]
            <= one["reviewRating"]["bestRating"]
        )
        assert one["claimReviewed"] in WRONG
    (wrong,) = [one for one in reviews if one["reviewBody"].startswith("Arithmetic error")]
    assert "oes not fit the story's own figures" in wrong["reviewRating"]["alternateName"]
    assert "<" not in result.output
    assert "&" not in result.output


def test_nothing_decided_means_no_review(run, stories):
    assert json.loads(run("check", stories / "a.txt", "--claimreview", "--author", "The Desk").output) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--claimreview",),
        ("b.txt", "--claimreview"),
        ("b.txt", "--author", "The Desk"),
        ("b.txt", "--out", "there"),
        ("b.txt", "--batch", "stories"),
        ("--batch", "stories", "--json"),
        ("--batch", "nowhere"),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_what_to_do(run, stories, monkeypatch, words):
    monkeypatch.chdir(stories.parent)
    words = [f"stories/{word}" if word == "b.txt" else word for word in words]
    result = run("check", *words)
    assert isinstance(result.exception, StoryError)
    assert "\n" not in str(result.exception)
