"""Restating between HS editions: the workbooks, the shares, and totals that stay what they were."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recon_world as rw
from tidewaiter.base.errors import CodeError, SourceError
from tidewaiter.base.schema import TEXT, Column, Table
from tidewaiter.base.schema_reconcile import CONCORDANCE, SPLIT
from tidewaiter.statistics import concordance, restate, split

NEWER = {
    "Correlation": [
        ["Between", "", "", ""],
        ["HS 2012", "ex.", "HS 2007", "Relationship"],
        ["030366", "", "030378", "n:1"],
        ["030367", "ex", "030378", "'n:n"],
        ["030367", "ex", "030379", "n to n"],
        ["271012", "", "271011", "1:1"],
        ["n/a", "", "291639", "n/a"],
        ["", "", "", ""],
    ],
    "Conversion": [
        ["From", "To"],
        ["HS 2012", "HS 2007"],
        ["030366", "030378"],
        ["030367", "030379"],
        ["271012", "271011"],
        [999999.0, 999999.0],
    ],
}


ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))


@pytest.fixture
def engine() -> Any:
    return ENGINE


def as_rows(items: Any) -> list[tuple[Any, ...]]:
    return [tuple(getattr(item, name) for name in type(item).__dataclass_fields__) for item in items]


def halves(engine: Any, *shares: tuple[str, str, str]) -> Any:
    """Write a split table: (old, new, share), the shares of one old code in order."""
    rows, below = [], {}
    for old, new, share in shares:
        start = below.get(old, Decimal(0))
        below[old] = start + Decimal(share)
        rows.append(("HS2012", "HS2017", old, new, share, str(start), str(below[old]), "learned", 9))
    return engine.table(SPLIT, rows)


def test_both_sheets_of_a_workbook_are_read_whatever_their_spelling() -> None:
    links = concordance.read_sheets(NEWER, "book.xlsx")
    found = {(link.code_from, link.code_to): (link.relationship, link.is_main) for link in links}
    assert found == {
        ("030366", "030378"): ("n:1", True),
        ("030367", "030378"): ("n:n", False),
        ("030367", "030379"): ("1:n", True),
        ("271012", "271011"): ("1:1", True),
        ("999999", "999999"): ("1:1", True),
    }
    assert {(link.hs_from, link.hs_to) for link in links} == {("HS2012", "HS2007")}


def test_a_workbook_with_a_bad_code_is_refused_with_sheet_and_row() -> None:
    bad = {"C": [["HS 2012", "HS 2007", "Relationship"], ["0303", "030378", "1:1"]]}
    with pytest.raises(SourceError, match=r"book\.xls: sheet 'C', row 2: expected two 6-digit codes"):
        concordance.read_sheets(bad, "book.xls")


def test_a_file_that_is_no_workbook_is_refused() -> None:
    pytest.importorskip("python_calamine")
    with pytest.raises(SourceError, match="not a readable Excel workbook"):
        concordance.read_workbook(b"<html>", "book.xls")


def test_the_way_back_keeps_links_and_turns_the_relationship() -> None:
    links = concordance.read_sheets(NEWER, "book.xlsx")
    back = {(link.code_from, link.code_to): link for link in concordance.turn_round(links)}
    assert back["030378", "030366"].relationship == "1:n"
    assert back["030378", "030366"].is_main
    assert concordance.turn_round(concordance.turn_round(links))[0].code_from == links[0].code_from


def test_pieces_of_a_row_add_up_to_the_row_to_the_last_decimal(engine: Any) -> None:
    table = halves(
        engine,
        ("030366", "030301", "0.33333333"),
        ("030366", "030302", "0.33333333"),
        ("030366", "030303", "0.33333334"),
    )
    words = rw.trade(
        engine,
        [
            {
                "reporter": "RUS",
                "partner": "PRK",
                "flow": "export",
                "value": "100.001",
                "hs": "HS2012",
                "product": "030366",
                "weight_kg": "0.002",
                "quantity": 9.0,
                "quantity_unit": "kg",
            }
        ],
    )
    pieces = rw.rows(restate.restate(words, table, "HS2017"), "product", "value_usd", "weight_kg", "quantity")
    # 100.001 cut at 33.33366633.. and 66.66733266..: 33.334, 33.333 and 33.334.
    assert [piece[1] for piece in pieces] == [Decimal("33.334"), Decimal("33.333"), Decimal("33.334")]
    assert sum(piece[1] for piece in pieces) == Decimal("100.001")
    assert sum(piece[2] for piece in pieces) == Decimal("0.002")
    assert [round(piece[3], 5) for piece in pieces] == [3.0, 3.0, 3.0]


@settings(max_examples=15, deadline=None)
@given(
    values=st.lists(st.decimals("0", "99999999999.999", places=3), min_size=1, max_size=6),
    first=st.integers(0, 10**8),
)
def test_restating_conserves_totals(values: list[Decimal], first: int) -> None:
    engine = ENGINE
    share = Decimal(first) / 10**8
    table = halves(engine, ("030366", "030301", str(share)), ("030366", "030302", str(1 - share)))
    words = rw.trade(
        engine,
        [
            {
                "reporter": f"R{n}",
                "partner": "PRK",
                "flow": "export",
                "value": value,
                "hs": "HS2012",
                "product": "030366",
            }
            for n, value in enumerate(values)
        ],
    )
    assert sum(value for (value,) in rw.rows(restate.restate(words, table, "HS2017"), "value_usd")) == sum(values)


def test_two_old_codes_that_meet_are_added_and_a_missing_weight_stays_missing(engine: Any) -> None:
    table = halves(engine, ("030366", "030301", "1"), ("030367", "030301", "1"))
    line = {"reporter": "RUS", "partner": "PRK", "flow": "export", "hs": "HS2012"}
    words = rw.trade(
        engine, [dict(line, value=5, product="030366", weight_kg=2), dict(line, value=7, product="030367")]
    )
    assert rw.rows(restate.restate(words, table, "HS2017"), "hs", "product", "value_usd", "weight_kg") == [
        ("HS2017", "030301", Decimal("12.000"), None)
    ]


def test_the_total_of_all_goods_and_coarser_codes_pass_through(engine: Any) -> None:
    line = {"reporter": "RUS", "partner": "PRK", "flow": "export", "value": 5, "hs": "HS2012"}
    words = rw.trade(engine, [dict(line, product="TOTAL"), dict(line, product="03"), dict(line, product="03036600")])
    assert rw.rows(restate.restate(words, halves(engine), "HS2017"), "product", "hs") == [
        ("03", "HS2012"),
        ("03036600", "HS2012"),
        ("TOTAL", "HS2017"),
    ]


def test_a_product_unknown_in_its_edition_is_kept_and_named_with_the_nearest(engine: Any) -> None:
    table = halves(engine, ("030366", "030301", "1"))
    words = rw.trade(
        engine,
        [{"reporter": "RUS", "partner": "PRK", "flow": "export", "value": 5, "hs": "HS2012", "product": "030369"}],
    )
    assert rw.rows(restate.restate(words, table, "HS2017"), "hs", "product") == [("HS2012", "030369")]
    left = rw.rows(restate.unrestated(words, table, "HS2017"), "hs", "product", "rows", "value_usd")
    with pytest.raises(CodeError, match=r"product 030369 is unknown in HS2012 \(1 rows\); nearest: 030366"):
        restate.refuse_unrestated(left, ["030366"], "HS2017")


def test_a_missing_concordance_is_an_error_that_says_what_to_land() -> None:
    with pytest.raises(CodeError, match="no concordance leads from HS1988 to HS2017: land UNSD's"):
        restate.refuse_unrestated([("HS1988", "030369", 1, None)], [], "HS2017")
    restate.refuse_unrestated([], [], "HS2017")


def test_of_a_line_in_two_editions_only_the_newest_counts(engine: Any) -> None:
    line = {"reporter": "RUS", "partner": "PRK", "flow": "export", "value": 5}
    words = rw.trade(
        engine,
        [
            dict(line, hs="HS2012", product="030366"),
            dict(line, hs="HS2017", product="030367"),
            dict(line, hs="HS2012", product="03"),
        ],
    )
    assert rw.rows(restate.newest_edition(words), "hs", "product") == [("HS2012", "03"), ("HS2017", "030367")]


def test_a_point_is_projected_on_the_simplex() -> None:
    assert split.on_simplex([0.2, 0.8]) == pytest.approx([0.2, 0.8])
    assert split.on_simplex([2.0, 0.0]) == pytest.approx([1.0, 0.0])
    # 0.5, 0.5, -1: the third is cut off and the rest needs no shift.
    assert split.on_simplex([0.5, 0.5, -1.0]) == pytest.approx([0.5, 0.5, 0.0])


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_a_projection_is_never_negative_and_sums_to_one(point: list[float]) -> None:
    shares = split.on_simplex(point)
    assert min(shares) >= 0
    assert sum(shares) == pytest.approx(1)


def test_without_observations_the_conversion_sheet_decides_and_then_equal_shares() -> None:
    links = concordance.read_sheets(NEWER, "book.xlsx")
    shares = {(row.code_from, row.code_to): (row.share, row.basis) for row in split.learn_split(links, {}, {}, {})}
    assert shares["030367", "030379"] == (1, "conversion")
    assert shares["030367", "030378"] == (0, "conversion")
    assert shares["271012", "271011"] == (1, "only")
    unsaid = [link for link in concordance.turn_round(links) if link.code_from == "030378"]
    even = split.learn_split([link.__class__(*as_rows([link])[0][:5], is_main=False) for link in unsaid], {}, {}, {})
    assert [(row.share, row.basis) for row in even] == [(Decimal("0.5"), "even"), (Decimal("0.5"), "even")]


def test_planted_shares_are_learned_from_reporters_that_changed_edition(engine: Any) -> None:
    """Old A splits 70:30 into X and Y, old B 20:80 into Y and Z; thirty reporters changed in 2018."""
    pairs = [("000001", "000011"), ("000001", "000012"), ("000002", "000012"), ("000002", "000013")]
    planted = dict(zip(pairs, (0.7, 0.3, 0.2, 0.8), strict=True))
    links = [concordance.Link("HS2012", "HS2017", *pair, "n:n", is_main=False) for pair in pairs]
    chance, lines = random.Random(3), []
    for number in range(30):
        line = {"reporter": f"R{number:02d}", "partner": "WLD", "flow": "export"}
        old = {"000001": chance.uniform(1, 100), "000002": chance.uniform(1, 100)}
        growth = chance.uniform(0.5, 2)
        lines += [
            dict(line, product=code, value=round(size, 3), hs="HS2012", period="2017") for code, size in old.items()
        ]
        for code in ("000011", "000012", "000013"):
            size = growth * sum(old[a] * share for (a, b), share in planted.items() if b == code)
            lines.append(dict(line, product=code, value=round(size, 3), hs="HS2017", period="2018"))
    three = Table("t", tuple(Column(name, TEXT, "") for name in ("hs", "code", "group")), ())
    two = Table("t", tuple(Column(name, TEXT, "") for name in ("code", "other")), ())
    before, after = restate.observe(
        rw.trade(engine, lines), engine.table(three, split.groups(links)), "HS2012", "HS2017"
    )
    frames = restate.moments(
        before, after, engine.table(CONCORDANCE, as_rows(links)), engine.table(two, split.shared_targets(links))
    )
    within, across, seen = (frame.to_native().fetchall() for frame in frames)
    learned = split.learn_split(
        links, {(a, b): total for a, b, total in within}, {(a, b): total for a, b, total in across}, dict(seen)
    )
    for row in learned:
        assert float(row.share) == pytest.approx(planted[row.code_from, row.code_to], abs=0.01)
        assert (row.basis, row.observations) == ("learned", 30)


def test_shares_are_followed_through_a_middle_edition() -> None:
    def row(hs: tuple[str, str], old: str, new: str, share: str, below: str, basis: str) -> split.Split:
        return split.Split(*hs, old, new, Decimal(share), Decimal(below), Decimal(share) + Decimal(below), basis, 5)

    first = [row(("A", "B"), "1", "2", "0.5", "0", "learned"), row(("A", "B"), "1", "3", "0.5", "0.5", "learned")]
    second = [
        row(("B", "C"), "2", "4", "1", "0", "only"),
        row(("B", "C"), "3", "4", "0.4", "0", "conversion"),
        row(("B", "C"), "3", "5", "0.6", "0.4", "conversion"),
    ]
    chained = split.chain(first, second)
    # 0.5 * 1 + 0.5 * 0.4 = 0.7 goes to 4, the rest to 5; the weaker basis is the one that is named.
    assert [(one.hs_from, one.hs_to, one.code_to, one.share, one.basis) for one in chained] == [
        ("A", "C", "4", Decimal("0.7"), "conversion"),
        ("A", "C", "5", Decimal("0.3"), "conversion"),
    ]
    with pytest.raises(CodeError, match="product 3 is unknown in the concordance from B"):
        split.chain(first, second[:1])
