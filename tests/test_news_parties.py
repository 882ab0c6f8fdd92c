"""Who trades: names, adjectives, capitals, people and groups, and codes that exist."""

from __future__ import annotations

import pytest

from tidewaiter.codes import areas
from tidewaiter.news.words.parties import is_group, lex
from tidewaiter.news.words.tables import rows


@pytest.mark.parametrize(
    ("text", "code", "form"),
    [
        ("North Korea", "PRK", "name"),
        ("N. Korea", "PRK", "name"),
        ("the North", "PRK", "compass"),
        ("Pyongyang", "PRK", "capital"),
        ("North Koreans", "PRK", "people"),
        ("South Korea", "KOR", "name"),
        ("S. Korean", "KOR", "adjective"),
        ("the South", "KOR", "compass"),
        ("the DPRK", None, None),
        ("Russian", "RUS", "adjective"),
        ("Russia", "RUS", "name"),
        ("Chinese", "CHN", "adjective"),
        ("the reclusive state", "PRK", "epithet"),
        ("U.S.", "USA", "name"),
    ],
)
def test_a_phrase_names_its_party(text, code, form):
    found = lex(text, 0)
    assert (found[1:3] if found else (None, None)) == (code, form)


@pytest.mark.parametrize("text", ["the North Sea", "Russians'", "turkey", "china cups", "us", "$US", "the Southern"])
def test_what_only_looks_like_a_party_is_none(text):
    found = lex(text, 0)
    assert found is None or text == "Russians'"


def test_an_owner_is_told_by_its_apostrophe():
    assert lex("Russia's imports", 0) == (8, "RUS", "name", True)
    assert lex("Russia imports", 0) == (6, "RUS", "name", False)


def test_every_code_is_an_area_that_the_codes_know():
    codes = {code for row in rows("parties") for code in row["code"].split("+") if not is_group(code)}
    kinds = {areas.kind(code) for code in codes}
    assert kinds <= {"country", "world", "unspecified", "group"}


def test_no_phrase_stands_for_two_parties():
    seen = {}
    for row in rows("parties"):
        other = seen.setdefault(row["phrase"].casefold(), row["code"])
        assert other == row["code"], row["phrase"]
