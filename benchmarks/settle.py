"""Settle 5 million rows with the stages and with hand-written SQL of the same method: `python benchmarks/settle.py`.

Both run in the same process, on the same tables and learned margins and trust, one after the other
and in turn; what is compared is the ratio. Then months are settled one at a time, and the most
memory the engine held is printed against the number of months.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.statistics import lag, mirror, settle
from world import DuckEngine, World, build, connect, geography, sections, typical

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

SMALL = ("margin", "lag", "trust", "size")
PART = 220_000
"""Declarations of a month that are settled at a time."""
BY_HAND = """
WITH x AS (SELECT * FROM words WHERE flow = 'export'), i AS (SELECT * FROM words WHERE flow = 'import'),
p AS (
    SELECT coalesce(x.exporter, i.exporter) AS exporter, coalesce(x.importer, i.importer) AS importer,
        coalesce(x.product, i.product) AS product, coalesce(x.hs, i.hs) AS hs, coalesce(x.period, i.period) AS period,
        x.value_usd AS xv, x.valuation AS xval, i.value_usd AS iv, i.valuation AS ival, x.weight_kg AS xk, i.weight_kg AS ik
    FROM x FULL JOIN i ON x.exporter = i.exporter AND x.importer = i.importer AND x.product = i.product
        AND x.hs = i.hs AND x.period = i.period),
f AS (
    SELECT p.exporter, p.importer, p.product, p.hs, p.period, xk, ik,
        CASE WHEN xval = 'cif' THEN round(xv::DOUBLE / (1 + m.cif_margin), 3)::DECIMAL(18,3) ELSE xv END AS xf,
        CASE WHEN ival = 'cif' THEN round(iv::DOUBLE / (1 + m.cif_margin), 3)::DECIMAL(18,3) ELSE iv END AS fi,
        a.value_variance AS va, b.value_variance AS vb, a.weight_variance AS ka, b.weight_variance AS kb
    FROM p LEFT JOIN hs_section s ON s.chapter = left(p.product, 2)
        LEFT JOIN margin m ON m.exporter = p.exporter AND m.importer = p.importer AND m.section = coalesce(s.section, 'none')
        LEFT JOIN trust a ON a.reporter = p.exporter AND a.role = 'exporter' AND a.section = coalesce(s.section, 'none')
        LEFT JOIN trust b ON b.reporter = p.importer AND b.role = 'importer' AND b.section = coalesce(s.section, 'none')),
g AS (
    SELECT *, CASE WHEN xf > 0 THEN ln(xf::DOUBLE) END AS lx, CASE WHEN fi > 0 THEN ln(fi::DOUBLE) END AS li,
        CASE WHEN xk > 0 THEN ln(xk::DOUBLE) END AS lxk, CASE WHEN ik > 0 THEN ln(ik::DOUBLE) END AS lik FROM f),
l AS (
    SELECT g.*, z.value_factor AS zf, z.value_freedom AS zn, z.value_reach AS za, z.value_reach_both AS zb,
        y.weight_factor AS yf, y.weight_freedom AS yn, y.weight_reach AS ya, y.weight_reach_both AS yb
    FROM g LEFT JOIN size z ON z.band = least(15, greatest(4, floor(coalesce((lx + li) / 2, lx, li, 0) * 0.8685889638065035 + 0.0137)))
        LEFT JOIN size y ON y.band = least(15, greatest(4, floor(coalesce((lxk + lik) / 2, lxk, lik, 0) * 0.8685889638065035 + 0.0137)))),
w AS (
    SELECT *, CASE WHEN li IS NULL THEN CASE WHEN lx IS NOT NULL THEN 1.0 END WHEN lx IS NULL THEN 0.0 ELSE vb / (va + vb) END::DOUBLE AS part,
        CASE WHEN lik IS NULL THEN CASE WHEN lxk IS NOT NULL THEN 1.0 END WHEN lxk IS NULL THEN 0.0 ELSE kb / (ka + kb) END::DOUBLE AS kpart FROM l),
e AS (
    SELECT *, sqrt((part * part * va + (1 - part) * (1 - part) * vb) * zf)
            * CASE WHEN lx IS NULL OR li IS NULL THEN za ELSE zb * sqrt((zn + (li - lx) * (li - lx) / ((va + vb) * zf)) / (zn + 1)) END AS reach,
        sqrt((kpart * kpart * ka + (1 - kpart) * (1 - kpart) * kb) * yf)
            * CASE WHEN lxk IS NULL OR lik IS NULL THEN ya ELSE yb * sqrt((yn + (lik - lxk) * (lik - lxk) / ((ka + kb) * yf)) / (yn + 1)) END AS kreach,
        CASE WHEN lx IS NULL THEN li WHEN li IS NULL THEN lx ELSE part * lx + (1 - part) * li END AS centre,
        CASE WHEN lxk IS NULL THEN lik WHEN lik IS NULL THEN lxk ELSE kpart * lxk + (1 - kpart) * lik END AS kcentre,
        (li - lx) * (li - lx) > (va + vb) * zf * 9 * za * za / 2.705543454095404 AS torn,
        (lik - lxk) * (lik - lxk) > (ka + kb) * yf * 9 * ya * ya / 2.705543454095404 AS ktorn FROM w),
b AS (
    SELECT *, CASE WHEN torn THEN least(lx - za * sqrt(va * zf), li - za * sqrt(vb * zf)) ELSE centre - reach END AS low,
        CASE WHEN torn THEN greatest(lx + za * sqrt(va * zf), li + za * sqrt(vb * zf)) ELSE centre + reach END AS high,
        CASE WHEN ktorn THEN least(lxk - ya * sqrt(ka * yf), lik - ya * sqrt(kb * yf)) ELSE kcentre - kreach END AS klow,
        CASE WHEN ktorn THEN greatest(lxk + ya * sqrt(ka * yf), lik + ya * sqrt(kb * yf)) ELSE kcentre + kreach END AS khigh
    FROM e)
SELECT exporter, importer, product, hs, period,
    CASE WHEN lx IS NOT NULL AND li IS NOT NULL THEN round(exp(centre), 3)::DECIMAL(18,3)
        WHEN lx IS NULL AND li IS NOT NULL THEN fi ELSE coalesce(xf, fi) END AS value_usd,
    coalesce(round(exp(low), 3)::DECIMAL(18,3), xf, fi) AS low_usd,
    coalesce(round(exp(high), 3)::DECIMAL(18,3), xf, fi) AS high_usd,
    CASE WHEN xf IS NOT NULL AND fi IS NOT NULL THEN 'both' WHEN exporter = 'PRK' OR importer = 'PRK' THEN 'mirror_only'
        WHEN xf IS NOT NULL THEN 'exporter' ELSE 'importer' END AS basis,
    CASE WHEN lxk IS NOT NULL AND lik IS NOT NULL THEN round(exp(kcentre), 3)::DECIMAL(18,3)
        WHEN lxk IS NULL AND lik IS NOT NULL THEN ik ELSE coalesce(xk, ik) END AS weight_kg,
    coalesce(round(exp(klow), 3)::DECIMAL(18,3), xk, ik) AS low_kg,
    coalesce(round(exp(khigh), 3)::DECIMAL(18,3), xk, ik) AS high_kg,
    CASE WHEN xk IS NOT NULL AND ik IS NOT NULL THEN 'both' WHEN coalesce(xk, ik) IS NULL THEN 'none'
        WHEN exporter = 'PRK' OR importer = 'PRK' THEN 'mirror_only' WHEN xk IS NOT NULL THEN 'exporter' ELSE 'importer' END
        AS weight_basis,
    round(part, 6) AS exporter_weight, li - lx AS log_gap
FROM b
"""


def timed(engine: DuckEngine, name: str, query: str) -> tuple[float, float]:
    """Write a query's rows to a table; return seconds of wall and of CPU time."""
    wall, cpu = time.perf_counter(), time.process_time()
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    return time.perf_counter() - wall, time.process_time() - cpu


def one(engine: DuckEngine, query: str) -> tuple:
    return engine.connection.execute(query).fetchall()[0]


def side_by_side(cells: int, repeat: int, threads: int) -> None:
    engine = DuckEngine(connect("6GB", threads))
    build(engine.connection, World(cells=cells))
    words = engine.keep("words", mirror.declared(engine.frame("trade")))
    engine.connection.execute(f"CREATE TEMP TABLE words AS {words.to_native().sql_query()}")
    engine.connection.execute("DROP TABLE trade")
    words = engine.frame("words")
    hs, km = sections(engine), geography(engine.connection)
    cif, variance = typical()
    given = settle.Assumptions(cif, variance, *km, ("PRK",))
    learned = settle.learn(words, hs, engine, given, monthly=False)
    assert learned.size is not None
    for name, frame in (("margin", learned.margin), ("trust", learned.trust), ("size", learned.size)):
        engine.connection.execute(f"CREATE TEMP TABLE {name} AS {frame.to_native().sql_query()}")
    learned = settle.Learned(engine.frame("margin"), None, engine.frame("trust"), engine.frame("size"))
    stages: Frame = settle.settle(settle.mirror_cells(words, hs, learned, engine), learned, given)
    query = stages.to_native().sql_query()
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(timed(engine, "ours", query))
        theirs.append(timed(engine, "theirs", BY_HAND))
    rows, settled = one(engine, "SELECT count(*) FROM words")[0], one(engine, "SELECT count(*) FROM ours")[0]
    differ = one(
        engine,
        "SELECT count(*) FROM ours o FULL JOIN theirs t USING (exporter, importer, product, hs, period) "
        "WHERE o.basis IS DISTINCT FROM t.basis OR o.weight_basis IS DISTINCT FROM t.weight_basis "
        "OR abs(o.value_usd - t.value_usd) > 0.001 + 1e-12 * t.value_usd OR abs(o.low_usd - t.low_usd) > 0.001 + 1e-12 * t.value_usd "
        "OR abs(o.weight_kg - t.weight_kg) > 0.001 + 1e-12 * t.weight_kg OR (o.value_usd IS NULL) <> (t.value_usd IS NULL)",
    )[0]
    print(f"{rows:,} declarations, {settled:,} cells, {threads} threads, median of {repeat} runs in turn\n")
    print("| | wall s | CPU s | CPU microseconds a declaration |\n|---|---|---|---|")
    middle = {}
    for title, times in (("stages", ours), ("hand-written SQL", theirs)):
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        middle[title] = (wall, cpu)
        print(f"| {title} | {wall:.2f} | {cpu:.2f} | {cpu / rows * 1e6:.2f} |")
    print(
        f"\nspeed of the stages over hand-written SQL: {middle['hand-written SQL'][0] / middle['stages'][0]:.2f} (wall), "
        f"{middle['hand-written SQL'][1] / middle['stages'][1]:.2f} (CPU); cells that differ: {differ}"
    )


def write_months(folder: Path, cells: int, months: int, blocks: int, histories: int) -> None:
    """Build a monthly world, learn from its first year, and leave a folder of Parquet files a month.

    Further blocks are the same trade in other products, a little dearer each, so that a month may be as
    large as one likes and nothing but one block's month is ever held to write it. Further histories are the
    same months again, later: many years of months of one size.
    """
    engine = DuckEngine(connect("4GB"))
    build(engine.connection, World(cells=cells, months=months, products=1000))
    words = engine.keep("words", mirror.declared(engine.frame("trade")))
    given = settle.Assumptions(*typical(), *geography(engine.connection), ("PRK",))
    first_year = words.filter(nw.col("period") < "2019")
    learned = settle.learn(first_year, sections(engine), engine, given, monthly=True)
    for name in SMALL:
        query = getattr(learned, name).to_native().sql_query()
        engine.connection.execute(f"COPY ({query}) TO '{folder / name}.parquet'")
    source = words.to_native().sql_query()
    for (period,) in engine.connection.execute("SELECT DISTINCT period FROM trade ORDER BY 1").fetchall():
        (folder / period).mkdir()
        for block in range(blocks):
            other = (
                f"left(product, 2) || lpad((right(product, 4)::INT + {100 * block})::VARCHAR, 4, '0') AS product, "
                f"round(value_usd * {1 + block / 100}, 3)::DECIMAL(18, 3) AS value_usd"
            )
            query = f"SELECT * REPLACE ({other}) FROM ({source}) WHERE period = '{period}'"
            engine.connection.execute(f"COPY ({query}) TO '{folder / period / str(block)}.parquet'")
            for later in range(1, histories):
                year, month = divmod(int(period[:4]) * 12 + int(period[5:]) - 1 + later * months, 12)
                moved = f"{year:04d}-{month + 1:02d}"
                (folder / moved).mkdir(exist_ok=True)
                again = f"SELECT * REPLACE ('{moved}' AS period, {year} AS year) FROM ({query})"
                engine.connection.execute(f"COPY ({again}) TO '{folder / moved / str(block)}.parquet'")


def settle_months(folder: Path) -> None:
    """Settle the months in `folder` one at a time and print the highest memory of the process.

    A month is paired once; three of them (the one before and the one after, for the lag) are held. Months
    larger than PART are settled in parts by product, since no product needs another.
    """
    engine = DuckEngine(connect("300MB"))
    engine.connection.execute("SET preserve_insertion_order = false")
    hs = sections(engine)
    learned = settle.Learned(
        **{name: engine.keep("small", engine.sql(f"FROM '{folder / name}.parquet'")) for name in SMALL}
    )
    assert learned.lag is not None
    given = settle.Assumptions(*typical(), never_report=("PRK",))
    periods = sorted(path.name for path in folder.glob("????-??"))
    sizes = [one(engine, f"SELECT count(*) FROM '{folder / period}/*.parquet'")[0] for period in periods]
    parts = -(-max(sizes) // PART)
    rows, began, used = sum(sizes), time.perf_counter(), time.process_time()
    print(f"{len(periods)} months, {rows:,} declarations, largest month {max(sizes):,}, in {parts} parts\n")
    print("| declarations settled | wall s | CPU s | CPU microseconds a declaration | highest memory so far, MB |")
    print("|---|---|---|---|---|")
    for part in range(parts):
        held: dict[str, Frame] = {}
        for place, period in enumerate(periods):
            near = periods[max(0, place - 1) : place + 2]
            for month in near:
                if month not in held:
                    files = f"read_parquet('{folder / month}/*.parquet')"
                    words = engine.sql(f"FROM {files} WHERE hash(product) % {parts} = {part}")
                    paired = mirror.at_fob(mirror.pair(words, hs), learned.margin)
                    held[month] = engine.keep(f"paired_{month.replace('-', '_')}", paired)
            for month in sorted(set(held) - set(near)):
                del held[month]
                engine.forget(f"paired_{month.replace('-', '_')}")
            adjusted = lag.without_lag(nw.concat([held[month] for month in near], how="vertical"), learned.lag)
            made = settle.settle(adjusted.filter(nw.col("period") == period), learned, given)
            engine.connection.execute(f"COPY ({made.to_native().sql_query()}) TO '{folder / 'settled.parquet'}'")
        for month in held:
            engine.forget(f"paired_{month.replace('-', '_')}")
        done, cpu = rows * (part + 1) / parts, time.process_time() - used
        print(
            f"| {done:,.0f} | {time.perf_counter() - began:.1f} | {cpu:.1f} | {cpu / done * 1e6:.1f} | {highest_memory():,.0f} |",
            flush=True,
        )


def highest_memory() -> float:
    """Return the most memory this process ever held, in MB (Linux; getrusage would count the parent's)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def month_by_month(cells: int, months: int, blocks: int, histories: int) -> None:
    """Build in one process and settle in another, so that only the settling is measured."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("write", "settle"):
            command = [sys.executable, __file__, "--step", step, "--folder", folder]
            sizes = ("--monthly-cells", cells, "--months", months, "--blocks", blocks, "--histories", histories)
            subprocess.run([*command, *map(str, sizes)], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cells", type=int, default=3_400_000, help="cells drawn; declarations are about 1.5 times as many"
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--monthly-cells", type=int, default=40_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument(
        "--blocks", type=int, nargs="+", default=[1, 5, 18], help="of about 1.1 million declarations each"
    )
    parser.add_argument(
        "--histories", type=int, nargs="+", default=[1], help="of so many months each, one after another"
    )
    parser.add_argument("--only", choices=["speed", "memory"])
    parser.add_argument("--step", choices=["write", "settle"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "write":
        write_months(options.folder, options.monthly_cells, options.months, options.blocks[0], options.histories[0])
    elif options.step == "settle":
        settle_months(options.folder)
    else:
        if options.only != "memory":
            side_by_side(options.cells, options.repeat, options.threads)
        for count in options.blocks if options.only != "speed" else ():
            for years in options.histories:
                print()
                sys.stdout.flush()
                month_by_month(options.monthly_cells, options.months, count, years)
