"""Lists that belong together: "China, India and Russia ... 91.8, 1.4 and 1.3 percent, respectively"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.base.period import Period
from tidewaiter.news.claims.draft import Trade, period_words
from tidewaiter.news.words import spans
from tidewaiter.news.words.numbers import unit_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.model import Written
    from tidewaiter.news.words.tokens import Token


def zip_lists(clause: Clause) -> None:  # noqa: C901 - a list of cases, the first that fits
    """Pair the numbers before "respectively" with the parties or periods listed as many."""
    tokens = clause.segment.tokens
    mark = next((index for index, token in enumerate(tokens) if token.low == "respectively"), None)
    if mark is None:
        _zip_actors(clause)
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
    years = whole is not None and step == 12 and whole.length > 12
    if whole is not None and years and not _parties(tokens, len(drafts)):
        for place, draft in enumerate(drafts):
            draft.period = Period(whole.first + place * step, whole.first + (place + 1) * step - 1)
        return
    codes = _parties(tokens, len(drafts))
    if not codes and _parties_listed(tokens) > 1:
        # More or fewer countries than figures: who has which cannot be said.
        for draft in drafts:
            draft.trade = replace(draft.trade, unresolved=("exporter", "importer"))
        return
    for draft, code in zip(drafts, codes, strict=False):
        trade = draft.trade
        own = "importer" if trade.kind == "import" else "exporter"
        if trade.unresolved and trade.unresolved[0] not in {own, "parties"}:
            draft.trade = replace(trade.with_partner(code), unresolved=())
        elif trade.unresolved or trade.owner in codes:
            draft.trade = replace(trade.with_owner(code), unresolved=())
        else:
            draft.trade = trade.with_partner(code)


def _zip_actors(clause: Clause) -> None:
    """Pair "China and Russia supplied it with 22 tons and 30 tons": as many figures in a row as countries that act."""
    tokens, head = clause.segment.tokens, clause.segment.head
    if head is None or tokens[head].form != "verb" or not clause.trade.unresolved:
        return
    actors = [token.code for token in tokens[:head] if token.kind == "party" and not token.owns]
    numbers = _run_of(tokens, [at for at in range(head, len(tokens)) if tokens[at].kind == "number"])
    drafts = [one for at in numbers for one in clause.drafts if one.position == tokens[at].start]
    if len(actors) < 2 or len(actors) != len(drafts) or clause.trade.kind not in {"import", "export"}:
        return
    side = "importer" if clause.trade.kind == "import" else "exporter"
    for draft, code in zip(drafts, actors, strict=True):
        draft.trade = replace(draft.trade, owner=code, unresolved=(), **{side: code})  # type: ignore[arg-type]


def listed_with(tokens: Sequence[Token], index: int) -> Written | None:
    """Find the number with a unit that ends a list of bare ones: "2.1, 1.8 and 0.4 million barrels a day"."""
    at = index + 1
    while at < len(tokens) and (tokens[at].low in {",", "and"} or tokens[at].number is not None):
        number = tokens[at].number
        if number is not None and number.unit:
            return number if unit_kind(number.unit) in {"money", "weight", "volume", "rate"} else None
        at += 1
    return None


def zip_flows(clause: Clause, pending: Sequence[Trade]) -> None:
    """Pair figures before "respectively" with flows named before: "exports to it and imports from it were 3 and 2"."""
    tokens = clause.segment.tokens
    if not any(token.low == "respectively" for token in tokens):
        return
    levels = [draft for draft in clause.drafts if draft.type in {"flow_value", "total", "balance"}]
    trades = [*pending, clause.trade]
    head = tokens[clause.segment.head] if clause.segment.head is not None else None
    ways = head.low.split(" and ") if head is not None else []
    pair = clause.trade.pair
    if not pending and sorted(ways) == ["exports", "imports"] and len(pair) == 2 and clause.trade.owner in pair:
        owner, partner = clause.trade.owner, clause.trade.partner
        sides = {
            "exports": Trade("export", owner, partner, owner=owner),
            "imports": Trade("import", partner, owner, owner=owner),
        }
        trades = [replace(sides[way], goods=clause.trade.goods) for way in ways]
    if len(trades) < 2 or len(levels) != len(trades):
        return
    for draft, trade in zip(levels, trades, strict=True):
        draft.trade = trade
        draft.type = trade.kind if trade.kind in {"total", "balance"} else "flow_value"


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
    """Return the first list of exactly as many parties as there are figures."""
    run: list[str] = []
    for token in tokens:
        if token.kind == "party" and not token.owns:
            run.append(token.code)
        elif token.low not in {",", "and", "the"}:
            if len(run) == count:
                return run
            run = []
    return run if len(run) == count else []


def _parties_listed(tokens: Sequence[Token]) -> int:
    longest = run = 0
    for token in tokens:
        if token.kind == "party" and not token.owns:
            run += 1
            longest = max(longest, run)
        elif token.low not in {",", "and", "the"}:
            run = 0
    return longest
