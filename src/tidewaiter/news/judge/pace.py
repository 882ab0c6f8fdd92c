"""Hold a month's amount, for which no rows are there, against whole years that are.

A part is never more than its year; and no large trade has grown twelvefold in a few years, so that a month above
the last whole year held is a year's figure written for a month, or millions for thousands. Owns these two tests
and no other; they only ever accuse.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.base.period import Period
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge import wording
from tidewaiter.news.judge.grading import cell_words, cells_of
from tidewaiter.news.judge.intervals import written
from tidewaiter.news.judge.questions import Reading, in_known_unit, readings
from tidewaiter.news.judge.readings import ANOTHER_THING, MIRROR, OWN_DECLARATION, DataFinding, answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.question import Answer, Query
    from tidewaiter.news.judge.grading import Cell, Told
    from tidewaiter.news.judge.intervals import Bound
    from tidewaiter.news.model import Claim

_YEAR: Final = 12
_LARGE: Final = Fraction(10**10)
"""Dollars a year. Of 390,000 pairs of years up to five apart in sixty years of the IMF's figures whose first was as
large, one grew twelvefold, and that is a sum over many countries."""
_BACK: Final = 5


def beyond_year(claim: Claim, data: DataFinding, told: Told, ask: Callable[[Query], Answer | Refusal]) -> DataFinding:
    """Return `data`, or where nothing is held for the claim's own months, what a whole year refutes of it."""
    figure = in_known_unit(claim.number) if claim.number is not None else None
    months = claim.period
    if data.reason != "no_data" or claim.type not in {"flow_value", "total"} or figure is None or months is None:
        return data
    if months.length >= _YEAR or not _is_dated(claim, months) or months.first // _YEAR != months.last // _YEAR:
        return data
    low, year = written(figure, "loose").low, Period.months_of(months.first // _YEAR)
    held = _held(claim, told, year, ask)
    if held is not None:
        return _above(data, low, held, year)
    if figure.unit == "USD" and low > _LARGE:
        earlier = (_held(claim, told, year.shifted(-back * _YEAR), ask) for back in range(1, _BACK + 1))
        held = next((one for one in earlier if one is not None), None)
        if held is not None and held.value >= _LARGE:
            return _twelvefold(data, low / months.length * _YEAR, held)
    return data


def _is_dated(claim: Claim, months: Period) -> bool:
    """Tell whether the claim's own sentence names the last month of its period."""
    name = wording.MONTHS[months.last % _YEAR]
    return "period" not in dict(claim.filled) and re.search(rf"\b{name}", claim.sentence) is not None


def _above(data: DataFinding, low: Bound, held: Cell, year: Period) -> DataFinding:
    reach = MIRROR if held.answer.side == "mirror" else OWN_DECLARATION
    words = f"It is more than all of {wording.span(year)}: {cell_words(held)}."
    return _refuted(data, held, words, "part_above_whole") if low > held.value * (1 + reach) else data


def _twelvefold(data: DataFinding, rate: Bound, held: Cell) -> DataFinding:
    if not held.value * _YEAR < rate < held.value * ANOTHER_THING:
        return data
    words = f"At that rate a year would be over twelve times the last one held, {cell_words(held)}."
    return _refuted(data, held, f"{words} No trade as large has grown so in {_BACK} years.", "wrong_magnitude")


def _held(claim: Claim, told: Told, year: Period, ask: Callable[[Query], Answer | Refusal]) -> Cell | None:
    """Return the declared figure of a whole year for what the claim measures, the default reading; None for less."""
    tried = readings(claim)
    if not tried:
        return None
    whole = Reading("the whole year", replace(tried[0].query, period=year), is_default=False)
    answer = answered(whole.query, ask)
    if isinstance(answer, Refusal) or answer.rank != 1 or answer.coverage < 1 or answer.at_least:
        return None
    cells = cells_of(claim, told, whole, answer)
    own = [one for one in cells if one.answer.rank == 1 and one.answer.side == answer.side and not one.is_estimated]
    if not own or cells[0].is_estimated:
        return None
    return max(own, key=lambda one: one.value)  # where sources of one declaration differ, the one that allows most


def _refuted(data: DataFinding, held: Cell, words: str, flag: str) -> DataFinding:
    return DataFinding("contradicted", None, words, (held,), held, 1, data.refusal, "qualitative", (flag,))
