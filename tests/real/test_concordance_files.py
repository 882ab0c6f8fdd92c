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


def test_a_real_workbook_lands_whole_and_leads_codes_of_the_law(shared_data: Path, tmp_path: Path) -> None:
    from tidewaiter import pipeline
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.land import LandOptions, land_file

    lake = Lake.open(str(tmp_path / "lake"), memory_limit="500MB", threads=1)
    for name in ("HS2022toHS2017ConversionAndCorrelationTables.xlsx", "HS2002 to HS1992"):
        (path,) = (shared_data / "reference" / "hs").glob(f"{name}*")
        links = concordance.read_workbook(path.read_bytes(), path.name)
        assert land_file(lake, path, LandOptions()).landed.rows == len(links)
    known = pipeline.concordance(lake)
    assert known is not None
    # Flat panel displays were taken out of 8529, 8548 and many others for 8524 of HS2022: no code of it is whole.
    assert {exact for code, exact in known.follow("852990", "HS2017", "HS2022") if code.startswith("8524")} == {False}
    # Horses: HS2022 left them alone.
    assert list(known.follow("010121", "HS2017", "HS2022")) == [("010121", True)]
    lake.close()
