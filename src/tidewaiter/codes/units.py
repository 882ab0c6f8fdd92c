"""Know the units that quantities are declared and written in, and convert within one dimension.

Owns `units.csv`, the spellings in `unit_names.csv` and UN Comtrade's numbers in `unit_codes.csv`.
Money is no unit of this table, and words of scale (thousand, million) are none either. Must not
turn volume into mass: barrels per tonne depends on the product and is a cited factor.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.codes.fold import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one of it is `factor` of `base`, exactly; `source` says who fixed that."""

    symbol: str
    name: str
    dimension: str
    factor: Decimal
    base: str
    source: str


def resolve_unit(text: str, where: str = "") -> str:
    """Return the symbol of the unit written as `text`, spelled in any way the table knows.

    Tons without more are metric tonnes; a short or a long ton has to say so. Raises `CodeError`.
    """
    folded = fold(text)
    symbol = _names().get(folded)
    if symbol is None:
        place = f" ({where})" if where else ""
        message = f"unit {text!r} is unknown{place}{nearest(folded, _names())}"
        raise CodeError(message)
    return symbol


def unit(symbol: str) -> Unit:
    """Return what the table holds of `symbol`; raises `CodeError` for a symbol it does not hold."""
    try:
        return _units()[symbol]
    except KeyError:
        message = f"unit symbol {symbol!r} is unknown{nearest(symbol, _units())}"
        raise CodeError(message) from None


def convert(value: Decimal, symbol: str, to: str) -> Decimal:
    """Express `value` of the unit `symbol` in the unit `to`; raises `CodeError` across dimensions."""
    source, target = unit(symbol), unit(to)
    if source.dimension != target.dimension:
        message = (
            f"{symbol} measures {source.dimension} and {to} measures {target.dimension}: "
            "between them stands a factor of the product, which no table of units holds"
        )
        raise CodeError(message)
    return value if symbol == to else value * source.factor / target.factor


def comtrade_unit(code: int, where: str = "") -> str | None:
    """Return the symbol behind UN Comtrade's `qtyUnitCode`, None for its codes of no quantity."""
    try:
        return _codes()[code] or None
    except KeyError:
        place = f" ({where})" if where else ""
        message = f"UN Comtrade quantity unit {code}{place} is unknown; known: -1 to {max(_codes())} without 0"
        raise CodeError(message) from None


def comtrade_csv() -> Path:
    """Return the table to join on: `comtrade_code`, `symbol` (empty for no quantity), `abbreviation`."""
    return _HERE / "unit_codes.csv"


def spellings_csv() -> Path:
    """Return the table to join names on in bulk: `spelling_folded`, `symbol`."""
    return _HERE / "unit_names.csv"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def _units() -> Mapping[str, Unit]:
    return {
        row["symbol"]: Unit(
            row["symbol"], row["name"], row["dimension"], Decimal(row["factor"]), row["base"], row["source"]
        )
        for row in _rows(_HERE / "units.csv")
    }


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {row["spelling_folded"]: row["symbol"] for row in _rows(spellings_csv())}


@lru_cache(maxsize=1)
def _codes() -> Mapping[int, str]:
    return {int(row["comtrade_code"]): row["symbol"] for row in _rows(comtrade_csv())}
