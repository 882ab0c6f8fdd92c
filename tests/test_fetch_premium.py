"""What may be relied on with a premium key: bulk files, asynchronous answers, what was released lately."""

from __future__ import annotations

from datetime import date

import pytest

from fetch_helpers import KEY, Fault, StandIn, comtrade, fetch, opened, trade
from tidewaiter.base.errors import InputError, NetworkError, QueryError
from tidewaiter.base.settings import settings
from tidewaiter.statistics.fetching import async_run

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch) as server:
        server.world.codes = ("TOTAL", "27", "2709", "270900")
        monkeypatch.setenv("COMTRADE_KEY", KEY)
        yield server


def values(home):
    return {(row[2], row[3], row[4], row[6]): float(row[11]) for row in trade(home)}


def expected(api, reporter, years, partners=("0", "408", "410", "156", "842", "276", "699")):
    names = {"0": "W00", "408": "PRK", "410": "KOR", "156": "CHN", "842": "USA", "276": "DEU", "699": "IND"}
    return {
        (names[partner], flow, code, year): pytest.approx(api.world.value(reporter, partner, letter, code, year))
        for partner in partners
        for flow, letter in (("export", "X"), ("import", "M"))
        for code in api.world.codes
        for year in years
    }


def bulk(home, **asked):
    return fetch(home, partners=[], way="bulk", **asked)


def test_a_bulk_file_lands_everything_its_reporter_declared_as_complete(api, tmp_path):
    plan, outcome = bulk(tmp_path)
    assert (len(plan.todo), len(outcome.landed)) == (2, 2)
    assert values(tmp_path) == expected(api, "643", ("2018", "2019"))
    with opened(tmp_path) as lake:
        receipts = lake.tables().receipt.to_native().filter("source = 'un_comtrade'")
        found = receipts.project("complete, url").order("url").fetchall()
    assert found == [(True, f"{api.url}/bulk/v1/file/643/{year}.gz") for year in (2018, 2019)]


def test_a_bulk_file_that_does_not_say_of_whole_flows_that_they_are_whole_is_landed_all_the_same(api, tmp_path):
    api.limits.bulk_splits = False
    _, outcome = bulk(tmp_path, period="2019")
    assert outcome.refused == []
    assert values(tmp_path) == expected(api, "643", ("2019",))


def test_a_bulk_file_restated_in_another_edition_is_left_where_it_is(api, tmp_path):
    plan, _ = bulk(tmp_path, period="2019")
    assert len(plan.todo) == 1
    assert not [path for path, _ in api.seen if "restated" in path]
    assert {row[5] for row in trade(tmp_path)} == {"HS2017"}


def test_of_a_list_that_names_everybodys_files_only_those_asked_for_are_fetched(api, tmp_path, monkeypatch):
    # As an interface does that leaves a condition out where it is not spelled as it likes.
    monkeypatch.setattr("tidewaiter.statistics.fetching.comtrade.REPORTERS", "reporterCode")
    plan, _ = bulk(tmp_path, period="2019")
    assert [each.cell for each in plan.todo] == ["643 2019"]
    assert len(api.asked("/bulk/v1/file")) == 1
    assert values(tmp_path) == expected(api, "643", ("2019",))


def test_a_bulk_file_takes_back_what_its_reporter_took_back(api, tmp_path):
    bulk(tmp_path, period="2019")
    api.revise("643", "2019")
    api.world.codes = ("TOTAL", "27")
    _, outcome = bulk(tmp_path, period="2019")
    assert outcome.asked == 1
    assert values(tmp_path) == expected(api, "643", ("2019",))


def test_a_bulk_file_of_the_same_release_is_fetched_once(api, tmp_path):
    bulk(tmp_path)
    asked = len(api.asked("/bulk/v1/file"))
    plan, outcome = bulk(tmp_path)
    assert len(api.asked("/bulk/v1/file")) == asked
    assert (plan.todo, outcome.already) == ([], 2)


def test_a_year_without_a_bulk_file_is_told(api, tmp_path):
    plan, _ = bulk(tmp_path, period="2016")
    assert [each.reason for each in plan.absent.values()] == ["not available: there is no bulk file of it"]


def test_a_bulk_file_of_exactly_five_hundred_rows_is_not_taken_for_cut(api, tmp_path):
    api.world.codes = tuple(f"{number:02d}" for number in range(1, 51))
    api.world.partners = ("0", "408", "410", "156", "842")
    _, outcome = bulk(tmp_path, period="2019")
    assert (outcome.rows, outcome.refused) == (500, [])


@pytest.mark.parametrize("fault", ["cut", "html", "500"])
def test_a_bulk_file_that_breaks_off_is_fetched_again(api, tmp_path, fault):
    api.faults.extend([None, Fault(fault)])
    _, outcome = bulk(tmp_path, period="2019")
    assert outcome.refused == []
    assert values(tmp_path) == expected(api, "643", ("2019",))


def test_the_key_is_not_sent_to_a_host_that_a_list_names(api, tmp_path):
    with StandIn() as other:
        # The list names files on the other host.
        api.url = other.url
        _, outcome = bulk(tmp_path, period="2019")
        assert other.seen == []
    assert "is not sent to" in str(outcome.stopped)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"way": "bulk"}, QueryError, "leave --partner out"),
        ({"way": "bulk", "partners": [], "reporters": []}, QueryError, "say whose trade"),
    ],
)
def test_what_bulk_files_cannot_bring_is_refused(api, tmp_path, asked, error, says):
    with pytest.raises(error, match=says):
        fetch(tmp_path, **asked)


@pytest.mark.parametrize("way", ["bulk", "async"])
def test_without_a_key_neither_is_tried(api, tmp_path, monkeypatch, way):
    monkeypatch.delenv("COMTRADE_KEY")
    with pytest.raises(InputError, match="premium key in COMTRADE_KEY"):
        fetch(tmp_path, partners=[], way=way)
    assert api.seen == []


def test_an_asynchronous_answer_is_submitted_waited_for_and_landed(api, tmp_path):
    _, outcome = fetch(tmp_path, way="async", products="total,chapters")
    assert outcome.stopped is None
    assert values(tmp_path) == {
        key: value for key, value in expected(api, "643", ("2018", "2019"), ("408",)).items() if len(key[2]) in {2, 5}
    }
    submitted = [path for path, _ in api.seen if path.startswith("/async/v1/get/")]
    assert len(submitted) == 2
    # Both years in one batch each, and the archive is fetched without the key.
    assert all("period=2018,2019" in path for path in submitted)
    archives = [key for (path, _), key in zip(api.seen, api.keys, strict=True) if "/async-file/" in path]
    assert archives == [None, None]


def test_a_fetch_stopped_while_it_waits_does_not_submit_again(api, tmp_path, monkeypatch):
    looks = []

    def stop(seconds):
        looks.append(seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr(async_run.time, "sleep", stop)
    with pytest.raises(KeyboardInterrupt):
        fetch(tmp_path, way="async", products="total")
    monkeypatch.undo()
    name_again(api, monkeypatch)
    fetch(tmp_path, way="async", products="total")
    assert len([path for path, _ in api.seen if path.startswith("/async/v1/get/")]) == 1
    assert len(values(tmp_path)) == 4


def name_again(api, monkeypatch):
    """Let the environment name the same stand-in once more."""
    monkeypatch.setenv("TIDEWAITER_COMTRADE_URL", api.url)
    monkeypatch.setenv("TIDEWAITER_FETCH_PACE", "0")
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    settings.cache_clear()


def test_a_batch_that_the_publisher_could_not_make_is_told_and_submitted_anew(api, tmp_path):
    failed = b'{"elapsedTime":"0 secs","count":1,"data":[{"status":"Error","uri":"","message":"too big"}],"error":""}'
    api.faults.extend([None, Fault("say", message=failed.decode())])
    _, outcome = fetch(tmp_path, way="async", products="total")
    assert isinstance(outcome.stopped, NetworkError)
    assert "too big" in str(outcome.stopped)
    _, later = fetch(tmp_path, way="async", products="total")
    assert later.stopped is None
    assert len([path for path, _ in api.seen if path.startswith("/async/v1/get/")]) == 2


def test_since_a_day_only_what_was_released_since_is_asked_for(api, tmp_path):
    # A year is released in June of the next.
    plan, _ = fetch(tmp_path, period="2017..2021", since=date(2020, 1, 1), products="total", dry_run=True)
    assert [ask.periods for ask in plan.todo] == [("2019", "2020", "2021")]


def test_what_is_being_released_right_now_is_told(api, tmp_path):
    body = (
        '{"elapsedTime":"0","count":1,"error":"","data":[{"reporterCode":643,"period":2019,'
        '"status":"Running","lastUpdated":"2026-01-05T04:10:00"}]}'
    )
    api.faults.extend([None, Fault("say", message=body)])
    plan, _ = fetch(tmp_path, since=date(2017, 1, 1), dry_run=True)
    assert plan.notices == ["Russia 2019 is being released (Running)"]
