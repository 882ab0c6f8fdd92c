from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from asking import answered, question, refused
from tidewaiter.answers import ask
from tidewaiter.base.errors import CodeError, QueryError
from world import Rows, world

ONCE = {f"2019-{month:02d}": 10 for month in range(1, 13)}


def test_a_silent_importer_is_answered_by_its_partners_mirror(tables):
    answer = answered(tables, perspective="PRK", source="un_comtrade")
    # 271012: 12 * 1,000,000 + 210 * 10,000; 030367: 12 * 200,000
    assert answer.value.value == 14_100_000 + 2_400_000
    assert answer.side == "mirror"
    assert answer.coverage == 1
    assert {row.reporter for row in answer.evidence} == {"RUS"}
    assert len(answer.evidence) == answer.rows == 12


def test_a_reporting_area_is_answered_by_its_own_declaration(tables):
    answer = answered(tables, exporters="CHN", importers="RUS", perspective="RUS", source="un_comtrade")
    # Russia values at 1.10 times the truth: (12 * 300,000 + 210 * 1,000) * 1.10
    assert answer.value.value == Decimal(3_810_000) * Decimal("1.10")
    assert answer.side == "reporter"
    assert answer.alternatives[0].side == "mirror"
    assert answer.alternatives[0].value.value == 3_810_000


@pytest.mark.parametrize(
    ("side", "reporter", "named"),
    [
        ("reporter", "RUS", "reporter"),
        ("mirror", "CHN", "mirror"),
        ("exporter", "CHN", "mirror"),
        ("importer", "RUS", "reporter"),
    ],
)
def test_a_side_that_is_asked_for_is_the_only_one_answered(tables, side, reporter, named):
    answer = answered(tables, exporters="CHN", importers="RUS", perspective="RUS", side=side)
    assert {row.reporter for each in (answer, *answer.alternatives) for row in each.evidence} == {reporter}
    assert answer.side == named


def test_the_publishers_own_estimate_comes_after_a_partners_declaration(tables):
    answer = answered(tables, perspective="PRK", source="imf_dots")
    assert {row.reporter for row in answer.evidence} == {"RUS"}
    estimate = answer.alternatives[-1]
    assert {row.reporter for row in estimate.evidence} == {"PRK"}
    assert any("estimate of imf_dots" in note for note in estimate.notes)


def test_declared_money_is_exact(tables):
    value = answered(tables).value
    assert value.low == value.value == value.high


def test_the_sql_gives_the_number_again(connection):
    tables = world().tables(connection)
    for more in ({}, {"products": ("27",)}, {"exporters": "CHN KOR", "importers": "RUS"}, {"importers": ""}):
        answer = answered(tables, source="un_comtrade", **more)
        assert connection.execute(answer.sql).fetchall()[0][0] == answer.value.value


def test_an_answer_names_the_rows_the_file_and_how_to_cite_it(tables):
    answer = answered(tables, period="2019-03", source="un_comtrade")
    (row,) = answer.evidence
    assert row.id == f"un_comtrade-RUS-2020-03-01:{row.row}"
    assert [note.receipt for note in answer.receipts] == ["un_comtrade-RUS-2020-03-01"]
    assert answer.cite().startswith(
        "un_comtrade, a made-up publisher. File un_comtrade-RUS-2020-03-01.csv as of 2020-03-01"
    )


def test_the_annual_row_stands_for_a_full_year_and_months_for_the_rest(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2018", 500)
    rows.months("RUS", "export", "PRK", {"2018-12": 99, "2019-01": 7, "2019-02": 8})
    tables = rows.tables(connection)
    assert answered(tables, period="2018-01/2019-02").value.value == 515
    assert "2018 from annual rows, the rest by month" in answered(tables, period="2018-01/2019-02").notes


def test_months_never_come_from_an_annual_row(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", 500).tables(connection)
    refusal = refused(tables, period="2019-01/2019-11")
    assert refusal.reason == "no_data"
    assert "2019 is there, but months are never taken from a year" in refusal.missing


def test_re_exports_and_other_parts_are_never_added(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 500)
    rows.declare("RUS", "re_export", "PRK", "2019", 40).declare("RUS", "domestic_export", "PRK", "2019", 460)
    assert answered(rows.tables(connection)).value.value == 500


def test_two_vintages_of_one_number_stand_side_by_side(connection):
    rows = Rows()
    for year, trademap, imf in ((2017, "3330975000", "3328068000"), (2018, "2218140000", "2238877000")):
        rows.declare("CHN", "export", "PRK", str(year), trademap, source="itc_trade_map")
        rows.declare("CHN", "export", "PRK", str(year), imf, source="imf_dots")
    answer = answered(rows.tables(connection), "series", "CHN", "PRK", "2017..2018", perspective="PRK")
    (other,) = answer.alternatives
    assert [(line.label, line.value) for line in answer.table] == [("2017", 3330975000), ("2018", 2218140000)]
    assert [(line.label, line.value) for line in other.table] == [("2017", 3328068000), ("2018", 2238877000)]
    assert (answer.source, other.source) == ("itc_trade_map", "imf_dots")


def test_the_newer_vintage_comes_before_the_order_of_sources(connection):
    rows = Rows().declare("CHN", "export", "PRK", "2019", 1, source="un_comtrade", vintage=date(2020, 1, 1))
    rows.declare("CHN", "export", "PRK", "2019", 2, source="imf_dots", vintage=date(2021, 1, 1))
    answer = answered(rows.tables(connection), exporters="CHN")
    assert (answer.source, answer.alternatives[0].source) == ("imf_dots", "un_comtrade")


def test_another_state_of_the_same_line_is_not_added(connection):
    rows = Rows().declare("CHN", "export", "PRK", "2019", 1, vintage=date(2020, 1, 1))
    rows.declare("CHN", "export", "PRK", "2019", 2, vintage=date(2021, 1, 1))
    assert answered(rows.tables(connection), exporters="CHN").value.value == 2


def test_one_source_can_be_asked_alone(tables):
    answer = answered(tables, source="imf_dots")
    assert {each.source for each in (answer, *answer.alternatives)} == {"imf_dots"}


def test_an_unknown_source_is_refused_with_the_nearest_name(tables):
    refusal = refused(tables, source="imf_dot")
    assert refusal.reason == "source_unknown"
    assert "nearest: imf_dots" in refusal.missing


def test_several_partners_are_added_only_when_each_is_known(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 5).declare("CHN", "export", "PRK", "2019", 7)
    tables = rows.tables(connection)
    assert answered(tables, exporters="CHN RUS").value.value == 12
    refusal = refused(tables, exporters="CHN KOR RUS")
    assert refusal.reason == "partial_data"
    assert refusal.partial.coverage == Decimal(2) / 3
    assert refusal.partial.value.value == 12


def test_every_partner_is_the_declared_world_row_where_there_is_one(tables):
    answer = answered(tables, importers="", source="un_comtrade")
    # to PRK 16,500,000; to CHN 12 * 9,000,000 + 210 * 100,000 + 12 * 500,000
    assert answer.value.value == 16_500_000 + 129_000_000 + 6_000_000
    assert "every partner: the declared total with the world" in answer.notes
    assert {row.partner for row in answer.evidence} == {"W00"}


def some_partners() -> Rows:
    rows = Rows().declare("RUS", "export", "PRK", "2019", 5).declare("RUS", "export", "_X", "2019", 1)
    rows.declare("RUS", "export", "CHN", "2019", 7)
    group = next(each.code for each in every_area() if each.kind == "group")
    return rows.declare("RUS", "export", group, "2019", 1000)


def test_every_partner_is_summed_without_groups_where_a_file_holds_them_all(connection):
    rows = some_partners()
    for note in rows.receipt.values():
        note["complete"] = True
    answer = answered(rows.tables(connection), importers="")
    assert answer.value.value == 13
    assert any("the sum of 3 with a row" in note for note in answer.notes)


def test_some_partners_are_not_every_partner(connection):
    refusal = refused(some_partners().tables(connection), importers="")
    assert refusal.reason == "partial_data"
    assert "no declared total with the world" in refusal.missing
    assert refusal.partial.value.value == 13
    rows = some_partners().printed("RUS", None, "2019-01", "2019-12", "424", "1")
    assert answered(rows.tables(connection), importers="").value.value == 424


def test_a_group_is_never_added_to_countries(tables):
    group = next(each.code for each in every_area() if each.kind == "group")
    with pytest.raises(QueryError, match="count twice"):
        ask(question(importers=f"PRK {group}"), tables)


def test_the_world_named_means_every_partner(tables):
    assert answered(tables, importers="W00").value == answered(tables, importers="").value


def test_a_total_adds_both_directions_as_one_side_declares_them(tables):
    answer = answered(tables, "total", "RUS", "CHN", perspective="RUS", source="un_comtrade")
    # out 129,000,000 + 6,000,000; in (12 * 300,000 + 210 * 1,000) * 1.10
    assert answer.value.value == 135_000_000 + 4_191_000
    assert {row.reporter for row in answer.evidence} == {"RUS"}


def test_a_balance_is_signed_and_has_an_owner(tables):
    ours = answered(tables, "balance", "RUS", "CHN", source="un_comtrade")
    theirs = answered(tables, "balance", "RUS", "CHN", perspective="CHN", side="mirror", source="un_comtrade")
    assert ours.value.value == 135_000_000 - 4_191_000
    assert theirs.value.value == -ours.value.value


def test_a_total_with_one_direction_missing_is_refused(connection):
    tables = Rows().declare("RUS", "export", "PRK", "2019", 5).tables(connection)
    refusal = refused(tables, "total")
    assert refusal.reason == "partial_data"
    assert "nothing from North Korea to Russia" in refusal.missing


def test_weight_is_answered_in_kilograms(tables):
    answer = answered(tables, "weight", products=("271012",), source="un_comtrade")
    assert (answer.value.value, answer.value.unit) == (14_100_000, "kg")


def test_a_missing_weight_is_no_zero(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 5, "2710", weight=3)
    rows.declare("RUS", "export", "PRK", "2019", 5, "2711", weight=None)
    refusal = refused(rows.tables(connection), "weight", products=("2710", "2711"))
    assert refusal.reason == "partial_data"
    assert refusal.partial.value.value == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"exporters": "", "importers": ""}, "at least one area"),
        ({"exporters": "PRK", "importers": "PRK"}, "exporter and importer at once"),
        ({"perspective": "KOR"}, "perspective KOR"),
        ({"products": ("27", "2710")}, "2710 lies inside 27"),
        ({"products": ("TOTAL", "27")}, "27 lies inside TOTAL"),
        ({"products": ("fish",)}, "neither TOTAL nor digits"),
        ({"side": "reconciled"}, "reconciled"),
        ({"indicator": "share"}, "needs a product|all of themselves|TOTAL"),
        ({"indicator": "wealth"}, "unknown"),
    ],
)
def test_a_question_that_contradicts_itself_is_an_error(tables, more, said):
    if more.get("indicator") == "share":
        more = {**more, "by": "product"}
    with pytest.raises(QueryError, match=said):
        ask(question(**more), tables)


def test_an_unknown_area_is_an_error(tables):
    with pytest.raises(CodeError, match="XYZ"):
        ask(question(exporters="XYZ"), tables)


def test_a_refusal_names_the_command_and_the_file_that_would_answer(connection):
    refusal = refused(Rows().tables(connection), perspective="PRK", period="2019-01/2019-11")
    assert refusal.reason == "no_data"
    assert refusal.missing.startswith("all goods from Russia to North Korea, 2019-01/2019-11: no rows")
    fetch, land = refusal.command.split("  # or: ")
    assert fetch == (
        "tidewaiter fetch comtrade --reporter RUS --partner PRK --period 2019-01/2019-11 --monthly "
        "--products total --flow export"
    )
    assert land == "tidewaiter land FILE, FILE: exports of RUS to PRK, all goods (TOTAL), monthly, 2019-01/2019-11"


@pytest.mark.parametrize(
    ("asked", "fetch"),
    [
        # North Korea declares nothing, whichever side was meant: its partner's declaration is fetched.
        (
            {"exporters": "PRK", "importers": "CHN"},
            "--reporter CHN --partner PRK --period 2019 --products total --flow import",
        ),
        (
            {"exporters": "PRK", "importers": "CHN", "side": "exporter"},
            "--reporter CHN --partner PRK --period 2019 --products total --flow import",
        ),
        ({"exporters": "PRK", "importers": ""}, "--partner PRK --period 2019 --products total --flow import"),
        ({"exporters": "RUS", "importers": ""}, "--reporter RUS --period 2019 --products total --flow export"),
        (
            {"indicator": "total", "perspective": "PRK"},
            "--reporter RUS --partner PRK --period 2019 --products total",
        ),
        (
            {"period": "2017..2019", "products": ("2709", "271019")},
            "--reporter RUS --partner PRK --period 2017..2019 --products 2709,271019 --flow export",
        ),
        (
            {"indicator": "composition"},
            "--reporter RUS --partner PRK --period 2019 --products total,chapters --flow export",
        ),
        ({"source": "un_comtrade"}, "--reporter RUS --partner PRK --period 2019 --products total --flow export"),
    ],
)
def test_a_refusal_says_how_to_fetch_what_un_comtrade_could_have(connection, asked, fetch):
    rows = Rows().declare("CHN", "export", "USA", "2019", 5, source="un_comtrade")
    refusal = refused(rows.tables(connection), **asked)
    assert refusal.command.split("  # or: ")[0] == f"tidewaiter fetch comtrade {fetch}"


@pytest.mark.parametrize(
    "asked",
    [
        {"source": "itc_trade_map"},
        {"period": "1975"},
        {"products": ("27101911",)},
        {"measure": "volume", "products": ("27",)},
        {"exporters": "PRK", "importers": "SUN"},
    ],
)
def test_a_refusal_names_no_fetch_where_un_comtrade_cannot_have_it(connection, asked):
    rows = Rows().declare("CHN", "export", "USA", "2019", 5, source="itc_trade_map")
    assert refused(rows.tables(connection), **asked).command.startswith("tidewaiter land FILE  # FILE: ")


def test_south_korea_never_answers_for_north_korea(connection):
    tables = Rows().declare("RUS", "export", "KOR", "2019", 5).tables(connection)
    assert refused(tables).reason == "no_data"
    assert answered(tables, importers="KOR").value.value == 5


def test_a_printed_figure_answers_where_no_rows_do_and_says_so(connection):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-11", "42170000", "10000")
    answer = answered(rows.tables(connection), period="2019-01/2019-11", perspective="PRK")
    assert (answer.rank, answer.source) == (2, "published")
    assert (answer.value.low, answer.value.value, answer.value.high) == (42_165_000, 42_170_000, 42_175_000)
    assert answer.notes[0] == "a printed figure, not rows: Gazette, 2020-01-24"
    assert [row.publisher for row in answer.evidence] == ["Gazette"]


@pytest.mark.parametrize(
    "other",
    [
        {"period": "2019-01/2019-10"},
        {"exporters": "PRK", "importers": "RUS"},
        {"products": ("27",)},
        {"importers": "KOR"},
    ],
)
def test_a_printed_figure_answers_nothing_but_exactly_its_own_question(connection, other):
    tables = Rows().printed("RUS", "PRK", "2019-01", "2019-11", "42170000", "10000").tables(connection)
    assert refused(tables, **{"period": "2019-01/2019-11", **other}).reason == "no_data"


def test_a_figure_printed_in_another_unit_is_named_in_the_refusal(connection):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "500000", "1", unit="bbl", measure="volume", product="27")
    refusal = refused(rows.tables(connection), "weight", products=("27",))
    assert refusal.reason == "unit_differs"
    assert "bbl" in refusal.missing


def test_tonnes_printed_answer_a_question_in_kilograms(connection):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "30180", "10", unit="t", measure="weight", product="27")
    answer = answered(rows.tables(connection), "weight", products=("27",))
    assert (answer.value.low, answer.value.value, answer.value.high) == (30_175_000, 30_180_000, 30_185_000)


def test_rows_come_before_printed_figures_which_stand_beside_them(connection):
    rows = Rows().declare("RUS", "export", "PRK", "2019", 46_398_000, source="imf_dots")
    rows.printed("RUS", "PRK", "2019-01", "2019-12", "44900000", "100000")
    answer = answered(rows.tables(connection))
    assert (answer.rank, answer.value.value) == (1, 46_398_000)
    assert [(each.rank, each.value.value) for each in answer.alternatives] == [(2, 44_900_000)]


def test_a_printed_total_answers_for_the_pair_whichever_way_it_is_named(connection):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "47900000", "100000", flow="total")
    tables = rows.tables(connection)
    assert answered(tables, "total").value.value == 47_900_000
    assert answered(tables, "total", "PRK", "RUS").value.value == 47_900_000


def test_a_printed_balance_turns_its_sign_with_its_owner(connection):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "41900000", "100000", flow="balance")
    tables = rows.tables(connection)
    assert answered(tables, "balance").value.value == 41_900_000
    assert answered(tables, "balance", perspective="PRK").value.value == -41_900_000


def every_area():
    from tidewaiter.codes import areas

    return areas.every_area()
