"""What may be relied on when a page holds a table: the sentence before it says what it is, or it says nothing."""

from __future__ import annotations

import time
from datetime import date

import pytest

from tidewaiter.news.claims.extract import extract
from tidewaiter.news.words.article import read_story

AROUND = (
    "The harbour was busy all year, and the ships that carried the goods came and went with every tide, as traders "
    "who have known it for decades told the paper on Monday."
)


def claims_page(opening, rows):
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        "<!doctype html><html><head><title>Oman's trade</title></head><body><article><h1>Oman's trade</h1>"
        f"<p>{AROUND}</p><p>{opening}</p><table>{table}</table><p>{AROUND}</p></article></body></html>"
    )


def claims_of(opening, rows):
    extraction = extract(read_story(claims_page(opening, rows), published_on=date(2024, 2, 1)))
    return extraction.claims, [leftover.text for leftover in extraction.leftovers]


def told(claim):
    return claim.exporter, claim.importer, claim.period.span(), int(claim.number.value), claim.number.unit


def test_countries_under_years_are_read_in_the_unit_the_sentence_says():
    opening = "The table shows Oman's exports to its main partners, in million dollars."
    claims, left = claims_of(
        opening, [("Country", "2022", "2023"), ("Laos", "4,464", "5.5"), ("Nepal", "n/a", "2,900")]
    )
    assert [told(claim) for claim in claims] == [
        ("OMN", "LAO", "2022-01/2022-12", 4_464_000_000, "USD"),
        ("OMN", "LAO", "2023-01/2023-12", 5_500_000, "USD"),
        ("OMN", "NPL", "2023-01/2023-12", 2_900_000_000, "USD"),
    ]
    assert left == []


def test_both_ways_are_told_apart_by_the_columns():
    opening = "The table shows Oman's trade with its neighbours in 2023, in thousand tonnes."
    claims, _ = claims_of(opening, [("Country", "Exports", "Imports"), ("Laos", "12", "7")])
    assert [told(claim) for claim in claims] == [
        ("OMN", "LAO", "2023-01/2023-12", 12_000, "t"),
        ("LAO", "OMN", "2023-01/2023-12", 7_000, "t"),
    ]


def test_headings_that_name_way_and_unit_need_no_sentence_before_them():
    opening = "Oman exported goods worth $90 million to Chad in 2023, and the port expects more."
    rows = [("Partner", "Exports, $ million", "Imports ($ mln)"), ("Laos", "1,240.5", "7"), ("Total", "2,000", "30")]
    claims, left = claims_of(opening, rows)
    assert [told(claim) for claim in claims[1:]] == [
        ("OMN", "LAO", "2023-01/2023-12", 1_240_500_000, "USD"),
        ("LAO", "OMN", "2023-01/2023-12", 7_000_000, "USD"),
        ("OMN", "W00", "2023-01/2023-12", 2_000_000_000, "USD"),
        ("W00", "OMN", "2023-01/2023-12", 30_000_000, "USD"),
    ]
    assert all(claim.unresolved for claim in claims[1:]), "whose trade it is was not said, so no row may refute it"
    assert left == []


def test_a_column_of_changes_and_one_of_shares_go_with_the_amounts_before_them():
    opening = "The table shows Oman's exports to its main partners, in million dollars."
    rows = [("Country", "2022", "2023", "Change, %", "Share"), ("Laos", "40", "50", "+25", "12.5%")]
    claims, left = claims_of(opening, rows)
    change, share = claims[2:]
    assert (change.type, change.direction, int(change.number.value), change.number.unit) == ("change", "up", 25, "%")
    assert (change.period.span(), change.base_period.span()) == ("2023-01/2023-12", "2022-01/2022-12")
    assert (int(change.level.value), int(change.base.value)) == (50_000_000, 40_000_000)
    assert (share.type, float(share.number.value), share.importer) == ("share", 12.5, "LAO")
    assert left == []


def test_a_wrong_change_in_a_table_is_seen():
    from tidewaiter.base.question import Refusal
    from tidewaiter.news.judge.check import check

    opening = "The table shows Oman's exports to its main partners, in million dollars."
    page = claims_page(opening, [("Country", "2022", "2023", "Change, %"), ("Laos", "40", "50", "-25")])
    found = check(
        extract(read_story(page, published_on=date(2024, 2, 1))), lambda query: Refusal(query, "no_data", "nothing")
    )
    assert [finding.arithmetic.verdict for finding in found.findings][-1] == "arithmetic_error"


@pytest.mark.parametrize("cell", ["n/a", "-", "c. 5", "5*", "(5)", "1,2", "5 5", "$5 or so"])
def test_a_cell_that_is_no_plain_figure_claims_nothing(cell):
    opening = "The table shows Oman's exports to its main partners, in million dollars."
    claims, _ = claims_of(opening, [("Country", "2023"), ("Laos", cell)])
    assert claims == ()


@pytest.mark.parametrize(
    "heading", ["Exports, $ million per head", "Exports of some", "Expected exports, $ million", "Exports, million"]
)
def test_a_heading_with_a_word_that_is_not_understood_claims_nothing(heading):
    opening = "Oman exported goods worth $90 million to Chad in 2023."
    claims, _ = claims_of(opening, [("Country", heading), ("Laos", "12")])
    assert len(claims) == 1


@pytest.mark.parametrize(
    ("opening", "rows"),
    [
        # No unit: the figures could be anything.
        ("The table shows Oman's exports to its main partners.", [("Country", "2023"), ("Laos", "12")]),
        # No trade: the figures are of something else.
        ("The table shows visitors of Oman, in million dollars.", [("Country", "2023"), ("Laos", "12")]),
        # A column that nobody can name, and rows that are no countries.
        ("Oman's exports are shown in million dollars.", [("Country", "Rank"), ("Laos", "12")]),
        ("Oman's exports are shown in million dollars.", [("Port", "2023"), ("Eastern quay", "12")]),
    ],
)
def test_a_table_that_does_not_say_what_it_holds_claims_nothing(opening, rows):
    claims, left = claims_of(opening, rows)
    assert claims == ()
    assert "12" in left


def test_rows_of_uneven_length_claim_nothing():
    text = "Oman's exports are shown in million dollars.\n\n| Country | 2022 | 2023 |\n|---|---|---|\n| Laos | 12 |\n"
    assert extract(read_story(text, published_on=date(2024, 2, 1))).claims == ()


def test_a_table_of_thousands_of_rows_is_data_and_costs_little():
    rows = [("Country", "2023"), *(("Laos", str(number)) for number in range(3_000))]
    began = time.process_time()
    claims, _ = claims_of("The table shows Oman's exports to its main partners, in million dollars.", rows)
    assert claims == ()
    assert time.process_time() - began < 30
