"""The charts of both sides' words: their courses beside each other, and the interval of what they were settled on.

The courses are answers. What was settled is handed in: it has to be learned from all declarations of a source,
which takes from seconds to a minute or two, so that a bulletin holds it only where it was asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.series import months_shown, years_shown
from tidewaiter.tell.brief.standing import is_estimated

if TYPE_CHECKING:
    from tidewaiter.base.mirrored import MirrorTable
    from tidewaiter.base.question import Answer
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Chart


def course(subject: Subject, desk: Desk, way: tuple[str, str]) -> Chart | None:
    """Draw what exporter and importer declared of goods going one `way`, by month where both did, else by year."""
    from tidewaiter.tell.charts.flows import flows

    exporter, importer = way
    years = [("year", years_shown(subject))] if subject.period.is_full_years else []
    spans = [("month", months_shown(subject)), *years]
    for step, span in spans:
        said = [_own_course(desk, way, owner, step, span) for owner in way]
        if all(said):
            labels = [f"{words.area(exporter)} says it exported", f"{words.area(importer)} says it imported"]
            return flows(
                [answer for answer in said if answer is not None],
                labels=[words.begun(label) for label in labels],
                name=f"both_sides_{exporter}_{importer}".lower(),
                title=f"Both sides: {words.area(exporter)} to {words.area(importer)}, {words.when(span)}",
            )
    return None


def _own_course(desk: Desk, way: tuple[str, str], owner: str, step: str, span: Period) -> Answer | None:
    """Ask for the course of a side's own declarations; None where it has none in the span."""
    exporter, importer = way
    query = Query("series", (exporter,), (importer,), span, perspective=owner, step=step)  # type: ignore[arg-type]
    answer = desk.answer(query, needed=False)
    if answer is None or answer.side != "reporter" or answer.rank != 1 or is_estimated(answer):
        return None
    return answer if any(line.value is not None for line in answer.table) else None


def _from(first: str, span: Period) -> Period:
    return Period(Period.parse(first).first, span.last) if first else span


def settled_charts(settled: MirrorTable | None) -> list[Chart]:
    """Draw each direction of what was settled, from the first period of which anybody said anything."""
    from tidewaiter.tell.charts.mirror_gap import mirror_gap

    if settled is None:
        return []
    first = min((cell.period for cell in settled.cells if cell.declarations), default="")
    ways = dict.fromkeys((cell.exporter, cell.importer) for cell in settled.cells)
    charts = []
    for exporter, importer in ways:
        cells = tuple(
            cell
            for cell in settled.cells
            if (cell.exporter, cell.importer) == (exporter, importer) and cell.period >= first
        )
        charts.append(
            mirror_gap(
                replace(settled, cells=cells),
                name=f"settled_{exporter}_{importer}".lower(),
                title=f"Both sides, settled: {words.area(exporter)} to {words.area(importer)},"
                f" {words.when(_from(first, settled.wanted.period))}",
            )
        )
    return [chart for chart in charts if not chart.is_empty]
