"""Run the stages of reconciliation in their order: learn the small tables, then settle the cells.

Owns the order and nothing else. An `Engine` (DuckDB or Spark) keeps what is used more than once and
hands small tables in and out; this module opens no file and knows no engine by name.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import narwhals as nw

from tidewaiter.base.schema import COUNT, NUMBER, TEXT, Column, Table
from tidewaiter.base.schema_reconcile import LAG, SIZE, TRUST
from tidewaiter.codes import geography
from tidewaiter.statistics import lag, margin, mirror, reconcile, size, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.base.schema import Frame

_LEVEL: Final = Table("level", (Column("section", TEXT, "HS section"), Column("level", NUMBER, "ln(1 + margin)")), ())
_PAIR: Final = Table(
    "pair_margin",
    (
        Column("exporter", TEXT, ""),
        Column("importer", TEXT, ""),
        Column("above", NUMBER, "ln(1 + margin) above the section's"),
        Column("cells", COUNT, ""),
    ),
    (),
)
_ROUNDS: Final = 3
"""Scans for the reporters' variances, and as many for their sections'."""


class Engine(Protocol):
    """What runs the frames: it computes, keeps and moves small tables; it decides nothing."""

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute `frame` once and return it as a table that is cheap to read again."""

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """Fetch a small frame's rows, columns in the frame's order."""

    def table(self, table: Table, rows: Iterable[Sequence[Any]]) -> Frame:
        """Hand in a small table of the given columns."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken for granted before the declarations speak (`reconcile.yml`), and geography.

    `distance_km` and `bordering` are those of `codes.geography` unless others are handed in; they may
    lack pairs. `never_report` are areas that publish nothing.
    """

    cif_margin: float
    variance: float
    distance_km: Mapping[tuple[str, str], float] = field(default_factory=geography.distances)
    bordering: frozenset[tuple[str, str]] = field(default_factory=geography.bordering)
    never_report: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """The small tables that settle a world: margins, lags (None for years), trust and size.

    Without `size` large cells are held to err as much as small ones.
    """

    margin: Frame
    lag: Frame | None
    trust: Frame
    size: Frame | None = None


def learn(words: Frame, sections: Frame, engine: Engine, given: Assumptions, *, monthly: bool) -> Learned:
    """Learn margin, lag and trust from declarations (`mirror.declared`, in one HS edition).

    `sections` has chapter and section. The declarations may be a part of all (some years, some
    months in a row): what is learned holds for the rest.
    """
    pairs = engine.keep("learn_pairs", mirror.pair(words, sections))
    lags, priced = None, pairs
    if monthly:
        names = ("exporter", "importer", "months", "same", "next", "ahead", "late", "slack")
        sums = engine.rows(lag.pair_months(pairs).select(*names).sort("exporter", "importer"))
        lags = engine.table(LAG, lag.fit(lag.PairMonths(*row) for row in sums))
        priced = engine.keep("learn_due", lag.due(pairs, lags))
    medians = engine.rows(margin.section_medians(priced).select("section", "median", "cells"))
    levels = engine.table(_LEVEL, sorted(margin.section_levels(medians, given.cif_margin).items()))
    gaps = [
        margin.PairGap(*row)
        for row in engine.rows(
            margin.pair_gaps(priced, levels)
            .select("exporter", "importer", "cells", "total", "squares")
            .sort("exporter", "importer")
        )
    ]
    fitted = engine.table(_PAIR, map(astuple, margin.fit(gaps, given.distance_km, given.bordering)))
    margins = engine.keep("learned_margin", margin.margins(fitted, levels, sections))
    mirrored = engine.keep("learn_mirror", mirror.at_fob(pairs, margins))
    if lags is not None:
        mirrored = engine.keep("learn_adjusted", lag.without_lag(mirrored, lags))
    return Learned(margins, lags, *_learn_trust(mirrored, sections, engine, given.variance))


def _learn_trust(mirrored: Frame, sections: Frame, engine: Engine, typical: float) -> tuple[Frame, Frame]:
    """Learn variances by reporter, then by section, and between the rounds what size does to them."""
    areas = mirrored.select(area="exporter").unique(), mirrored.select(area="importer").unique()
    reporters = sorted({area for side in areas for (area,) in engine.rows(side)})
    every = sorted({section for (section,) in engine.rows(sections.select("section").unique())})
    names = ("exporter", "importer", "share", "cells", "squares", "gaps", "sizes", "size_squares", "products", "worth")
    overall, sizes = None, None
    for turn in range(_ROUNDS):
        found, cells = {}, dict.fromkeys(reporters, 0)
        for measure in trust.MEASURES:
            frame = trust.pair_squares(mirrored, measure, overall, sizes).select(*names).sort("exporter", "importer")
            sums = [trust.PairSquares(*row) for row in engine.rows(frame)]
            found[measure] = trust.fit(sums, typical, cut=turn > 0)
            for row in sums if measure == "value" else ():
                cells[row.exporter] += row.cells
                cells[row.importer] += row.cells
        rows = trust.trust_rows(found["value"], found["weight"], reporters, every, cells)
        overall = engine.table(TRUST, rows)
        bands = {measure: size.relative(found) for measure, found in _learn_size(mirrored, engine, overall).items()}
        sizes = engine.table(SIZE, size.size_rows(**bands))
    assert overall is not None
    detailed = overall
    for turn in range(_ROUNDS):
        sums_of = [trust.section_sums(mirrored, measure, detailed, sizes) for measure in trust.MEASURES]
        detailed = engine.keep(f"learned_trust_{turn}", trust.by_section(detailed, overall, *sums_of))
    return detailed, engine.table(SIZE, size.size_rows(**_learn_size(mirrored, engine, detailed)))


def _learn_size(mirrored: Frame, engine: Engine, found: Frame) -> dict[str, dict[int, size.Band]]:
    """Learn how far gaps reach by size, of values and of weights, given the reporters' variances."""
    bands = {}
    for measure in trust.MEASURES:
        judged = trust.with_variances(mirrored, found).with_columns(
            exporter_variance=nw.col(f"exporter_{measure}_variance"),
            importer_variance=nw.col(f"importer_{measure}_variance"),
        )
        bands[measure] = size.fit(engine.rows(size.counts(judged, measure).select("band", "apart", "cells")))
    return bands


def mirror_cells(words: Frame, sections: Frame, learned: Learned, engine: Engine) -> Frame:
    """Set both sides of every cell beside each other: the `mirror` table.

    For months, `words` must hold the month before the first and after the last one wanted too.
    """
    mirrored = mirror.at_fob(mirror.pair(words, sections), learned.margin)
    if learned.lag is None:
        return mirrored
    # Neighbouring months are joined several times: pair them once.
    return lag.without_lag(engine.keep("paired", mirrored), learned.lag)


def settle(mirrored: Frame, learned: Learned, given: Assumptions) -> Frame:
    """Settle every cell of `mirror_cells`: the `reconciled` table."""
    return reconcile.reconcile(mirrored, learned.trust, given.never_report, learned.size)


def window(words: Frame, months: Sequence[str]) -> Frame:
    """Keep the declarations of `months` (2019-07), so that a long history is settled in pieces."""
    return words.filter(nw.col("period").is_in(list(months)))
