"""What was fetched for one question serves the next, and never changes what anybody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from asking import answered, question
from lake_helpers import DAY, land
from tidewaiter.answers import ask, memory, rows
from tidewaiter.base.question import Answer, Refusal
from tidewaiter.base.schema import Tables
from tidewaiter.lake.lake import Lake
from world import Rows, world

ENGINE = duckdb.connect(config={"autoload_known_extensions": "false", "threads": "1"})
WORLD = world().tables(ENGINE)
QUESTIONS = (
    question(),
    question(period="2018"),
    question(period="2019-03"),
    question(period="2018-07/2019-06"),
    question(period="2017..2019"),
    question(period="2012"),
    question("value", "PRK", "RUS", perspective="PRK"),
    question(source="imf_dots"),
    question(source="nobody"),
    question(side="importer"),
    question("weight"),
    question("value", "CHN RUS", "PRK"),
    question("value", "RUS", "CHN KOR PRK"),
    question("change"),
    question("change", period="2019-01/2019-11", against="2018"),
    question("total", "RUS", "CHN"),
    question("balance", "CHN", "RUS"),
    question("series", period="2018..2019", step="quarter"),
    question("value", "RUS", ""),
    question("value", "", "PRK"),
    question("share", "RUS", "PRK", by="partner"),
    question("share", "RUS", "PRK", products=("27",)),
    question("ranking", "RUS", ""),
    question("ranking", "RUS", "PRK"),
    question("composition", "RUS", "CHN"),
    question("composition", "RUS", "CHN", level=6),
    question(products=("27",)),
    question(products=("2710",), period="2018"),
    question(products=("271012",), period="2018..2019"),
    question(products=("2701",)),
    question("weight", products=("27",)),
    question("value", "HKG", "PRK", products=("030617",), period="2019"),
    question("value", "HKG", "PRK", period="2019"),
    question("value", "KOR", "RUS", products=("9201",), hs="HS2017"),
)


def afresh(query) -> Answer | Refusal:
    """Answer from frames of which nothing is remembered."""
    return ask(query, Tables(WORLD.trade, WORLD.published, WORLD.receipt))


EXPECTED = {query: afresh(query) for query in QUESTIONS}


@settings(max_examples=25, deadline=None)
@given(some.lists(some.sampled_from(QUESTIONS), min_size=1, max_size=12))
def test_an_answer_never_depends_on_what_was_asked_before(asked):
    tables = Tables(WORLD.trade, WORLD.published, WORLD.receipt)
    for query in asked:
        assert ask(query, tables) == EXPECTED[query]


@pytest.mark.parametrize(
    ("where", "name", "limit"),
    [
        (memory, "MOST_KEPT", 0),
        (memory, "MOST_KEPT", 30),
        (memory, "MOST_WHOLE", 0),
        (rows, "MOST_CHAPTERS", 0),
        (rows, "MOST_AREAS", 1),
        (memory, "SPARE", (0, 0)),
    ],
)
def test_an_answer_never_depends_on_how_much_is_kept(monkeypatch, where, name, limit):
    monkeypatch.setattr(where, name, limit)
    tables = Tables(WORLD.trade, WORLD.published, WORLD.receipt)
    for query in QUESTIONS:
        assert ask(query, tables) == EXPECTED[query]
        assert tables.memory.get("rows kept", 0) <= memory.MOST_KEPT


def test_a_chapter_sum_is_the_same_whether_the_chapters_are_kept_or_not(connection, monkeypatch):
    from tidewaiter.codes import hs_codes

    declared = Rows()
    codes = sorted(code for code in hs_codes.known("HS2017") if len(code) == 2)
    for code in codes:
        declared.declare("RUS", "export", "PRK", "2019", 5, code, hs="HS2017")
    made = declared.tables(connection)
    kept = answered(made)
    assert kept.value.value == 5 * len(codes)
    monkeypatch.setattr(rows, "MOST_CHAPTERS", len(codes) - 1)
    assert answered(Tables(made.trade, made.published, made.receipt)) == kept


def test_a_question_about_the_same_pair_reads_nothing_again(connection):
    tables = (
        Rows().declare("RUS", "export", "PRK", "2019", 7).declare("RUS", "export", "PRK", "2018", 5).tables(connection)
    )
    assert answered(tables).value.value == 7
    for name in ("trade", "published", "receipt"):
        connection.execute(f"DROP TABLE {name}")
    assert answered(tables, period="2018").value.value == 5
    assert answered(tables, "change").value.value == 40


def test_other_frames_begin_with_an_empty_memory(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", 7).tables(connection)
    assert answered(tables).value.value == 7
    doubled = tables.trade.with_columns(value_usd=nw.col("value_usd") * 2)
    assert answered(replace(tables, trade=doubled)).value.value == 14


def test_a_new_landing_is_seen_at_once_and_the_old_frames_stay_as_they_were(tmp_path):
    lake = Lake.open(str(tmp_path / "lake"))
    land(lake, tmp_path, [("RUS", "export", "PRK", "TOTAL", "2019", 7)])
    before = lake.tables()
    assert answered(before).value.value == 7
    land(lake, tmp_path, [("RUS", "export", "PRK", "TOTAL", "2019", 8)], vintage=date(2020, 6, 30))
    assert answered(lake.tables()).value.value == 8
    assert answered(before).value.value == 7
    assert answered(lake.tables(DAY)).value.value == 7
