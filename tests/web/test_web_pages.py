"""What readers of the web page may rely on, asked without a browser."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile

import duckdb
import pytest

from web_helpers import STORY, client

PAIR = "what=exports&area=RUS&partner=PRK&period=2019&source=un_comtrade"
PARTS = ("figure", "time", "goods", "partners", "sides", "law")


def test_a_story_is_marked_and_its_wrong_rise_explained(reader):
    page = reader.post("/check", data={"text": STORY})
    assert page.status_code == 200
    assert 'class="m m-conflict"' in page.text
    assert "20 percent" in page.text
    assert re.search(r"\+9\.[56]", page.text)  # 1.44 / 15.06
    assert re.search(r'<details class="finding b-conflict" id="c\d+"', page.text)
    assert page.headers["cache-control"] == "no-store"


def test_findings_come_as_text_json_and_html_too(reader):
    told = {ending: reader.post(f"/check.{ending}", data={"text": STORY}) for ending in ("txt", "json", "html")}
    assert all(answer.status_code == 200 for answer in told.values())
    marks = {claim["mark"] for claim in told["json"].json()["claims"]}
    assert "conflict" in marks
    assert "20 percent" in told["txt"].text
    assert told["html"].text.startswith("<!doctype html>")
    assert "sandbox" in told["html"].headers["content-security-policy"]


def test_a_dropped_file_is_read_like_pasted_text(reader):
    html = f"<html><body><article><p>{STORY}</p></article></body></html>"
    page = reader.post("/check", files={"file": ("story.html", html.encode(), "text/html")}, data={"text": ""})
    assert page.status_code == 200
    assert "m-conflict" in page.text


def test_an_empty_story_is_refused_with_the_form_still_there(reader):
    page = reader.post("/check", data={"text": "  "})
    assert page.status_code == 422
    assert "is empty" in page.text
    assert "<textarea" in page.text


def test_each_finding_leads_to_the_page_that_answers_its_question(reader):
    page = reader.post("/check", data={"text": STORY})
    links = re.findall(r'href="(/explore/[^"]+)">Explore this number', page.text)
    assert links
    for link in links:
        assert reader.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_an_exploration_is_a_page_with_data_behind_it(reader, part):
    page = reader.get(f"/explore/{part}?{PAIR}")
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text
    table = reader.get(f"/explore/{part}.csv?{PAIR}")
    assert table.status_code == 200
    assert len(table.text.splitlines()) > 1


def test_the_figure_is_the_sum_worked_out_by_hand(reader):
    page = reader.get(f"/explore/figure?{PAIR}")
    assert "16.5 million USD" in page.text  # 14.1 of 271012 and 2.4 of 030367
    answer = reader.get(f"/explore/figure.json?{PAIR}").json()
    assert answer["value"]["number"] == "16500000"
    change = reader.get(f"/explore/figure?{PAIR}&against=2018")
    assert "+9.6 %" in change.text


def test_a_part_that_is_known_of_a_refused_question_is_shown_with_its_rows(reader):
    # Of Korea's balance with everybody, as its partners tell it, both directions are known and no number is.
    page = reader.get(
        "/explore/figure?what=balance&area=PRK&side=mirror&period=2018..2019", headers={"Accept": "text/html"}
    )
    assert page.status_code == 200
    assert "No number" in page.text
    assert "Rows under the number" in page.text
    assert "imf_dots.csv" in page.text


def test_goods_add_up_to_the_figure(reader):
    rows = list(csv.DictReader(io.StringIO(reader.get(f"/explore/goods.csv?{PAIR}&level=6").text)))
    mine = {row["product"]: row["value_usd"] for row in rows if row["side"] == "reporter"}
    assert {key: float(value) for key, value in mine.items() if key.isdigit()} == {"271012": 14.1e6, "030367": 2.4e6}


def test_each_file_opens_as_what_it_says_it_is(reader, tmp_path):
    found = {
        each: reader.get(f"/explore/time.{each}?{PAIR}") for each in ("json", "csv", "parquet", "xlsx", "svg", "png")
    }
    assert {each: answer.status_code for each, answer in found.items()} == dict.fromkeys(found, 200)
    assert json.loads(found["json"].text)["rows"]
    rows = list(csv.DictReader(io.StringIO(found["csv"].text)))
    assert len([row for row in rows if row["side"] == "reporter"]) == 12
    place = tmp_path / "time.parquet"
    place.write_bytes(found["parquet"].content)
    total = "SELECT count(*), sum(value_usd) FROM read_parquet(?) WHERE side = 'reporter'"
    with duckdb.connect() as engine:
        assert engine.execute(total, [str(place)]).fetchall()[0][0] == 12
        assert float(engine.execute(total, [str(place)]).fetchall()[0][1]) == 16_500_000
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(found["xlsx"].content)).namelist()
    assert found["svg"].text.startswith("<svg")
    assert found["png"].content.startswith(b"\x89PNG")


def test_the_law_says_banned_with_its_paragraph(reader):
    page = reader.get("/law?product=270112&from=PRK&on=2018-03-15")
    assert "banned" in page.text
    assert "resolution 2371 (2017), paragraph 8" in page.text
    before = reader.get("/law?product=270112&from=PRK&on=2015-03-15")
    assert "no measure in force" in before.text
    assert reader.get("/law/status.json?product=270112&from=PRK&on=2018-03-15").json()["status"] == "banned"


def test_a_scenario_changes_the_law_it_is_asked_under_and_no_other(reader):
    query = "/law/status.json?product=030367&from=PRK&on=2020-03-01"
    assert reader.get(query).json()["status"] == "banned"
    assert reader.get(f"{query}&as_if=draft-2019-12").json()["status"] == "permitted"
    assert reader.get(query).json()["status"] == "banned"


def test_words_and_digits_find_measures(reader):
    assert "2371-9-seafood" in reader.get("/law?q=seafood").text
    assert "2371-8-coal" in reader.get("/law?q=2701").text
    assert "Nothing in the law" in reader.get("/law?q=zzzz").text


def test_a_fragment_and_its_page_share_an_address_and_caches_are_told(reader):
    page = reader.get("/law?q=seafood")
    part = reader.get("/law?q=seafood", headers={"X-Fragment": "1"})
    assert "X-Fragment" in page.headers["vary"]
    assert part.headers["etag"] != page.headers["etag"]


def test_what_was_seen_is_not_sent_again_until_something_lands(tmp_path, home):
    shutil.copytree(home, tmp_path / "lake")
    with client(tmp_path / "lake") as asking:
        first = asking.get(f"/explore/figure.json?{PAIR}")
        again = asking.get(f"/explore/figure.json?{PAIR}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        _land_one_more(tmp_path)
        asking.app.state.desk.forget()
        later = asking.get(f"/explore/figure.json?{PAIR}", headers={"If-None-Match": first.headers["etag"]})
        assert later.status_code == 200
        assert later.headers["etag"] != first.headers["etag"]
        assert later.json()["value"]["number"] == "17500000"  # a million more of 920110 in December


def _land_one_more(folder):
    from datetime import date

    from lake_helpers import land
    from tidewaiter.lake.lake import Lake

    lake = Lake.open(str(folder / "lake"))
    lines = [
        ("RUS", "export", "PRK", "TOTAL", "2019-12", 2_410_000),
        ("RUS", "export", "PRK", "271012", "2019-12", 1_230_000),
    ]
    lines += [
        ("RUS", "export", "PRK", "030367", "2019-12", 200_000),
        ("RUS", "export", "PRK", "920110", "2019-12", 980_000),
    ]
    # December's truth is 1,230,000 + 200,000 = 1,430,000; this file says a million less twenty thousand more of pianos.
    lines[0] = ("RUS", "export", "PRK", "TOTAL", "2019-12", 2_430_000)
    lines[3] = ("RUS", "export", "PRK", "920110", "2019-12", 1_000_000)
    land(lake, folder, lines, vintage=date(2020, 6, 1))
    lake.close()


def test_an_address_with_a_vintage_keeps_showing_what_was_known_then(tmp_path, home):
    shutil.copytree(home, tmp_path / "lake")
    _land_one_more(tmp_path)
    with client(tmp_path / "lake") as asking:
        assert asking.get(f"/explore/figure.json?{PAIR}").json()["value"]["number"] == "17500000"
        then = asking.get(f"/explore/figure.json?{PAIR}&as_of=2020-03-02").json()
        assert then["value"]["number"] == "16500000"
        changes = asking.get("/data/changes.csv?from=2020-03-02&to=2020-06-02")
        assert "920110" in changes.text
        assert "appeared" in changes.text


def test_what_is_not_understood_is_said_where_it_was_typed(reader):
    page = reader.get("/explore/figure?area=Rusia&period=2019", headers={"Accept": "text/html"})
    assert page.status_code == 422
    assert "nearest: Russia" in page.text
    assert 'value="Rusia"' in page.text


def test_data_pages_name_the_files_and_who_filed_when(reader):
    assert "un_comtrade.csv" in reader.get("/data/receipts").text
    rows = list(csv.DictReader(io.StringIO(reader.get("/data/coverage.csv?source=un_comtrade").text)))
    months = {(row["reporter"], row["year"]): row["months"] for row in rows}
    assert months["RUS", "2019"] == "12"
    assert months["HKG", "2019"] == "11"  # it files nothing of July
    assert ("PRK", "2019") not in months


def test_a_citation_names_file_sum_and_a_link_that_stays(reader):
    page = reader.get(f"/explore/time?{PAIR}").text
    cite = re.search(r'id="citation" data-cite>([^<]+)<', page)[1]
    assert "un_comtrade.csv" in cite
    assert "as_of=2024-06-30" in cite  # the newest vintage here: that of the figures that ship
    frame = re.search(r"/embed/time[^ ]*?as_of=[\d-]+", page)[0].replace("&amp;", "&").replace("amp;", "")
    embedded = reader.get(frame)
    assert embedded.status_code == 200
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "<form" not in embedded.text


def test_the_shipped_figures_are_enough_to_start_with(tmp_path):
    with client(tmp_path / "nothing") as asking:
        for path in (
            "/",
            "/check",
            "/explore",
            "/law",
            "/suspects",
            "/data",
            "/data/coverage",
            "/data/changes",
            "/api",
        ):
            assert asking.get(path).status_code == 200, path
        story = asking.get("/check/example")
        text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", story.text, re.DOTALL)[1]
        assert "m-conflict" in asking.post("/check", data={"text": text}).text
        assert not (tmp_path / "nothing").exists()


def test_health_and_metrics_tell_a_keeper_and_name_no_reader(reader):
    reader.get("/law?q=a-secret-search")
    assert reader.get("/health").json()["status"] == "ok"
    text = reader.get("/metrics").text
    assert re.search(r'tidewaiter_requests_total\{worker="\d+",method="GET",route="/law",status="200"\} \d+', text)
    assert "secret" not in text


def test_head_answers_like_get_without_a_body(reader):
    answer = reader.head("/law")
    assert answer.status_code == 200
    assert answer.content == b""
