"""Every real story goes through the whole checker: no crash, the contract kept, spans true, time bounded."""

from __future__ import annotations

import json
import time
from datetime import date

import jsonschema
import pytest

from tidewaiter import pipeline
from tidewaiter.news.judge.contract import schema, to_dict
from tidewaiter.statistics.land import LandOptions

pytestmark = pytest.mark.real

MOST_SECONDS = 20
"""Of processor time for one story, far above what it takes, far below what a runaway would."""


@pytest.fixture(scope="module")
def lake(shared_data, tmp_path_factory):
    home = str(tmp_path_factory.mktemp("lake"))
    landed = list(pipeline.land([shared_data / "imf_dots" / "imf_dots_PRK.csv"], LandOptions(), home=home))
    assert not isinstance(landed[0][1], Exception), landed
    return pipeline.open_lake(home)


@pytest.fixture(scope="module")
def checked(shared_data, lake):
    path = shared_data.parent / "stories" / "dev.jsonl"
    if not path.is_file():
        pytest.skip("the real stories are not here")
    made = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        story = json.loads(line)
        day = date.fromisoformat(story["date"]) if len(story.get("date") or "") == 10 else None
        began = time.process_time()
        made[story["id"]] = to_dict(pipeline.check(story["text"], name=story["id"], published_on=day, lake=lake))
        assert time.process_time() - began < MOST_SECONDS, story["id"]
    return made


def test_every_real_story_keeps_to_the_contract(checked):
    validator = jsonschema.Draft202012Validator(schema())
    for name, made in checked.items():
        assert not [error.message for error in validator.iter_errors(made)], name
        for claim in made["claims"]:
            assert made["story"]["text"][slice(*claim["span"])] == claim["quote"], (name, claim["id"])


def test_areas_units_and_signs_are_those_of_the_contract(checked):
    claims = [claim for made in checked.values() for claim in made["claims"]]
    assert not {claim["exporter"] for claim in claims} & {"W00", "EUR"}
    assert not {claim["importer"] for claim in claims} & {"W00", "EUR"}
    assert any(claim["importer_label"] == "World" for claim in claims)
    assert not {claim["unit"] for claim in claims} & {"bbl", "bbl/d", "x", ""}
    for claim in claims:
        if claim["type"] == "change" and claim["value"] is not None:
            assert claim["direction"] is not None, claim
            assert claim["direction"] != "down" or claim["unit"] == "times" or claim["value"] <= 0, claim
