"""Open the lake that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidewaiter.lake.lake import Lake


def open_lake(home: str | None = None) -> Lake:
    """Open the lake in `home`, else where the settings say. Nothing is written until something lands."""
    from tidewaiter.base.settings import settings
    from tidewaiter.lake.lake import Lake

    chosen = settings()
    return Lake.open(home or chosen.home, memory_limit=chosen.memory_limit, threads=chosen.threads)
