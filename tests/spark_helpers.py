"""What the tests of Spark share: skips that say why, a lake of the known world, stages, comparisons."""

from __future__ import annotations

import csv
import math
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import recon_world as rw
from tidewaiter.base.schema import TEXT, TRADE, Column, Table
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.lake.spark import Spark

WORLD = rw.known.World(seed=7, areas=12, products=60, cells=700, months=14, silent=2, hubs=1, fob_importers=1)
SECTION = Table("section", (Column("chapter", TEXT, ""), Column("section", TEXT, "")), ("chapter",))
QUICK = {
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""Small tables gain nothing from many partitions, short runs nothing from the last word in compiling."""
PANDAS = "ignore:PySpark does not yet fully support pandas:FutureWarning"


def need_spark() -> None:
    """Skip the test where Spark or Java is missing, and say which."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'tidewaiter[spark]'")
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and shutil.which("java", path=f"{home}/bin"))):
        pytest.skip("Java is not installed: Spark needs a Java runtime 17 or newer, such as openjdk-17-jre-headless")


@contextmanager
def session(master: str, more: Mapping[str, str]) -> Iterator[Spark]:
    """Open Spark in a Java process of its own, which is gone afterwards."""
    from tidewaiter.lake.spark import Spark

    spark = Spark.open(master, more)
    try:
        yield spark
    finally:
        end(spark)


def end(spark: Spark) -> None:
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    process = gateway.proc
    try:
        spark.close()
        gateway.shutdown()
    finally:
        SparkContext._gateway = SparkContext._jvm = None
        process.stdin.close()
        process.kill()
        process.wait(30)


@dataclass
class Side:
    """One engine with the same lake open."""

    engine: Any
    tables: Tables

    @property
    def sections(self) -> Frame:
        lines = (line for line in rw.known.SECTIONS.read_text().splitlines() if not line.startswith("#"))
        return self.engine.table(SECTION, [(row["chapter"], row["section"]) for row in csv.DictReader(lines)])


def fill(folder: Path) -> Lake:
    """Land the known world in two files, of which the newer replaces some of the older's lines."""
    lake = Lake.open(str(folder / "home"), memory_limit="500MB", threads=1)
    rw.known.build(lake.connection, WORLD)
    columns = ", ".join(f'"{name}"' for name in TRADE.names if name not in {"vintage", "receipt"})
    dearer = columns.replace('"value_usd"', "CAST(value_usd * 1.001 AS DECIMAL(18,3)) AS value_usd")
    files = (
        ("first", date(2024, 1, 1), f"SELECT {columns} FROM trade"),
        # A later release of a few lines: whole headings of some products, a thousandth dearer.
        (
            "second",
            date(2024, 2, 1),
            f"SELECT {dearer} FROM trade WHERE left(product, 2) IN ('03', '27', '84')",
        ),
    )
    for name, vintage, query in files:
        path = folder / f"{name}.csv"
        path.write_text(name)
        said = {"source": "world", "licence": "free", "citation": "The known world.", "url": None}
        lake.land(TRADE, lake.connection.sql(query), path, vintage=vintage, complete=False, **said)
    return lake


def given(lake: Lake) -> settle.Assumptions:
    return settle.Assumptions(*rw.known.typical(), *rw.known.geography(lake.connection), ("PRK",))


def settled(side: Side, assumed: settle.Assumptions) -> Frame:
    """Take the visible rows of a lake through every stage of reconciliation."""
    from tidewaiter.statistics import mirror

    words = side.engine.keep("words", mirror.declared(side.tables.trade))
    sections = side.sections
    learned = settle.learn(words, sections, side.engine, assumed, monthly=True)
    return settle.settle(settle.mirror_cells(words, sections, learned, side.engine), learned, assumed)


def same(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> None:
    """Hold rows to be equal: words, counts and decimals exactly, binary fractions to nine digits."""
    assert len(one) == len(other)
    assert one, "nothing to compare"
    for mine, theirs in zip(sorted(one, key=_order), sorted(other, key=_order), strict=True):
        assert len(mine) == len(theirs)
        for left, right in zip(mine, theirs, strict=True):
            assert type(left) is type(right), (mine, theirs)
            if isinstance(left, float):
                assert math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9), (mine, theirs)
            else:
                assert left == right, (mine, theirs)


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    exact = tuple(repr(value) for value in row if not isinstance(value, float))
    return exact, tuple(f"{value:.6g}" for value in row if isinstance(value, float))
