"""Goods: what a phrase stands for, how surely, and that the codes are codes."""

from __future__ import annotations

import re

import pytest

from tidewaiter.news.words.goods import lex, union
from tidewaiter.news.words.tables import rows


@pytest.mark.parametrize(
    ("text", "hs", "certainty"),
    [
        ("crude oil", ("2709",), "exact"),
        ("refined oil", ("2710",), "family"),
        ("petroleum products", ("2710",), "family"),
        ("oil", ("2709", "2710"), "family"),
        ("musical instruments", ("92",), "exact"),
        ("cereal and flour", ("10", "11"), "family"),
        ("luxury goods", (), "unmapped"),
    ],
)
def test_a_phrase_has_its_codes_and_its_certainty(text, hs, certainty):
    goods = lex(text, 0)
    assert (goods.hs, goods.certainty) == (hs, certainty)


def test_the_longest_phrase_wins():
    assert lex("iron ore and concentrate", 0).text == "iron ore and concentrate"
    assert lex("iron gates", 0).text == "iron"


def test_goods_named_together_are_one_scope_as_sure_as_the_least_sure():
    text = "cars and mobile phones"
    both = union([lex(text, 0), lex(text, 9)], text)
    assert both.hs == ("8517", "8703")
    assert both.text == text
    assert both.certainty == "family"


def test_a_code_inside_another_is_not_named_twice():
    text = "mineral fuel, coal"
    assert union([lex(text, 0), lex(text, 14)], text).hs == ("27",)


def test_every_code_of_the_table_is_digits_and_every_unmapped_phrase_has_none():
    for row in rows("goods"):
        codes = row["hs"].split() + row["alternatives"].split()
        assert all(re.fullmatch(r"\d{2}(\d{2}(\d{2})?)?", code) for code in codes), row
        assert (row["certainty"] == "unmapped") == (not row["hs"]), row


def test_no_phrase_for_refined_oil_names_crude():
    for row in rows("goods"):
        if "refined" in row["phrase"] or row["phrase"] in {"diesel", "gasoline", "fuel oil", "jet fuel"}:
            assert "2709" not in row["hs"].split() + row["alternatives"].split(), row
