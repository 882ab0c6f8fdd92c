"""The drawings of the law: since when measures on what was declared were in force, and who traded such goods when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.tell.brief import words

if TYPE_CHECKING:
    from tidewaiter.law.regime import Measure, Regime
    from tidewaiter.tell.brief.facts import Facts
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Chart


def touched(facts: Facts) -> list[Regime]:
    """List the regimes under whose measures anything was declared."""
    return [regime for regime in facts.regimes if _measures(facts, regime)]


def timeline(subject: Subject, facts: Facts, regime: Regime) -> Chart:
    """Draw the measures of a regime that declared lines fall under, from the first of them to the end of the span."""
    from tidewaiter.tell.charts.regime_days import regime_days

    return regime_days(
        regime,
        measures=_measures(facts, regime),
        last=subject.period.last_day,
        name=f"timeline_{regime.id}".replace("/", "_").replace("-", "_"),
        title=f"{regime.title}: measures on goods declared {words.during(subject.period)}",
    )


def by_partner(subject: Subject, facts: Facts) -> list[Chart]:
    """Draw covered trade by partner and year, where more than one year of it is known."""
    from tidewaiter.tell.charts.exposure import exposure
    from tidewaiter.tell.charts.words import caption

    if len({cell.year for cell in facts.covered}) <= 1:
        return []
    title = f"Declared trade with {words.area(subject.target)} in goods that a measure covers, at most, by partner"
    drawn = exposure(
        facts.covered,
        target=subject.target,
        source=caption(facts.covered_by),
        name="covered_by_partner",
        title=title,
    )
    return [] if drawn.is_empty else [drawn]


def _measures(facts: Facts, regime: Regime) -> list[Measure]:
    """Keep the measures that a declaration falls under, and that were in force on some day of the span."""
    noted = {note.measure for note in facts.notes if note.regime == regime.id}
    exposed = {row["measure"] for row in facts.exposures if row["regime"] == regime.id}
    return [each for each in regime.measures if each.id in noted and each.id in exposed]
