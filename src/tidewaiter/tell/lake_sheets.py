"""Lay out what the lake holds and can take: sources and receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Sheet, SheetColumn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.schema import Frame
    from tidewaiter.statistics.card import Card

SHORT: Final = 12
"""Signs of a sha256 that a table for readers shows, as citations do."""


def sources_sheet(cards: Iterable[Card]) -> Sheet:
    """List the publishers whose files can be landed, one row each."""
    columns = tuple(SheetColumn(name, name) for name in ("source", "publisher", "title", "licence"))
    rows = tuple((card.id, card.publisher, card.title, card.licence) for card in cards)
    return Sheet("sources", "Sources", columns, rows)


def receipts_sheet(receipt: Frame, *, short: bool = False) -> Sheet:
    """List what was landed, oldest first; `short` leaves out what readers of a terminal have no room for."""
    columns = (
        SheetColumn("vintage", "vintage", "day"),
        SheetColumn("source", "source"),
        SheetColumn("file", "file"),
        SheetColumn("rows", "rows", "count"),
        SheetColumn("sha256", "sha256"),
        *(() if short else (SheetColumn("receipt", "receipt"),)),
    )
    frame = receipt.sort("receipt").select(*(column.name for column in columns))
    found = [tuple(row) for row in frame.to_native().fetchall()]
    rows = [(*row[:4], row[4][:SHORT]) for row in found] if short else found
    return Sheet("receipts", "Receipts", columns, tuple(rows))
