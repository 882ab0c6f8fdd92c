"""Gather what a chart of exposure stands on: one number for each partner and year, and the silences between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.pipeline.opening import open_lake
from tidewaiter.pipeline.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.base.question import ReceiptNote
    from tidewaiter.base.schema import Frame
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.tell.charts.exposure import Covered


def covered(
    target: str,
    rulebook: Rulebook,
    *,
    period: Period,
    regimes: Sequence[str] = (),
    source: str | None = None,
    as_of: date | None = None,
    lake: Lake | None = None,
    mixups: bool = True,
) -> tuple[tuple[Covered, ...], tuple[ReceiptNote, ...]]:
    """Return the covered trade of each partner with `target` in each year of `period`, and the files it is from.

    Several declarations of the same partner and year (two sources, the target's own, months and the year) are not
    added up: the largest stands. A year that a partner filed without any of it is "not reported". Without `mixups`
    it is not weighed whether another area of a like name was meant, which takes longer than all the rest.
    """
    import narwhals as nw

    from tidewaiter.answers.receipts import notes
    from tidewaiter.law.engine import rows_of

    lake = lake or open_lake()

    def narrow(trade: Frame) -> Frame:
        about = trade.filter((nw.col("exporter") == target) | (nw.col("importer") == target))
        return about if source is None else about.filter(nw.col("source") == source)

    with lake.reading():
        tables = lake.tables(as_of)
        found = screen(
            targets=[target],
            rulebook=rulebook,
            period=period,
            regimes=regimes,
            as_of=as_of,
            lake=lake,
            narrow=narrow,
            mixups=mixups,
        )
        cells = cells_of(found, target, tables.trade, period)
        named = rows_of(found.filter(nw.col("status_before_review") != "too_coarse").select("receipt").unique())
        receipts = notes(tables, (row["receipt"] for row in named))
    return cells, tuple(receipts[name] for name in sorted(receipts))


def cells_of(found: Frame, target: str, trade: Frame, period: Period) -> tuple[Covered, ...]:
    """Return the cells of screened rows `found`; `trade` is asked who filed anything in which year of `period`."""
    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import by_partner

    rows = rows_of(by_partner(found, target))
    partners = sorted({row["partner"] for row in rows})
    filed = _filed(trade, partners, {row["source"] for row in rows}, period) if partners else set()
    return tuple(_cells(rows, partners, filed, period))


def _filed(trade: Frame, partners: Sequence[str], sources: set[str], period: Period) -> set[tuple[str, int]]:
    """Find of which years each partner filed anything in one of the sources."""
    import narwhals as nw

    from tidewaiter.law.engine import rows_of

    years = period.years
    near = trade.filter(
        (nw.col("year") >= years[0]) & (nw.col("year") <= years[-1]),
        nw.col("reporter").is_in(list(partners)),
        nw.col("source").is_in(sorted(sources)),
    )
    return {(row["reporter"], int(row["year"])) for row in rows_of(near.select("reporter", "year").unique())}


def _cells(
    rows: Sequence[dict[str, Any]], partners: Sequence[str], filed: set[tuple[str, int]], period: Period
) -> Iterator[Covered]:
    from tidewaiter.base.sheet import Absent
    from tidewaiter.tell.charts.exposure import Covered

    for partner in partners:
        for year in period.years:
            said = [row for row in rows if row["partner"] == partner and int(row["year"]) == year]
            if said:
                best = max(said, key=lambda row: (row["covered_high_usd"] is not None, row["covered_high_usd"] or 0))
                absent = Absent.NO_DATA if best["covered_high_usd"] is None else None
                doubted = (best["doubted_usd"] or 0) * 2 >= (best["covered_high_usd"] or 1)
                yield Covered(partner, year, best["certain"], best["covered_high_usd"], absent, doubted=doubted)
            elif (partner, year) in filed:
                yield Covered(partner, year, None, None, Absent.NOT_REPORTED)
