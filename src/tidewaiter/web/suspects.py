"""List the declarations that may be about a namesake, the likeliest first. Owns no score and no verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.law.engine import rows_of
from tidewaiter.web.register import KEY

if TYPE_CHECKING:
    from tidewaiter.lake.lake import Lake

LIKELY: Final = 0.5
MOST: Final = 400


def suspected(lake: Lake, least: float = LIKELY) -> list[dict[str, Any]]:
    """Return declarations whose mix-up is at least so probable: key, value, weight, receipt, probability, reasons."""
    from tidewaiter.lake.engines import Duck
    from tidewaiter.statistics.namesakes import concerned, confusions, suspicion

    pairs = confusions()
    trade = lake.tables().trade
    near, weighed = Duck(lake.connection), Duck(lake.connection)
    try:
        about = near.keep("web_namesakes", concerned(trade, pairs))
        found = weighed.keep("web_suspects", suspicion(about, pairs).filter(nw.col("mixup_probability") >= least))
        lines = about.select(*KEY, "value_usd", "weight_kg", "receipt", "row")
        joined = found.select(*KEY, "mixup_probability", "mixup_reasons").join(lines, on=list(KEY), how="left")
        ordered = joined.sort("mixup_probability", "value_usd", *KEY, descending=[True, True] + [False] * len(KEY))
        rows = rows_of(ordered.head(MOST))
    finally:
        weighed.forget()
        near.forget()
    meant = {pair.said: pair.meant for pair in pairs}
    return [{**row, "meant": meant.get(row["partner"], "")} for row in rows]
