"""What a bulletin tells of besides answers: the law in its span, exposures, accounts of caps, counts, suspicions.

Only the shape and its sifting live here; `pipeline.briefing` fetches them. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidewaiter.tell.charts.model import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tidewaiter.base.mirrored import MirrorTable
    from tidewaiter.base.question import Answer, Query, ReceiptNote, Refusal
    from tidewaiter.law.caps import Account
    from tidewaiter.law.duties import Count, Counts, Deadline
    from tidewaiter.law.notes import LawNote
    from tidewaiter.law.regime import Regime
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.exposure import Covered

    Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything beside the answers. `targets` are those of the two areas that a regime is about.

    `exposures` are rows of `screen_summary`, `covered` what the target traded of covered goods with each partner in
    each year, from the files `covered_by`, `suspects` rows of `EXPOSURE`'s mix-up columns for single
    declarations. `later` asks what is known today, where the bulletin is of a day gone by. `settled` are both
    sides of the trade with what they were settled on, `bookings` rows of `signals.hub_bookings` and `mistaken` rows
    of `signals.mistaken_partners`, where they were asked for.
    """

    ask: Callable[[Query], Answer | Refusal]
    later: Callable[[Query], Answer | Refusal] | None = None
    targets: tuple[str, ...] = ()
    regimes: tuple[Regime, ...] = ()
    notes: tuple[LawNote, ...] = ()
    exposures: tuple[Row, ...] = ()
    covered: tuple[Covered, ...] = ()
    covered_by: tuple[ReceiptNote, ...] = ()
    accounts: tuple[Account, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    counts: tuple[Counts, ...] = ()
    suspects: tuple[Row, ...] = ()
    settled: MirrorTable | None = None
    bookings: tuple[Row, ...] = ()
    mistaken: tuple[Row, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The days on which measures began, each with its act once."""
        days = sorted({(note.since, note.act) for note in self.notes})
        return tuple(Mark(day, act) for day, act in days)


def due_inside(deadlines: Sequence[Deadline], subject: Subject) -> tuple[Deadline, ...]:
    """Keep the deadlines that fall into a bulletin's span."""
    return tuple(
        each for each in deadlines if subject.period.start <= each.duty.due.isoformat()[:7] <= subject.period.end
    )


def counted_inside(counts: Counts, subject: Subject) -> tuple[Count, ...]:
    """Keep the counts whose span touches a bulletin's, of its partner where it has one; oldest first."""
    wanted = None if subject.partner is None else {subject.partner, subject.target}
    found = [
        each for each in counts.counts if each.span.overlaps(subject.period) and (wanted is None or each.area in wanted)
    ]
    return tuple(sorted(found, key=lambda each: (each.span.first, each.span.length, each.series, each.purpose)))
