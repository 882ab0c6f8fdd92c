"""The pages on the law run as they are printed, and leave no key, status or column out."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

import pytest

from tidewaiter.base.schema import MEASURE
from tidewaiter.law import regime, rulebook, written
from tidewaiter.law.status import MILD_TO_STRICT

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = (ROOT / "docs" / "reference" / "law.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["reference/law.md", "how-to/add-a-measure.md"])
def test_what_a_page_shows_is_what_happens(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(os.fspath(ROOT / "docs" / page), module_relative=False, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0


def test_every_key_of_a_regime_file_is_in_the_reference():
    keys = {
        key
        for shape in vars(written).values()
        if isinstance(shape, type) and issubclass(shape, written.Written)
        for key in shape.model_fields
    }
    assert len(keys) > 40
    assert [key for key in sorted(keys) if f"`{key}`" not in REFERENCE] == []


@pytest.mark.parametrize(
    "words",
    [regime.KINDS, MILD_TO_STRICT, MEASURE.names, [each.id for each in rulebook.load().regimes]],
    ids=["kinds", "statuses", "columns", "regimes"],
)
def test_every_word_with_a_fixed_meaning_is_in_the_reference(words):
    assert [word for word in words if f"`{word}`" not in REFERENCE] == []


def test_the_columns_say_in_the_reference_what_the_schema_says():
    for column in MEASURE.columns:
        assert f"| `{column.name}` | {column.meaning} |" in REFERENCE
