"""Say in words what the figures of a relation make: the sum, its reach, and whether it fits.

Owns these sentences; what fits is decided in `arithmetic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.judge import wording
from tidewaiter.news.judge.rates import is_rate

if TYPE_CHECKING:
    from fractions import Fraction

    from tidewaiter.news.judge.intervals import Interval
    from tidewaiter.news.judge.relation import Relation, Term


def outcome(relation: Relation, shown: Interval, nominal: Fraction | None, *, fits: bool) -> str:
    """Say what the figures make, with the reach that their rounding leaves."""
    claim = relation.target
    figures = _figures(relation)
    unit = claim.number.unit if claim.number else "%"
    if relation.kind == "change" and unit == "%":
        result = _signed_percent(nominal)
        reach = f"between {wording.signed_percent(shown.low)} and {wording.signed_percent(shown.high)}"
        if wording.signed_percent(shown.low) == wording.signed_percent(shown.high):
            reach = f"between {wording.signed_percent(shown.low, 1)} and {wording.signed_percent(shown.high, 1)}"
    else:
        if unit in {"", "%"} and relation.kind != "share" and relation.top:
            unit = relation.top[0].written.unit
        if claim.number is None:
            unit = "x"
        result = wording.amount(nominal, unit) if nominal is not None else "unknown"
        reach = wording.between(shown, unit)
    said = f"“{claim.number.text}”" if claim.number else "The direction"
    end = "which fits" if fits else "which does not fit"
    return f"{said}: {figures} {result} ({reach} allowing for the rounding of the figures), {end}."


def _signed_percent(nominal: Fraction | None) -> str:
    return wording.signed_percent(nominal, 0 if abs(nominal) >= 10 else 1) if nominal is not None else "unknown"


def _figures(relation: Relation) -> str:
    top, bottom = _sum_words(relation.top), _sum_words(relation.bottom)
    verbs = {
        "change": f"{top} against {bottom} is",
        "difference": f"from {bottom} to {top} is",
        "share": f"{top} of {bottom} is",
        "sum": f"{top} make",
        "balance": f"{top} leave",
        "restates": f"the text says {top}, that is",
        "converts": f"{top}, by the month, are" if is_rate(relation.target) else f"{top} are",
    }
    return verbs.get(relation.kind, top)


def _sum_words(terms: tuple[Term, ...]) -> str:
    said = ""
    for term in terms:
        words = term.written.text
        if term.over is not None:
            change = term.over.number.text if term.over.number else "its change"
            words = f"({words} before “{change}”)"
        joint = "" if not said else " and " if term.sign > 0 else " less "
        said += joint + words
    return said


def order(relation: Relation, *, fits: bool) -> str:
    """Say in which order the figures stand, or that a part is more than its whole."""
    if relation.kind == "parts":
        above, below = _sum_words(relation.top), _sum_words(relation.bottom) or "100 % of one whole"
        return f"{above} cannot be a part of {below}." if len(relation.top) == 1 else f"{above} are more than {below}."
    above, below = relation.bottom[0].written.text, relation.top[0].written.text
    if relation.target.type in {"record", "trend"}:
        word = "a record" if relation.target.type == "record" else "such a run"
        end = "which fits" if fits else f"which does not fit {word}"
        return f"The story's own figures are {above} against {below}, {end}."
    if fits:
        return f"The order fits the figures given: {above}, then {below}."
    return f"The order does not fit the figures given: {above} is named before {below}, which is more."
