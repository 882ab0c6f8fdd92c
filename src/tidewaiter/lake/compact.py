"""Keep what many landed files come to in one file of visible rows, so that a question reads one instead of fifty.

Owns files that can always be made again: nothing here is evidence. A file is named by all that decides
which rows are visible in it, so one that is out of date is never read, only removed.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import TRADE
from tidewaiter.lake import visible
from tidewaiter.lake.engine import listed, literal
from tidewaiter.lake.log import SCHEMA_VERSION
from tidewaiter.lake.write import SORTED_BY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import duckdb

    from tidewaiter.lake.snapshot import Names

MOST_TOGETHER: Final = 3_000_000
"""The years of one source lie in one file up to so many rows; of more each year that has several files has its own."""
ROW_GROUP: Final = 20_480
"""Rows that are read or skipped together: a question wants few of them."""
A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Part:
    """Landed files with visible rows that are read together; of `contested` ones the newest release counts."""

    plain: tuple[str, ...]
    contested: tuple[str, ...]
    place: str | None
    """Where one file for them all lies in the folder of compacted files; None where they need none."""


def parts(connection: duckdb.DuckDBPyConnection, names: Names) -> list[Part]:
    """List the files of a state by source, frequency and, where there are very many rows, year; paths as in the log."""
    years = connection.execute(
        f"""
        WITH f AS ({visible.contested_files(names.files, names.release)}),
        p AS (
            SELECT t.source, t.frequency, t.year, list(path ORDER BY path) FILTER (NOT contested) AS plain,
                list(path ORDER BY path) FILTER (contested) AS contested
            FROM f JOIN {names.files} AS t USING (path) GROUP BY ALL
        ),
        r AS (
            SELECT source, frequency, CAST(left(period, 4) AS BIGINT) AS year, sum(rows) AS rows,
                md5(string_agg(concat_ws(' ', receipt, reporter, period, replaced), ','
                    ORDER BY place, reporter, period)) AS said
            FROM {names.release} GROUP BY ALL
        )
        SELECT source, frequency, year, plain, contested, rows, said FROM p LEFT JOIN r USING (source, frequency, year)
        ORDER BY source, frequency, year"""
    ).fetchall()
    found: list[Part] = []
    for key, group in groupby(years, key=lambda row: row[:2]):
        own = list(group)
        is_small = sum(int(row[5] or 0) for row in own) <= MOST_TOGETHER
        found += [_part(key, own)] if is_small else [_part((*key, row[2]), [row]) for row in own]
    return found


def _part(key: Sequence[object], years: Sequence[Sequence[list[str] | None]]) -> Part:
    plain = tuple(path for row in years for path in row[3] or ())
    contested = tuple(path for row in years for path in row[4] or ())
    if len(plain) + len(contested) < 2:  # one file is read as it is
        return Part(plain, contested, None)
    rule = visible.trade(["plain"], ["contested"], "release")
    decides = (SCHEMA_VERSION, ROW_GROUP, rule, plain, contested, [row[6] for row in years])
    name = sha256(repr(decides).encode()).hexdigest()[:32]
    return Part(plain, contested, "/".join((*map(str, key), f"{name}.parquet")))


def made(folder: Path, part: Part) -> str | None:
    """Return the local path of the one file of a part; None where it has not been made, or needs none."""
    if part.place is None:
        return None
    path = folder / part.place
    return str(path) if path.is_file() else None


def scan(files: Sequence[str]) -> str:
    """Select the rows of files made here, which hold the partition columns too."""
    return f"SELECT {visible.columns_of(TRADE)} FROM read_parquet({listed(list(files))}, hive_partitioning = false)"


def compact(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    found: Iterable[Part],
    names: Names,
    near: Callable[[Sequence[str]], list[str]],
    on_progress: Callable[[float], None],
) -> int:
    """Make the files that are missing and return how many; remove those that no state reads any more.

    Raises `LakeError` where the folder cannot be written.
    """
    places = {each.place: each for each in found if each.place is not None}
    missing = {place: each for place, each in places.items() if made(folder, each) is None}
    order = ", ".join(("year", *SORTED_BY[TRADE.name]))
    for done, (place, each) in enumerate(missing.items(), 1):
        target = folder / place
        unfinished = target.with_name(f".{secrets.token_hex(8)}")
        rows = visible.trade(near(each.plain), near(each.contested), names.release)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"COPY (SELECT * FROM ({rows}) ORDER BY {order}) TO {literal(str(unfinished))} "
                f"(FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})"
            )
            unfinished.replace(target)
        except OSError as error:
            message = f"the folder {folder} cannot be written: {error.strerror}"
            raise LakeError(message) from error
        finally:
            unfinished.unlink(missing_ok=True)
        on_progress(done / len(missing))
    _sweep(folder, places.keys())
    return len(missing)


def _sweep(folder: Path, places: Iterable[str]) -> None:
    """Remove what belongs to nothing as it is now, once it is a day old: until then somebody may be reading it."""
    oldest, wanted = time.time() - A_DAY, set(places)
    for path in folder.rglob("*"):
        is_wanted = path.relative_to(folder).as_posix() in wanted
        if path.is_file() and not is_wanted and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
