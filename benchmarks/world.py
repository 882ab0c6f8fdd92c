"""Generate a world of trade whose truth is known: who shipped what, and how each side declared it.

Everything is planted: reporters that err by different amounts, freight by distance and unit value,
goods that arrive a month late, areas that never report, exports booked to a hub, South Korea written
as North Korea, missing lines. The generator is SQL on hashes of a seed, so a world is the same on
every run and thread count of one DuckDB version.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.base.schema import Frame, Table

SECTIONS = Path(__file__).parents[1] / "src" / "tidewaiter" / "statistics" / "sections.csv"


@dataclass(frozen=True, slots=True)
class World:
    """What is planted. `months` 0 makes one year; else that many months from 2018-01."""

    seed: int = 1
    areas: int = 200
    products: int = 5600
    cells: int = 700_000
    months: int = 0
    silent: int = 30
    hubs: int = 5
    fob_importers: int = 6
    exporter_deviation: float = 0.18
    importer_deviation: float = 0.12
    booked_to_hub: float = 0.03
    mixed_up: float = 0.05
    missing: float = 0.08
    late: float = 0.2
    slips: float = 0.0
    """Share of declarations with a further, gross error (standard deviation 1.5), which no method expects."""
    surer: float = 0.0
    """Deviations go with the value to the power of minus this: large cells are declared more alike."""
    unlike: float = 0.0
    """Cells differ in how far both sides err, by this standard deviation of its logarithm."""

    def spread(self, cell: str, fob: str) -> str:
        """Write the factor on both sides' deviations in one cell as SQL."""
        return (
            f"pow(greatest({fob}, 1) / 22026.0, {-self.surer}) * exp({self.unlike} * bell(hash({cell}), 'unlike'))"
            if self.surer or self.unlike
            else "1"
        )


class DuckEngine:
    """The engine that the stages run on here: tables of one DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.made = 0

    def frame(self, name: str) -> Frame:
        """Return a table as a frame."""
        return nw.from_native(self.connection.table(name))

    def sql(self, query: str) -> Frame:
        """Return a query as a frame."""
        return nw.from_native(self.connection.sql(query))

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute a frame into a table."""
        self.made += 1
        table = f"kept_{self.made}_{name}"
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {frame.to_native().sql_query()}")
        return self.frame(table)

    def forget(self, name: str) -> None:
        """Drop what was kept under a name."""
        for (table,) in self.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'kept\\_%\\_' || ? ESCAPE '\\'", [name]
        ).fetchall():
            self.connection.execute(f"DROP TABLE {table}")

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """Fetch a small frame."""
        return list(frame.to_native().fetchall())

    def table(self, table: Table, rows: Iterable[Sequence[Any]]) -> Frame:
        """Hand in a small table."""
        columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
        picks = ", ".join(f'unnest(CAST(? AS {column.type}[])) AS "{column.name}"' for column in table.columns)
        self.made += 1
        name = f"given_{self.made}_{table.name}"
        self.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {picks}", [list(column) for column in columns])
        return self.frame(name)


def connect(memory: str = "4GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def sections(engine: DuckEngine) -> Frame:
    name = "hs_section"
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS "
        f"SELECT * FROM read_csv('{SECTIONS}', comment='#', header=true, all_varchar=true)"
    )
    return engine.frame(name)


def build(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Make the tables area, product, shipped (the truth), booked, mixed and trade (what was declared)."""
    run = connection.execute
    run(
        f"CREATE OR REPLACE MACRO unit(key, what) AS (hash(key, what, {world.seed}) >> 11)::DOUBLE / 9007199254740992.0"
    )
    run(
        "CREATE OR REPLACE MACRO bell(key, what) AS sqrt(-2 * ln(greatest(unit(key, what || 'r'), 1e-15))) "
        "* cos(2 * pi() * unit(key, what || 'a'))"
    )
    _areas(connection, world)
    _products(connection)
    run(
        f"""CREATE OR REPLACE TABLE cell AS
        WITH drawn AS (
            SELECT DISTINCT floor({world.areas} * pow(unit(i, 'from'), 1.7))::INT AS e,
                floor({world.areas} * pow(unit(i, 'to'), 1.7))::INT AS m,
                floor({world.products} * pow(unit(i, 'what'), 1.5))::INT AS p
            FROM range({world.cells}) t(i))
        SELECT row_number() OVER (ORDER BY e, m, p) AS id, x.code AS exporter, y.code AS importer, g.product, g.section,
            exp(10 + 1.5 * bell(hash(e, m, p), 'size') - 0.006 * (e + m) * 200 / {world.areas}) AS base,
            g.unit_value, r.km, r.border, r.late,
            -- Freight and insurance: dearer with distance, cheaper for dear goods.
            exp(greatest(ln(1.004), least(ln(1.24), 0.055 + 0.022 * ln(r.km / 6000) - 0.012 * r.border + g.freight
                - 0.010 * g.dear))) - 1 AS margin
        FROM drawn JOIN area x ON x.i = e JOIN area y ON y.i = m JOIN good g ON g.i = p
            JOIN route r ON r.exporter = x.code AND r.importer = y.code
        WHERE e <> m"""
    )
    months = (
        "SELECT 0 AS month, '2019' AS period"
        if not world.months
        else "SELECT i AS month, strftime(DATE '2018-01-01' + to_months(i::INT - 1), '%Y-%m') AS period "
        f"FROM range({world.months + 1}) t(i)"
    )
    present, swing = ("1", "0") if not world.months else ("0.9", "0.6")
    run(
        f"""CREATE OR REPLACE TABLE shipped AS
        SELECT c.id, c.exporter, c.importer, c.product, c.section, month, period, c.margin,
            c.base * exp({swing} * bell(hash(c.id, month), 'swing')) AS fob,
            c.base * exp({swing} * bell(hash(c.id, month), 'swing')) / c.unit_value
                * exp(0.3 * bell(hash(c.id, month), 'kg')) AS kg,
            least(0.9, c.late * (0.5 + unit(hash(c.id, month), 'late'))) * {int(bool(world.months))} AS late
        FROM cell c, ({months})
        WHERE unit(hash(c.id, month), 'present') < {present}"""
    )
    _bookings(connection, world)
    _declare(connection, world)


def _areas(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    connection.execute(
        f"""CREATE OR REPLACE TABLE area AS
        WITH every AS (
            SELECT i, CASE i WHEN 6 THEN 'KOR' WHEN {world.areas - 2} THEN 'PRK'
                ELSE chr(65 + (i // 676)::INT) || chr(65 + (i // 26 % 26)::INT) || chr(65 + (i % 26)::INT) END AS code,
                degrees(asin(2 * unit(i, 'lat') - 1)) AS lat, 360 * unit(i, 'lon') - 180 AS lon,
                {world.exporter_deviation} * exp(0.5 * bell(i, 'out')) AS exporter_deviation,
                {world.importer_deviation} * exp(0.5 * bell(i, 'in')) AS importer_deviation,
                unit(i, 'role') AS lot
            FROM range({world.areas}) t(i)),
        ranked AS (SELECT *, row_number() OVER (ORDER BY CASE WHEN i <= 8 OR code = 'PRK' THEN 2 ELSE lot END) AS place
            FROM every)
        SELECT *, place <= {world.silent} - 1 OR code = 'PRK' AS is_silent,
            i IN (SELECT i FROM ranked WHERE place > {world.silent} AND i < {world.areas} // 4 AND code <> 'KOR'
                ORDER BY lot DESC LIMIT {world.hubs}) AS is_hub,
            i IN (SELECT i FROM ranked WHERE place > {world.silent} AND i > 8 AND code <> 'PRK'
                ORDER BY lot LIMIT {world.fob_importers}) AS values_fob
        FROM ranked ORDER BY i"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TABLE route AS
        SELECT x.code AS exporter, y.code AS importer,
            greatest(100, 6371 * acos(least(1, greatest(-1, sin(radians(x.lat)) * sin(radians(y.lat))
                + cos(radians(x.lat)) * cos(radians(y.lat)) * cos(radians(x.lon - y.lon)))))) AS km,
            (km < 900)::INT AS border,
            least(0.6, greatest(0.02, {world.late} + 0.06 * ln(km / 8000))) AS late
        FROM area x, area y WHERE x.i <> y.i"""
    )


def _products(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""CREATE OR REPLACE TABLE good AS
        WITH place AS (SELECT chapter, section, row_number() OVER (ORDER BY chapter) - 1 AS c
            FROM read_csv('{SECTIONS}', comment='#', header=true, all_varchar=true) WHERE section <> 'none')
        SELECT i, chapter || lpad((10 + i // 96)::VARCHAR, 4, '0') AS product, section,
            bell(i, 'dear') AS dear, exp(1.5 + 1.2 * bell(i, 'dear')) AS unit_value,
            0.012 * bell(section, 'freight') AS freight, exp(0.25 * bell(section, 'noise')) AS noise
        FROM range(20000) t(i) JOIN place ON c = i % (SELECT count(*) FROM place)"""
    )


def _bookings(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Book some exports to a hub for good, and write some trade with KOR down as PRK's."""
    connection.execute(
        f"""CREATE OR REPLACE TABLE booked AS
        SELECT c.id, h.code AS hub FROM cell c
            JOIN (SELECT code, row_number() OVER (ORDER BY i) - 1 AS n FROM area WHERE is_hub) h
            ON h.n = floor(unit(c.id, 'hub') * {world.hubs})
        WHERE unit(c.id, 'booked') < {world.booked_to_hub} AND h.code NOT IN (c.exporter, c.importer)"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TABLE mixed AS
        SELECT id FROM cell
        WHERE 'KOR' IN (exporter, importer) AND 'PRK' NOT IN (exporter, importer)
            AND unit(id, 'mixed') < {world.mixed_up} AND id NOT IN (SELECT id FROM booked)"""
    )


def _declare(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    late = (
        "SELECT id, month, month AS came, fob * (1 - late) AS fob, kg * (1 - late) AS kg FROM shipped "
        "UNION ALL SELECT id, month, month + 1, fob * late, kg * late FROM shipped WHERE late > 0"
    )
    connection.execute(
        f"""CREATE OR REPLACE TABLE arrived AS
        SELECT a.id, came AS month, sum(a.fob) AS fob, sum(a.kg) AS kg FROM ({late}) a GROUP BY ALL"""
    )
    first = 1 if world.months else 0
    period = "'2019'" if not world.months else "strftime(DATE '2018-01-01' + to_months(month::INT - 1), '%Y-%m')"
    noise = {
        side: f"{{what}} * exp(x.{side}er_deviation * g.noise * {{size}} * {world.spread('id', '{fob}')} * bell(hash(id, month), '{side}{{name}}') "
        f"+ CASE WHEN unit(hash(id, month), '{side}slip') < {world.slips} "
        f"THEN 1.5 * bell(hash(id, month), '{side}slipped') ELSE 0 END)"
        for side in ("export", "import")
    }

    def said(side: str, what: str, name: str, size: float) -> str:
        return noise[side].format(what=what, size=size, name=name, fob="fob")

    connection.execute(
        f"""CREATE OR REPLACE TABLE trade AS
        WITH exports AS (
            SELECT s.exporter AS reporter, coalesce(b.hub, CASE WHEN x2.id IS NOT NULL AND s.importer = 'KOR'
                    THEN 'PRK' END, s.importer) AS partner, 'export' AS flow, s.product, month, 'fob' AS valuation,
                {said("export", "fob", "usd", 1.0)} AS usd,
                CASE WHEN unit(hash(s.id, month), 'xkg') < 0.9 THEN {said("export", "kg", "kg", 0.7)} END AS kg
            FROM shipped s LEFT JOIN booked b USING (id) LEFT JOIN mixed x2 USING (id)
                JOIN area x ON x.code = s.exporter JOIN (SELECT DISTINCT section, noise FROM good) g USING (section)
            WHERE NOT x.is_silent AND unit(hash(s.id, month), 'xmiss') >= {world.missing} AND month >= {first}),
        imports AS (
            SELECT c.importer AS reporter, CASE WHEN x2.id IS NOT NULL AND c.exporter = 'KOR' THEN 'PRK'
                    ELSE c.exporter END AS partner, 'import' AS flow, c.product, month,
                CASE WHEN x.values_fob THEN 'fob' ELSE 'cif' END AS valuation,
                {said("import", "fob * CASE WHEN x.values_fob THEN 1 ELSE 1 + c.margin END", "usd", 1.0)} AS usd,
                CASE WHEN unit(hash(id, month), 'mkg') < 0.9 THEN {said("import", "kg", "kg", 0.7)} END AS kg
            FROM arrived a JOIN cell c USING (id) LEFT JOIN mixed x2 USING (id)
                JOIN area x ON x.code = c.importer JOIN (SELECT DISTINCT section, noise FROM good) g USING (section)
            WHERE NOT x.is_silent AND unit(hash(id, month), 'mmiss') >= {world.missing}
                AND month BETWEEN {first} AND {world.months}),
        told AS (
            SELECT reporter, partner, flow, product, month, valuation, sum(usd) AS usd,
                CASE WHEN count(kg) = count(*) THEN sum(kg) END AS kg
            FROM (FROM exports UNION ALL FROM imports) GROUP BY ALL)
        SELECT 'world' AS source, reporter, partner, flow, product, 'HS2017' AS hs, {period} AS period,
            '{"M" if world.months else "A"}' AS frequency, left({period}, 4)::BIGINT AS year,
            CASE flow WHEN 'export' THEN reporter ELSE partner END AS exporter,
            CASE flow WHEN 'export' THEN partner ELSE reporter END AS importer,
            round(usd, 3)::DECIMAL(18,3) AS value_usd, valuation, round(kg, 3)::DECIMAL(18,3) AS weight_kg,
            NULL::DOUBLE AS quantity, NULL::VARCHAR AS quantity_unit, false AS is_estimated, DATE '2024-01-01' AS vintage,
            'world' AS receipt, row_number() OVER (ORDER BY reporter, partner, flow, product, month) AS row
        FROM told WHERE round(usd, 3) > 0 ORDER BY product, exporter, importer, flow"""
    )


def geography(connection: duckdb.DuckDBPyConnection) -> tuple[dict[tuple[str, str], float], frozenset[tuple[str, str]]]:
    """Return the distances in km and the bordering pairs, as `settle.Assumptions` wants them."""
    rows = connection.execute("SELECT exporter, importer, km, border FROM route").fetchall()
    return {(e, i): km for e, i, km, _ in rows}, frozenset((e, i) for e, i, _, border in rows if border)


def typical() -> tuple[float, float]:
    """Return the package's own starting values: CIF margin and variance."""
    import yaml

    given = yaml.safe_load(SECTIONS.with_name("reconcile.yml").read_text(encoding="utf-8"))
    return given["typical_cif_margin"]["value"], given["typical_variance"]["value"]


NORMAL_MEDIAN = 0.6744897501960817
"""Median of the absolute value of a standard normal variable."""
Z90 = 1.6448536269514722
assert math.isclose(math.erf(Z90 / math.sqrt(2)), 0.9, abs_tol=1e-9)
