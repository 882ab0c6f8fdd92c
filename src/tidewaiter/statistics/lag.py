"""Learn which share of a pair's goods arrives in the month after it left, and take the lag out.

Learned from how an importer's months follow the exporter's, before any gap is called one. Years are
left alone: of a year a month's lag moves a twelfth, which trust then counts as error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.statistics.mirror import HALF, MONEY, SETTLED, UNADJUSTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.schema import Frame

MOST: Final = 0.9
_SERIES: Final = ("exporter", "importer", "product", "hs")
_NEAR: Final = {"before": -1, "long_before": -2, "after": 1}
_PRIOR_MONTHS: Final = 300.0
_MOST_MONTHS: Final = 3000.0
"""Everybody's share counts as much as so many months of a pair's own, between these bounds."""
_FEWEST_MONTHS: Final = 6
_CALM: Final = 1.6


@dataclass(frozen=True, slots=True)
class PairMonths:
    """Sums over the product months of one pair, each series divided by its own mean.

    `same`, `next`, `ahead` and `late` are the covariances (times `months`) of a month's arrivals with
    the departures of the same month, of the month before, of the month after and of two months
    before; `slack` is the sum of squared changes from one departure month to the next, in logarithms.
    """

    exporter: str
    importer: str
    months: int
    same: float
    next: float
    ahead: float
    late: float
    slack: float

    @property
    def moved(self) -> float:
        """What arrivals owe to the month before rather than to the one after: the share times `spread`."""
        return self.next - self.ahead

    @property
    def spread(self) -> float:
        """The variance of true departures less their covariance over two months."""
        return self.next - self.ahead + self.same - self.late


def numbered(pairs: Frame) -> Frame:
    """Add `month`: months since year 0, so that neighbours can be joined."""
    year, month = nw.col("period").str.slice(0, 4), nw.col("period").str.slice(5, 2)
    return pairs.with_columns(month=year.cast(nw.Int64) * 12 + month.cast(nw.Int64))


def pair_months(pairs: Frame) -> Frame:
    """Sum what `fit` needs from monthly cells (`mirror.pair`): the columns of `PairMonths`.

    Uses months in which both sides spoke and the exporter also in the two months before and the one
    after; a series of fewer than six such months is left out. CIF or FOB makes no difference, since
    a series' own level is divided out.
    """
    said = numbered(pairs).select(
        *_SERIES, "month", left=nw.col("export_usd").cast(nw.Float64), came=nw.col("import_usd").cast(nw.Float64)
    )
    said = said.filter(nw.col("left") > 0)
    months = said.filter(nw.col("came") > 0)
    for name, steps in _NEAR.items():
        shifted = said.select(*_SERIES, nw.col("left").alias(name), month=nw.col("month") - steps)
        months = months.join(shifted, on=[*_SERIES, "month"], how="inner")
    words = ("came", "left", *_NEAR)
    whole = months.group_by(*_SERIES).agg(
        *(nw.col(name).mean().alias(f"{name}_mean") for name in words), count=nw.len()
    )
    around = {name: nw.col(name) / nw.col(f"{name}_mean") - 1.0 for name in words}
    scaled = months.join(whole.filter(nw.col("count") >= _FEWEST_MONTHS), on=list(_SERIES), how="inner").select(
        "exporter", "importer", change=nw.col("left").log() - nw.col("before").log(), **around
    )
    return scaled.group_by("exporter", "importer").agg(
        months=nw.len(),
        same=(nw.col("came") * nw.col("left")).sum(),
        next=(nw.col("came") * nw.col("before")).sum(),
        ahead=(nw.col("came") * nw.col("after")).sum(),
        late=(nw.col("came") * nw.col("long_before")).sum(),
        slack=(nw.col("change") * nw.col("change")).sum(),
    )


def fit(sums: Iterable[PairMonths]) -> list[tuple[str, str, float, float, int]]:
    """Write the `lag` table: each pair's share, shrunk towards everybody's, which is the row ("", "").

    If a share s arrives a month late, arrivals covary with departures k months before by
    (1-s)g(k) + s*g(k-1), g being the covariance of true departures k months apart, and g(-1) = g(1).
    Departures of the month before are thus closer than those of the month after by s(g0 - g2), those
    of the same month than those of two months before by (1-s)(g0 - g2): s follows. Nothing but
    covariances of one side's words with the other's is used, so that errors of either side drop out
    even where they last, as goods do that one side books to the same wrong partner month after month.
    """
    rows = list(sums)
    months = sum(row.months for row in rows)
    spread = sum(row.spread for row in rows) / months if months else 0.0
    if spread <= 0:
        return [("", "", 0.0, 0.0, months)] if rows else []
    common = min(MOST, max(0.0, sum(row.moved for row in rows) / spread / months))
    change = sum(row.slack for row in rows) / months
    prior = _prior_months(rows, common)
    found = [("", "", round(common, 6), round(common * common * change, 6), months)]
    for row in rows:
        own = (row.moved - common * row.spread) / spread / (row.months + prior)
        share = min(MOST, max(0.0, common + own))
        varied = (row.slack + prior * change) / (row.months + prior)
        found.append((row.exporter, row.importer, round(share, 6), round(share * share * varied, 6), row.months))
    return found


def _prior_months(rows: list[PairMonths], common: float) -> float:
    """Say how many months of its own a pair needs to count as much as everybody's share does.

    What a pair's sums are off everybody's share has a variance of months * noise from chance and of
    (months * spread)^2 * t from pairs that do differ; both are fitted over pairs by least squares.
    """
    off = [(row.moved - common * row.spread) ** 2 / row.months for row in rows]
    middle, level = sum(row.months for row in rows) / len(rows), sum(off) / len(rows)
    across = sum((row.months - middle) ** 2 for row in rows)
    steep = sum((row.months - middle) * (one - level) for row, one in zip(rows, off, strict=True))
    differ = steep / across if across else 0.0
    noise = level - differ * middle
    if differ <= 0:
        return _MOST_MONTHS
    return min(_MOST_MONTHS, max(_PRIOR_MONTHS, noise / differ))


def due(pairs: Frame, lag: Frame) -> Frame:
    """Replace each month's departures by the arrivals that were due, for learning margins.

    `export_usd` becomes (1-s) of the month's and s of the last month's declaration, null where
    either is unknown or they are more than a factor of 1.6 apart: where departures jump, an
    irregular lag moves the ratio more than freight does.
    """
    months = _with_lag(numbered(pairs), lag)
    last = months.select(*_SERIES, month=nw.col("month") + 1, last=nw.col("export_usd").cast(nw.Float64))
    share, left = nw.col("lag_share"), nw.col("export_usd").cast(nw.Float64)
    calm = (nw.col("last") < left * _CALM) & (left < nw.col("last") * _CALM)
    return (
        months.join(last, on=[*_SERIES, "month"], how="left")
        .with_columns(export_usd=nw.when(calm).then(left * (1.0 - share) + nw.col("last") * share))
        .drop("last", "month")
    )


def _with_lag(months: Frame, lag: Frame) -> Frame:
    """Join each pair's lag, everybody's where the pair was never measured."""
    columns = ["lag_share", "lag_variance"]
    everybody = lag.filter(nw.col("exporter") == nw.lit("")).select(
        nobody="exporter", common_share="lag_share", common_variance="lag_variance"
    )
    return (
        months.with_columns(nobody=nw.lit(""))
        .join(lag.select("exporter", "importer", *columns), on=["exporter", "importer"], how="left")
        .join(everybody, on="nobody", how="left")
        .with_columns(
            lag_share=nw.coalesce("lag_share", "common_share", nw.lit(0.0)),
            lag_variance=nw.coalesce("lag_variance", "common_variance", nw.lit(0.0)),
        )
        .drop("nobody", "common_share", "common_variance")
    )


def without_lag(mirrored: Frame, lag: Frame) -> Frame:
    """Say of each month what the importer says of the goods that left in it, and judge the gap so.

    Arrivals of a month are expected to be (1-s) of its departures and s of those of the month
    before; the importer's ratio to that is its word on them. Goods that left in a month are in the
    importer's word of that month and of the next, in those shares. `mirrored` holds months of one
    or more years (of a window, at least the months before and after those wanted).

    `timing` says what could be done: `settled` with both months, `half` with the first only,
    `unadjusted` where the exporter's month before is unknown or only one side spoke.
    """
    months = _with_lag(numbered(mirrored).drop("lag_share", "lag_variance"), lag)
    last = months.select(*_SERIES, month=nw.col("month") + 1, last_usd="export_fob_usd", last_kg="export_kg")
    months = months.join(last, on=[*_SERIES, "month"], how="left")
    months = months.with_columns(
        ratio_usd=_ratio("import_fob_usd", "export_fob_usd", "last_usd"),
        ratio_kg=_ratio("import_kg", "export_kg", "last_kg"),
    )
    after = months.select(*_SERIES, month=nw.col("month") - 1, next_ratio_usd="ratio_usd", next_ratio_kg="ratio_kg")
    months = months.join(after, on=[*_SERIES, "month"], how="left")
    judged = months.with_columns(
        timing_usd=_timing("usd"),
        timing_kg=_timing("kg"),
        import_said_usd=_said("usd", "export_fob_usd", "import_fob_usd"),
        import_said_kg=_said("kg", "export_kg", "import_kg"),
        log_gap=nw.coalesce(nw.col("ratio_usd").log(), nw.col("log_gap")),
        weight_log_gap=nw.coalesce(nw.col("ratio_kg").log(), nw.col("weight_log_gap")),
    )
    return judged.drop("month", "last_usd", "last_kg", "ratio_usd", "ratio_kg", "next_ratio_usd", "next_ratio_kg")


def _ratio(came: str, left: str, last: str) -> nw.Expr:
    """Divide arrivals by expected arrivals; null unless all three are known and above zero."""
    share = nw.col("lag_share")
    expected = nw.col(left).cast(nw.Float64) * (1.0 - share) + nw.col(last).cast(nw.Float64) * share
    known = (nw.col(came) > 0) & (nw.col(left) > 0) & (nw.col(last) > 0)
    return nw.when(known).then(nw.col(came).cast(nw.Float64) / expected)


def _timing(unit: str) -> nw.Expr:
    ratio, following = nw.col(f"ratio_{unit}"), nw.col(f"next_ratio_{unit}")
    return (
        nw.when(ratio.is_null())
        .then(nw.lit(UNADJUSTED))
        .otherwise(nw.when(following.is_null()).then(nw.lit(HALF)).otherwise(nw.lit(SETTLED)))
    )


def _said(unit: str, left: str, came: str) -> nw.Expr:
    ratio, share = nw.col(f"ratio_{unit}"), nw.col("lag_share")
    mean = ratio * (1.0 - share) + nw.coalesce(nw.col(f"next_ratio_{unit}"), ratio) * share
    return nw.coalesce((nw.col(left).cast(nw.Float64) * mean).round(3).cast(MONEY), nw.col(came))
