"""The timeline of a regime follows from its measures, day by day, with sources."""

from __future__ import annotations

from datetime import date

import pytest

from tidewaiter.law import rulebook
from tidewaiter.law.say import say_timeline
from tidewaiter.law.timeline import Entry, timeline


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return timeline(rulebook.find_regime(rulebook.load(), "un/dprk"))


def on(entries, day, kind):
    return [entry for entry in entries if entry.day == day and entry.kind == kind]


def test_it_runs_from_2006_in_the_order_of_days(entries):
    assert entries[0].day == date(2006, 7, 5)
    assert [entry.day for entry in entries] == sorted(entry.day for entry in entries)


def test_all_eleven_resolutions_are_on_it(entries):
    assert len([entry for entry in entries if entry.kind == "act"]) == 11


def test_the_worker_deadline_cites_its_paragraph(entries):
    (deadline,) = on(entries, date(2019, 12, 22), "deadline")
    assert str(deadline.cite) == "resolution 2397 (2017), paragraph 8"
    assert deadline.measures == ("2397-8-workers",)
    assert deadline.urls


def test_wind_downs_of_one_act_share_an_entry_and_an_unverified_one_shows(entries):
    (grace,) = on(entries, date(2017, 9, 4), "grace_end")
    assert grace.measures == ("2371-8-iron", "2371-9-seafood", "2371-10-lead")
    assert not grace.verified


def test_national_days_stand_beside_the_uns(entries):
    assert "China begins" in on(entries, date(2017, 8, 15), "national")[0].words
    assert any("China clears" in entry.words for entry in on(entries, date(2018, 1, 22), "national"))


def test_caps_begin_on_their_days(entries):
    days = {entry.day for entry in entries if entry.kind == "cap" and entry.cite}
    assert {date(2016, 11, 30), date(2017, 1, 1), date(2017, 10, 1), date(2017, 12, 22), date(2018, 1, 1)} <= days


def test_the_draft_of_december_2019_and_the_end_of_the_panel_are_noted(entries):
    assert on(entries, date(2019, 12, 16), "draft")
    assert on(entries, date(2024, 4, 30), "monitoring")


def test_what_is_said_to_be_seen_has_a_page(entries):
    assert all(entry.urls for entry in entries if entry.verified)


def test_a_window_keeps_its_own_days_only(entries):
    regime = rulebook.find_regime(rulebook.load(), "un/dprk")
    year = timeline(regime, date(2017, 1, 1), date(2017, 12, 31))
    assert year == tuple(entry for entry in entries if entry.day.year == 2017)


def test_it_is_said_one_line_a_day_and_doubt_is_said(entries):
    lines = say_timeline(entries).splitlines()
    assert len(lines) == len(entries)
    assert lines[0].startswith("2006-07-05")
    assert lines[0].endswith("(not verified)")
