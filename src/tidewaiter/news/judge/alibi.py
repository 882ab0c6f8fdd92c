"""Tell where figures fit another period of the same thing than the one they were found for.

Then a period was misread, not misprinted: the link is doubtful. Owns this test alone; it is asked only of figures
that were found for one another, never of those a claim names itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.judge.intervals import Interval, operand, written
from tidewaiter.news.judge.ratios import ratios

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidewaiter.news.judge.levels import Levels
    from tidewaiter.news.judge.relation import Term
    from tidewaiter.news.model import Claim


def has_other_base(claim: Claim, new: Term, old: Term, levels: Levels) -> bool:
    """Tell whether the change fits from the level of some other period, but not from the one found for it."""
    said = [interval for name, interval in ratios(claim, "trunc") if name == "usual"]
    if not said or claim.number is None:
        return False
    now = operand(new.written, "trunc")
    if said[0].overlaps(now / operand(old.written, "trunc")):
        return False
    others = (one for one in _elsewhere(claim, new.written.unit, levels) if one.span not in {new.span, old.span})
    return any(said[0].overlaps(now / operand(one.written, "strict")) for one in others)


def has_other_sum(claim: Claim, parts: Iterable[Term], levels: Levels) -> bool:
    """Tell whether the parts make the total of some other period, but not the one they were found for."""
    assert claim.number is not None
    made = Interval.point(0)
    for part in parts:
        size = operand(part.written, "trunc")
        made += -size if part.sign < 0 else size
    if made.overlaps(written(claim.number, "trunc")):
        return False
    others = (one for one in _elsewhere(claim, claim.number.unit, levels) if one.span != claim.number.span)
    return any(made.overlaps(written(one.written, "strict")) for one in others)


def _elsewhere(claim: Claim, unit: str, levels: Levels) -> Iterator[Term]:
    for period in levels.periods(claim, unit):
        term = levels.level(claim, period, unit) if period != claim.period else None
        if term is not None:
            yield term
