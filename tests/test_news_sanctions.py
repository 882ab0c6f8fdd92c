"""What the law orders for the goods of a claim stands beside it and changes no verdict."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from story_claims import claim, flow, story
from tidewaiter import pipeline
from tidewaiter.base.question import Refusal
from tidewaiter.law.notes import notes_for
from tidewaiter.law.rulebook import load
from tidewaiter.news.judge.check import check
from tidewaiter.news.judge.contract import schema, to_dict
from tidewaiter.news.model import Goods
from tidewaiter.tell.story_markdown import story_markdown
from tidewaiter.tell.story_page import story_page

OIL = Goods("refined oil", ("2710",))
COAL = Goods("coal", ("2701",))


def nobody(query):
    return Refusal(query, "no_data", "nothing landed")


@pytest.fixture(scope="module")
def law():
    book = load()
    return lambda exporter, importer, products, period: notes_for(exporter, importer, products, period, book)


def findings(law, *claims):
    return check(story(*claims), nobody, law).findings


def test_capped_goods_carry_the_resolution_its_paragraph_and_since_when(law):
    (one,) = findings(law, flow("$2 million", goods=OIL, period="2019"))
    (note,) = one.sanctions
    assert (note.act, note.paragraph, note.since) == ("resolution 2397 (2017)", "paragraph 5", date(2018, 1, 1))
    assert note.kind == "quota"


def test_the_note_is_that_of_the_claims_own_days(law):
    (before,) = findings(law, flow("$2 million", "PRK", "CHN", goods=COAL, period="2015"))
    assert before.sanctions == ()
    (after,) = findings(law, flow("$2 million", "PRK", "CHN", goods=COAL, period="2019"))
    assert [note.paragraph for note in after.sanctions] == ["paragraph 8"]


@pytest.mark.parametrize(
    "free",
    [
        flow("$2 million", period="2019"),
        flow("$2 million", goods=Goods("wigs", ("6704",)), period="2019"),
        flow("$2 million", "RUS", "KAZ", goods=OIL, period="2019"),
        flow("$2 million", goods=OIL, period=None),
        flow("$2 million", goods=Goods("odds and ends", (), "unmapped")),
    ],
)
def test_nothing_is_noted_where_no_named_goods_are_covered(law, free):
    assert findings(law, free)[0].sanctions == ()


def test_goods_of_a_list_and_of_a_cap_without_a_supplier_are_noted_too(law):
    listed = claim("composition", exporter="RUS", importer="PRK", period="2019", items=(OIL, Goods("wigs", ("6704",))))
    cap = claim("quota", importer="PRK", period="2019", goods=OIL)
    for one in findings(law, listed, cap):
        assert [note.paragraph for note in one.sanctions] == ["paragraph 5"]


def test_notes_change_no_verdict(law):
    claims = [flow("$2 million", goods=OIL), flow("$2 million", "PRK", "CHN", goods=COAL)]
    told = [(one.mark, one.data.verdict, one.explanation) for one in check(story(*claims), nobody).findings]
    assert [(one.mark, one.data.verdict, one.explanation) for one in findings(law, *claims)] == told


def test_every_output_shows_the_note_and_none_says_illegal(law):
    report = check(story(flow("$2 million", goods=OIL, period="2019"), text="Oil."), nobody, law)
    made = to_dict(report)
    jsonschema.validate(made, schema())
    (note,) = made["claims"][0]["sanctions"]
    assert (note["measure"], note["paragraph"], note["since"]) == (
        report.findings[0].sanctions[0].measure,
        "paragraph 5",
        "2018-01-01",
    )
    for text in (json.dumps(made), story_page(report), story_markdown(report)):
        assert "resolution 2397" in text
        assert not [word for word in ("illegal", "violat", "breach", "unlawful") if word in text.casefold()]


def test_the_checker_for_everyone_knows_how_much_of_a_cap_was_notified(tmp_path):
    text = "PYONGYANG, Jan. 20 (Agency) -- North Korea imported refined oil worth $9 million from Russia in January-November 2019."
    report = pipeline.check(text, published_on=date(2020, 1, 20), home=str(tmp_path))
    (note,) = report.findings[0].sanctions
    assert note.share_used is not None
    assert note.share_used.low > 0
    assert note.share_period == "2019-01 to 2019-11"
