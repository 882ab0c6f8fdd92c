"""Read how people group goods (`product_groups.csv`): chapters of the HS, each in one group, and headings inside.

Crude and refined oil are groups of their own. `phrase` is how a story names exactly these codes, empty where no
phrase does.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("product_groups.csv")


@dataclass(frozen=True, slots=True)
class ProductGroup:
    """One group: its label in a table, its phrase in a sentence, its HS codes; `within` names a group around it."""

    id: str
    within: str
    label: str
    phrase: str
    codes: tuple[str, ...]
    source: str


@lru_cache(maxsize=1)
def product_groups() -> tuple[ProductGroup, ...]:
    """Return the groups in the order of the table: each before those that are part of it."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ProductGroup(
                row["group"], row["within"], row["label"], row["phrase"], tuple(row["codes"].split()), row["source"]
            )
            for row in csv.DictReader(lines)
        )
