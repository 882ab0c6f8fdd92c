"""What a change says about new over old: one or more readings, each an interval at every tier.

"Rose 20 %", "tripled", "down by a fifth", "2.3 times more than": all become intervals of the ratio
new / old, so that one test serves them. Forms that people use in two ways carry both readings; the
usual one comes first. Owns the words of change (`change_words.csv`); knows no other claim.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.judge.intervals import INFINITY, Interval, Tier, sized, written

if TYPE_CHECKING:
    from tidewaiter.news.model import Claim, Written

ReadingName = Literal["usual", "literal", "careless", "other_side"]
"""usual: "x9" for "by nine times"; literal: +900 %; careless: x3 for "increased 300 %"; other_side: a fall, where
nobody says which way it went."""

SIMPLE_FRACTIONS: Final = tuple(
    Fraction(text) for text in ("1/10", "1/8", "1/6", "1/5", "1/4", "1/3", "2/5", "1/2", "3/5", "2/3", "3/4")
)
_FRACTION_LOOSE: Final = Fraction(12, 100)
_FRACTION_EDGE: Final = Fraction(3, 100)
"""So far below it "more than half" may lie, or above it "nearly half": the hedge points one way."""
_WEAK_LOOSE: Final = Fraction(7, 4)
"""So much further than its limit a "slight" change may go before the word is wrong."""
_CARELESS_FROM: Final = 200
"""Percent from which "increased 300 %" may carelessly stand for three times: "100 %" never stands for no change."""
_IN_FRONT: Final = 12
"""Characters before a change in which its adverb may stand ("slightly down")."""


@dataclass(frozen=True, slots=True)
class ChangeWord:
    """A verb or stem of change: its ratio with tolerances, or how strong a change it fits."""

    word: str
    kind: Literal["multiple", "weak", "strong"]
    ratio: Fraction | None
    strict: Interval | None
    loose: Interval | None
    limit: Fraction | None


@lru_cache(maxsize=1)
def change_words() -> tuple[ChangeWord, ...]:
    """Read `change_words.csv`, longest stem first."""
    text = files("tidewaiter.news.judge").joinpath("change_words.csv").read_text(encoding="utf-8")
    words = []
    for row in csv.DictReader(text.splitlines()):
        is_multiple = row["kind"] == "multiple"
        words.append(
            ChangeWord(
                row["word"],
                "multiple" if is_multiple else "weak" if row["kind"] == "weak" else "strong",
                Fraction(row["ratio"]) if is_multiple else None,
                Interval(Fraction(row["strict_low"]), Fraction(row["strict_high"])) if is_multiple else None,
                Interval(Fraction(row["loose_low"]), Fraction(row["loose_high"])) if is_multiple else None,
                None if is_multiple else Fraction(row["loose_high"]),
            )
        )
    return tuple(sorted(words, key=lambda word: (-len(word.word), word.word)))


def style_words(text: str) -> tuple[ChangeWord, ...]:
    """Return the weak and strong verbs ("inched", "soared") that stand in `text`."""
    folded = text.casefold()
    return tuple(word for word in change_words() if word.kind != "multiple" and word.word in folded)


def ratios(claim: Claim, tier: Tier) -> tuple[tuple[ReadingName, Interval], ...]:
    """Return the intervals of new / old that `claim`, a relative change, may mean at `tier`.

    Empty where the claim is a change in amount or in percentage points: those are differences.
    """
    number = claim.number
    if number is None:
        return _direction_only(claim, tier)
    if number.unit == "%":
        return _percent(claim, number, tier)
    if number.unit == "x":
        return _multiple(claim, number, tier)
    return ()


def _direction_only(claim: Claim, tier: Tier) -> tuple[tuple[ReadingName, Interval], ...]:
    one = Fraction(1)
    weak = _weakest(claim)
    reach = INFINITY if weak is None else weak * (_WEAK_LOOSE if tier == "loose" else 1)
    if claim.direction == "up":
        return (("usual", Interval(one, one + reach)),)
    if claim.direction == "down":
        return (("usual", Interval(one - reach, one)),)
    if claim.direction == "flat":
        reach = {"strict": Fraction(2, 100), "trunc": Fraction(5, 100), "loose": Fraction(10, 100)}[tier]
        return (("usual", Interval(one - reach, one + reach)),)
    return ()


def _weakest(claim: Claim) -> Fraction | None:
    """Return how far a change may go that is called slight, by the words in front of it and in it; None for none."""
    end = claim.span[1] - claim.sentence_span[0]
    words = claim.sentence[max(0, claim.span[0] - claim.sentence_span[0] - _IN_FRONT) : max(end, 0)] or claim.quote
    limits = [word.limit for word in style_words(words) if word.kind == "weak" and word.limit is not None]
    return min(limits, default=None)


def _percent(claim: Claim, number: Written, tier: Tier) -> tuple[tuple[ReadingName, Interval], ...]:
    falls = claim.direction == "down" or number.value < 0
    size = simple_fraction(abs(number.value) / 100, tier, number) if claim.mode == "fraction" else None
    if size is None:
        size = written(number, tier).scaled(Fraction(1, 100))
        size = -size if number.value < 0 else size
    usual = (-size if falls else size).shifted(1)
    if claim.direction is None and not falls:
        return (("usual", usual), ("other_side", (-size).shifted(1)))
    if not falls and abs(number.value) >= _CARELESS_FROM:
        return (("usual", usual), ("careless", size))
    return (("usual", usual),)


def _multiple(claim: Claim, number: Written, tier: Tier) -> tuple[tuple[ReadingName, Interval], ...]:
    value = abs(number.value)
    word = _multiple_word(number)
    if claim.mode == "fraction" and value < 1:
        size = simple_fraction(value, tier, number)
        return (("usual", size or written(number, tier)),)
    size = (
        _of_word(word, number, tier) if word else sized(value, number.last_unit, number.round_unit, number.hedge, tier)
    )
    if claim.direction == "down" and value > 1:
        return (("usual", size.reciprocal()),)
    if word is None and value > 1:
        return (("usual", size), ("literal", size.shifted(1)))
    return (("usual", size),)


def _multiple_word(number: Written) -> ChangeWord | None:
    text = number.text.casefold()
    if any(character.isdigit() for character in text):
        return None
    value = abs(number.value)
    for word in change_words():
        if word.ratio is not None and word.word in text and value in {word.ratio, 1 / word.ratio}:
            return word
    return None


def _of_word(word: ChangeWord, number: Written, tier: Tier) -> Interval:
    assert word.ratio is not None
    assert word.strict is not None
    assert word.loose is not None
    plain = word.strict if tier == "strict" else word.loose
    if tier == "trunc":
        plain = Interval((word.strict.low + word.loose.low) / 2, (word.strict.high + word.loose.high) / 2)
    if number.hedge == "about":
        plain = word.loose
    elif number.hedge is not None:
        n = max(word.ratio, 1 / word.ratio)
        size = sized(n, n / 20, Fraction(1), number.hedge, tier)
        if number.hedge == "nearly":
            size = size.hull(Interval(n * 9 / 10, n))
        plain = size if word.ratio > 1 else size.reciprocal()
    return plain if abs(number.value) == word.ratio else plain.reciprocal()


def simple_fraction(value: Fraction, tier: Tier, number: Written) -> Interval | None:
    """Return what is nearer to the simple fraction `value` than to any other; None where it is no such fraction."""
    if value not in SIMPLE_FRACTIONS:
        return None
    place = SIMPLE_FRACTIONS.index(value)
    below = SIMPLE_FRACTIONS[place - 1] if place else value / 2
    above = SIMPLE_FRACTIONS[place + 1] if place + 1 < len(SIMPLE_FRACTIONS) else Fraction(1)
    nearest = Interval((below + value) / 2, (value + above) / 2)
    if number.hedge == "more_than":
        nearest = Interval(value, max(above, nearest.high))
    elif number.hedge in {"nearly", "less_than"}:
        nearest = Interval(below, value)
    if tier == "loose":
        below, above = value * (1 - _FRACTION_LOOSE), value * (1 + _FRACTION_LOOSE)
        if number.hedge == "more_than":
            below = value * (1 - _FRACTION_EDGE)
        elif number.hedge in {"nearly", "less_than"}:
            above = value * (1 + _FRACTION_EDGE)
        nearest = nearest.hull(Interval(below, above))
    return nearest
