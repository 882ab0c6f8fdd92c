"""The story this project starts from, read from beside the repository and checked against the real files."""

from datetime import date

import jsonschema
import pytest

from tidewaiter import pipeline
from tidewaiter.news.judge.contract import schema, to_dict
from tidewaiter.statistics.land import LandOptions

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def claims(shared_data, tmp_path_factory):
    """Land the IMF's file and check the story; the claims of the JSON by their value and type."""
    home = str(tmp_path_factory.mktemp("lake"))
    landed = list(pipeline.land([shared_data / "imf_dots" / "imf_dots_PRK.csv"], LandOptions(), home=home))
    assert not isinstance(landed[0][1], Exception), landed
    story = (shared_data.parent / "stories" / "seed.txt").read_bytes()
    made = to_dict(pipeline.check(story, name="seed.txt", published_on=date(2020, 1, 24), home=home))
    jsonschema.validate(made, schema())
    return made["claims"]


def one(claims, **wanted):
    found = [claim for claim in claims if all(claim[key] == value for key, value in wanted.items())]
    assert len(found) == 1, [(claim["type"], claim["value"], claim["sentence"]) for claim in claims]
    return found[0]


def test_42_million_is_supported_by_the_printed_figure(claims):
    claim = one(claims, type="flow_value", value=42_000_000)
    assert (claim["exporter"], claim["importer"], claim["period"]) == ("RUS", "PRK", "2019-01/2019-11")
    assert (claim["hedge"], claim["unit"], claim["data"]["verdict"]) == ("more_than", "USD", "supported")
    assert 42_170_000 in [answer["value"] for answer in claim["data"]["answers"]]


def test_20_per_cent_is_an_error_over_unlike_periods_with_the_full_years_beside(claims):
    claim = one(claims, type="change", value=20)
    assert claim["arithmetic"]["verdict"] == "arithmetic_error"
    assert 25.5 < claim["arithmetic"]["implied_low"] < 26.5
    assert 36 < claim["arithmetic"]["implied_high"] < 37.5
    assert claim["comparability"] == "not_like_for_like"
    assert (claim["base_period"], claim["base_value"]) == ("2018-01/2018-12", 32_000_000)
    like = claim["comparison"]["like_for_like"][0]
    assert (like["source"], round(like["value"], 1), like["period"]) == ("imf_dots", 44.3, "2019-01/2019-12")


def test_32_million_is_supported_by_print_and_by_the_imf(claims):
    claim = one(claims, type="flow_value", value=32_000_000)
    assert claim["data"]["verdict"] == "supported"
    assert {round(answer["value"] / 1e6, 2) for answer in claim["data"]["answers"]} == {32.08, 32.16}


def test_goods_in_order_wait_for_rows_by_product(claims):
    claim = one(claims, type="composition")
    assert (claim["data"]["verdict"], claim["data"]["reason"]) == ("unverifiable", "no_product_rows")
    assert claim["items"][0]["text"] == "petroleum products"


def test_the_way_back_is_supported_and_its_base_was_cut_off(claims):
    claim = one(claims, type="flow_value", value=2_300_000)
    assert (claim["exporter"], claim["importer"], claim["data"]["verdict"]) == ("PRK", "RUS", "supported")
    base = one(claims, type="flow_value", value=1_900_000)
    assert (base["period"], base["data"]["verdict"]) == ("2018-01/2018-12", "supported")
    assert "truncated" in base["flags"]


def test_visas_are_a_claim_without_a_number_that_nobody_can_bear_out(claims):
    claim = next(claim for claim in claims if "visas issued" in claim["sentence"])
    assert (claim["value"], claim["data"]["reason"]) == (None, "not_a_trade_statistic")


def test_nothing_is_invented(claims):
    assert sorted(claim["value"] for claim in claims if claim["value"] is not None) == [
        20, 1_900_000, 2_300_000, 32_000_000, 42_000_000,
    ]  # fmt: skip
    assert [claim["value"] for claim in claims if claim["mark"] == "conflict"] == [20]
