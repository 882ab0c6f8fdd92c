from __future__ import annotations

from decimal import Decimal

import pytest
from world import Rows

from tidewaiter.ask import ask
from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query, Refusal


def question(indicator="value", exporters="RUS", importers="PRK", period="2019", against=None, **more):
    return Query(
        indicator,
        tuple(exporters.split()),
        tuple(importers.split()),
        Period.parse(period),
        against=Period.parse(against) if against else None,
        **more,
    )


def answered(tables, *args, **more) -> Answer:
    answer = ask(question(*args, **more), tables)
    assert isinstance(answer, Answer), answer
    return answer


def refused(tables, *args, **more) -> Refusal:
    refusal = ask(question(*args, **more), tables)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def test_a_silent_importer_is_answered_by_its_partners_mirror(tables):
    answer = answered(tables, perspective="PRK")
    # 271012: 12 * 1,000,000 + 210 * 10,000; 030367: 12 * 200,000
    assert answer.value.value == 14_100_000 + 2_400_000
    assert answer.side == "mirror"
    assert answer.coverage == 1
    assert {row.reporter for row in answer.evidence} == {"RUS"}
    assert len(answer.evidence) == 12


def test_a_declared_number_is_exact(tables):
    answer = answered(tables)
    assert answer.value.low == answer.value.value == answer.value.high


def test_the_sql_gives_the_number_again(
    tables,
):
    answer = answered(tables)
    connection_sum = tables.trade.to_native()
    assert connection_sum is not None
    assert "sum(" in answer.sql
