"""Every stage gives the same rows and the same decimals on Spark as on DuckDB."""

from __future__ import annotations

import random
from dataclasses import astuple
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pytest

import recon_world as rw
import spark_helpers as sh
from lake_helpers import DAY, land
from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.base.schema import COUNT, NUMBER, PUBLISHED, RECEIPT, TEXT, TRADE, Column, Table, Tables
from tidewaiter.base.schema_reconcile import CONCORDANCE, LAG, SIZE, SPLIT, TRUST
from tidewaiter.lake.lake import Lake
from tidewaiter.law import rulebook
from tidewaiter.law.screen import screen
from tidewaiter.statistics import (
    concordance,
    lag,
    margin,
    mirror,
    reconcile,
    restate,
    settle,
    signals,
    size,
    split,
    trust,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.schema import Frame

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings(sh.PANDAS),
]

EDITIONS = ("HS2012", "HS2017")
_PAIRS = [("000001", "000011"), ("000001", "000012"), ("000002", "000012"), ("000002", "000013")]
LINKS = [concordance.Link(*EDITIONS, *pair, "n:n", is_main=False) for pair in _PAIRS]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sh.need_spark()
    with sh.session("local", {**sh.QUICK, "spark.master": "local[2]"}) as opened:
        yield opened


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    opened = sh.fill(tmp_path_factory.mktemp("lake"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def sides(spark: Any, lake: Lake) -> tuple[sh.Side, sh.Side]:
    return sh.Side(rw.known.DuckEngine(lake.connection), lake.tables()), sh.Side(spark, spark.tables(lake))


@pytest.fixture(scope="module")
def stages(sides: tuple[sh.Side, sh.Side], lake: Lake) -> tuple[dict[str, Frame], dict[str, Frame]]:
    given = sh.given(lake)
    products = [row[0] for row in lake.connection.execute("SELECT DISTINCT product FROM trade ORDER BY 1").fetchall()]
    first, second = (reconciliation(side, given) | restating(side, products) for side in sides)
    assert first.keys() == second.keys()
    return first, second


def reconciliation(side: sh.Side, given: settle.Assumptions) -> dict[str, Frame]:
    """Walk the stages one by one, each on what this engine made of those before."""
    engine, sections, made = side.engine, side.sections, {}

    def keep(name: str, frame: Frame) -> Frame:
        made[name] = engine.keep(name.replace(".", "_"), frame)
        return made[name]

    words = keep("mirror.declared", mirror.declared(side.tables.trade))
    pairs = keep("mirror.pair", mirror.pair(words, sections))
    names = ("exporter", "importer", "months", "same", "next", "ahead", "late", "slack")
    made["lag.pair_months"] = lag.pair_months(pairs).select(*names)
    sums = sorted(engine.rows(made["lag.pair_months"]))
    lags = engine.table(LAG, lag.fit(lag.PairMonths(*row) for row in sums))
    due = keep("lag.due", lag.due(pairs, lags))
    made["margin.section_medians"] = margin.section_medians(due).select("section", "median", "cells")
    common = margin.section_levels(engine.rows(made["margin.section_medians"]), given.cif_margin)
    levels = engine.table(settle._LEVEL, sorted(common.items()))
    names = ("exporter", "importer", "cells", "total", "squares")
    made["margin.pair_gaps"] = margin.pair_gaps(due, levels).select(*names)
    gaps = [margin.PairGap(*row) for row in sorted(engine.rows(made["margin.pair_gaps"]))]
    fitted = margin.fit(gaps, given.distance_km, given.bordering)
    margins = keep("margin.margins", margin.margins(engine.table(settle._PAIR, map(astuple, fitted)), levels, sections))
    annual = keep("mirror.at_fob", mirror.at_fob(pairs, margins))
    mirrored = keep("lag.without_lag", lag.without_lag(annual, lags))
    even = engine.table(TRUST, even_trust(engine, sections))
    for measure in trust.MEASURES:
        made[f"trust.pair_squares, {measure}, first"] = trust.pair_squares(mirrored, measure)
        made[f"trust.pair_squares, {measure}, later"] = trust.pair_squares(mirrored, measure, even)
        made[f"trust.section_sums, {measure}"] = trust.section_sums(mirrored, measure, even)
    sums_of = [made[f"trust.section_sums, {measure}"] for measure in trust.MEASURES]
    trusted = keep("trust.by_section", trust.by_section(even, even, *sums_of))
    with_both = trust.with_variances(mirrored, trusted)
    for measure in trust.MEASURES:
        sides_of = {role: nw.col(f"{role}_{measure}_variance") for role in ("exporter", "importer")}
        judged = with_both.with_columns(**{f"{role}_variance": column for role, column in sides_of.items()})
        made[f"size.counts, {measure}"] = size.counts(judged, measure).select("band", "apart", "cells")
    sizes = engine.table(SIZE, uneven_sizes())
    made["trust.pair_squares, value, by size"] = trust.pair_squares(mirrored, "value", even, sizes)
    made["reconcile, by size"] = reconcile.reconcile(mirrored, trusted, given.never_report, sizes)
    made["reconcile, months"] = reconcile.reconcile(mirrored, trusted, given.never_report)
    made["reconcile, no lag"] = reconcile.reconcile(annual, trusted, given.never_report)
    said = Table("confusion", (Column("said", TEXT, ""), Column("meant", TEXT, ""), Column("prior", NUMBER, "")), ())
    exports = signals.unmatched(mirrored, trusted, side="export")
    made["signals.unmatched"] = exports
    made["signals.hub_rates"] = signals.hub_rates(mirrored, exports)
    made["signals.hub_bookings"] = signals.hub_bookings(mirrored, trusted)
    confused = engine.table(said, [("PRK", "KOR", 0.2)])
    made["signals.mistaken_partners"] = signals.mistaken_partners(mirrored, trusted, confused)
    return made


def even_trust(engine: Any, sections: Frame) -> list[tuple[str, str, str, float, float, int]]:
    every = sorted({name for (name,) in engine.rows(sections.select("section").unique())})
    return [(area, role, name, 0.03, 0.02, 9) for area in AREAS for role in ("exporter", "importer") for name in every]


def uneven_sizes() -> list[tuple[float, ...]]:
    """Write a size table in which every band differs."""
    bands = range(size.SMALLEST, size.LARGEST + 1)
    return [(band, 9 / band, 2 + band, 2.3, 2.1, 8 / band, 3 + band, 2.2, 2.0, 10) for band in bands]


AREAS = tuple(sorted({"KOR", "PRK", *(f"AA{chr(65 + n)}" for n in range(26))}))


def restating(side: sh.Side, products: list[str]) -> dict[str, Frame]:
    """Cut half of the world's products at odd shares, and learn shares from reporters that changed edition."""
    engine, made = side.engine, {}
    rows = []
    for old, other in zip(products[::2], products[1::2], strict=False):
        for new, share, below, upto in (
            (old, "0.33333333", "0", "0.33333333"),
            (other, "0.66666667", "0.33333333", "1"),
        ):
            rows.append(("HS2017", "HS2022", old, new, share, below, upto, "learned", 9))
    table = engine.table(SPLIT, rows)
    made["restate.newest_edition"] = restate.newest_edition(side.tables.trade)
    made["restate.restate"] = restate.restate(side.tables.trade, table, "HS2022")
    made["restate.unrestated"] = restate.unrestated(side.tables.trade, table, "HS2022")
    three = Table("group", tuple(Column(name, TEXT, "") for name in ("hs", "code", "group")), ())
    two = Table("shared", tuple(Column(name, TEXT, "") for name in ("code", "other")), ())
    changed = rw.trade(engine, changed_edition())
    observed = restate.observe(changed, engine.table(three, split.groups(LINKS)), *EDITIONS)
    made["restate.observe, before"], made["restate.observe, after"] = observed
    links = engine.table(CONCORDANCE, [astuple(link) for link in LINKS])
    found = restate.moments(*observed, links, engine.table(two, split.shared_targets(LINKS)))
    names = ("within", "across", "seen")
    return made | {f"restate.moments, {name}": frame for name, frame in zip(names, found, strict=True)}


def changed_edition() -> list[dict[str, Any]]:
    """Write the trade of twelve reporters in the year before and after they changed edition."""
    chance, lines = random.Random(3), []
    for number in range(12):
        for hs, period, codes in (("HS2012", "2017", ("000001", "000002")), ("HS2017", "2018", ("000011", "000013"))):
            for code in codes:
                line = {"reporter": f"R{number:02d}", "partner": "WLD", "flow": "export", "hs": hs, "period": period}
                lines.append({**line, "product": code, "value": Decimal(chance.randrange(10**9)) / 1000})
    return lines


STAGES = (
    "mirror.declared",
    "mirror.pair",
    "lag.pair_months",
    "lag.due",
    "margin.section_medians",
    "margin.pair_gaps",
    "margin.margins",
    "mirror.at_fob",
    "lag.without_lag",
    "trust.pair_squares, value, first",
    "trust.pair_squares, value, later",
    "trust.section_sums, value",
    "trust.pair_squares, weight, first",
    "trust.pair_squares, weight, later",
    "trust.section_sums, weight",
    "trust.by_section",
    "size.counts, value",
    "size.counts, weight",
    "trust.pair_squares, value, by size",
    "reconcile, by size",
    "reconcile, months",
    "reconcile, no lag",
    "signals.unmatched",
    "signals.hub_rates",
    "signals.hub_bookings",
    "signals.mistaken_partners",
    "restate.newest_edition",
    "restate.restate",
    "restate.unrestated",
    "restate.observe, before",
    "restate.observe, after",
    "restate.moments, within",
    "restate.moments, across",
    "restate.moments, seen",
)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_the_same_rows_and_decimals_on_both_engines(stages: Any, sides: Any, stage: str) -> None:
    duck, spark = (made[stage] for made in stages)
    columns = duck.collect_schema().names()
    assert spark.collect_schema().names() == columns
    sh.same(sides[0].engine.rows(duck), sides[1].engine.rows(spark))


def test_every_stage_there_is_was_compared(stages: Any) -> None:
    assert set(STAGES) == stages[0].keys()


def test_the_same_rows_are_visible_on_every_day(sides: Any, spark: Any, lake: Lake) -> None:
    for day in (None, date(2024, 1, 15), date(2024, 2, 1)):
        sh.same(lake.tables(day).trade.to_native().fetchall(), spark.rows(spark.tables(lake, day).trade))
    assert spark.rows(spark.tables(lake, date(2023, 12, 31)).trade) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_rows_are_visible_after_random_landings(spark: Any, tmp_path: Any, seed: int) -> None:
    chance = random.Random(seed)
    lake = Lake.open(str(tmp_path / "a [lake] {with} odd*name"), threads=1)
    choices = (["RUS", "CHN"], ["export", "import"], ["PRK", "KOR"], ["TOTAL", "27", "2709", "270900", "271012"])
    for number in range(6):
        lines = {(*map(chance.choice, choices), chance.choice(["2018-12", "2019-01", "2019"])) for _ in range(6)}
        vintage = DAY + timedelta(chance.randrange(3))
        rows = [(*line, number) for line in sorted(lines)]
        land(lake, tmp_path, rows, vintage=vintage, complete=chance.random() < 0.4, raw=bytes([number]))
    for day in (None, DAY, DAY + timedelta(1)):
        here, there = lake.tables(day), spark.tables(lake, day)
        for name in ("trade", "published", "receipt"):
            mine, theirs = (getattr(tables, name) for tables in (here, there))
            assert sorted(mine.to_native().fetchall(), key=repr) == sorted(spark.rows(theirs), key=repr)
    lake.close()


def test_an_empty_lake_reads_as_empty(spark: Any, tmp_path: Any) -> None:
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    trade = spark.tables(lake).trade
    assert tuple(trade.collect_schema().names()) == TRADE.names
    assert spark.rows(trade) == []
    lake.close()


def test_rows_handed_in_come_back_as_they_were(spark: Any) -> None:
    table = Table("odd", (Column("word", TEXT, ""), Column("number", NUMBER, ""), Column("count", COUNT, "")), ())
    rows = [("it's \"quoted\" \\ 'twice' \u00e9\n", 0.1 + 0.2, 2**62), (None, 1e-300, None), ("", -0.0, 0)]
    assert sorted(spark.rows(spark.table(table, rows)), key=repr) == sorted(rows, key=repr)


def test_screening_against_the_law_gives_the_same_rows(sides: Any) -> None:
    book = rulebook.load()
    found = [screen(side.tables.trade, book, targets=["PRK"]) for side in sides]
    assert found[0].collect_schema().names() == found[1].collect_schema().names()
    sh.same(*(side.engine.rows(frame) for side, frame in zip(sides, found, strict=True)))


def test_a_question_has_the_same_answer(spark: Any, tables: Tables) -> None:
    there = Tables(
        *(
            spark.table(shape, frame.select(*shape.names).to_native().fetchall())
            for shape, frame in ((TRADE, tables.trade), (PUBLISHED, tables.published), (RECEIPT, tables.receipt))
        )
    )
    query = Query("value", ("RUS",), ("PRK",), Period.parse("2019"), ("27",))
    answers = [ask(query, each) for each in (tables, there)]
    mine, theirs = ((each.value, each.notes, each.evidence, each.receipts) for each in answers)
    assert mine == theirs
