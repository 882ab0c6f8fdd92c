"""Days of the law to draw into a chart of flows: when measures began, those of one act and day together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.tell.charts.model import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.law.regime import Measure

GOODS_NAMED: Final = 2
"""Of the measures that one act began on one day, so many are named; of the others it is said how many they are."""


def marks_of(measures: Iterable[Measure], period: Period) -> tuple[Mark, ...]:
    """Return one mark for each act and day on which any of `measures` began inside `period`, oldest first."""
    began: dict[tuple[date, str], list[str]] = {}
    for each in measures:
        if period.start <= f"{each.start:%Y-%m}" <= period.end:
            began.setdefault((each.start, each.cite.act), []).append(each.words.split(" - ")[0])
    return tuple(Mark(day, f"{act}: {_named(words)}", act) for (day, act), words in sorted(began.items()))


def _named(words: list[str]) -> str:
    once = list(dict.fromkeys(words))
    more = len(once) - GOODS_NAMED
    return f"{'; '.join(once[:GOODS_NAMED])}{f'; and {more} more' if more > 0 else ''}"
