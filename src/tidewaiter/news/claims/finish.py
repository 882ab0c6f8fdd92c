"""Turn drafts into claims: ids, spans, quotes, attribution, and the links between a change and its levels."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims import attribution
from tidewaiter.news.claims.draft import Draft, plain
from tidewaiter.news.model import GROUP, Claim
from tidewaiter.news.words import spans
from tidewaiter.news.words.parties import compass_codes, group_name, is_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Modality, Story
    from tidewaiter.news.words.sentences import Sentence

SHARED: Final = tuple(
    name
    for name in (slot.name for slot in fields(Draft))
    if name in {slot.name for slot in fields(Claim)} - {"base", "base_period", "level", "modality"}
)
"""The slots that a draft hands on to its claim as they are."""


def finish(story: Story, found: Sequence[tuple[Draft, Sentence]]) -> tuple[Claim, ...]:
    """Write the drafts as claims, numbered in the order of the text."""
    unique: list[tuple[Draft, Sentence]] = []
    for draft, sentence in sorted(found, key=lambda pair: (pair[0].position, pair[0].type)):
        if not any(_same(draft, other) for other, _ in unique[-6:]):
            unique.append((draft, sentence))
    names = {id(draft): f"c{number}" for number, (draft, _) in enumerate(unique, 1)}
    chains: dict[int, tuple[str, ...]] = {}
    title_end = len(story.title) if story.title and story.text.startswith(story.title) else 0
    claims = []
    for draft, sentence in unique:
        if sentence.start not in chains:
            chains[sentence.start] = attribution.chain(story.text[sentence.start : sentence.end])
        claims.append(
            _claim(draft, sentence, story, names, chains[sentence.start], in_headline=sentence.start < title_end)
        )
    return tuple(claims)


def mark_compass(claims: tuple[Claim, ...], evidence: tuple[str, bool] | None) -> tuple[Claim, ...]:
    """Say in each claim on what evidence "the North" is North Korea; where that is weak, the slot stays open."""
    if evidence is None:
        return claims
    why, weak = evidence
    marked = []
    for claim in claims:
        sides = [(side, getattr(claim, side)) for side in ("exporter", "importer")]
        slots = [side for side, code in sides if code in compass_codes()]
        slots += ["parties"] if compass_codes() & set(claim.parties) else []
        opened = tuple(slot for slot in slots if weak and slot not in claim.unresolved)
        marked.append(
            replace(
                claim,
                filled=(*claim.filled, *((slot, why) for slot in slots)),
                unresolved=(*claim.unresolved, *opened),
            )
        )
    return tuple(marked)


def _same(draft: Draft, other: Draft) -> bool:
    return (
        draft.type == other.type
        and draft.position == other.position
        and draft.number == other.number
        and draft.rank == other.rank
    )


def _claim(
    draft: Draft, sentence: Sentence, story: Story, names: dict[int, str], chain: tuple[str, ...], *, in_headline: bool
) -> Claim:
    trade = draft.trade
    if trade.exporter is not None and trade.exporter == trade.importer:
        side = "importer" if any(slot == "importer" for slot, _ in trade.filled) else "exporter"
        trade = replace(trade, **{side: None}, unresolved=(*trade.unresolved, side))  # type: ignore[arg-type]
    base, level = draft.base, draft.level
    base_period = draft.base_period
    filled = list(trade.filled)
    if (
        draft.type == "change"
        and base_period is None
        and "base_period" not in draft.trade.unresolved
        and draft.mode != "direction_only"
        and draft.period
        and draft.period.is_full_years
        and draft.period.length == 12
    ):
        base_period = spans.before(draft.period)
        filled.append(("base_period", "previous year assumed"))
    is_pair = trade.kind in {"total", "balance"}
    filled.extend(
        (side, f"{GROUP}{group_name(code)}")
        for side, code in (("exporter", trade.exporter), ("importer", trade.importer))
        if code and is_group(code)
    )
    joint = [code for code in trade.pair if is_group(code)] if is_pair else []
    filled.extend(("parties", f"{GROUP}{group_name(code)}") for code in joint)
    modality: Modality = draft.modality
    if modality == "asserted" and chain:
        modality = "reported"
    flow = trade.kind if draft.is_trade else None
    start, end = min(draft.start, draft.position), draft.end
    said_none = trade.kind in {"import", "export"} and draft.is_trade and draft.type != "quota"
    sides = (("exporter", trade.exporter), ("importer", trade.importer))
    groups = [side for side, code in sides if code and is_group(code)]
    if joint and draft.is_trade:
        groups.append("parties")
    if said_none:
        groups.extend(side for side, code in sides if code is None)
    unresolved = [*trade.unresolved, *(side for side in groups if side not in trade.unresolved)]
    return Claim(
        id=names[id(draft)],
        sentence=story.text[sentence.start : sentence.end],
        sentence_span=(sentence.start, sentence.end),
        span=(start, end),
        quote=story.text[start:end],
        exporter=None if is_pair else plain(trade.exporter),
        importer=None if is_pair else plain(trade.importer),
        parties=tuple(code for code in trade.pair if not is_group(code)) if is_pair else (),
        perspective=plain(trade.owner),
        flow=flow,
        goods=trade.goods,
        base_period=base_period,
        base=base.number if base else None,
        level=level.number if level else None,
        level_id=names.get(id(level)) if level else None,
        base_id=names.get(id(base)) if base else None,
        attribution=chain,
        modality=modality,
        in_headline=in_headline,
        unresolved=tuple(unresolved),
        filled=tuple(filled),
        **{name: getattr(draft, name) for name in SHARED},
    )
