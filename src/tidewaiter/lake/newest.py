"""The rule of newest release in Narwhals' words, for engines that do not speak the lake's SQL.

It says what `visible.trade` says and must never say anything else: which landings are visible and in
which order they came is decided there and arrives here as a table. Pure: frames in, a frame out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.base.schema import COUNT, FLAG, RELEASE, TRADE, Column, Table
from tidewaiter.lake.visible import SCOPE

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

PLACED: Final = Table(
    "placed",
    (
        *(column for column in RELEASE.columns if column.name != "rows"),
        Column("place", COUNT, "number of the landing, from old to new"),
        Column("replaced", FLAG, "whether a newer landing replaces it wholly"),
    ),
    key=RELEASE.key,
)
"""What each visible landing speaks of, as the lake's engine found it (`visible.releases`)."""


def newest(rows: Frame, placed: Frame) -> Frame:
    """Keep, of the rows of `trade`, those of each group's newest visible landing.

    A group is one source, reporter, partner, flow, period, frequency, heading (four digits) and number
    of digits. Rows of landings that `placed` does not know are not visible.
    """
    standing = placed.select("receipt", *SCOPE, "place", "replaced")
    said = rows.join(standing, on=["receipt", *SCOPE], how="inner").with_columns(
        heading=nw.col("product").str.slice(0, 4), digits=nw.col("product").str.len_chars()
    )
    group = (*SCOPE, "partner", "flow", "heading", "digits")
    judged = said.with_columns(newest=nw.col("place").max().over(*group))
    return judged.filter(nw.col("place") == nw.col("newest"), ~nw.col("replaced")).select(*TRADE.names)
