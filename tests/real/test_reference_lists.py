"""UN Comtrade's real lists of codes, held against the tables that ship."""

from __future__ import annotations

import pytest

from tidewaiter.statistics.land import sniff

pytestmark = pytest.mark.real


@pytest.mark.parametrize("name", ["Reporters.json", "partnerAreas.json"])
def test_every_area_that_un_comtrade_lists_is_known_here(shared_data, name):
    (note,) = sniff(shared_data / "reference" / "comtrade" / name).notes
    assert note.startswith("every code of ")


@pytest.mark.parametrize("edition", ["H0", "H1", "H3", "H4", "H5", "H6"])
def test_the_codes_of_an_edition_are_those_that_ship(shared_data, edition):
    guess = sniff(shared_data / "reference" / "hs" / f"classification{edition}.json")
    assert guess.notes[0].endswith("are those known here")
