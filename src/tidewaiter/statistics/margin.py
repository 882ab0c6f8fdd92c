"""Learn how much freight and insurance an importer's CIF value holds, for every pair and HS section.

ln(import / export) is set on the section, the distance, a common border and an effect of each
reporter, all shrunk towards the section's margin. `fit` works on one small row a pair of areas.
It must not learn from anything but cells that both sides declared, exporter FOB and importer CIF.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.statistics.mirror import log_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.base.schema import Frame

CEILING: Final = 0.25
FURTHEST: Final = 1.0
"""Gaps further than this from their section's median (a factor of 2.7) are errors, not freight."""
_SECTION_PRIOR: Final = 400.0
_TYPICAL_CELLS: Final = 30.0
_CELL_VARIANCE: Final = 0.1
_SWEEPS: Final = 200
_SETTLED: Final = 1e-7


@dataclass(frozen=True, slots=True)
class PairGap:
    """The sums of one pair of areas: cells both declared, sum and sum of squares of their gaps."""

    exporter: str
    importer: str
    cells: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class PairMargin:
    """What one pair's ln(1 + margin) lies above the section's."""

    exporter: str
    importer: str
    above: float
    cells: int


def _ratios(pairs: Frame) -> Frame:
    fit = (nw.col("export_valuation") == nw.lit("fob")) & (nw.col("import_valuation") == nw.lit("cif"))
    return pairs.select(
        "exporter",
        "importer",
        "section",
        ratio=nw.when(fit).then(log_of("import_usd") - log_of("export_usd")),
    )


def section_medians(pairs: Frame) -> Frame:
    """Take the median of ln(import / export) of every section, and how many cells it stands on."""
    both = _ratios(pairs).filter(~nw.col("ratio").is_null())
    return both.group_by("section").agg(median=nw.col("ratio").median(), cells=nw.len())


def section_levels(medians: Iterable[tuple[str, float, int]], typical: float) -> dict[str, float]:
    """Shrink the sections' medians (section, median, cells) towards their common level.

    Returns ln(1 + margin) by section; "" is the common one. `typical` is the margin (a fraction) to
    begin from where hardly anybody was matched: it counts as much as 30 cells.
    """
    rows = list(medians)
    cells = sum(count for *_, count in rows)
    start = math.log1p(typical) * _TYPICAL_CELLS
    level = (sum(median * count for _, median, count in rows) + start) / (cells + _TYPICAL_CELLS)
    return {"": level} | {
        section: (median * count + level * _SECTION_PRIOR) / (count + _SECTION_PRIOR) for section, median, count in rows
    }


def pair_gaps(pairs: Frame, levels: Frame) -> Frame:
    """Sum each pair's gaps around the section's level: the columns of `PairGap`.

    `levels` has section and level. Pairs that never declared the same cell are there too, with 0
    cells, so that every pair gets its margin.
    """
    around = (
        _ratios(pairs)
        .join(levels, on="section", how="left")
        .select("exporter", "importer", gap=nw.col("ratio") - nw.col("level"))
        .select("exporter", "importer", gap=nw.when(nw.col("gap").abs() <= FURTHEST).then(nw.col("gap")))
    )
    return around.group_by("exporter", "importer").agg(
        cells=nw.col("gap").count(),
        total=nw.col("gap").sum(),
        squares=(nw.col("gap") * nw.col("gap")).sum(),
    )


def fit(
    gaps: Iterable[PairGap], distance_km: Mapping[tuple[str, str], float], bordering: frozenset[tuple[str, str]]
) -> list[PairMargin]:
    """Fit distance, border and shrunken effects of reporters and pairs, by backfitting.

    `distance_km` may lack pairs: they are taken to be as far as the average. The variances of the
    three kinds of effects are learned with the effects (as in a mixed model), so that noise alone
    moves nobody's margin.
    """
    rows = list(gaps)
    spoke = [row for row in rows if row.cells]
    logs = {pair: math.log(km) for pair, km in distance_km.items() if km > 0}
    middle = sum(logs.values()) / len(logs) if logs else 0.0
    far = {(row.exporter, row.importer): logs.get((row.exporter, row.importer), middle) - middle for row in rows}
    border = {pair: float(pair in bordering or pair[::-1] in bordering) for pair in far}
    weight, mean = {}, {}
    for row in spoke:
        pair = (row.exporter, row.importer)
        mean[pair] = row.total / row.cells
        spread = (row.squares - row.total * mean[pair] + 10 * _CELL_VARIANCE) / (row.cells + 10)
        weight[pair] = row.cells / spread
    line = [0.0, 0.0, 0.0]
    by_exporter: dict[str, float] = defaultdict(float)
    by_importer: dict[str, float] = defaultdict(float)
    spread_of = {"exporter": 1e-3, "importer": 1e-3}
    for _ in range(_SWEEPS):
        before = list(line)
        rest = {pair: mean[pair] - by_exporter[pair[0]] - by_importer[pair[1]] for pair in mean}
        # A pair's own margin varies too: no pair may weigh more than that leaves it worth.
        own = _own_variance(mean, weight, far, border, line, by_exporter, by_importer)
        worth = {pair: 1 / (1 / weight[pair] + own) for pair in mean}
        line = _least_squares([(rest[pair], (1.0, far[pair], border[pair]), worth[pair]) for pair in mean])
        for side, effects in ((0, by_exporter), (1, by_importer)):
            name = ("exporter", "importer")[side]
            spread_of[name] = _shrink(
                effects,
                (
                    (
                        pair[side],
                        mean[pair]
                        - _at(line, far[pair], border[pair])
                        - (by_importer[pair[1]] if side == 0 else by_exporter[pair[0]]),
                        worth[pair],
                    )
                    for pair in mean
                ),
                spread_of[name],
            )
        if max(abs(new - old) for new, old in zip(line, before, strict=True)) < _SETTLED:
            break
    own = _own_variance(mean, weight, far, border, line, by_exporter, by_importer)
    found = []
    for row in rows:
        pair = (row.exporter, row.importer)
        expected = _at(line, far[pair], border[pair]) + by_exporter[pair[0]] + by_importer[pair[1]]
        if pair in mean and own:
            expected += (mean[pair] - expected) * own / (own + 1 / weight[pair])
        found.append(PairMargin(*pair, round(expected, 6), row.cells))
    return found


def margins(pair_margins: Frame, levels: Frame, sections: Frame) -> Frame:
    """Put pair and section together: the `margin` table, clipped to 0 .. 0.25.

    `pair_margins` has exporter, importer, above, cells; `levels` section and level (of which the
    one named "" stands for sections nobody was matched in); `sections` every section there is.
    """
    common = levels.filter(nw.col("section") == nw.lit("")).select(common="level")
    every = (
        sections.select("section")
        .unique()
        .join(levels, on="section", how="left")
        .join(common, how="cross")
        .select("section", level=nw.coalesce("level", "common"))
    )
    return pair_margins.join(every, how="cross").select(
        "exporter",
        "importer",
        "section",
        cif_margin=((nw.col("above") + nw.col("level")).exp() - 1.0).clip(0.0, CEILING).round(6),
        pairs="cells",
    )


def _at(line: list[float], far: float, border: float) -> float:
    return line[0] + line[1] * far + line[2] * border


def _own_variance(
    mean: Mapping[tuple[str, str], float],
    weight: Mapping[tuple[str, str], float],
    far: Mapping[tuple[str, str], float],
    border: Mapping[tuple[str, str], float],
    line: list[float],
    by_exporter: Mapping[str, float],
    by_importer: Mapping[str, float],
) -> float:
    """Estimate how much pairs differ beyond noise (method of moments, on pairs with enough cells)."""
    excess, count = 0.0, 0.0
    for pair, value in mean.items():
        rest = value - _at(line, far[pair], border[pair]) - by_exporter.get(pair[0], 0) - by_importer.get(pair[1], 0)
        excess += (rest * rest - 1 / weight[pair]) * weight[pair]
        count += weight[pair]
    return max(0.0, excess / count) if count else 0.0


def _shrink(effects: dict[str, float], rests: Iterable[tuple[str, float, float]], spread: float) -> float:
    """Update the shrunken means of one side in place; return the new variance between them."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, rest, worth in rests:
        sums[name][0] += rest * worth
        sums[name][1] += worth
    second = 0.0
    for name, (total, worth) in sums.items():
        effects[name] = total / (worth + 1 / spread)
        second += effects[name] ** 2 + 1 / (worth + 1 / spread)
    return max(1e-8, second / len(sums)) if sums else spread


def _least_squares(rows: list[tuple[float, tuple[float, float, float], float]]) -> list[float]:
    """Solve a weighted regression on three columns; a column without variation gets 0."""
    gram = [[1e-9 * (i == j) for j in range(3)] for i in range(3)]
    right = [0.0, 0.0, 0.0]
    for value, columns, worth in rows:
        for i in range(3):
            right[i] += worth * columns[i] * value
            for j in range(3):
                gram[i][j] += worth * columns[i] * columns[j]
    for i in range(3):
        for k in range(i + 1, 3):
            factor = gram[k][i] / gram[i][i]
            right[k] -= factor * right[i]
            for j in range(i, 3):
                gram[k][j] -= factor * gram[i][j]
    solved = [0.0, 0.0, 0.0]
    for i in (2, 1, 0):
        rest = right[i] - sum(gram[i][j] * solved[j] for j in range(i + 1, 3))
        solved[i] = rest / gram[i][i] if gram[i][i] > 1e-8 else 0.0
    return solved
