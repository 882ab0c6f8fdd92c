"""Laws of asking in parts: nothing lost, nothing twice, no heading parted; and what identifies a question."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.statistics.card import card_of
from tidewaiter.statistics.fetching.comtrade import Ask, parts, request_of
from tidewaiter.statistics.fetching.request import Request

SERVICE = card_of("un_comtrade").service
CODES = ["TOTAL", "01", "27", "2709", "2710", "270900", "271012", "271019", "271020", "030367"]

asks = st.builds(
    Ask,
    frequency=st.just("A"),
    periods=st.lists(st.sampled_from(["2017", "2018", "2019"]), min_size=1, unique=True).map(tuple),
    reporters=st.lists(st.sampled_from(["643", "156", "699"]), min_size=1, unique=True).map(tuple),
    partners=st.lists(st.sampled_from(["408", "410", "842"]), min_size=1, unique=True).map(tuple),
    flows=st.lists(st.sampled_from(["M", "X", "RX"]), min_size=1, unique=True).map(tuple),
    products=st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(lambda codes: tuple(sorted(codes))),
)


def rows(ask):
    """Every line that an ask speaks of."""
    return list(product(ask.periods, ask.reporters, ask.partners, ask.flows, ask.products))


def leaves(ask):
    found = parts(ask, SERVICE)
    return [leaf for part in found for leaf in leaves(part)] if found else [ask]


@given(asks)
def test_the_parts_of_a_question_are_all_of_it_and_none_of_it_twice(ask):
    split = parts(ask, SERVICE)
    if split:
        assert sorted(row for part in split for row in rows(part)) == sorted(rows(ask))
        assert all(len(rows(part)) < len(rows(ask)) for part in split)


@given(asks)
def test_split_to_the_end_no_heading_is_parted_and_nothing_else_is_left_together(ask):
    for leaf in leaves(ask):
        assert [len(leaf.periods), len(leaf.reporters), len(leaf.partners), len(leaf.flows)] == [1, 1, 1, 1]
        assert len({(len(code), code[:4]) for code in leaf.products}) == 1
        together = [
            code for code in ask.products if (len(code), code[:4]) == (len(leaf.products[0]), leaf.products[0][:4])
        ]
        assert list(leaf.products) == together


@given(asks, asks)
def test_two_questions_have_one_fingerprint_only_when_they_are_the_same(one, other):
    made = [request_of(ask, card_of("un_comtrade"), "https://example.org", keyed=False) for ask in (one, other)]
    assert (made[0].fingerprint == made[1].fingerprint) == (one == other)


@given(st.permutations([("a", "1"), ("b", "2"), ("c", "3,4")]))
def test_the_order_of_parameters_does_not_matter_but_the_server_and_the_key_do(parameters):
    base = Request("s", "https://example.org", "/p", (("a", "1"), ("b", "2"), ("c", "3,4")))
    assert Request("s", "https://example.org", "/p", tuple(parameters)).fingerprint == base.fingerprint
    assert Request("s", "https://example.com", "/p", base.parameters).fingerprint != base.fingerprint
    assert Request("s", "https://example.org", "/p", base.parameters, keyed=True).fingerprint != base.fingerprint


def test_a_level_becomes_the_codes_of_every_edition_the_publishers_own_and_those_that_were_seen():
    ask = Ask("A", ("2019",), ("643",), ("408",), ("M",), ("AG6",))
    codes = [code for part in parts(ask, SERVICE, seen=["987654"]) for code in part.products]
    assert len(codes) == len(set(codes))
    # 271011 ended with HS 2007, 271012 began with HS 2012.
    assert {"271011", "271012", "999999", "9999AA", "987654"} <= set(codes)
    assert max(len(part.products) for part in parts(ask, SERVICE)) <= SERVICE.codes_a_call
