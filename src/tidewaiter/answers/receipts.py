"""Look up the landings that rows came with: how to cite them, and whether they were complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.answers.engine import plain_day, records
from tidewaiter.answers.memory import whole
from tidewaiter.base.question import ReceiptNote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.schema import Tables

_NOTED: Final = ("receipt", "sha256", "source", "file", "url", "licence", "citation", "vintage")


def notes(tables: Tables, names: Iterable[str]) -> dict[str, ReceiptNote]:
    """Return what a reader needs of the landings `names`, by name."""
    found = (
        {**{name: row[name] for name in _NOTED}, "vintage": plain_day(row["vintage"])} for row in _of(tables, names)
    )
    return {note["receipt"]: ReceiptNote(**note) for note in found}


def complete(tables: Tables, names: Iterable[str]) -> frozenset[str]:
    """Pick those of the landings `names` that are all their publisher has for their reporters and periods."""
    return frozenset(row["receipt"] for row in _of(tables, names) if row["complete"])


def _of(tables: Tables, names: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(names)
    if not wanted:
        return []
    rows = whole(tables, "receipt", tables.receipt)
    if rows is None:
        return records(tables.receipt.filter(nw.col("receipt").is_in(sorted(wanted))))
    return [row for row in rows if row["receipt"] in wanted]
