"""Lists that belong together: "China, India and Russia ... 91.8, 1.4 and 1.3 percent, respectively"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.base.period import Period
from tidewaiter.news.claims.draft import period_words
from tidewaiter.news.words import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.words.tokens import Token


def zip_lists(clause: Clause) -> None:
    """Pair the numbers before "respectively" with the parties or periods listed as many."""
    tokens = clause.segment.tokens
    mark = next((index for index, token in enumerate(tokens) if token.low == "respectively"), None)
    if mark is None:
        return
    numbers = _run_of(tokens, [index for index in range(mark) if tokens[index].kind == "number"])
    drafts = [
        draft
        for index in numbers
        for draft in clause.drafts
        if draft.number is not None and draft.position == tokens[index].start
    ]
    if len(drafts) < 2:
        return
    listed = next((token for token in tokens if token.kind == "period" and period_words(token).listed), None)
    if listed is not None and len(drafts) == 2:
        now = spans.Now(clause.known.published_on, clause.period or clause.known.period, clause.known.year)
        whole = spans.resolve(period_words(listed), now)
        if whole is not None:
            half = whole.length // 2
            drafts[0].period, drafts[1].period = (
                Period(whole.first, whole.first + half - 1),
                Period(whole.last - half + 1, whole.last),
            )
        return
    whole = clause.period
    step = whole.length // len(drafts) if whole is not None and whole.length % len(drafts) == 0 else 0
    if whole is not None and step in {1, 3, 12} and len(drafts) > 1 and not _parties(tokens, len(drafts)):
        for place, draft in enumerate(drafts):
            draft.period = Period(whole.first + place * step, whole.first + (place + 1) * step - 1)
        return
    codes = _parties(tokens, len(drafts))
    for draft, code in zip(drafts, codes, strict=False):
        trade = draft.trade
        own = "importer" if trade.kind == "import" else "exporter"
        if trade.unresolved and trade.unresolved[0] not in {own, "parties"}:
            draft.trade = replace(trade.with_partner(code), unresolved=())
        elif trade.unresolved or trade.owner in codes:
            draft.trade = replace(trade.with_owner(code), unresolved=())
        else:
            draft.trade = trade.with_partner(code)


def _run_of(tokens: Sequence[Token], indexes: list[int]) -> list[int]:
    """Return the last run of numbers that only commas and "and" separate."""
    run: list[int] = []
    for index in reversed(indexes):
        if run and not _joined(tokens, index, run[0]):
            break
        run.insert(0, index)
    return run


def _joined(tokens: Sequence[Token], first: int, second: int) -> bool:
    return all(
        token.low in {",", "and", "of", "in"} or token.kind in {"goods", "generic"}
        for token in tokens[first + 1 : second]
    )


def _parties(tokens: Sequence[Token], count: int) -> list[str]:
    run: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "party" and not token.owns:
            run.append(token.code)
            if len(run) == count and (
                index + 1 == len(tokens) or tokens[index + 1].low not in {",", "and"} or count == len(run)
            ):
                return run
        elif token.low not in {",", "and", "the"}:
            if len(run) == count:
                return run
            run = []
    return run if len(run) == count else []
