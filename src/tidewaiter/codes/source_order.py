"""Say which of several sources comes first where nothing else decides between them.

The order is the table `source_order.csv`, each place with its reason; a source without a place
comes after those with one.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("source_order.csv")


@lru_cache(maxsize=1)
def places() -> dict[str, int]:
    """Read the place of each source, by its id."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["source"]: int(row["place"]) for row in csv.DictReader(lines)}


def place(source: str) -> int:
    """Return the place of `source`; a source that the table does not hold comes last."""
    known = places()
    return known.get(source, len(known) + 1)
