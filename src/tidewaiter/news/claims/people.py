"""Visas, workers, visitors: claims about people, which no trade statistic can bear out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.news.claims import roles
from tidewaiter.news.claims.draft import Draft, Trade, clause_span, period_words, written
from tidewaiter.news.claims.zones import base_zones
from tidewaiter.news.model import Goods, Leftover
from tidewaiter.news.words import spans
from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.numbers import unit_kind, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import Known
    from tidewaiter.news.model import ClaimType
    from tidewaiter.news.words.tokens import Token


def speaks_of_people(text: str, tokens: Sequence[Token]) -> bool:
    """Tell whether a sentence is about people who cross a border rather than goods."""
    people = any(token.kind == "party" and token.form == "people" for token in tokens)
    entered = grammar.ENTERED.search(text) is not None
    return grammar.PEOPLE.search(text) is not None or (
        people and (entered or any(token.number is not None and token.number.unit == "" for token in tokens))
    )


def read(
    tokens: Sequence[Token], text: str, known: Known, last: Draft | None, span: tuple[int, int]
) -> tuple[list[Draft], list[Leftover]]:
    """Read the counts, changes and trends of people in one sentence."""
    trade = _trade(tokens, text, span, last, known)
    story_period = known.people_period
    zones = base_zones(tokens)
    now = spans.Now(known.published_on, known.period, known.year)
    lead = _lead(tokens, zones, now) or (story_period if last else None)
    drafts: list[Draft] = []
    leftovers: list[Leftover] = []
    for sense in roles.senses(tokens, zones, shares=False):
        number = written(tokens[sense.index])
        money = unit_kind(number.unit) in {"money", "weight", "volume", "rate"}
        if sense.role == "skip" and number.unit == "":
            leftovers.append(Leftover(number.text, number.span, sense.reason))
            continue
        if money or sense.role in {"run", "skip", "share", "quota_share"} or number.unit in {"countries", "companies"}:
            leftovers.append(Leftover(number.text, number.span, "not a count of people"))
            continue
        own = (
            _period(tokens, sense.index, zones, spans.Now(known.published_on, lead or known.period, known.year)) or lead
        )
        kind: ClaimType = "change" if sense.role == "change" else "count"
        if number.unit == "":
            before = text[span[0] : tokens[sense.index].end].casefold()
            of_them = sense.index + 2 < len(tokens) and tokens[sense.index + 2].low == "them"
            visas = "visa" in before or (
                of_them and last is not None and last.number is not None and last.number.unit == "visas"
            )
            number = with_unit(number, "visas" if visas else "persons")
        label = _label(tokens, sense.index, text)
        told = trade
        if label is not None:
            told = replace(trade, goods=label)
        elif sense.index + 2 < len(tokens) and tokens[sense.index + 2].low == "them" and last is not None:
            told = replace(trade, goods=last.trade.goods)
        draft = Draft(
            kind, told, span[0], span[1], number, own, position=number.span[0], is_trade=False, measure="count"
        )
        if kind == "change":
            draft.direction, draft.mode, draft.measure = (
                sense.direction,
                "multiple" if number.unit == "x" else "relative",
                None,
            )
        drafts.append(draft)
    drafts.extend(_ranked(tokens, trade, span, lead))
    if drafts and drafts[0].period is not None:
        known.people_period = drafts[0].period
    move = next((token for token in tokens if token.kind == "move" and token.value and token.form != "particle"), None)
    if not drafts and move is not None and not any(token.kind == "plan" for token in tokens):
        start, end = clause_span(tokens, next(at for at, token in enumerate(tokens) if token is move))
        trend = Draft("trend", trade, start, end, None, lead, position=move.start, is_trade=False, measure="count")
        trend.direction = move.value  # type: ignore[assignment]
        drafts.append(trend)
    return drafts, leftovers


def _label(tokens: Sequence[Token], index: int, text: str) -> Goods | None:
    """Read what an item of a list is called: "By purpose: education 7,887, business 3,098"."""
    colon = next((at for at, token in enumerate(tokens[:index]) if token.low == ":"), None)
    if colon is None:
        return None
    first = index
    while (
        first - 1 > colon
        and tokens[first - 1].kind in {"word", "goods", "generic"}
        and tokens[first - 1].low
        not in {
            ",",
            "and",
        }
    ):
        first -= 1
    if not 1 <= index - first <= 3:
        return None
    start, end = tokens[first].start, tokens[index - 1].end
    return Goods(text[start:end], (), "unmapped", (), (start, end))


def _ranked(tokens: Sequence[Token], trade: Trade, span: tuple[int, int], lead: Period | None) -> list[Draft]:
    """Read "among the top 10 countries" and "the highest since 2012"."""
    drafts = []
    for token, after in itertools.pairwise(tokens):
        if token.low == "top" and after.number is not None:
            draft = Draft(
                "ranking", trade, span[0], span[1], None, lead, position=token.start, is_trade=False, measure="count"
            )
            draft.rank, draft.among = int(after.number.value), f"{token.text} {after.text}"
            drafts.append(draft)
        elif token.kind == "record" and after.low != "of":
            draft = Draft(
                "record", trade, span[0], span[1], None, lead, position=token.start, is_trade=False, measure="count"
            )
            draft.rank = 1
            draft.direction = "down" if token.value == "down" else "up"
            draft.since = after.text if after.kind == "period" else None
            drafts.append(draft)
    return drafts


def _trade(tokens: Sequence[Token], text: str, span: tuple[int, int], last: Draft | None, known: Known) -> Trade:
    origin = next((token.code for token in tokens if token.kind == "party" and token.form == "people"), None)
    if origin is None:
        for token, after in itertools.pairwise(tokens):
            if token.kind == "party" and token.form == "adjective" and grammar.PEOPLE.match(after.text):
                origin = token.code
        for index, token in enumerate(tokens):
            if (
                token.kind == "party"
                and token.form == "adjective"
                and any(grammar.PEOPLE.match(other.text) for other in tokens[index + 1 : index + 3])
            ):
                origin = origin or token.code
    others = [token.code for token in tokens if token.kind == "party" and token.code != origin]
    if last is not None and (origin is None or (origin == last.trade.importer and not others)):
        origin = last.trade.exporter
    origin = origin or known.people_origin
    goal = next((code for code in others if code != origin), None) or (last.trade.importer if last else None)
    if goal is None:
        goal = next((token.code for token in tokens if token.form == "source" and token.code not in {"", origin}), None)
    known.people_origin = origin
    what = grammar.VISAS.search(text, span[0], span[1]) or grammar.PEOPLE.search(text, span[0], span[1])
    return Trade(
        "export",
        origin,
        goal if goal != origin else None,
        owner=goal,
        goods=Goods(what[0] if what else None, (), "unmapped"),
    )


def _lead(tokens: Sequence[Token], zones: Sequence[bool], now: spans.Now) -> Period | None:
    for index, token in enumerate(tokens):
        if token.kind == "period" and not zones[index]:
            words = period_words(token)
            if words.kind in {"span", "cited", "day"} and not (
                words.kind == "day"
                and any(other.kind == "period" and period_words(other).kind == "span" for other in tokens)
            ):
                found = spans.resolve(words, now)
                if found is not None:
                    return found
    return None


def _period(tokens: Sequence[Token], index: int, zones: Sequence[bool], now: spans.Now) -> Period | None:
    for at in range(index + 1, min(len(tokens), index + 8)):
        token = tokens[at]
        if zones[at] != zones[index]:
            break
        if token.kind == "period":
            return spans.resolve(period_words(token), now) if period_words(token).kind != "since" else None
        if token.kind == "number" or token.low in {",", ";"}:
            break
    for at in range(index - 1, max(-1, index - 9), -1):
        token = tokens[at]
        if token.kind == "period" and period_words(token).kind == "span":
            return spans.resolve(period_words(token), now)
        if token.kind == "number" or token.low == ";":
            break
    return None
