"""Whose file it is: compares a file's columns with the layouts on the cards.

The name of a file, let alone its extension, never decides. Two cards that fit one file are a fault of
the cards and stop the landing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.statistics.card import card_of, cards
from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.statistics.card import Card, Layout
    from tidewaiter.statistics.container import Contents
    from tidewaiter.statistics.header import Header


def recognise(contents: Contents, header: Header, source: str | None) -> tuple[Card, Layout]:
    """Return the card and the layout that `header` has; `source` names the card where the user did.

    Raises `SourceError` naming what is missing from the layout that comes nearest.
    """
    candidates = [card_of(source)] if source is not None else list(cards().values())
    fitting = [(card, layout) for card in candidates for layout in card.layouts if layout.fits(_names(header, layout))]
    if not fitting:
        refuse(contents.name, _why_not(header.columns, candidates))
    most = max(len(layout.columns) for _, layout in fitting)
    best = [(card, layout) for card, layout in fitting if len(layout.columns) == most]
    if len(best) > 1:
        names = ", ".join(f"{card.id} ({layout.name})" for card, layout in best)
        refuse(contents.name, f"could be any of {names}; name one with --source")
    card, layout = best[0]
    if contents.bad_byte is not None and "latin-1" not in card.encodings:
        line, byte = contents.bad_byte
        refuse(contents.name, f"line {line} is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8")
    return card, layout


def _names(header: Header, layout: Layout) -> tuple[str, ...]:
    """Return a file's column names as the layout writes them: they may differ where rows are read by place."""
    return header.columns if header.delimiter is None else layout.spelled(header.columns)


def _why_not(columns: tuple[str, ...], candidates: Iterable[Card]) -> str:
    """Say which layout comes nearest and what it lacks, or that nothing comes near."""

    def share(layout: Layout) -> float:
        return len(set(layout.columns) & set(columns)) / len(layout.columns)

    near = max(((share(layout), card, layout) for card in candidates for layout in card.layouts), key=lambda at: at[0])
    likeness, card, layout = near
    if likeness >= 0.5:
        missing = [name for name in layout.columns if name not in columns]
        if missing:
            return (
                f"looks like {card.title} ({layout.name}) but lacks the column{'s' * (len(missing) > 1)} "
                f"{', '.join(missing)}; download it again with all columns"
            )
        if layout.heading is not None:
            return f"looks like {card.title} ({layout.name}) but no column is headed like 'value in 2019'"
    found = ", ".join(columns[:8]) + (", ..." if len(columns) > 8 else "")
    return f"is no layout known here; its columns are: {found}"
