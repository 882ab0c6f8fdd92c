"""What may be relied on in tables of printed figures: the packaged one and a user's own."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import tidewaiter.statistics
from source_helpers import FILES, rows_of
from tidewaiter.base.errors import InputError, SourceError
from tidewaiter.base.period import Period
from tidewaiter.base.schema import PUBLISHED
from tidewaiter.codes import areas, units
from tidewaiter.statistics.card import card_of

PACKAGED = Path(tidewaiter.statistics.__file__).parent / "published.csv"
OWN = FILES / "published.csv"


def packaged() -> list[dict[str, str]]:
    with PACKAGED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_packaged_figures_pass_every_check_of_a_users_own():
    guess, rows = rows_of(PACKAGED)
    assert guess.card.id == "published"
    assert guess.rows == len(rows) == len(packaged())
    assert [set(row) for row in rows[:1]] == [set(PUBLISHED.names) - {"receipt"}]


def test_the_figures_of_january_2020_are_there_as_printed():
    figures = {
        (row["exporter"], row["importer"], row["start"], row["end"]): (row["value"], row["last_unit"])
        for row in rows_of(PACKAGED)[1]
        if row["published_on"] == date(2020, 1, 24)
    }
    assert figures == {
        ("RUS", "PRK", "2019-01", "2019-11"): (Decimal(42170000), Decimal(10000)),
        ("RUS", "PRK", "2018-01", "2018-12"): (Decimal(32080000), Decimal(10000)),
        ("PRK", "RUS", "2019-01", "2019-11"): (Decimal(2310000), Decimal(10000)),
        ("PRK", "RUS", "2018-01", "2018-12"): (Decimal(1980000), Decimal(10000)),
    }


def test_the_claim_that_is_to_be_checked_is_no_evidence():
    text = PACKAGED.read_text(encoding="utf-8").casefold()
    assert "moscow" not in text
    assert "arirang" not in text


def test_figures_that_disagree_both_stay():
    refined = {
        row["value"]
        for row in packaged()
        if (row["product"], row["start"], row["end"], row["unit"]) == ("2710", "2019-01", "2019-12", "USD")
    }
    assert refined == {"27200000", "24800000"}


def test_every_packaged_figure_is_a_whole_number_of_its_last_printed_digit():
    for row in packaged():
        assert Decimal(row["value"]) % Decimal(row["last_unit"]) == 0, row["id"]


def test_every_packaged_figure_was_printed_after_its_span_began_and_names_its_page():
    for row in packaged():
        span = Period.parse(f"{row['start']}/{row['end']}")
        assert date.fromisoformat(row["published_on"]) > span.first_day, row["id"]
        assert row["url"].startswith("http"), row["id"]


def test_a_flow_is_what_its_reporter_calls_it():
    for row in packaged():
        declared = {"export": row["exporter"], "import": row["importer"]}
        if row["flow"] in declared:
            assert row["reporter"] == declared[row["flow"]], row["id"]
        assert not areas.never_reports(row["reporter"]), row["id"]


def test_the_units_of_the_card_are_units_and_measure_what_they_are_listed_under():
    dimensions = {"weight": "mass", "volume": "volume"}
    for measure, symbols in card_of("published").measures.items():
        for symbol in symbols:
            if measure in dimensions:
                assert units.unit(symbol).dimension == dimensions[measure]


def test_a_user_may_land_figures_of_their_own():
    guess, rows = rows_of(OWN)
    assert (guess.first, guess.last, guess.rows) == ("2019-01", "2019-12", 2)
    assert rows[1]["unit"] == "t"
    assert rows[1]["url"] is None


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("flow", "exports", "'exports': is not one of export, import, total, balance; nearest: export"),
        ("exporter", "Russia", "'Russia': write the code RUS"),
        ("importer", "Korea", "Korea"),
        ("product", "27.10", "'27.10': write the code 2710"),
        ("hs", "HS2019", "'HS2019': is not one of"),
        ("start", "2019", "'2019': is no month"),
        ("end", "2019-13", "'2019-13': is no month"),
        ("published_on", "18/03/2020", "'18/03/2020' is no day; write it like 2020-01-24"),
        ("published_on", "2020-02-30", "'2020-02-30' is no day"),
        ("value", "27.2 million", "'27.2 million' is not a number"),
        ("last_unit", "", "is empty"),
        ("unit", "EUR", "'EUR' is no unit of a value"),
        ("measure", "worth", "'worth': is not one of"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_write(tmp_path, column, value, message):
    with OWN.open(encoding="utf-8", newline="") as file:
        figures = list(csv.DictReader(file))
    figures[0][column] = value
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(figures[0]))
        writer.writeheader()
        writer.writerows(figures)
    with pytest.raises(InputError) as refusal:
        rows_of(path)
    assert f"own.csv, row 1, column {column!r}" in str(refusal.value)
    assert message in str(refusal.value)


def test_the_same_id_twice_is_refused(tmp_path):
    lines = OWN.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "own.csv"
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(SourceError, match=r"row 3, column 'id': .* is the id of row 1 already"):
        rows_of(path)
