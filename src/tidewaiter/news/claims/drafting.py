"""Begin a claim that stands on a cue word: it takes the trade and the period of its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import Draft, clause_span

if TYPE_CHECKING:
    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Trade
    from tidewaiter.news.model import ClaimType
    from tidewaiter.news.words.tokens import Token


def new_draft(clause: Clause, kind: ClaimType, at: Token, trade: Trade | None = None) -> Draft:
    """Add a claim of `kind` that begins at a word of the clause, and return it."""
    tokens = clause.segment.tokens
    start, end = clause_span(tokens, next((index for index, token in enumerate(tokens) if token is at), 0))
    draft = Draft(
        kind,
        trade or clause.trade,
        start,
        end,
        None,
        clause.period,
        position=at.start,
        calendar=clause.calendar,
        aside=clause.aside,
    )
    clause.drafts.append(draft)
    return draft
