"""Deadlines of the law, and what was counted around them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tidewaiter.base.errors import RuleError, TidewaiterError
from tidewaiter.law import duties, rulebook
from tidewaiter.law.duties import Counts, load_counts, read_counts

HEAD = "start,end,area,series,purpose,persons,how,url,note\n"


@pytest.fixture(scope="module")
def workers() -> Counts:
    (counts,) = load_counts()
    return counts


def test_workers_had_to_be_home_two_years_after_the_resolution() -> None:
    regime = rulebook.find_regime(rulebook.load(), "un/dprk")
    due = {each.duty.due: each for each in duties.deadlines(regime) if each.measure.id == "2397-8-workers"}
    assert set(due) == {date(2019, 3, 22), date(2019, 12, 22), date(2020, 3, 22)}
    assert due[date(2019, 12, 22)].days_left(date(2019, 12, 16)) == 6
    assert due[date(2019, 12, 22)].days_left(date(2020, 1, 1)) == -10


def test_quarters_of_work_permits_add_up_to_the_year(workers: Counts) -> None:
    counts = workers.of("RUS", "work_permits", "work")
    quarters = [each for each in counts if each.span.length == 3 and each.span.start[:4] == "2019"]
    (year,) = [each for each in counts if str(each.span) == "2019"]
    assert [each.persons for each in quarters] == [1805, 1682, 1255, 2723]
    assert sum(each.persons or 0 for each in quarters) == year.persons == 7465


def test_tourist_registrations_rose_eightfold_before_the_deadline(workers: Counts) -> None:
    counts = {str(each.span): each for each in workers.of("RUS", "registrations", "tourism")}
    # 16,613 / 2,035 - 1 = 7.1636...
    assert duties.change(counts["2018"], counts["2019"]).quantize(Decimal("0.001")) == Decimal("7.164")


def test_a_withheld_count_is_not_zero(workers: Counts) -> None:
    (withheld,) = workers.of("RUS", "registrations", "work")
    assert (withheld.persons, withheld.how) == (None, "withheld")


def test_unlike_spans_are_not_compared(workers: Counts) -> None:
    counts = {str(each.span): each for each in workers.of("RUS", "registrations", "tourism")}
    with pytest.raises(TidewaiterError, match="not like for like"):
        duties.change(counts["2018"], counts["2019-01/2019-09"])


def test_counts_are_about_measures_that_exist(workers: Counts) -> None:
    regime = rulebook.find_regime(rulebook.load(), workers.regime)
    assert set(workers.measures) <= {measure.id for measure in regime.measures}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2019-01,2019-03,RUS,permits,work,5,printed,http://a,", "'permits' is not on the card"),
        ("2019-01,2019-03,RUS,work_permits,work,-5,printed,http://a,", "no number of persons"),
        ("2019-01,2019-13,RUS,work_permits,work,5,printed,http://a,", "not understood"),
        ("2019-01,2019-03,RUS,work_permits,work,5,printed,,", "without its page"),
        ("2019-01,2019-03,RUS,work_permits,work,5", "not 9 cells"),
    ],
)
def test_a_doubtful_count_is_refused_with_its_line(row: str, reason: str) -> None:
    with pytest.raises(RuleError, match=rf"counts\.csv:2: .*{reason}"):
        read_counts(f"{HEAD}{row}\n", "counts.csv", ["work_permits"])
