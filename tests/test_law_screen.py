"""Screening: what a user may rely on when trade is set beside the law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.base.errors import QueryError, RuleError
from tidewaiter.base.period import Period
from tidewaiter.base.schema_exposure import EXPOSURE, RULE
from tidewaiter.law import rulebook
from tidewaiter.law.compile import compile_rules, day_number
from tidewaiter.law.engine import rows_of
from tidewaiter.law.regime import Rulebook as Regimes
from tidewaiter.law.review import read_register
from tidewaiter.law.screen import screen
from tidewaiter.law.status import status as judge
from tidewaiter.law.table import rows as measure_rows

if TYPE_CHECKING:
    from tidewaiter.law.regime import Rulebook


@lru_cache(maxsize=1)
def shipped() -> Rulebook:
    return rulebook.load()


@lru_cache(maxsize=1)
def only_dprk() -> Rulebook:
    return Regimes((rulebook.find_regime(shipped(), "un/dprk"),))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return shipped()


def flow(
    exporter: str, importer: str, product: str, period: str, usd: int | None = 1000, **more: Any
) -> dict[str, Any]:
    return {
        "reporter": importer,
        "partner": exporter,
        "flow": "import",
        "exporter": exporter,
        "importer": importer,
        "product": product,
        "hs": "HS2017",
        "period": period,
        "value_usd": usd,
        **more,
    }


def rule(**changes: Any) -> dict[str, Any]:
    """One row of the measure table: a ban on heading 0303 from PRK since 5 August 2017, 30 days of wind-down."""
    row = {
        "regime": "test/one",
        "measure": "fish",
        "kind": "export_ban",
        "direction": "from_target",
        "target": "PRK",
        "party": "",
        "goods": "frozen fish",
        "hs": "HS2017",
        "product": "0303",
        "level": 4,
        "coverage": "exact",
        "assigned_by": "engine",
        "reading": "",
        "adopted": date(2017, 8, 5),
        "start": date(2017, 8, 5),
        "wind_down_end": None,
        "end": None,
        "quota": None,
        "quota_unit": None,
        "quota_or": None,
        "quota_or_unit": None,
        "quota_join": None,
        "quota_period": None,
        "exempt_reach": None,
        "exemptions": None,
        "act": "act one",
        "paragraph": "paragraph 9",
        "verified": True,
        "note": None,
    }
    return {**row, **changes}


def screened(flows: list[dict[str, Any]], law: Any, **options: Any) -> list[dict[str, Any]]:
    frame = pl.DataFrame(flows, schema_overrides={"value_usd": pl.Decimal(18, 3)})
    found = rows_of(screen(frame, law, **options))
    return sorted(found, key=lambda row: (row["period"], row["product"], row["measure"], row["reading"]))


def one(flow_: dict[str, Any], law: Any, **options: Any) -> dict[str, Any]:
    found = screened([flow_], law, **options)
    assert len(found) == 1
    return found[0]


def test_a_flow_is_matched_by_who_exported_whoever_declared_it() -> None:
    mirror = flow("PRK", "CHN", "030367", "2018-03")
    own = {**mirror, "reporter": "PRK", "partner": "CHN", "flow": "export"}
    assert [row["status"] for row in screened([mirror, own], [rule()])] == ["banned", "banned"]


def test_the_other_direction_is_not_matched() -> None:
    assert screened([flow("CHN", "PRK", "030367", "2018-03")], [rule()]) == []


def test_south_korea_is_never_north_korea() -> None:
    assert screened([flow("KOR", "CHN", "030367", "2018-03")], [rule()]) == []


@pytest.mark.parametrize(
    ("period", "status", "force"),
    [
        ("2017-07", None, None),  # the month before
        ("2017-08", "partly_in_force", "partly"),  # the 5th lies inside
        ("2017-09", "banned", "in_force"),
        ("2017", "partly_in_force", "partly"),  # a year that straddles the start
        ("2016", None, None),
        ("2018", "banned", "in_force"),
    ],
)
def test_a_month_or_year_is_in_force_partly_or_not(period: str, status: str | None, force: str | None) -> None:
    found = screened([flow("PRK", "CHN", "030367", period)], [rule()])
    assert [(row["status"], row["force"]) for row in found] == ([] if status is None else [(status, force)])


@pytest.mark.parametrize(
    ("period", "status"),
    [
        ("2017-08", "partly_in_force"),  # permitted until the 4th, wind-down from the 5th
        ("2017-09", "within_grace"),  # 1 to 30 September: all days inside a wind-down to the 30th
        ("2017-10", "banned"),
        ("2017", "partly_in_force"),
    ],
)
def test_in_the_wind_down_nothing_is_decided(period: str, status: str) -> None:
    law = [rule(wind_down_end=date(2017, 9, 30))]
    assert one(flow("PRK", "CHN", "030367", period), law)["status"] == status


def test_a_month_in_which_the_wind_down_ends_is_partly() -> None:
    row = one(flow("PRK", "CHN", "030367", "2017-09"), [rule(wind_down_end=date(2017, 9, 4))])
    assert (row["status"], row["covered_low_usd"], row["covered_high_usd"]) == ("partly_in_force", 0, 1000)


@pytest.mark.parametrize(("end", "february"), [(date(2019, 2, 28), "banned"), (date(2019, 2, 27), "partly_in_force")])
def test_a_measure_that_ends_with_february_covers_all_of_february(end: date, february: str) -> None:
    assert one(flow("PRK", "CHN", "030367", "2019-02"), [rule(end=end)])["status"] == february
    assert screened([flow("PRK", "CHN", "030367", "2019-03")], [rule(end=end)]) == []


def test_a_partial_code_is_an_upper_bound() -> None:
    row = one(flow("PRK", "CHN", "030367", "2018-03"), [rule(coverage="partial")])
    assert (row["coverage"], row["covered_low_usd"], row["covered_high_usd"]) == ("partial", 0, 1000)


def test_an_exact_code_in_force_is_covered_for_certain() -> None:
    row = one(flow("PRK", "CHN", "030367", "2018-03"), [rule()])
    assert (row["coverage"], row["covered_low_usd"], row["covered_high_usd"]) == ("full", 1000, 1000)


def test_a_flow_without_a_value_has_no_bounds_instead_of_zero() -> None:
    row = one(flow("PRK", "CHN", "030367", "2018-03", None), [rule()])
    assert (row["covered_low_usd"], row["covered_high_usd"]) == (None, None)


def test_an_exemption_any_deal_may_claim_leaves_the_flow_in_sight_and_undecided() -> None:
    row = one(flow("PRK", "CHN", "030367", "2018-03"), [rule(exempt_reach="any", exemptions="for livelihood")])
    assert (row["status"], row["covered_low_usd"], row["covered_high_usd"]) == ("exempt_possible", 0, 1000)
    assert row["exemptions"] == "for livelihood"


def test_a_narrow_exemption_is_said_beside_the_status() -> None:
    row = one(flow("PRK", "CHN", "030367", "2018-03"), [rule(exempt_reach="some", exemptions="spare parts")])
    assert (row["status"], row["exemptions"]) == ("banned", "spare parts")


@pytest.mark.parametrize(("product", "status"), [("03", "too_coarse"), ("TOTAL", "too_coarse"), ("0303", "banned")])
def test_a_flow_above_the_laws_level_is_too_coarse_to_tell(product: str, status: str) -> None:
    row = one(flow("PRK", "CHN", product, "2018-03"), [rule()])
    assert (row["status"], row["covered_low_usd"]) == (status, 1000 if status == "banned" else 0)


def test_a_flow_of_all_goods_is_listed_once_per_regime() -> None:
    law = [rule(), rule(measure="coal", product="2701", start=date(2016, 3, 2))]
    assert [row["measure"] for row in screened([flow("PRK", "CHN", "TOTAL", "2018-03")], law)] == [""]


def test_the_chapter_row_beside_its_headings_is_not_added_twice() -> None:
    law = [rule(product="03", level=2)]
    flows = [flow("PRK", "CHN", code, "2018-03") for code in ("03", "0303", "030367", "030617")]
    assert {row["product"]: row["is_part"] for row in screened(flows, law)} == {
        "03": False,
        "0303": True,
        "030367": True,
        "030617": True,
    }


def test_headings_without_a_chapter_row_are_added_but_not_their_subheadings() -> None:
    law = [rule(product="03", level=2)]
    flows = [flow("PRK", "CHN", code, "2018-03") for code in ("0303", "030367", "030617")]
    assert {row["product"]: row["is_part"] for row in screened(flows, law)} == {
        "0303": False,
        "030367": True,
        "030617": False,
    }


def test_every_measure_is_listed_and_the_strictest_marked() -> None:
    law = [rule(), rule(measure="watch", kind="watch", product="03", level=2)]
    rows = screened([flow("PRK", "CHN", "030367", "2018-03")], law)
    assert [(row["measure"], row["status"], row["is_strictest"]) for row in rows] == [
        ("fish", "banned", True),
        ("watch", "watch", False),
    ]


def test_disputed_readings_stand_side_by_side(book: Rulebook) -> None:
    rows = screened([flow("CHN", "PRK", "271112", "2019-03")], book, regimes=["un/dprk"])
    assert {(row["reading"], row["status"]) for row in rows} == {
        ("lpg:gas-liquid", "banned"),
        ("lpg:refined-product", "quota_undecided"),
    }


def test_only_a_bound_party_is_matched() -> None:
    law = [rule(party="CAN")]
    rows = screened([flow("PRK", "CHN", "030367", "2018-03"), flow("PRK", "CAN", "030367", "2018-03")], law)
    assert [row["importer"] for row in rows] == ["CAN"]


def test_parts_of_totals_are_not_counted_beside_them() -> None:
    flows = [flow("CHN", "PRK", "8471", "2019-03", flow=kind) for kind in ("export", "re_export")]
    law = [rule(kind="import_ban", direction="to_target", product="84", level=2)]
    assert [row["flow"] for row in screened(flows, law)] == ["export"]


def test_a_code_of_another_edition_is_compared_as_a_number_and_says_so() -> None:
    # 0303.67 stands in HS2012 and HS2017 alike.
    law = [rule(product="030367", level=6)]
    row = one(flow("PRK", "CHN", "030367", "2018-03", hs="HS2012"), law)
    assert (row["coverage"], row["edition_note"]) == (
        "full",
        "edition not restated: 030367 of HS2017 compared as a number",
    )


def test_a_code_that_the_declarations_edition_lacks_is_partial_and_its_neighbours_undecided() -> None:
    # 2710.12 came with HS2012; in HS2007 the same goods stood under 2710.11.
    law = [rule(kind="import_ban", direction="to_target", product="271012", hs="HS2012", level=6)]
    flows = [flow("CHN", "PRK", code, "2018-03", hs="HS2007") for code in ("271011", "271012", "271019")]
    rows = {row["product"]: (row["status"], row["coverage"]) for row in screened(flows, law)}
    assert rows == {"271011": ("too_coarse", "partial"), "271012": ("banned", "partial")}


def test_a_concordance_leads_the_code_into_the_declarations_edition() -> None:
    law = [rule(kind="import_ban", direction="to_target", product="271012", hs="HS2012", level=6)]
    links = [{"hs_from": "HS2012", "hs_to": "HS2007", "code_from": "271012", "code_to": "271011"}]
    row = one(flow("CHN", "PRK", "271011", "2018-03", hs="HS2007"), law, concordance=links)
    assert (row["status"], row["coverage"]) == ("banned", "full")
    assert row["edition_note"] == "271012 of HS2012 restated to HS2007"


def test_a_code_that_merged_with_others_becomes_partial() -> None:
    law = [rule(kind="import_ban", direction="to_target", product="271012", hs="HS2012", level=6)]
    links = [
        {"hs_from": "HS2012", "hs_to": "HS2007", "code_from": code, "code_to": "271011"}
        for code in ("271012", "271020")
    ]
    row = one(flow("CHN", "PRK", "271011", "2018-03", hs="HS2007"), law, concordance=links)
    assert (row["coverage"], row["covered_low_usd"], row["covered_high_usd"]) == ("partial", 0, 1000)


def test_an_unstated_edition_is_compared_as_a_number() -> None:
    assert one(flow("PRK", "CHN", "030367", "2018-03", hs="HS"), [rule()])["status"] == "banned"


def test_a_flow_in_an_edition_nobody_knows_is_not_lost() -> None:
    assert one(flow("PRK", "CHN", "030367", "2018-03", hs="H5"), [rule()])["status"] == "banned"


def test_dated_quota_values_of_one_measure_do_not_multiply_the_flow() -> None:
    quota = {"kind": "quota", "quota_unit": "t", "quota_period": "span"}
    law = [
        rule(**quota, start=date(2017, 1, 1), end=date(2017, 6, 30), quota=Decimal(5)),
        rule(**quota, start=date(2017, 7, 1), end=date(2017, 12, 31), quota=Decimal(7)),
    ]
    row = one(flow("PRK", "CHN", "030367", "2017"), law)
    assert (row["status"], row["force"]) == ("quota_undecided", "in_force")


def test_a_ledger_decides_whether_a_cap_was_reached() -> None:
    law = [rule(kind="quota", quota=Decimal(5), quota_unit="t", quota_period="calendar_year")]
    states = [{"regime": "test/one", "measure": "fish", "period": "2018-03", "quota_state": "over_quota"}]
    flows = [flow("PRK", "CHN", "030367", month) for month in ("2018-02", "2018-03")]
    assert [row["status"] for row in screened(flows, law, quota_states=states)] == ["quota_undecided", "over_quota"]


REGISTER = """\
suspects:
  - reporter: BRA
    exporter: PRK
    who: a reader
    when: 2024-01-31
    why: South Korea was meant
"""


def test_a_doubted_declaration_stays_in_sight_with_who_when_and_why() -> None:
    flows = [flow("PRK", "BRA", "030367", "2018-03"), flow("PRK", "CHN", "030367", "2018-03")]
    doubted, believed = sorted(
        screened(flows, [rule()], suspects=read_register(REGISTER, "register.yml")), key=lambda row: row["reporter"]
    )
    assert (doubted["status"], doubted["status_before_review"]) == ("suspect_data", "banned")
    assert doubted["review"] == "South Korea was meant (a reader, 2024-01-31)"
    assert (doubted["covered_low_usd"], doubted["covered_high_usd"]) == (0, 1000)
    assert (believed["status"], believed["review"]) == ("banned", None)


def test_a_register_that_would_doubt_everything_is_refused() -> None:
    text = REGISTER.replace("  - reporter: BRA\n    exporter: PRK\n", "  - period: '2018-03'\n")
    with pytest.raises(RuleError, match=r"register\.yml:2: suspects\.0: name a reporter"):
        read_register(text, "register.yml")


def test_a_missing_column_is_named() -> None:
    frame = pl.DataFrame([flow("PRK", "CHN", "030367", "2018-03")]).rename({"importer": "imported_by"})
    with pytest.raises(QueryError, match="no column importer"):
        screen(frame, [rule()])


def test_an_unknown_regime_is_an_error_that_names_the_nearest(book: Rulebook) -> None:
    with pytest.raises(QueryError, match="nearest: un/dprk"):
        screened([flow("PRK", "CHN", "030367", "2018-03")], book, regimes=["un/dprc"])


FLOWS = [
    flow("PRK", "CHN", "030367", "2017-08", 500),
    flow("PRK", "CHN", "030367", "2018-03", 700),
    flow("CHN", "PRK", "271012", "2019-03", 900),
    flow("CHN", "PRK", "847130", "2017", 300),
    flow("RUS", "PRK", "TOTAL", "2019-03", 100),
]


def _told(frame: Any, book: Rulebook) -> list[tuple[Any, ...]]:
    names = ("period", "product", "regime", "measure", "reading", "law_code", "status", "coverage", "covered_low_usd")
    return sorted(
        tuple(int(row[name]) if name == "covered_low_usd" else row[name] for name in names)
        for row in rows_of(screen(frame, book))
    )


def test_pandas_polars_pyarrow_and_duckdb_give_the_same_exposure(connection: duckdb.DuckDBPyConnection) -> None:
    book = only_dprk()
    expected = _told(pl.DataFrame(FLOWS), book)
    assert len(expected) > len(FLOWS)
    arrow = pa.Table.from_pylist(FLOWS)
    relation = connection.from_arrow(arrow)
    for frame in (pl.LazyFrame(FLOWS), pd.DataFrame(FLOWS), arrow, relation, nw.from_native(relation)):
        assert _told(frame, book) == expected


def test_the_columns_are_those_of_the_exposure_table(book: Rulebook) -> None:
    more = {"source": "x", "frequency": "M", "weight_kg": 5, "receipt": "r", "row": 1}
    frame = pl.DataFrame([flow("PRK", "CHN", "030367", "2018-03", **more)])
    assert set(screen(frame, book).collect_schema().names()) == set(EXPOSURE.names)


def test_a_compiled_rule_has_the_columns_of_its_table() -> None:
    assert set(compile_rules([rule()])[0]) == set(RULE.names)


CODES = ["03", "0303", "030367", "2701", "270112", "271019", "271112", "2709", "84", "847130", "7208", "610910", "27"]
MONTHS = st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(2015, 2020), st.integers(1, 12))
PERIODS = st.one_of(MONTHS, st.integers(2014, 2020).map(str))
WAYS = st.sampled_from([("PRK", "CHN"), ("CHN", "PRK"), ("KOR", "CHN")])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CODES), PERIODS, WAYS)
def test_screening_and_the_law_in_words_never_disagree(code: str, period: str, way: tuple[str, str]) -> None:
    book = only_dprk()
    rows = screened([flow(*way, code, period)], book, regimes=["un/dprk"])
    said = judge(code, Period.parse(period), book, exporter=way[0], importer=way[1], hs="HS2017")
    held = {
        (match.measure.id, match.goods.reading or "", match.code, match.status)
        for match in said.matches
        if match.regime.id == "un/dprk"
    }
    assert {
        (row["measure"], row["reading"], row["law_code"], row["status"])
        for row in rows
        if row["status"] != "too_coarse"
    } == held
    assert any(row["status"] == "too_coarse" for row in rows) == bool(said.coarse)


def _exposure(rows: list[dict[str, Any]]) -> tuple[Decimal, Decimal]:
    kept = [row for row in rows if not row["is_part"]]
    return (
        sum((row["covered_low_usd"] for row in kept), Decimal()),
        sum((row["covered_high_usd"] for row in kept), Decimal()),
    )


SOME_FLOWS = st.lists(
    st.builds(
        lambda code, period, usd, way: flow(*way, code, period, usd),
        st.sampled_from(["0303", "030367", "030617", "2701", "847130"]),
        PERIODS,
        st.integers(0, 10_000),
        WAYS,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: (each["exporter"], each["product"], each["period"]),
)


@settings(max_examples=25, deadline=None)
@given(SOME_FLOWS, st.sampled_from(["some", "any"]))
def test_an_exemption_never_raises_exposure(flows: list[dict[str, Any]], reach: str) -> None:
    without = _exposure(screened(flows, [rule()]))
    with_it = _exposure(screened(flows, [rule(exempt_reach=reach, exemptions="words")]))
    assert with_it[0] <= without[0]
    assert with_it[1] <= without[1]


@settings(max_examples=25, deadline=None)
@given(SOME_FLOWS, st.dates(date(2017, 8, 5), date(2021, 1, 1)), st.integers(0, 900))
def test_a_later_end_never_lowers_exposure(flows: list[dict[str, Any]], end: date, days: int) -> None:
    later = date.fromordinal(end.toordinal() + days)
    short, long = (_exposure(screened(flows, [rule(end=each)])) for each in (end, later))
    assert long[0] >= short[0]
    assert long[1] >= short[1]


@settings(max_examples=25, deadline=None)
@given(SOME_FLOWS)
def test_screening_the_parts_equals_screening_the_whole(flows: list[dict[str, Any]]) -> None:
    """Parts are whole declarations: one importer's, one year's. Codes inside one belong together."""
    law = [rule(), rule(measure="m", kind="import_ban", direction="to_target", product="84", level=2)]
    whole = screened(flows, law)
    parts = [
        row
        for year in sorted({each["period"][:4] for each in flows})
        for row in screened([each for each in flows if each["period"].startswith(year)], law)
    ]

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        return row["period"], row["product"], row["measure"], row["exporter"]

    assert sorted(parts, key=key) == sorted(whole, key=key)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_days_keep_their_order_as_numbers(day: date) -> None:
    following = date.fromordinal(day.toordinal() + 1)
    assert day_number(day) <= day_number(day, last=True) < day_number(following)


def test_every_shipped_measure_with_codes_is_compiled(book: Rulebook) -> None:
    measures = {(row["regime"], row["measure"]) for row in measure_rows(book)}
    assert {(row["regime"], row["measure"]) for row in compile_rules(measure_rows(book)) if row["measure"]} == measures


def test_a_reconciled_cell_carries_its_own_interval_into_the_bounds() -> None:
    cell = {
        key: value for key, value in flow("PRK", "CHN", "030367", "2018-03").items() if key not in {"reporter", "flow"}
    }
    cells = [{**cell, "low_usd": 800, "high_usd": 1300}]
    certain, partial = (
        rows_of(screen(pl.DataFrame(cells), [rule(coverage=coverage)]))[0] for coverage in ("exact", "partial")
    )
    assert (certain["covered_low_usd"], certain["covered_high_usd"]) == (800, 1300)
    assert (partial["covered_low_usd"], partial["covered_high_usd"]) == (0, 1300)


def test_a_frame_that_has_the_columns_of_an_exposure_already_is_refused() -> None:
    frame = pl.DataFrame([flow("PRK", "CHN", "030367", "2018-03", status="mine")])
    with pytest.raises(QueryError, match="makes itself: status; rename them"):
        screen(frame, [rule()])


def test_screening_leaves_nothing_behind_in_the_callers_database(connection: duckdb.DuckDBPyConnection) -> None:
    connection.register("flows", pa.Table.from_pylist(FLOWS))
    before = connection.sql("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall()
    assert rows_of(screen(connection.table("flows"), [rule()]))
    assert connection.sql("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall() == before


@pytest.mark.parametrize("period", ["2016", "2017-08", "2018"])
def test_a_flow_too_coarse_stays_so_in_the_year_of_the_change(period: str) -> None:
    """The whole of trade in 2016 or August 2017 says no more of seafood because the law changed in it."""
    flow = {"exporter": ["PRK"], "importer": ["CHN"], "hs": ["HS2017"], "period": [period], "value_usd": [5]}
    whole = rows_of(screen(pl.DataFrame({**flow, "product": ["TOTAL"]}), rulebook.load(), regimes=["un/dprk"]))
    assert {row["status"] for row in whole} == {"too_coarse"}
    first = rows_of(
        screen(pl.DataFrame({**flow, "product": ["TOTAL"], "period": ["2006"]}), rulebook.load(), regimes=["un/dprk"])
    )
    assert {row["status"] for row in first} == {"too_coarse"}  # the regime began on 14 October 2006
