from __future__ import annotations

from decimal import Decimal

import pytest

from asking import answered, refused
from world import MONTHS, Rows


def trade() -> Rows:
    rows = Rows().declare("CHN", "export", "W00", "2019", 1000)
    for partner, value in (("PRK", 600), ("RUS", 300), ("KOR", 60)):
        rows.declare("CHN", "export", partner, "2019", value)
    for product, value in (("27", 300), ("271012", 250), ("03", 120), ("92", 120)):
        rows.declare("CHN", "export", "PRK", "2019", value, product)
    return rows


def test_a_partners_share_is_of_all_partners(connection):
    answer = answered(trade().tables(connection), "share", "CHN", "PRK")
    assert (answer.value.value, answer.value.unit) == (60, "%")
    assert [(line.label, line.value) for line in answer.table] == [("part", 600), ("whole", 1000)]


def test_a_products_share_is_of_all_goods_between_the_pair(connection):
    assert answered(trade().tables(connection), "share", "CHN", "PRK", products=("27",)).value.value == 50


def test_the_partners_that_happen_to_be_there_are_no_whole(connection):
    rows = Rows().declare("CHN", "export", "PRK", "2019", 30).declare("CHN", "export", "RUS", "2019", 10)
    refusal = refused(rows.tables(connection), "share", "CHN", "PRK")
    assert refusal.reason == "partial_data"
    assert "no declared total with the world" in refusal.missing
    assert refusal.partial.value.value == 75
    for note in rows.receipt.values():
        note["complete"] = True
    assert answered(rows.tables(connection), "share", "CHN", "PRK").value.value == 75


def test_a_share_of_nothing_is_no_number(connection):
    rows = Rows().declare("CHN", "export", "PRK", "2019", 0).declare("CHN", "export", "PRK", "2019", 0, "27")
    answer = answered(rows.tables(connection), "share", "CHN", "PRK", products=("27",))
    assert answer.value is None
    assert "no share: the whole is zero" in answer.notes


def test_partners_are_ranked_by_size_with_their_shares(connection):
    answer = answered(trade().tables(connection), "ranking", "CHN", "")
    assert [(line.label, line.rank, line.share) for line in answer.table] == [
        ("PRK", 1, Decimal("0.6")),
        ("RUS", 2, Decimal("0.3")),
        ("KOR", 3, Decimal("0.06")),
        ("unlisted", None, Decimal("0.04")),
    ]
    assert answer.value.value == 1000
    assert answer.query.by == "partner"


def test_the_rank_of_one_partner(connection):
    answer = answered(trade().tables(connection), "ranking", "CHN", "RUS")
    assert (answer.value.value, answer.value.unit) == (2, "rank")


def test_equal_sizes_share_a_rank(connection):
    answer = answered(trade().tables(connection), "ranking", "CHN", "PRK", by="product")
    assert [(line.label, line.rank) for line in answer.table if line.rank] == [("27", 1), ("03", 2), ("92", 2)]


def test_the_suppliers_of_a_silent_buyer_are_ranked_by_their_own_declarations(tables):
    refusal = refused(tables, "ranking", "", "PRK", perspective="PRK", source="imf_dots", side="mirror")
    # China books a quarter of 12 * 2,000,000 + 210 * 20,000 elsewhere; Russia 16,500,000; who else sells is not known
    found = [(line.label, line.value, line.share) for line in refusal.partial.table[:2]]
    assert found == [("CHN", 21_150_000, None), ("RUS", 16_500_000, None)]
    assert refusal.partial.side == "mirror"


def test_a_partner_with_a_month_missing_is_listed_without_a_rank(connection):
    rows = Rows()
    rows.months("CHN", "export", "PRK", dict.fromkeys(MONTHS[12:], 10))
    rows.months("CHN", "export", "RUS", dict.fromkeys(MONTHS[13:], 99))
    rows.declare("CHN", "export", "W00", "2019", 2000)
    answer = answered(rows.tables(connection), "ranking", "CHN", "")
    assert [(line.label, line.value, line.rank) for line in answer.table] == [("PRK", 120, 1), ("RUS", None, None)]
    assert "not ranked, since months of theirs are missing: RUS" in answer.notes


def test_a_ranking_can_be_cut(connection):
    answer = answered(trade().tables(connection), "ranking", "CHN", "", limit=1)
    assert [line.label for line in answer.table] == ["PRK", "unlisted"]


def test_a_composition_lists_products_of_one_level_with_shares_of_the_declared_total(connection):
    answer = answered(trade().tables(connection), "composition", "CHN", "PRK")
    assert [(line.label, line.value, line.share) for line in answer.table] == [
        ("27", 300, Decimal("0.5")),
        ("03", 120, Decimal("0.2")),
        ("92", 120, Decimal("0.2")),
        ("unlisted", 60, Decimal("0.1")),
    ]
    assert answer.value.value == 600


def test_a_composition_inside_a_chapter(connection):
    answer = answered(trade().tables(connection), "composition", "CHN", "PRK", products=("27",), level=6)
    assert [(line.label, line.value) for line in answer.table] == [("271012", 250), ("unlisted", 50)]


def test_lines_without_a_total_are_no_composition_of_all_goods(connection):
    tables = Rows().declare("CHN", "export", "PRK", "2019", 5, "030367").tables(connection)
    refusal = refused(tables, "composition", "CHN", "PRK")
    assert refusal.reason == "no_product_rows"
    assert "no total shows that they are all of it" in refusal.missing


def test_a_total_without_lines_is_no_composition(connection):
    tables = Rows().declare("CHN", "export", "PRK", "2019", 5).tables(connection)
    refusal = refused(tables, "composition", "CHN", "PRK")
    assert refusal.reason == "no_product_rows"
    assert "no rows to break it down" in refusal.missing


@pytest.mark.parametrize("by", ["partner", "product"])
def test_nothing_at_all_is_refused(connection, by):
    assert refused(Rows().tables(connection), "ranking", "CHN", "", by=by).reason == "no_data"
