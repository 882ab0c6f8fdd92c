"""Are like periods compared? And if not, what would a like comparison give.

A check of its own, reported even where the sum happens to fit. Owns which comparisons are alike and
which like ones to ask for; the numbers come from `ask` as it was handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer
from tidewaiter.news.judge import wording
from tidewaiter.news.judge.intervals import operand

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.question import Comparability, Query, Refusal
    from tidewaiter.news.judge.relation import Relation
    from tidewaiter.news.model import Claim


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """One comparison of like periods that rows allow, with its answer."""

    period: Period
    against: Period
    answer: Answer


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a claim compares like with like; for what does not, the like comparisons and the bound."""

    verdict: Comparability
    explanation: str
    alike: tuple[LikeForLike, ...] = ()
    bound: str | None = None
    flags: tuple[str, ...] = ()


NOTHING_COMPARED = Comparison("unknown", "")


def compare(
    claim: Claim,
    linked: Relation | None,
    question: Query | None,
    answer: Answer | None,
    ask: Callable[[Query], Answer | Refusal],
) -> Comparison:
    """Judge the two periods of a change; where they are unlike, put the like comparison beside it.

    `question` is the claim's own question to the data (None where it has none) and `answer` what came of
    it; `linked` the relation that holds its two levels.
    """
    if claim.type != "change":
        return NOTHING_COMPARED
    now, then = claim.period, claim.base_period
    if now is None or then is None:
        which = "period" if now is None else "period of the base"
        return Comparison("unknown", f"The story does not say the {which}.")
    if now.is_like(then):
        return Comparison("like_for_like", f"{wording.span(now)} against {wording.span(then)}: like for like.")
    if now.length == then.length and now.length < 12 and now.first - then.last == 1:
        words = f"{wording.span(now)} against {wording.span(then)}: neighbours of the same length; seasons may differ."
        return Comparison("like_for_like", words, flags=("seasonal",))
    words = f"{_length(now)} against {_length(then)}: not like for like."
    if now.length == then.length:
        words = (
            f"{wording.span(now)} against {wording.span(then)}: the same length in another season, not like for like."
        )
    flags = ("overlapping_periods",) if now.overlaps(then) else ()
    alike: tuple[LikeForLike, ...] = ()
    if answer is not None:
        alike = _beside(answer)
    elif question is not None:
        alike = tuple(_alike(question, now, then, ask))
    return Comparison("not_like_for_like", words, alike, _bound(now, then, linked), flags)


def _length(period: Period) -> str:
    return f"{wording.months(period.length)} ({wording.span(period)})"


def _beside(answer: Answer) -> tuple[LikeForLike, ...]:
    """Take the like comparisons that came with the answer, the first of each source."""
    found: list[LikeForLike] = []
    for one in (answer, *answer.alternatives):
        like = one.like_for_like
        if like is None or like.value is None or like.query.period is None or like.query.against is None:
            continue
        beside = LikeForLike(like.query.period, like.query.against, like)
        if all(other.answer.source != like.source or other.period != beside.period for other in found):
            found.append(beside)
    return tuple(found)


def _alike(question: Query, now: Period, then: Period, ask: Callable[[Query], Answer | Refusal]) -> list[LikeForLike]:
    """Ask for the like comparisons: the same months of the earlier year, then the whole years."""
    years = max(1, -(-(now.first - then.first) // 12))
    pairs = [(now, now.shifted(-12 * years))]
    whole = Period.months_of(now.years[0])
    if then.is_full_years and then.length == 12 and whole.contains(now):
        pairs.append((whole, then))
    found = []
    for period, against in pairs:
        answer = ask(replace(question, indicator="change", period=period, against=against))
        if isinstance(answer, Answer) and answer.value is not None:
            found.append(LikeForLike(period, against, answer))
    return found


def _bound(now: Period, then: Period, linked: Relation | None) -> str | None:
    """Say what stands even so: flows cannot be negative, so part of a year is a lower bound of it."""
    if not then.is_full_years or then.length != 12 or not Period.months_of(now.years[0]).contains(now):
        return None
    year = wording.span(Period.months_of(now.years[0]))
    start = f"Trade is never negative, so all of {year} is at least the figure for {wording.span(now)}"
    if linked is None or not linked.top or not linked.bottom:
        return f"{start}."
    new, old = operand(linked.top[0].written, "trunc"), operand(linked.bottom[0].written, "trunc")
    if new.low > old.high:
        return f"{start}: that it rose stands, by how much does not."
    return f"{start}: whether it rose or fell cannot be said from these two figures."
