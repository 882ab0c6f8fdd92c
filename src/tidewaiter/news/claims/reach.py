"""How far an amount reaches: a cap on all sellers, a sum over several, an amount per year, a plan for a year.

Owns these tests; what becomes a claim is `frames`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import Trade, period_words
from tidewaiter.news.words import spans
from tidewaiter.news.words.tables import group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.model import Written
    from tidewaiter.news.words.tokens import Token


def capped(trade: Trade) -> Trade:
    """Keep of a quota's trade the side that is named, or the target of the sanctions: a cap binds all others."""
    filled = {slot for slot, _ in trade.filled}
    targets = {row["code"] for row in rows("quota_targets")}
    if None in {trade.exporter, trade.importer}:
        return trade
    if trade.exporter is not None and trade.exporter in targets and trade.importer not in targets:
        return replace(trade, importer=None)
    if "trade" in filled or {"exporter", "importer"} <= filled:
        return replace(trade, exporter=None) if trade.importer in targets else trade
    if "exporter" in filled and trade.importer is not None:
        return replace(trade, exporter=None)
    return replace(trade, importer=None) if "importer" in filled else trade


def is_allowed(before: Sequence[Token], number: Written) -> bool:
    """Tell whether "up to" is a limit ("may take no more than ...") and not what somebody could reach."""
    if any(token.low in {"could", "would", "expected", "expects", "forecast"} for token in before):
        return False
    if any(token.low in group("looks_ahead") for token in before):
        return False  # "the projection was no more than $4 billion"
    return not number.text.casefold().startswith("up to")


def is_yearly(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is told per year and so of no one year: "worth $196 million a year"."""
    after = [token.low for token in tokens[index + 1 : index + 3]]
    return after in (["a", "year"], ["per", "year"]) or after[:1] == ["annually"]


def of_all_told(clause: Clause, number: Written, trade: Trade) -> Trade:
    """Leave open who sold, or bought, a sum over several: "China 5 tons and Russia 4 tons, for a total of 9 tons"."""
    if not number.text.casefold().startswith(("a total of", "a combined")) or trade.kind not in {"import", "export"}:
        return trade
    told = [draft.trade for draft in clause.drafts if draft.type == "flow_value"]
    for side in ("exporter", "importer"):
        if len({getattr(one, side) for one in told}) > 1:
            owner = None if trade.owner == getattr(trade, side) else trade.owner
            return replace(trade, owner=owner, unresolved=(side,), **{side: None})  # type: ignore[arg-type]
    return trade


def aimed_at(clause: Clause) -> Period | None:
    """Find the year by which a plan is to be reached ("by 2030"), whenever it was made."""
    for before, token in pairwise(clause.segment.tokens):
        if before.low in {"by", "until"} and token.kind == "period":
            return spans.resolve(period_words(token), clause.now(None))
    return None


def stands(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a share is told as lasting: "Togo accounts for 40 percent", "Mali relies on Fiji for half"."""
    verb = next((at for at in range(index - 1, max(0, index - 6), -1) if tokens[at].low in group("lasting")), None)
    if verb is None or not verb:
        return False
    end = next((at for at in range(index, len(tokens)) if tokens[at].low in {",", ";"}), len(tokens))
    start = next((at for at in range(verb - 1, -1, -1) if tokens[at].low in {",", ";"}), -1) + 1
    if any(token.kind == "period" for token in tokens[start:end]):
        return False
    before = tokens[verb - 1]
    if before.low == "which" and verb >= 3:
        before = tokens[verb - 3]
    named = before.kind == "party" and not before.owns
    return named or tokens[verb].low in group("leans_on")


def lies_ahead(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a number is to come about later: "to $1 billion over the next five years"."""
    end = next((at for at in range(index + 1, len(tokens)) if tokens[at].kind == "number"), len(tokens))
    lows = [token.low for token in tokens[index + 1 : end]]
    return any(" ".join(lows[at : at + 3]) in group("ahead") for at in range(len(lows) - 2))


def is_planned_too(clause: Clause, index: int) -> bool:
    """Tell whether a number goes on with a plan: "plans to raise imports to $5 million, and exports to $6 million"."""
    tokens = clause.segment.tokens
    if not any(token.kind == "plan" for token in clause.before) or not index or tokens[index - 1].low != "to":
        return False
    named = {"and", "word", "flow", "goods", "generic", "mark"}
    return all(one.kind in named and one.low not in group("be") and one.form != "verb" for one in tokens[:index])


def spans_years(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the change at `index` is one over years that nobody dates: "tripled over the past three years".

    "The biggest rise in five years" and "for the first time since 2014" say of what kind a change is, not from when.
    """
    last = next((at for at in range(index + 1, len(tokens)) if is_amount(tokens[at])), len(tokens))
    for at, token in enumerate(tokens[:last]):
        near = tokens[max(0, at - 5) : at]
        words = {word.strip(".") for word in token.low.split()}
        if any(one.kind in {"record", "rank"} or one.low in group("of_a_kind") for one in near):
            continue
        if words & group("of_a_kind"):
            continue
        years = bool(words & group("many_years"))
        lasting = token.period is not None and token.period.kind in {"run", "recent"} and years
        after = any(one.low in group("takes_time") for one in near[-2:])
        if lasting or (years and after) or (token.period is not None and token.period.kind == "since"):
            return True
    return False


def is_amount(token: Token) -> bool:
    """Tell whether a token is a figure, and no number of years or months."""
    return token.number is not None and not {word.strip(".") for word in token.low.split()} & group("many_years")


def in_terms_of(tokens: Sequence[Token], index: int) -> str:
    """Tell in what a change is told where its words say so: "weight" for "in volume terms", "money" for "in rubles"."""
    end = next((at for at in range(index + 1, len(tokens)) if tokens[at].kind == "number"), len(tokens))
    said = f" {' '.join(token.low for token in tokens[index + 1 : min(end, index + 11)])} "
    for kind in ("weight", "money"):
        if any(f" {phrase} " in said for phrase in group(f"in_terms_of_{kind}")):
            return kind
    return ""


def as_much_as_another(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a multiple compares with what was told before, not with a year: "was worth 60 times as much"."""
    number = tokens[index].number
    return number is not None and number.unit == "x" and [one.low for one in tokens[index + 1 : index + 2]] == ["as"]
