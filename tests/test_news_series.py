"""Streaks, records and orders: refuted only by what is held whole, and by more than sources differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from story_claims import claim, flow, story, written
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge.check import check
from tidewaiter.news.model import Goods
from world import Rows

OWN = {"exporter": "PRK", "importer": "CHN", "perspective": "CHN"}


@pytest.fixture
def finding(connection):
    def found(one, rows):
        frames = rows.tables(connection)
        return check(story(one), lambda query: ask(query, frames)).findings[0]

    return found


def months(values, first="2018-01"):
    """Declare China's imports month by month."""
    rows = Rows()
    year, month = map(int, first.split("-"))
    for place, value in enumerate(values):
        at = year * 12 + month - 1 + place
        rows.declare("CHN", "import", "PRK", f"{at // 12}-{at % 12 + 1:02d}", str(value))
    return rows


def years(values, first=2014):
    rows = Rows()
    for place, value in enumerate(values):
        rows.declare("CHN", "import", "PRK", str(first + place), str(value))
    return rows


def streak(run, direction="down", period="2019-12", unit="month"):
    return claim("trend", period=period, run=run, run_unit=unit, direction=direction, **OWN)


def record(period="2019", direction="up", since=None):
    return claim("record", period=period, direction=direction, since=since, rank=1, **OWN)


def test_a_streak_holds_against_the_year_before_or_the_step_before(finding):
    falling_on_year = [100 + 10 * place for place in range(12)] + [90 + 10 * place for place in range(12)]
    assert finding(streak(3), months(falling_on_year)).data.verdict == "supported"
    falling_on_month = [100] * 20 + [90, 80, 70, 60]
    assert finding(streak(3), months(falling_on_month)).data.verdict == "supported"


def test_a_streak_that_neither_way_of_counting_gives_is_refuted(finding):
    one = finding(streak(3), months([100] * 12 + [120] * 9 + [130, 140, 150]))
    assert (one.data.verdict, one.severity) == ("contradicted", "qualitative")
    assert "streak_broken" in one.flags


def test_a_streak_is_not_refuted_by_less_than_sources_differ(finding):
    one = finding(streak(3), months([100] * 12 + [101] * 9 + [102, 103, 104]))
    assert one.data.verdict == "ambiguous"


def test_a_streak_with_a_month_missing_is_not_judged(finding):
    rising = months([100] * 12 + [120] * 9 + [130, 140, 150], first="2018-02")
    one = finding(streak(3, period="2019-11"), rising)
    assert one.data.verdict == "contradicted"
    one = finding(streak(13, period="2019-11"), rising)
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_comparable_series")


def test_a_record_since_a_year_holds_where_every_year_between_is_held(finding):
    rows = years([92, 60, 50, 40, 45, 70])
    assert finding(record(since="since 2014"), rows).data.verdict == "supported"
    assert finding(record(since="since 2012"), rows).data.verdict == "contradicted"
    early = years([50, 40, 45, 70], first=2016)
    one = finding(record(since="since 2012"), early)
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_comparable_series")


def test_an_all_time_record_is_refuted_by_one_higher_year_and_never_borne_out(finding):
    one = finding(record(), years([92, 60, 50, 40, 45, 70]))
    assert one.data.verdict == "contradicted"
    assert "superlative_false" in one.flags
    assert "2014 was higher" in one.explanation.text
    assert finding(record(), years([60, 60, 50, 40, 45, 70])).data.verdict == "unverifiable"
    assert finding(record(), years([72, 60, 50, 40, 45, 70])).data.verdict == "ambiguous"


def test_a_low_is_looked_for_below(finding):
    assert finding(record(direction="down", since="since 2015"), years([10, 30, 40, 20])).data.verdict != "contradicted"
    low = record(period="2017", direction="down", since="since 2014")
    assert finding(low, years([10, 30, 40, 20])).data.verdict == "supported"
    assert finding(low, years([10, 5, 40, 20])).data.verdict == "contradicted"


def test_a_sum_of_lines_that_may_not_be_all_accuses_nobody(connection):
    frames = years([92, 60, 50, 40, 45, 70]).tables(connection)

    def partly(query):
        answer = ask(query, frames)
        return answer if isinstance(answer, Refusal) else replace(answer, at_least=True)

    for one in (flow("$700", period="2019", **OWN), record(), replace(record(), since="since 2014")):
        assert check(story(one), partly).findings[0].mark in {"unchecked", "caution"}


def test_goods_not_listed_may_be_of_any_kind_and_so_accuse_nobody(finding):
    def rows(whole):
        made = Rows().declare("CHN", "import", "PRK", "2019", str(whole))
        made.declare("CHN", "import", "PRK", "2019", "30", "27")
        return made.declare("CHN", "import", "PRK", "2019", "50", "62")

    order = claim("composition", period="2019", items=(Goods("fuel", ("27",)), Goods("clothes", ("62",))), **OWN)
    assert finding(order, rows(80)).data.verdict == "contradicted"
    assert finding(order, rows(200)).data.verdict == "ambiguous"


def pair(yuan, dollars, **more):
    return flow(replace(written(f"{yuan} million yuan", "CNY"), restated=(written(f"${dollars} million"),)), **more)


def test_a_pair_of_currencies_out_of_line_with_the_storys_others_is_flagged_and_not_called_wrong(finding):
    right = [pair(64, 10), pair(128.4, 20), pair(320, 50)]
    report = check(story(*right, pair(700, 50)), lambda query: Refusal(query, "no_data", "nothing"))
    assert ["currency_ratio_differs" in one.flags for one in report.findings] == [False, False, False, True]
    assert not report.needs_a_look
    other_year = check(story(*right, pair(700, 50, period="2005")), lambda query: Refusal(query, "no_data", "nothing"))
    assert not any(one.flags for one in other_year.findings)
