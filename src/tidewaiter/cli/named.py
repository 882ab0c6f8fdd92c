"""What people name on the command line: areas, products, sources and HS editions, each resolved or refused.

Also what they are told while they wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

HOW_AREAS_ARE_WRITTEN: Final = "write a code such as PRK, an M49 number or a full name"


def areas_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of areas by code, M49 number or exact name; raises `CodeError`."""
    from tidewaiter.codes import areas

    return tuple(dict.fromkeys(areas.resolve(name, HOW_AREAS_ARE_WRITTEN) for name in names))


def split(text: str) -> list[str]:
    """Take `RUS,CHN` for two areas; a name that holds a comma of its own stays whole."""
    parts = [part.strip() for part in text.split(",")]
    return parts if all(part.isalnum() and len(part) <= 3 for part in parts) else [text]


def products_of(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Return HS codes of a list of options, all goods where there is none; raises `CodeError`."""
    from tidewaiter.base.terms import TOTAL
    from tidewaiter.codes.products import resolve_product

    return tuple(resolve_product(part.strip()) for text in texts or (TOTAL,) for part in text.split(","))


def refuse_unknown_source(source: str | None) -> None:
    """Raise `CodeError` for a source that no card describes."""
    from tidewaiter.base.errors import CodeError, nearest
    from tidewaiter.statistics.card import cards

    if source is not None and source not in cards():
        near = nearest(source, cards()) or f"; known: {', '.join(cards())}"
        message = f"source {source!r} is unknown{near}"
        raise CodeError(message)


def edition_of(text: str | None) -> str | None:
    """Return an HS edition by its name; raises `CodeError`."""
    from tidewaiter.base.errors import CodeError
    from tidewaiter.codes import hs_codes

    if text is None:
        return None
    if text.upper() not in hs_codes.EDITIONS:
        message = f"HS edition {text!r} is unknown; known: {', '.join(sorted(hs_codes.EDITIONS))}"
        raise CodeError(message)
    return text.upper()


def tell_waiting(message: str) -> None:
    """Tell whoever sits at a terminal why it takes a while."""
    import sys

    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
