"""How the tests of the sources read files: rows of a file as dictionaries, files of a few lines made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from tidewaiter.statistics.land import Guess, LandOptions, read

FILES = Path(__file__).parent / "fixtures" / "sources"

API_ROW: dict[str, Any] = {
    "typeCode": "C",
    "freqCode": "M",
    "period": "201907",
    "reporterCode": 643,
    "flowCode": "X",
    "partnerCode": 408,
    "partner2Code": 0,
    "classificationCode": "H5",
    "cmdCode": "030367",
    "customsCode": "C00",
    "motCode": 0,
    "qtyUnitCode": -1,
    "qty": None,
    "netWgt": None,
    "cifvalue": None,
    "fobvalue": 100.0,
    "primaryValue": 100.0,
}


def rows_of(path: Path, **options: Any) -> tuple[Guess, list[dict[str, Any]]]:
    """Read a file as landing would; return its guess and its rows in the file's order."""
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
    with duckdb.connect(config=settings) as engine, read(engine, path, LandOptions(**options)) as (guess, rows):
        names = rows.columns
        found = rows.order(
            ", ".join(name for name in ("row", "flow", "period", "reporter", "partner") if name in names)
        ).fetchall()
    return guess, [dict(zip(names, row, strict=True)) for row in found]


def answer(path: Path, rows: list[dict[str, Any]], **envelope: Any) -> Path:
    """Write an answer of the UN Comtrade API; each row is `API_ROW` with changes."""
    data = [API_ROW | row for row in rows]
    path.write_text(json.dumps({"elapsedTime": "0.1 secs", "count": len(data), "data": data, "error": ""} | envelope))
    return path


def text(path: Path, *lines: str) -> Path:
    """Write lines of text."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
