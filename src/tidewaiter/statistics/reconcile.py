"""Settle the two declarations of every trade on one number with a 90 % interval.

The inverse-variance mean of both logarithms; where one side spoke its word, and `basis` says so.
Pure: frames in, frames out. It never scales parts to totals: neither side claims complete lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.base.schema_reconcile import KEY
from tidewaiter.statistics.mirror import HALF, MONEY, UNADJUSTED, log_of
from tidewaiter.statistics.size import KINDS, NORMAL_REACH, everywhere, with_size
from tidewaiter.statistics.trust import CUT, with_variances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.schema import Frame


def reconcile(mirrored: Frame, trust: Frame, never_report: Sequence[str] = (), sizes: Frame | None = None) -> Frame:
    """Settle value and weight of every cell of `mirrored`: the `reconciled` table.

    `trust` must cover every exporter and importer in every section. `never_report` names the areas
    that publish nothing: a cell with one of them is `mirror_only`, since no second word will come.
    `sizes` (the `size` table) says how far gaps reach in cells of that size. A declared zero has no
    logarithm: it stands only where nobody declared more.
    """
    silent = nw.col("exporter").is_in(list(never_report)) | nw.col("importer").is_in(list(never_report))
    cells = with_variances(mirrored, trust)
    if sizes is None:
        cells = everywhere(cells)
    cells = _settle(cells, Columns("value", "export_fob_usd", "import_said_usd", "timing_usd", "usd"), sizes)
    cells = _settle(cells, Columns("weight", "export_kg", "import_said_kg", "timing_kg", "kg"), sizes)
    return cells.select(
        *KEY,
        value_usd="settled_usd",
        low_usd="low_usd",
        high_usd="high_usd",
        basis=_basis("export_fob_usd", "import_said_usd", silent),
        weight_kg="settled_kg",
        low_kg="low_kg",
        high_kg="high_kg",
        weight_basis=_basis("export_kg", "import_said_kg", silent),
        exporter_weight=nw.col("part_usd").round(6),
        log_gap="log_gap",
        exporter_weight_kg=nw.col("part_kg").round(6),
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """The names one measure goes by in the `mirror` and `trust` tables."""

    measure: str
    export: str
    said: str
    timing: str
    unit: str


def _settle(cells: Frame, names: Columns, sizes: Frame | None) -> Frame:
    """Add settled, low, high and part (the exporter's share of the mean) of one measure.

    The best mean of two words whose errors covary gives the exporter's the share (importer's
    variance - covariance) / (variance of the difference).
    """
    unit = names.unit
    out = nw.col(f"exporter_{names.measure}_variance")
    noise, common = _importer_noise(names)
    cells = cells.with_columns(left=log_of(names.export), came=log_of(names.said), noise=noise, common=common)
    if sizes is not None:
        cells = with_size(cells, sizes, names.measure, (nw.col("left"), nw.col("came")))
    cells = cells.with_columns(
        part=nw.when(nw.col("came").is_null())
        .then(nw.when(~nw.col("left").is_null()).then(nw.lit(1.0)))
        .otherwise(
            nw.when(nw.col("left").is_null())
            .then(nw.lit(0.0))
            .otherwise((nw.col("noise") - nw.col("common")) / (nw.col("noise") + out - nw.col("common") * 2.0))
        )
    )
    part = nw.col("part").clip(0.0, 1.0)
    rest = 1.0 - part
    variance = part * part * out + rest * rest * nw.col("noise") + part * rest * nw.col("common") * 2.0
    both = ~nw.col("left").is_null() & ~nw.col("came").is_null()
    factor, freedom, alone_reach, both_reach = (nw.col(f"{names.measure}_{kind}") for kind in KINDS)
    # Where tails are heavy, two words that agree are surer than two that were never compared: given the gap,
    # Student's t has one degree of freedom more and its spread goes with what was seen.
    gap, expected = nw.col("came") - nw.col("left"), (out + nw.col("noise") - nw.col("common") * 2.0) * factor
    seen = (freedom + gap * gap / expected) / (freedom + 1.0)
    reach = nw.when(both).then(seen.sqrt() * both_reach).otherwise(alone_reach)
    cells = cells.with_columns(
        reach=(variance * factor).sqrt() * reach,
        centre=nw.when(both).then(part * nw.col("left") + rest * nw.col("came")).otherwise(nw.coalesce("left", "came")),
    )
    # Words that contradict each other are not two errors of the usual size: one of them is wrong in some
    # other way, and nobody knows which. The interval then holds what either alone would have given.
    far = alone_reach * (CUT / NORMAL_REACH)
    torn = both & (gap * gap > expected * far * far)
    left_reach, came_reach = ((alone * factor).sqrt() * alone_reach for alone in (out, nw.col("noise")))
    lowest = nw.min_horizontal(nw.col("left") - left_reach, nw.col("came") - came_reach)
    highest = nw.max_horizontal(nw.col("left") + left_reach, nw.col("came") + came_reach)
    low = nw.when(torn).then(lowest).otherwise(nw.col("centre") - nw.col("reach"))
    high = nw.when(torn).then(highest).otherwise(nw.col("centre") + nw.col("reach"))
    # One word stands as it was declared, to the last decimal; a zero only where there is nothing else.
    alone = (
        nw.when(nw.col("left").is_null() & ~nw.col("came").is_null())
        .then(nw.col(names.said))
        .otherwise(nw.coalesce(names.export, names.said))
    )
    settled = nw.when(both).then(_money(nw.col("centre").exp())).otherwise(alone)
    return cells.with_columns(
        settled.alias(f"settled_{unit}"),
        nw.coalesce(_money(low.exp()), settled).alias(f"low_{unit}"),
        nw.coalesce(_money(high.exp()), settled).alias(f"high_{unit}"),
        part.alias(f"part_{unit}"),
    ).drop("left", "came", "noise", "common", "part", "reach", "centre")


def _importer_noise(names: Columns) -> tuple[nw.Expr, nw.Expr]:
    """Write the variance of the importer's word and its covariance with the exporter's.

    A word from which the lag was taken out leans on the exporter's months, and so holds some of the
    exporter's error. With the share s that comes late and a = 2s(1-s): where both months were known
    (1-a) of the importer's variance and 1.5a^2 of the exporter's, covarying by a; where only the
    first was, all of the importer's and 2s^2 of the exporter's, covarying by s.
    """
    out, back = nw.col(f"exporter_{names.measure}_variance"), nw.col(f"importer_{names.measure}_variance")
    s = nw.col("lag_share")
    a = s * (1.0 - s) * 2.0
    half, raw = nw.col(names.timing) == nw.lit(HALF), nw.col(names.timing) == nw.lit(UNADJUSTED)
    noise = (
        nw.when(raw)
        .then(back + nw.col("lag_variance"))
        .otherwise(nw.when(half).then(back + out * s * s * 2.0).otherwise(back * (1.0 - a) + out * a * a * 1.5))
    )
    common = nw.when(raw).then(nw.lit(0.0)).otherwise(nw.when(half).then(out * s).otherwise(out * a))
    return noise, common


def _money(amount: nw.Expr) -> nw.Expr:
    return amount.round(3).cast(MONEY)


def _basis(export: str, said: str, silent: nw.Expr) -> nw.Expr:
    left, came = ~nw.col(export).is_null(), ~nw.col(said).is_null()
    one = (
        nw.when(left)
        .then(nw.lit("exporter"))
        .otherwise(nw.when(came).then(nw.lit("importer")).otherwise(nw.lit("none")))
    )
    spoke = nw.when(left & came).then(nw.lit("both")).otherwise(one)
    return nw.when(silent & (left | came) & ~(left & came)).then(nw.lit("mirror_only")).otherwise(spoke)
