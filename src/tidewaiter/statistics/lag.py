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
_PRIOR_MONTHS: Final = 300.0
_FEWEST_MONTHS: Final = 6
_CALM: Final = 1.6


@dataclass(frozen=True, slots=True)
class PairMonths:
    """Sums over the product months of one pair, each series divided by its own mean.

    `same` and `next` are the covariances (times `months`) of arrivals with departures of the same
    and of the previous month, `own` that of departures with the previous month's, `slack` the sum
    of squared changes from one departure month to the next, in logarithms.
    """

    exporter: str
    importer: str
    months: int
    same: float
    next: float
    own: float
    slack: float


def numbered(pairs: Frame) -> Frame:
    """Add `month`: months since year 0, so that neighbours can be joined."""
    year, month = nw.col("period").str.slice(0, 4), nw.col("period").str.slice(5, 2)
    return pairs.with_columns(month=year.cast(nw.Int64) * 12 + month.cast(nw.Int64))


def pair_months(pairs: Frame) -> Frame:
    """Sum what `fit` needs from monthly cells (`mirror.pair`): the columns of `PairMonths`.

    Uses months in which both sides spoke and the exporter also the month before; a series of fewer
    than six such months is left out. CIF or FOB makes no difference, since a series' own level is
    divided out.
    """
    said = numbered(pairs).select(
        *_SERIES, "month", left=nw.col("export_usd").cast(nw.Float64), came=nw.col("import_usd").cast(nw.Float64)
    )
    before = said.select(*_SERIES, month=nw.col("month") + 1, before=nw.col("left"))
    months = said.join(before, on=[*_SERIES, "month"], how="inner").filter(
        nw.col("left") > 0,
        nw.col("came") > 0,
        nw.col("before") > 0,
    )
    whole = months.group_by(*_SERIES).agg(
        left_mean=nw.col("left").mean(),
        came_mean=nw.col("came").mean(),
        before_mean=nw.col("before").mean(),
        count=nw.len(),
    )
    scaled = months.join(whole.filter(nw.col("count") >= _FEWEST_MONTHS), on=list(_SERIES), how="inner").select(
        "exporter",
        "importer",
        left=nw.col("left") / nw.col("left_mean") - 1.0,
        came=nw.col("came") / nw.col("came_mean") - 1.0,
        before=nw.col("before") / nw.col("before_mean") - 1.0,
        change=nw.col("left").log() - nw.col("before").log(),
    )
    return scaled.group_by("exporter", "importer").agg(
        months=nw.len(),
        same=(nw.col("came") * nw.col("left")).sum(),
        next=(nw.col("came") * nw.col("before")).sum(),
        own=(nw.col("left") * nw.col("before")).sum(),
        slack=(nw.col("change") * nw.col("change")).sum(),
    )


def fit(sums: Iterable[PairMonths]) -> list[tuple[str, str, float, float, int]]:
    """Write the `lag` table: each pair's share, shrunk towards everybody's, which is the row ("", "").

    If a share s arrives a month late, arrivals covary with this month's departures by (1-s)g0 + s*g1
    and with last month's by s*g0 + (1-s)*g1, g0 and g1 being the true variance and the true
    covariance of neighbouring months; errors of declaration covary with nothing and drop out. Hence
    s = (next - own) / (same + next - 2 own).
    """
    rows = list(sums)
    months = sum(row.months for row in rows)
    bottom = sum(row.same + row.next - 2 * row.own for row in rows)
    if not months or bottom <= 0:
        return [(row.exporter, row.importer, 0.0, 0.0, row.months) for row in rows]
    common = min(MOST, max(0.0, sum(row.next - row.own for row in rows) / bottom))
    change = sum(row.slack for row in rows) / months
    prior = _PRIOR_MONTHS * bottom / months
    found = [("", "", round(common, 6), round(common * common * change, 6), months)]
    for row in rows:
        whole = row.same + row.next - 2 * row.own + prior
        share = min(MOST, max(0.0, (row.next - row.own + prior * common) / whole)) if whole > 0 else common
        varied = (row.slack + _PRIOR_MONTHS * change) / (row.months + _PRIOR_MONTHS)
        found.append((row.exporter, row.importer, round(share, 6), round(share * share * varied, 6), row.months))
    return found


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
