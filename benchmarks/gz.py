"""Read gzipped bulk text in several ways, in turn in one run: `python benchmarks/gz.py`.

A made-up monthly file in UN Comtrade's layout (47 columns, tabs, gzip) is turned into one Parquet file of
the columns that a lake needs: by DuckDB's own reader of `.csv.gz`, with what it guesses and with every type told; by
unpacking first (as landing does) and reading the text on all threads; and by a pipe. Last a landing, which checks every row
besides. What is compared is the ratio; CPU seconds are those of the process and its children.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tidewaiter.lake.lake import Lake
from tidewaiter.statistics.land import LandOptions, land_file

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = 5_380
"""HS codes in use; with 12 months, 5 partners, 2 flows and 5 reporters no line stands twice below 3.2 million rows."""
COLUMNS = {
    "typeCode": "'C'",
    "freqCode": "'M'",
    "refPeriodId": "20190101 + 100 * (i % 12)",
    "refYear": "2019",
    "refMonth": "1 + i % 12",
    "period": "201901 + i % 12",
    "reporterCode": "list_value(643, 156, 842, 410, 392)[1 + (i // 645600) % 5]",
    "reporterISO": "list_value('RUS', 'CHN', 'USA', 'KOR', 'JPN')[1 + (i // 645600) % 5]",
    "reporterDesc": "list_value('Russian Federation', 'China', 'USA', 'Rep. of Korea', 'Japan')[1 + (i // 645600) % 5]",
    "flowCode": "CASE WHEN (i // 322800) % 2 = 0 THEN 'X' ELSE 'M' END",
    "flowDesc": "CASE WHEN (i // 322800) % 2 = 0 THEN 'Export' ELSE 'Import' END",
    "partnerCode": "list_value(276, 752, 124, 76, 36)[1 + (i // 12) % 5]",
    "partnerISO": "list_value('DEU', 'SWE', 'CAN', 'BRA', 'AUS')[1 + (i // 12) % 5]",
    "partnerDesc": "list_value('Germany', 'Sweden', 'Canada', 'Brazil', 'Australia')[1 + (i // 12) % 5]",
    "partner2Code": "0",
    "partner2ISO": "'W00'",
    "partner2Desc": "'World'",
    "classificationCode": "'H5'",
    "classificationSearchCode": "'HS'",
    "isOriginalClassification": "true",
    "cmdCode": "product",
    "cmdDesc": "'Made-up goods, n.e.s. in heading no. ' || left(product, 4)",
    "aggrLevel": "6",
    "isLeaf": "true",
    "customsCode": "'C00'",
    "customsDesc": "'TOTAL CPC'",
    "mosCode": "0",
    "motCode": "0",
    "motDesc": "'TOTAL MOT'",
    "qtyUnitCode": "8",
    "qtyUnitAbbr": "'kg'",
    "qty": "round(usd / 3, 2)",
    "isQtyEstimated": "false",
    "altQtyUnitCode": "-1",
    "altQtyUnitAbbr": "'N/A'",
    "altQty": "NULL",
    "isAltQtyEstimated": "false",
    "netWgt": "round(usd / 3, 2)",
    "isNetWgtEstimated": "false",
    "grossWgt": "NULL",
    "isGrossWgtEstimated": "false",
    "cifvalue": "CASE WHEN (i // 322800) % 2 = 1 THEN usd END",
    "fobvalue": "CASE WHEN (i // 322800) % 2 = 0 THEN usd END",
    "primaryValue": "usd",
    "legacyEstimationFlag": "0",
    "isReported": "true",
    "isAggregate": "false",
}
WANTED = (
    "freqCode, period, reporterCode, flowCode, partnerCode, partner2Code, classificationCode, cmdCode, customsCode, motCode, "
    "primaryValue, cifvalue, fobvalue, netWgt, qty, qtyUnitCode"
)
TYPED = "columns={" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}, auto_detect=false"
NUMBERS = ("primaryValue", "cifvalue", "fobvalue", "netWgt", "qty")
TOLD = TYPED
for number in NUMBERS:
    TOLD = TOLD.replace(f"'{number}': 'VARCHAR'", f"'{number}': 'DOUBLE'")
TEXT = "delim='\t', header=true, quote='\"', escape='\"'"


def connect(threads: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": threads, "memory_limit": "2GB"})
    connection.execute("SET enable_progress_bar = false")
    return connection


def generate(path: Path, rows: int, codes: list[str]) -> None:
    """Write the bulk file, streaming: memory does not grow with the rows."""
    connection = connect(1)
    connection.execute("CREATE TABLE code (place BIGINT, product VARCHAR)")
    connection.executemany("INSERT INTO code VALUES (?, ?)", list(enumerate(codes[:CODES])))
    picked = ", ".join(f'{expression} AS "{name}"' for name, expression in COLUMNS.items())
    drawn = (
        f"SELECT i, round(exp(8 + 3 * (hash(i) % 1000000) / 1e6) + (hash(i, 1) % 1000) / 1e3, 3) AS usd, product "
        f"FROM range({rows}) t(i) JOIN code ON place = (i // 60) % {CODES}"
    )
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"COPY (SELECT {picked} FROM ({drawn})) TO '{path}' (FORMAT csv, DELIMITER '\t', HEADER, COMPRESSION gzip)"
    )


def cpu() -> float:
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def copy(source: str, target: Path, threads: int, more: str) -> None:
    connection = connect(threads)
    connection.execute(
        f"COPY (SELECT {WANTED} FROM read_csv('{source}', {TEXT}, {more})) TO '{target}' (FORMAT parquet)"
    )


def unpacked(packed: Path, folder: Path, threads: int, level: str) -> None:
    plain = folder / "plain.csv"
    with gzip.open(packed, "rb") as source, plain.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    copy(str(plain), folder / "unpacked.parquet", threads, level)
    plain.unlink()


def landed(packed: Path, folder: Path) -> None:
    home = folder / "lake"
    shutil.rmtree(home, ignore_errors=True)
    lake = Lake.open(str(home), memory_limit="2GB", threads=2)
    land_file(lake, packed, LandOptions())
    lake.close()


def main(rows: int, repeat: int, threads: int) -> None:
    from tidewaiter.codes import hs_codes

    codes = sorted(code for code in hs_codes.known("HS2017") if len(code) == 6)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packed = folder / "bulk.csv.gz"
        generate(packed, rows, codes)
        ways: dict[str, Callable[[], None]] = {
            "DuckDB reads the gzip, guessing types": lambda: copy(
                str(packed), folder / "a.parquet", threads, "auto_detect=true"
            ),
            "DuckDB reads the gzip, every column text": lambda: copy(str(packed), folder / "b.parquet", threads, TYPED),
            "DuckDB reads the gzip, codes text, amounts numbers": lambda: copy(
                str(packed), folder / "d.parquet", threads, TOLD
            ),
            "Polars reads the gzip": lambda: _polars(packed, folder / "e.parquet"),
            "unpacked first, then read on all threads": lambda: unpacked(packed, folder, threads, TYPED),
            "gunzip alone (zlib)": lambda: _drain(packed),
            "landed: checked row by row, sorted, receipts": lambda: landed(packed, folder),
        }
        times: dict[str, list[tuple[float, float]]] = {title: [] for title in ways}
        for _ in range(repeat):
            for title, way in ways.items():
                wall, used = time.perf_counter(), cpu()
                way()
                times[title].append((time.perf_counter() - wall, cpu() - used))
        size = packed.stat().st_size / 1e6
        print(
            f"{rows:,} rows of {len(COLUMNS)} columns, {size:.0f} MB packed, {threads} threads, median of {repeat} in turn\n"
        )
        print("| way | wall s | CPU s | rows a CPU second | speed, wall | speed, CPU |\n|---|---|---|---|---|---|")
        base = [
            statistics.median(column) for column in zip(*times["DuckDB reads the gzip, guessing types"], strict=True)
        ]
        for title, measured in times.items():
            wall, used = (statistics.median(column) for column in zip(*measured, strict=True))
            print(
                f"| {title} | {wall:.1f} | {used:.1f} | {rows / used:,.0f} | {base[0] / wall:.2f} | {base[1] / used:.2f} |"
            )


def _polars(packed: Path, target: Path) -> None:
    """Read with Polars, which is no part of the core."""
    import polars as pl

    names = [name.strip() for name in WANTED.split(",")]
    types = {name: pl.Float64 if name in NUMBERS else pl.String for name in COLUMNS}
    pl.scan_csv(packed, separator="\t", schema=types).select(names).sink_parquet(target)


def _drain(packed: Path) -> None:
    with gzip.open(packed, "rb") as source:
        while source.read(1 << 20):
            pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    main(options.rows, options.repeat, options.threads)
