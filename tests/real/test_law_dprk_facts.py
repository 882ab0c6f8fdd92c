"""The regime on North Korea says no more, and no less, than the collected facts: codes, days, caps, doubt."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from tidewaiter.law import rulebook

pytestmark = pytest.mark.real

WRITTEN_OTHERWISE = {
    # (resolution, code in the facts): why the regime has it otherwise
    ("2270", "271011"): "the number of HS2007; the measure is written in HS2012 and restated",
    ("2371", "260111"): "inside 2601, which the same paragraph covers",
    ("2375", "2711"): "split into its subheadings, since the two readings differ below the heading",
}
BANS = {"ban", "conditional_ban", "cap", "cap_relative"}


@pytest.fixture(scope="module")
def facts(shared_data):
    path = shared_data.parent / "facts" / "un_dprk_measures.yaml"
    if not path.exists():
        pytest.skip("the facts are not here")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measures():
    return rulebook.find_regime(rulebook.load(), "un/dprk").measures


def codes_of(fact):
    for entry in fact.get("hs") or []:
        last = entry.get("to", entry["code"])
        width = len(entry["code"])
        for number in range(int(entry["code"]), int(last) + 1):
            code = f"{number:0{width}d}"
            if code != "77":
                yield code, entry


def test_every_code_of_the_facts_is_in_the_regime_with_the_same_doubt(facts, measures):
    checked = 0
    for fact in facts["measures"]:
        ways = {"dprk_export": {"from_target"}, "dprk_import": {"to_target"}}.get(
            fact["direction"], {"from_target", "to_target"}
        )
        for code, entry in codes_of(fact):
            if (fact["resolution"], code) in WRITTEN_OTHERWISE:
                continue
            ours = [
                (measure, goods)
                for measure in measures
                for goods in measure.goods
                if measure.act == fact["resolution"] and measure.direction in ways and code in goods.codes
            ]
            assert ours, f"{fact['id']} {code} is missing"
            if entry["by"] == "panel" and any(goods.assigned_by == "national" for _, goods in ours):
                continue  # the same code twice in the facts; the verified one is kept
            seen = entry["verified"] is True or "printed in" in str(entry["verified"])
            assert any(goods.verified == seen for _, goods in ours), f"{fact['id']} {code}"
            who = {"mofcom": "national"}.get(entry["by"], entry["by"])
            assert who in {goods.assigned_by for _, goods in ours}, f"{fact['id']} {code}"
            checked += 1
    assert checked > 80


def test_every_start_end_and_wind_down_agrees(facts, measures):
    for fact in facts["measures"]:
        if fact["kind"] not in BANS:
            continue
        ours = [
            measure
            for measure in measures
            if measure.act == fact["resolution"]
            and measure.cite.place.removeprefix("paragraph ").startswith(fact["paragraphs"][0].split("(")[0])
        ]
        assert fact["effective"] in {measure.start for measure in ours}, fact["id"]
        if isinstance(fact.get("valid_to"), date):
            assert fact["valid_to"] in {measure.end for measure in ours}, fact["id"]
        grace = fact.get("grace")
        if isinstance(grace, dict) and grace.get("last_import"):
            ends = {(m.wind_down.end, m.wind_down.contract_before) for m in ours if m.wind_down}
            assert (grace["last_import"], grace["contract_before"]) in ends, fact["id"]


def test_every_cap_agrees(facts, measures):
    ours = {
        (measure.act, quota.start): {amount.unit: int(amount.value) for amount in quota.amounts}
        for measure in measures
        for quota in measure.quotas
        if quota.amounts
    }
    units = {"barrel": "bbl", "metric_ton": "t"}
    found = 0
    for fact in facts["measures"]:
        for cap in fact.get("caps") or []:
            if cap.get("applied") == "never" or cap["quantity"] is None:
                continue
            mine = ours[fact["resolution"], cap["period"]["from"]]
            assert mine[units[cap["unit"]]] == cap["quantity"]
            if "value_usd" in cap:
                assert mine["USD"] == cap["value_usd"]
            if "or" in cap:
                assert mine[units[cap["or"]["unit"]]] == cap["or"]["quantity"]
            found += 1
    assert found == 5


def test_what_the_facts_call_not_banned_matches_nothing_today(facts, measures):
    for key, way in (("dprk_export", "from_target"), ("dprk_import", "to_target")):
        banned = {c for m in measures if m.direction == way and not m.end for g in m.goods for c in g.codes}
        for text in facts["not_banned_examples"][key]:
            code = text.split()[0]
            if "-" in code or (key == "dprk_import" and code == "90"):
                continue
            assert not any(code.startswith(each) for each in banned), text
