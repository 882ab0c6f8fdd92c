"""Short ways to write a question and to insist on an answer or a refusal."""

from __future__ import annotations

from tidewaiter.answers import ask
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
