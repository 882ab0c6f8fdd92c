"""Put a bulletin together: ask, tell, and gather what the telling rests on; pure, for all it asks goes to `ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.version import __version__
from tidewaiter.tell.brief import (
    cite,
    duties,
    evidence,
    flows,
    goods,
    law,
    method,
    mirror,
    missing,
    partners,
    revised,
    suspects,
    words,
)
from tidewaiter.tell.brief.desk import Desk
from tidewaiter.tell.brief.model import Bulletin, Section

if TYPE_CHECKING:
    from tidewaiter.base.mirrored import MirrorTable
    from tidewaiter.base.question import Answer, ReceiptNote
    from tidewaiter.tell.brief.facts import Facts
    from tidewaiter.tell.brief.model import Subject


def bulletin(subject: Subject, facts: Facts) -> Bulletin:
    """Make the bulletin of one pair, or of one target and all its partners."""
    desk = Desk(facts.ask)
    first = flows.headline(subject, desk)
    told: list[Section] = [
        flows.section(subject, desk, facts.marks),
        partners.section(subject, desk),
        goods.section(subject, desk),
        mirror.section(subject, desk, facts.settled),
        law.section(subject, facts),
        duties.section(subject, facts),
        suspects.section(subject, facts),
    ]
    title = title_of(subject)
    answers = tuple(desk.used.values())
    receipts = _receipts(answers, facts.settled)
    moved = revised.section(answers, facts.later)
    made = cite.citation(subject, title, receipts)
    sections = (
        *(section for section in told if not section.is_empty),
        missing.section(desk),
        *([moved] if not moved.is_empty else []),
        evidence.section(answers),
        cite.section(made, receipts),
        method.section(subject),
    )
    return Bulletin(subject, title, first, sections, answers, tuple(desk.refused.values()), receipts, made, __version__)


def title_of(subject: Subject) -> str:
    """Name a bulletin: `North Korea's trade with Russia, January-November 2019`."""
    whose = words.begun(words.whose(subject.target))
    return f"{whose} trade with {words.area(subject.partner)}, {words.when(subject.period)}"


def _receipts(answers: tuple[Answer, ...], settled: MirrorTable | None) -> tuple[ReceiptNote, ...]:
    """Gather the files under all answers and under what was settled, sorted by source and name."""
    found = {note.receipt: note for answer in answers for note in answer.receipts}
    found |= {} if settled is None else {note.receipt: note for note in settled.receipts}
    return tuple(sorted(found.values(), key=lambda note: (note.source, note.file, note.receipt)))
