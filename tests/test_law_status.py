"""The law in sentences, and what must hold of every status whatever the law says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.base.errors import CodeError, QueryError
from tidewaiter.base.period import Period
from tidewaiter.law import rulebook
from tidewaiter.law.contract import status_to_json
from tidewaiter.law.regime import Exemption, Rulebook
from tidewaiter.law.say import say_note, say_status
from tidewaiter.law.status import MILD_TO_STRICT, Status, status

CASES = Path(__file__).parent / "cases" / "law"
KEYS = {
    *("say", "when", "from", "to", "product", "hs", "status", "cite", "coverage", "bounds", "readings", "exempt"),
    *("codes_by", "unverified", "also", "unmatched", "bound"),
}


def sentences():
    for path in sorted(CASES.glob("*.yml")):
        for index, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield pytest.param(case, id=f"{path.stem}-{index + 1}: {case['say']}")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook_once()


def judge(case: dict, book: Rulebook) -> Status:
    assert case.keys() <= KEYS, f"unknown key {case.keys() - KEYS}"
    on = case["when"] if isinstance(case["when"], date) else Period.parse(case["when"])
    ends = {"exporter": case.get("from"), "importer": case.get("to")}
    return status(case["product"], on, book, **ends, hs=case.get("hs", "HS"))


def place(match) -> str:
    return f"{match.measure.act}/{match.measure.cite.place.removeprefix('paragraph ')}"


@pytest.mark.parametrize("case", list(sentences()))
def test_the_law_says(case, book):
    found = judge(case, book)
    assert found.status == case["status"]
    if case["status"] == "permitted":
        assert case["cite"] not in {place(match) for match in found.matches}
    else:
        deciding = found.coarse if case["status"] == "too_coarse" else found.matches
        assert case["cite"] in {place(match) for match in deciding if case["status"] in {match.status, "too_coarse"}}
    cited = next((match for match in found.matches if place(match) == case["cite"]), None)
    checks = {
        "coverage": lambda: found.coverage,
        "bounds": lambda: [cited.mildest, cited.strictest],
        "readings": lambda: {side.reading.id: side.status for side in found.sides},
        "exempt": lambda: [exemption.id for exemption in cited.exemptions],
        "codes_by": lambda: cited.goods.assigned_by,
        "also": lambda: [one for one in case["also"] if one in {match.measure.id for match in found.matches}],
        "unverified": lambda: not found.verified,
        "unmatched": lambda: sorted({code for _, code, _ in found.unmatched}),
        "bound": lambda: [place(match) for match in found.bound],
    }
    for key in checks.keys() & case.keys():
        assert checks[key]() == case[key], key


@pytest.mark.parametrize("case", list(sentences()))
def test_every_sentence_is_said_in_words_with_its_paragraph_and_without_a_verdict(case, book):
    found = judge(case, book)
    words = say_status(found)
    assert "violat" not in words.casefold()
    assert "breach" not in words.casefold()
    for match in found.matches:
        assert str(match.measure.cite).casefold() in words.casefold()


def test_there_are_at_least_120_sentences_and_each_measure_with_goods_of_the_un_regime_is_cited():
    cases = [case for path in CASES.glob("*.yml") for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
    assert len(cases) >= 120
    regime = rulebook.find_regime(rulebook.load(), "un/dprk")
    places = {f"{each.act}/{each.cite.place.removeprefix('paragraph ')}" for each in regime.measures if each.goods}
    assert places - {case["cite"] for case in cases} <= {"2375/15", "2397/4"}  # cited through `also`


def test_an_unknown_code_area_or_edition_is_an_error_that_names_it(book):
    with pytest.raises(CodeError, match="270199"):
        status("270199", date(2018, 1, 1), book, exporter="PRK")
    with pytest.raises(CodeError, match="PRQ"):
        status("2701", date(2018, 1, 1), book, exporter="PRQ")
    with pytest.raises(CodeError, match="HS2016"):
        status("2701", date(2018, 1, 1), book, exporter="PRK", hs="HS2016")


def test_a_question_without_any_area_is_refused(book):
    with pytest.raises(QueryError, match="--from"):
        status("2701", date(2018, 1, 1), book)


def test_a_concordance_carries_a_measure_into_the_declarations_edition(book):
    def restate(code, hs, to):
        # 2710.11 of HS2007 became 2710.12 in HS2012 (correlation table HS2012 to HS2007), with more goods in it.
        return [("271011", False)] if (code, hs, to) == ("271012", "HS2012", "HS2007") else [(code, True)]

    found = status("271011", date(2016, 5, 1), book, importer="PRK", hs="HS2007", restate=restate)
    assert found.status == "banned"
    assert found.coverage == "partial"


def test_a_restated_code_that_holds_more_than_the_law_is_an_upper_bound(book):
    found = status("71", date(2018, 1, 1), book, exporter="PRK")
    assert found.status == "too_coarse"
    exact = status("7108", date(2018, 1, 1), book, exporter="PRK", hs="HS2017")
    wider = status("7108", date(2018, 1, 1), book, exporter="PRK", hs="HS2017", restate=lambda c, _h, _t: [(c, False)])
    assert (exact.coverage, wider.coverage) == ("full", "partial")


@lru_cache(maxsize=1)
def rulebook_once() -> Rulebook:
    return rulebook.load()


def test_a_number_about_banned_goods_gets_one_line_with_measure_day_and_paragraph(book):
    seafood = status("0306", date(2019, 3, 1), book, exporter="PRK")
    assert say_note(seafood) == (
        "fish and seafood: banned since 5 August 2017 (resolution 2371 (2017), paragraph 9; code or days not verified)"
    )
    diesel = status("2713", date(2019, 3, 1), book, importer="PRK")
    assert say_note(diesel) == (
        "refined petroleum products: capped since 1 January 2018, 500,000 barrels a calendar year"
        " (resolution 2397 (2017), paragraph 5)"
    )
    assert say_note(status("67", date(2019, 3, 1), book, exporter="PRK")) is None
    assert "the law changed within" in say_note(status("03", Period.parse("2017"), book, exporter="PRK"))


def test_a_year_that_straddles_a_change_says_that_annual_figures_cannot_tell(book):
    year = say_status(status("03", Period.parse("2017"), book, exporter="PRK"))
    month = say_status(status("03", Period.parse("2017-08"), book, exporter="PRK"))
    assert "cannot tell on which side of the change goods moved; monthly figures may." in year
    assert "cannot tell on which side of the change goods moved; only the days could." in month


def test_a_status_is_plain_json_with_paragraphs_and_readings(book):
    found = json.loads(json.dumps(status_to_json(status("271113", date(2019, 1, 1), book, importer="PRK"))))
    assert (found["status"], found["coverage"], found["verified"]) == ("banned", "partial", False)
    assert [match["paragraph"] for match in found["matches"]] == ["paragraph 13", "paragraph 5"]
    assert {side["reading"]: side["status"] for side in found["readings"]} == {
        "lpg:gas-liquid": "banned",
        "lpg:refined-product": "quota_undecided",
    }


days = st.dates(date(2006, 1, 1), date(2025, 12, 31))
spans = st.one_of(
    days,
    st.builds(lambda first, length: Period(first, first + length), st.integers(24072, 24290), st.integers(0, 14)),
)
products = st.sampled_from(
    [
        "2701",
        "270112",
        "2601",
        "7208",
        "7308",
        "03",
        "0306",
        "1603",
        "78",
        "271012",
        "271019",
        "2709",
        "271112",
        "2712",
        "6201",
        "74",
        "84",
        "8517",
        "8703",
        "89",
        "93",
        "2615",
        "1006",
        "27",
    ]
)
directions = st.sampled_from(["exporter", "importer"])
anything = Exemption("x", "any deal may be exempt", "any", verified=True)


def changed(book: Rulebook, change) -> Rulebook:
    return Rulebook(
        tuple(
            replace(regime, measures=tuple(change(measure) for measure in regime.measures)) for regime in book.regimes
        )
    )


@settings(deadline=None)
@given(products, spans, directions, st.integers(0, 60))
def test_an_exemption_never_makes_the_law_stricter(product, on, direction, which):
    book = rulebook_once()
    ids = sorted(measure.id for regime in book.regimes for measure in regime.measures)
    chosen = ids[which % len(ids)]
    milder = changed(
        book, lambda each: replace(each, exemptions=(*each.exemptions, anything)) if each.id == chosen else each
    )
    before, after = (status(product, on, each, **{direction: "PRK"}) for each in (book, milder))
    assert after.strictness <= before.strictness


@settings(deadline=None)
@given(products, spans, directions, st.integers(0, 60), st.integers(1, 2000))
def test_a_later_end_never_makes_the_law_milder(product, on, direction, which, longer):
    book = rulebook_once()
    ids = sorted(measure.id for regime in book.regimes for measure in regime.measures)
    chosen = ids[which % len(ids)]
    extended = changed(
        book,
        lambda each: replace(each, end=each.end + timedelta(days=longer)) if each.id == chosen and each.end else each,
    )
    before, after = (status(product, on, each, **{direction: "PRK"}) for each in (book, extended))
    assert after.strictness >= before.strictness


@settings(deadline=None)
@given(products, st.integers(24072, 24290), directions)
def test_a_month_is_never_outside_the_bounds_of_its_days(product, month, direction):
    book = rulebook_once()
    span = Period(month, month)
    whole = status(product, span, book, **{direction: "PRK"})
    first, last = whole.first, whole.last
    ranks = []
    for offset in range((last - first).days + 1):
        single = status(product, first + timedelta(days=offset), book, **{direction: "PRK"})
        ranks.append(single.strictness[0])
    assert max(ranks) == whole.strictness[0]
    if len(set(ranks)) > 1 and whole.matches and whole.status != "too_coarse":
        assert any(match.status == "partly_in_force" for match in whole.matches)


@settings(deadline=None)
@given(products, days, directions)
def test_a_status_is_one_of_the_words_and_partial_unless_the_whole_code_is_covered(product, on, direction):
    found = status(product, on, rulebook_once(), **{direction: "PRK"})
    assert found.status in MILD_TO_STRICT
    if found.coverage == "full":
        assert found.matches[0].goods.coverage == "exact"
