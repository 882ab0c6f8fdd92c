"""Make the tables of docs/findings/mirror-gaps.md from a lake: `python docs/make_mirror_gaps.py --home LAKE`.

The lake must hold UN Comtrade's monthly fish declarations and the IMF's Direction of Trade. Each table
stands on the page between `<!-- begin name -->` and `<!-- end name -->` and is written there again; the
sentences around them were written by a person. With `--stdout` nothing is written.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter.codes import areas
from tidewaiter.lake.engines import Duck
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import lessons, mirror, restate, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

PAGE = Path(__file__).with_name("findings") / "mirror-gaps.md"
YEAR = "2019"
"""The last year that Russia published whole and no port was closed in."""
LEARNED = ("2016", "2018")
LOOKED_AT = ("RUS", "CHN")
CAUSES = """CASE
    WHEN least(x, m) IS NULL THEN 'silence: one side declares nothing'
    WHEN least(destination, origin) >= 0.5 * abs(m - x) THEN 'another partner, named by the one side or the other'
    WHEN destination >= 0.5 * abs(m - x)
        THEN 'another destination: ' || CASE WHEN m > x THEN 'the exporter names another partner' ELSE 'others declare what this importer does not' END
    WHEN origin >= 0.5 * abs(m - x)
        THEN 'another origin: ' || CASE WHEN m > x THEN 'others declare exports that this importer books here' ELSE 'the importer names another exporter' END
    WHEN abs(ln(mk / xk)) < 0.1 AND ln(m / x) BETWEEN 0 AND 0.25 THEN 'freight and insurance: weights agree'
    WHEN abs(ln(mk / xk)) < 0.1 THEN 'price: weights agree, values do not'
    WHEN ln(m / x) BETWEEN 0 AND 0.15 THEN 'no more than freight and insurance'
    ELSE 'open' END"""


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write rows as a table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def named(code: str) -> str:
    return f"{areas.name(code)} ({code})"


def millions(amount: float | None) -> str | None:
    return None if amount is None else f"{amount / 1e6:,.1f}"


def gather(lake: Lake) -> None:
    """Put the declarations beside each other: `said` (fish by month), `flows` (fish by year), `totals` (IMF)."""
    trade = lake.tables().trade
    fish = mirror.declared(trade.filter(nw.col("source") == "un_comtrade", nw.col("frequency") == "M"))
    run = lake.connection.execute
    run(f"CREATE TEMP TABLE said AS {restate.newest_edition(fish).to_native().sql_query()}")
    imf = mirror.declared(trade.filter(nw.col("source") == "imf_dots", nw.col("product") == "TOTAL"))
    countries = ", ".join(f"'{area.code}'" for area in areas.every_area() if area.kind in {"country", "dissolved"})
    run(f"""CREATE TEMP TABLE totals AS
        SELECT exporter, importer, period, max(value_usd) FILTER (flow = 'export')::DOUBLE AS x,
            max(value_usd) FILTER (flow = 'import')::DOUBLE AS m
        FROM ({imf.to_native().sql_query()}) WHERE exporter IN ({countries}) AND importer IN ({countries}) GROUP BY ALL""")
    run("""CREATE TEMP TABLE lines AS
        SELECT exporter, importer, product, year, sum(value_usd) FILTER (flow = 'export')::DOUBLE AS x,
            sum(value_usd) FILTER (flow = 'import')::DOUBLE AS m, sum(weight_kg) FILTER (flow = 'export')::DOUBLE AS xk,
            sum(weight_kg) FILTER (flow = 'import')::DOUBLE AS mk,
            count(DISTINCT period) FILTER (flow = 'export') AS months_out, count(DISTINCT period) FILTER (flow = 'import') AS months_in
        FROM said GROUP BY ALL""")
    run("CREATE TEMP TABLE filed AS SELECT DISTINCT reporter, year FROM said")
    # What one pair does not confirm of a product, against what the others of the same exporter (or importer) have too much of.
    run("""CREATE TEMP TABLE flows AS
        WITH off AS (
            SELECT l.*, coalesce(m, 0) - coalesce(x, 0) AS gap FROM lines l
                JOIN filed e ON e.reporter = l.exporter AND e.year = l.year JOIN filed i ON i.reporter = l.importer AND i.year = l.year),
        pools AS (
            SELECT *, sum(greatest(gap, 0)) OVER e AS more_out, sum(greatest(-gap, 0)) OVER e AS less_out,
                sum(greatest(gap, 0)) OVER i AS more_in, sum(greatest(-gap, 0)) OVER i AS less_in FROM off
            WINDOW e AS (PARTITION BY exporter, product, year), i AS (PARTITION BY importer, product, year))
        SELECT exporter, importer, year, sum(x) AS x, sum(m) AS m, sum(xk) AS xk, sum(mk) AS mk,
            CASE WHEN sum(gap) > 0 THEN sum(least(greatest(gap, 0), less_out)) ELSE sum(least(greatest(-gap, 0), more_out)) END AS destination,
            CASE WHEN sum(gap) > 0 THEN sum(least(greatest(gap, 0), less_in)) ELSE sum(least(greatest(-gap, 0), more_in)) END AS origin
        FROM pools GROUP BY ALL""")


def by_year(connection: duckdb.DuckDBPyConnection, area: str) -> str:
    """List the largest gaps of one area's fish in `YEAR`, between areas that both declared something that year."""
    found = rows(
        connection,
        f"""SELECT exporter, importer, x, m, m - x, ln(mk / xk), destination, origin, {CAUSES}
        FROM flows WHERE year = {YEAR} AND '{area}' IN (exporter, importer) AND x IS NOT NULL AND m IS NOT NULL
        ORDER BY abs(m - x) DESC LIMIT 10""",
    )
    return table(
        (
            "from",
            "to",
            "exporter says",
            "importer says",
            "gap",
            "ln weight ratio",
            "met by the exporter's other partners, at most",
            "met by the importer's other partners, at most",
            "probable cause",
        ),
        [
            (
                named(e),
                named(i),
                millions(x),
                millions(m),
                millions(gap),
                None if kg is None else f"{kg:.2f}",
                millions(out),
                millions(back),
                cause,
            )
            for e, i, x, m, gap, kg, out, back, cause in found
        ],
    )


def all_goods(connection: duckdb.DuckDBPyConnection) -> str:
    """List the largest gaps of all goods in `YEAR`, of both areas, by the IMF."""
    found = rows(
        connection,
        f"""SELECT one, exporter, importer, x, m, m - x, ln(m / x)
        FROM totals JOIN (VALUES ('RUS'), ('CHN')) chosen(one) ON one = exporter OR one = importer
        WHERE period = '{YEAR}' AND x > 0 AND m > 0
        QUALIFY row_number() OVER (PARTITION BY one ORDER BY abs(m - x) DESC) <= 6 ORDER BY one DESC, abs(m - x) DESC""",
    )
    return table(
        ("from", "to", "exporter says", "importer says", "gap", "ln ratio"),
        [
            (named(e), named(i), millions(x), millions(m), millions(gap), f"{ln:.2f}")
            for _, e, i, x, m, gap, ln in found
        ],
    )


def silent(connection: duckdb.DuckDBPyConnection) -> str:
    """List what partners declare of North Korea's fish, which nobody there confirms or denies."""
    found = rows(
        connection,
        """SELECT reporter, flow, sum(value_usd)::DOUBLE AS usd, count(*), min(period), max(period) FROM said
        WHERE partner = 'PRK' GROUP BY ALL ORDER BY usd DESC LIMIT 12""",
    )
    return table(
        ("declared by", "flow", "USD million", "lines", "from", "to"),
        [(named(r), flow, millions(usd), lines, first, last) for r, flow, usd, lines, first, last in found],
    )


def cod(connection: duckdb.DuckDBPyConnection) -> str:
    """Set Russia's frozen cod beside what its buyers declare, by partner and by year."""
    found = rows(
        connection,
        f"""SELECT importer, x, m, xk, mk FROM lines WHERE exporter = 'RUS' AND product = '030363' AND year = {YEAR}
        ORDER BY abs(coalesce(m, 0) - coalesce(x, 0)) DESC LIMIT 8""",
    )
    whole = rows(
        connection,
        f"SELECT sum(x), sum(m), sum(xk), sum(mk) FROM lines WHERE exporter = 'RUS' AND product = '030363' AND year = {YEAR}",
    )
    body = [(named(i), *map(millions, amounts)) for i, *amounts in found]
    return table(
        ("to", "Russia says, USD m", "importer says, USD m", "Russia says, 1000 t", "importer says, 1000 t"),
        [*body, ("all areas", *map(millions, whole[0]))],
    )


def halibut(connection: duckdb.DuckDBPyConnection) -> str:
    found = rows(
        connection,
        """SELECT year, max(x) FILTER (exporter = 'DNK'), max(m) FILTER (exporter = 'DNK'), max(m) FILTER (exporter = 'GRL'),
            max(xk) FILTER (exporter = 'DNK'), sum(mk) FILTER (exporter IN ('DNK', 'GRL'))
        FROM lines WHERE importer = 'CHN' AND product = '030331' AND exporter IN ('DNK', 'GRL') AND year BETWEEN 2017 AND 2021
        GROUP BY 1 ORDER BY 1""",
    )
    return table(
        (
            "year",
            "Denmark says: to China",
            "China says: from Denmark",
            "China says: from Greenland",
            "Denmark, 1000 t",
            "China from both, 1000 t",
        ),
        [(year, *map(millions, amounts)) for year, *amounts in found],
    )


def tuna(connection: duckdb.DuckDBPyConnection) -> str:
    found = rows(
        connection,
        """SELECT year, max(usd) FILTER (partner = 'PRK'), max(usd) FILTER (partner = 'KOR'), max(kg) FILTER (partner = 'PRK'),
            max(kg) FILTER (partner = 'KOR') FROM (
            SELECT year, partner, sum(value_usd)::DOUBLE AS usd, sum(weight_kg)::DOUBLE AS kg FROM said
            WHERE reporter = 'SYC' AND flow = 'import' AND left(product, 4) = '0303' AND partner IN ('PRK', 'KOR') GROUP BY ALL)
        GROUP BY 1 ORDER BY 1""",
    )
    return table(
        ("year", "Seychelles from North Korea, USD m", "from South Korea, USD m", "1000 t, North", "1000 t, South"),
        [(year, *map(millions, amounts)) for year, *amounts in found],
    )


def vintages(lake: Lake) -> str:
    """Set what three publications say of one declaration beside each other: China's exports to North Korea."""
    words = lake.tables().trade.filter(
        nw.col("reporter") == "CHN",
        nw.col("partner") == "PRK",
        nw.col("product") == "TOTAL",
        nw.col("frequency") == "A",
        nw.col("flow") == "export",
        nw.col("period").is_in(["2014", "2015", "2016", "2017", "2018", "2019"]),
    )
    lake.connection.execute(f"CREATE TEMP TABLE china AS {words.to_native().sql_query()}")
    found = rows(
        lake.connection,
        """SELECT period, max(value_usd) FILTER (source = 'wits')::DOUBLE, max(value_usd) FILTER (source = 'itc_trade_map')::DOUBLE,
            max(value_usd) FILTER (source = 'imf_dots')::DOUBLE FROM china WHERE NOT is_estimated GROUP BY 1 ORDER BY 1""",
    )
    return table(("year", "WITS", "Trade Map", "IMF"), [(year, *map(millions, amounts)) for year, *amounts in found])


def slips(connection: duckdb.DuckDBPyConnection) -> str:
    """List weights that one side gave a thousand times too large or small: values agree, weights do not."""
    found = rows(
        connection,
        """SELECT e.exporter, e.importer, e.period, e.product, e.value_usd::DOUBLE, i.value_usd::DOUBLE, e.weight_kg::DOUBLE, i.weight_kg::DOUBLE
        FROM said e JOIN said i ON e.flow = 'export' AND i.flow = 'import' AND e.exporter = i.exporter AND e.importer = i.importer
            AND e.product = i.product AND e.hs = i.hs AND e.period = i.period
        WHERE e.weight_kg > 0 AND i.weight_kg > 0 AND e.value_usd > 20000 AND abs(ln(e.value_usd / i.value_usd)) < 0.5
            AND abs(abs(ln(e.weight_kg / i.weight_kg)) - ln(1000)) < 0.4 AND ('RUS' IN (e.exporter, e.importer) OR 'CHN' IN (e.exporter, e.importer))
        ORDER BY e.value_usd DESC LIMIT 6""",
    )
    return table(
        ("from", "to", "month", "product", "USD, exporter", "USD, importer", "kg, exporter", "kg, importer"),
        [(named(e), named(i), month, p, *(f"{amount:,.0f}" for amount in said)) for e, i, month, p, *said in found],
    )


def learned(lake: Lake) -> dict[str, str]:
    """Learn from `LEARNED` and hold the gaps of `YEAR`, which were not looked at, against what was learned."""
    engine, given = Duck(lake.connection), lessons.assumptions()
    sections = engine.table(lessons.SECTION, lessons.chapters())
    words: Any = nw.from_native(lake.connection.table("said")).lazy()
    early = words.filter(nw.col("period") >= LEARNED[0], nw.col("period") < YEAR)
    known = settle.learn(early, sections, engine, given, monthly=True)
    now = words.filter(nw.col("period") >= str(int(YEAR) - 1) + "-12", nw.col("period") <= f"{int(YEAR) + 1}-01")
    mirrored = engine.keep("mirrored", settle.mirror_cells(now, sections, known, engine))
    cells = mirrored.filter(nw.col("period").str.slice(0, 4) == YEAR)
    connection = lake.connection
    assert known.lag is not None
    assert known.size is not None
    for name, frame in (("cells", cells), ("trust", known.trust), ("lag", known.lag), ("size", known.size)):
        connection.execute(f'CREATE OR REPLACE TEMP VIEW "known_{name}" AS {frame.to_native().sql_query()}')
    connection.execute("""CREATE OR REPLACE TEMP TABLE judged AS
        SELECT c.*, log10(sqrt(export_fob_usd::DOUBLE * import_said_usd::DOUBLE)) AS amount,
            ln(import_fob_usd::DOUBLE / export_fob_usd::DOUBLE) AS unlagged,
            sqrt((lag_share * lag_share + (1 - lag_share) * (1 - lag_share)) * e.value_variance + i.value_variance) AS deviation
        FROM known_cells c JOIN known_trust e ON e.reporter = exporter AND e.role = 'exporter' AND e.section = c.section
            JOIN known_trust i ON i.reporter = importer AND i.role = 'importer' AND i.section = c.section
        WHERE log_gap IS NOT NULL AND timing_usd <> 'unadjusted' AND export_fob_usd > 0 AND import_fob_usd > 0""")
    coverage = rows(
        connection,
        """SELECT floor(amount)::INT, count(*), avg((abs(log_gap) < 1.6449 * deviation)::INT),
            avg((abs(log_gap) < value_reach * sqrt(value_factor) * deviation)::INT), median(1.6449 * deviation),
            median(value_reach * sqrt(value_factor) * deviation), median(abs(log_gap))
        FROM judged JOIN known_size ON band = least(15, greatest(4, floor(2 * amount + 0.0137)))
        GROUP BY ROLLUP (1) HAVING count(*) >= 500 ORDER BY 1 NULLS LAST""",
    )
    late = rows(connection, "SELECT lag_share, months FROM known_lag WHERE exporter = ''")[0]
    before, after = rows(
        connection,
        "SELECT median(abs(unlagged)), median(abs(log_gap)) FROM judged WHERE timing_usd = 'settled'",
    )[0]
    return {
        "learned": table(
            ("learned from 2016 to 2018", ""),
            [
                ("product months the lag was learned from", f"{late[1]:,}"),
                ("share of goods that arrive a month late", f"{late[0]:.3f}"),
                (f"median of abs(ln gap) in {YEAR} before the lag is taken out", f"{before:.3f}"),
                ("and after", f"{after:.3f}"),
            ],
        ),
        "coverage": table(
            (
                "cells of, dollars a month",
                "cells",
                "one variance for all: share inside",
                "with sizes and tails: share inside",
                "one variance: reach, ln",
                "with sizes: reach, ln",
                "median abs(ln gap)",
            ),
            [
                ("all" if size is None else f"10^{size}", f"{count:,}", *(f"{number:.3f}" for number in numbers))
                for size, count, *numbers in coverage
            ],
        ),
    }


def make(lake: Lake) -> dict[str, str]:
    """Make every table of the page by its name."""
    gather(lake)
    connection = lake.connection
    made = {f"fish-{area}": by_year(connection, area) for area in LOOKED_AT}
    made |= {"totals": all_goods(connection), "silent": silent(connection), "cod": cod(connection)}
    made |= {"halibut": halibut(connection), "tuna": tuna(connection), "slips": slips(connection)}
    made |= {"vintages": vintages(lake)}
    return made | learned(lake)


def put(page: str, made: dict[str, str]) -> str:
    """Write the tables between their marks; raises ValueError where the page lacks a mark."""
    for name, text in made.items():
        marks = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        page, count = re.subn(
            f"{marks[0]}.*?{marks[1]}", lambda _, t=text, m=marks: f"{m[0]}\n{t}\n{m[1]}", page, flags=re.DOTALL
        )
        if count != 1:
            message = f"the page has no place for {name}"
            raise ValueError(message)
    return page


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", required=True, help="the lake")
    parser.add_argument("--memory", default="4GB")
    parser.add_argument("--stdout", action="store_true", help="print the tables and leave the page alone")
    options = parser.parse_args()
    opened = Lake.open(options.home, memory_limit=options.memory, threads=2)
    with opened.reading():
        tables = make(opened)
    opened.close()
    if options.stdout:
        for title, text in tables.items():
            print(f"## {title}\n{text}\n")
    else:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
