"""UNSD's own workbooks, all of them, through the reader."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tidewaiter.statistics import concordance, split

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def books(shared_data: Path) -> dict[tuple[str, str], list[concordance.Link]]:
    found = {}
    for path in sorted((shared_data / "reference" / "hs").glob("*.xls*")):
        links = concordance.read_workbook(path.read_bytes(), path.name)
        found[links[0].hs_from, links[0].hs_to] = links
    return found


def test_every_workbook_is_read_and_every_pair_of_editions_is_there(
    books: dict[tuple[str, str], list[concordance.Link]],
) -> None:
    editions = ["HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022"]
    assert set(books) == {(new, old) for i, new in enumerate(editions) for old in editions[:i]}


def test_the_number_of_codes_is_that_of_the_edition(books: dict[tuple[str, str], list[concordance.Link]]) -> None:
    """5,387 subheadings of HS 2017 and 5,612 of HS 2022, and the code for unspecified goods."""
    for (new, _), links in books.items():
        if new in ("HS2017", "HS2022"):
            assert len({link.code_from for link in links}) == {"HS2017": 5_388, "HS2022": 5_613}[new]


def test_frozen_cod_of_hs2012_goes_where_unsd_says(books: dict[tuple[str, str], list[concordance.Link]]) -> None:
    to = [link for link in books["HS2012", "HS2007"] if link.code_from == "030363"]
    assert [(link.code_to, link.is_main) for link in to] == [("030352", True)]


def test_shares_sum_to_one_in_both_directions(books: dict[tuple[str, str], list[concordance.Link]]) -> None:
    for links in (books["HS2017", "HS2012"], concordance.turn_round(books["HS2017", "HS2012"])):
        total: Counter[str] = Counter()
        for row in split.learn_split(links, {}, {}, {}):
            total[row.code_from] += row.share
        assert set(total.values()) == {1}
