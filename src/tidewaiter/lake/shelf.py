"""Keep small tables that were learned from a lake's rows, so that the next run need not learn them again.

Owns files that can always be made again: nothing here is evidence, and a shelf that cannot be written
is done without. A folder is written beside its place and renamed, so that it is never seen half.
"""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.lake.engine import literal
from tidewaiter.lake.engines import Duck

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tidewaiter.base.schema import Frame
    from tidewaiter.lake.lake import Lake

MOST_KEPT: Final = 64
A_DAY: Final = 86_400


def find(lake: Lake, key: str) -> dict[str, Frame] | None:
    """Return the tables kept under `key` as lazy frames on the lake's connection, None where there are none."""
    folder = lake.shelf / key
    files = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    if not files:
        return None
    return {path.stem: _read(lake, str(path)) for path in files}


def keep(lake: Lake, key: str, tables: Mapping[str, Frame]) -> dict[str, Frame]:
    """Keep DuckDB frames under `key` and return them, read from where they are kept.

    Where the shelf cannot be written they are kept in the engine, for as long as it is open.
    """
    import duckdb

    folder = lake.shelf / key
    part = folder.with_name(f".{key}-{os.getpid()}")
    try:
        part.mkdir(parents=True)
        for name, frame in tables.items():
            target = literal(str(part / f"{name}.parquet"))
            lake.connection.execute(f"COPY ({_sql(frame)}) TO {target} (FORMAT parquet)")
        if not folder.exists():
            part.rename(folder)
            _make_room(lake.shelf)
    except (OSError, duckdb.Error):
        engine = Duck(lake.connection)
        return {name: engine.keep(name, frame) for name, frame in tables.items()}
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return find(lake, key) or dict(tables)


def _make_room(shelf: Path) -> None:
    """Remove the oldest folders beyond the most that are kept, if nobody can still be at work with them."""
    oldest_first = sorted((folder.stat().st_mtime, folder) for folder in shelf.iterdir())
    for made, folder in oldest_first[:-MOST_KEPT]:
        if made < time.time() - A_DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _read(lake: Lake, path: str) -> Frame:
    frame: Frame = nw.from_native(lake.connection.sql(f"FROM read_parquet({literal(path)})")).lazy()
    return frame


def _sql(frame: Frame) -> str:
    native: Any = frame.to_native()
    return str(native.sql_query())
