"""What may be relied on when other publishers are asked: each by its card, all through the one door."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from fetch_helpers import Fault, comtrade, fetch, opened, trade
from tidewaiter.base.errors import CodeError, InputError, NetworkError, QueryError, SourceError
from tidewaiter.codes.euro_rates import usd_per_eur
from tidewaiter.statistics import card as cards
from tidewaiter.statistics.fetching.templates import publishers_code
from tidewaiter.statistics.land import land_file, sniff

sys.path.insert(0, str(Path(__file__).parent / "servers"))

from others import CENSUS_KEY, COMEXT_HEADING, census, comext  # type: ignore[import-not-found]

from test_concordance_landing import workbook

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

EXPORTS, IMPORTS = "/data/timeseries/intltrade/exports/hs", "/data/timeseries/intltrade/imports/hs"


@pytest.fixture
def api(monkeypatch):
    with comtrade(monkeypatch) as server:
        for name in ("CENSUS", "COMEXT", "WORKBOOKS"):
            monkeypatch.setenv(f"TIDEWAITER_{name}_URL", server.url)
        monkeypatch.setenv("CENSUS_API_KEY", CENSUS_KEY)
        server.pages["/data/timeseries/intltrade/"] = census
        server.pages["/eurostat/api/comext/"] = comext
        yield server


def test_the_census_is_asked_month_by_month_and_both_flows_land(api, tmp_path):
    plan, outcome = fetch(tmp_path, "census", reporters=[], period="2019-01", products="chapters")
    assert (len(plan.todo), outcome.asked, outcome.rows) == (2, 2, 4)
    rows = {(row[1], row[2], row[3], row[4], row[5], row[6]): (row[11], row[12]) for row in trade(tmp_path)}
    assert rows == {
        ("USA", "PRK", "export", "03", "HS", "2019-01"): (Decimal(1001), "fob"),
        ("USA", "PRK", "export", "27", "HS", "2019-01"): (Decimal(2001), "fob"),
        ("USA", "PRK", "import", "03", "HS", "2019-01"): (Decimal(0), "fob"),
        ("USA", "PRK", "import", "27", "HS", "2019-01"): (Decimal(0), "fob"),
    }


def test_a_month_without_rows_is_told_and_is_no_zero(api, tmp_path):
    _, outcome = fetch(tmp_path, "census", reporters=[], period="2019-02", products="chapters")
    assert [each.reason for each in outcome.missing.values()] == [
        "no rows: the publisher has none for this question"
    ] * 2
    assert trade(tmp_path) == []


def test_the_census_key_goes_along_but_stands_in_no_address_and_no_file(api, tmp_path):
    fetch(tmp_path, "census", reporters=[], period="2019-01", products="chapters")
    assert all(f"key={CENSUS_KEY}" in path for path, _ in api.seen)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or CENSUS_KEY.encode() not in path.read_bytes()


def test_without_a_key_the_census_is_not_asked(api, tmp_path, monkeypatch):
    monkeypatch.delenv("CENSUS_API_KEY")
    with pytest.raises(InputError, match="CENSUS_API_KEY"):
        fetch(tmp_path, "census", reporters=[], period="2019-01")
    assert api.seen == []


def test_the_page_that_says_the_key_is_missing_is_never_taken_for_data(api, tmp_path, monkeypatch):
    monkeypatch.setenv("CENSUS_API_KEY", "another")
    _, outcome = fetch(tmp_path, "census", reporters=[], period="2019-01", products="chapters")
    assert isinstance(outcome.stopped, NetworkError)
    assert "a page for people came instead of data: Missing Key" in str(outcome.stopped)
    assert trade(tmp_path) == []


def test_a_country_that_the_schedule_here_lacks_stops_the_landing_by_name(tmp_path):
    path = tmp_path / "census.json"
    path.write_text(
        '[["CTY_CODE","CTY_NAME","E_COMMODITY","ALL_VAL_MO","time"],["9999","ATLANTIS","27","5","2019-01"]]'
    )
    with pytest.raises(CodeError, match="9999"):
        sniff(path)


def test_a_census_row_whose_number_and_name_are_two_koreas_is_refused(tmp_path):
    path = tmp_path / "census.json"
    path.write_text(
        '[["CTY_CODE","CTY_NAME","E_COMMODITY","ALL_VAL_MO","time"],["5790","KOREA SOUTH","27","5","2019-01"]]'
    )
    with pytest.raises(SourceError, match="South Korea"):
        sniff(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[["CTY_CODE","E_COMMODITY","ALL_VAL_MO","time"],["5790","27"]]', "row 1.*4 cells"),
        ('[["CTY_CODE","E_COMMODITY","ALL_VAL_MO","time"],["5790","27","5"', "breaks off"),
        ('[["CTY_CODE","E_COMMODITY","ALL_VAL_MO","time"],["5790","27","n/a","2019-01"]]', "not a number"),
    ],
)
def test_a_damaged_list_of_lists_is_refused(tmp_path, text, says):
    path = tmp_path / "census.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=says):
        sniff(path)


def test_comext_lands_in_dollars_at_the_years_rate_with_weights_in_kilograms(api, tmp_path):
    _, outcome = fetch(tmp_path, "comext", reporters=["DEU"], period="2019", products="total,27")
    assert outcome.rows == 2 * 2
    rows = {(row[1], row[2], row[3], row[4], row[5], row[6]): (row[11], row[12], row[13]) for row in trade(tmp_path)}
    # 1,000 euros at 1.1195; 12.5 times 100 kg.
    said = Decimal("1119.500")
    assert rows == {
        ("DEU", "PRK", "export", "27", "HS2017", "2019"): (said, "fob", Decimal(1250)),
        ("DEU", "PRK", "import", "27", "HS2017", "2019"): (said, "cif", Decimal(1250)),
        ("DEU", "PRK", "export", "TOTAL", "HS2017", "2019"): (said, "fob", Decimal(1250)),
        ("DEU", "PRK", "import", "TOTAL", "HS2017", "2019"): (said, "cif", Decimal(1250)),
    }


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        # As DS-045409 answers: with and without the hour, and with flags after the value.
        ("DATAFLOW,LAST UPDATE,{},OBS_VALUE", "ESTAT:DS-045409(1.0),15/09/26 11:00:00,{},{}"),
        ("DATAFLOW,LAST UPDATE,{},OBS_VALUE", "ESTAT:DS-045409(1.0),15/09/26,{},{}"),
        ("DATAFLOW,LAST UPDATE,{},OBS_VALUE,OBS_FLAG", "ESTAT:DS-045409(1.0),15/09/26,{},{},"),
        ("LAST UPDATE,{},OBS_VALUE", "15/09/26,{},{}"),
        # As version 3 of the standard writes it.
        ("STRUCTURE,STRUCTURE_ID,{},OBS_VALUE", "dataflow,ESTAT:DS-045409(1.0),{},{}"),
    ],
)
@pytest.mark.parametrize(
    ("value", "weight", "times"), [("VALUE_IN_EUROS", "QUANTITY_IN_100KG", 100), ("VALUE_EUR", "QUANTITY_KG", 1)]
)
def test_comext_is_read_in_every_form_that_was_seen(tmp_path, heading, line, value, weight, times):
    dimensions = "freq,reporter,partner,product,flow,indicators,TIME_PERIOD"
    path = tmp_path / "comext.csv"
    lines = [
        heading.format(dimensions),
        line.format(f"A,GR,KP,270900,2,{weight},2019", "12.50"),
        line.format(f"A,GR,KP,270900,2,{value},2019", "1000"),
        line.format(f"A,GR,KP,271019,2,{value},2019", ""),
    ]
    path.write_text("\r\n".join(lines) + "\r\n")
    with opened(tmp_path) as lake:
        land_file(lake, path)
    rows = trade(tmp_path)
    assert [(row[1], row[2], row[4], row[11], row[13]) for row in rows] == [
        ("GRC", "PRK", "270900", Decimal("1119.500"), 12.5 * times)
    ]


@pytest.mark.parametrize(
    ("code", "asked"), [("GRC", "GR"), ("GBR", "GB"), ("DEU", "DE"), ("PRK", "KP"), ("W00", "WORLD")]
)
def test_comext_is_asked_in_its_own_codes(code, asked):
    assert publishers_code(cards.card_of("eurostat_comext"), code) == asked


@pytest.mark.parametrize("said", ["404", "heading"])
def test_a_question_without_rows_is_told_and_asked_once(api, tmp_path, said):
    if said == "404":
        api.faults.append(Fault("404", message="No results found for the query"))
    else:
        api.pages["/eurostat/api/comext/"] = lambda _path, _asked: (200, f"{COMEXT_HEADING}\r\n".encode(), "text/csv")
    for calls in (1, 0):
        _, outcome = fetch(tmp_path, "comext", reporters=["DEU"], period="2019", products="total")
        assert (outcome.asked, outcome.refused) == (calls, [])
        assert [each.reason for each in outcome.missing.values()] == [
            "no rows: the publisher has none for this question"
        ]
    assert trade(tmp_path) == []


def test_without_a_reporter_comext_is_asked_for_every_member_and_groups_keep_their_code(api, tmp_path):
    fetch(tmp_path, "comext", reporters=[], period="2019", products="total")
    assert {row[1] for row in trade(tmp_path)} == {"DEU", "FRA", "EUR"}
    assert api.seen[0][0].split("/")[-1].startswith("A..KP.TOTAL.1+2.?")


def test_a_question_too_big_for_comext_is_told_with_what_to_do(api, tmp_path):
    api.faults.append(Fault("413", message="EXTRACTION_TOO_BIG"))
    _, outcome = fetch(tmp_path, "comext", reporters=["DEU"], period="2019", products="total")
    assert len(outcome.refused) == 1
    assert "EXTRACTION_TOO_BIG; ask for fewer products or a shorter span" in outcome.refused[0]


def test_a_month_without_a_known_rate_is_not_guessed(tmp_path):
    path = tmp_path / "comext.csv"
    heading = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
    path.write_text(f"{heading}\nESTAT:DS-045409(1.0),15/09/26,M,DE,KP,27,1,VALUE_IN_EUROS,1998-05,1000\n")
    with pytest.raises(CodeError, match="no euro rate of 1998-05 is known"):
        sniff(path)


def test_every_code_of_the_census_is_a_country_of_its_own():
    known = cards.card_of("us_census").areas
    assert len(known) == len(set(known.values())) > 230
    # As answers of the service print number and name.
    assert (known["5790"], known["5800"], known["4621"], known["5460"]) == ("PRK", "KOR", "RUS", "MMR")
    groups = {code for code in known if code.startswith("00") or code.endswith("XXX")}
    assert groups == set()


@pytest.mark.parametrize(
    ("period", "rate"),
    # The bank's own tables of yearly and monthly averages.
    [("1999", "1.0658"), ("2008", "1.4708"), ("2019", "1.1195"), ("2022", "1.0530"), ("2020-04", "1.0862")],
)
def test_euro_rates_are_those_that_the_bank_prints(period, rate):
    assert usd_per_eur(period) == Decimal(rate)


def test_yearly_euro_rates_lie_within_their_months():
    for year in map(str, range(1999, 2026)):
        months = [usd_per_eur(f"{year}-{month:02d}") for month in range(1, 13)]
        assert min(months) <= usd_per_eur(year) <= max(months)
        assert abs(sum(months) / 12 - usd_per_eur(year)) < Decimal("0.002")


def test_the_lists_of_codes_land_and_say_what_the_tables_here_lack(api, tmp_path):
    _, outcome = fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    assert len(outcome.landed) == 10
    assert any("every code of reporters is known here" in note for note in outcome.notices)
    assert any("of HS2017 known here only" in note for note in outcome.notices)
    with opened(tmp_path) as lake:
        found = lake.references().to_native().filter("list = 'reporters' AND area = 'RUS'").project("code").fetchall()
    assert found == [("643",)]


def test_an_answer_of_today_is_not_asked_for_again_but_an_old_one_is(api, tmp_path, monkeypatch):
    fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    asked = len(api.seen)
    fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    assert len(api.seen) == asked
    _age_notes(tmp_path, timedelta(days=8))
    _, outcome = fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    assert len(api.seen) == asked * 2
    # The same bytes are landed once.
    assert (outcome.landed, outcome.already) == ([], 10)


def test_an_answer_from_the_future_tells_of_a_clock_that_jumped_and_is_asked_again(api, tmp_path):
    fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    asked = len(api.seen)
    _age_notes(tmp_path, timedelta(days=-400))
    fetch(tmp_path, "references", reporters=[], partners=[], period=None)
    assert len(api.seen) == asked * 2


def _age_notes(home, age):
    for path in (home / "fetch").rglob("*.json"):
        note = json.loads(path.read_text())
        if "asked_at" in note:
            note["asked_at"] = (datetime.now(UTC) - age).isoformat()
            path.write_text(json.dumps(note))


def test_workbooks_land_as_links_and_one_that_is_not_there_is_told(api, tmp_path):
    made = workbook(tmp_path / "made.xlsx", newer="HS 2012", older="HS 2007").read_bytes()

    def page(path, _asked):
        return (200, made, "application/vnd.ms-excel") if "2012 to HS 2007" in path else (404, b"gone", "text/plain")

    api.pages["/unsd/classifications/Econ/tables/"] = page
    _, outcome = fetch(tmp_path / "lake", "workbooks", reporters=[], partners=[], period=None)
    assert len(outcome.landed) == 1
    assert len(outcome.refused) == 20
    assert "404: gone" in outcome.refused[0]
    with opened(tmp_path / "lake") as lake:
        assert lake.concordance().select("hs_from", "hs_to").unique().to_native().fetchall() == [("HS2012", "HS2007")]


@pytest.mark.parametrize(
    ("source", "asked", "error", "says"),
    [
        ("censos", {}, SourceError, "nearest: census"),
        ("wits", {}, SourceError, "cannot be fetched"),
        ("census", {"partners": []}, QueryError, "--partner"),
        ("census", {"products": "2709"}, QueryError, "by level"),
        ("census", {"period": None}, QueryError, "--period"),
        ("comext", {"period": "2019-01/2019-06"}, QueryError, "--monthly"),
    ],
)
def test_what_a_publisher_cannot_be_asked_is_refused_before_it_is(api, tmp_path, source, asked, error, says):
    with pytest.raises(error, match=says):
        fetch(tmp_path, source, **{"reporters": [], **asked})
    assert api.seen == []


def test_every_shipped_card_that_can_be_fetched_has_steps_for_it(api, tmp_path):
    fetched = [card for card in cards.cards().values() if card.service is not None]
    assert {card.service.name for card in fetched} == {"comtrade", "references", "workbooks", "census", "comext"}
    assert all(card.service.calls or card.id == "un_comtrade" for card in fetched)
