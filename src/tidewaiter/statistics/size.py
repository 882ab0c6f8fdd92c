"""Learn how far gaps reach in cells of different size, and how heavy their tails are.

What is declared twice in small amounts differs more often than in large ones, and a few cells differ
wildly where most agree. One factor on both sides' variances and one number of degrees of freedom a
band of sizes, the same for every reporter. They move no settled value, only its interval.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, NamedTuple

import narwhals as nw

from tidewaiter.base.schema_reconcile import SIZE
from tidewaiter.statistics.mirror import UNADJUSTED, log_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.base.schema import Frame

AMOUNTS: Final = {"value": ("export_fob_usd", "import_said_usd"), "weight": ("export_kg", "import_said_kg")}
KINDS: Final = ("factor", "freedom", "reach", "reach_both")
SMALLEST, LARGEST = 4, 15
CONFIDENCE: Final = 0.90
NORMAL_REACH: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_HALVES: Final = 2.0 / math.log(10)
_EDGE: Final = 0.0137
"""Bands begin a little under round numbers, on whose logarithms engines differ in the last bit."""
_STEP: Final = 50
"""Gaps are counted in fiftieths of a standard deviation."""
_FURTHEST: Final = 1000
_PRIOR_CELLS: Final = 500.0
_FREEDOMS: Final = (*(20 / k for k in range(20, 0, -1)), 1000.0)
"""From 1 (tails without a mean) to as good as normal."""
_NORMAL: Final = 1e12


class Band(NamedTuple):
    """What is learned of one band: see the `size` table."""

    factor: float
    freedom: float
    reach: float
    reach_both: float
    cells: int


def with_size(cells: Frame, sizes: Frame, measure: str, logs: tuple[nw.Expr, nw.Expr] | None = None) -> Frame:
    """Add the `KINDS` of the cell's band for one measure, as `{measure}_factor` and so on.

    `logs` are both words' logarithms, where somebody has taken them already.
    """
    known = sizes.select(nw.col("band").alias("_band"), *(nw.col(f"{measure}_{kind}") for kind in KINDS))
    return cells.with_columns(_band=_band(measure, logs)).join(known, on="_band", how="left").drop("_band")


def everywhere(cells: Frame) -> Frame:
    """Add the same for both measures as if size told nothing and errors were normal."""
    plain = {"factor": 1.0, "freedom": _NORMAL, "reach": NORMAL_REACH, "reach_both": NORMAL_REACH}
    return cells.with_columns(
        nw.lit(value).alias(f"{measure}_{kind}") for measure in AMOUNTS for kind, value in plain.items()
    )


def _band(measure: str, logs: tuple[nw.Expr, nw.Expr] | None = None) -> nw.Expr:
    """Count the band: half powers of ten of the amount, the middle of both words' where both spoke."""
    left, came = logs or tuple(log_of(name) for name in AMOUNTS[measure])
    middle = nw.coalesce((left + came) * 0.5, left, came, nw.lit(0.0))
    return (middle * _HALVES + _EDGE).floor().clip(SMALLEST, LARGEST).cast(nw.Int64)


def counts(judged: Frame, measure: str) -> Frame:
    """Count gaps by band and by how many fiftieths of their expected standard deviation they are wide.

    `judged` holds the mirror table's columns and `exporter_variance`, `importer_variance` of the
    measure, without any factor. Columns: band, apart, cells.
    """
    gap, timing = ("log_gap", "timing_usd") if measure == "value" else ("weight_log_gap", "timing_kg")
    share = nw.col("lag_share") * nw.col("lag_share") + (1.0 - nw.col("lag_share")) * (1.0 - nw.col("lag_share"))
    expected = share * nw.col("exporter_variance") + nw.col("importer_variance")
    apart = (nw.col(gap).abs() / expected.sqrt() * float(_STEP)).floor().clip(0, _FURTHEST).cast(nw.Int64)
    spoke = judged.filter(~nw.col(gap).is_null(), nw.col(timing) != nw.lit(UNADJUSTED))
    return spoke.select(band=_band(measure), apart=apart).group_by("band", "apart").agg(cells=nw.len())


def fit(rows: Iterable[tuple[int, int, int]]) -> dict[int, Band]:
    """Choose each band's factor and tails from (band, apart, cells).

    The widths that hold half and nine tenths of the gaps are set against Student's t: their ratio
    gives the degrees of freedom, the wider one then the factor. Both widths are shrunk towards everybody's,
    which count as 500 cells.
    """
    by_band: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    everybody: dict[int, int] = defaultdict(int)
    for band, apart, cells in rows:
        by_band[band][apart] += cells
        everybody[apart] += cells
    normal = NormalDist().inv_cdf(0.75), NORMAL_REACH
    common = _shrunk(everybody, normal)
    return {
        band: _described(_shrunk(by_band.get(band, {}), common), sum(by_band.get(band, {}).values()))
        for band in range(SMALLEST, LARGEST + 1)
    }


def _shrunk(counted: Mapping[int, int], towards: tuple[float, float]) -> tuple[float, float]:
    cells = sum(counted.values())
    if not cells:
        return towards
    known = cells / (cells + _PRIOR_CELLS)
    half, most = (
        _width(counted, share) ** known * prior ** (1 - known)
        for share, prior in zip((0.5, CONFIDENCE), towards, strict=True)
    )
    return half, most


def _width(counted: Mapping[int, int], share: float) -> float:
    """Return the width, in standard deviations, that holds a share of the gaps; at least a fiftieth."""
    aim, below = share * sum(counted.values()), 0.0
    width = float(_FURTHEST)
    for apart, cells in sorted(counted.items()):
        if below + cells >= aim:
            width = apart + (aim - below) / cells
            break
        below += cells
    return max(1.0, width) / _STEP


def _described(widths: tuple[float, float], cells: int) -> Band:
    half, most = widths
    freedom = _freedom(most / half)
    reach = _quantile(freedom, (1 + CONFIDENCE) / 2)
    return Band(
        round((most / reach) ** 2, 6),
        round(freedom, 6),
        round(reach, 6),
        round(_quantile(freedom + 1, (1 + CONFIDENCE) / 2), 6),
        cells,
    )


def _freedom(ratio: float) -> float:
    """Find the degrees of freedom at which nine tenths reach so many times as far as half."""
    ratios = _ratios()
    if ratio >= ratios[0]:
        return _FREEDOMS[0]
    for k in range(1, len(ratios)):
        if ratio >= ratios[k]:
            part = (ratio - ratios[k]) / (ratios[k - 1] - ratios[k])
            return 1 / (part / _FREEDOMS[k - 1] + (1 - part) / _FREEDOMS[k])
    return _FREEDOMS[-1]


@cache
def _ratios() -> list[float]:
    return [_quantile(freedom, (1 + CONFIDENCE) / 2) / _quantile(freedom, 0.75) for freedom in _FREEDOMS]


def _quantile(freedom: float, share: float) -> float:
    """Return Student's t below which a share (above a half) lies.

    With t = sqrt(n) tan(a) the distribution is the integral of cos(a)^(n-1), here by Simpson's rule.
    """
    whole = math.sqrt(math.pi) * math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom + 1) / 2))
    low, high = 0.0, math.pi / 2
    for _ in range(40):
        middle = (low + high) / 2
        step = middle / 128
        heights = [math.cos(k * step) ** (freedom - 1) for k in range(129)]
        area = step / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))
        if area / whole < share - 0.5:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(low)


def size_rows(value: Mapping[int, Band], weight: Mapping[int, Band]) -> list[tuple[float, ...]]:
    """Write the `size` table."""
    rows: list[tuple[float, ...]] = [(band, *value[band][:-1], *weight[band][:-1], value[band].cells) for band in value]
    assert all(len(row) == len(SIZE.columns) for row in rows)
    return rows


def relative(bands: Mapping[int, Band]) -> dict[int, Band]:
    """Divide the factors by their mean over cells, so that they tell sizes apart and move no level."""
    cells = sum(band.cells for band in bands.values())
    if not cells:
        return dict(bands)
    mean = math.exp(sum(math.log(band.factor) * band.cells for band in bands.values()) / cells)
    return {number: band._replace(factor=round(band.factor / mean, 6)) for number, band in bands.items()}
