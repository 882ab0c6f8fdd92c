"""Resolve how people and publishers write an area to one code, exactly or not at all.

Owns the tables of areas, their numbers and their spellings (`area*.csv` beside this file). Must
never guess: what no table holds is a `CodeError` naming the nearest spellings, and a name that
two areas share is refused with both spelled out. Reads a table on its first look-up, not before.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.codes.fold import FOLD_SQL, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "FOLD_SQL",
    "WORLD",
    "Area",
    "Kind",
    "ambiguous_csv",
    "area",
    "every_area",
    "fold",
    "kind",
    "m49_csv",
    "name",
    "never_reports",
    "non_reporters",
    "resolve",
    "spellings_csv",
]

Kind = Literal["country", "dissolved", "unspecified", "group", "world"]
"""Only countries and dissolved states may be added up; the rest overlap with them or with each other."""

WORLD: Final = "W00"
LONGEST: Final = 80
"""Signs of an unknown name that a message repeats."""

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Area:
    """One area: a country or territory, or one of the non-countries that publishers trade with.

    `first_year` and `last_year` are UN Comtrade's years of entry and exit, None where open.
    `reports` is False where no customs office publishes declarations of its own.
    """

    code: str
    name: str
    kind: Kind
    first_year: int | None
    last_year: int | None
    reports: bool
    source: str
    note: str


def resolve(text: str, where: str = "") -> str:
    """Return the code of the area written as `text`: a code, an M49 number or a known spelling.

    Case, white space, apostrophes and dashes are folded; nothing else is. `where` names the file
    and row for the message. Raises `CodeError` for what is unknown or shared by two areas.
    """
    folded = fold(text)
    code = _codes().get(folded)
    if code is not None:
        return code
    place = f" ({where})" if where else ""
    shown = repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")
    shared = _ambiguous().get(folded)
    if shared is not None:
        choices = " or ".join(f"{code} ({name(code)})" for code in shared)
        message = f"area {shown} is ambiguous{place}: write {choices}"
        raise CodeError(message)
    message = f"area {shown} is unknown{place}{nearest(folded, _spellings().values())}"
    raise CodeError(message)


def area(code: str) -> Area:
    """Return what the table holds of `code`; raises `CodeError` for a code it does not hold."""
    try:
        return _areas()[code]
    except KeyError:
        message = f"area code {code!r} is unknown{nearest(code, _areas())}"
        raise CodeError(message) from None


def name(code: str) -> str:
    """Return the short English name to show readers, such as North Korea for PRK."""
    return area(code).name


def kind(code: str) -> Kind:
    """Tell what sort of area `code` is; only countries and dissolved states may be added up."""
    return area(code).kind


def never_reports(code: str) -> bool:
    """Tell whether the area publishes no declarations, so that only its partners' mirror exists."""
    return not area(code).reports


def non_reporters() -> frozenset[str]:
    """Return the codes of the countries that publish no declarations of their own."""
    return frozenset(each.code for each in every_area() if not each.reports and each.kind in {"country", "dissolved"})


def every_area() -> Iterator[Area]:
    """Yield every area of the table, by code."""
    yield from _areas().values()


def spellings_csv() -> Path:
    """Return the table to join names on in bulk: `spelling_folded`, `code`, unique in the first.

    Fold the other side with `FOLD_SQL`, and read every column as text.
    """
    return _HERE / "area_names.csv"


def ambiguous_csv() -> Path:
    """Return the table of names that two areas share: `spelling_folded`, `codes` (blank-separated)."""
    return _HERE / "area_ambiguous.csv"


def m49_csv() -> Path:
    """Return the table to join UN Comtrade's numbers on: `m49` (no leading zeros), `code`."""
    return _HERE / "area_numbers.csv"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def _areas() -> Mapping[str, Area]:
    return {
        row["code"]: Area(
            code=row["code"],
            name=row["name"],
            kind=cast(Kind, row["kind"]),
            first_year=int(row["first_year"]) if row["first_year"] else None,
            last_year=int(row["last_year"]) if row["last_year"] else None,
            reports=row["reports"] == "yes",
            source=row["source"],
            note=row["note"],
        )
        for row in _rows(_HERE / "areas.csv")
    }


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    return {row["spelling_folded"]: row["code"] for row in _rows(spellings_csv())}


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    return {row["spelling_folded"]: row["spelling"] for row in _rows(spellings_csv())}


@lru_cache(maxsize=1)
def _ambiguous() -> Mapping[str, tuple[str, ...]]:
    return {row["spelling_folded"]: tuple(row["codes"].split()) for row in _rows(ambiguous_csv())}
