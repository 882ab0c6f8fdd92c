"""What a story is remembered to have said after each clause and sentence: its trade, its period, whose side it takes.

Owns what later sentences lean on. Reading a clause is `frames` and `cues`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words.parties import is_group
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims import clause as clauses
    from tidewaiter.news.claims.draft import Draft, Known, Segment, Trade
    from tidewaiter.news.words.tokens import Token

LEVELS: Final = ("flow_value", "total", "balance")
_YEAR: Final = 12
_TELLING: Final = 1000
"""The least amount by which a figure told again is known."""


def remember(known: Known, segment: Segment, trade: Trade, clause: clauses.Clause) -> None:  # noqa: C901, PLR0912 - a list of cases, the first that fits
    """Keep what a clause told: its trade, whose side it takes, its period and its goods."""
    known.world.update(
        draft.trade.owner for draft in clause.drafts if draft.type in LEVELS and draft.trade.partner == WORLD
    )
    known.world.update(_wholes_told(segment.tokens, clause))
    if segment.head is None and (trade.filled or not (trade.exporter and trade.importer and clause.drafts)):
        return
    said = any(draft.number is not None for draft in clause.drafts)
    own = {
        "import": {"buyer", "buyers", "importer", "importers", "customer", "customers", "purchaser"},
        "export": {"supplier", "suppliers", "exporter", "exporters"},
    }
    known.peers_own = any(token.low in own.get(trade.kind, set()) for token in segment.tokens)
    known.partner_is_maker = _only_made_by(segment.tokens, trade)
    levels = any(draft.type in LEVELS for draft in clause.drafts)
    if not levels and any(draft.type == "quota" for draft in clause.drafts):
        return
    known.trade = trade
    known.buyers.update(
        (draft.trade.exporter, draft.trade.importer)
        for draft in clause.drafts
        if draft.type == "flow_value" and not {draft.trade.exporter, draft.trade.importer} & {None, WORLD}
    )
    if trade.kind in {"import", "export"} and not is_group(trade.partner or ""):
        known.flow = _of_all_listed(trade, clause.drafts, known)
    sides = [code for code in (trade.exporter, trade.importer) if code not in {None, WORLD}]
    if trade.owner is None and len(sides) == 1:
        known.home = known.home or sides[0]
        known.owner = known.owner or sides[0]
    if trade.of_both and known.home is None and known.source in trade.pair:
        known.home = known.owner = known.source
    elif trade.of_both:
        known.owner = known.owner or trade.owner
    elif trade.owner not in {None, WORLD}:
        known.home = known.home or trade.owner
        aside = known.owner in {None, known.home} and (
            known.home == trade.partner or _by_the_way(segment, trade, known)
        )
        known.owner = known.home if aside else trade.owner
        if trade.kind == "import" and not aside:
            known.buyer = trade.owner
        elif trade.kind == "export" and not aside:
            known.seller = trade.owner
    planned = any(token.kind == "plan" for token in segment.tokens)
    back = _looks_back(segment.tokens) and _is_older(clause.period, known.period)
    ahead = clause.period is not None and _is_not_over(clause.period, known)
    if not said and clause.period is not None and not (clause.aside or planned or back or ahead):
        known.period = clause.period
    if len(trade.pair) == 2 and WORLD not in trade.pair and not known.pair:
        known.pair = trade.pair
    elif not known.pair and trade.exporter and trade.importer and WORLD not in {trade.exporter, trade.importer}:
        known.pair = (trade.owner or trade.exporter, trade.partner or trade.importer)
    if trade.goods.text is not None:
        known.last_goods = trade.goods
    elif trade.kind == "total" and said:
        known.last_goods = ALL_GOODS


def _wholes_told(tokens: Sequence[Token], clause: clauses.Clause) -> set[str | None]:
    """Find whose whole exports or imports a share is of: "34 % of Fiji's exports went to ..."."""
    if len(tokens) < 4 or not any(draft.type == "share" for draft in clause.drafts):
        return set()
    opened = next((at for at in range(min(4, len(tokens) - 3)) if tokens[at].kind == "number"), None)
    if opened is None or tokens[opened + 1].low != "of" or any(one.kind == "party" for one in tokens[:opened]):
        return set()
    owner, flow = tokens[opened + 2], tokens[opened + 3]
    one_way = flow.kind == "flow" and flow.value in {"import", "export"}
    return {owner.code} if owner.kind == "party" and owner.owns and one_way else set()


def _is_not_over(period: Period, known: Known) -> bool:
    """Tell whether a year was still running at publication: what is told of it by the way has no figures yet."""
    day = known.published_on
    return day is not None and period.length == _YEAR and period.last >= day.year * 12 + day.month - 1


def _by_the_way(segment: Segment, trade: Trade, known: Known) -> bool:
    """Tell whether another country only does something in a story of its own ("Spain's refiners took 65,000")."""
    acts = segment.head is not None and segment.tokens[segment.head].form == "verb"
    return acts and bool(trade.filled) and known.home not in {None, trade.owner}


def _of_all_listed(trade: Trade, drafts: Sequence[Draft], known: Known) -> Trade:
    """Keep of a list of partners only the side they share: none of them is whom the story goes on about."""
    told = [draft.trade for draft in drafts if draft.type in LEVELS and draft.trade.kind in {"import", "export"}]
    sellers, buyers = {one.exporter for one in told} - {WORLD}, {one.importer for one in told} - {WORLD}
    if len(sellers) == 1 and len(buyers) > 1 and trade.exporter in sellers:
        shared = replace(trade, importer=None, unresolved=("importer",))
    elif len(buyers) == 1 and len(sellers) > 1 and trade.importer in buyers:
        shared = replace(trade, exporter=None, unresolved=("exporter",))
    else:
        return trade
    if known.home in {shared.exporter, shared.importer}:
        return replace(shared, kind="export" if shared.exporter else "import", owner=known.home)
    return shared if trade.owner in {shared.exporter, shared.importer} else replace(shared, owner=None)


def _only_made_by(tokens: Sequence[Token], trade: Trade) -> bool:
    """Tell whether the partner is told only as the maker of the goods ("EU imports of Russian coal")."""
    told = [
        (token, after.kind)
        for token, after in pairwise(tokens)
        if token.kind == "party" and token.code == trade.partner
    ]
    return (
        trade.kind == "import"
        and bool(told)
        and all(token.form == "adjective" and kind in {"goods", "generic"} for token, kind in told)
    )


def learn_shift(known: Known, drafts: Sequence[Draft]) -> None:
    """Remember how far back the story compares, for bases that name no period."""
    shifts = [
        draft.base_period.first - draft.period.first
        for draft in drafts
        if draft.type == "change" and draft.base_period and draft.period
    ]
    levels = [draft for draft in drafts if draft.type in LEVELS and draft.period is not None]
    first = next((draft.period for draft in levels if draft.period_from != "base"), None)
    shifts += [
        draft.period.first - first.first
        for draft in levels
        if draft.period_from == "base" and draft.period is not None and first is not None
    ]
    if shifts and -shifts[-1] in {1, 3, 12}:
        known.base_shift = shifts[-1]


def _looks_back(line: Sequence[Token]) -> bool:
    """Tell whether a sentence only looks back ("before the war the figure was", "trade had topped")."""
    if any(
        token.low == "last" and (after.low == "time" or after.low in group("exceeds"))
        for token, after in pairwise(line)
    ):
        return True
    opened = line[0].period if line else None
    if opened is not None and opened.kind == "earlier_year":
        return True  # "A year ago they were $2 billion"
    if len(line) > 1 and line[0].low == "in":
        line = line[1:]
        words = line[0].period
        if words is not None and words.kind == "span" and words.year is not None and words.last - words.first == 11:
            return True  # "In 2019 trade was $5 billion", in a story of 2020
    aside = len(line) > 2 and line[0].kind == "period" and line[1 + (line[1].low == ",")].form == "it"
    if aside and not any(token.kind == "flow" for token in line):
        return True  # "In 2018 it was $2 billion."
    return any(
        token.low in group("looks_back") or (token.kind == "pronoun" and token.form == "figure") for token in line
    )


def _is_by_the_way(main: Sequence[Draft], known: Known) -> bool:
    """Tell whether only a share is told of part of the time that the story is of ("its share fell to 9% in June")."""
    told, story = main[0].period, known.history[0] if known.history else None
    points = {"share"} | ({"change"} if all(one.type != "change" or one.mode == "points" for one in main) else set())
    return (
        all(one.type in points for one in main)
        and told is not None
        and story is not None
        and story == known.period
        and story.length > told.length
        and story.contains(told)
    )


def _is_older(period: Period | None, current: Period | None) -> bool:
    return period is not None and current is not None and period.last < current.first


def _dated_in_brackets(draft: Draft, line: Sequence[Token]) -> bool:
    """Tell whether a figure stands in brackets with a date of its own: "(33 % in 2010, 41 % in 2011)"."""
    opened = None
    for at, token in enumerate(line):
        if token.low == "(":
            opened = at
        elif token.low == ")":
            inside = line[opened:at] if opened is not None else ()
            if any(one.start == draft.position for one in inside):
                return any(one.kind == "period" for one in inside)
            opened = None
    return False


def close(known: Known, drafts: Sequence[Draft], line: Sequence[Token]) -> None:
    """Keep what a sentence told as a whole: its last level and the period it leaves the story at."""
    for draft in drafts:
        if draft.number is not None and draft.type in LEVELS and draft.number.value >= _TELLING:
            known.figures[draft.number.value, draft.number.unit] = draft
    known.level = next(
        (draft for draft in reversed(drafts) if draft.type in LEVELS and draft.period_from != "base"), known.level
    )
    main = [
        draft
        for draft in drafts
        if draft.period_from != "base"
        and not draft.aside
        and draft.period is not None
        and draft.type not in {"quota", "forecast"}
        and not _dated_in_brackets(draft, line)
    ]
    known.partner = None
    told = {draft.trade.partner for draft in drafts if draft.trade.owner == known.owner and draft.type != "quota"}
    if drafts:
        partners = told - {None, WORLD}
        known.several = len(partners) > 1
        known.last_partner = partners.pop() if len(partners) == 1 else None
    if drafts and any(("period", "rolling window") in draft.trade.filled for draft in drafts):
        known.period = None  # "this period" after it is that window too
    known.history.extend(draft.period for draft in main if draft.period is not None)
    levels = [draft for draft in drafts if draft.type in LEVELS and draft.period_from != "base"]
    if levels and levels[0].period is None and main and main[0] is not levels[0] and known.period is None:
        main = []  # "exports are $5 million, and in 2013 they had been ...": the story is of no time told yet
    ahead = bool(main) and all(one.number is None and one.period and _is_not_over(one.period, known) for one in main)
    if (
        main
        and not ahead
        and not (_looks_back(line) and _is_older(main[0].period, known.period))
        and not _is_by_the_way(main, known)
    ):
        known.period = main[0].period
        year = main[0].period.last // 12 if main[0].period else None
        early = known.published_on is None or (year is not None and year < known.published_on.year - 1)
        known.year = year if early else None
