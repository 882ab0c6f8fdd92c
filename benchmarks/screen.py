"""Measure screening against a prefix join written naively, over flows that are made up here.

    python benchmarks/screen.py [--flows 20000000] [--fish COMTRADE.parquet] [--json]

Each job runs in a process of its own and reports CPU seconds of the query alone (the flows are made
before, and a thousand flows are screened first, so that nothing is loaded or listed for the first
time). The naive join reads the law as it is written, `starts_with(product, code)` with the days in
the condition. It is quadratic in flows and measures, so it runs over a sample, and its CPU seconds
are scaled by the number of flows; its own fixed costs are taken off by a second, smaller sample.
Both answer the same question here, and the sample's sums have to agree. The fish file is screened
from Parquet to sums, the rulebook that ships compiled and all.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MEASURES = 150
AREAS = 200
TARGETS = 3
SAMPLE = 400_000


def flows(count: int, years: int = 20) -> str:
    """Made-up monthly flows between 200 areas: 97 chapters, 60 headings each, 20 subheadings each."""
    return f"""
        SELECT 'made_up' AS source, 'A' || lpad((hash(i) % {AREAS})::VARCHAR, 3, '0') AS exporter,
            'A' || lpad((hash(i + 7) % {AREAS})::VARCHAR, 3, '0') AS importer,
            printf('%02d%02d%02d', 1 + hash(i + 1) % 97, hash(i + 2) % 60, hash(i + 3) % 20) AS product,
            'HS2017' AS hs, printf('%d-%02d', 2024 - hash(i + 4) % {years}, 1 + hash(i + 5) % 12) AS period,
            (hash(i + 6) % 1000000)::DECIMAL(18, 3) AS value_usd
        FROM range({count}) AS t(i)"""


def measures() -> list[dict[str, Any]]:
    """150 dated measures about three targets, by chapter, heading and subheading, a third with an end."""
    rows = []
    for number in range(MEASURES):
        level = (2, 4, 6)[number % 3]
        code = f"{1 + (number * 37) % 97:02d}{(number * 11) % 60:02d}{(number * 3) % 20:02d}"[:level]
        out = number % 2 == 0
        rows.append(
            {
                "regime": "bench",
                "measure": f"m{number}",
                "kind": "export_ban" if out else "import_ban",
                "direction": "from_target" if out else "to_target",
                "target": f"A{number % TARGETS:03d}",
                "party": "",
                "goods": "goods",
                "hs": "HS2017",
                "product": code,
                "coverage": "exact",
                "assigned_by": "engine",
                "reading": "",
                "start": date(2008, 1, 1) + timedelta(days=number * 17),
                "wind_down_end": None,
                "end": date(2022, 5, 17) if number % 3 == 0 else None,
                "exempt_reach": None,
                "exemptions": None,
                "act": "act",
                "paragraph": "1",
                "verified": True,
            }
        )
    return rows


NAIVE = """
    SELECT count(*), sum(t.value_usd) FROM flows AS t JOIN law AS m
    ON starts_with(t.product, m.product)
        AND CASE m.direction WHEN 'from_target' THEN t.exporter ELSE t.importer END = m.target
        AND last_day((t.period || '-01')::DATE) >= m.start AND (t.period || '-01')::DATE <= coalesce(m."end", DATE '9999-12-31')
"""


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def connect() -> Any:
    import duckdb

    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}
    return duckdb.connect(config=settings)


def timed(query: Any) -> dict[str, Any]:
    started, used = time.perf_counter(), cpu()
    answer = query()
    return {"wall": time.perf_counter() - started, "cpu": cpu() - used, "answer": [str(each) for each in answer]}


def job_screen(count: int, years: int) -> dict[str, Any]:
    from tidewaiter.law.screen import screen

    connection = connect()
    connection.sql(f"CREATE TABLE flows AS {flows(count, years)}")
    warm = connection.sql("SELECT * FROM flows LIMIT 1000")
    screen(warm, measures()).to_native().fetchall()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def query() -> Any:
        found = screen(connection.table("flows"), measures()).to_native()
        return found.aggregate("count(*), sum(value_usd)").fetchall()[0]

    told = timed(query)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {**told, "flows": count, "peak_growth_mb": grown / 1024}


def job_naive(count: int) -> dict[str, Any]:
    connection = connect()
    connection.sql(f"CREATE TABLE flows AS {flows(count)}")
    connection.sql('CREATE TABLE law (product VARCHAR, direction VARCHAR, target VARCHAR, start DATE, "end" DATE)')
    keys = ("product", "direction", "target", "start", "end")
    connection.executemany("INSERT INTO law VALUES (?, ?, ?, ?, ?)", [[row[key] for key in keys] for row in measures()])
    return {**timed(lambda: connection.sql(NAIVE).fetchall()[0]), "flows": count}


def job_spread(years: int) -> dict[str, Any]:
    """Screen half a million flows a year, made while they are read, so that only screening itself takes memory."""
    from tidewaiter.law.screen import screen

    connection = connect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = screen(connection.sql(flows(500_000 * years, years)), measures()).to_native()
    (exposures,) = found.aggregate("count(*)").fetchall()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"years": years, "peak_growth_mb": (peak - before) / 1024, "exposures": exposures}


FISH = """
    SELECT reporterISO AS reporter, partnerISO AS partner,
        CASE flowCode WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' ELSE flowCode END AS flow,
        CASE flowCode WHEN 'M' THEN partnerISO ELSE reporterISO END AS exporter,
        CASE flowCode WHEN 'M' THEN reporterISO ELSE partnerISO END AS importer, cmdCode AS product,
        CASE classificationCode WHEN 'H0' THEN 'HS1992' WHEN 'H1' THEN 'HS1996' WHEN 'H2' THEN 'HS2002'
            WHEN 'H3' THEN 'HS2007' WHEN 'H4' THEN 'HS2012' WHEN 'H5' THEN 'HS2017' ELSE 'HS2022' END AS hs,
        period[1:4] || '-' || period[5:6] AS period, CAST(primaryValue AS DECIMAL(18, 3)) AS value_usd
    FROM read_parquet('{file}')
"""


def job_fish(file: str) -> dict[str, Any]:
    from tidewaiter.law import rulebook
    from tidewaiter.law.screen import screen

    connection = connect()
    book = rulebook.load()
    relation = connection.sql(FISH.format(file=file))

    def query() -> Any:
        found = screen(relation, book, targets=["PRK"], regimes=["un/dprk"]).to_native()
        return found.aggregate("count(*), sum(value_usd)").fetchall()[0]

    return timed(query)


def run(*job: str | int) -> dict[str, Any]:
    """Run one job in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--job", *(str(each) for each in job)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--flows", type=int, default=20_000_000)
    parser.add_argument("--fish")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--job", nargs="+")
    chosen = parser.parse_args()
    if chosen.job:
        name, *rest = chosen.job
        if name == "fish":
            told = job_fish(rest[0])
        else:
            told = {"screen": job_screen, "naive": job_naive, "spread": job_spread}[name](*map(int, rest))
        print(json.dumps(told))
        return
    ours, sample = run("screen", chosen.flows, 20), run("screen", SAMPLE, 20)
    naive, smaller = run("naive", SAMPLE), run("naive", SAMPLE // 2)
    assert naive["answer"] == sample["answer"], (naive, sample)
    slope = (naive["cpu"] - smaller["cpu"]) / (SAMPLE - SAMPLE // 2)
    scaled = slope * chosen.flows
    result = {
        "flows": chosen.flows,
        "screen": ours,
        "million_rows_per_cpu_second": chosen.flows / ours["cpu"] / 1e6,
        "naive_sample": naive,
        "naive_scaled_cpu": scaled,
        "times_less_cpu": scaled / ours["cpu"],
        "memory": [run("spread", years) for years in (2, 10, 40)],
    }
    if chosen.fish:
        result["fish"] = run("fish", chosen.fish)
    if chosen.json:
        print(json.dumps(result, indent=2))
        return
    print(f"{chosen.flows:,} flows x {MEASURES} measures: {ours['cpu']:.2f} CPU s, {ours['wall']:.2f} s on the clock")
    print(f"  {result['million_rows_per_cpu_second']:.1f} million flows per CPU second, {ours['answer'][0]} exposures")
    print(f"  naive prefix join: {naive['cpu']:.2f} CPU s for {SAMPLE:,} flows, scaled to {scaled:.0f} CPU s")
    print(f"  {result['times_less_cpu']:.0f} times less CPU")
    for each in result["memory"]:
        grown = f"{each['peak_growth_mb']:.0f} MB for {each['exposures']:,} exposures"
        print(f"  {each['years']} years of half a million flows: {grown}")
    if chosen.fish:
        print(f"  fish file: {result['fish']['wall']:.2f} s on the clock, {result['fish']['cpu']:.2f} CPU s")


if __name__ == "__main__":
    main()
