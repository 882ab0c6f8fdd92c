"""Read product codes of the Harmonized System, name them, and tell its editions apart.

Owns `products.csv` (short labels in our own words: every chapter, and the headings that stories
about sanctions speak of) and `hs_editions.csv`. A product code is text, zeros in front included;
a number is refused, since it has lost them. Must not move a code from one edition to another.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import hs_codes

_HERE: Final = Path(__file__).parent
_WRITTEN: Final = re.compile(r"(?:HS ?)?(?P<code>\d+(?:[. ]\d+)*)", re.IGNORECASE | re.ASCII)

_LONGEST: Final = 80
"""Signs of a wrong code that a message repeats."""

_NATIONAL: Final = frozenset(("98", "99"))
"""Chapters that the HS leaves to its users: what lies in them is in no list."""


def resolve_product(text: str, where: str = "") -> str:
    """Return the code written as `text`: TOTAL, or 2, 4, 6 or more digits, dots and blanks left out.

    Up to six digits must exist in some HS edition; more are a national code inside one that does.
    Raises `CodeError` for anything else, and for a code that did not arrive as text.
    """
    place = f" ({where})" if where else ""
    if not isinstance(cast(object, text), str):
        message = f"product code {text!r}{place} is not text, so a zero in front may be lost: quote it"
        raise CodeError(message)
    written = text.strip()
    if written.casefold() == TOTAL.casefold():
        return TOTAL
    match = _WRITTEN.fullmatch(written)
    if match is None:
        message = f"product code {text[:_LONGEST]!r}{place} is neither {TOTAL} nor digits"
        raise CodeError(message)
    code = re.sub(r"[. ]", "", match["code"])
    if len(code) % 2 or len(code) > 12:
        message = f"product code {text[:_LONGEST]!r}{place} has {len(code)} digits: write 2, 4, 6, 8, 10 or 12"
        raise CodeError(message)
    if code[:2] not in _NATIONAL and not hs_codes.editions_of(code):
        message = f"product code {text!r}{place} is in no HS edition{_near(code)}"
        raise CodeError(message)
    return code


def label(code: str, hs: str = "HS2017") -> str:
    """Name what `code` stands for in the edition `hs`, in a few words.

    A code without a label of its own is named by the heading or chapter it is part of.
    """
    for digits in (len(code), 4, 2):
        prefix = code if code == TOTAL else code[:digits]
        for own, editions in _labels().get(prefix, ()):
            if hs in editions or hs not in hs_codes.EDITIONS:
                return own if prefix == code else f"part of {prefix} {own}"
    message = f"product code {code!r} has no label in {hs}{_near(code)}"
    raise CodeError(message)


class _Editions(Mapping[str, str]):
    """UN Comtrade's classification code (H0 to H6) -> HS edition, read on the first look-up."""

    def __getitem__(self, classification: str) -> str:
        return _years()[classification][0]

    def __iter__(self) -> Iterator[str]:
        return iter(_years())

    def __len__(self) -> int:
        return len(_years())


editions: Final[Mapping[str, str]] = _Editions()


def edition(classification: str, where: str = "") -> str:
    """Return the HS edition that UN Comtrade calls `classification`; raises `CodeError`."""
    try:
        return editions[classification]
    except KeyError:
        place = f" ({where})" if where else ""
        message = f"classification {classification!r}{place} is no HS edition; known: {', '.join(editions)}"
        raise CodeError(message) from None


def in_force(hs: str) -> range:
    """Return the years in which the edition `hs` was the newest in force; raises `CodeError`."""
    for known, years in _years().values():
        if known == hs:
            return years
    message = f"HS edition {hs!r} is unknown{nearest(hs, editions.values())}"
    raise CodeError(message)


def editions_csv() -> Path:
    """Return the table to join on: `classification` (H0 to H6), `hs`, `first_year`, `last_year`."""
    return _HERE / "hs_editions.csv"


def _near(code: str) -> str:
    """Name the codes of the same length that share most of the digits in front and lie closest."""
    short = code[:6]
    known = {part for hs in hs_codes.EDITIONS for part in hs_codes.known(hs) if len(part) == len(short)}
    for shared in range(len(short) - 1, 0, -1):
        siblings = sorted(
            (each for each in known if each[:shared] == short[:shared]),
            key=lambda each: (abs(int(each) - int(short)), each),
        )
        if siblings:
            return f"; nearest: {', '.join(siblings[:3])}"
    return ""


@lru_cache(maxsize=1)
def _years() -> Mapping[str, tuple[str, range]]:
    with editions_csv().open(encoding="utf-8", newline="") as lines:
        return {
            row["classification"]: (row["hs"], range(int(row["first_year"]), int(row["last_year"]) + 1))
            for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    labels: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    with (_HERE / "products.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            named = (row["label"], hs_codes.runs(row["editions"]))
            labels[row["code"]] = (*labels.get(row["code"], ()), named)
    return labels
