"""Which six-digit HS codes exist in which edition: the list a rule file's codes are held against.

`hs_codes.csv` names every code of HS1992 to HS2022 with the editions it stands in, as runs of
years. The list agrees with the UN Statistics Division's classification lists and correlation
tables. It holds no labels, and it says nothing about what a code means: a number may come back
in a later edition for other goods, which shows as a gap between its runs.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Final

EDITIONS: Final = ("HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022")
LIST: Final = Path(__file__).with_name("hs_codes.csv")


@lru_cache(maxsize=256)
def runs(years: str) -> frozenset[str]:
    """Read runs of edition years such as `1992-1996 2007`: every edition inside one of them."""
    inside: set[str] = set()
    for run in years.split():
        first, _, last = run.partition("-")
        inside.update(EDITIONS[EDITIONS.index(f"HS{first}") : EDITIONS.index(f"HS{last or first}") + 1])
    return frozenset(inside)


@lru_cache(maxsize=1)
def _listed() -> dict[str, frozenset[str]]:
    """Read the list: per six-digit code the editions it stands in."""
    listed: dict[str, frozenset[str]] = {}
    with LIST.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            listed[row["code"]] = runs(row["editions"])
    return listed


@lru_cache(maxsize=8)
def known(hs: str) -> frozenset[str]:
    """Return every chapter, heading and subheading of the edition `hs`; empty for an unknown edition."""
    return frozenset(code[:digits] for code, editions in _listed().items() if hs in editions for digits in (2, 4, 6))


def editions_of(code: str) -> tuple[str, ...]:
    """Return the editions in which `code` (of 2, 4 or 6 digits, or its first six) exists, oldest first."""
    return tuple(hs for hs in EDITIONS if code[:6] in known(hs))


def is_same_number(code: str, one: str, other: str) -> bool:
    """Tell whether `code` stood in both editions and in every one between.

    Chapters and headings count like subheadings. False for a number that left the HS and came
    back, such as 8548.00: it stands for other goods now. True does not promise that the goods
    under an unbroken number stayed the same to the last item.
    """
    first, last = sorted((EDITIONS.index(one), EDITIONS.index(other)))
    return all(code[:6] in known(hs) for hs in EDITIONS[first : last + 1])
