"""Write the bulletin of a target's trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import LakeError
from tidewaiter.pipeline.asking import asker
from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Tables
    from tidewaiter.lake.lake import Lake
    from tidewaiter.tell.brief.model import Bulletin


def brief(
    target: str,
    partner: str | None = None,
    period: Period | None = None,
    *,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Bulletin:
    """Write the bulletin of `target`'s trade with `partner`, or with all partners, in `period`.

    Without `period` it tells of the last year there is anything of; without `as_of` of the day of the newest
    file. No clock is read. Raises `LakeError` for a lake without anything in it and without a span to tell of.
    """
    from tidewaiter.tell.brief.build import bulletin
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.brief.span import latest

    lake = lake or open_lake(home)
    with lake.reading():
        tables = lake.tables(as_of)
        span = period or latest(tables.trade, target, partner)
        day = as_of or _newest(tables)
        if span is None or day is None:
            where = target if partner is None else f"{target} with {partner}"
            message = f"the lake holds no trade of {where}, so no last year of it; land a file or name a --period"
            raise LakeError(message)
        return bulletin(Subject(target, partner, span, day, as_of), asker(lake, as_of, None))


def _newest(tables: Tables) -> date | None:
    """Return the day of the newest file of declared rows, else of any file; None in an empty lake."""
    vintages = tables.receipt.select("source", "vintage").to_native().fetchall()
    declared = [vintage for source, vintage in vintages if source != "published"]
    return max(declared or [vintage for _, vintage in vintages], default=None)
