"""Look again, at what both sides settle on, where the declared figure does not bear a claim out.

Owns when the settled number is asked for, and what it changes: a claim inside its 90 % interval is not
contradicted where both sides declared. One side's word alone is the only evidence there is, and keeps its verdict.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.base.question import Refusal
from tidewaiter.news.judge import wording
from tidewaiter.news.judge.grading import cells_of
from tidewaiter.news.judge.intervals import Interval
from tidewaiter.news.judge.questions import Reading
from tidewaiter.news.judge.readings import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.question import Answer, Query
    from tidewaiter.news.judge.grading import Cell, Told
    from tidewaiter.news.judge.readings import DataFinding
    from tidewaiter.news.model import Claim

LABEL: Final = "both sides' declarations, settled"
FLAG: Final = "inside_reconciled"
_ASKED: Final = frozenset({"flow_value", "total", "balance", "change"})
_CLOSE: Final = frozenset({"strict", "trunc"})


def beside(data: DataFinding, claim: Claim, told: Told, ask: Callable[[Query], Answer | Refusal]) -> DataFinding:
    """Return `data`, changed where the claim is off the declared figure and inside the settled one's interval.

    Asks only where the declared rows do not support the claim. Where nothing was learned of the source yet,
    `ask` refuses, and `data` stays as it is.
    """
    chosen = data.chosen
    if data.verdict not in {"contradicted", "ambiguous"} or chosen is None or claim.type not in _ASKED:
        return data
    if chosen.answer.rank != 1 or not _names_both(chosen.answer.query):
        return data
    settled_of = _settled(chosen.reading.query, chosen.answer.source, ask)
    if settled_of is None:
        return data
    query, answer = settled_of
    found = cells_of(claim, told, Reading(LABEL, query, is_default=False), answer)
    settled = next((cell for cell in found if cell.tier in _CLOSE and cell.sense != "understated"), None)
    if settled is None:
        return data
    return _inside(data, settled)


def _settled(query: Query, source: str, ask: Callable[[Query], Answer | Refusal]) -> tuple[Query, Answer] | None:
    """Ask what both sides settle on in the same source, else in the fullest one that was learned from."""
    for each in (source, query.source):
        asked = replace(query, side="reconciled", source=each)
        answer = answered(asked, ask)
        if not isinstance(answer, Refusal) and answer.side == "reconciled":
            return asked, answer
    return None


def _names_both(query: Query) -> bool:
    return bool(query.exporters) and bool(query.importers)


def _inside(data: DataFinding, settled: Cell) -> DataFinding:
    said = _interval(settled)
    if settled.answer.basis != ("both",):
        words = f"{data.sentence} Only one side declared it; its word stands for {said}, in nine cases of ten."
        return replace(data, sentence=words, settled=settled)
    words = f"{data.sentence} It lies inside the 90 % interval of what both sides' declarations settle on: {said}."
    flags = tuple(dict.fromkeys((*(flag for flag in data.flags if flag != "wrong_direction"), FLAG)))
    changed = replace(data, sentence=words, settled=settled, flags=flags)
    if data.verdict != "contradicted":
        return changed
    words = words.replace("The data say otherwise", "The figure declared differs", 1)
    return replace(changed, verdict="ambiguous", reason="sources_differ", severity=None, sentence=words)


def _interval(cell: Cell) -> str:
    answer = cell.answer
    assert answer.value is not None
    low, high, value = (Fraction(end) for end in (answer.value.low, answer.value.high, answer.value.value))
    span = wording.between(Interval(low, high), answer.value.unit)
    return f"{wording.amount(value, answer.value.unit)}, {span} ({answer.source})"
