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
_SWEEPS: Final = 60
_SETTLED: Final = 1e-5


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

    `distance_km` may lack pairs: they are taken to be as far as the average of the others. The variances of the
    three kinds of effects are learned with the effects (as in a mixed model), so that noise alone
    moves nobody's margin.
    """
    rows = list(gaps)
    logs = {}
    for row in rows:
        km = distance_km.get((row.exporter, row.importer), 0.0)
        if km > 0:
            logs[row.exporter, row.importer] = math.log(km)
    middle = sum(logs.values()) / len(logs) if logs else 0.0
    places = {
        (row.exporter, row.importer): (
            1.0,
            logs.get((row.exporter, row.importer), middle) - middle,
            float((row.exporter, row.importer) in bordering or (row.importer, row.exporter) in bordering),
        )
        for row in rows
    }
    seen = {(row.exporter, row.importer): _mean_and_noise(row) for row in rows if row.cells}
    line, own = (0.0, 0.0, 0.0), 0.0
    effects: tuple[dict[str, float], dict[str, float]] = (defaultdict(float), defaultdict(float))
    between = [1e-3, 1e-3]
    for _ in range(_SWEEPS):
        # A pair has a margin of its own too (variance `own`): no pair weighs more than that leaves it worth.
        worth = {pair: 1 / (noise + own) for pair, (_, noise) in seen.items()}
        before, line = (
            line,
            _least_squares(
                (mean - effects[0][pair[0]] - effects[1][pair[1]], places[pair], worth[pair])
                for pair, (mean, _) in seen.items()
            ),
        )
        rest = {pair: mean - _along(line, places[pair]) for pair, (mean, _) in seen.items()}
        for side in (0, 1):
            other = effects[1 - side]
            between[side] = _shrink(
                effects[side],
                ((pair[side], rest[pair] - other[pair[1 - side]], worth[pair]) for pair in seen),
                between[side],
            )
        left = ((rest[pair] - effects[0][pair[0]] - effects[1][pair[1]], noise) for pair, (_, noise) in seen.items())
        own = _own_variance(left)
        if max(abs(new - old) for new, old in zip(line, before, strict=True)) < _SETTLED:
            break
    found = []
    for row in rows:
        pair = (row.exporter, row.importer)
        above = _along(line, places[pair]) + effects[0][pair[0]] + effects[1][pair[1]]
        if pair in seen:
            mean, noise = seen[pair]
            above += (mean - above) * own / (own + noise)
        found.append(PairMargin(*pair, round(above, 6), row.cells))
    return found


def _mean_and_noise(row: PairGap) -> tuple[float, float]:
    """Return a pair's mean gap and its variance; a typical spread stands in for the first ten cells."""
    mean = row.total / row.cells
    spread = (max(0.0, row.squares - row.total * mean) + 10 * _CELL_VARIANCE) / (row.cells + 10)
    return mean, spread / row.cells


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


def _along(line: tuple[float, float, float], place: tuple[float, float, float]) -> float:
    return line[0] * place[0] + line[1] * place[1] + line[2] * place[2]


def _own_variance(left: Iterable[tuple[float, float]]) -> float:
    """Estimate how much pairs differ beyond noise: (what is left, its noise).

    The variance at which squares over expected squares come to one a pair (Paule and Mandel 1982):
    every pair counts once, so that the few with most cells do not speak for all.
    """
    rows = list(left)
    low, high = 0.0, 1.0
    if sum(rest * rest / noise for rest, noise in rows) <= len(rows):
        return 0.0
    for _ in range(30):
        middle = (low + high) / 2
        if sum(rest * rest / (noise + middle) for rest, noise in rows) > len(rows):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _shrink(effects: dict[str, float], rests: Iterable[tuple[str, float, float]], between: float) -> float:
    """Update the shrunken means of one side in place; return the new variance between them."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, rest, worth in rests:
        entry = sums[name]
        entry[0] += rest * worth
        entry[1] += worth
    second = 0.0
    for name, (total, worth) in sums.items():
        known = worth + 1 / between
        effects[name] = total / known
        second += effects[name] ** 2 + 1 / known
    return max(1e-8, second / len(sums)) if sums else between


def _least_squares(
    rows: Iterable[tuple[float, tuple[float, float, float], float]],
) -> tuple[float, float, float]:
    """Solve a weighted regression on three columns; a column without variation gets 0."""
    gram = [[0.0] * 3 for _ in range(3)]
    right = [0.0, 0.0, 0.0]
    for value, place, worth in rows:
        for i in range(3):
            weighted = worth * place[i]
            right[i] += weighted * value
            for j in range(3):
                gram[i][j] += weighted * place[j]
    least = 1e-9 * (gram[0][0] or 1.0)
    for i in range(3):
        for k in range(i + 1, 3):
            factor = gram[k][i] / gram[i][i] if gram[i][i] > least else 0.0
            right[k] -= factor * right[i]
            for j in range(i, 3):
                gram[k][j] -= factor * gram[i][j]
    solved = [0.0, 0.0, 0.0]
    for i in (2, 1, 0):
        rest = right[i] - sum(gram[i][j] * solved[j] for j in range(i + 1, 3))
        solved[i] = rest / gram[i][i] if gram[i][i] > least else 0.0
    return solved[0], solved[1], solved[2]
