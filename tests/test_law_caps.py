"""The account of a cap: what was notified by when, and what nobody can tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.base.errors import QueryError, RuleError
from tidewaiter.law import caps, ledger, rulebook
from tidewaiter.law.cumulate import Between, Rise, rising, totals
from tidewaiter.law.ledger import find_ledger, ledgers, read_figures

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.law.caps import Account
    from tidewaiter.law.regime import Regime

HEAD = "start,end,states,ledger,said,bbl,t,how,as_of,url,note\n"


@pytest.fixture(scope="module")
def dprk() -> Regime:
    return rulebook.find_regime(rulebook.load(), "un/dprk")


def refined(regime: Regime, year: int, as_of: date | None = None) -> Account:
    (account,) = caps.account(find_ledger("un/dprk", "refined-petroleum"), regime, year, as_of)
    return account


def exactly(amount: int) -> Between:
    return Between(Decimal(amount), Decimal(amount))


def test_months_add_up_to_the_year_that_was_published(dprk: Regime) -> None:
    # China 2021: 4893+92+8050+10725+2829+11745+41973+1666+8730+1206 = 91,909; Russia reported zero each month.
    account = refined(dprk, 2021)
    assert account.lines[-1].total == exactly(91909)
    assert account.lines[-1].share == Between(Decimal("0.183818"), Decimal("0.183818"))
    assert account.use == "within_quota"
    assert not account.contradicted


def test_a_reported_zero_is_zero_and_no_report_is_not(dprk: Regime) -> None:
    january = {each.states: (each.said, each.amount) for each in refined(dprk, 2021).lines[0].said}
    assert january["RUS"] == ("zero", exactly(0))
    assert january["CHN"] == ("no_report", None)


def test_a_total_has_no_upper_bound_once_a_state_stops_reporting(dprk: Regime) -> None:
    account = refined(dprk, 2024)
    assert account.lines[-1].total.high is None
    assert account.use == "quota_undecided"
    # China's 280,928 by November and Russia's 15,279 of January are known at least.
    assert account.lines[-1].total.low == 280928 + 15279
    assert account.crossings[-1].latest is None


def test_tonnes_become_barrels_by_cited_factors_as_a_range(dprk: Regime) -> None:
    # As of the end of 2020 the year 2019 was known in tonnes: China 22,730 (8.327 to 8.334 barrels
    # each), Russia 30,180 (7.97 to 8.25).
    account = refined(dprk, 2019, date(2020, 12, 31))
    low = Decimal(22730) * Decimal("8.327") + Decimal(30180) * Decimal("7.97")
    high = Decimal(22730) * Decimal("8.334") + Decimal(30180) * Decimal("8.25")
    total = account.lines[-1].total
    assert low <= total.low <= total.high <= high  # type: ignore[operator]
    assert all(factor.by and factor.url for factor in account.factors)


def test_late_reports_change_the_past_and_as_of_keeps_it(dprk: Regime) -> None:
    then, now = refined(dprk, 2019, date(2020, 12, 31)), refined(dprk, 2019)
    # Russia's year rose from 30,180 tonnes to 277,365 barrels; with China's 22,730 tonnes at 8.327 at least:
    assert now.lines[-1].total.low >= 277365 + Decimal(22730) * Decimal("8.327")
    assert then.lines[-1].total.high is not None
    assert then.lines[-1].total.high < now.lines[-1].total.low


def test_a_page_without_a_day_is_left_out_of_an_as_of_question_and_counted(dprk: Regime) -> None:
    undated = [
        figure
        for figure in find_ledger("un/dprk", "refined-petroleum").figures
        if figure.as_of is None and figure.span.start[:4] == "2019"
    ]
    assert refined(dprk, 2019, date(2030, 1, 1)).left_out == len(undated) > 0
    assert refined(dprk, 2019).left_out == 0


def test_notices_fall_between_two_months_or_are_not_due(dprk: Regime) -> None:
    shares = {str(crossing.share): (crossing.earliest, crossing.latest) for crossing in refined(dprk, 2019).crossings}
    assert shares["0.9"] == ("2019-12", "2019-12")
    assert shares["0.95"] == (None, None)
    assert shares["1"] == (None, None)


def test_estimates_stand_beside_the_notified_and_are_never_added(dprk: Regime) -> None:
    account = refined(dprk, 2018)
    claims = [figure for figure, _ in account.others if figure.ledger == "estimate"]
    assert [figure.bbl for figure in claims] == [Decimal(759793)]
    # China 19,188 t at 8.334 and Russia's 241,114 barrels are all that was notified.
    high = account.lines[-1].total.high
    assert high is not None
    assert high <= Decimal(19188) * Decimal("8.334") + 241114


def test_the_first_coal_cap_was_passed_in_its_first_month(dprk: Regime) -> None:
    (account,) = caps.account(find_ledger("un/dprk", "coal"), dprk, 2016)
    assert (account.cap, account.use) == (Decimal(1000866), "over_quota")
    assert account.crossings[-1].latest == "2016-12"


def test_a_year_without_a_number_in_the_law_is_an_error(dprk: Regime) -> None:
    with pytest.raises(QueryError, match="has a number for 2015"):
        refined(dprk, 2015)


def test_an_unknown_ledger_names_the_nearest() -> None:
    with pytest.raises(QueryError, match="nearest: un/dprk refined-petroleum"):
        find_ledger("un/dprk", "refined-petrolium")


def test_every_ledger_is_about_measures_that_exist(dprk: Regime) -> None:
    known = {measure.id for measure in dprk.measures}
    for each in ledgers():
        assert set(each.measures) <= known
        assert each.figures


def test_states_for_screening_follow_the_account(dprk: Regime) -> None:
    rows = list(caps.quota_states(dprk, ledgers(), [2021]))
    assert {row["period"] for row in rows if row["measure"] == "2397-5-refined"} >= {"2021", "2021-03", "2021-12"}
    assert {row["quota_state"] for row in rows} == {"within_quota"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2019-01,2019-01,CHN,notified,figure,x,,printed,,http://a,", "cannot be read"),
        ("2019-13,2019-13,CHN,notified,figure,5,,printed,,http://a,", "cannot be read"),
        ("2019-01,2019-01,CHN,notifed,figure,5,,printed,,http://a,", "nearest: notified"),
        ("2019-01,2019-01,CHN,notified,zero,5,,printed,,http://a,", "'zero' does not fit"),
        ("2019-01,2019-01,CHN,notified,figure,,,printed,,http://a,", "'figure' does not fit"),
        ("2019-01,2019-01,CHN,notified,no_report,0,,printed,,http://a,", "'no_report' does not fit"),
        ("2019-01,2019-01,CHN,notified,figure,-5,,printed,,http://a,", "negative"),
        ("2019-01,2019-01,CHN,notified,figure,5,,printed,,,", "without its page"),
        ("2019-01,2019-01,CHN,notified,figure,5,,printed,,http://a,a,b", "not 11 cells"),
    ],
)
def test_a_doubtful_row_is_refused_with_its_line(row: str, reason: str) -> None:
    with pytest.raises(RuleError, match=rf"rows\.csv:3: .*{reason}"):
        read_figures(f"# a comment\n{HEAD}{row}\n", "rows.csv", ["notified"])


def test_a_card_with_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    card = ledger.SHIPPED / "un-dprk-coal.yml"
    written = tmp_path / "coal.yml"
    written.write_text(card.read_text("utf-8").replace("unit: t", "unt: t"), "utf-8")
    with pytest.raises(RuleError, match=r"coal\.yml:\d+: un"):
        ledger.load_ledger(written)


def test_spans_and_months_bound_what_was_never_published() -> None:
    bounds, refused = totals(3, [Rise(0, 3, exactly(100)), Rise(1, 2, exactly(30))])
    assert bounds == [Between(Decimal(0), Decimal(70)), Between(Decimal(30), Decimal(100)), exactly(100)]
    assert refused == []


def test_a_contradicted_figure_widens_the_range_instead_of_vanishing() -> None:
    bounds, refused = totals(1, [Rise(0, 1, exactly(50)), Rise(0, 1, exactly(60))])
    assert bounds == [Between(Decimal(50), Decimal(60))]
    assert [rise.amount for rise in refused] == [exactly(60)]


DELIVERIES = st.lists(st.integers(0, 1000), min_size=1, max_size=8)


@given(DELIVERIES, st.data())
def test_the_truth_lies_within_the_bounds_of_any_true_figures(deliveries: list[int], data: st.DataObject) -> None:
    steps = len(deliveries)
    ends = st.tuples(st.integers(0, steps - 1), st.integers(1, steps)).filter(lambda pair: pair[0] < pair[1])
    rises = [Rise(a, b, exactly(sum(deliveries[a:b]))) for a, b in data.draw(st.lists(ends, max_size=6))]
    bounds, refused = totals(steps, rises)
    assert refused == []
    for step, bound in enumerate(rising(bounds), 1):
        truth = sum(deliveries[:step])
        assert bound.low <= truth
        assert bound.high is None or truth <= bound.high


@given(DELIVERIES)
def test_all_months_known_leave_nothing_open(deliveries: list[int]) -> None:
    bounds, _ = totals(len(deliveries), [Rise(i, i + 1, exactly(each)) for i, each in enumerate(deliveries)])
    assert bounds == [exactly(sum(deliveries[: i + 1])) for i in range(len(deliveries))]
