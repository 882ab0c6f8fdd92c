"""Learn from windows of years and hold a year that was left out against them: `python benchmarks/window.py --home LAKE`.

Annual totals of one source (the IMF's Direction of Trade unless another is named). For each year and window: how many of
the year's gaps lie where 90 % should, how wide that is, a score that counts both, and how far single areas are off.
`era` is what `reconcile.yml` says: the year's decade and some years around it. Nothing is written to the lake.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.lake.engines import Duck
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import lessons, mirror, settle

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

EVER = 10_000
FEWEST = 60
"""Gaps of an area, below which its share inside is not looked at."""
PENALTY = 20
"""Two over the share outside (a tenth): what the interval score of Gneiting and Raftery (2007) adds per unit missed."""


def span(window: str, year: int) -> tuple[int, int]:
    """Return the first and the last year of a window: `all`, `era` or a number of years either side."""
    if window == "all":
        return 0, EVER
    if window == "era":
        era = lessons.era_of(year)
        return era.since, era.until
    return year - int(window), year + int(window)


def judge(lake: Lake, trade: Frame, year: int, window: str, area: str) -> list[tuple[Any, ...]]:
    """Learn without `year` and return cells, share inside, reach and score: of all, of one area; then how areas differ."""
    engine, given = Duck(lake.connection), lessons.assumptions()
    since, until = span(window, year)
    chosen = trade.filter(nw.col("year") >= since, nw.col("year") <= until)
    words = engine.keep("words", mirror.declared(chosen))
    sections = engine.table(lessons.SECTION, [row for row in lessons.chapters() if row[0] == TOTAL[:2]])
    known = settle.learn(words.filter(nw.col("year") != year), sections, engine, given, monthly=False)
    cells = settle.mirror_cells(words.filter(nw.col("year") == year), sections, known, engine)
    for name, frame in (("cells", cells), ("trust", known.trust), ("size", known.size)):
        assert frame is not None
        query = frame.to_native().sql_query()
        lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE known_{name} AS {query}")
    engine.close()
    run = lake.connection.execute
    run("""CREATE OR REPLACE TEMP TABLE judged AS
        SELECT c.exporter, c.importer, abs(log_gap) AS gap,
            value_reach * sqrt(value_factor * (e.value_variance + i.value_variance)) AS reach
        FROM known_cells c JOIN known_trust e ON e.reporter = c.exporter AND e.role = 'exporter' AND e.section = c.section
            JOIN known_trust i ON i.reporter = c.importer AND i.role = 'importer' AND i.section = c.section
            JOIN known_size ON band = least(15, greatest(4, floor(
                log10(export_fob_usd::DOUBLE) + log10(import_fob_usd::DOUBLE) + 0.0137)))
        WHERE log_gap IS NOT NULL AND export_fob_usd > 0 AND import_fob_usd > 0""")
    sums = f"count(*), avg((gap <= reach)::INT), median(reach), avg(2 * reach + {PENALTY} * greatest(gap - reach, 0))"
    every = run(f"SELECT {sums} FROM judged").fetchall()[0]
    one = run(f"SELECT {sums} FROM judged WHERE ? IN (exporter, importer)", [area]).fetchall()[0]
    apart = run(f"""SELECT avg(abs(inside - 0.9)) FROM (
        SELECT avg((gap <= reach)::INT) AS inside FROM (
            SELECT exporter AS area, gap, reach FROM judged UNION ALL SELECT importer, gap, reach FROM judged)
        GROUP BY area HAVING count(*) >= {FEWEST})""").fetchall()[0]
    return [every, one, apart]


def main(home: str, source: str, years: list[int], windows: list[str], area: str) -> None:
    lake = Lake.open(home, memory_limit="3GB", threads=2)
    sides = sorted(each.code for each in areas.every_area() if lessons.declares(each.code))
    trade = lake.tables().trade.filter(
        nw.col("source") == source,
        nw.col("frequency") == "A",
        nw.col("product") == TOTAL,
        nw.col("exporter").is_in(sides),
        nw.col("importer").is_in(sides),
    )
    print(
        f"| {source}, year held out | learned from | gaps | inside | reach, ln | score | single areas are off by "
        f"| {area}: inside | reach, ln | score |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for year in years:
        for window in windows:
            every, one, apart = judge(lake, trade, year, window, area)
            since, until = span(window, year)
            named = window if window == "all" else f"{since} to {until} ({window})"
            count, *shares = every
            numbers = " | ".join(f"{number:.3f}" for number in (*shares, *apart, *one[1:]))
            print(f"| {year} | {named} | {count:,} | {numbers} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", required=True)
    parser.add_argument("--source", default="imf_dots")
    parser.add_argument("--years", type=int, nargs="+", default=[2018, 2008, 1997])
    parser.add_argument("--windows", nargs="+", default=["all", "2", "5", "10", "era"])
    parser.add_argument("--area", default="RUS", help="one area to look at by itself")
    options = parser.parse_args()
    main(options.home, options.source, options.years, options.windows, options.area)
