"""Screen some of the lake's trade for a page: one target with some partners, summed. Owns no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter import pipeline
from tidewaiter.law.engine import rows_of
from tidewaiter.law.exposure import screen_summary
from tidewaiter.tell.exposure_sheet import summary_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Frame
    from tidewaiter.base.sheet import Sheet
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.web.desk import SteadyLake


def exposed(
    lake: SteadyLake,
    book: Rulebook,
    *,
    target: str,
    partners: Sequence[str],
    period: Period | None,
    regimes: Sequence[str],
    as_of: date | None,
    targets: Sequence[str] = (),
) -> tuple[list[dict[str, Any]], Sheet]:
    """Return the summed exposures of `target`'s trade (with `partners` only, if any) as rows and as a sheet.

    Declarations that the exclusion register doubts are marked as in `tidewaiter screen --register`.
    """
    exporter, importer = nw.col("exporter"), nw.col("importer")
    own = (exporter == target) | (importer == target)
    others = exporter.is_in(list(partners)) | importer.is_in(list(partners))

    def narrow(trade: Frame) -> Frame:
        return trade.filter(own & others if partners else own)

    found = pipeline.screen(
        targets=list(targets) or [target],
        rulebook=book,
        regimes=regimes,
        period=period,
        suspects=[] if lake.register is None else lake.register.entries("doubtful"),
        as_of=as_of,
        lake=lake,
        narrow=narrow,
        mixups=False,
    )
    rows = rows_of(screen_summary(found))
    return rows, summary_sheet(rows)
