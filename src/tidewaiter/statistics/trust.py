"""Learn how far each reporter's declarations err, as exporter and as importer, by HS section.

Not by hand and not by reputation: from how well it agrees with everybody else. The square of a gap
is on average the sum of both sides' variances; alternating least squares takes the sums apart.
What a gap means in law or in politics is none of this module's business.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.statistics.mirror import UNADJUSTED, log_of
from tidewaiter.statistics.size import with_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.base.schema import Frame

FLOOR: Final = 1e-6
"""Nobody is trusted further than to a tenth of a per cent."""
FIRST_CUT: Final = 2.0
"""Before anything is known, gaps beyond a factor of 7.4 are taken for mistakes of another kind."""
CUT: Final = 3.0
"""Later, gaps beyond so many standard deviations are."""
_PRIOR_CELLS: Final = 20.0
_TYPICAL_CELLS: Final = 30.0
_SECTION_PRIOR_CELLS: Final = 50.0
_ALIKE: Final = 0.3
"""Beforehand both sides are taken to err alike, give or take a third of what they err together."""
_BEST: Final = 0.05
"""After a shift of the level nobody has less than this part of the average variance."""
_SWEEPS: Final = 60
_SETTLED: Final = 1e-3
_KEPT: Final = 1 - 2 * CUT * math.exp(-CUT * CUT / 2) / math.sqrt(2 * math.pi) / math.erf(CUT / math.sqrt(2))
"""Second moment of a standard normal variable that is cut off at CUT."""

MEASURES: Final = {
    "value": ("log_gap", "export_fob_usd", "import_said_usd", "timing_usd"),
    "weight": ("weight_log_gap", "export_kg", "import_said_kg", "timing_kg"),
}


@dataclass(frozen=True, slots=True)
class PairSquares:
    """Sums over the cells of one pair that both declared.

    `share` is the part of the exporter's variance that is left in a lag-adjusted gap, 1 for years;
    the others are the sums of gap^2, gap, size, size^2 and gap * size, the size being the sum of both
    logarithms. All are weighted by 1 / the cell's size factor, and `worth` is the mean of those weights.
    """

    exporter: str
    importer: str
    share: float
    cells: int
    squares: float
    gaps: float
    sizes: float
    size_squares: float
    products: float
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Variances:
    """Error variances by reporter, and those of the average reporter."""

    exporter: dict[str, float]
    importer: dict[str, float]
    average: tuple[float, float]


def _judged(mirrored: Frame, measure: str, previous: Frame | None, sizes: Frame | None) -> Frame:
    """Take the gaps worth learning from, and sizes, each over the root of the cell's size factor."""
    gap, export, said, timing = MEASURES[measure]
    share = nw.col("lag_share") * nw.col("lag_share") + (1.0 - nw.col("lag_share")) * (1.0 - nw.col("lag_share"))
    cells, root = mirrored, nw.lit(1.0)
    if sizes is not None:
        cells, root = with_size(mirrored, sizes, measure), nw.col(f"{measure}_factor").sqrt()
    cells = cells.select(
        "exporter",
        "importer",
        "section",
        share=share,
        root=1.0 / root,
        gap=nw.when(nw.col(timing) != nw.lit(UNADJUSTED)).then(nw.col(gap)) / root,
        size=(log_of(export) + log_of(said)) / root,
    )
    if previous is None:
        near = nw.col("gap").abs() <= nw.lit(FIRST_CUT)
    else:
        cells = with_variances(cells, previous).with_columns(
            exporter_variance=nw.col(f"exporter_{measure}_variance"),
            importer_variance=nw.col(f"importer_{measure}_variance"),
        )
        limit = nw.col("share") * nw.col("exporter_variance") + nw.col("importer_variance")
        near = nw.col("gap") * nw.col("gap") <= limit * (CUT * CUT)
    return cells.with_columns(gap=nw.when(near).then(nw.col("gap")))


def with_variances(cells: Frame, trust: Frame) -> Frame:
    """Join both sides' variances: adds exporter_value_variance, importer_weight_variance and so on."""
    for role in ("exporter", "importer"):
        side = trust.filter(nw.col("role") == nw.lit(role)).select(
            "section",
            nw.col("reporter").alias(role),
            *(nw.col(f"{measure}_variance").alias(f"{role}_{measure}_variance") for measure in MEASURES),
        )
        cells = cells.join(side, on=[role, "section"], how="left")
    return cells


def pair_squares(mirrored: Frame, measure: str, previous: Frame | None = None, sizes: Frame | None = None) -> Frame:
    """Sum the gaps of every pair: the columns of `PairSquares`, pairs without a common cell too.

    With the `previous` trust table, gaps beyond CUT standard deviations are left out: they are
    hubs, mixed-up partners or slipped digits, which no variance describes.
    """
    kept = ~nw.col("gap").is_null()
    cells = _judged(mirrored, measure, previous, sizes).with_columns(
        size=nw.when(kept).then(nw.col("size")), root=nw.when(kept).then(nw.col("root"))
    )
    return cells.group_by("exporter", "importer").agg(
        share=nw.col("share").mean(),
        cells=nw.col("gap").count(),
        squares=(nw.col("gap") * nw.col("gap")).sum(),
        gaps=(nw.col("gap") * nw.col("root")).sum(),
        sizes=(nw.col("size") * nw.col("root")).sum(),
        size_squares=(nw.col("size") * nw.col("size")).sum(),
        products=(nw.col("gap") * nw.col("size")).sum(),
        worth=nw.coalesce((nw.col("root") * nw.col("root")).mean(), nw.lit(1.0)),
    )


def fit(sums: Iterable[PairSquares], typical: float, *, cut: bool) -> Variances:
    """Take the variances apart, by alternating non-negative least squares with shrinkage.

    `typical` is a reporter's variance where nothing is known; it counts as much as 30 cells.
    `cut` says that the sums were cut at CUT standard deviations, which is then made good. Squares
    of gaps tell the sums of two variances only: what is moved from all exporters to all importers
    leaves them unchanged. The covariance of gap and size, which is the importer's variance less the
    exporter's since the true size errs with neither (Grubbs 1948), settles that.
    """
    spoke = [row for row in sums if row.cells]
    kept = _KEPT if cut else 1.0
    cells = sum(row.cells for row in spoke)
    if not cells:
        return Variances({}, {}, (typical, typical))
    known = cells / (cells + _TYPICAL_CELLS)
    start = sum(row.squares for row in spoke) / kept / cells / 2 * known + typical * (1 - known)
    by_exporter = dict.fromkeys({row.exporter for row in spoke}, max(FLOOR, start))
    by_importer = dict.fromkeys({row.importer for row in spoke}, max(FLOOR, start))
    average = (start, start)
    for _ in range(_SWEEPS):
        before = {
            **{(0, name): value for name, value in by_exporter.items()},
            **{(1, name): value for name, value in by_importer.items()},
        }
        worth = [row.cells / (row.share * by_exporter[row.exporter] + by_importer[row.importer]) ** 2 for row in spoke]
        _alternate(
            by_exporter,
            [
                (row.exporter, row.share, row.squares / kept / row.cells - by_importer[row.importer], weight, row.cells)
                for row, weight in zip(spoke, worth, strict=True)
            ],
            average[0],
        )
        _alternate(
            by_importer,
            [
                (
                    row.importer,
                    1.0,
                    row.squares / kept / row.cells - row.share * by_exporter[row.exporter],
                    weight,
                    row.cells,
                )
                for row, weight in zip(spoke, worth, strict=True)
            ],
            average[1],
        )
        average = _level(spoke, by_exporter, by_importer, kept)
        after = {(0, name): value for name, value in by_exporter.items()} | {
            (1, name): value for name, value in by_importer.items()
        }
        if all(abs(after[key] - before[key]) <= _SETTLED * before[key] for key in after):
            break
    return Variances(by_exporter, by_importer, average)


def _alternate(
    variances: dict[str, float], rests: Iterable[tuple[str, float, float, float, int]], average: float
) -> None:
    """Solve one side in place given the other: (name, share, what is left for it, weight, cells)."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for name, share, rest, worth, cells in rests:
        entry = sums[name]
        entry[0] += worth * share * rest
        entry[1] += worth * share * share
        entry[2] += cells
    for name, (total, weight, count) in sums.items():
        prior = weight * _PRIOR_CELLS / count
        variances[name] = max(FLOOR, (total + prior * average) / (weight + prior))


def _level(
    rows: list[PairSquares], by_exporter: dict[str, float], by_importer: dict[str, float], kept: float
) -> tuple[float, float]:
    """Move all exporters against all importers, in place, to where the gaps' covariance with size says.

    Each pair says by how much; a pair that errs little says it more precisely. Before there is
    much to go by, both sides are taken to err alike. Returns both new averages over cells.
    """
    cells = sum(row.cells for row in rows)
    share = sum(row.cells * row.share for row in rows) / cells
    out = sum(row.cells * row.share * by_exporter[row.exporter] for row in rows) / cells
    back = sum(row.cells * by_importer[row.importer] for row in rows) / cells
    weight = _size_variance(rows) / (_ALIKE * (out + back)) ** 2
    off = weight * (out - back)
    for row in rows:
        mine, theirs = row.share * by_exporter[row.exporter], by_importer[row.importer]
        covariance = (row.products - row.gaps * row.sizes / row.cells / row.worth) / kept
        off += (covariance - (row.cells - 1) * (theirs - mine)) / (mine + theirs)
        weight += (row.cells - 1) / (mine + theirs)
    shift = off / weight / 2
    average = max(FLOOR, (out - shift) / share), max(FLOOR, back + shift)
    for name, variance in by_exporter.items():
        by_exporter[name] = max(FLOOR, average[0] * _BEST, variance - shift / share)
    for name, variance in by_importer.items():
        by_importer[name] = max(FLOOR, average[1] * _BEST, variance + shift)
    return average


def _size_variance(rows: list[PairSquares]) -> float:
    """Return how much sizes vary within pairs, which is what blurs their covariance with the gaps."""
    freedom = sum(row.cells - 1 for row in rows)
    spread = sum(row.size_squares - row.sizes * row.sizes / row.cells / row.worth for row in rows)
    return max(1.0, spread / freedom) if freedom else 1.0


def trust_rows(
    value: Variances, weight: Variances, reporters: Iterable[str], sections: Iterable[str], cells: Mapping[str, int]
) -> list[tuple[str, str, str, float, float, int]]:
    """Write the `trust` table with the same variances in every section; strangers get the average.

    `cells` counts, by reporter, the cells it was compared in.
    """
    every = list(sections)
    sides = (
        ("exporter", value.exporter, weight.exporter, value.average[0], weight.average[0]),
        ("importer", value.importer, weight.importer, value.average[1], weight.average[1]),
    )
    return [
        (
            reporter,
            role,
            section,
            round(of_value.get(reporter, typical_value), 8),
            round(of_weight.get(reporter, typical_weight), 8),
            cells.get(reporter, 0) if reporter in of_value else 0,
        )
        for reporter in reporters
        for role, of_value, of_weight, typical_value, typical_weight in sides
        for section in every
    ]


def section_sums(mirrored: Frame, measure: str, trust: Frame, sizes: Frame | None = None) -> Frame:
    """Sum, by reporter, role and section, how the gaps compare with what `trust` expects of them.

    Columns reporter, role, section, seen (gap^2 over the squared expected variance), expected (1 over
    it) and cells: seen / expected is the factor by which maximum likelihood moves the variance.
    """
    cells = _judged(mirrored, measure, trust, sizes).filter(~nw.col("gap").is_null())
    spread = nw.col("share") * nw.col("exporter_variance") + nw.col("importer_variance")
    cells = cells.with_columns(spread=spread)
    sides = []
    for role, share in (("exporter", nw.col("share")), ("importer", nw.lit(1.0))):
        sides.append(
            cells.group_by(role, "section")
            .agg(
                seen=(share * nw.col("gap") * nw.col("gap") / (nw.col("spread") * nw.col("spread"))).sum(),
                expected=(share / nw.col("spread")).sum(),
                cells=nw.len(),
            )
            .select("section", "seen", "expected", "cells", reporter=role, role=nw.lit(role))
        )
    return nw.concat(sides, how="vertical")


def by_section(trust: Frame, overall: Frame, value: Frame, weight: Frame) -> Frame:
    """Move each reporter's variances towards what its sections show, as far as the cells reach.

    `trust` is the table so far, `overall` the one with equal sections that everything is shrunk to,
    `value` and `weight` what `section_sums` returned for `trust`. One step; three are enough.
    """
    key = ["reporter", "role", "section"]
    joined = trust.select(*key, "value_variance", "weight_variance").join(
        overall.select(*key, value_prior="value_variance", weight_prior="weight_variance"), on=key, how="inner"
    )
    for measure, sums in (("value", value), ("weight", weight)):
        known = sums.select(*key, seen="seen", expected="expected", counted="cells")
        factor = nw.col("seen") / _KEPT / nw.col("expected")
        counted, prior = nw.col("counted").cast(nw.Float64), nw.lit(_SECTION_PRIOR_CELLS)
        moved = (nw.col(f"{measure}_variance") * factor * counted + nw.col(f"{measure}_prior") * prior) / (
            counted + prior
        )
        joined = (
            joined.join(known, on=key, how="left")
            .with_columns(
                nw.when(nw.col("counted") > 0)
                .then(nw.max_horizontal(moved, nw.lit(FLOOR)).round(8))
                .otherwise(nw.col(f"{measure}_variance"))
                .alias(f"{measure}_variance"),
                nw.coalesce("counted", nw.lit(0)).alias(f"{measure}_cells"),
            )
            .drop("seen", "expected", "counted")
        )
    return joined.select(*key, "value_variance", "weight_variance", cells="value_cells")
