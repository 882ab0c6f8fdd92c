"""How the tests of the sources read files: rows of a file as dictionaries, files of a few lines made on the spot."""

from __future__ import annotations

import json
from contextlib import contextmanager
from os import pathsep
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tidewaiter.base import settings
from tidewaiter.statistics import card, corrections, homes
from tidewaiter.statistics.land import Guess, LandOptions, read

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextmanager
def own_sources(*folders: Path) -> Iterator[None]:
    """Let Tidewaiter find sources in these folders, and look for installed ones anew, for a while."""
    kept = (settings.settings, homes.homes, card.cards, card._with_homes, corrections.corrections_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIDEWAITER_SOURCES", pathsep.join(map(str, folders)))
        for each in kept:
            each.cache_clear()
        yield
    for each in kept:
        each.cache_clear()


def text(path: Path, *lines: str) -> Path:
    """Write lines of text."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
