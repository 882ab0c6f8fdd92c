"""The publishers' real services, asked as little as possible: run with `python -m pytest -m live tests/live`.

They tell whether what the stand-ins were made from still holds. Never part of a build.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fetch_helpers import fetch, opened, trade
from tidewaiter.base.settings import settings
from tidewaiter.statistics.card import cards
from tidewaiter.statistics.fetching import comtrade
from tidewaiter.statistics.fetching.gate import opened as gate_of

pytestmark = [pytest.mark.live, pytest.mark.enable_socket]


@pytest.fixture(autouse=True)
def _as_a_newcomer(monkeypatch):
    services = ("COMTRADE", "CENSUS", "COMEXT", "WORKBOOKS")
    for name in (*(f"{each}_URL" for each in services), "FETCH_PACE", "FETCH_ROWS", "SOURCES"):
        monkeypatch.delenv(f"TIDEWAITER_{name}", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_newcomer_gets_russia_and_north_korea_by_chapter_without_a_key(tmp_path, monkeypatch):
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    _, outcome = fetch(tmp_path, period="2019")
    assert outcome.stopped is None, outcome.stopped
    assert outcome.refused == []
    rows = trade(tmp_path)
    assert {(row[1], row[2], row[6]) for row in rows} == {("RUS", "PRK", "2019")}
    chapters = {row[4] for row in rows if row[3] == "export"}
    assert "TOTAL" in chapters
    assert len(chapters) > 5


def test_the_preview_keeps_to_the_reporter_and_the_year_that_were_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    # Where it took no notice of a parameter, the answer would be about others, and be refused as such.
    _, outcome = fetch(tmp_path, reporters=["CHN"], partners=["PRK"], period="2018", products="total")
    assert outcome.stopped is None, outcome.stopped
    assert {(row[1], row[2], row[4], row[6]) for row in trade(tmp_path)} == {("CHN", "PRK", "TOTAL", "2018")}


def test_with_a_key_the_same_rows_come_and_the_live_list_answers(tmp_path):
    if "COMTRADE_KEY" not in os.environ:
        pytest.fail("put a UN Comtrade key into COMTRADE_KEY")
    asked = {"reporters": ["CHN"], "partners": ["PRK"], "period": "2017..2018", "products": "total,27"}
    plan, outcome = fetch(tmp_path, **asked, since=date(2000, 1, 1))
    assert (outcome.stopped, outcome.refused, plan.keyed) == (None, [], True)
    assert {row[6] for row in trade(tmp_path)} == {"2017", "2018"}


def test_every_field_of_the_list_of_data_sets_is_still_called_so(tmp_path):
    from tidewaiter.statistics.fetching.comtrade_run import _FIELDS
    from tidewaiter.statistics.fetching.weigh import records

    card = cards()["un_comtrade"]
    with opened(tmp_path) as lake, gate_of(lake, card) as gate:
        request = comtrade.availability(card, gate.door.base, "A", reporters=["643"])
        reply = gate.door.ask(request, tmp_path / "list.json")
        rows = records(reply.path, lake.connection, _FIELDS)
    assert len(rows) > 20
    for row in rows:
        assert all(row[name] for name in ("reporterCode", "period", "lastReleased")), row


@pytest.mark.parametrize("source", ["references", "workbooks"])
def test_lists_and_workbooks_are_still_where_they_were(tmp_path, source):
    _, outcome = fetch(tmp_path, source, reporters=[], partners=[], period=None)
    assert outcome.refused == []
    assert outcome.landed


def test_comext_still_answers_in_its_layout(tmp_path):
    _, outcome = fetch(tmp_path, "comext", reporters=["DEU"], partners=["CHN"], period="2019", products="total,27")
    assert (outcome.stopped, outcome.refused) == (None, [])
    assert {row[3] for row in trade(tmp_path)} == {"export", "import"}


def test_the_census_still_answers_in_its_layout(tmp_path):
    if "CENSUS_API_KEY" not in os.environ:
        pytest.fail("put a Census key into CENSUS_API_KEY")
    _, outcome = fetch(tmp_path, "census", reporters=[], partners=["CHN"], period="2019-01", products="chapters")
    assert (outcome.stopped, outcome.refused) == (None, [])
    assert outcome.rows > 100
