"""Set both sides of a trade beside each other, on the engine that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tidewaiter.base.mirrored import MirrorTable, Wanted
    from tidewaiter.lake.lake import Lake


def mirror(
    wanted: Wanted,
    *,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
    tell: Callable[[str], None] | None = None,
) -> MirrorTable:
    """Set both sides of some trade beside each other and settle them, on the engine that the settings name.

    What margins, lags and errors are is learned once from all declarations of the source, and kept beside the
    lake until something of it is landed; `tell` is told when that begins, since it may take a minute.
    """
    from tidewaiter.lake.engines import open_engine
    from tidewaiter.statistics.sides import both_sides

    lake = lake or open_lake(home)
    with lake.reading(), open_engine(lake) as engine:
        return both_sides(lake, engine, wanted, as_of, tell=tell)
