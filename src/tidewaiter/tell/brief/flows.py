"""Imports and exports, each against the like span a year before: the sentences, and the table of months or years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.question import Query
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.model import Section, Sentence
from tidewaiter.tell.brief.series import over_time
from tidewaiter.tell.brief.standing import by_whom, publishers, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Answer
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Mark

Way = Literal["imports", "exports"]
WAYS: Final[tuple[Way, ...]] = ("imports", "exports")
YEAR: Final = 12
LARGEST_CHANGE: Final = 200
"""Per cent from which a change is told by its two levels alone: 4,000 per cent says nothing to a reader."""


def flow_query(subject: Subject, way: Way) -> Query:
    """Return the question for the value of one direction, seen from the target."""
    ends = (subject.partners, (subject.target,))
    exporters, importers = ends if way == "imports" else ends[::-1]
    return Query("value", exporters, importers, subject.period, perspective=subject.target)


def both_query(subject: Subject, of: Literal["total", "balance"]) -> Query:
    """Return the question for both directions together, the target being the owner."""
    return Query(of, (subject.target,), subject.partners, subject.period, perspective=subject.target)


def level(desk: Desk, query: Query) -> Answer | None:
    """Ask for a level, and for its change against the like span a year before where that is of the same declaration.

    An area that declared this span but not the one before, or the other way round, has no change of its own; its
    partner's change is not told beside its own level. Nor is that between what two publishers printed.
    """
    alone = desk.answer(query)
    of = query.indicator if query.indicator in {"total", "balance"} else "value"
    changed = desk.answer(replace(query, indicator="change", of=of), needed=False)
    if alone is None or changed is None or changed.current is None:
        return alone
    current = changed.current
    base = None if changed.base is None else changed.base.query.period
    before = None if base is None else desk.answer(replace(query, period=base), needed=False)
    is_one = _is_same(current, alone) and _is_same(changed.base, before) and len(publishers(changed)) <= 1
    return changed if is_one else alone


def _is_same(one: Answer | None, other: Answer | None) -> bool:
    """Tell whether two answers are the same declaration."""
    if one is None or other is None:
        return False
    return (one.source, one.side, one.rank, one.value) == (other.source, other.side, other.rank, other.value)


def headline(subject: Subject, desk: Desk) -> Sentence:
    """Tell both directions in one sentence, rounded to what a reader keeps in mind."""
    told: list[tuple[str, Answer]] = []
    for way in WAYS:
        answer = level(desk, flow_query(subject, way))
        if answer is not None and _size(answer):
            told.append((_clause(subject, way, answer), answer))
    if not told:
        pair = f"{words.area(subject.target)} with {words.area(subject.partner)}"
        return Sentence(f"There are no figures here for the trade of {pair} {words.during(subject.period)}.")
    text = ", and ".join(clause for clause, _ in told)
    return Sentence(f"{words.begun(words.area(subject.target))} {text}.", tuple(answer for _, answer in told))


def _clause(subject: Subject, way: Way, answer: Answer) -> str:
    verb, side = ("imported", "from") if way == "imports" else ("exported", "to")
    current = answer.current or answer
    assert current.value is not None
    amount = rounding.headline_dollars(current.value.value, at_least=current.at_least)
    text = f"{verb} {amount} worth of goods {side} {words.area(subject.partner)} {words.during(subject.period)}"
    base = answer.base
    if base is None or answer.value is None or not _is_tellable(answer.value.value):
        return text
    assert base.query.period is not None
    size = rounding.percent(answer.value.value, headline=True)
    within_a_year = subject.period.length <= YEAR
    against = "from a year earlier" if within_a_year else f"compared with {words.when(base.query.period)}"
    return f"{text}, {_direction(answer.value.value)} {size} {against}"


def section(subject: Subject, desk: Desk, marks: Sequence[Mark] = ()) -> Section:
    """Tell imports, exports, both together and the balance, with the months or years in a table and a chart.

    `marks` are the days on which measures began.
    """
    paragraphs = []
    told: list[Answer] = []
    for way in WAYS:
        answer = level(desk, flow_query(subject, way))
        if answer is not None:
            told.append(answer)
            paragraphs.append((Sentence(_flow(subject, way, answer), (answer,)), *standing(subject, answer)))
    both = [_total(subject, desk, told), _balance(subject, desk, told)]
    together = tuple(sentence for sentence in both if sentence is not None)
    sheets, charts = over_time(subject, desk, [(way, flow_query(subject, way)) for way in WAYS], marks)
    return Section(
        "imports_and_exports",
        "Imports and exports",
        (*paragraphs, *((together,) if together else ())),
        charts,
        sheets,
    )


def _flow(subject: Subject, way: Way, answer: Answer) -> str:
    side = "from" if way == "imports" else "to"
    subjects = f"{words.begun(words.whose(subject.target))} {way} {side} {words.area(subject.partner)}"
    if not _size(answer):
        verb = "imported nothing from" if way == "imports" else "exported nothing to"
        whole = f"{words.area(subject.target)} {verb} {words.area(subject.partner)} {words.during(subject.period)}."
        return words.begun(whole)
    return f"{subjects} were worth {_levels(subject.period, answer)}{by_whom(answer)}."


def _total(subject: Subject, desk: Desk, told: list[Answer]) -> Sentence | None:
    answer = level(desk, both_query(subject, "total"))
    if answer is None or not _size(answer) or not _is_of(answer.current or answer, told):
        return None
    pair = f"{words.area(subject.target)} and {words.area(subject.partner)}"
    return Sentence(f"Trade between {pair} was worth {_levels(subject.period, answer)}{by_whom(answer)}.", (answer,))


def _balance(subject: Subject, desk: Desk, told: list[Answer]) -> Sentence | None:
    answer = desk.answer(both_query(subject, "balance"), needed=False)
    if answer is None or answer.value is None or not answer.value.value or not _is_of(answer, told):
        return None
    name = "surplus" if answer.value.value > 0 else "deficit"
    amount = rounding.dollars(answer.value.value)
    text = f"{words.begun(words.area(subject.target))} had a trade {name} of {amount}"
    return Sentence(f"{text} with {words.area(subject.partner)} {words.during(subject.period)}.", (answer,))


def _is_of(both: Answer, told: list[Answer]) -> bool:
    """Tell whether a total or balance is made of the very two levels that were told; else they would not add up."""
    levels = {(one.current or one).value.value for one in told if (one.current or one).value is not None}
    return bool(both.table) and all(line.value in levels for line in both.table)


def _levels(period: Period, answer: Answer) -> str:
    """Write a level and, where there is one, its change and base: `$46 million in 2019, up 44 percent from ...`."""
    current, base = answer.current or answer, answer.base
    assert current.value is not None
    text = f"{rounding.dollars(current.value.value, at_least=current.at_least)} {words.during(period)}"
    if base is None or base.value is None or base.query.period is None or not base.value.value:
        return text
    before = f"{rounding.dollars(base.value.value, at_least=base.at_least)} {words.during(base.query.period)}"
    if answer.value is None or current.value.value == base.value.value:
        return f"{text}, compared with {before}"
    direction = _direction(answer.value.value)
    if not _is_tellable(answer.value.value):
        return f"{text}, {direction} from {before}"
    return f"{text}, {direction} {rounding.percent(answer.value.value)} from {before}"


def _is_tellable(percent: Decimal) -> bool:
    return rounding.SMALLEST_CHANGE <= abs(percent) < LARGEST_CHANGE


def _direction(percent: Decimal) -> str:
    return "up" if percent > 0 else "down"


def _size(answer: Answer) -> bool:
    """Tell whether the level is more than nothing."""
    current = answer.current or answer
    return current.value is not None and bool(current.value.value)
