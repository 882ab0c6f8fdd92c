"""What a user may rely on when writing a unit."""

from __future__ import annotations

import csv
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import units
from tidewaiter.codes.fold import fold


def table(name: str) -> list[dict[str, str]]:
    with (units.comtrade_csv().parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


UNITS = table("units.csv")
SYMBOLS = [row["symbol"] for row in UNITS]


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("kg", "kg"),
        ("Kilograms", "kg"),
        ("ton", "t"),
        ("Tons", "t"),
        ("tonnes", "t"),
        ("metric tons", "t"),
        ("short tons", "short ton"),
        ("long tons", "long ton"),
        ("barrels", "bbl"),
        ("BBL", "bbl"),
        ("barrels per day", "bbl/d"),
        ("litres", "l"),
        ("cubic meters", "m3"),
        ("m³", "m3"),
        ("carats", "carat"),
        ("pairs", "pair"),
        ("kWh", "kWh"),
        ("Number of items", "u"),
        ("U (jeu/pack)", "package"),
        ("1000 KG", "t"),
        ("workers", "persons"),
    ],
)
def test_a_unit_is_found_as_people_and_publishers_write_it(written, symbol):
    assert units.resolve_unit(written) == symbol


@pytest.mark.parametrize("written", ["barels", "", "USD", "million", "thousand", "Mt", "MT", "gallon", "tonnne"])
def test_what_is_no_unit_or_might_be_two_is_refused(written):
    with pytest.raises(CodeError, match="is unknown"):
        units.resolve_unit(written)


def test_an_unknown_unit_is_refused_with_its_place_and_the_nearest():
    with pytest.raises(CodeError, match=r"'barels' is unknown \(quota.yml line 4\); nearest: barrels"):
        units.resolve_unit("barels", "quota.yml line 4")


@pytest.mark.parametrize(
    ("value", "symbol", "other", "expected"),
    [
        ("1", "bbl", "l", "158.987294928"),  # 42 gallons x 231 cubic inches x 16.387064 ml
        ("500000", "bbl", "m3", "79493.647464"),
        ("1", "t", "kg", "1000"),
        ("1", "short ton", "kg", "907.18474"),  # 2000 x 0.45359237
        ("1", "long ton", "kg", "1016.0469088"),  # 2240 x 0.45359237
        ("5", "carat", "g", "1"),
        ("3", "pair", "u", "6"),
        ("2", "dozen", "u", "24"),
        ("1", "MWh", "kWh", "1000"),
        ("1", "1000 m3", "m3", "1000"),
    ],
)
def test_conversions_are_exact(value, symbol, other, expected):
    assert units.convert(Decimal(value), symbol, other) == Decimal(expected)


def test_a_barrel_holds_42_us_gallons():
    assert units.unit("bbl").factor == 42 * units.unit("US gal").factor
    assert units.unit("US gal").factor == 231 * Decimal("2.54") ** 3 / 1000


def test_a_ton_is_metric_and_a_short_ton_is_lighter_and_a_long_ton_heavier():
    weights = [units.convert(Decimal(1), each, "kg") for each in ("short ton", "t", "long ton")]
    assert weights == sorted(set(weights))


@pytest.mark.parametrize(
    ("symbol", "other"), [("bbl", "t"), ("l", "kg"), ("u", "kg"), ("kg N", "kg"), ("bbl", "bbl/d"), ("persons", "u")]
)
def test_nothing_is_converted_across_dimensions(symbol, other):
    with pytest.raises(CodeError, match="factor of the product"):
        units.convert(Decimal(1), symbol, other)


@given(st.sampled_from(SYMBOLS), st.sampled_from(SYMBOLS), st.decimals("0.001", "1e9", places=3))
def test_there_and_back_is_where_it_began(one, other, value):
    if units.unit(one).dimension != units.unit(other).dimension:
        with pytest.raises(CodeError):
            units.convert(value, one, other)
        return
    back = units.convert(units.convert(value, one, other), other, one)
    assert abs(back - value) <= value * Decimal("1e-24")


def test_un_comtrade_numbers_of_units_are_known():
    assert units.comtrade_unit(-1) is None
    assert units.comtrade_unit(1) is None
    known = {2: "m2", 5: "u", 6: "pair", 7: "l", 8: "kg", 12: "m3", 13: "carat", 19: "bbl", 21: "t", 22: "kWh"}
    assert {code: units.comtrade_unit(code) for code in known} == known
    assert {int(row["comtrade_code"]) for row in table("unit_codes.csv")} == {-1, *range(1, 42)}


@pytest.mark.parametrize("code", [0, 42, -2])
def test_an_unknown_number_of_a_unit_is_refused(code):
    with pytest.raises(CodeError, match=f"quantity unit {code}"):
        units.comtrade_unit(code)


def test_every_unit_has_a_base_of_its_own_dimension_and_a_source():
    assert len(set(SYMBOLS)) == len(SYMBOLS)
    bases: dict[str, str] = {}
    for row in UNITS:
        assert row["source"]
        assert Decimal(row["factor"]) > 0
        assert bases.setdefault(row["dimension"], row["base"]) == row["base"]


def test_every_spelling_is_folded_unique_and_of_a_known_unit():
    names = table("unit_names.csv")
    assert len({row["spelling_folded"] for row in names}) == len(names)
    assert {row["symbol"] for row in names} == set(SYMBOLS)
    for row in names:
        assert row["spelling_folded"] == fold(row["spelling"])
    for row in table("unit_codes.csv"):
        if row["symbol"]:
            assert units.resolve_unit(row["abbreviation"]) == row["symbol"]


def test_units_join_in_sql_as_they_resolve_in_python():
    with duckdb.connect() as engine:
        rows = engine.execute(
            "SELECT comtrade_code, symbol FROM read_csv(?) ORDER BY comtrade_code", [str(units.comtrade_csv())]
        ).fetchall()
    assert [(code, symbol or None) for code, symbol in rows] == [(code, units.comtrade_unit(code)) for code, _ in rows]


def test_an_unknown_symbol_is_refused():
    with pytest.raises(CodeError, match="nearest: bbl"):
        units.unit("bbll")
