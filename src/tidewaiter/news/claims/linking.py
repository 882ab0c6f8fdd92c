"""How the claims of one clause hang together: a change, the level it led to, the base it started from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.period import Period
from tidewaiter.news.claims.draft import Draft, clause_span, period_words
from tidewaiter.news.claims.when import two_ends
from tidewaiter.news.words import spans

if TYPE_CHECKING:
    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.model import Direction
    from tidewaiter.news.words.tokens import Token


_LONGEST_STEP: Final = 3
"""Months of a span that may be set against the span right before it; longer ones are against the year before."""


_LEVELS: Final = frozenset(("flow_value", "total", "balance"))


def set_ends(clause: Clause) -> None:
    """Give figures told "from A to B" the two ends of the period, or of the pair told before in the sentence."""
    levels = [draft for draft in clause.drafts if draft.type != "change"]
    bases = [draft for draft in levels if draft.period_from == "base"]
    others = [draft for draft in levels if draft.period_from != "base"]
    told = len(bases) == len(others) == 1
    if (
        told
        and clause.ends is not None
        and (bases[0].period is None or bases[0].period == others[0].period or bases[0].period.contains(clause.ends[0]))
    ):
        bases[0].period, others[0].period = clause.ends
    if told and bases[0].period is not None and others[0].period is not None:
        clause.ends = (bases[0].period, others[0].period)
    between = clause.ends is not None and two_ends(clause) == clause.ends
    if between:
        _level_and_base_of_ends(clause)
    for change in clause.drafts:
        if (
            change.type == "change"
            and clause.ends is not None
            and change.base_period is None
            and change.period is not None
            and (between or change.period.contains(clause.ends[1]))
        ):
            change.base_period, change.period = clause.ends
    for base in bases:
        if base.period is None and clause.period is not None:
            yearly = clause.period.is_full_years or clause.period.length > _LONGEST_STEP
            shift = -12 if yearly else clause.known.base_shift
            base.period = spans.before(clause.period, shift) if shift is not None else None


def _level_and_base_of_ends(clause: Clause) -> None:
    """Tie a change told "between March ($9 billion) and June ($3 billion)" to the figures at its two ends."""
    if clause.ends is None:
        return
    first, last = clause.ends
    for change in clause.drafts:
        if change.type != "change":
            continue
        start = next((one for one in clause.drafts if one.type in _LEVELS and one.period == first), None)
        end = next((one for one in clause.drafts if one.type in _LEVELS and one.period == last), None)
        if start is not None and end is not None and change.number is not None:
            change.base, change.level = start, end
            change.base_period, change.period = first, last
        if change.mode == "direction_only" and change.base is not None and change.level is not None:
            change.period, change.base_period = change.level.period, change.base.period


def link(clause: Clause) -> None:
    """Tie each change to the level it led to and the base it started from, and name a bare "up from"."""
    levels = [
        draft
        for draft in clause.drafts
        if draft.type in {"flow_value", "total", "balance"} and draft.period_from != "base"
    ]
    bases = [
        draft
        for draft in clause.drafts
        if draft.type in {"flow_value", "total", "balance"} and draft.period_from == "base"
    ]
    changes = [draft for draft in clause.drafts if draft.type == "change"]
    for change in changes:
        near = sorted(levels, key=lambda draft: (abs(draft.position - change.position), draft.position))
        earlier = clause.previous_level
        fits = earlier is not None and (earlier.period == change.period or None in {earlier.period, change.period})
        change.level = near[0] if near else earlier if fits else None
        later = [draft for draft in bases if draft.position > change.position]
        others = [other for other in changes if other.position > change.position]
        later = [draft for draft in later if not any(other.position < draft.position for other in others)]
        change.base = later[0] if later else (bases[0] if bases and len(changes) == 1 else None)
        told = change.base.period if change.base is not None else None
        if told is not None and change.base_period is not None and change.base_period != told and len(bases) == 1:
            change.base = None if _has_own_base(clause, change) else change.base
        if change.base is not None and change.base.period is not None:
            change.base_period = change.base.period
    for base in bases:
        if base.period is None:
            periods = [change.base_period for change in changes if change.base_period is not None]
            base.period = periods[0] if periods else None
    _direction_only(clause, levels, bases, changes)


def _has_own_base(clause: Clause, change: Draft) -> bool:
    """Tell whether a change names its own period of comparison before the next figure ("44% above a year ago")."""
    started = False
    before = ""
    for token in clause.segment.tokens:
        if token.start == change.position:
            started = True
        elif started and token.kind == "number":
            return False
        elif started and token.kind == "period" and (period_words(token).is_relative or before == "from"):
            return True
        before = token.low
    return False


def _direction_only(clause: Clause, levels: list[Draft], bases: list[Draft], changes: list[Draft]) -> None:
    tokens = clause.segment.tokens
    if changes:
        return
    if not bases:
        _against_a_period(clause, levels)
        return
    if len(bases) != 1 or not (levels or clause.previous_level):
        return
    cue = next(
        (token for token in tokens if token.kind == "base" and token.value and token.start < bases[0].position), None
    )
    runs = any(token.kind == "period" and period_words(token).kind in {"run", "recent"} for token in tokens)
    if cue is None and (runs or levels):
        first = min([bases[0].position, *(draft.position for draft in levels if not runs)])
        moves = [token for token in tokens if token.kind == "move" and token.value and token.start < first]
        cue = moves[-1] if moves else None
    if cue is None:
        return
    level = levels[-1] if levels else clause.previous_level
    assert level is not None
    direction: Direction = cue.value  # type: ignore[assignment]
    if runs and level.period is not None and bases[0].period is not None:
        whole = Period(min(bases[0].period.first, level.period.first), max(bases[0].period.last, level.period.last))
        clause.drafts.append(
            Draft(
                "trend",
                clause.trade,
                tokens[0].start,
                tokens[-1].end,
                None,
                whole,
                direction=direction,
                position=cue.start,
            )
        )
        return
    clause.drafts.append(
        Draft(
            "change",
            clause.trade,
            *_told_in(clause, cue, bases[0].position),
            None,
            level.period,
            base_period=bases[0].period,
            direction=direction,
            mode="direction_only",
            base=bases[0],
            level=level,
            position=cue.start,
        )
    )


def _told_in(clause: Clause, cue: Token, reach: int) -> tuple[int, int]:
    """Return the characters that tell a direction: from its word to the end of what it is set against."""
    tokens = clause.segment.tokens
    at = next(index for index, token in enumerate(tokens) if token is cue)
    start, end = clause_span(tokens, at)
    for index in range(at + 1, len(tokens)):
        if tokens[index].start > reach and tokens[index].low in {",", ";"}:
            end = min(end, tokens[index - 1].end)
            break
    while cue.kind == "base" and at > 0 and tokens[at - 1].kind == "word" and tokens[at - 1].low.endswith("ly"):
        at -= 1  # "slightly down from"
    return (tokens[at].start if cue.kind == "base" else start), max(end, tokens[at].end)


def _against_a_period(clause: Clause, levels: list[Draft]) -> None:
    """Read "unchanged from July" and "higher than in 2018": a change against a period whose figure is not told."""
    tokens = clause.segment.tokens
    level = levels[-1] if levels else None
    for index, token in enumerate(tokens):
        if token.kind != "base" or not token.value or level is None or token.start < level.position:
            continue
        after = next((other for other in tokens[index + 1 : index + 4] if other.kind == "period"), None)
        if after is None or any(other.kind == "number" for other in tokens[index:]):
            continue
        base = spans.resolve(period_words(after), clause.now(level.period or clause.period))
        if base is None or base == level.period:
            continue
        clause.drafts.append(
            Draft(
                "change",
                level.trade,
                *_told_in(clause, token, after.start),
                None,
                level.period,
                base_period=base,
                direction=token.value,  # type: ignore[arg-type]
                mode="direction_only",
                level=level,
                position=token.start,
            )
        )
        return
