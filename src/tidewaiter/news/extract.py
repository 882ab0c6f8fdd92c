"""From a story to its claims: sentence by sentence, each filled from what the story said before.

Owns the order of reading and the state that is carried along. Pure: no disk but the word tables, no network,
no clock. What no claim takes up is listed with a reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news import cues, flows, frames, people, segments, sentences, spans, tokens
from tidewaiter.news.draft import WORLD, Draft, Known, Segment, Trade, period_words
from tidewaiter.news.finish import finish
from tidewaiter.news.lists import zip_lists
from tidewaiter.news.model import ALL_GOODS, Extraction, Goods, Leftover, Story
from tidewaiter.news.numbers import unit_kind
from tidewaiter.news.parties import is_group
from tidewaiter.news.tables import alternation, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.sentences import Sentence
    from tidewaiter.news.tokens import Token

LONGEST: Final = 150_000
"""Characters of a story that are read; a longer text is no news story, and the rest is named as unread."""

_LEVELS: Final = ("flow_value", "total", "balance")


def extract(story: Story) -> Extraction:
    """Read every trade claim of a story, in the order of the text, and list the numbers left over."""
    if story.language != "en":
        return Extraction(story, (), ())
    text = story.text[:LONGEST]
    parts = sentences.split(text)
    lexed = [segments.set_aside_sources(_in_cast(tokens.lex(text, part.start, part.end), text)) for part in parts]
    known = _begin(story, lexed)
    captions = sentences.captions(text, parts)
    found: list[tuple[Draft, Sentence]] = []
    leftovers: list[Leftover] = []
    last_people: Draft | None = None
    for part, line in zip(parts, lexed, strict=True):
        known.seen.update(token.code for token in line if token.kind == "party")
        sentence = text[part.start : part.end]
        if part.paragraph in captions:
            leftovers.extend(_unread(Segment(line), "in a caption or credit"))
            continue
        if _is_about_people(line, sentence, last_people):
            drafts, rest = people.read(line, text, known, last_people, (part.start, part.end))
            last_people = drafts[-1] if drafts else last_people
        else:
            drafts, rest = _read_sentence(line, text, known)
        found.extend((draft, part) for draft in drafts)
        leftovers.extend(rest)
    if len(story.text) > LONGEST:
        leftovers.append(Leftover("", (LONGEST, len(story.text)), f"text beyond {LONGEST} characters was not read"))
    claims = finish(story, found)
    return Extraction(story, claims, tuple(_open(leftovers, found)))


def _is_about_people(line: Sequence[Token], sentence: str, last: Draft | None) -> bool:
    trades = any(
        token.kind == "flow" and token.low not in {"sent", "was sent", "were sent", "arrived"} for token in line
    )
    money = any(
        token.number is not None and unit_kind(token.number.unit) in {"money", "weight", "volume", "rate"}
        for token in line
    )
    if trades or money:
        return False
    if people.speaks_of_people(sentence, line):
        return True
    return last is not None and any(token.number is not None and token.number.unit == "" for token in line)


def _in_cast(line: list[Token], text: str) -> list[Token]:
    """Keep "the North" and "the South" as parties only where a Korea is named in the story."""
    if not any(token.form == "compass" for token in line):
        return line
    if re.search(rf"\b(?:{alternation(row['phrase'] for row in rows('korea_evidence'))})", text):
        return line
    return [replace(token, kind="word") if token.form == "compass" else token for token in line]


def _begin(story: Story, lexed: Sequence[Sequence[Token]]) -> Known:
    """Count who appears, and take the two who stand out as the story's pair."""
    counts: Counter[str] = Counter()
    for line in lexed:
        counts.update(token.code for token in line if token.kind == "party" and token.code != WORLD)
    order = sorted(counts, key=lambda code: (-counts[code], list(counts).index(code)))
    pair: tuple[str, ...] = ()
    if len(order) == 1:
        sources = Counter(
            token.code for line in lexed for token in line if token.form == "source" and token.code not in {"", *order}
        )
        order += [code for code, _ in sources.most_common(1)]
    if len(order) >= 2 and (
        len(order) == 2 or counts[order[2]] * 2 <= counts[order[1]] or counts[order[2]] == 1 < counts[order[1]]
    ):
        pair = tuple(order[:2])
    known = Known(story.published_on, tuple(order), pair=pair, bilateral=bool(pair))
    for line in lexed:
        trade = _first_flow(line, known)
        if trade is not None:
            known.default = trade
            if trade.exporter and trade.importer and trade.owner and trade.partner and not is_group(trade.partner):
                known.pair = (trade.owner, trade.partner)
                known.bilateral = set(known.pair) == set(pair)
            break
    return known


def _first_flow(line: Sequence[Token], known: Known) -> Trade | None:
    for segment in segments.cut(line):
        if segment.head is None:
            continue
        roles = flows.read_roles(segment, known, None, segment.head)
        trade = flows.settle(segment, roles, known, None, ALL_GOODS)
        if trade and trade.kind in {"import", "export"} and trade.exporter and trade.importer and not trade.filled:
            return trade
    return None


def _read_sentence(line: Sequence[Token], text: str, known: Known) -> tuple[list[Draft], list[Leftover]]:
    drafts: list[Draft] = []
    leftovers: list[Leftover] = []
    earlier: Trade | None = None
    known.partner = None
    lead = _lead_period(line, known)
    subject: str | None = None
    unit = ""
    level: Draft | None = None
    ends: tuple[Period, Period] | None = None
    for segment in segments.cut(line):
        roles = flows.read_roles(
            segment, known, subject, segment.head if segment.head is not None else _whole_head(segment)
        )
        trade = _trade_of(segment, roles, known, earlier, text)
        subject = subject or roles.owner or roles.subject
        if trade is None:
            leftovers.extend(_unread(segment, "no trade flow is named in its sentence"))
            continue
        clause = frames.Clause(
            segment,
            trade,
            known,
            lead,
            unit,
            ends=ends,
            quotas=bool(drafts) and drafts[-1].type == "quota",
            shares=earlier is not None
            and segment.head is None
            and any(draft.type == "share" for draft in drafts)
            and segment.head is None,
        )
        clause.previous_level = level if segment.head is None and level else known.level if _leans_back(line) else None
        changes = [draft for draft in drafts if draft.type == "change" and draft.mode == "relative"]
        clause.before = tuple(token for token in line if token.start < segment.tokens[0].start)
        clause.elided = changes[-1].direction if changes else None
        frames.read(clause)
        cues.read(clause, text)
        zip_lists(clause)
        unit = clause.unit
        drafts.extend(clause.drafts)
        leftovers.extend(clause.leftovers)
        earlier = trade
        known.partner = trade.partner
        ends = clause.ends or ends
        lead = clause.period or lead
        level = next(
            (
                draft
                for draft in clause.drafts
                if draft.type in {"flow_value", "total", "balance"} and draft.period_from != "base"
            ),
            level,
        )
        _remember(known, segment, trade, clause)
    if subject is not None:
        known.subject = subject
    _close(known, drafts)
    return drafts, leftovers


def _lead_period(line: Sequence[Token], known: Known) -> Period | None:
    """Resolve a period that opens the sentence ("In August, ...") and so holds for all of it."""
    now = spans.Now(known.published_on, known.period, known.year)
    for index, token in enumerate(line[:6]):
        if token.kind == "period":
            words = period_words(token)
            if words.kind in {"span", "cited", "recent"} or (words.kind == "same" and index <= 2):
                return spans.resolve(words, now)
        if token.kind in {"number", "move", "base"}:
            return None
    return None


def _whole_head(segment: Segment) -> int | None:
    return segment.wholes[0] if segment.wholes else None


def _trade_of(segment: Segment, roles: flows.Roles, known: Known, earlier: Trade | None, text: str) -> Trade | None:
    heavy = any(
        token.number is not None and unit_kind(token.number.unit) in {"weight", "volume", "rate"}
        for token in segment.tokens
    )
    named = flows.goods_of(segment, text, known, heavy=heavy)
    if segment.head is not None:
        if (
            segment.tokens[segment.head].kind == "flow"
            and segment.tokens[segment.head].value == "move"
            and named == ALL_GOODS
        ):
            named = known.last_goods
        return flows.settle(segment, roles, known, earlier, named)
    if segment.wholes:
        return _from_whole(segment, roles, known, earlier, named)
    if earlier is not None:
        return replace(
            earlier, goods=named if any(token.kind == "goods" for token in segment.tokens) else earlier.goods
        )
    whole = next((token for token in segment.tokens[:4] if token.low in {"the total", "the combined total"}), None)
    if whole is not None and known.flow is not None and known.flow.exporter and known.flow.importer:
        pair = tuple(code for code in (known.flow.owner, known.flow.partner) if code)
        return Trade("total", pair=pair, owner=known.flow.owner, filled=(("trade", "paragraph"),))
    if _leans_back(segment.tokens) and known.trade is not None:
        return replace(known.trade, filled=(*known.trade.filled, ("trade", "paragraph")))
    if _starts_with_trade(segment.tokens, known) and known.trade is not None:
        base = known.flow or known.trade
        base = replace(base, goods=named if named != ALL_GOODS else base.goods)
        if roles.worldwide:
            base = base.with_partner(WORLD)
        if base.kind in {"import", "export"}:
            source, target = flows.one(roles.sources), flows.one(roles.targets)
            base = replace(base, exporter=source or base.exporter, importer=target or base.importer)
        party = next(
            (token for token in segment.tokens if token.kind == "party" and not (roles.sources or roles.targets)), None
        )
        if party is not None and party.code not in {base.exporter, base.importer, *base.pair}:
            base = base.with_owner(party.code) if known.peers_own else base.with_partner(party.code)
        return replace(base, filled=(*base.filled, ("trade", "paragraph")))
    return None


def _leans_back(line: Sequence[Token]) -> bool:
    for token in line[:12]:
        if token.kind == "pronoun" and token.form in {"it", "figure"}:
            return True
        if token.kind == "number":
            break
    return any(token.kind == "pronoun" and token.form == "figure" for token in line) or line[0].low in {
        "that's",
        "that’s",
        "this",
        "that",
    }


def _starts_with_trade(line: Sequence[Token], known: Known) -> bool:
    ratio = any(token.number is not None for token in line)
    cue = any(token.kind in {"share", "rank", "rankobject", "cap"} for token in line)
    goods = any(token.kind == "goods" for token in line)
    peers = any(
        token.kind == "party" and line[at + 1].low in {"(", "with"} and line[at + 2].kind == "number"
        for at, token in enumerate(line[:-2])
    )
    if peers:
        return True
    ranked = any(token.kind == "rankobject" for token in line)
    heavy = any(
        token.number is not None and unit_kind(token.number.unit) in {"weight", "volume", "rate"} for token in line
    )
    counted = any(token.number is not None and token.number.unit in {"transactions", "shipments"} for token in line)
    if counted or (heavy and any(token.kind in {"pronoun", "party"} for token in line)):
        return True
    return (ratio and (cue or goods)) or (ranked and any(token.kind == "rank" for token in line))


def _from_whole(
    segment: Segment, roles: flows.Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    """Read "China accounted for 70 percent of the North's trade": the whole names the flow, the subject the part."""
    whole = segment.wholes[0]
    head = segment.tokens[whole]
    inner = Segment(segment.tokens, whole, [])
    if earlier is not None and not any(
        token.kind == "party" and token.code != earlier.owner for token in segment.tokens[:whole]
    ):
        other = flows.settle(inner, roles, known, earlier, named)
        if other is not None and other.kind != earlier.kind and other.owner == earlier.owner and earlier.partner:
            return other.with_partner(earlier.partner)
        return earlier
    before = segment.tokens[:whole]
    leaning = any(token.kind == "pronoun" and token.form in {"it", "figure"} for token in before[:4])
    if leaning and known.trade is not None:
        return known.trade
    trade = flows.settle(
        inner, replace(roles, worldwide=False) if _subject_party(before) else roles, known, earlier, named
    )
    if trade is None:
        return None
    party = _subject_party(before)
    if party is not None and party not in {trade.owner}:
        trade = trade.with_partner(party)
    elif not (roles.sources or roles.targets or roles.partners or roles.origin):
        trade = trade if trade.partner else trade
    return trade


def _subject_party(before: Sequence[Token]) -> str | None:
    for index, token in enumerate(before):
        governed = index > 0 and before[index - 1].low in {"of", "in", "by"}
        if token.kind == "party" and not governed:
            return token.code
        if token.kind == "number":
            break
    return None


def _unread(segment: Segment, reason: str) -> list[Leftover]:
    return [
        Leftover(token.text, (token.start, token.end), reason) for token in segment.tokens if token.kind == "number"
    ]


def _remember(known: Known, segment: Segment, trade: Trade, clause: frames.Clause) -> None:
    if segment.head is None:
        return
    said = any(draft.number is not None for draft in clause.drafts)
    own = {
        "import": {"buyer", "buyers", "importer", "importers", "customer", "customers", "purchaser"},
        "export": {"supplier", "suppliers", "exporter", "exporters"},
    }
    known.peers_own = any(token.low in own.get(trade.kind, set()) for token in segment.tokens)
    if any(draft.type == "quota" for draft in clause.drafts):
        return
    known.trade = trade
    if trade.kind in {"import", "export"} and not is_group(trade.partner or ""):
        known.flow = trade
    if trade.owner is not None:
        known.owner = trade.owner
    if not said and clause.period is not None and not clause.aside:
        known.period = clause.period
    if said and trade.partner == WORLD:
        known.world_said = True
    if len(trade.pair) == 2 and WORLD not in trade.pair and not known.pair:
        known.pair = trade.pair
    elif not known.pair and trade.exporter and trade.importer and WORLD not in {trade.exporter, trade.importer}:
        known.pair = (trade.owner or trade.exporter, trade.partner or trade.importer)
    if trade.goods.text is not None:
        known.last_goods = trade.goods


def _close(known: Known, drafts: Sequence[Draft]) -> None:
    known.level = next(
        (draft for draft in reversed(drafts) if draft.type in _LEVELS and draft.period_from != "base"), known.level
    )
    shifts = [
        draft.base_period.first - draft.period.first
        for draft in drafts
        if draft.type == "change" and draft.base_period and draft.period
    ]
    if shifts and -shifts[-1] in {1, 3, 12}:
        known.base_shift = shifts[-1]
    main = [
        draft
        for draft in drafts
        if draft.period_from != "base" and not draft.aside and draft.period is not None and draft.type != "quota"
    ]
    known.partner = None
    known.history.extend(draft.period for draft in main if draft.period is not None)
    if main:
        known.period = main[0].period
        year = main[0].period.last // 12 if main[0].period else None
        early = known.published_on is None or (year is not None and year < known.published_on.year - 1)
        known.year = year if early else None


def _open(leftovers: list[Leftover], found: list[tuple[Draft, Sentence]]) -> list[Leftover]:
    taken = {draft.number.span for draft, _ in found if draft.number is not None}
    kept: list[Leftover] = []
    for leftover in sorted(leftovers, key=lambda item: item.span):
        if leftover.span not in taken and leftover not in kept:
            kept.append(leftover)
    return kept
