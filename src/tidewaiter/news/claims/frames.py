"""Claims of one clause: its numbers with their roles, set on the trade the clause speaks of.

Owns what becomes a claim and how the claims of a clause hang together (level, change, base). Periods are
attached as written; `fill` resolves what leans on other sentences.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.base.period import Period
from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import inherit, reach, retold, roles
from tidewaiter.news.claims.bases import base_of, told_later
from tidewaiter.news.claims.beside import trade_of_number
from tidewaiter.news.claims.draft import MEASURES, Draft, period_words, written
from tidewaiter.news.claims.linking import link, set_ends
from tidewaiter.news.claims.wares import goods_of_number, goods_of_the_part
from tidewaiter.news.claims.when import base_period_at, names_a_document, own_period, period_of_number, two_ends
from tidewaiter.news.claims.zones import base_zones
from tidewaiter.news.model import ALL_GOODS, Leftover
from tidewaiter.news.words import spans
from tidewaiter.news.words.numbers import is_fraction_word, scale_of, unit_kind, with_unit
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.roles import Sense
    from tidewaiter.news.model import ChangeMode, ClaimType, Written
    from tidewaiter.news.words.tokens import Token


def read(clause: Clause) -> Clause:
    """Read every claim of the clause; numbers that none takes up become leftovers with a reason."""
    tokens = clause.segment.tokens
    clause.zones = base_zones(tokens)
    clause.period, clause.calendar = own_period(clause)
    clause.ends = two_ends(clause) or clause.ends
    clause.shares = clause.shares or bool(clause.segment.wholes) or any(token.kind == "share" for token in tokens)
    clause.shares = clause.shares or any(
        one.kind == "flow"
        and one.form == "verb"
        and two.number is not None
        and two.number.unit == "%"
        and (three.kind not in {"move", "base"} and three.low not in {"more", "less"})
        for one, two, three in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
    clause.shares = clause.shares or any(
        one.low in group("ordinals") and two.low in {"in", "among"} and three.kind == "flow"
        for one, two, three in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
    clause.shares = clause.shares or any(
        token.number is not None and token.number.unit == "%" and after.low == "of" for token, after in pairwise(tokens)
    )
    for sense in roles.senses(tokens, clause.zones, shares=clause.shares):
        planned = _is_planned(tokens, sense.index) or reach.is_planned_too(clause, sense.index)
        _take(clause, sense, planned=planned)
    head = tokens[clause.segment.head] if clause.segment.head is not None else None
    if head is not None and head.negated:
        for draft in clause.drafts:
            draft.negated = draft.position > head.start
    if any(token.kind == "deny" for token in (*clause.before, *tokens)):
        for draft in clause.drafts:
            draft.modality = "denied"
    if clause.rolling:
        for draft in clause.drafts:
            draft.trade = replace(draft.trade, filled=(*draft.trade.filled, ("period", "rolling window")))
    link(clause)
    set_ends(clause)
    return clause


def _is_planned(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a number is only expected or aimed at: a plan word before it with no comma between."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and after.kind == "plan" and after.low in group("aims"):
        return True
    if reach.lies_ahead(tokens, index):
        return True
    for token in reversed(tokens[:index]):
        if token.low in {",", ";", "after"}:
            return False
        if token.kind == "plan":
            return True
    return False


def _take(clause: Clause, sense: Sense, *, planned: bool) -> None:  # noqa: C901, PLR0912, PLR0915 - a list of cases, the first that fits
    tokens, index = clause.segment.tokens, sense.index
    number = written(tokens[index])
    if (
        sense.role == "skip"
        and clause.elided
        and number.unit == "%"
        and (
            retold.goes_on_without_a_verb(clause, index)
            or (index + 1 < len(tokens) and tokens[index + 1].low == "to")
            or (index and tokens[index - 1].low == "by")
            or (
                index < 2
                and [one.low if one.kind == "word" else one.kind for one in tokens[index + 1 : index + 3]]
                == ["in", "flow"]
            )
        )
    ):
        sense = replace(sense, role="change", direction=clause.elided)
    if sense.role == "share" and clause.elided and retold.is_bracketed_too(clause, index):
        sense = replace(sense, role="change", direction=clause.elided)
    if planned and number.hedge == "up_to" and sense.role == "level" and reach.is_allowed(tokens[:index], number):
        sense = replace(sense, role="quota")
    dated = any(token.kind == "period" for token in tokens[index + 1 : index + 4])
    if planned and sense.role in {"base", "change"} and clause.zones[index] and not (sense.role == "base" and dated):
        sense = replace(sense, role="skip", reason="a forecast it is set against, not a figure")
    if sense.role == "level" and retold.is_told_again(clause, index, number):
        sense = replace(sense, role="skip", reason="a figure told before")
    if sense.role in {"skip", "run"}:
        clause.leftovers.append(Leftover(number.text, number.span, sense.reason))
        return
    if number.unit == "" and sense.role in {"level", "base"}:
        unit = inherit.unit_of(clause, index)
        if not unit or not inherit.may_inherit(tokens, index, number):
            clause.leftovers.append(Leftover(number.text, number.span, "a number without a unit"))
            return
        number = with_unit(number, unit)
        scale = inherit.scale_of_list(tokens, index)
        if scale > 1:
            number = replace(
                number,
                value=number.value * scale,
                last_unit=number.last_unit * scale,
                round_unit=number.round_unit * scale,
            )
        elif tokens[index - 1].low == "(" and number.value < 1000 and clause.scale > 1:
            number = replace(
                number,
                value=number.value * clause.scale,
                last_unit=number.last_unit * clause.scale,
                round_unit=number.round_unit * clause.scale,
            )
    if (
        clause.quotas
        and clause.segment.head is None
        and sense.role == "level"
        and any(token.kind == "pronoun" for token in tokens)
    ):
        sense = replace(sense, role="quota")
    if sense.role == "count" and number.unit == "":
        counted = [other.number.unit for other in tokens[:index] if other.number is not None]
        number = with_unit(number, next((unit for unit in counted if unit_kind(unit) == "count"), ""))
    if sense.role == "count" and number.unit not in group("counted"):
        clause.leftovers.append(
            Leftover(number.text, number.span, "a count of something trade statistics do not measure")
        )
        return
    build = {
        "level": _level,
        "base": _level,
        "change": _change,
        "amount": _amount,
        "share": _share,
        "base_share": _share,
        "quota": _quota,
        "quota_share": _share,
        "count": _count,
    }[sense.role]
    draft = build(clause, sense, number)
    earlier = clause.drafts[-1] if clause.drafts else None
    if draft.type == "change" and earlier is not None and retold.goes_on(tokens, earlier.position, index):
        draft.trade = earlier.trade
    if draft.type == "share" and earlier is not None and index and tokens[index - 1].low == "or":
        draft.trade = earlier.trade  # "Azerbaijan 7.5 bcm, or 15 percent"
    if earlier is not None and retold.in_other_units(tokens, index, earlier):
        draft.trade, draft.period, draft.period_from = earlier.trade, earlier.period, earlier.period_from
    if reach.is_yearly(tokens, index) and sense.role == "level":
        draft.period = None
    if retold.restates(tokens, index, number) and clause.drafts:
        first = clause.drafts[-1]
        if first.number is not None:
            first.number = replace(first.number, restated=(*first.number.restated, number))
        draft.period, draft.period_from, draft.base_period = first.period, first.period_from, first.base_period
    if planned and sense.role not in {"quota", "base"}:
        draft.type, draft.modality = "forecast", "planned"
        if not any(token.kind == "period" for token in (*clause.before, *tokens)):
            # A plan that names no year is of none, whatever year the story speaks of.
            draft.period = None
        draft.period = reach.aimed_at(clause) or draft.period
    terms = reach.in_terms_of(tokens, index) if draft.type == "change" else ""
    if terms == "weight":
        draft.measure = "weight"
    elif terms == "money":
        draft.trade = replace(draft.trade, unresolved=(*draft.trade.unresolved, "unit"))
    lacks_base = draft.type == "change" and draft.base_period is None
    if lacks_base and (reach.spans_years(tokens, index) or reach.as_much_as_another(tokens, index)):
        draft.trade = replace(draft.trade, unresolved=(*draft.trade.unresolved, "base_period"))
    if index and tokens[index - 1].low == "not" and draft.type in {"flow_value", "total", "balance"}:
        draft.modality = "denied"  # "were not $9 million"
    if unit_kind(number.unit) in MEASURES:
        clause.unit = number.unit
        clause.scale = scale_of(number) if written(tokens[index]).unit else clause.scale
    clause.drafts.append(draft)


def _tells_a_part(clause: Clause) -> bool:
    """Tell whether the partner is only that of a part: "exports, 90 percent of which go to China, reached ..."."""
    tokens = clause.segment.tokens
    part = any(
        token.low == "of which" and at and tokens[at - 1].number is not None and tokens[at - 1].kind == "number"
        for at, token in enumerate(tokens)
    )
    return part and clause.trade.kind == "export"


def _draft(clause: Clause, kind: ClaimType, sense: Sense, number: Written) -> Draft:
    tokens = clause.segment.tokens
    period = clause.period
    own = period_of_number(clause, sense.index)
    trade = trade_of_number(clause, sense.index)
    if sense.role != "share" and _tells_a_part(clause):
        trade = trade.with_partner(WORLD)
    if number.unit != "%" and goods_of_the_part(clause, sense.index):
        trade = replace(trade, goods=ALL_GOODS)
    named = goods_of_number(clause, sense.index)
    trade = reach.of_all_told(clause, number, trade)
    return Draft(
        kind,
        replace(trade, goods=named) if named else trade,
        tokens[0].start,
        tokens[-1].end,
        number,
        period=own or period,
        position=tokens[sense.index].start,
        calendar=clause.calendar,
        measure=MEASURES.get(unit_kind(number.unit), "value"),  # type: ignore[arg-type]
        aside=clause.aside,
    )


def _level(clause: Clause, sense: Sense, number: Written) -> Draft:
    kind: ClaimType = "flow_value"
    if clause.trade.kind == "total" or clause.trade.kind == "balance":  # noqa: PLR1714 - narrows the type
        kind = clause.trade.kind
    draft = _draft(clause, kind, sense, number)
    if kind == "total" and draft.trade.kind == "export":
        draft.type = "flow_value"
    if kind == "balance":
        draft.direction = clause.trade.direction
    if (
        any(token.kind == "share" and token.value == "from" for token in clause.segment.tokens)
        and clause.trade.kind == "import"
    ):
        draft.trade = replace(draft.trade, exporter=WORLD)
    if sense.role == "base":
        draft.period = base_period_at(clause, sense.index) or period_of_number(clause, sense.index)
        draft.period_from = "base"
    return draft


def _change(clause: Clause, sense: Sense, number: Written) -> Draft:
    tokens = clause.segment.tokens
    draft = _draft(clause, "change", sense, number)
    mode: ChangeMode = "multiple" if number.unit == "x" else "points" if number.unit == "pp" else "relative"
    if number.unit == "%" and is_fraction_word(number):
        mode = "fraction"
    draft.mode, draft.direction = mode, sense.direction
    draft.base_period = base_of(clause, sense.index, draft)
    if draft.period is None and draft.base_period is not None and reach.as_much_as_another(tokens, sense.index):
        draft.period, draft.base_period = draft.base_period, told_later(clause, sense.index, draft.base_period)
    draft.measure = None
    return draft


def _amount(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "change", sense, number)
    draft.mode, draft.direction = "absolute", sense.direction
    draft.base_period = base_of(clause, sense.index, draft)
    return draft


def _share(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "share", sense, number)
    draft.whole = _whole_words(clause, sense.index)
    if reach.stands(clause.segment.tokens, sense.index):
        draft.period = None  # "Togo accounts for 40 percent": of no month in particular
    if sense.role == "base_share":
        draft.period = base_period_at(clause, sense.index) or period_of_number(clause, sense.index)
        draft.period_from = "base"
    draft.measure = None
    return draft


def _whole_words(clause: Clause, index: int) -> str | None:
    tokens = clause.segment.tokens
    start = index + 1
    if start < len(tokens) and tokens[start].low != "of":
        start = next((at for at, token in enumerate(tokens) if token.kind == "share"), len(tokens))
    words: list[str] = []
    if start < len(tokens) and tokens[start].kind == "share":
        links = [at for at in range(start, len(tokens)) if tokens[at].low in {"of", "in"}]
        inner = [
            at for at in links if tokens[at].low == "in" and any(token.kind == "flow" for token in tokens[at : at + 5])
        ]
        start = (inner or links or [start])[0]
    for token in tokens[start + 1 :]:
        if token.low in {",", ";", ".", "(", ")", "in", "from", "to"} or token.kind in {
            "period",
            "move",
            "number",
            "say",
            "base",
        }:
            if words:
                break
            continue
        words.append(token.text)
    return " ".join(words) or None


def _quota(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "quota", sense, number)
    draft.trade = reach.capped(draft.trade)
    tokens = clause.segment.tokens
    for token in tokens:
        if token.kind == "period" and period_words(token).kind == "day":
            words = period_words(token)
            year = spans.resolve(words, clause.now(None))
            if year is not None:
                draft.period = Period.months_of(year.last // 12)
                return draft
    yearly = any(token.low in {"annual", "annually", "per", "year"} or "annual" in token.low for token in tokens)
    named = any(token.kind == "period" and not names_a_document(tokens, at) for at, token in enumerate(tokens))
    near = {token.low for token in tokens[max(0, sense.index - 4) : sense.index + 4]}
    standing = bool(near & group("each_year")) and not clause.zones[sense.index]
    told = any(token.kind == "period" for token in tokens[max(0, sense.index - 4) : sense.index + 4])
    if not named or (draft.period is None and yearly) or (standing and not told):
        draft.period = None
    return draft


def _count(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "count", sense, number)
    draft.measure = "count"
    return draft
