"""Say a finding in plain English: verdict, one sentence, working, rows, other readings, gaps.

Owns the wording only. Every number in it comes from the finding; nothing is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge import wording
from tidewaiter.news.judge.findings import Explanation
from tidewaiter.news.judge.grading import cell_words

if TYPE_CHECKING:
    from tidewaiter.news.judge.arithmetic import Arithmetic
    from tidewaiter.news.judge.comparability import Comparison, LikeForLike
    from tidewaiter.news.judge.grading import Cell
    from tidewaiter.news.judge.readings import DataFinding
    from tidewaiter.news.judge.repair import Repair
    from tidewaiter.news.model import Claim

COARSE: Final = 5
"""A change known no closer than this many percentage points is written as a range."""

_DATA_WORDS: Final = {
    "supported": "supported",
    "supported_loosely": "supported, hedged or rounded loosely",
    "supported_other_reading": "supported under another reading",
    "contradicted": "contradicted",
    "ambiguous": "ambiguous",
    "unverifiable": "not verifiable",
}
_SENSES: Final = {
    "literal": "It fits only if taken by the letter.",
    "careless": "It fits only as the new level in per cent of the old, not as the rise.",
    "points": "It fits as percentage points, not as per cent.",
}
_NOTES: Final = {
    "truncated": "The figure was cut off, not rounded.",
    "understated": "True as far as it goes, but it undersells.",
    "second_rank": "No rows cover exactly this; a printed figure does, which is evidence of second rank.",
}


def explain(
    claim: Claim, arithmetic: Arithmetic, comparison: Comparison, data: DataFinding, mends: tuple[Repair, ...]
) -> Explanation:
    """Put the outcome of every check of one claim into words."""
    working = [one.sentence for one in mends[:2]]
    if arithmetic.reading in _SENSES:
        working.append(_SENSES[arithmetic.reading])
    if comparison.bound:
        working.append(comparison.bound)
    working += [_like(one) for one in comparison.alike]
    working += [_NOTES[flag] for flag in dict.fromkeys((*arithmetic.flags, *data.flags)) if flag in _NOTES]
    if "stale_vintage" in data.flags and data.verdict in {"contradicted", "ambiguous"}:
        working.append("The rows are of a later day than the story; they may have been revised since.")
    return Explanation(
        verdict=_verdict(arithmetic, comparison, data),
        sentence=_sentence(claim, arithmetic, comparison, data),
        working=tuple(working),
        rows=_rows(data.chosen),
        alternatives=_alternatives(data),
        gaps=_gaps(data),
    )


def _verdict(arithmetic: Arithmetic, comparison: Comparison, data: DataFinding) -> str:
    parts = []
    if arithmetic.verdict == "arithmetic_error":
        parts.append("arithmetic error")
    if comparison.verdict == "not_like_for_like":
        parts.append("not like for like")
    if arithmetic.verdict == "consistent":
        parts.append("fits the story's own figures")
    parts.append(f"data: {_DATA_WORDS[data.verdict]}" if parts else _DATA_WORDS[data.verdict])
    said = "; ".join(parts)
    return said[0].upper() + said[1:]


def _sentence(claim: Claim, arithmetic: Arithmetic, comparison: Comparison, data: DataFinding) -> str:
    parts = []
    if arithmetic.verdict != "not_checkable":
        parts.append(arithmetic.explanation)
    if comparison.verdict == "not_like_for_like":
        parts.append(comparison.explanation)
    told = f"“{claim.number.text}”: {data.sentence}" if claim.number is not None and not parts else data.sentence
    return " ".join([*parts, told])


def _like(one: LikeForLike) -> str:
    value = one.answer.value
    assert value is not None
    from fractions import Fraction

    low, high = (wording.signed_percent(Fraction(end), 0) for end in (value.low, value.high))
    said = wording.signed_percent(Fraction(value.value), 1)
    if value.high - value.low > COARSE:
        said = f"{low} to {high}, by how finely the figures were printed"
    levels = ""
    current, base = one.answer.current, one.answer.base
    if current is not None and base is not None and current.value is not None and base.value is not None:
        new = wording.amount(Fraction(current.value.value), current.value.unit)
        old = wording.amount(Fraction(base.value.value), base.value.unit)
        levels = f", {old} to {new}"
    return (
        f"Like for like, {wording.span(one.period)} against {wording.span(one.against)}: {said}{levels} "
        f"({one.answer.source}{', second rank' if one.answer.rank == 2 else ''})."
    )


def _rows(chosen: Cell | None) -> tuple[str, ...]:
    if chosen is None:
        return ()
    cite = chosen.answer.cite()
    if chosen.answer.rank == 2:
        pages = [
            f"{row.publisher}, {row.vintage.isoformat()}, {row.url or 'no address'}" for row in chosen.answer.evidence
        ]
        return (f"Printed: {'; '.join(dict.fromkeys(pages))}.",)
    count = chosen.answer.rows or len(chosen.answer.evidence)
    return (f"{count} row{'' if count == 1 else 's'}: {cite}",) if cite else ()


def _alternatives(data: DataFinding) -> tuple[str, ...]:
    others = [cell for cell in data.cells if cell is not data.chosen]
    said = [
        f"{cell_words(cell)}{' - the outlet’s own figure, not counted' if cell.is_own else ''}" for cell in others[:5]
    ]
    lines = [f"Also tried: {'; '.join(said)}."] if said else []
    if data.tried:
        lines.append(f"Readings tried: {data.tried}.")
    return tuple(lines)


def _gaps(data: DataFinding) -> tuple[str, ...]:
    if data.refusal is None:
        return ()
    lines = []
    if data.cells:
        lines.append(f"Missing: {data.refusal.missing}.")
    if data.refusal.command:
        lines.append(f"To get it: {data.refusal.command}")
    return tuple(lines)
