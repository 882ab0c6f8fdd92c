"""The API keeps the promises of its own description."""

from __future__ import annotations

import html
import re

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tidewaiter.web.app import create_app
from tidewaiter.web.settings import WebSettings
from web_helpers import STORY

ASK = "/api/v1/ask?what=exports&area=RUS&partner=PRK&source=un_comtrade"


def test_the_figure_over_the_api_is_that_of_the_library(reader, home):
    from tidewaiter import Period, ask, open_lake
    from tidewaiter.base.question import Query

    lake = open_lake(str(home))
    query = Query("value", ("RUS",), ("PRK",), Period.parse("2019"), perspective="RUS", source="un_comtrade")
    ours = ask(query, lake=lake)
    told = reader.get(f"{ASK}&period=2019").json()
    assert told["value"]["number"] == "16500000"
    assert int(ours.value.value) == 16_500_000
    lake.close()


def test_a_change_a_share_a_ranking_and_a_series_are_asked_like_on_the_command_line(reader):
    assert reader.get(f"{ASK}&period=2019&against=2018").json()["value"]["number"].startswith("9.56")
    partners = reader.get("/api/v1/ask?what=exports&area=RUS&period=2019&source=un_comtrade&by=partner").json()
    assert [line["label"] for line in partners["table"][:2]] == ["CHN", "PRK"]
    months = reader.get(f"{ASK}&period=2019&by=month").json()["table"]
    assert months[0]["number"] == "1320000"  # January: 1,000,000 + 12 * 10,000 and 200,000
    assert len(months) == 12
    refused = reader.get("/api/v1/ask?what=imports&area=KOR&partner=PRK&period=1975").json()
    assert refused["answered"] is False
    assert reader.get(f"{ASK}&period=2019&against=2018&by=month").status_code == 422


def test_errors_are_problem_details(reader):
    for path, status in (
        ("/api/v1/ask?area=Rusia&period=2019", 422),
        ("/api/v1/nothing", 404),
        ("/api/v1/ask?area=RUS", 422),
    ):
        answer = reader.get(path)
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert {"type", "title", "status", "detail"} <= set(told)
        assert told["status"] == answer.status_code == status


def test_findings_keep_their_own_contract(reader):
    from tidewaiter.news.judge.contract import schema as contract

    told = reader.post("/api/v1/check", json={"text": STORY, "published_on": "2020-01-27"}).json()
    jsonschema.validate(told, contract())
    assert "conflict" in {claim["mark"] for claim in told["claims"]}


GOOD = (
    f"{ASK}&period=2019",
    f"{ASK}&period=2019&against=2018",
    f"{ASK}&period=2019&by=month",
    f"{ASK}&period=2019&by=product&level=6",
    f"{ASK}&period=2019&product=271012&share=1",
    "/api/v1/ask?what=imports&area=KOR&partner=PRK&period=1975",
    "/api/v1/law/measures",
    "/api/v1/law/measures?regime=un/dprk&as_if=draft-2019-12",
    "/api/v1/law/status?product=270112&from=PRK&on=2018-03-15",
    "/api/v1/law/status?product=2710&to=PRK&on=2019",
    "/api/v1/law/timeline?regime=un/dprk",
    "/api/v1/sources",
    "/api/v1/receipts",
    "/api/v1/receipts?as_of=2020-03-02",
    "/api/v1/screen?target=PRK&partner=RUS&period=2019",
    "/api/v1/caps?regime=un/dprk&ledger=refined-petroleum&year=2019",
    "/api/v1/mirror?area=PRK&partner=RUS&period=2019",
    "/api/v1/diff?from=2020-01-01&to=2024-01-01",
)


@pytest.mark.parametrize("path", GOOD)
def test_every_verb_answers_in_the_shape_that_is_described(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    whole = reader.get("/api/v1/openapi.json").json()
    shape = whole["paths"][path.partition("?")[0]]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**shape, "components": whole["components"]}, jsonschema.Draft202012Validator)


def test_the_shape_refuses_an_answer_with_a_number_left_out(reader):
    whole = reader.get("/api/v1/openapi.json").json()
    shape = whole["paths"]["/api/v1/ask"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    told = reader.get(GOOD[0]).json()
    del told["value"]["unit"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, {**shape, "components": whole["components"]}, jsonschema.Draft202012Validator)


def test_every_example_of_the_apis_page_is_answered(reader):
    examples = re.findall(r'href="(/api/v1/[a-z]+[^"]*)"><code>', reader.get("/api").text)
    assert len(examples) >= 10
    for path in examples:
        assert reader.get(html.unescape(path)).status_code == 200, path


def test_the_description_loads_nothing_from_elsewhere(reader):
    page = reader.get("/api").text
    assert "cdn" not in page.lower()
    for path in reader.get("/api/v1/openapi.json").json()["paths"]:
        assert path in page


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_no_request_that_fits_or_breaks_the_description_breaks_the_server(home, mode):
    app = create_app(WebSettings(home=str(home), hosts=("testserver", "localhost"), readers=1, engine_threads=1))
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    tried = 0
    # What a name may be is more than a pattern says: an area that does not exist is refused.
    excluded = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]
    for found in described.get_all_operations():
        operation = found.ok()
        raw = operation.definition.raw
        if mode == "negative" and not raw.get("parameters") and "requestBody" not in raw:
            continue  # there is nothing to get wrong

        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
        @settings(
            max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        def holds(case):
            nonlocal tried
            tried += 1
            answer = case.call(headers={"Host": "testserver"})
            case.validate_response(answer, excluded_checks=excluded)

        holds()
    assert tried > 40
