"""A row that calls a country by two names is refused where they are the names of two countries."""

from __future__ import annotations

import pytest

from source_helpers import FILES, answer, rows_of
from tidewaiter.base.errors import SourceError


@pytest.mark.parametrize("column", ["partnerISO", "partnerDesc"])
@pytest.mark.parametrize(
    ("number", "name"), [(408, "KOR"), (410, "PRK"), (410, "Dem. People's Rep. of Korea"), (408, "Rep. of Korea")]
)
def test_the_koreas_are_not_taken_for_each_other_by_number(tmp_path, column, number, name):
    path = answer(tmp_path / "a.json", [{column: "PRK"}, {"partnerCode": number, column: name}])
    with pytest.raises(SourceError, match=rf"row 2, column '{column}': .* is .* Korea, but partnerCode '{number}' is"):
        rows_of(path)


def test_a_reporter_that_is_two_countries_is_refused(tmp_path):
    path = answer(tmp_path / "a.json", [{"reporterISO": "KAZ"}])
    with pytest.raises(SourceError, match="'KAZ' is Kazakhstan, but reporterCode '643' is Russia"):
        rows_of(path)


@pytest.mark.parametrize(
    "more",
    [
        {"partnerISO": "PRK", "partnerDesc": "Dem. People's Rep. of Korea"},
        {"partnerISO": None, "partnerDesc": None},
        {"partnerCode": 0, "partnerISO": "W00", "partnerDesc": "World"},
        {"partnerCode": 736, "partnerISO": "SDN", "partnerDesc": "Sudan (...2011)"},
        {"partnerCode": 842, "partnerISO": "USA", "partnerDesc": "USA"},
        {"partnerCode": 636, "partnerISO": "A79", "partnerDesc": "words that no table knows"},
        {"partnerCode": 490, "partnerISO": "S19", "partnerDesc": "Other Asia, nes"},
    ],
)
def test_names_that_agree_or_say_nothing_change_nothing(tmp_path, more):
    assert len(rows_of(answer(tmp_path / "a.json", [more]))[1]) == 1


def test_the_legacy_files_names_are_held_against_its_numbers(tmp_path):
    path = tmp_path / "legacy.csv"
    text = (FILES / "un_comtrade_legacy.csv").read_text("utf-8")
    path.write_text(text.replace('410,"Rep. of Korea",KOR', '408,"Rep. of Korea",KOR'), encoding="utf-8")
    with pytest.raises(SourceError, match="row 3, column 'Partner ISO': 'KOR' is South Korea, but Partner Code '408'"):
        rows_of(path)


def test_the_names_of_wits_are_held_against_its_codes(tmp_path):
    path = tmp_path / "wits.csv"
    path.write_bytes((FILES / "wits_bulk.csv").read_bytes().replace(b"PRK,", b"KOR,"))
    with pytest.raises(SourceError, match=r"row 3, column 'partnername': 'Korea, Dem\. Rep\.' is North Korea, but"):
        rows_of(path)
