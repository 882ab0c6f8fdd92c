"""The two sides of the same goods: what the exporter declared, what the importer did, and how far apart they are.

The numbers stand in tables: told in sentences beside the default declaration, they would not add up with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.answers.quotient import relative_change
from tidewaiter.base.question import Query
from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.both_sides import course, settled_charts
from tidewaiter.tell.brief.model import Section, Sentence
from tidewaiter.tell.brief.standing import is_estimated

if TYPE_CHECKING:
    from tidewaiter.base.mirrored import MirrorTable
    from tidewaiter.base.question import Answer
    from tidewaiter.base.sheet import Cell
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject

BOTH: Final = "The table sets what either side declared of the same goods beside the other's word."
SOLE: Final = "Of each direction one side at most declared anything, so that nothing bears out the other's word."
SETTLED: Final = (
    "The drawings add what they were settled on, in the interval that holds it with a probability of nine in ten,"
    " learned from how far all declarations of the source lie apart."
)
NOTE: Final = (
    "Importers count freight and insurance as a rule, exporters do not, and goods on the way fall into two periods."
)


def section(subject: Subject, desk: Desk, settled: MirrorTable | None = None) -> Section:
    """Set both sides of each direction beside each other; nothing for a bulletin of all partners.

    Where both declared, their courses are drawn; with `settled`, also the interval of what they were settled on.
    """
    title = "Both sides of it"
    if subject.partner is None:
        return Section("mirror", title)
    ways = ((subject.partner, subject.target), (subject.target, subject.partner))
    found = [(way, _own(subject, desk, way, "exporter"), _own(subject, desk, way, "importer")) for way in ways]
    drawn = settled_charts(settled)
    if not drawn and not any(out or back for _, out, back in found):
        return Section("mirror", title)
    both = [way for way, out, back in found if out and back]
    told = [BOTH if both else SOLE, *([SETTLED] if drawn else [])]
    charts = drawn or [chart for way in both if (chart := course(subject, desk, way)) is not None]
    return Section(
        "mirror",
        title,
        (tuple(Sentence(text) for text in told),),
        tuple(charts),
        (_sheet(subject, found), *(chart.sheet for chart in charts)),
        (NOTE, *(settled.notes if settled is not None and drawn else ())),
    )


def _own(subject: Subject, desk: Desk, way: tuple[str, str], side: str) -> Answer | None:
    """Ask for a side's own declaration of goods going that way; an estimate or a printed figure is none."""
    exporter, importer = way
    owner = exporter if side == "exporter" else importer
    if areas.never_reports(owner):
        return None
    query = Query("value", (exporter,), (importer,), subject.period, perspective=owner)
    answer = desk.answer(query, needed=False)
    is_own = answer is not None and answer.side == "reporter" and answer.rank == 1 and not is_estimated(answer)
    return answer if is_own else None


def _sheet(subject: Subject, found: list[tuple[tuple[str, str], Answer | None, Answer | None]]) -> Sheet:
    columns = (
        SheetColumn("exporter", "Exporter"),
        SheetColumn("importer", "Importer"),
        SheetColumn("export_usd", "Exporter declared (USD)", "number", "USD", may_be_absent=True),
        SheetColumn("import_usd", "Importer declared (USD)", "number", "USD", may_be_absent=True),
        SheetColumn("gap", "Importer above exporter (%)", "share"),
    )
    rows = tuple(_row(way, out, back) for way, out, back in found)
    return Sheet("both_sides", f"Both sides of the goods, {words.when(subject.period)}", columns, rows)


def _row(way: tuple[str, str], out: Answer | None, back: Answer | None) -> tuple[Cell, ...]:
    exporter, importer = way
    gap = None
    if out is not None and back is not None and out.value is not None and back.value is not None:
        said = relative_change(back.value, out.value)
        gap = None if said is None else rounding.as_fraction(said.value)
    return (areas.name(exporter), areas.name(importer), _cell(exporter, out), _cell(importer, back), gap)


def _cell(owner: str, answer: Answer | None) -> Cell:
    if answer is None or answer.value is None:
        return Absent.NOT_REPORTED if areas.never_reports(owner) else Absent.NO_DATA
    return answer.value.value
