from __future__ import annotations

from decimal import Decimal

import pytest

from asking import answered, question, refused
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.codes import hs_codes
from world import MONTHS, Rows

YEAR = MONTHS[12:]


def test_a_year_with_a_month_missing_is_refused_with_what_there_is(connection):
    rows = Rows().months("RUS", "export", "PRK", {month: 10 for month in YEAR if month != "2019-07"})
    refusal = refused(rows.tables(connection))
    assert refusal.reason == "partial_data"
    assert "missing: 2019-07" in refusal.missing
    assert refusal.partial.coverage == Decimal(11) / 12
    assert refusal.partial.value.value == 110
    assert [line.value for line in refusal.partial.table if line.label == "2019-07"] == [None]


def test_a_printed_figure_stands_in_for_rows_with_a_gap(connection):
    rows = Rows().months("RUS", "export", "PRK", {month: 10 for month in YEAR if month != "2019-07"})
    rows.printed("RUS", "PRK", "2019-01", "2019-12", "130", "10")
    answer = answered(rows.tables(connection))
    assert (answer.rank, answer.value.value) == (2, 130)


def test_all_goods_of_a_month_without_a_row_are_unknown_whatever_else_was_filed(connection):
    rows = Rows().months("RUS", "export", "PRK", dict.fromkeys(YEAR[:6], 10))
    rows.months("RUS", "export", "CHN", dict.fromkeys(YEAR, 10))
    assert refused(rows.tables(connection)).partial.value.value == 60


def test_a_declared_zero_is_zero(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", 0).tables(connection)
    assert answered(tables).value.value == 0


def test_a_row_without_a_value_is_not_zero(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", None).tables(connection)
    assert isinstance(ask(question(), tables), Refusal)


def filed_lines() -> Rows:
    """Russia's lines in one file: HS6 of fish and oil, by month, to China always, to North Korea in January only."""
    rows = Rows()
    rows.months("RUS", "export", "CHN", dict.fromkeys(YEAR, 10), product="030367")
    rows.months("RUS", "export", "CHN", dict.fromkeys(YEAR, 10), product="271012")
    rows.declare("RUS", "export", "PRK", "2019-01", 5, "030367")
    return rows


def test_a_month_without_a_line_is_none_declared_if_the_reporter_filed_that_month(connection):
    answer = answered(filed_lines().tables(connection), products=("030367",))
    assert answer.value.value == 5
    assert answer.coverage == 1
    assert "11 months with no line, taken as none declared, since the reporter filed those months" in answer.notes


def test_none_declared_names_the_file_that_shows_it(connection):
    answer = answered(filed_lines().tables(connection), products=("271012",))
    assert answer.value.value == 0
    assert not answer.evidence
    assert [note.receipt for note in answer.receipts] == ["un_comtrade-RUS-2020-03-01"]


def test_a_month_that_the_reporter_did_not_file_is_unknown(connection):
    rows = Rows().months("RUS", "export", "CHN", dict.fromkeys(YEAR[:11], 10), product="030367")
    rows.declare("RUS", "export", "PRK", "2019-01", 5, "030367")
    refusal = refused(rows.tables(connection), products=("030367",))
    assert refusal.partial.coverage == Decimal(11) / 12


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"products": ("920110",)}, "the file holds no line of the product"),
        ({"products": ("0302",)}, "the file holds no line under the heading"),
        ({"products": ("27",)}, "one code under the chapter is not the chapter"),
        ({"products": ("030367",), "importers": "KOR"}, "the file holds no line about the partner"),
        ({"products": ("030367",), "exporters": "HKG"}, "the reporter filed nothing"),
    ],
)
def test_silence_outside_what_a_file_holds_is_no_zero(connection, query, why):
    refusal = refused(filed_lines().tables(connection), **query)
    assert refusal.reason in {"no_data", "no_product_rows"}, why
    assert refusal.partial is None


def test_a_code_that_is_new_in_an_edition_was_not_silent_in_the_one_before(connection):
    rows = Rows()
    rows.declare("RUS", "export", "CHN", "2018", 10, "030367", hs="HS2012")
    rows.declare("RUS", "export", "CHN", "2019", 10, "030499", hs="HS2017")
    rows.declare("RUS", "export", "PRK", "2019", 10, "030499", hs="HS2017")
    assert isinstance(ask(question(products=("030499",), period="2018"), rows.tables(connection)), Refusal)


def test_one_file_does_not_speak_for_the_silence_of_another(connection):
    rows = Rows().months("RUS", "export", "CHN", dict.fromkeys(YEAR, 10), product="030367", file="fish")
    rows.declare("RUS", "export", "PRK", "2019-01", 5, "030367", file="fish")
    rows.declare("CHN", "export", "PRK", "2019-01", 5, "271012", file="oil")
    assert isinstance(ask(question(products=("271012",)), rows.tables(connection)), Refusal)


def test_a_row_without_a_weight_is_no_zero_though_the_month_was_filed(connection):
    rows = Rows().months("RUS", "export", "CHN", dict.fromkeys(YEAR, 10), product="030367", weight=10)
    rows.declare("RUS", "export", "PRK", "2019-01", 5, "030367", weight=None)
    refusal = refused(rows.tables(connection), "weight", products=("030367",))
    assert refusal.partial.coverage == Decimal(11) / 12


def test_a_chapter_is_summed_from_finer_lines_and_says_so(connection):
    rows = (
        Rows().declare("RUS", "export", "PRK", "2019", 5, "030367").declare("RUS", "export", "PRK", "2019", 7, "030617")
    )
    answer = answered(rows.tables(connection), products=("03",))
    assert answer.value.value == 12
    assert "03 from HS6 lines: the sum of those the file holds, which may not be all" in answer.notes
    assert answer.at_least
    assert [(row.product, row.value) for row in answer.evidence] == [("030367", 5), ("030617", 7)]


def test_a_heading_is_whole_where_the_file_holds_every_code_under_it(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 5, "920110")
    codes = sorted(code for code in hs_codes.known("HS2017") if len(code) == 6 and code.startswith("9201"))
    assert len(codes) == 3
    for code in codes[:-1]:
        rows.declare("RUS", "export", "CHN", "2019", 1, code)
    assert answered(rows.tables(connection), products=("9201",)).at_least
    rows.declare("RUS", "export", "CHN", "2019", 1, codes[-1])
    answer = answered(rows.tables(connection), products=("9201",))
    assert (answer.value.value, answer.at_least) == (5, False)
    assert "9201 from HS6 lines: the file holds every code under it" in answer.notes


def test_a_declared_chapter_is_never_added_to_its_lines(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 20, "03")
    rows.declare("RUS", "export", "PRK", "2019", 5, "030367").declare("RUS", "export", "PRK", "2019", 6, "0303")
    assert answered(rows.tables(connection), products=("03",)).value.value == 20
    assert answered(rows.tables(connection), products=("0303",)).value.value == 6


def test_fish_lines_do_not_make_all_goods(connection):
    refusal = refused(filed_lines().tables(connection))
    assert refusal.reason == "no_data"


def test_all_chapters_together_make_all_goods_and_one_missing_does_not(connection):
    rows = Rows()
    chapters = sorted(code for code in hs_codes.known("HS2017") if len(code) == 2)
    for chapter in chapters[:-1]:
        rows.declare("RUS", "export", "PRK", "2019", 2, chapter)
    assert isinstance(ask(question(), rows.tables(connection)), Refusal)
    rows.declare("RUS", "export", "CHN", "2019", 100, chapters[-1])
    answer = answered(rows.tables(connection))
    assert answer.value.value == 2 * (len(chapters) - 1)
    assert "all goods as the sum of all two-digit chapters, no total being declared" in answer.notes
    assert connection.execute(answer.sql).fetchall()[0][0] == answer.value.value


def test_two_editions_of_a_line_are_never_added(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 5, "030367", hs="HS2012")
    rows.declare("RUS", "export", "PRK", "2019", 6, "030367", hs="HS2017")
    tables = rows.tables(connection)
    assert answered(tables, products=("030367",)).value.value == 6
    assert answered(tables, products=("030367",), hs="HS2012").value.value == 5


def test_an_edition_that_changes_inside_the_span_is_said(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2018", 5, "030367", hs="HS2012")
    rows.declare("RUS", "export", "PRK", "2019", 6, "030367", hs="HS2017")
    answer = answered(rows.tables(connection), products=("030367",), period="2018..2019")
    assert answer.value.value == 11
    assert "the HS edition changes inside the span: HS2012 (2018 to 2018), HS2017 (2019 to 2019)" in answer.notes


def test_an_edition_without_rows_is_refused(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", 5, "030367", hs="HS2012").tables(connection)
    refusal = refused(tables, products=("030367",), hs="HS2022")
    assert refusal.reason == "no_product_rows"
    assert "none in HS2022" in refusal.missing


def test_a_series_leaves_a_gap_where_nothing_was_reported(connection):
    rows = Rows().months("RUS", "export", "PRK", {month: 10 for month in YEAR if month != "2019-07"})
    answer = answered(rows.tables(connection), "series")
    assert {line.label: line.value for line in answer.table}["2019-07"] is None
    assert answer.value is None
    assert answer.coverage == Decimal(11) / 12


@pytest.mark.parametrize(
    ("step", "count", "first"), [("month", 24, 10), ("quarter", 8, 30), ("half", 4, 60), ("year", 2, 120)]
)
def test_a_series_runs_in_the_steps_asked(connection, step, count, first):
    rows = Rows().months("RUS", "export", "PRK", dict.fromkeys(MONTHS, 10))
    answer = answered(rows.tables(connection), "series", period="2018..2019", step=step)
    assert len(answer.table) == count
    assert answer.table[0].value == first
    assert answer.value.value == 240


@pytest.mark.parametrize("measure", ["volume", "count"])
def test_what_no_declaration_counts_is_never_taken_for_none(tables, measure):
    assert refused(tables, products=("271012",), measure=measure).reason == "no_data"
    assert refused(tables, "value", "CHN", "PRK", products=("271012",), measure=measure).partial is None


def test_a_union_that_declares_as_one_is_asked_for_its_own_declaration(connection):
    refusal = refused(Rows().tables(connection), importers="EUR", perspective="EUR")
    assert "--reporter EUR --partner RUS" in refusal.command
