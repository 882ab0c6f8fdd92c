"""The pages on screening and caps run as they are printed, and leave no column or key out."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

import pytest

from tidewaiter.base.schema_exposure import EXPOSURE
from tidewaiter.law import ledger, scenario
from tidewaiter.law.exposure import screen_summary
from tidewaiter.law.review import NAMED_BY
from tidewaiter.law.screen import screen
from tidewaiter.law.status import MILD_TO_STRICT

ROOT = Path(__file__).resolve().parents[1]


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["screen.md", "caps.md"])
def test_what_a_page_shows_is_what_happens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(os.fspath(ROOT / "docs" / "reference" / name), module_relative=False, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0


@pytest.mark.parametrize("names", [EXPOSURE.names, MILD_TO_STRICT], ids=["columns", "statuses"])
def test_every_column_and_status_of_screening_is_explained(names: tuple[str, ...]) -> None:
    assert [name for name in names if f"`{name}`" not in page("screen.md")] == []


def test_every_key_of_the_register_and_of_a_scenario_is_explained() -> None:
    text = page("screen.md")
    assert [name for name in NAMED_BY if name not in text] == []
    shapes = (scenario.ScenarioWritten, scenario.LiftWritten, scenario.ChangeWritten)
    keys = {field.alias or key for shape in shapes for key, field in shape.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def test_every_column_of_a_ledger_is_explained() -> None:
    assert [name for name in ledger.COLUMNS if f"`{name}`" not in page("caps.md")] == []


def test_every_argument_of_screen_is_explained() -> None:
    arguments = [name for name in screen.__annotations__ if name != "return"]
    assert len(arguments) == 7
    assert [name for name in arguments if f"`{name}`" not in page("screen.md")] == []


def test_every_column_of_a_summary_is_explained() -> None:
    import polars as pl

    flows = {
        "exporter": ["PRK"],
        "importer": ["CHN"],
        "product": ["03"],
        "hs": ["HS"],
        "period": ["2018"],
        "value_usd": [1],
    }
    summary = screen_summary(screen(pl.DataFrame(flows), [])).collect_schema().names()
    assert [name for name in summary if f"`{name}`" not in page("screen.md")] == []
