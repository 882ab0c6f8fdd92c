"""What may be relied on when rows of the UN Comtrade API are landed."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_helpers import API_ROW, FILES, answer, rows_of
from tidewaiter.base.errors import CodeError, SourceError
from tidewaiter.base.terms import FLOWS
from tidewaiter.statistics.card import card_of

ANSWER = FILES / "un_comtrade_answer.json"


def test_an_answer_becomes_trade_with_its_direction_worked_out_once():
    guess, rows = rows_of(ANSWER)
    assert (guess.card.id, guess.reporters, guess.first, guess.last, guess.rows) == (
        "un_comtrade",
        ("RUS",),
        "2019-07",
        "2019-07",
        6,
    )
    export, imported = rows[0], rows[3]
    assert (export["exporter"], export["importer"], export["flow"]) == ("RUS", "PRK", "export")
    assert (imported["exporter"], imported["importer"], imported["flow"]) == ("PRK", "RUS", "import")
    assert (export["period"], export["frequency"], export["year"], export["hs"]) == ("2019-07", "M", 2019, "HS2017")
    assert export["value_usd"] == Decimal("1500000.250")


def test_json_csv_and_parquet_of_the_same_rows_are_the_same_trade(tmp_path):
    _, from_json = rows_of(ANSWER)
    _, from_csv = rows_of(FILES / "un_comtrade_rows.csv")
    parquet = tmp_path / "rows.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT unnest(data, max_depth := 2) FROM read_json('{ANSWER}')) TO '{parquet}'")
    guess, from_parquet = rows_of(parquet)
    assert guess.format == "parquet"
    assert from_csv == from_json
    assert from_parquet == from_json


def test_a_column_of_row_numbers_in_front_changes_nothing(tmp_path):
    lines = (FILES / "un_comtrade_rows.csv").read_text().splitlines()
    numbered = tmp_path / "rows.csv"
    numbered.write_text("\n".join([f",{lines[0]}", *(f"{number},{line}" for number, line in enumerate(lines[1:]))]))
    assert rows_of(numbered)[1] == rows_of(ANSWER)[1]


def test_a_bare_list_of_records_is_read_like_an_answer(tmp_path):
    bare = tmp_path / "rows.json"
    bare.write_text(json.dumps(json.loads(ANSWER.read_text())["data"]))
    assert rows_of(bare)[1] == rows_of(ANSWER)[1]


def test_a_declared_zero_stays_zero_and_silence_stays_null():
    _, rows = rows_of(ANSWER)
    assert rows[3]["value_usd"] == 0
    assert rows[5]["value_usd"] is None
    assert rows[5]["weight_kg"] == Decimal("12.500")


def test_a_quantity_has_its_unit_and_without_a_unit_is_none(tmp_path):
    _, rows = rows_of(
        answer(
            tmp_path / "a.json",
            [
                {"qty": 800.0, "qtyUnitCode": 8},
                {"qty": 0.0, "qtyUnitCode": -1, "cmdCode": "0303"},
                {"qty": None, "qtyUnitCode": 8, "cmdCode": "03"},
            ],
        )
    )
    assert [(row["quantity"], row["quantity_unit"]) for row in rows] == [(800.0, "kg"), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("flow", "cif", "fob", "expected"),
    [
        ("M", 100.0, None, "cif"),
        ("M", 100.0, 95.0, "cif"),
        ("M", 100.0, 100.0, "cif"),
        ("M", None, 100.0, "fob"),
        ("M", 0.0, 100.0, "fob"),
        ("M", None, None, "cif"),
        ("M", 0.0, 0.0, "cif"),
        ("X", None, 100.0, "fob"),
        ("X", 100.0, 100.0, "fob"),
        ("X", 100.0, None, "cif"),
        ("X", None, None, "fob"),
        ("RM", None, 100.0, "fob"),
        ("RX", None, None, "fob"),
    ],
)
def test_each_row_says_by_its_own_amounts_whether_it_is_cif_or_fob(tmp_path, flow, cif, fob, expected):
    _, rows = rows_of(answer(tmp_path / "a.json", [{"flowCode": flow, "cifvalue": cif, "fobvalue": fob}]))
    assert rows[0]["valuation"] == expected


def test_parts_of_a_flow_are_never_called_the_flow():
    flows = card_of("un_comtrade").flows
    assert [code for code, flow in flows.items() if flow == "export"] == ["X"]
    assert [code for code, flow in flows.items() if flow == "import"] == ["M"]
    assert len(set(flows.values())) == len(FLOWS)


def test_an_unknown_flow_stops_the_landing_with_its_row(tmp_path):
    path = answer(tmp_path / "a.json", [{}, {"flowCode": "DXX", "cmdCode": "03"}])
    with pytest.raises(SourceError, match=r"a\.json, row 2, column 'flowCode': 'DXX'.*nearest: DX"):
        rows_of(path)


def test_rows_that_split_a_whole_are_left_out_and_counted(tmp_path):
    guess, rows = rows_of(
        answer(
            tmp_path / "a.json",
            [
                {},
                {"motCode": 2100, "primaryValue": 60.0, "fobvalue": 60.0},
                {"motCode": 3200, "primaryValue": 40.0, "fobvalue": 40.0},
                {"customsCode": "C03"},
                {"partner2Code": 156, "primaryValue": 10.0},
            ],
        )
    )
    assert [(row["row"], row["value_usd"]) for row in rows] == [(1, Decimal("100.000"))]
    assert guess.rows == 1
    assert any("4 rows splitting a trade" in note for note in guess.notes)


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ({"motCode": 2100}, "means of transport 2100"),
        ({"customsCode": "C03"}, "customs procedure C03"),
        ({"partner2Code": 156}, "second partner 156"),
    ],
)
def test_parts_without_their_whole_are_refused_because_they_would_count_twice(tmp_path, part, named):
    path = answer(tmp_path / "a.json", [{}, part | {"cmdCode": "271019"}])
    with pytest.raises(SourceError, match=rf"row 2, column '{next(iter(part))}'.*{named}.*partner2Code 0"):
        rows_of(path)


@settings(deadline=None, max_examples=10)
@given(
    st.lists(
        st.tuples(st.sampled_from([408, 410, 156]), st.sampled_from(["03", "0303"]), st.integers(0, 10**9)),
        min_size=1,
        max_size=6,
        unique_by=lambda row: row[:2],
    ),
    st.integers(0, 3),
)
def test_splitting_a_trade_by_transport_never_changes_what_is_landed(tmp_path_factory, wholes, pieces):
    folder = tmp_path_factory.mktemp("split")
    whole = [{"partnerCode": area, "cmdCode": code, "primaryValue": value} for area, code, value in wholes]
    parts = [row | {"motCode": 1000 + number} for row in whole for number in range(pieces)]
    plain, split = (rows_of(answer(folder / name, rows))[1] for name, rows in (("a", whole), ("b", whole + parts)))
    assert [row["value_usd"] for row in plain] == [Decimal(value) for _, _, value in wholes]
    assert split == plain


def test_year_and_month_are_told_apart_by_the_frequency(tmp_path):
    _, rows = rows_of(answer(tmp_path / "a.json", [{"freqCode": "A", "period": "2019"}, {}]))
    assert [(row["period"], row["frequency"]) for row in rows] == [("2019", "A"), ("2019-07", "M")]
    with pytest.raises(SourceError, match="row 1, column 'period': '2019' does not fit the frequency M"):
        rows_of(answer(tmp_path / "b.json", [{"period": "2019"}]))
    with pytest.raises(SourceError, match="row 1, column 'period': '201913'"):
        rows_of(answer(tmp_path / "c.json", [{"period": "201913"}]))


@pytest.mark.parametrize(("code", "name"), [("S4", "SITC"), ("B5", "Broad Economic Categories"), ("EB02", "services")])
def test_other_classifications_than_the_harmonised_system_are_refused_by_name(tmp_path, code, name):
    path = answer(tmp_path / "a.json", [{"classificationCode": code}])
    with pytest.raises(SourceError, match=f"'{code}': is .*{name}.*download the HS"):
        rows_of(path)


def test_services_are_refused(tmp_path):
    with pytest.raises(SourceError, match="'S': is not trade in goods"):
        rows_of(answer(tmp_path / "a.json", [{"typeCode": "S"}]))


def test_areas_come_from_their_numbers_and_an_unknown_number_stops_the_landing(tmp_path):
    _, rows = rows_of(answer(tmp_path / "a.json", [{"partnerCode": 490}, {"partnerCode": 0}]))
    assert [row["partner"] for row in rows] == ["S19", "W00"]
    with pytest.raises(CodeError, match=r"b\.json, row 1, column 'partnerCode'.*4080"):
        rows_of(answer(tmp_path / "b.json", [{"partnerCode": 4080}]))


def test_north_korea_as_reporter_is_the_publishers_estimate(tmp_path):
    _, rows = rows_of(answer(tmp_path / "a.json", [{"reporterCode": 408, "partnerCode": 643}, {"reporterCode": 410}]))
    assert [(row["reporter"], row["is_estimated"]) for row in rows] == [("PRK", True), ("KOR", False)]


def test_product_codes_keep_their_zeros_and_lose_nothing_else(tmp_path):
    _, rows = rows_of(answer(tmp_path / "a.json", [{"cmdCode": "0303"}, {"cmdCode": "TOTAL"}, {"cmdCode": "9999AA"}]))
    assert [row["product"] for row in rows] == ["0303", "TOTAL", "999999"]
    with pytest.raises(CodeError, match=r"row 1, column 'cmdCode'.*30367"):
        rows_of(answer(tmp_path / "b.json", [{"cmdCode": "30367"}]))


@pytest.mark.parametrize("limit", [500])
def test_an_answer_of_exactly_the_row_limit_was_cut_and_is_refused(tmp_path, limit):
    rows = [{"period": f"{2000 + number // 12}{number % 12 + 1:02d}", "partnerCode": 408} for number in range(240)]
    rows += [row | {"partnerCode": 410} for row in rows] + [row | {"partnerCode": 156} for row in rows[:20]]
    assert len(rows) == limit
    path = answer(tmp_path / "a.json", rows)
    with pytest.raises(SourceError, match=r"exactly 500 rows.*--allow-cut"):
        rows_of(path)
    guess, landed = rows_of(path, allow_cut=True, complete=True)
    assert len(landed) == limit
    assert not guess.complete
    assert any("row limit" in note for note in guess.notes)


def test_an_answer_that_counts_more_than_it_holds_is_refused(tmp_path):
    with pytest.raises(SourceError, match="counts 812 rows but holds 1"):
        rows_of(answer(tmp_path / "a.json", [{}], count=812))


def test_a_name_that_the_first_record_leaves_out_is_read_from_the_others(tmp_path):
    path = tmp_path / "cleaned.json"
    bare = {name: value for name, value in API_ROW.items() if value is not None and name != "qtyUnitCode"}
    weighed = bare | {"cmdCode": "0303", "netWgt": 12.5, "qtyUnitCode": 8, "qty": 12.5, "cifvalue": 100.0}
    del weighed["fobvalue"]
    path.write_text(json.dumps([bare, weighed]))
    first, second = rows_of(path)[1]
    assert (first["weight_kg"], first["quantity"], first["valuation"]) == (None, None, "fob")
    assert (second["weight_kg"], second["quantity"], second["valuation"]) == (Decimal("12.5"), Decimal("12.5"), "cif")


def test_an_empty_answer_is_no_zero():
    with pytest.raises(SourceError, match="an empty answer is not zero trade"):
        rows_of(FILES / "un_comtrade_empty.json")


def test_a_weight_that_nothing_weighs_is_left_out_and_said(tmp_path):
    guess, rows = rows_of(
        answer(tmp_path / "a.json", [{"netWgt": 3689350000012161.5}, {"netWgt": 5.0, "cmdCode": "03"}])
    )
    assert [row["weight_kg"] for row in rows] == [None, Decimal("5.000")]
    assert any("1 row with a weight" in note and "row 1" in note for note in guess.notes)


def test_a_missing_required_column_is_named(tmp_path):
    path = tmp_path / "a.csv"
    names = [name for name in API_ROW if name != "flowCode"]
    path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    with pytest.raises(SourceError, match=r"looks like UN Comtrade .* lacks the column flowCode"):
        rows_of(path)


HEADING = (
    "typeCode freqCode period reporterCode flowCode partnerCode partner2Code classificationCode cmdCode customsCode "
    "motCode netWgt CIFValue FOBValue primaryValue"
)
LINE = "C A 2019 643 X 408 0 H5 0303 C00 0 12.5  70.25 70.25"


def tabbed(path, *lines, mark=b""):
    path.write_bytes(mark + ("\n".join(line.replace(" ", "\t") for line in lines) + "\n").encode())
    return path


@pytest.mark.parametrize(
    ("heading", "mark"),
    [
        (HEADING, b""),
        (" ".join(name[0].upper() + name[1:].replace("CIFValue", "cifvalue") for name in HEADING.split()), b""),
        (" ".join(name[0].upper() + name[1:] for name in HEADING.split()), b"\xef\xbb\xbf"),
    ],
)
def test_text_is_read_whatever_capitals_the_publisher_gives_its_names(tmp_path, heading, mark):
    guess, rows = rows_of(tabbed(tmp_path / "COMTRADE-FINAL-CA6432019H5[2023-01-03].txt", heading, LINE, mark=mark))
    assert guess.card.id == "un_comtrade"
    found = [(row["reporter"], row["partner"], row["product"], row["value_usd"], row["valuation"]) for row in rows]
    assert found == [("RUS", "PRK", "0303", Decimal("70.250"), "fob")]
    assert rows[0]["weight_kg"] == 12.5


def test_a_name_that_stands_twice_with_other_capitals_is_refused(tmp_path):
    path = tabbed(tmp_path / "a.txt", f"{HEADING} cifvalue", f"{LINE} 1")
    with pytest.raises(SourceError, match="column 'cifvalue': stands twice in the heading"):
        rows_of(path)


def test_rows_that_do_not_say_whether_they_are_wholes_are_refused(tmp_path):
    kept = [place for place, name in enumerate(HEADING.split(" ")) if name != "motCode"]
    lines = [" ".join(line.split(" ")[place] for place in kept) for line in (HEADING, LINE)]
    with pytest.raises(SourceError, match=r"looks like UN Comtrade \(API rows\) but lacks the column motCode"):
        rows_of(tabbed(tmp_path / "a.txt", *lines))
