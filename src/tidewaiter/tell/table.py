"""A plain list of records as JSON: what `--json` prints of a table, one object a row."""

from __future__ import annotations

import json as json_format
from typing import TYPE_CHECKING

from tidewaiter.tell.sheets import write
from tidewaiter.tell.sheets.cells import records

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.base.sheet import Sheet


def print_records(sheet: Sheet, out: Path | None = None) -> None:
    """Print the rows of `sheet` as a JSON array of objects, or write them to `out`."""
    text = json_format.dumps(records(sheet), indent=2, ensure_ascii=False, default=str)
    write(f"{text}\n".encode(), out)
