"""Settle a world whose truth is known and print what was recovered: `python benchmarks/recover.py`.

Prints planted and recovered parameters, the median |ln error| of the settled value beside that of
each yardstick and of an oracle that knows margins, lags and variances, the share of 90 % intervals
that hold the truth, and precision and recall of the suspected hub bookings and mixed-up partners.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tidewaiter.statistics import mirror, settle, signals
from world import Z90, DuckEngine, World, build, connect, geography, sections, typical

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame


def one(engine: DuckEngine, query: str) -> tuple:
    return engine.connection.execute(query).fetchall()[0]


def correlation(engine: DuckEngine, title: str, query: str) -> None:
    """Compare planted and found, columns of these names: correlation, median ratio, typical miss."""
    n, r, ratio, miss, planted, found = one(
        engine,
        f"SELECT count(*), corr(planted, found), median(found / planted), median(abs(found - planted)), "
        f"median(planted), median(found) FROM ({query})",
    )
    print(f"| {title} | {n} | {planted:.4f} | {found:.4f} | {ratio:.3f} | {miss:.4f} | {r:.3f} |")


def run(world: World) -> None:
    began = time.perf_counter()
    engine = DuckEngine(connect())
    build(engine.connection, world)
    cells, rows = one(engine, "SELECT (SELECT count(*) FROM shipped), (SELECT count(*) FROM trade)")
    built = time.perf_counter()
    km, borders = geography(engine.connection)
    margin, variance = typical()
    given = settle.Assumptions(margin, variance, km, borders, ("PRK",))
    words = engine.keep("words", mirror.declared(engine.frame("trade")))
    hs = sections(engine)
    learned = settle.learn(words, hs, engine, given, monthly=bool(world.months))
    learnt = time.perf_counter()
    mirrored = engine.keep("mirror", settle.mirror_cells(words, hs, learned, engine))
    settled = engine.keep("settled", settle.settle(mirrored, learned, given))
    done = time.perf_counter()
    for name, frame in (
        ("mirror", mirrored),
        ("settled", settled),
        ("margin", learned.margin),
        ("trust", learned.trust),
    ):
        engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {frame.to_native().sql_query()}")
    if learned.lag is not None:
        engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW lag_share AS {learned.lag.to_native().sql_query()}")
    print(
        f"\n### {'Monthly' if world.months else 'Annual'} world, seed {world.seed}: {cells:,} true cells, {rows:,} declared rows\n"
    )
    print(
        f"built {built - began:.1f} s, learned {learnt - built:.1f} s, settled {done - learnt:.1f} s\n",
        file=sys.stderr,
        flush=True,
    )
    parameters(engine, world)
    errors(engine, world)
    coverage(engine)
    if world.surer or world.unlike:
        plain = settle.settle(mirrored, replace(learned, size=None), given)
        by_size(engine, engine.keep("plain", plain))
    suspects(engine, mirrored, learned)


def parameters(engine: DuckEngine, world: World) -> None:
    print("| parameter | compared | median planted | median found | median ratio | median miss | correlation |")
    print("|---|---|---|---|---|---|---|")
    noise = "(SELECT DISTINCT section, noise FROM good)"
    for role in ("exporter", "importer"):
        correlation(
            engine,
            f"standard deviation as {role}, by reporter and section",
            f"SELECT a.{role}_deviation * g.noise AS planted, sqrt(t.value_variance) AS found "
            f"FROM trust t JOIN area a ON a.code = t.reporter JOIN {noise} g USING (section) "
            f"WHERE role = '{role}' AND NOT is_silent AND cells >= 30",
        )
        correlation(
            engine,
            "the same by reporter",
            f"SELECT median(a.{role}_deviation * g.noise) AS planted, sqrt(median(t.value_variance)) AS found "
            f"FROM trust t JOIN area a ON a.code = t.reporter JOIN {noise} g USING (section) "
            f"WHERE role = '{role}' AND NOT is_silent AND cells >= 30 GROUP BY reporter",
        )
        correlation(
            engine,
            "the same of weights",
            f"SELECT median(a.{role}_deviation * g.noise * 0.7) AS planted, sqrt(median(t.weight_variance)) AS found "
            f"FROM trust t JOIN area a ON a.code = t.reporter JOIN {noise} g USING (section) "
            f"WHERE role = '{role}' AND NOT is_silent AND cells >= 30 GROUP BY reporter",
        )
    correlation(
        engine,
        "CIF margin, by pair and section",
        "SELECT avg(c.margin) AS planted, any_value(m.cif_margin) AS found FROM cell c JOIN margin m "
        "USING (exporter, importer, section) GROUP BY exporter, importer, section",
    )
    if world.months:
        correlation(
            engine,
            "share a month late, by pair",
            "SELECT r.late AS planted, l.lag_share AS found FROM lag_share l JOIN route r USING (exporter, importer) "
            "WHERE l.months >= 60",
        )
        planted = one(engine, "SELECT sum(late * fob) / sum(fob) FROM shipped")[0]
        found = one(engine, "SELECT lag_share FROM lag_share WHERE exporter = ''")[0]
        print(f"\nShare a month late, all pairs together: planted {planted:.3f}, found {found:.3f}")


def errors(engine: DuckEngine, world: World) -> None:
    """Median |ln error| where both sides report, against yardsticks and the oracle."""
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE judged AS
        SELECT s.*, s.fob AS truth, m.export_fob_usd::DOUBLE AS x, m.import_usd::DOUBLE AS raw,
            m.import_usd::DOUBLE / (CASE WHEN m.import_valuation = 'cif' THEN 1.06 ELSE 1 END) AS flat,
            m.import_said_usd::DOUBLE AS said, z.value_usd::DOUBLE AS settled, z.low_usd::DOUBLE AS low,
            z.high_usd::DOUBLE AS high, z.basis, z.weight_kg::DOUBLE AS kg_settled, z.low_kg::DOUBLE AS low_kg,
            z.high_kg::DOUBLE AS high_kg, z.weight_basis, m.timing_usd,
            m.import_usd::DOUBLE / (CASE WHEN m.import_valuation = 'cif' THEN 1 + s.margin ELSE 1 END) AS known,
            pow(a.exporter_deviation * g.noise * {world.spread("s.id", "s.fob")}, 2) AS ve,
            pow(b.importer_deviation * g.noise * {world.spread("s.id", "s.fob")}, 2) AS vi, s.late AS l
        FROM shipped s JOIN mirror m USING (exporter, importer, product, period)
            JOIN settled z USING (exporter, importer, product, period)
            JOIN area a ON a.code = s.exporter JOIN area b ON b.code = s.importer
            JOIN (SELECT DISTINCT section, noise FROM good) g ON g.section = s.section
            JOIN route r ON r.exporter = s.exporter AND r.importer = s.importer"""
    )
    if world.months:
        # The oracle takes the lag out as the method does, but knows every month's own late share and every margin.
        engine.connection.execute(
            """CREATE OR REPLACE TEMP TABLE judged AS
            WITH ratio AS (SELECT j.*, j.known / ((1 - j.l) * j.x + b.l * b.x) AS r0
                FROM judged j LEFT JOIN judged b ON b.id = j.id AND b.month = j.month - 1)
            SELECT a.* EXCLUDE (known), CASE WHEN a.r0 IS NULL THEN a.known
                ELSE a.x * ((1 - a.l) * a.r0 + a.l * coalesce(n.r0, a.r0)) END AS known,
                2 * a.l * (1 - a.l) AS aa
            FROM ratio a LEFT JOIN ratio n ON n.id = a.id AND n.month = a.month + 1"""
        )
    else:
        engine.connection.execute("ALTER TABLE judged ADD COLUMN aa DOUBLE DEFAULT 0")
    oracle = (
        "exp(w * ln(x) + (1 - w) * ln(known))",
        "(vi * (1 - aa) + 1.5 * aa * aa * ve - aa * ve) / (vi * (1 - aa) + 1.5 * aa * aa * ve + ve - 2 * aa * ve)",
    )
    found = one(
        engine,
        f"SELECT median(abs(ln(x / truth))), median(abs(ln(raw / truth))), median(abs(ln(flat / truth))), "
        f"median(abs(ln(said / truth))), median(abs(0.5 * ln(x * flat) - ln(truth))), "
        f"median(abs(ln(settled / truth))), median(abs(ln({oracle[0]} / truth))), count(*) "
        f"FROM (SELECT *, {oracle[1]} AS w FROM judged) WHERE basis = 'both'",
    )
    print("\n| where both report: median of abs(ln error) | |\n|---|---|")
    for title, value in zip(
        (
            "exporter alone",
            "importer as declared",
            "importer less 6 % CIF",
            "importer less learned margin and lag",
            "geometric mean of exporter and importer less 6 %",
            "**settled**",
            "oracle",
        ),
        found,
        strict=False,
    ):
        print(f"| {title} | {value:.4f} |")
    print(f"\n{found[-1]:,} cells; settled / oracle = {found[5] / found[6]:.4f}")


def coverage(engine: DuckEngine) -> None:
    print("\n| 90 % intervals that hold the truth | cells | share | median high / low |\n|---|---|---|---|")
    for what, low, truth, high, basis in (
        ("value", "low", "truth", "high", "basis"),
        ("weight", "low_kg", "kg", "high_kg", "weight_basis"),
    ):
        for name, count, share, wide in engine.connection.execute(
            f"SELECT {basis}, count(*), avg(({truth} BETWEEN {low} AND {high})::INT), median({high} / {low}) FROM judged "
            f"WHERE {low} IS NOT NULL GROUP BY ROLLUP (1) ORDER BY 1"
        ).fetchall():
            print(f"| {what}: {name or 'all'} | {count:,} | {share:.3f} | {wide:.2f} |")


def by_size(engine: DuckEngine, plain: Frame) -> None:
    """Coverage and width by size of cell, with the `size` table and without it."""
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW plain AS {plain.to_native().sql_query()}")
    print("\n| 90 % intervals of values, cells of | cells | share | high / low | share without sizes | high / low |")
    print("|---|---|---|---|---|---|")
    for size, count, *shares in engine.connection.execute(
        "SELECT floor(log10(truth))::INT AS size, count(*), avg((truth BETWEEN j.low AND j.high)::INT), "
        "median(j.high / j.low), avg((truth BETWEEN p.low_usd AND p.high_usd)::INT), median(p.high_usd / p.low_usd) "
        "FROM judged j JOIN plain p USING (exporter, importer, product, period) WHERE low IS NOT NULL "
        "GROUP BY 1 HAVING count(*) >= 500 ORDER BY 1"
    ).fetchall():
        print(f"| 10^{size} dollars | {count:,} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")


def suspects(engine: DuckEngine, mirrored: Frame, learned: settle.Learned) -> None:
    """Precision and recall of hub bookings and of KOR written as PRK, at a probability of one half."""
    hubs = engine.keep("hubs", signals.hub_bookings(mirrored, learned.trust))
    confusions = engine.sql(
        "SELECT 'PRK' AS said, 'KOR' AS meant, 0.22 AS prior, 2.0 AS stranger_odds, 1.5 AS basket_odds"
    )
    slips = engine.keep("slips", signals.mistaken_partners(mirrored, learned.trust, confusions))
    truth = (
        "SELECT DISTINCT d.exporter, b.hub, c.importer, d.product, d.period FROM booked b JOIN cell c USING (id) "
        "JOIN trade d ON d.exporter = c.exporter AND d.importer = b.hub AND d.product = c.product AND d.flow = 'export'"
    )
    slipped = (
        "SELECT DISTINCT d.reporter, d.flow, d.product, d.period FROM mixed x JOIN cell c USING (id) "
        "JOIN trade d ON d.product = c.product AND d.partner = 'PRK' AND ((d.flow = 'export' AND d.reporter = c.exporter) "
        "OR (d.flow = 'import' AND d.reporter = c.importer))"
    )
    print("\n| suspected (probability at least 0.5) | planted and declared | found | right | precision | recall |")
    print("|---|---|---|---|---|---|")
    for title, frame, planted, key in (
        ("booked to a hub, with its true destination", hubs, truth, "exporter, hub, importer, product, period"),
        ("KOR written as PRK", slips, slipped, "reporter, flow, product, period"),
    ):
        true, found, right = one(
            engine,
            f"WITH truth AS ({planted}), found AS (SELECT DISTINCT {key} FROM ({frame.to_native().sql_query()}) "
            f"WHERE probability >= 0.5) SELECT (SELECT count(*) FROM truth), (SELECT count(*) FROM found), "
            f"(SELECT count(*) FROM found JOIN truth USING ({key}))",
        )
        print(
            f"| {title} | {true:,} | {found:,} | {right:,} | {right / max(found, 1):.3f} | {right / max(true, 1):.3f} |"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=640_000, help="cells drawn for the annual world")
    parser.add_argument("--monthly-cells", type=int, default=40_000, help="cells drawn for the monthly world")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"90 % of a normal variable lies within {Z90:.4f} standard deviations.")
    run(World(seed=options.seed, cells=options.cells))
    print("\nThe same with a tenth of the products, where more exports and imports of one product may be confused:")
    run(World(seed=options.seed, cells=options.cells, products=560))
    run(World(seed=options.seed, cells=options.monthly_cells, months=options.months))
    print("\nA year in which 5 % of the declarations are grossly wrong besides, which the method does not assume:")
    run(World(seed=options.seed, cells=options.cells // 2, slips=0.05))
    print(
        "\nA year in which large cells are declared more alike, and cells of one size differ in how far both sides err:"
    )
    run(World(seed=options.seed, cells=options.cells // 2, surer=0.15, unlike=0.7))
