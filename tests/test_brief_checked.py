"""Whoever checks a bulletin finds every claim of it supported: the promise that a bulletin stands or falls with."""

from __future__ import annotations

import re
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import world as tiny
from brief_helpers import bulletin_of, findings, not_supported, told
from tidewaiter.tell.brief.html import html
from tidewaiter.tell.brief.markdown import markdown

PAIRS = [(target, partner) for target in tiny.AREAS for partner in (*tiny.AREAS, None) if target != partner]
PERIODS = ("2018", "2019", "2019-01/2019-11", "2019-07", "2018-07/2019-06", "2019Q1", "2018H2", "2018..2019")
SMALL = re.compile(r"\$\d{1,3}(\.\d+)?(?![,.\d]*\d)(?! (million|billion|trillion))")
"""An amount below a thousand dollars, which the checker does not take for a country's trade."""
LEAST_READ = 0.95
"""Share of the sentences with a number that the checker has to read; support of what it does not read is worth nothing."""


def assert_supported(made, tables, *, pages=False):
    text = markdown(made)
    found = findings(text, tables)
    assert not_supported(found) == []
    if pages:
        assert not_supported(findings(html(made), tables, "bulletin.html")) == []
    quoted = {one.claim.sentence for one in found}
    sentences = [one.text for one in told(made) if not SMALL.search(one.text)]
    read = [text for text in sentences if any(text in quote or quote in text for quote in quoted)]
    assert len(read) >= LEAST_READ * len(sentences), set(sentences) - set(read)
    return found


@pytest.mark.parametrize(("target", "partner"), PAIRS)
def test_every_claim_of_a_bulletin_is_supported_for_every_pair_of_the_tiny_world(tables, target, partner):
    for period in ("2019", "2019-01/2019-11"):
        assert_supported(bulletin_of(tables, target, partner, period), tables)


@settings(max_examples=12, derandomize=True)
@given(pair=st.sampled_from(PAIRS), period=st.sampled_from(PERIODS), pages=st.booleans())
def test_every_claim_of_a_bulletin_is_supported_for_any_pair_and_span(tables, pair, period, pages):
    assert_supported(bulletin_of(tables, *pair, period), tables, pages=pages)


AMOUNT = st.one_of(
    st.none(),
    st.just(0),
    st.integers(1, 2_000),
    st.integers(1, 10**12),
    st.sampled_from([999_999, 1_000_000, 45_999_999, 46_000_001, 99_950_000, 10**9 - 1, 499_500_000_000]),
    st.decimals("0.001", "5e8", places=3),
)
LEVELS = st.fixed_dictionaries(
    {
        (reporter, flow, partner, year): AMOUNT
        for reporter, partner in (("RUS", "CHN"), ("CHN", "RUS"), ("RUS", "PRK"), ("CHN", "PRK"))
        for flow in ("export", "import")
        for year in ("2018", "2019")
    }
)


@settings(max_examples=25, derandomize=True)
@given(levels=LEVELS, estimated=st.booleans(), pair=st.sampled_from([("PRK", "RUS"), ("RUS", "CHN"), ("CHN", "RUS")]))
def test_every_claim_is_supported_whatever_the_figures_are(levels, estimated, pair):
    """Figures of any size, missing years, zeros and fractions of a cent, as a yearly publisher would give them."""
    rows = tiny.Rows()
    for (reporter, flow, partner, year), value in levels.items():
        if value is not None:
            rows.declare(reporter, flow, partner, year, Decimal(value), source="imf_dots", file="imf_dots")
    if estimated:
        rows.declare("PRK", "import", "RUS", "2019", 31_400_000, source="imf_dots", estimated=True, file="imf_dots")
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "1"}) as engine:
        tables = rows.tables(engine)
        assert_supported(bulletin_of(tables, *pair, "2019"), tables)


@settings(max_examples=8, derandomize=True)
@given(
    months=st.lists(AMOUNT, min_size=24, max_size=24), lines=st.lists(st.integers(0, 10**7), min_size=24, max_size=24)
)
def test_every_claim_is_supported_whatever_months_are_missing(months, lines):
    rows = tiny.Rows()
    for month, value, line in zip(tiny.MONTHS, months, lines, strict=True):
        if value is not None:
            rows.declare("RUS", "export", "PRK", month, Decimal(value) + line)
            rows.declare("RUS", "export", "PRK", month, line, "271012", hs="HS2017")
            rows.declare("RUS", "export", "PRK", month, value, "030367", hs="HS2017")
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "1"}) as engine:
        tables = rows.tables(engine)
        for period in ("2019", "2019-01/2019-11", "2019Q2"):
            assert_supported(bulletin_of(tables, "PRK", "RUS", period), tables)


def test_a_figure_that_somebody_printed_is_told_as_one_and_supported():
    rows = tiny.Rows()
    rows.printed("RUS", "PRK", "2019-01", "2019-11", "42.1e6", "1e5", publisher="Gazette")
    rows.printed("RUS", "PRK", "2018-01", "2018-12", "32e6", "1e6", publisher="Gazette")
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "1"}) as engine:
        tables = rows.tables(engine)
        made = bulletin_of(tables, "PRK", "RUS", "2019-01/2019-11")
        found = findings(markdown(made), tables)
    assert any(one.claim.number and one.claim.number.text.endswith("$42.1 million") for one in found)
    assert not_supported(found) == []


def test_a_number_changed_by_hand_is_no_longer_supported(tables):
    """The property would mean nothing if the checker supported whatever stands there."""
    text = markdown(bulletin_of(tables, "PRK", "RUS", "2019"))
    assert "$16.5 million in 2019" in text
    found = findings(text.replace("$16.5 million in 2019", "$19.5 million in 2019"), tables)
    assert any(one.data.verdict == "contradicted" or one.arithmetic.verdict == "arithmetic_error" for one in found)
