"""What a reader may rely on when a story is read: each case in tests/cases/stories is a story of our own making."""

from __future__ import annotations

import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.news.claims.extract import extract
from tidewaiter.news.words.article import read_story

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['story']}")
    for path in sorted((Path(__file__).parent / "cases" / "stories").glob("*.yml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def claims_of(text, published_on=date(2020, 1, 24)):
    return extract(read_story(text, published_on=published_on)).claims


def said(claim, slot):
    number = claim.number
    simple = {
        "value": lambda: number.value if number else None,
        "unit": lambda: number.unit if number else None,
        "hedge": lambda: number.hedge if number else None,
        "restated": lambda: [other.value for other in number.restated],
        "period": lambda: claim.period.span() if claim.period else None,
        "base_period": lambda: claim.base_period.span() if claim.base_period else None,
        "base": lambda: claim.base.value if claim.base else None,
        "level": lambda: claim.level.value if claim.level else None,
        "hs": lambda: list(claim.goods.hs),
        "goods_text": lambda: claim.goods.text,
        "parties": lambda: list(claim.parties),
        "unresolved": lambda: list(claim.unresolved),
        "items": lambda: [item.text for item in claim.items],
    }
    return simple[slot]() if slot in simple else getattr(claim, slot)


def wanted(value):
    if isinstance(value, float):
        return Fraction(str(value))
    return value


@pytest.mark.parametrize("case", CASES)
def test_a_story_yields_its_claims_and_no_others(case):
    published = case["published_on"]
    extraction = extract(read_story(case["text"], published_on=published))
    found = list(extraction.claims)
    listing = [(claim.type, claim.quote, said(claim, "value")) for claim in found]
    for want in case["claims"]:
        fits = [claim for claim in found if all(said(claim, slot) == wanted(value) for slot, value in want.items())]
        assert fits, f"{want} not among {listing}"
        found.remove(fits[0])
    assert not found, f"more than the case says: {[(claim.type, claim.quote) for claim in found]}"
    left = [leftover.text for leftover in extraction.leftovers]
    assert all(text in left for text in case.get("leftovers", [])), left


def test_every_number_of_a_story_is_a_claim_or_is_listed_with_a_reason():
    text = "Kenya exported $5 million of tea to Oman in 2019. The bridge is 300 metres long and cost $7 million."
    extraction = extract(read_story(text, published_on=date(2020, 5, 1)))
    assert [claim.number.value for claim in extraction.claims] == [5_000_000]
    assert [leftover.text for leftover in extraction.leftovers] == ["300", "$7 million"]
    assert all(leftover.reason for leftover in extraction.leftovers)


def test_a_change_links_to_the_base_it_names_and_not_to_the_last_number():
    change = next(
        claim
        for claim in claims_of(
            "Chad imported $52 million in goods from Togo in 2019 and paid $3 million in port fees. "
            "That was 15% more than the $47 million of goods Chad had bought from Togo in 2018."
        )
        if claim.type == "change"
    )
    assert (change.level.value, change.base.value) == (52_000_000, 47_000_000)


def test_a_composition_without_any_number_is_still_a_claim():
    (claim,) = claims_of("Ghana's imports from India consisted mostly of rice, followed by textiles and medicines.")
    assert claim.type == "composition"
    assert [item.text for item in claim.items] == ["rice", "textiles", "medicines"]


def test_north_korea_is_never_south_korea():
    claims = claims_of(
        "South Korea's exports to China rose 5 percent in 2019. The North's exports to China fell 5 percent in 2019."
    )
    assert [(claim.exporter, claim.importer, claim.direction) for claim in claims] == [
        ("KOR", "CHN", "up"),
        ("PRK", "CHN", "down"),
    ]


def test_crude_and_refined_oil_are_never_mixed():
    claims = claims_of(
        "Iran exported 3 tons of crude oil to China in 2019. Iran exported 5 tons of fuel oil to China in 2019."
    )
    assert [claim.goods.hs for claim in claims] == [("2709",), ("2710",)]


def test_a_source_is_no_party_to_the_trade():
    (claim,) = claims_of("Exports from Chile to Peru were $9 million in 2019, Chinese customs data showed.")
    assert (claim.exporter, claim.importer) == ("CHL", "PER")


def test_spans_point_at_the_characters_they_quote():
    text = "Kenya exported more than $5 million of tea to Oman in 2019, up 4 percent from 2018."
    story = read_story(text, published_on=date(2020, 5, 1))
    for claim in extract(story).claims:
        assert story.text[slice(*claim.span)] == claim.quote
        assert story.text[slice(*claim.sentence_span)] == claim.sentence
        assert story.text[slice(*claim.number.span)] == claim.number.text


def test_the_same_text_gives_the_same_claims_every_time():
    text = "Kenya and Oman traded $5 million in 2019; exports to Oman rose 4 percent, imports from Oman fell by half."
    assert repr(claims_of(text)) == repr(claims_of(text))


def test_a_headline_claim_says_so():
    text = "Kenya's exports to Oman jump 40 pct in 2019\n\nKenya's exports to Oman were $5 million in 2019."
    assert [(claim.type, claim.in_headline) for claim in claims_of(text)] == [("change", True), ("flow_value", False)]


def test_the_north_is_no_country_where_no_korea_is_in_the_story():
    claims = claims_of("Italy's factories in the North sold $5 million of cheese to Austria in 2019.")
    assert [(claim.exporter, claim.importer) for claim in claims] == [("ITA", "AUT")]


def test_a_caption_claims_nothing():
    text = "Kenya exported $5 million of tea to Oman in 2019. Zuma / TASS\n\nKenya's ports were calm on Monday."
    extraction = extract(read_story(text, published_on=date(2020, 5, 1)))
    assert extraction.claims == ()
    assert [leftover.reason for leftover in extraction.leftovers] == ["in a caption, a credit or a table"]


WORDS = st.sampled_from(
    [
        "Kenya",
        "Oman's",
        "Russian",
        "the",
        "North",
        "Pyongyang",
        "its",
        "it",
        "they",
        "imports",
        "exports",
        "trade",
        "deficit",
        "shipments",
        "imported",
        "sold",
        "rose",
        "fell",
        "by",
        "to",
        "from",
        "in",
        "of",
        "with",
        "between",
        "and",
        ",",
        ".",
        ";",
        "(",
        ")",
        "while",
        "respectively",
        "followed",
        "share",
        "accounted",
        "for",
        "largest",
        "supplier",
        "coal",
        "tea",
        "crude",
        "oil",
        "goods",
        "worth",
        "up",
        "down",
        "compared",
        "than",
        "record",
        "no",
        "zero",
        "cap",
        "limits",
        "$5",
        "million",
        "42",
        "%",
        "3-fold",
        "doubled",
        "half",
        "percent",
        "2019",
        "January-June",
        "last",
        "year",
        "a",
        "year",
        "earlier",
        "the",
        "same",
        "period",
        "on-year",
        "12",
        "tons",
        "barrels",
        "per",
        "day",
        "visas",
        "workers",
        "third",
        "consecutive",
        "month",
        "total",
        "bilateral",
        "we",
        "expected",
        "may",
        "of",
        "which",
        "that's",
        "the",
        "figure",
        "7",
        "dollars",
        "($3",
        "billion)",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40))
def test_no_arrangement_of_words_breaks_the_reading_or_claims_what_is_not_written(words):
    story = read_story("In 2020 " + " ".join(words), published_on=date(2020, 5, 1))
    extraction = extract(story)
    for claim in extraction.claims:
        assert story.text[slice(*claim.span)] == claim.quote
        assert claim.exporter is None or claim.exporter != claim.importer
        if claim.number is not None:
            assert story.text[slice(*claim.number.span)] == claim.number.text
    ids = [claim.id for claim in extraction.claims]
    assert len(set(ids)) == len(ids)
    linked = {claim.level_id for claim in extraction.claims} | {claim.base_id for claim in extraction.claims}
    assert linked <= {None, *ids}


NO_TRADE = {
    "resolutions": "Resolution 2375 of 2017 and resolution 1718 still apply, an official aged 54 said on flight JS271.",
    "a sports trade": "The guard was traded to the Lakers for $4 million and two picks. The Celtics traded Ng to Denver.",
    "an advertisement": "SAVE 20% on a $32 subscription today! Buy goods worth $50 and get 10% off.",
    "markets": "The rouble fell 2% to 63 per dollar on Monday. Shares of a gas company lost 3 percent.",
    "output": "Iran's crude output fell to 2.1 million barrels per day in December from 3.8 million a year earlier.",
    "the economy": "China's economy grew 6.1% in 2019 and inflation was 2.9%.",
    "a loan": "China lent Pakistan $6 billion in 2019.",
    "a contract": "Russia and Turkey signed a $2.5 billion contract for missiles in 2017.",
    "firms": "Gas prices rose 40% and exporters lost $2 billion in revenue.",
    "a share of the economy": "Trade between the US and China was 3% of GDP in 2018.",
}


@pytest.mark.parametrize("text", NO_TRADE.values(), ids=NO_TRADE.keys())
def test_no_claim_is_invented_from(text):
    extraction = extract(read_story(text, published_on=date(2020, 1, 24)))
    assert extraction.claims == ()
    assert all(leftover.reason for leftover in extraction.leftovers)


def test_what_did_not_happen_is_a_zero_and_a_figure_under_not_is_negated():
    (zero,) = claims_of("North Korea did not export any coal to China in March 2017.")
    assert (zero.type, zero.exporter, zero.importer, zero.number.value) == ("zero", "PRK", "CHN", 0)
    (figure,) = claims_of("Russia did not import $5 million of Georgian wine in 2018.")
    assert (figure.type, figure.negated) == ("flow_value", True)
    assert not any(claim.negated for claim in claims_of("Russia imported $5 million of Georgian wine in 2018."))


def test_a_bare_verb_between_two_figures_is_a_change_without_a_size():
    claims = claims_of("Deliveries of coal to Ukraine from Russia decreased from 3.4 to 2.9 million tonnes in 2019.")
    change = next(claim for claim in claims if claim.type == "change")
    assert (change.mode, change.direction, change.base.value, change.level.value) == (
        "direction_only",
        "down",
        3_400_000,
        2_900_000,
    )


def test_the_first_time_in_years_is_a_record_of_its_own_kind():
    claims = claims_of("Turkey imported no Iranian oil in May 2019, for the first time in eight years.")
    assert [claim.type for claim in claims] == ["zero", "record"]
    assert (claims[1].among, claims[1].rank) == ("first", None)
    assert "eight years" in claims[1].since


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("China's exports to the North rose 5% in 2019.", True),
        ("China's exports to the North rose 5% in 2019 despite Security Council sanctions.", False),
    ],
)
def test_the_north_without_a_named_korea_says_on_what_evidence(text, weak):
    (claim,) = claims_of(text)
    assert claim.importer == "PRK"
    assert "China" in dict(claim.filled)["importer"]
    assert ("importer" in claim.unresolved) is weak


def test_a_claim_without_a_number_quotes_its_clause():
    text = "Togo's imports from Chad rose to $3 million in 2019, up from $2 million in 2018, the ministry said."
    change = next(claim for claim in claims_of(text) if claim.type == "change")
    assert change.quote == "up from $2 million in 2018"


def test_visas_are_visas_whoever_travels():
    (claim,) = claims_of("The number of student and tourist visas that Russia issued to North Koreans surged in 2019.")
    assert (claim.type, claim.is_trade, claim.goods.text) == ("trend", False, "visas")


@pytest.mark.parametrize(
    "text",
    [
        "Most of Chad's imports from Togo in 2019 were cement, followed by rice, salt and medicines.",
        "Chad's imports from Togo in 2019 were dominated by cement, rice and medicines.",
        "Chad's imports from Togo in 2019 consisted chiefly of cement, rice and medicines.",
        "Chad's imports from Togo, mainly cement, rice and medicines, were modest in 2019.",
        "The top items were cement, rice and medicines in Chad's imports from Togo in 2019.",
        "Cement, rice and medicines made up the bulk of Chad's imports from Togo in 2019.",
    ],
)
def test_a_composition_is_read_however_it_is_put(text):
    claim = next(claim for claim in claims_of(text) if claim.type == "composition")
    assert [item.text.casefold() for item in claim.items][:2] == ["cement", "rice"]
    assert (claim.exporter, claim.importer) == ("TGO", "TCD")


def test_what_drove_a_rise_is_no_composition():
    claims = claims_of("Chad's imports from Togo jumped 70 percent in 2019, led by cement and rice.")
    assert [claim.type for claim in claims] == ["change"]


def test_a_table_of_ten_thousand_numbers_is_read_in_bounded_time():
    rows = "\n".join(f"Russia {number} {number * 7 % 997} {number * 3}" for number in range(3400))
    begun = time.process_time()
    extraction = extract(read_story(f"Exports by country\n{rows}", published_on=date(2020, 1, 24)))
    assert extraction.claims == ()
    assert time.process_time() - begun < 20


def test_scripts_data_urls_and_invisible_characters_claim_nothing_and_hide_nothing():
    page = (
        "<html><head><script>var x = 'Russia exported $5 million of coal to China in 2019';</script></head><body>"
        "<article><h1>Coal</h1><p>Rus\u200bsia exp\u202eorted $7\u200b million of coal to Chi\u2066na in 2019, the "
        "customs service said in a long statement on Monday, and it gave no further figures to the press.</p>"
        f"<img src='data:image/png;base64,{'A' * 5000}'></article></body></html>"
    )
    claims = extract(read_story(page, published_on=date(2020, 1, 24))).claims
    assert [(claim.exporter, claim.importer, claim.number.value) for claim in claims] == [("RUS", "CHN", 7_000_000)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Товарооборот вырос на 5 процентов.", "Russian"),
        ("무역액은 5퍼센트 증가했다.", "Korean"),
    ],
)
def test_a_language_that_is_not_read_yet_is_named(text, language):
    extraction = extract(read_story(text))
    assert extraction.claims == ()
    assert language in extraction.leftovers[0].reason
    assert "not supported" in extraction.leftovers[0].reason
