"""How probably a declaration about North Korea means the South, and why."""

from __future__ import annotations

import csv
import io
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import recon_world as rw
from lake_helpers import land
from tidewaiter import pipeline
from tidewaiter.base.errors import RuleError
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.cli import app
from tidewaiter.lake.lake import Lake
from tidewaiter.law import rulebook
from tidewaiter.law.engine import lazy, rows_of
from tidewaiter.statistics import namesakes

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))
(PAIR,) = namesakes.confusions()
PRIOR_ODDS = 0.22 / 0.78


def say(reporter: str, partner: str, period: str, value: Any, **more: Any) -> dict[str, Any]:
    flow = "export" if reporter == "KOR" else "import"
    return {"reporter": reporter, "partner": partner, "flow": flow, "value": value, "period": period, **more}


def weighed(lines: list[dict[str, Any]], later: list[dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Weigh declarations written by hand; return each line about the North by its period."""
    newer = None if later is None else rw.trade(ENGINE, later)
    found = rows_of(namesakes.suspicion(rw.trade(ENGINE, lines), [PAIR], newer))
    return {row["period"]: row for row in found}


def held(row: dict[str, Any]) -> set[str]:
    return {name for name in namesakes.REASONS if row[name]}


def test_where_nothing_is_known_there_is_no_probability_and_the_reasons_say_why() -> None:
    row = weighed([say("BRA", "PRK", "2019-05", 1000)])["2019-05"]
    assert row["mixup_probability"] is None
    assert row["mixup_reasons"] == (
        "the lake holds no declaration of the reporter about KOR; the lake holds no declaration of KOR about the reporter"
    )


def test_goods_that_the_south_misses_and_the_reporter_books_north_are_probably_a_slip() -> None:
    row = weighed([say("BRA", "PRK", "2019-05", 1000), say("KOR", "BRA", "2019-04", 900)])["2019-05"]
    assert held(row) == {"like_amount"}
    odds = PRIOR_ODDS * 6
    assert row["mixup_probability"] == pytest.approx(odds / (1 + odds), abs=0.005)
    assert "KOR declares the same goods of a like amount" in row["mixup_reasons"]
    assert row["mixup_reasons"].endswith("; the lake holds no declaration of the reporter about KOR")


def test_goods_that_leave_after_they_arrive_or_long_before_are_no_counterpart() -> None:
    for month in ("2019-06", "2019-02"):
        row = weighed([say("BRA", "PRK", "2019-05", 1000), say("KOR", "BRA", month, 900)])["2019-05"]
        assert held(row) == set()


def test_an_amount_that_the_reporter_declares_about_the_south_itself_is_answered() -> None:
    lines = [say("BRA", "PRK", "2019-05", 1000), say("KOR", "BRA", "2019-05", 900), say("BRA", "KOR", "2019-05", 950)]
    assert held(weighed(lines)["2019-05"]) == {"same_goods"}


def test_a_first_line_after_years_of_trade_with_the_south_that_fills_its_gap_is_told_as_both() -> None:
    lines = [say("BRA", "KOR", period, 1000) for period in ("2017-05", "2019-04", "2019-06")]
    row = weighed([*lines, say("BRA", "PRK", "2019-05", 900)])["2019-05"]
    assert held(row) == {"same_goods", "jump", "fall"}
    odds = PRIOR_ODDS * 1.5 * 2 * 2
    assert row["mixup_probability"] == pytest.approx(odds / (1 + odds), abs=0.005)


def test_a_like_price_is_told_and_a_missing_weight_is_no_price() -> None:
    south = say("BRA", "KOR", "2019-02", 5000, weight_kg="1000")
    like, unlike = (
        say("BRA", "PRK", month, 1050, weight_kg=kg) for month, kg in (("2019-05", "200"), ("2019-06", "90"))
    )
    found = weighed([south, like, unlike, say("BRA", "PRK", "2019-07", 1050)])
    assert {period: bool(row["like_price"]) for period, row in found.items()} == {
        "2019-05": True,  # 5.25 a kg against 5.00
        "2019-06": False,  # 11.67
        "2019-07": False,
    }


def test_a_trade_of_many_years_is_suspected_less() -> None:
    lines = [say("BRA", "PRK", f"{year}-05", 1000) for year in range(2015, 2020)]
    found = weighed([*lines, say("BRA", "KOR", "2019-01", 7)])
    assert [bool(found[f"{year}-05"]["habit"]) for year in range(2015, 2020)] == [False, False, False, True, True]
    assert found["2019-05"]["mixup_probability"] < found["2015-05"]["mixup_probability"]


@pytest.mark.parametrize(
    "replacement",
    [say("BRA", "CHN", "2019-05", 1), say("BRA", "KOR", "2019-05", 1000)],
    ids=["gone", "moved"],
)
def test_a_line_that_a_newer_landing_takes_back_is_very_probably_a_slip(replacement: dict[str, Any]) -> None:
    line = say("BRA", "PRK", "2019-05", 1000)
    row = weighed([line], [replacement | {"vintage": "2024-06-01"}])["2019-05"]
    assert held(row) == {"withdrawn"}
    assert row["mixup_probability"] > 0.8
    assert weighed([line], [line | {"vintage": "2024-06-01"}])["2019-05"]["withdrawn"] == 0


def test_each_reason_but_the_one_against_raises_the_probability_in_every_company() -> None:
    sets = [set(some) for size in range(len(namesakes.REASONS) + 1) for some in combinations(namesakes.REASONS, size)]
    flags = [{name: int(name in some) for name in namesakes.REASONS} for some in sets]
    table = pl.DataFrame(flags).with_columns(knows_own=pl.lit(value=True), knows_mirror=pl.lit(value=True))
    rows = rows_of(namesakes.weigh(lazy(table), PAIR))
    told = {frozenset(some): row["odds"] for some, row in zip(sets, rows, strict=True)}
    assert len(told) == 2 ** len(namesakes.REASONS)
    for some, odds in told.items():
        for more in set(namesakes.REASONS) - some:
            assert (told[some | {more}] > odds) is (more != namesakes.AGAINST)


MONTHS = st.integers(1, 9).map(lambda month: f"2019-{month:02d}")


@given(
    lines=st.dictionaries(MONTHS, st.integers(1, 5000), min_size=1, max_size=4),
    south=st.dictionaries(MONTHS, st.integers(1, 5000), min_size=1, max_size=4),
    new=MONTHS,
)
@settings(max_examples=12, deadline=None)
def test_one_more_declaration_of_the_souths_never_lowers_a_probability(
    lines: dict[str, int], south: dict[str, int], new: str
) -> None:
    north = [say("BRA", "PRK", month, value) for month, value in lines.items()]
    less = {month: value for month, value in south.items() if month != new}
    before = weighed([*north, *(say("KOR", "BRA", month, value) for month, value in less.items())])
    more = less | {new: south.get(new, 700)}
    after = weighed([*north, *(say("KOR", "BRA", month, value) for month, value in more.items())])
    for period, row in before.items():
        assert after[period]["mixup_probability"] >= (row["mixup_probability"] or 0)


@pytest.mark.parametrize(("world", "precision", "recall"), [(rw.YEAR, 0.95, 0.75), (rw.MONTHS, 0.6, 0.65)])
def test_planted_mixups_score_higher_than_true_trade(world: Any, precision: float, recall: float) -> None:
    engine = rw.known.DuckEngine(rw.known.connect("1GB", 1))
    rw.known.build(engine.connection, world)
    score = engine.keep("score", namesakes.suspicion(engine.frame("trade"), [PAIR]))
    engine.connection.execute(f"CREATE TEMP VIEW score AS {score.to_native().sql_query()}")
    slips, others, found, right, planted = engine.connection.execute("""
        WITH truth AS (
            SELECT DISTINCT product, importer AS reporter, 'import' AS flow FROM mixed JOIN cell USING (id)
                WHERE cell.exporter = 'KOR'
            UNION SELECT DISTINCT product, exporter, 'export' FROM mixed JOIN cell USING (id) WHERE cell.importer = 'KOR'),
        judged AS (
            SELECT s.*, t.product IS NOT NULL AS is_slip FROM score s LEFT JOIN truth t USING (product, reporter, flow))
        SELECT avg(mixup_probability) FILTER (is_slip), avg(mixup_probability) FILTER (NOT is_slip),
            count(*) FILTER (mixup_probability >= 0.5), count(*) FILTER (mixup_probability >= 0.5 AND is_slip),
            count(*) FILTER (is_slip) FROM judged""").fetchall()[0]
    assert planted > 100
    assert slips > others + 0.25
    assert right / found >= precision
    assert right / planted >= recall


LINES = [
    ("BRA", "import", "PRK", "030367", "2019-05", 1000),
    ("BRA", "import", "KOR", "030367", "2018-05", 900),
    ("KOR", "export", "BRA", "030367", "2019-04", 950),
    ("CHN", "import", "PRK", "030367", "2019-05", 500),
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    opened = Lake.open(str(tmp_path / "lake"))
    land(opened, tmp_path, LINES)
    return opened


def screened(lake: Lake, as_of: date | None = None) -> dict[str, dict[str, Any]]:
    found = pipeline.screen(targets=["PRK"], rulebook=rulebook.load(), regimes=["un/dprk"], lake=lake, as_of=as_of)
    return {row["reporter"]: row for row in rows_of(found)}


def test_screening_shows_the_probability_and_changes_nothing_else(lake: Lake) -> None:
    found = screened(lake)
    assert set(found) == {"BRA", "CHN"}
    assert found["BRA"]["mixup_probability"] > 0.8
    assert found["CHN"]["mixup_probability"] is None
    assert found["BRA"]["status"] == found["CHN"]["status"] == "banned"
    assert found["BRA"]["covered_low_usd"] == 1000


def test_what_a_later_landing_moved_south_is_known_of_the_state_before_it(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, [("BRA", "import", "KOR", "030367", "2019-05", 1000)], vintage=date(2021, 1, 1))
    assert "a later landing" in screened(lake, date(2020, 6, 1))["BRA"]["mixup_reasons"]


def test_the_command_marks_the_table_and_writes_the_reasons(lake: Lake) -> None:
    def run(*words: str) -> str:
        options = ["screen", "--target", "PRK", "--home", lake.home, *words]
        return CliRunner().invoke(app, options, env={"COLUMNS": "100"}).output

    table = " ".join(run().split())
    assert "1 (1?)" in table
    assert "Nothing is left out for it." in table
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv"))))
    assert {(row["reporter"], row["mixup_probability"]) for row in rows} == {("BRA", "0.84"), ("CHN", "")}
    assert all(row["mixup_reasons"] for row in rows)


def test_a_pair_that_leaves_a_reason_out_is_refused() -> None:
    text = """confusions:
  - {said: "PRK", meant: "KOR", prior: 0.2, stranger_odds: 2, basket_odds: 2, reason: "r", source: "s", evidence: {}}
"""
    with pytest.raises(RuleError, match=r"mine\.yml:2: confusions\.0.*evidence has to weigh withdrawn"):
        parse_rules(text, "mine.yml", namesakes.ConfusionsWritten)
