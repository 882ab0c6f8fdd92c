"""Claims of one clause: its numbers with their roles, set on the trade the clause speaks of.

Owns what becomes a claim and how the claims of a clause hang together (level, change, base). Periods are
attached as written; `fill` resolves what leans on other sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tidewaiter.base.period import Period
from tidewaiter.news import roles, spans
from tidewaiter.news.draft import WORLD, Draft, Known, Segment, Trade, period_words, written
from tidewaiter.news.model import Leftover
from tidewaiter.news.numbers import is_fraction_word, scale_of, unit_kind, with_unit
from tidewaiter.news.tables import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import ChangeMode, ClaimType, Direction, Goods, Written
    from tidewaiter.news.roles import Sense
    from tidewaiter.news.tokens import Token

_MEASURES = {"money": "value", "weight": "weight", "volume": "volume", "rate": "volume"}


@dataclass(slots=True)
class Clause:
    """One clause being read into claims."""

    segment: Segment
    trade: Trade
    known: Known
    lead_period: Period | None
    unit: str
    drafts: list[Draft] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    zones: list[bool] = field(default_factory=list)
    period: Period | None = None
    calendar: Literal["iranian", "fiscal"] | None = None
    shares: bool = False
    previous_level: Draft | None = None
    ends: tuple[Period, Period] | None = None
    quotas: bool = False
    aside: bool = False
    elided: Direction | None = None
    before: tuple[Token, ...] = ()
    """The tokens of the sentence before this clause."""
    scale: Fraction = Fraction(1)

    def now(self, current: Period | None) -> spans.Now:
        """Return what the clause's periods lean on."""
        return spans.Now(self.known.published_on, current, self.known.year, tuple(self.known.history))


def read(clause: Clause) -> Clause:
    """Read every claim of the clause; numbers that none takes up become leftovers with a reason."""
    tokens = clause.segment.tokens
    clause.zones = roles.base_zones(tokens)
    clause.period, clause.calendar = _own_period(clause)
    clause.ends = _two_ends(clause) or clause.ends
    clause.shares = clause.shares or bool(clause.segment.wholes) or any(token.kind == "share" for token in tokens)
    for sense in roles.senses(tokens, clause.zones, shares=clause.shares):
        _take(clause, sense, planned=_is_planned(tokens, sense.index))
    if any(token.kind == "deny" for token in (*clause.before, *tokens)):
        for draft in clause.drafts:
            draft.modality = "denied"
    _link(clause)
    _set_ends(clause)
    return clause


def _is_planned(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a number is only expected or aimed at: a plan word before it with no comma between."""
    for token in reversed(tokens[:index]):
        if token.low in {",", ";", "after"}:
            return False
        if token.kind == "plan":
            return True
    return False


def _set_ends(clause: Clause) -> None:
    """Give figures told "from A to B" the two ends of the period, or of the pair told before in the sentence."""
    levels = [draft for draft in clause.drafts if draft.type != "change"]
    bases = [draft for draft in levels if draft.period_from == "base"]
    others = [draft for draft in levels if draft.period_from != "base"]
    if len(bases) == 1 and len(others) == 1 and clause.ends is not None:
        if bases[0].period is None or bases[0].period == others[0].period or bases[0].period.contains(clause.ends[0]):
            bases[0].period, others[0].period = clause.ends
    if len(bases) == 1 and len(others) == 1 and bases[0].period is not None and others[0].period is not None:
        clause.ends = (bases[0].period, others[0].period)
    for change in clause.drafts:
        if (
            change.type == "change"
            and clause.ends is not None
            and change.base_period is None
            and change.period is not None
            and change.period.contains(clause.ends[1])
        ):
            change.base_period, change.period = clause.ends
    for base in bases:
        if base.period is None and clause.period is not None:
            shift = -12 if clause.period.is_full_years else clause.known.base_shift
            base.period = spans.before(clause.period, shift) if shift is not None else None


def _own_period(clause: Clause) -> tuple[Period | None, Literal["iranian", "fiscal"] | None]:
    """Find the period the clause's main figures speak of: the first that is not a base nor tied to one number."""
    tokens = clause.segment.tokens
    now = clause.now(clause.lead_period or clause.known.period)
    chosen: Period | None = None
    for index, token in enumerate(tokens):
        if token.kind != "period" or clause.zones[index]:
            continue
        words = period_words(token)
        if words.kind == "unknown":
            return None, words.calendar
        if words.kind in {"since", "run", "day"} or (words.is_relative and _compares(tokens, index)):
            continue
        if (
            _names_a_document(tokens, index)
            or (_in_parentheses(tokens, index)
            and words.kind == "span"
            and chosen is not None)
        ):
            continue
        resolved = spans.resolve(words, now)
        inner = tokens[index + 2] if index + 2 < len(tokens) and tokens[index + 1].low == "(" else None
        if (
            (inner is not None
            and inner.kind == "period"
            and period_words(inner).kind == "span"
            and words.kind != "span")
            or (inner is not None and inner.kind == "period" and words.calendar == "iranian")
        ):
            told = spans.resolve(period_words(inner), now)
            return told or resolved, period_words(inner).calendar or words.calendar
        if resolved is not None:
            clause.aside = words.is_relative
            return resolved, words.calendar
        chosen = chosen or resolved
    return clause.lead_period or clause.known.period or _year_just_over(clause), None


def _year_just_over(clause: Clause) -> Period | None:
    """Take the year just over where a story of its first months compares with "the previous year" and names none."""
    day = clause.known.published_on
    tokens = clause.segment.tokens
    if day is None or day.month > 3:
        return None
    for token in tokens:
        words = token.period
        yearly = words is not None and words.kind == "earlier_year" and "year" in words.text and "-" not in words.text
        if yearly or (words is not None and words.year == day.year - 2 and words.last - words.first == 11):
            return Period.months_of(day.year - 1)
    return None


def _two_ends(clause: Clause) -> tuple[Period, Period] | None:
    """Find the two ends of "between March 2022 and June 2023", where figures stand at the ends."""
    tokens = clause.segment.tokens
    for index, token in enumerate(tokens):
        if token.kind != "period" or not period_words(token).ends:
            continue
        whole = spans.resolve(period_words(token), clause.now(clause.period))
        if whole is None:
            continue
        size = 12 if whole.is_full_years and whole.length > 12 else 1
        _ = index
        return Period(whole.first, whole.first + size - 1), Period(whole.last - size + 1, whole.last)
    months = [token for token in tokens if token.kind == "period" and period_words(token).kind == "span"]
    if any(token.low == "between" for token in tokens) and len(months) == 2:
        now = clause.now(clause.period)
        first, last = (spans.resolve(period_words(token), now) for token in months)
        if first is not None and last is not None and first < last:
            return first, last
    return None


def _compares(tokens: Sequence[Token], index: int) -> bool:
    return any(
        token.kind in {"move", "base"} or (token.number is not None and token.number.unit in {"%", "x"})
        for token in tokens
    )


def _names_a_document(tokens: Sequence[Token], index: int) -> bool:
    before = [token.low for token in tokens[max(0, index - 4) : index]]
    return any(
        word in before
        for word in ("resolution", "sanctions", "act", "law", "agreement", "launched", "founded", "treaty")
    )


def _in_parentheses(tokens: Sequence[Token], index: int) -> bool:
    depth = 0
    for token in tokens[:index]:
        depth += (token.low == "(") - (token.low == ")")
    return depth > 0


def _take(clause: Clause, sense: Sense, *, planned: bool) -> None:
    tokens, index = clause.segment.tokens, sense.index
    number = written(tokens[index])
    if (
        sense.role == "skip"
        and clause.elided
        and number.unit == "%"
        and index + 1 < len(tokens)
        and tokens[index + 1].low == "to"
    ):
        sense = replace(sense, role="change", direction=clause.elided)
    if sense.role in {"skip", "run"}:
        clause.leftovers.append(Leftover(number.text, number.span, sense.reason))
        return
    if number.unit == "" and sense.role in {"level", "base"}:
        unit = _unit_after(tokens, index) or clause.unit
        if not unit or not _may_inherit(tokens, index, number):
            clause.leftovers.append(Leftover(number.text, number.span, "a number without a unit"))
            return
        number = with_unit(number, unit)
        if tokens[index - 1].low == "(" and number.value < 1000 and clause.scale > 1:
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
    if sense.role == "count":
        if number.unit not in {"transactions", "shipments"} or clause.segment.head is None:
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
    if _restates(tokens, index, number) and clause.drafts and clause.drafts[-1].number is not None:
        first = clause.drafts[-1]
        first.number = replace(first.number, restated=(*first.number.restated, number))
        draft.period, draft.period_from, draft.base_period = first.period, first.period_from, first.base_period
    if planned and sense.role not in {"quota", "base"}:
        draft.type, draft.modality = "forecast", "planned"
    if unit_kind(number.unit) in _MEASURES:
        clause.unit = number.unit
        clause.scale = scale_of(number) if written(tokens[index]).unit else clause.scale
    clause.drafts.append(draft)


def _restates(tokens: Sequence[Token], index: int, number: Written) -> bool:
    """Tell whether a number only repeats the one before it in another currency: "yuan ($71 million)"."""
    if index < 2 or tokens[index - 1].low != "(" or tokens[index - 2].kind != "number":
        return False
    earlier = written(tokens[index - 2]).unit
    return earlier != number.unit and unit_kind(earlier) == "money" == unit_kind(number.unit)


def _unit_after(tokens: Sequence[Token], index: int) -> str:
    """Find the unit a bare number shares with the next one: "from 5.7 billion to 6.9 billion dollars"."""
    for at in (index + 2, index + 3):
        if at < len(tokens) and tokens[at].kind == "number" and tokens[at - 1].low in {"to", "and", "or", "from"}:
            unit = written(tokens[at]).unit
            return unit if unit_kind(unit) in _MEASURES else ""
    return ""


def _may_inherit(tokens: Sequence[Token], index: int, number: Written) -> bool:
    before = tokens[index - 1].low if index else ""
    large = number.value >= 1000 or number.last_unit >= 1000
    return large or before in {"(", "from", "to", "against"} or "." in number.text


def _draft(clause: Clause, kind: ClaimType, sense: Sense, number: Written) -> Draft:
    tokens = clause.segment.tokens
    period = clause.period
    own = _period_of_number(clause, sense.index)
    trade = _trade_of_number(clause, sense.index)
    named = _goods_of_number(clause, sense.index)
    return Draft(
        kind,
        replace(trade, goods=named) if named else trade,
        tokens[0].start,
        tokens[-1].end,
        number,
        period=own or period,
        position=tokens[sense.index].start,
        calendar=clause.calendar,
        measure=_MEASURES.get(unit_kind(number.unit), "value"),  # type: ignore[arg-type]
        aside=clause.aside,
    )


def _trade_of_number(clause: Clause, index: int) -> Trade:
    """Give a number that stands with a country of its own ("Iraq with $2.9 billion") that country as partner."""
    tokens, trade = clause.segment.tokens, clause.trade
    at = index - 1
    while at >= 0 and tokens[at].low in {"just", "only", "some", "a", "the"}:
        at -= 1
    if at < 1 or tokens[at].low not in {"with", "(", "at", ":"} or tokens[at - 1].kind != "party":
        return trade
    code = tokens[at - 1].code
    before = tokens[at - 2].low if at >= 2 else ""
    if tokens[at].low != "(" and before in {"from", "to", "with"}:
        return trade
    if (
        tokens[at].low == "with"
        and clause.segment.head is not None
        and at < clause.segment.head
        and tokens[at - 1].owns
    ):
        return trade
    peers = any(token.low in {"after", "importers", "buyers", "behind"} for token in tokens[:at])
    if peers or clause.known.peers_own:
        return trade.with_owner(code)
    if code in {trade.exporter, trade.importer, trade.owner}:
        return trade
    return trade.with_partner(code)


def _goods_of_number(clause: Clause, index: int) -> Goods | None:
    """Find goods set right before a number in a list: "urea, $8.84 million", "coal ($70 million)"."""
    tokens = clause.segment.tokens
    listed = sum(token.kind == "goods" for token in tokens) > 1 and sum(token.kind == "number" for token in tokens) > 1
    if (
        listed
        and index >= 2
        and tokens[index - 1].low in {",", "(", "at", "with"}
        and tokens[index - 2].kind == "goods"
    ):
        return tokens[index - 2].goods
    return None


def _period_of_number(clause: Clause, index: int) -> Period | None:
    """Find the period that is tied to one number: right after it, in its parentheses, or before a parenthesis."""
    tokens = clause.segment.tokens
    now = clause.now(clause.period or clause.known.period)
    if index >= 2 and tokens[index - 1].low == "(" and tokens[index - 2].kind == "period":
        return spans.resolve(period_words(tokens[index - 2]), now)
    for back in range(index - 1, -1, -1):
        if tokens[back].low == ")":
            break
        if tokens[back].low == "(":
            inside = [token for token in tokens[back:index] if token.kind == "period"]
            return spans.resolve(period_words(inside[-1]), now) if inside else None
    for step, token in enumerate(tokens[index + 1 : index + 9]):
        if token.kind == "period":
            words = period_words(token)
            at = index + 1 + step
            if words.kind in {"since", "run", "day"}:
                return None
            if clause.zones[at] != clause.zones[index] or (
                words.is_relative and not clause.zones[index] and _compares(tokens, at)
            ):
                return None
            if at + 1 < len(tokens) and tokens[at + 1].low in {"level", "levels", "average", "figure"}:
                return None
            return spans.resolve(words, now)
        if token.kind == "flow" and token.form == "verb":
            continue
        if token.kind in {"number", "move", "base", "and", "flow", "say"} or token.low in {",", ";", ":", "(", ")"}:
            return None
    return None


def _level(clause: Clause, sense: Sense, number: Written) -> Draft:
    kind: ClaimType = "flow_value"
    if clause.trade.kind in {"total", "balance"}:
        kind = clause.trade.kind  # type: ignore[assignment]
    draft = _draft(clause, kind, sense, number)
    if kind == "balance":
        draft.direction = clause.trade.direction
    if (
        any(token.kind == "share" and token.low in {"came from", "come from"} for token in clause.segment.tokens)
        and clause.trade.kind == "import"
    ):
        draft.trade = replace(draft.trade, exporter=WORLD)
    if sense.role == "base":
        draft.period = _base_period(clause, sense.index) or _period_of_number(clause, sense.index)
        draft.period_from = "base"
    return draft


def _base_period(clause: Clause, index: int) -> Period | None:
    """Resolve the base period that stands in the same comparison as `index`, or after a change word."""
    tokens = clause.segment.tokens
    now = clause.now(clause.period or clause.known.period)
    for at in (*range(index + 1, len(tokens)), *range(index - 1, -1, -1)):
        token = tokens[at]
        if (
            at > index
            and token.kind == "number"
            and written(token).unit not in {"%", "x", "pp"}
            and not clause.zones[at]
        ):
            if any(other.kind == "period" for other in tokens[index:at]):
                break
        if token.kind != "period":
            continue
        words = period_words(token)
        if words.kind in {"since", "run", "day"}:
            continue
        possessive = words.text.casefold() in {"last year's", "last year’s"}
        if possessive and clause.zones[at] and clause.period is not None and clause.period.length < 12:
            return spans.before(clause.period)
        if clause.zones[at] or words.is_relative:
            found = spans.resolve(words, now)
            if found is not None:
                return found
    return None


def _change(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "change", sense, number)
    mode: ChangeMode = "multiple" if number.unit == "x" else "points" if number.unit == "pp" else "relative"
    if number.unit == "%" and is_fraction_word(number):
        mode = "fraction"
    draft.mode, draft.direction = mode, sense.direction
    draft.base_period = _base_period(clause, sense.index)
    draft.measure = None
    return draft


def _amount(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "change", sense, number)
    draft.mode, draft.direction = "absolute", sense.direction
    draft.base_period = _base_period(clause, sense.index)
    return draft


def _share(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "share", sense, number)
    draft.whole = _whole_words(clause, sense.index)
    if sense.role == "base_share":
        draft.period = _base_period(clause, sense.index) or _period_of_number(clause, sense.index)
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
        start = next((at for at in range(start, len(tokens)) if tokens[at].low in {"of", "in"}), start)
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
    draft.trade = _capped(draft.trade)
    tokens = clause.segment.tokens
    for token in tokens:
        if token.kind == "period" and period_words(token).kind == "day":
            words = period_words(token)
            year = spans.resolve(words, clause.now(None))
            if year is not None:
                draft.period = Period.months_of((year.last if words.year else year.last) // 12)
                return draft
    yearly = any(token.low in {"annual", "annually", "per", "year"} or "annual" in token.low for token in tokens)
    named = any(token.kind == "period" and not _names_a_document(tokens, at) for at, token in enumerate(tokens))
    if not named or (draft.period is None and yearly):
        draft.period = None
    return draft


def _capped(trade: Trade) -> Trade:
    """Keep of a quota's trade the side that is named, or the target of the sanctions: a cap binds all others."""
    filled = {slot for slot, _ in trade.filled}
    targets = {row["code"] for row in rows("quota_targets")}
    if "trade" in filled or {"exporter", "importer"} <= filled:
        if trade.importer in targets:
            return replace(trade, exporter=None)
        return replace(trade, importer=None) if trade.exporter in targets else trade
    if "exporter" in filled and trade.importer is not None:
        return replace(trade, exporter=None)
    return replace(trade, importer=None) if "importer" in filled else trade


def _count(clause: Clause, sense: Sense, number: Written) -> Draft:
    draft = _draft(clause, "count", sense, number)
    draft.measure = "count"
    return draft


def _link(clause: Clause) -> None:
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
        change.level = near[0] if near else clause.previous_level
        later = [draft for draft in bases if draft.position > change.position]
        others = [other for other in changes if other.position > change.position]
        later = [draft for draft in later if not any(other.position < draft.position for other in others)]
        change.base = later[0] if later else (bases[0] if bases and len(changes) == 1 else None)
        if change.base is not None and change.base.period is not None:
            change.base_period = change.base.period
    for base in bases:
        if base.period is None:
            periods = [change.base_period for change in changes if change.base_period is not None]
            base.period = periods[0] if periods else None
    _direction_only(clause, levels, bases, changes)


def _direction_only(clause: Clause, levels: list[Draft], bases: list[Draft], changes: list[Draft]) -> None:
    tokens = clause.segment.tokens
    if changes or len(bases) != 1 or not (levels or clause.previous_level):
        return
    cue = next(
        (token for token in tokens if token.kind == "base" and token.value and token.start < bases[0].position), None
    )
    runs = any(token.kind == "period" and period_words(token).kind in {"run", "recent"} for token in tokens)
    if cue is None and runs:
        cue = next(
            (token for token in tokens if token.kind == "move" and token.value and token.start < bases[0].position),
            None,
        )
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
            tokens[0].start,
            tokens[-1].end,
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
