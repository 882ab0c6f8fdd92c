"""The same question gives the same answer on every engine that narwhals speaks to."""

from __future__ import annotations

import narwhals as nw
import pytest

from asking import answered
from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.base.schema import Tables
from world import world

QUESTIONS = (
    Query("value", ("RUS",), ("PRK",), Period.parse("2019"), perspective="PRK"),
    Query("value", ("RUS",), ("PRK",), Period.parse("2019"), ("27",)),
    Query("weight", ("CHN",), ("PRK",), Period.parse("2019"), ("271012",)),
    Query("change", ("RUS",), ("PRK",), Period.parse("2019"), against=Period.parse("2018")),
    Query("ranking", ("RUS",), (), Period.parse("2019")),
    Query("composition", ("RUS",), ("CHN",), Period.parse("2019"), level=6),
)


def polars(frame):
    return frame.collect("polars").lazy()


def pyarrow(frame):
    return frame.collect("pyarrow").lazy()


def pandas(frame):
    return frame.collect("pandas").lazy()


@pytest.mark.parametrize("engine", [polars, pyarrow, pandas], ids=lambda engine: engine.__name__)
def test_an_answer_is_the_same_on_every_engine(tables, engine):
    pytest.importorskip(engine.__name__)
    moved = Tables(engine(tables.trade), engine(tables.published), engine(tables.receipt))
    for query in QUESTIONS:
        here, there = ask(query, tables), ask(query, moved)
        assert (here.value, here.table, here.notes, here.evidence, here.receipts) == (
            there.value,
            there.table,
            there.notes,
            there.evidence,
            there.receipts,
        )


def test_an_engine_without_sql_leaves_it_empty(tables):
    pytest.importorskip("polars")
    moved = Tables(polars(tables.trade), polars(tables.published), polars(tables.receipt))
    assert answered(moved).sql == ""
    assert isinstance(moved.trade, nw.LazyFrame)


def test_the_world_is_the_same_each_time():
    assert world().trade == world().trade
