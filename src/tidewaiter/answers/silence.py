"""Tell the two silences apart: who filed the period without the line, and of whom nothing is known.

Owns no number: what a file proves to be zero is zero already where the figure is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import narwhals as nw

from tidewaiter.answers.engine import distinct, one_of
from tidewaiter.base.period import Period

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer, Query
    from tidewaiter.base.schema import Tables

Filed: TypeAlias = frozenset[tuple[str, str, str]]
"""Source, reporter and period (`2019` or `2019-07`) of every filing that bears on a question."""


def filed(tables: Tables, query: Query) -> Filed:
    """Find of which periods the parties of `query` filed anything at all, about whomever and whatever."""
    named = tuple(sorted({*query.exporters, *query.importers}))
    if not named or query.period is None:
        return frozenset()
    years = query.period.years
    near = tables.trade.filter((nw.col("year") >= years[0]) & (nw.col("year") <= years[-1]), one_of("reporter", named))
    found = distinct(near, "source", "reporter", "period")
    return frozenset((row["source"], row["reporter"], row["period"]) for row in found)


def declarer(answer: Answer) -> str | None:
    """Name the area whose declarations an answer is made of, None where there are several or nobody knows."""
    query = answer.query
    ours, theirs = query.exporters, query.importers
    if query.perspective is not None and query.perspective in query.importers:
        ours, theirs = theirs, ours
    named = {"reporter": ours, "mirror": theirs, "exporter": query.exporters, "importer": query.importers}
    areas = named.get(answer.side, ())
    return areas[0] if len(areas) == 1 else None


def was_filed(known: Filed, source: str, reporter: str | None, label: str) -> bool:
    """Tell whether `reporter` filed in `source` for all of the period that `label` names; False for any other label."""
    try:
        span = Period.parse(label.replace(" to ", "/"))
    except ValueError:
        return False
    periods = {period for each, who, period in known if (each, who) == (source, reporter)}
    whole_years = span.is_full_years and all(str(year) in periods for year in span.years)
    return whole_years or all(month in periods for month in span.months())
