"""Measure landing, asking, checking and starting, side by side with the plainest way to do each.

    python benchmarks/first_light.py COMTRADE.parquet [--json]

The file is a Parquet file of UN Comtrade v1 rows (47 columns). Each job runs in a process of its own, so that its
peak memory is its own. The yardsticks for landing are two hand-written `COPY`s of the same columns in the same run: the
plainest (one unsorted file) and one that leaves what a lake needs (sorted, partitioned).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COPY = """
import duckdb, sys, time
con = duckdb.connect(); con.sql("SET threads = 2"); con.sql("SET memory_limit = '1GB'"); con.sql("SET enable_progress_bar = false")
t = time.perf_counter()
con.sql(f'''COPY (SELECT 'un_comtrade' AS source, reporterISO AS reporter, partnerISO AS partner, flowCode AS flow,
  cmdCode AS product, classificationCode AS hs, period, freqCode AS frequency, refYear AS year,
  CASE WHEN flowCode IN ('X','DX','RX') THEN reporterISO ELSE partnerISO END AS exporter,
  CASE WHEN flowCode IN ('X','DX','RX') THEN partnerISO ELSE reporterISO END AS importer,
  primaryValue::DECIMAL(18,3) AS value_usd, CASE WHEN cifvalue > 0 THEN 'cif' ELSE 'fob' END AS valuation,
  TRY_CAST(netWgt AS DECIMAL(18,3)) AS weight_kg, qty AS quantity, qtyUnitAbbr AS quantity_unit, isAggregate AS is_estimated,
  DATE '2026-01-01' AS vintage, 'x' AS receipt, file_row_number + 1 AS row
  FROM read_parquet('{sys.argv[1]}', file_row_number = true)
  {"ORDER BY frequency, year, product, exporter, importer, flow, period" if sys.argv[3] == "sorted" else ""})
  TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd{", PARTITION_BY (source, frequency, year)" if sys.argv[3] == "sorted" else ""})''')
print(time.perf_counter() - t)
"""

LAND = """
import sys, time
from pathlib import Path
import duckdb, deltalake
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics.land import LandOptions, land_file
t = time.perf_counter()
lake = Lake.open(sys.argv[2], memory_limit="1GB", threads=2)
landing = land_file(lake, Path(sys.argv[1]), LandOptions())
print(time.perf_counter() - t)
"""

ASK = """
import sys, time
from tidewaiter import pipeline
from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
query = Query("value", exporters=("NOR",), importers=("FRA",), products=("0302",), period=Period.parse("2019"), perspective="NOR")
lake = pipeline.open_lake(sys.argv[2])
best = 9e9
for _ in range(7):
    t = time.perf_counter(); answer = ask(query, lake.tables()); best = min(best, time.perf_counter() - t)
print(best)
engine = 9e9
if getattr(answer, "sql", None):
    for _ in range(7):
        t = time.perf_counter(); lake.connection.sql(lake.standalone(answer.sql)).fetchall(); engine = min(engine, time.perf_counter() - t)
    print(engine)
"""

CHECK = """
import sys, time
from importlib.resources import files
from tidewaiter import pipeline
story = (files("tidewaiter") / "news/stories/demo.txt").read_text("utf-8")
story = story + "\\n\\n" + "\\n\\n".join(story.split("\\n\\n")[1:]) * 2
words = len(story.split())
pipeline.check(story, home=sys.argv[2])
t = time.perf_counter(); pipeline.check(story, home=sys.argv[2]); print((time.perf_counter() - t) * 400 / words)
"""


def measured(code: str, *arguments: str) -> tuple[list[float], float, float]:
    """Run `code` in its own process; return the figures it prints, its CPU seconds and its peak memory in MB."""
    child = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    out = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"a job failed with status {status}")
    return [float(line) for line in out.split()], usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def start_up() -> float:
    """Return the CPU seconds of `tidewaiter --help`, the best of five."""
    best = 9e9
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-m", "tidewaiter", "--help"], stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best


def main(source: str, *, as_json: bool) -> None:
    """Run every job and print the figures."""
    results: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as room:
        plain, ordered, lands = [], [], []
        for turn in range(3):
            time.sleep(1)
            plain.append(measured(COPY, source, f"{room}/plain{turn}.parquet", "plain"))
            ordered.append(measured(COPY, source, f"{room}/sorted{turn}", "sorted"))
            lands.append(measured(LAND, source, f"{room}/lake{turn}"))
        for name, runs in {"copy": plain, "sorted_copy": ordered, "land": lands}.items():
            results[f"{name}_seconds"] = min(run[0][0] for run in runs)
            results[f"{name}_cpu_seconds"] = min(run[1] for run in runs)
            results[f"{name}_peak_mb"] = max(run[2] for run in runs)
        results["land_to_copy_ratio"] = results["land_seconds"] / results["copy_seconds"]
        results["land_to_sorted_copy_ratio"] = results["land_seconds"] / results["sorted_copy_seconds"]
        asked, _, _ = measured(ASK, source, f"{room}/lake0")
        results["ask_pair_year_ms"] = asked[0] * 1000
        results["ask_pair_year_engine_ms"] = asked[-1] * 1000
        checked, _, _ = measured(CHECK, source, f"{room}/lake0")
        results["check_400_words_seconds"] = checked[0]
    results["help_cpu_seconds"] = start_up()
    if as_json:
        print(json.dumps(results, indent=2))
    else:
        for name, value in results.items():
            print(f"{name:32} {value:10.3f}")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), as_json="--json" in sys.argv)
