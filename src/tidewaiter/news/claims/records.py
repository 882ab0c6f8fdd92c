"""Claims of a record ("the highest since 2019") and of something for the first time ("the first fall in six years").

Owns their cue words. Ranks among others are `cues`.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims.draft import period_words
from tidewaiter.news.claims.drafting import new_draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.words.tokens import Token

_REACH: Final = 20
"""Words behind a record in which it may say since when it is one."""


def read_records(clause: Clause) -> None:
    """Add the clause's record, with the level that is called one."""
    tokens = clause.segment.tokens
    for index, token in enumerate(tokens):
        reached = any(other.low == "to" for other in tokens[max(0, index - 2) : index])  # "from 8 tons to its lowest"
        if clause.zones and clause.zones[index] and index and tokens[index - 1].low != "than" and not reached:
            continue  # "since the record $59 billion of 2022"
        near = tokens[index + 1 : index + 9]
        if [other.low for other in near[:3]] in (
            ["in", "any", "month"],
            ["for", "any", "month"],
            ["in", "any", "year"],
        ):
            near = near[3:]
        lasts = (
            ((token.kind == "rank" and token.value == "1") or token.low in {"most", "least"})
            and near
            and (
                near[0].low == "ever"
                or (near[0].kind == "period" and period_words(near[0]).kind in {"since", "run", "recent"})
            )
        )
        if not (token.kind == "record" or lasts) or any(draft.type == "record" for draft in clause.drafts):
            continue
        if (
            token.low == "record"
            and near
            and near[0].kind == "word"
            and near[0].low not in {"level", "in", "for", "of", "year", "since"}
        ):
            continue
        draft = new_draft(clause, "record", token)
        draft.rank = 1
        draft.direction = "down" if token.value == "down" or token.low == "least" else "up"
        draft.since = _since(tokens, index, near)
        levels = [
            other
            for other in clause.drafts
            if other.type in {"flow_value", "total", "balance"}
            and other.period_from != "base"
            and not any(one.low == "when" and token.start < one.start < other.position for one in tokens)
        ]
        right_after = [
            other for other in clause.drafts if near and other.number is not None and other.position == near[0].start
        ]
        levels = right_after or levels
        draft.level = min(levels, key=lambda other: abs(other.position - draft.position), default=None)
        if draft.level is not None:
            draft.trade, draft.period = draft.level.trade, draft.level.period


def _since(tokens: Sequence[Token], index: int, near: Sequence[Token]) -> str | None:
    """Find what a record is counted from, right behind it or at the end of its part: "in seven years"."""
    if tokens[index].low.endswith("since") and near and near[0].kind == "period":
        return near[0].text
    part = takewhile(lambda other: other.low not in {",", ";"}, tokens[index + 1 : index + _REACH])
    told = (other for other in part if other.kind == "period")
    return next((other.text for other in told if period_words(other).kind in {"since", "run"}), None)


def read_firsts(clause: Clause) -> None:
    """Read "for the first time in six years" and "the first decline since 2009" as a record of its own kind."""
    tokens = clause.segment.tokens
    if any(draft.type == "record" for draft in clause.drafts):
        return
    for index, token in enumerate(tokens):
        told = token.kind == "period" and period_words(token).kind == "since" and "first time" in token.low
        if not told and token.low == "first":
            near = tokens[index + 1 : index + 9]
            moved = next((at for at, other in enumerate(near[:2]) if other.kind == "move"), None)
            told = moved is not None and any(
                other.kind == "period" and period_words(other).kind in {"since", "run", "recent"}
                for other in near[moved:]
            )
        if not told:
            continue
        draft = new_draft(clause, "record", token)
        draft.among = "first"
        draft.since = (
            token.text
            if token.kind == "period"
            else next(other.text for other in tokens[index:] if other.kind == "period")
        )
        moves = [other for other in tokens if other.kind == "move" and other.value]
        near_move = min(moves, key=lambda other: abs(other.start - token.start), default=None)
        draft.direction = near_move.value if near_move else None  # type: ignore[assignment]
        return
