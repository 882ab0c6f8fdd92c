"""What may be relied on when a file brings only some codes of a heading: it is told what it hides, and where nothing is, not."""

from __future__ import annotations

import pytest

from source_helpers import answer
from tidewaiter import pipeline
from tidewaiter.base.errors import InputError
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import land
from tidewaiter.statistics.card import card_of
from tidewaiter.statistics.land import LandOptions, land_file
from tidewaiter.tell.landing import outcome_line

PAGE = "https://example.org/data?set=7"
BOTH = [{"cmdCode": "271012", "primaryValue": 5.0}, {"cmdCode": "271019", "primaryValue": 7.0}]


@pytest.fixture
def lake(tmp_path):
    opened = Lake.open(str(tmp_path / "home"), threads=1)
    yield opened
    opened.close()


def landed(lake, tmp_path, rows, name="b.json", **options):
    return land_file(lake, answer(tmp_path / name, rows), LandOptions(**options))


def warned(landing):
    return [note for note in landing.guess.notes if "no longer seen" in note]


def test_a_file_with_one_subheading_says_that_it_hides_the_others_of_its_heading(lake, tmp_path):
    landed(lake, tmp_path, BOTH, "a.json")
    landing = landed(lake, tmp_path, [{"cmdCode": "271019", "primaryValue": 9.0}])
    assert (landing.landed.replaced_rows, landing.landed.hidden_rows, landing.landed.headings) == (2, 1, ("2710",))
    assert warned(landing)[0].startswith("1 row of earlier files, within 2710, no longer seen")
    assert "land a file with all codes of it" in outcome_line(tmp_path / "b.json", landing)


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        # The whole heading, in other numbers.
        ([row | {"primaryValue": 11.0} for row in BOTH], {}),
        # The same numbers under another edition: the same goods are spoken of.
        ([row | {"classificationCode": "H4"} for row in BOTH], {}),
        # Another heading, another partner, another number of digits, another period.
        ([{"cmdCode": "270900"}], {}),
        ([{"cmdCode": "271019", "partnerCode": 410}], {}),
        ([{"cmdCode": "2710"}], {}),
        ([{"cmdCode": "271019", "period": "201908"}], {}),
        # All there is, by its owner's word.
        ([{"cmdCode": "271019"}], {"complete": True}),
    ],
)
def test_a_file_that_hides_nothing_is_not_warned_about(lake, tmp_path, rows, options):
    landed(lake, tmp_path, BOTH, "a.json")
    landing = landed(lake, tmp_path, rows, **options)
    assert landing.landed.hidden_rows == 0
    assert warned(landing) == []


def test_a_new_answer_to_the_same_question_takes_back_and_hides_nothing(lake, tmp_path):
    question = {"url": "https://example.org/get?code=2710"}
    landed(lake, tmp_path, BOTH, "a.json", **question)
    landing = landed(lake, tmp_path, [{"cmdCode": "271019", "primaryValue": 9.0}], **question)
    assert (landing.landed.replaced_rows, landing.landed.hidden_rows) == (2, 0)


def test_an_older_file_that_is_landed_late_hides_nothing(lake, tmp_path):
    from datetime import date

    landed(lake, tmp_path, BOTH, "a.json", vintage=date(2020, 6, 1))
    landing = landed(lake, tmp_path, [{"cmdCode": "271019", "primaryValue": 9.0}], vintage=date(2020, 5, 1))
    assert landing.landed.hidden_rows == 0


def test_several_files_are_not_landed_as_answers_to_one_question(tmp_path):
    files = [answer(tmp_path / name, [row]) for name, row in zip(("a.json", "b.json"), BOTH, strict=True)]
    options = LandOptions(url="https://example.org/get?code=2710")
    with pytest.raises(InputError, match="asks one question"):
        list(pipeline.land(files, options, home=str(tmp_path / "home")))
    page = LandOptions(url="https://example.org/files")
    assert len(list(pipeline.land(files, page, home=str(tmp_path / "home")))) == 2


def test_a_publishers_page_with_a_query_is_not_taken_for_a_question(lake, tmp_path, monkeypatch):
    card, made = card_of("un_comtrade").model_copy(update={"url": PAGE}), land._page
    monkeypatch.setattr(land, "_page", lambda _card, sha256: made(card, sha256))
    landed(lake, tmp_path, [{"cmdCode": "27"}], "a.json")
    landed(lake, tmp_path, [{"cmdCode": "03"}], "b.json")
    assert {row[0] for row in lake.tables().trade.select("product").to_native().fetchall()} == {"27", "03"}
    urls = {
        row[0] for row in lake.tables().receipt.to_native().filter("source = 'un_comtrade'").project("url").fetchall()
    }
    assert len(urls) == 2
    assert all(url.startswith(f"{PAGE}#") for url in urls)
