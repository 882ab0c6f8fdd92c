"""Stories of our own wording, read and checked from text to finding; each says what must be found."""

from datetime import date
from pathlib import Path

import pytest
import yaml

import first_story
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.judge.check import check
from tidewaiter.news.words.article import read_story

CASES = sorted((Path(__file__).parent / "cases" / "checked").glob("*.yml"))


def nobody(query):
    return Refusal(query, "no_data", "nothing landed")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_story_yields_the_findings_it_names(path, connection):
    case = yaml.safe_load(path.read_text("utf-8"))
    frames = first_story.rows().tables(connection)
    answers = (lambda query: ask(query, frames)) if case["data"] == "first_story" else nobody
    extraction = extract(read_story(case["text"], published_on=date.fromisoformat(case["published_on"])))
    report = check(extraction, answers)
    for wanted in case["expect"]:
        assert any(fits(finding, wanted) for finding in report.findings), (
            wanted,
            [told(one) for one in report.findings],
        )
    for finding in report.findings:
        assert not {finding.arithmetic.verdict, finding.data.verdict} & set(case.get("never", ())), told(finding)


def told(finding):
    return (finding.claim.type, finding.claim.number and finding.claim.number.text, finding.explanation.text)


def fits(finding, wanted):
    claim, implied = finding.claim, finding.arithmetic.implied
    number = claim.number.text if claim.number else ""
    checks = {
        "type": lambda value: claim.type == value,
        "number": lambda value: value in number,
        "data": lambda value: finding.data.verdict == value,
        "reason": lambda value: finding.data.reason == value,
        "arithmetic": lambda value: finding.arithmetic.verdict == value,
        "low": lambda value: implied is not None and abs(float(implied.low) - value) < 0.5,
        "high": lambda value: implied is not None and abs(float(implied.high) - value) < 0.5,
        "comparability": lambda value: finding.comparison.verdict == value,
        "flag": lambda value: value in finding.flags,
        "severity": lambda value: finding.severity == value,
        "repair": lambda value: any(value in one.text for one in finding.repairs),
        "says": lambda value: value in finding.explanation.text,
    }
    return all(checks[key](value) for key, value in wanted.items())


def test_a_story_is_read_alike_by_the_library_and_twice():
    text = yaml.safe_load(CASES[0].read_text("utf-8"))["text"]
    once, again = (check(extract(read_story(text)), nobody) for _ in range(2))
    assert once == again


def test_a_story_dense_with_claims_is_checked_in_work_that_grows_with_its_length(monkeypatch):
    """Counts judgements, not seconds: four times the claims may cost little more than four times the work."""
    from tidewaiter.news.judge import arithmetic, repair
    from tidewaiter.news.judge import check as checking

    counted = 0
    judge = arithmetic.judge

    def counting(*arguments):
        nonlocal counted
        counted += 1
        return judge(*arguments)

    monkeypatch.setattr(checking, "judge", counting)
    monkeypatch.setattr(repair, "judge", counting)
    costs = []
    for times in (20, 80):
        lines = [
            f"North Korea imported {40 + turn} million dollars of goods from Russia in {2000 + turn % 20}. "
            f"That is {20 + turn % 7}% higher than the ${30 + turn % 13} million in {1999 + turn % 20}."
            for turn in range(times)
        ]
        counted = 0
        report = checking.check(extract(read_story("\n\n".join(lines), published_on=date(2021, 1, 1))), nobody)
        assert len(report.findings) >= 3 * times
        costs.append(counted)
    assert costs[1] < 6 * costs[0]


def test_what_no_article_holds_is_listed_as_not_checked(monkeypatch):
    from tidewaiter.news.judge import check as checking

    monkeypatch.setattr(checking, "MOST_CLAIMS", 2)
    text = "".join(
        f"North Korea imported {10 + turn} million dollars of goods from Russia in 2019. " for turn in range(5)
    )
    report = checking.check(extract(read_story(text, published_on=date(2020, 1, 1))), nobody)
    assert len(report.findings) == 2
    assert [one.reason for one in report.unread if "first 2 claims" in one.reason] == [
        "beyond the first 2 claims; check the rest in parts"
    ] * 3
