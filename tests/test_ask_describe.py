from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from asking import answered, question
from tidewaiter.answers import ask, describe
from tidewaiter.answers.describe import number
from tidewaiter.base.question import Query, RefusalReason
from tidewaiter.base.terms import INDICATORS
from world import Rows

DOCUMENT = (Path(__file__).parents[1] / "docs" / "reference" / "ask.md").read_text(encoding="utf-8")


def keys(value) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(each) for each in value.values()))
    return set().union(*(keys(each) for each in value)) if isinstance(value, list) else set()


def test_an_answer_is_plain_data_with_its_rows_and_files(tables):
    said = describe(answered(tables, period="2019-03", perspective="PRK", source="un_comtrade"))
    # 271012: 1,000,000 + 14 * 10,000; 030367: 200,000
    assert said["value"] == {"number": "1340000", "unit": "USD", "low": "1340000", "high": "1340000"}
    assert said["answered"] is True
    assert said["coverage"] == "1"
    assert said["period"] == "2019-03/2019-03"
    assert said["side"] == "mirror"
    assert [row["number"] for row in said["rows"]] == ["1340000"]
    assert said["rows"][0]["id"].startswith(said["receipts"][0]["receipt"])
    assert json.loads(json.dumps(said)) == said


def test_a_change_holds_its_levels_and_the_like_comparison(tables):
    said = describe(answered(tables, "change", period="2019-01/2019-11", against="2018", source="un_comtrade"))
    assert said["comparability"] == "not_like_for_like"
    assert said["like_for_like"]["base"]["period"] == "2018-01/2018-11"
    # 2018: 12 * 1,000,000 + 66 * 10,000 + 12 * 200,000; 2019-01 to -11: 11 * 1,200,000 + (210 - 23) * 10,000
    assert (said["base"]["value"]["number"], said["current"]["value"]["number"]) == ("15060000", "15070000")


def test_a_refusal_says_what_is_missing_and_what_to_type(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019-01", 5)
    said = describe(ask(question(), rows.tables(connection)))
    assert (said["answered"], said["reason"]) == (False, "partial_data")
    assert said["command"].startswith("tidewaiter fetch comtrade")
    assert said["partial"]["value"]["number"] == "5"


@pytest.mark.parametrize(
    ("value", "text"),
    [("46398000.000", "46398000"), ("44.260", "44.26"), ("-0", "0"), ("1E+3", "1000"), ("0.10", "0.1")],
)
def test_numbers_are_written_in_full(value, text):
    from decimal import Decimal

    assert number(Decimal(value)) == text


def test_every_key_indicator_and_reason_is_documented(tables, connection):
    said = [
        describe(answered(tables, "change", against="2018")),
        describe(ask(question(), Rows().tables(connection))),
    ]
    words = keys(said) | set(INDICATORS) | set(get_args(RefusalReason)) | {field.name for field in fields(Query)}
    assert {word for word in words if f"`{word}`" not in DOCUMENT} == set()
