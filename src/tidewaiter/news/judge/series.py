"""Judge what speaks of a whole series: a streak ("seventh month of decline") and a record ("highest since").

Owns which span such a claim needs and what its steps say. A streak may be meant against the step before or
against the year before; it is refuted only where both are held whole and both break it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.period import Period
from tidewaiter.news.judge import wording

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer, Query
    from tidewaiter.news.model import Claim

StepName = Literal["month", "quarter", "half", "year"]
_SIZES: Final[dict[StepName, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR: Final = 12
_BACK: Final = 30 * _YEAR
"""So far back an all-time record is looked for."""
_SINCE: Final = re.compile(r"(?:(?P<month>[A-Z][a-z]{2})[a-z]*\.?\s+)?(?P<year>(?:19|20)\d\d)|(?P<alone>[A-Z][a-z]{2})")

_SPELL: Final = re.compile(r"\b(?P<count>\d{1,3})[\s-]+(?P<unit>month|year)s?\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a series says: it bears the claim out, it breaks it, or it is not whole; with a sentence."""

    verdict: Literal["holds", "breaks", "unclear", "not_whole"]
    sentence: str


def is_of_series(claim: Claim) -> bool:
    """Tell whether `claim` is a streak or a record."""
    return claim.type == "record" or (claim.type == "trend" and claim.run is not None)


def span_of(claim: Claim) -> tuple[Period, StepName] | None:
    """Return the span and step of the series a claim needs; None where its own period is no single step."""
    now = claim.period
    if now is None or claim.direction not in {"up", "down"}:
        return None
    step = next((name for name, size in _SIZES.items() if size == now.length and now.first % size == 0), None)
    if step is None or (claim.type == "trend" and claim.run_unit != step):
        return None
    if claim.type == "trend":
        assert claim.run is not None
        return Period(now.first - (claim.run - 1) * now.length - _YEAR, now.last), step
    since = counted_from(claim)
    if claim.since is not None and since is None:
        return None
    return Period(now.first - _BACK if since is None else since + 1, now.last), step


def question(claim: Claim, plain: Query) -> Query | None:
    """Turn the claim's plain question into that for its series."""
    wanted = span_of(claim)
    if wanted is None or claim.flow in {"total", "balance"} or len(plain.products) != 1:
        return None
    return replace(plain, indicator="series", period=wanted[0], step=wanted[1], against=None)


def judge(claim: Claim, answer: Answer, tolerance: Fraction) -> Outcome:
    """Hold the claim against the steps; a step must differ by more than `tolerance` to break anything."""
    values = _values(answer)
    now = claim.period
    if now is None or values.get(now) is None:
        return Outcome("not_whole", "The step the claim is about is not held.")
    return _streak(claim, now, values, tolerance) if claim.type == "trend" else _record(claim, now, values, tolerance)


def _values(answer: Answer) -> dict[Period, Fraction]:
    return {
        Period.parse(line.label): Fraction(line.value)
        for line in answer.table
        if line.value is not None and line.source == answer.source
    }


def _streak(claim: Claim, now: Period, values: dict[Period, Fraction], tolerance: Fraction) -> Outcome:
    assert claim.run is not None
    up = claim.direction == "up"
    steps = [now.shifted(-place * now.length) for place in range(claim.run)]
    broken = 0
    for back, words in ((_YEAR, "a year before"), (now.length, "the step before")):
        pairs = [(values.get(step), values.get(step.shifted(-back))) for step in steps]
        known = [(new, old) for new, old in pairs if new is not None and old is not None]
        if len(known) == len(pairs) and all((new > old) if up else (new < old) for new, old in known):
            said = f"Each of {claim.run} steps to {wording.span(now)} is {'above' if up else 'below'} {words}."
            return Outcome("holds", said)
        against = [(new, old) if up else (old, new) for new, old in known]
        broken += any(high > 0 and low < high * (1 - tolerance) for low, high in against)
        if len(known) < len(pairs):
            return Outcome("not_whole", f"Not every step of the {claim.run} is held, with what it is measured against.")
    if broken == 2:
        move = "rise" if up else "fall"
        return Outcome("breaks", f"Not every one of {claim.run} steps to {wording.span(now)} is a {move}.")
    return Outcome("unclear", "The steps move too little to tell.")


def _record(claim: Claim, now: Period, values: dict[Period, Fraction], tolerance: Fraction) -> Outcome:
    up, here = claim.direction == "up", values[now]
    earlier = {step: value for step, value in values.items() if step.last < now.first}
    beyond = {step: value for step, value in earlier.items() if (value > here if up else value < here)}
    if beyond:
        worst = (max if up else min)(beyond, key=lambda step: (beyond[step], -step.first))
        high, low = (beyond[worst], here) if up else (here, beyond[worst])
        said = f"{wording.span(worst)} was {'higher' if up else 'lower'}: {wording.amount(beyond[worst], 'USD')}"
        said = f"{said} against {wording.amount(here, 'USD')} in {wording.span(now)}."
        return Outcome("breaks" if low < high * (1 - tolerance) else "unclear", said)
    span = span_of(claim)
    wanted = span[0].length // now.length - 1 if span else 0
    word = "above" if up else "below"
    said = f"{wording.span(now)} is {word} each of the {len(earlier)} steps held before it."
    return Outcome("holds" if claim.since is not None and earlier and len(earlier) == wanted else "not_whole", said)


def counted_from(claim: Claim) -> int | None:
    """Return the last month a record does not speak of ("since July 2020", "in 28 months"), as a month's number."""
    spell = _SPELL.search(claim.since or "")
    if spell is not None and claim.period is not None:
        if spell["unit"] == "year":
            return claim.period.last - (int(spell["count"]) - 1) * _YEAR  # the year it counts from is not of it
        return claim.period.last - int(spell["count"])
    match = _SINCE.search((claim.since or "").replace("Since", "since"))
    if match is None or claim.period is None or (match["alone"] and " " in (claim.since or "")[match.end() :]):
        return None  # "since July last year" is not the July just over
    name = match["month"] or match["alone"]
    month = wording.MONTHS.index(name) if name in wording.MONTHS else None
    if match["year"]:
        return int(match["year"]) * _YEAR + (month if month is not None else _YEAR - 1)
    if month is None:
        return None
    last = claim.period.first - 1
    return last - (last - month) % _YEAR
