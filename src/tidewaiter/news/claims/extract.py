"""From a story to its claims: sentence by sentence, each filled from what the story said before.

Owns the order of reading and the state that is carried along. Pure: no disk but the word tables, no network,
no clock. What no claim takes up is listed with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims import clause as clauses
from tidewaiter.news.claims import cues, frames, memory, opening, people, portion, segments, sources, tabular, whose
from tidewaiter.news.claims import subject as subject_of
from tidewaiter.news.claims.cast import begin, evidence_of_korea, in_cast
from tidewaiter.news.claims.draft import Draft, Known, Segment, Trade
from tidewaiter.news.claims.fill import trade_of, whole_head
from tidewaiter.news.claims.finish import finish, mark_compass
from tidewaiter.news.claims.lean import leans_back
from tidewaiter.news.claims.lists import zip_flows, zip_lists
from tidewaiter.news.model import Extraction, Leftover, Story
from tidewaiter.news.words import languages, sentences, tokens
from tidewaiter.news.words.numbers import unit_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.words.sentences import Sentence
    from tidewaiter.news.words.tokens import Token

LONGEST: Final = 100_000
"""Characters of a story that are read; a longer text is no news story, and the rest is named as unread."""


def extract(story: Story) -> Extraction:
    """Read every trade claim of a story, in the order of the text, and list the numbers left over."""
    if not languages.is_read(story.language):
        named = languages.name(story.language)
        reason = f"the text is in {named}, which is not supported yet: nothing was read"
        return Extraction(story, (), (Leftover("", (0, len(story.text)), reason),))
    text = story.text[:LONGEST]
    parts = sentences.split(text)
    lexed = [sources.set_aside_sources(in_cast(tokens.lex(text, part.start, part.end), text)) for part in parts]
    known = begin(story, lexed)
    captions = sentences.captions(text, parts)
    found: list[tuple[Draft, Sentence]] = []
    leftovers: list[Leftover] = []
    last_people: Draft | None = None
    opened: tabular.Opening | None = None
    rows: list[Sentence] = []
    for part, line in zip(parts, lexed, strict=True):
        known.seen.update(token.code for token in line if token.kind == "party")
        known.source = known.source or next(
            (token.code for token in line if token.form == "source" and token.code), None
        )
        known.authority = sources.authority(line)
        sentence = text[part.start : part.end]
        if part.paragraph in captions:
            if text[part.start] == "|":
                rows.append(part)
            leftovers.extend(_unread(Segment(line), "in a caption, a credit or a table"))
            continue
        found.extend(_of_a_table(text, rows, opened, known))
        rows = []
        if _is_about_people(line, sentence, last_people):
            drafts, rest = people.read(line, text, known, last_people, (part.start, part.end))
            last_people = next((draft for draft in drafts if draft.number is not None), last_people)
        else:
            drafts, rest = _read_sentence(line, text, known)
        found.extend((draft, part) for draft in drafts)
        leftovers.extend(rest)
        opened = tabular.opening(line, text, known)
    found.extend(_of_a_table(text, rows, opened, known))
    if len(story.text) > LONGEST:
        leftovers.append(Leftover("", (LONGEST, len(story.text)), f"text beyond {LONGEST} characters was not read"))
    claims = mark_compass(finish(story, found), evidence_of_korea(story, lexed))
    return Extraction(story, claims, tuple(_open(leftovers, found)))


def _of_a_table(
    text: str, rows: Sequence[Sentence], opened: tabular.Opening | None, known: Known
) -> list[tuple[Draft, Sentence]]:
    """Read the table between two sentences, if the first of them says what it holds."""
    if not rows or opened is None:
        return []
    drafts = tabular.read(text, rows, opened, known)
    return [(draft, row) for draft in drafts for row in rows if row.start <= draft.position < row.end]


def _is_about_people(line: Sequence[Token], sentence: str, last: Draft | None) -> bool:
    trades = any(
        token.kind == "flow"
        and token.form != "arrival"
        and token.low not in {"sent", "was sent", "were sent", "arrived"}
        for token in line
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


def _read_sentence(line: Sequence[Token], text: str, known: Known) -> tuple[list[Draft], list[Leftover]]:
    drafts: list[Draft] = []
    leftovers: list[Leftover] = []
    earlier: Trade | None = None
    lead = opening.open_sentence(line, known)
    subject: str | None = None
    unit = ""
    level: Draft | None = None
    ends: tuple[Period, Period] | None = None
    pending: list[Trade] = []
    for segment in segments.cut(line):
        if opening.leaves_the_past(line, segment):
            lead = known.period  # "A year before they were $2 billion; so they fell by a third"
        lead = opening.when(line, segment, known, lead) or lead
        known.antecedent = subject_of.antecedent(line, segment)
        parts = whose.read_roles(
            segment, known, subject, segment.head if segment.head is not None else whole_head(segment)
        )
        trade = trade_of(segment, parts, known, earlier, text)
        subject = subject or parts.owner or parts.subject
        if trade is None:
            leftovers.extend(_unread(segment, "no trade flow is named in its sentence"))
            known.period = known.period or opening.first_period(segment.tokens, known)
            continue
        clause = clauses.Clause(
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
        clause.previous_level = level if segment.head is None and level else known.level if leans_back(line) else None
        changes = [draft for draft in drafts if draft.type == "change" and draft.mode == "relative"]
        clause.lead_at = next((token.start for token in line[:6] if token.kind == "period"), None)
        clause.before = tuple(token for token in line if token.start < segment.tokens[0].start)
        moves = [token.value for token in clause.before if token.kind == "move" and token.value in {"up", "down"}]
        clause.elided = moves[-1] if moves else changes[-1].direction if changes else None  # type: ignore[assignment]
        frames.read(clause)
        cues.read(clause, text)
        portion.mark(clause, text)
        zip_lists(clause)
        zip_flows(clause, pending)
        pending = [*pending, trade] if segment.head is not None and not _has_numbers(segment) else []
        unit = clause.unit
        drafts.extend(clause.drafts)
        leftovers.extend(clause.leftovers)
        ranked = [draft.trade for draft in clause.drafts if draft.type == "ranking"]
        earlier = ranked[-1] if ranked and len(clause.drafts) == len(ranked) else trade
        known.partner = trade.partner
        ends = clause.ends or ends
        lead = clause.period or lead
        memory.learn_shift(known, clause.drafts)
        level = next(
            (
                draft
                for draft in clause.drafts
                if draft.type in {"flow_value", "total", "balance"} and draft.period_from != "base"
            ),
            level,
        )
        memory.remember(known, segment, trade, clause)
    if not drafts and lead is not None and known.period is None:
        known.period = lead  # what follows is of that time, though its own sentence was not understood
    known.subject = subject or known.subject
    memory.close(known, drafts, line)
    return drafts, leftovers


def _unread(segment: Segment, reason: str) -> list[Leftover]:
    return [
        Leftover(token.text, (token.start, token.end), reason) for token in segment.tokens if token.kind == "number"
    ]


def _has_numbers(segment: Segment) -> bool:
    return any(token.kind == "number" for token in segment.tokens)


def _open(leftovers: list[Leftover], found: list[tuple[Draft, Sentence]]) -> list[Leftover]:
    taken = {draft.number.span for draft, _ in found if draft.number is not None}
    ordered = sorted(leftovers, key=lambda item: item.span)
    return list(dict.fromkeys(leftover for leftover in ordered if leftover.span not in taken))
