"""What may be relied on when UN Comtrade is asked: nothing cut, nothing twice, nothing missing without a reason."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from fetch_helpers import KEY, Fault, comtrade, fetch, opened, trade
from tidewaiter.base.errors import CodeError, InputError, LakeError, NetworkError, QueryError, QuotaError
from tidewaiter.base.settings import settings
from tidewaiter.codes import hs_codes
from tidewaiter.statistics.card import card_of
from tidewaiter.statistics.fetch import Door
from tidewaiter.statistics.fetching import comtrade as comtrade_steps
from tidewaiter.statistics.fetching import journal as journals
from tidewaiter.statistics.fetching.available import data_sets
from tidewaiter.statistics.fetching.comtrade_run import is_cut
from tidewaiter.statistics.fetching.journal import Note
from tidewaiter.statistics.fetching.weigh import Weight

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch) as server:
        yield server


@pytest.fixture
def cuts_at(api, monkeypatch):
    """Let the stand-in cut answers at so many rows, and let the setting say so."""

    def set_to(rows):
        api.limits.rows_preview = api.limits.rows_free = api.limits.rows_list = rows
        monkeypatch.setenv("TIDEWAITER_FETCH_ROWS", str(rows))
        settings.cache_clear()

    return set_to


def parameters(path):
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def test_russia_and_north_korea_by_chapter_come_with_one_command_and_no_key(api, tmp_path):
    plan, outcome = fetch(tmp_path)
    assert (len(plan.todo), plan.keyed, outcome.asked) == (4, False, 4)
    # 2 years x 2 flows x (all goods + 96 chapters)
    assert outcome.rows == 2 * 2 * 97
    rows = trade(tmp_path)
    assert len(rows) == 388
    totals = {(row[3], row[6]): float(row[11]) for row in rows if row[4] == "TOTAL"}
    assert totals == {
        (flow, year): pytest.approx(api.world.value("643", "408", code, "TOTAL", year))
        for flow, code in (("export", "X"), ("import", "M"))
        for year in ("2018", "2019")
    }
    assert {"KOR"} & {row[2] for row in rows} == set()


def test_every_question_names_the_wholes_and_one_period(api, tmp_path):
    fetch(tmp_path)
    for path in api.asked():
        asked = parameters(path)
        assert (asked["partner2Code"], asked["customsCode"], asked["motCode"]) == ("0", "C00", "0")
        assert "," not in asked["period"]


def test_an_answer_about_others_than_were_asked_for_is_not_kept(api, tmp_path, monkeypatch):
    # As the preview does where the reporter is not spelled as it likes: it leaves the condition out.
    monkeypatch.setattr(comtrade_steps, "REPORTERS", "reporterCode")
    monkeypatch.setattr(api.world, "missing", set())
    _, outcome = fetch(tmp_path, period="2019", products="total")
    assert "which was not asked for; nothing of it is kept" in str(outcome.stopped)
    assert trade(tmp_path) == []
    assert not list(tmp_path.rglob("answers/*"))


def test_a_second_fetch_asks_for_nothing_again(api, tmp_path):
    fetch(tmp_path)
    before = len(api.asked())
    plan, outcome = fetch(tmp_path)
    assert len(api.asked()) == before
    assert (len(plan.todo), outcome.asked, outcome.already, outcome.rows) == (0, 0, 4, 0)


def test_a_wider_fetch_asks_only_for_what_is_new(api, tmp_path):
    fetch(tmp_path)
    plan, outcome = fetch(tmp_path, period="2018..2020")
    assert (len(plan.todo), len(plan.landed), outcome.asked) == (2, 4, 2)


def test_a_dry_run_asks_for_no_rows_and_writes_none(api, tmp_path):
    plan, outcome = fetch(tmp_path, dry_run=True)
    assert (len(plan.todo), outcome, api.asked()) == (4, None, [])
    assert trade(tmp_path) == []


def test_an_answer_that_stops_at_the_limit_is_asked_for_in_parts(api, tmp_path):
    api.limits.rows_preview = 500
    # To everybody: 7 partners x 2 flows x 96 chapters = 1,344 rows.
    _, outcome = fetch(tmp_path, partners=[], period="2019", products="chapters")
    assert outcome.rows == 7 * 2 * 96
    assert outcome.asked > 3
    assert len(trade(tmp_path)) == 7 * 2 * 96


def test_what_was_cut_is_never_landed_and_a_second_fetch_knows_the_parts(api, tmp_path):
    fetch(tmp_path, partners=[], period="2019", products="chapters")
    with opened(tmp_path) as lake:
        rows = [each for (each,) in lake.tables().receipt.select("rows").to_native().fetchall()]
    assert 500 not in rows
    before = len(api.asked())
    _, again = fetch(tmp_path, partners=[], period="2019", products="chapters")
    assert (len(api.asked()), again.asked) == (before, 0)


def test_the_codes_of_one_heading_are_never_parted(api, tmp_path, cuts_at):
    """The lake replaces a release heading by heading: two answers with half a heading each would lose one half."""
    cuts_at(8)
    asked = {"partners": ["PRK", "CHN", "DEU"], "period": "2019", "products": "27****,03****"}
    _, outcome = fetch(tmp_path, **asked)
    # 270111, 270112, 270900, 271012, 271019, 030213, 030312, 030367; two flows; three partners.
    assert len(trade(tmp_path)) == outcome.rows == 8 * 2 * 3


def test_a_code_that_only_the_cut_answer_shows_is_asked_for_too(api, tmp_path, cuts_at):
    """A level is split into the codes known here: those the publisher has beyond them must not get lost."""
    api.world.codes = ("98", *api.world.codes)
    assert "98" not in {code for hs in hs_codes.EDITIONS for code in hs_codes.known(hs)}
    cuts_at(50)
    _, outcome = fetch(tmp_path, period="2019", products="chapters")
    assert outcome.asked > 3
    assert len({row[4] for row in trade(tmp_path)}) == 97
    assert {row[4] for row in trade(tmp_path)} >= {"98", "27"}


def test_what_stays_too_big_however_it_is_split_is_an_error_that_names_it(api, tmp_path, cuts_at):
    cuts_at(2)
    api.world.codes = ("270111", "270112")
    _, outcome = fetch(tmp_path, period="2019", products="27****")
    assert isinstance(outcome.stopped, NetworkError)
    assert "cannot be split further" in str(outcome.stopped)
    assert trade(tmp_path) == []


def test_with_a_key_twelve_periods_go_into_one_question_and_the_key_into_a_header(api, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    plan, outcome = fetch(tmp_path, period="2018-01/2019-06", monthly=True, products="total")
    assert plan.keyed
    assert (len(plan.todo), plan.quota_left) == (2, 500)
    assert outcome.rows == 18 * 2
    assert [path for path in api.asked() if "/data/v1/get/C/M/HS" in path] == api.asked()
    assert all(KEY not in path for path, _ in api.seen)
    assert KEY in api.keys


def test_the_public_lists_are_asked_for_without_the_key(api, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    fetch(tmp_path)
    keys = {path.split("?")[0]: key for (path, _), key in zip(api.seen, api.keys, strict=True)}
    assert keys["/public/v1/getDa/C/A/HS"] is None


def test_with_a_key_an_answer_that_stops_at_a_limit_is_cut_too(api, tmp_path, monkeypatch, cuts_at):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    cuts_at(100)
    _, outcome = fetch(tmp_path, period="2018", products="chapters")
    assert outcome.asked == 3
    assert outcome.rows == 2 * 96


@pytest.mark.parametrize(
    ("rows", "cut"), [(99_999, False), (100_000, True), (123_456, False), (200_000, True), (250_000, True)]
)
def test_with_a_key_a_round_number_of_rows_counts_as_cut_whatever_limit_is_published(rows, cut):
    weight = Weight(rows, rows, {}, ())
    assert is_cut(weight, card_of("un_comtrade").service, keyed=True) is cut


def test_an_answer_that_counts_more_rows_than_it_holds_is_cut():
    assert is_cut(Weight(12, 10, {}, ()), card_of("un_comtrade").service, keyed=True)


def test_the_calls_made_with_a_key_are_counted_for_the_day(api, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    fetch(tmp_path)
    plan, _ = fetch(tmp_path, dry_run=True)
    assert plan.quota_left == 500 - 2


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"period": "2022"}, "not reported yet: the newest of Russia is 2021"),
        ({"period": "2016"}, "not available: Russia is published from 2015 to 2021, but not for 2016"),
        (
            {"reporters": ["PRK"], "partners": ["RUS"], "period": "2019"},
            "not available: UN Comtrade has no declarations of North Korea; ask for what its partners declare",
        ),
    ],
)
def test_what_nobody_published_is_told_without_asking(api, tmp_path, asked, reason):
    plan, outcome = fetch(tmp_path, **asked)
    assert [each.reason for each in plan.absent.values()] == [reason]
    assert [each.reason for each in outcome.missing.values()] == [reason]
    assert api.asked() == []


def test_a_list_of_data_sets_that_is_refused_as_too_big_is_told(api, tmp_path):
    api.faults.append(Fault("413", message="URI too long"))
    with pytest.raises(
        NetworkError, match=r"the list of what is available is too much to ask for at once.*URI too long"
    ):
        fetch(tmp_path)


def test_a_list_of_data_sets_that_is_cut_is_asked_for_in_parts(api, tmp_path, cuts_at):
    cuts_at(5)
    api.world.codes = ("27",)
    # Two reporters with thirteen data sets; five rows at most in a list.
    plan, outcome = fetch(tmp_path, reporters=["RUS", "CHN"], period="2016..2018", products="27")
    assert outcome.stopped is None
    assert sorted(each.what for each in plan.absent.values()) == ["Russia 2016"]
    assert {(row[1], row[6]) for row in trade(tmp_path)} == {
        ("RUS", "2017"),
        ("RUS", "2018"),
        ("CHN", "2016"),
        ("CHN", "2017"),
        ("CHN", "2018"),
    }


def test_the_edition_of_a_data_set_is_the_one_its_reporter_used():
    row = {"reporterCode": "643", "period": "2019", "datasetChecksum": "1", "lastReleased": "2020-06-01"}
    own = {**row, "classificationCode": "H5", "datasetCode": "5", "isOriginalClassification": "true"}
    made = {**row, "classificationCode": "H6", "datasetCode": "6", "isOriginalClassification": "false"}
    (found,) = data_sets([own, made]).values()
    assert found.classification == "H5"
    (other,) = data_sets([made, {**own, "datasetChecksum": "2"}]).values()
    assert found.stamp != other.stamp


def test_zero_trade_is_told_from_silence_by_the_release_that_says_so(api, tmp_path):
    _, outcome = fetch(tmp_path, reporters=["USA"], period="2019", products="total")
    (missing,) = outcome.missing.values()
    assert missing.reason.startswith("zero trade: United States reported 2019 (release of 2020-06-01)")
    assert trade(tmp_path) == []


def test_a_code_of_another_edition_is_told_as_a_bad_code(api, tmp_path):
    # 271012 came with HS 2012; a report of 2010 in HS 2007 cannot have it.
    api.world.years = (2010,)
    api.world.classification = lambda _period: "H3"
    api.world.codes = ("270900",)
    plan, outcome = fetch(tmp_path, period="2010", products="271012")
    said = "bad code: 271012 is not in HS2007, in which 2010 was reported"
    assert [each.reason for each in plan.absent.values()] == [said]
    assert said in {each.reason for each in outcome.missing.values()}


def test_one_subheading_brings_its_whole_heading_lest_it_hide_the_others(api, tmp_path):
    fetch(tmp_path, period="2019", products="subheadings")
    before = trade(tmp_path)
    api.revise("643", "2019")
    _, outcome = fetch(tmp_path, period="2019", products="271012")
    after = trade(tmp_path)
    assert {row[4] for row in after} == {row[4] for row in before}
    assert {row[4] for row in set(after) - set(before)} == {"271012", "271019"}
    assert outcome.notices == []


def test_what_everybody_declares_about_a_country_is_asked_for_without_naming_them(api, tmp_path):
    _, outcome = fetch(tmp_path, reporters=[], period="2019", products="total")
    assert {row[1] for row in trade(tmp_path)} == {"RUS", "CHN", "IND", "DEU"}
    assert [each.what for each in outcome.missing.values()] == ["United States 2019 TOTAL"]


def test_a_lake_that_was_lost_is_filled_again(api, tmp_path):
    fetch(tmp_path)
    (tmp_path / "fetch").rename(tmp_path / "kept")
    home = tmp_path / "another"
    home.mkdir()
    (tmp_path / "kept").rename(home / "fetch")
    plan, outcome = fetch(home)
    assert (len(plan.todo), outcome.rows) == (4, 388)


def test_an_empty_answer_is_believed_only_when_it_comes_twice(api, tmp_path):
    """A preview sometimes gives nothing where it has something, without a word: a limit that nobody told of."""
    api.faults.extend([None, Fault("empty")])
    _, outcome = fetch(tmp_path, period="2019", products="total")
    assert (outcome.rows, outcome.missing) == (2, {})


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"period": "2019-01/2019-06"}, QueryError, "--monthly"),
        ({"products": "99999999999"}, CodeError, "99999999999"),
        ({"products": "2*"}, CodeError, "not understood"),
        ({"products": "27090010"}, CodeError, "up to six digits"),
        ({"products": "77**"}, CodeError, "no HS edition"),
        ({"partners": ["Nork Korea"]}, CodeError, "--partner"),
        ({"partners": ["Korea"]}, CodeError, "ambiguous"),
        ({"flows": ["exports"]}, QueryError, "nearest: export"),
        ({"reporters": ["SUN"]}, CodeError, "has no number in UN Comtrade in 2018 to 2019"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_before_anything_is(api, tmp_path, asked, error, says):
    with pytest.raises(error, match=says):
        fetch(tmp_path, **asked)
    assert api.seen == []


def test_a_wrong_key_stops_at_once_and_the_key_is_not_printed(api, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", "wrong-key-0815")
    _, outcome = fetch(tmp_path)
    assert isinstance(outcome.stopped, InputError)
    assert "0815" not in str(outcome.stopped)
    assert len(api.asked()) == 1


def test_an_address_that_is_none_is_refused(api, tmp_path, monkeypatch):
    monkeypatch.setenv("TIDEWAITER_COMTRADE_URL", "comtradeapi.un.org")
    with pytest.raises(InputError, match="TIDEWAITER_COMTRADE_URL"):
        fetch(tmp_path)


def test_a_storm_of_429_between_all_questions_changes_nothing_but_the_time(api, tmp_path):
    storm = [Fault("429", retry_after="0")] * 7
    api.faults.extend([*storm, None, *storm, None, *storm, None, *storm, None, *storm, None, *storm])
    _, outcome = fetch(tmp_path)
    assert (outcome.stopped, outcome.asked, outcome.refused) == (None, 4, [])
    assert len(trade(tmp_path)) == 388


def test_a_used_up_quota_lands_what_is_whole_and_the_next_day_goes_on(api, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_KEY", KEY)
    api.limits.calls_a_day = 2
    _, outcome = fetch(tmp_path, reporters=["RUS", "CHN"], period="2005..2021", products="total,chapters")
    assert isinstance(outcome.stopped, QuotaError)
    assert (outcome.asked, outcome.left) == (2, 2)
    api.limits.calls_a_day = None
    before = api.asked()
    _, later = fetch(tmp_path, reporters=["RUS", "CHN"], period="2005..2021", products="total,chapters")
    assert later.stopped is None
    # The call that the quota refused is asked again, the finished ones are not.
    assert len(api.asked()) - len(before) == outcome.left
    assert len(trade(tmp_path)) == (6 + 7) * 2 * 97


def test_a_year_is_landed_only_when_all_that_was_asked_of_it_is_here(api, tmp_path):
    """A year with its total but not its chapters would answer questions with a gap nobody sees."""
    api.faults.extend([None, None, None, None, Fault("403")])
    _, outcome = fetch(tmp_path)
    assert isinstance(outcome.stopped, QuotaError)
    assert {row[6] for row in trade(tmp_path)} == {"2018"}
    assert (outcome.left, outcome.kept) == (1, 1)
    _, later = fetch(tmp_path)
    assert later.stopped is None
    assert len(trade(tmp_path)) == 388


def test_a_publisher_that_goes_down_loses_nothing_that_came(api, tmp_path, monkeypatch):
    monkeypatch.setattr("tidewaiter.statistics.fetching.gate.Door", partial(Door, faults=1, backoff=0.01))
    api.faults.extend([None, None, *[Fault("503")] * 20])
    _, outcome = fetch(tmp_path)
    assert isinstance(outcome.stopped, NetworkError)
    assert (outcome.kept, trade(tmp_path)) == (1, [])
    api.faults.clear()
    asked = len(api.asked())
    plan, later = fetch(tmp_path)
    assert (len(plan.kept), len(plan.todo), later.asked) == (1, 3, 3)
    assert len(api.asked()) - asked == 3
    assert len(trade(tmp_path)) == 388


def test_a_revision_between_two_pages_is_seen_and_both_pages_are_asked_again(api, tmp_path):
    pages = []

    def revise_once(path):
        if "/preview/" in path:
            pages.append(path)
            if len(pages) == 2:
                api.revise("643", "2019")

    api.on_request = revise_once
    _, outcome = fetch(tmp_path, partners=[], period="2019", products="chapters")
    assert outcome.notices[0] == "Russia 2019 was revised while it was fetched; asked again"
    rows = trade(tmp_path)
    assert len(rows) == 7 * 2 * 96
    fresh = {
        (partner, flow, code): api.world.value("643", partner, flow, code, "2019")
        for partner in api.world.partners
        for flow in "MX"
        for code in api.world.codes
        if len(code) == 2
    }
    with opened(tmp_path) as lake:
        found = lake.tables().trade.select("partner", "flow", "product", "value_usd").to_native().fetchall()
    numbers = {"W00": "0", "PRK": "408", "KOR": "410", "CHN": "156", "USA": "842", "DEU": "276", "IND": "699"}
    for partner, flow, code, value in found:
        assert float(value) == pytest.approx(fresh[numbers[partner], "X" if flow == "export" else "M", code])


def test_data_that_never_stand_still_are_not_landed(api, tmp_path):
    api.on_request = lambda path: api.revise("643", "2019") if "/preview/" in path else None
    _, outcome = fetch(tmp_path, period="2019", products="total")
    assert "is revising these data right now" in str(outcome.stopped)
    assert trade(tmp_path) == []


def test_a_later_release_is_fetched_by_the_same_command_and_replaces_the_numbers(api, tmp_path):
    fetch(tmp_path)
    before = trade(tmp_path)
    api.revise("643", "2019")
    plan, outcome = fetch(tmp_path)
    assert (len(plan.todo), outcome.asked) == (2, 2)
    after = trade(tmp_path)
    assert len(after) == len(before)
    changed = {row[6] for row in set(after) - set(before)}
    assert changed == {"2019"}


def test_rows_that_a_release_takes_back_are_gone_and_an_earlier_day_still_shows_them(api, tmp_path, monkeypatch):
    with monkeypatch.context() as then:
        came = {"asked_at": "2026-01-05T12:00:00+00:00"}
        then.setattr(journals, "Note", lambda **facts: Note(**{**facts, **came}))
        fetch(tmp_path)
    before = trade(tmp_path)
    api.revise("643", "2019")
    api.world.codes = tuple(code for code in api.world.codes if code != "27")
    _, outcome = fetch(tmp_path)
    assert outcome.notices == []
    gone = {(row[3], row[4], row[6]) for row in before} - {(row[3], row[4], row[6]) for row in trade(tmp_path)}
    # The year that was not revised keeps its chapter 27.
    assert gone == {("export", "27", "2019"), ("import", "27", "2019")}
    with opened(tmp_path) as lake:
        earlier = lake.tables(date(2026, 1, 5)).trade.to_native().filter("product = '27' AND period = '2019'")
        assert len(earlier.fetchall()) == 2


@pytest.mark.parametrize("later", ["nothing", "parts"])
def test_rows_of_an_earlier_answer_that_none_replaces_are_told(api, tmp_path, monkeypatch, later):
    fetch(tmp_path, products="27", period="2019")
    api.revise("643", "2019")
    if later == "nothing":
        api.world.silent.add(("643", "408"))
    else:
        # The flows are asked for one by one now, and no imports are left.
        every = api.world.rows
        monkeypatch.setattr(api.world, "rows", lambda *asked: [row for row in every(*asked) if row["flowCode"] == "X"])
        api.faults.extend([None, Fault("413")])
    _, outcome = fetch(tmp_path, products="27", period="2019")
    left = 2 if later == "nothing" else 1
    assert any(f"{left} rows of an earlier release are not in this one" in note for note in outcome.notices)


def test_two_fetches_at_once_ask_once_and_land_once(api, tmp_path):
    # pytest-socket refuses sockets in other threads as in this one; loopback is allowed.
    api.faults.append(Fault("slow", seconds=0.3))
    outcomes, errors = [], []

    def one():
        try:
            outcomes.append(fetch(tmp_path)[1])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(api.asked()) == 4
    assert sorted((each.asked, each.already) for each in outcomes) == [(0, 4), (4, 0)]
    assert len(trade(tmp_path)) == 388


def test_a_disk_that_is_full_stops_the_fetch_and_room_lets_it_go_on(api, tmp_path, monkeypatch):
    written = []
    real = journals.Journal._replace

    def full(self, path, content):
        written.append(path)
        if len(written) == 2:
            message = f"{path.parent}: No space left on device"
            raise LakeError(message)
        real(self, path, content)

    monkeypatch.setattr(journals.Journal, "_replace", full)
    _, outcome = fetch(tmp_path)
    assert isinstance(outcome.stopped, LakeError)
    assert trade(tmp_path) == []
    monkeypatch.setattr(journals.Journal, "_replace", real)
    asked = len(api.asked())
    _, later = fetch(tmp_path)
    # One answer was noted, one came but could not be: three are asked.
    assert len(api.asked()) - asked == 3
    assert later.stopped is None
    assert len(trade(tmp_path)) == 388


def test_an_answer_that_went_bad_on_the_disk_is_not_landed_but_asked_again(api, tmp_path):
    api.faults.extend([None, None, None, None, Fault("403")])
    fetch(tmp_path)
    (body,) = (tmp_path / "fetch" / "un_comtrade" / "answers").iterdir()
    body.write_bytes(body.read_bytes()[:-20])
    _, outcome = fetch(tmp_path)
    assert ["asks for it again" in each for each in outcome.refused] == [True]
    _, later = fetch(tmp_path)
    assert later.refused == []
    assert len(trade(tmp_path)) == 388


def test_every_landed_answer_names_the_address_it_came_from(api, tmp_path):
    fetch(tmp_path)
    with opened(tmp_path) as lake:
        receipts = lake.tables().receipt.select("source", "url", "file", "sha256").to_native().fetchall()
        mine = [each for each in receipts if each[0] == "un_comtrade"]
        assert len(mine) == 4
        for _, url, file, sha256 in mine:
            assert url.startswith(f"{api.url}/public/v1/preview/C/A/HS?reportercode=643&period=201")
            assert file.startswith("comtrade-643-408-201")
            assert lake.raw_path(sha256).is_file()
    assert list((tmp_path / "fetch" / "un_comtrade" / "answers").iterdir()) == []
