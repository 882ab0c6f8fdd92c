"""Pairing the two declarations of a trade: who stands for a line, silence, valuation, gaps."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

import recon_world as rw
from tidewaiter.base.schema_reconcile import MARGIN, MIRROR
from tidewaiter.statistics import mirror

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))
SECTIONS = rw.known.sections(ENGINE)


def mirrored(*lines: dict[str, Any], margin: float = 0.1) -> Any:
    words = mirror.declared(rw.trade(ENGINE, lines))
    pairs = mirror.pair(words, SECTIONS)
    areas = sorted({row for names in (("exporter",), ("importer",)) for (row,) in rw.rows(pairs, *names)})
    table = [(a, b, s, margin, 1) for a in areas for b in areas for s in ("I", "V", "none")]
    return mirror.at_fob(pairs, ENGINE.table(MARGIN, table))


def say(reporter: str, partner: str, flow: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"reporter": reporter, "partner": partner, "flow": flow, "value": value} | more


def test_both_sides_stand_beside_each_other_with_the_gap_after_freight() -> None:
    both = mirrored(say("CHN", "PRK", "export", 100), say("PRK", "CHN", "import", "132"))
    (row,) = rw.rows(both, "export_usd", "import_usd", "export_fob_usd", "import_fob_usd", "section", "log_gap")
    # 132 CIF at a margin of 10 % is 120 FOB, a gap of ln 1.2.
    assert row[:5] == (Decimal("100.000"), Decimal("132.000"), Decimal("100.000"), Decimal("120.000"), "I")
    assert row[5] == pytest.approx(math.log(1.2))


def test_silence_is_null_and_never_zero() -> None:
    one = mirrored(say("CHN", "PRK", "export", 100))
    assert rw.rows(one, "export_usd", "import_usd", "import_fob_usd", "log_gap") == [
        (Decimal("100.000"), None, None, None)
    ]


def test_a_reporter_that_values_imports_fob_is_left_alone() -> None:
    fob = mirrored(say("CHN", "RUS", "export", 100), say("RUS", "CHN", "import", 110, valuation="fob"))
    assert rw.rows(fob, "import_fob_usd") == [(Decimal("110.000"),)]


def test_an_exporter_that_declares_cif_is_brought_to_fob_too() -> None:
    cif = mirrored(say("CHN", "RUS", "export", 110, valuation="cif"))
    assert rw.rows(cif, "export_fob_usd") == [(Decimal("100.000"),)]


def test_swapping_the_sides_mirrors_the_gap() -> None:
    gap = "log_gap", "weight_log_gap"
    there = mirrored(
        say("CHN", "RUS", "export", 100, weight_kg=7), say("RUS", "CHN", "import", 150, weight_kg=9), margin=0.0
    )
    back = mirrored(
        say("CHN", "RUS", "export", 150, weight_kg=9), say("RUS", "CHN", "import", 100, weight_kg=7), margin=0.0
    )
    (value, weight), (other, other_weight) = rw.rows(there, *gap)[0], rw.rows(back, *gap)[0]
    assert value == pytest.approx(-other)
    assert weight == pytest.approx(-other_weight)
    assert weight == pytest.approx(math.log(9 / 7))


def test_a_line_in_two_files_counts_once_by_the_newer_vintage_then_the_later_landing() -> None:
    line = say("CHN", "PRK", "export", 100)
    words = mirror.declared(
        rw.trade(
            ENGINE,
            [
                line | {"value": 1, "vintage": "2023-01-01", "receipt": "z"},
                line | {"value": 2, "vintage": "2024-01-01", "receipt": "a"},
                line | {"value": 3, "vintage": "2024-01-01", "receipt": "b", "source": "other"},
            ],
        )
    )
    assert rw.rows(words, "value_usd", "receipt") == [(Decimal("3.000"), "b")]


def test_parts_estimates_and_goods_of_ones_own_are_nobodys_word() -> None:
    words = mirror.declared(
        rw.trade(
            ENGINE,
            [
                say("CHN", "PRK", "re_export", 10),
                say("PRK", "CHN", "import", 10, is_estimated=True),
                say("CHN", "CHN", "import", 10),
            ],
        )
    )
    assert rw.rows(words, "value_usd") == []


def test_a_declared_zero_has_no_gap() -> None:
    zero = mirrored(say("CHN", "PRK", "export", 0), say("PRK", "CHN", "import", 110))
    assert rw.rows(zero, "export_fob_usd", "log_gap") == [(Decimal("0.000"), None)]


def test_negative_values_are_caught_by_the_tables_checks() -> None:
    wrong = mirrored(say("CHN", "PRK", "export", -1), say("PRK", "CHN", "import", 5), say("CHN", "RUS", "export", 1))
    (check,) = (check for check in MIRROR.checks if check.name == "value is negative")
    query = f"SELECT importer FROM ({wrong.to_native().sql_query()}) WHERE {check.failing}"
    assert ENGINE.connection.execute(query).fetchall() == [("PRK",)]


def test_the_columns_are_those_of_the_mirror_table() -> None:
    assert set(mirrored(say("CHN", "PRK", "export", 1)).collect_schema().names()) == set(MIRROR.names)
