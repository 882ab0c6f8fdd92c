"""What a user may rely on when writing a product code."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import hs_codes, products

SIX_DIGITS = sorted(hs_codes.known("HS2017"))


def labels() -> list[dict[str, str]]:
    with (products.editions_csv().parent / "products.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("TOTAL", "TOTAL"),
        ("total", "TOTAL"),
        ("27", "27"),
        ("01", "01"),
        ("2710", "2710"),
        ("271012", "271012"),
        ("2710.12", "271012"),
        ("27.10", "2710"),
        ("2710.19.43", "27101943"),
        ("HS 2710", "2710"),
        ("HS2710", "2710"),
        (" 0301 ", "0301"),
        ("2709001000", "2709001000"),
        ("99", "99"),
        ("999999", "999999"),
        ("710820", "710820"),  # monetary gold
    ],
)
def test_a_product_code_is_read_as_people_write_it(written, code):
    assert products.resolve_product(written) == code


@pytest.mark.parametrize("number", [27, 2710, 101, 271012.0, None, True])
def test_a_code_that_did_not_arrive_as_text_is_refused_since_zeros_may_be_lost(number):
    with pytest.raises(CodeError, match="zero in front"):
        products.resolve_product(number, "regimes/un.yml line 3")


@pytest.mark.parametrize("written", ["7", "271", "27101", "2710123", "27101212121212"])
def test_an_odd_or_overlong_code_is_refused_with_its_length(written):
    with pytest.raises(CodeError, match=f"has {len(written)} digits"):
        products.resolve_product(written)


@pytest.mark.parametrize("written", ["", "oil", "27-10", "2710x1", "²7", "٢٧", "27..10", "-27", "2710."])
def test_what_is_no_code_is_refused(written):
    with pytest.raises(CodeError, match="neither TOTAL nor digits"):
        products.resolve_product(written)


@pytest.mark.parametrize("written", ["77", "00", "2717", "271098", "2710981010"])
def test_a_code_that_stood_in_no_edition_is_refused(written):
    with pytest.raises(CodeError, match="in no HS edition"):
        products.resolve_product(written)


def test_a_wrong_code_is_refused_with_its_place_and_its_closest_neighbours():
    with pytest.raises(CodeError, match=r"query.yml line 2.*nearest: 2716, 2715, 2714"):
        products.resolve_product("2717", "query.yml line 2")


@given(st.sampled_from(SIX_DIGITS))
def test_every_code_of_the_list_is_read_as_itself_and_has_a_label(code):
    assert products.resolve_product(code) == code
    assert products.label(code)


def test_every_chapter_has_a_label_of_its_own():
    chapters = {row["code"] for row in labels() if len(row["code"]) == 2}
    expected = {f"{number:02d}" for number in range(1, 100)} - {"77"}  # 77 is reserved by the HS
    assert chapters == expected


def test_labels_are_short_distinct_and_valid_in_the_editions_they_name():
    rows = labels()
    texts = [row["label"] for row in rows if row["code"] not in {"99", "9999"}]
    assert len(set(texts)) == len(texts)
    for row in rows:
        assert 0 < len(row["label"]) <= 60
        if row["code"] != "TOTAL" and row["code"][:2] not in {"98", "99"}:
            for hs in hs_codes.runs(row["editions"]):
                assert row["code"] in hs_codes.known(hs), row


@pytest.mark.parametrize(
    ("code", "hs", "label"),
    [
        ("TOTAL", "HS2017", "All goods"),
        ("27", "HS2017", "Mineral fuels and oils"),
        ("27", "HS", "Mineral fuels and oils"),
        ("2709", "HS1992", "Crude petroleum"),
        ("271012", "HS2017", "part of 2710 Refined petroleum products"),
        ("27101943", "HS2017", "part of 2710 Refined petroleum products"),
        ("8486", "HS2007", "Machines for making semiconductors"),
        ("8486", "HS2002", "part of 84 Machinery and mechanical appliances"),  # came with HS2007
        ("9999", "HS2022", "Goods not specified by kind"),
    ],
)
def test_a_label_is_the_codes_own_or_says_what_it_is_part_of(code, hs, label):
    assert products.label(code, hs) == label


def test_a_code_in_no_chapter_has_no_label():
    with pytest.raises(CodeError, match="no label"):
        products.label("7701")


def test_un_comtrade_classifications_are_hs_editions():
    assert dict(products.editions) == {
        "H0": "HS1992",
        "H1": "HS1996",
        "H2": "HS2002",
        "H3": "HS2007",
        "H4": "HS2012",
        "H5": "HS2017",
        "H6": "HS2022",
    }
    assert tuple(products.editions.values()) == hs_codes.EDITIONS
    assert products.edition("H5") == "HS2017"


def test_editions_follow_each_other_without_gap_or_overlap():
    years = [year for hs in products.editions.values() for year in products.in_force(hs)]
    assert years == list(range(1988, 2028))
    assert 2019 in products.in_force("HS2017")


@pytest.mark.parametrize("classification", ["S3", "HS", "H7", ""])
def test_a_classification_that_is_no_hs_edition_is_refused(classification):
    with pytest.raises(CodeError, match="no HS edition"):
        products.edition(classification)


def test_an_unknown_edition_has_no_years():
    with pytest.raises(CodeError, match="HS2018"):
        products.in_force("HS2018")
