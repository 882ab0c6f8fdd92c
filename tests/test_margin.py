"""Freight and insurance, learned from pairs that both declared."""

from __future__ import annotations

import math
import random

import pytest

import recon_world as rw
from tidewaiter.statistics import margin, settle


def gap(exporter: str, importer: str, mean: float, cells: int = 100, deviation: float = 0.1) -> margin.PairGap:
    return margin.PairGap(exporter, importer, cells, mean * cells, cells * (deviation**2 + mean**2))


def test_a_section_with_many_cells_keeps_its_median_and_one_with_few_takes_the_common_one() -> None:
    levels = margin.section_levels([("I", 0.2, 1_000_000), ("V", 0.1, 1_000_000), ("XX", 0.9, 1)], typical=0.06)
    assert levels[""] == pytest.approx(0.15, abs=1e-4)
    assert levels["I"] == pytest.approx(0.2, abs=1e-3)
    # One cell against a prior of 400 at 0.15: (0.9 + 400 * 0.15) / 401.
    assert levels["XX"] == pytest.approx((0.9 + 400 * levels[""]) / 401)


def test_where_nobody_was_matched_the_typical_margin_holds() -> None:
    assert margin.section_levels([], typical=0.06) == {"": pytest.approx(math.log(1.06))}


def test_distance_and_border_are_recovered() -> None:
    chance = random.Random(5)
    areas = [f"A{n:02d}" for n in range(30)]
    km = {(a, b): chance.uniform(200, 15000) for a in areas for b in areas if a != b}
    borders = frozenset(pair for pair in km if km[pair] < 1500)
    middle = sum(map(math.log, km.values())) / len(km)
    planted = {
        pair: 0.01 + 0.03 * (math.log(km[pair]) - middle) - 0.02 * (pair in borders or pair[::-1] in borders)
        for pair in km
    }
    found = margin.fit([gap(*pair, value) for pair, value in planted.items()], km, borders)
    misses = sorted(abs(row.above - planted[row.exporter, row.importer]) for row in found)
    assert misses[int(len(misses) * 0.95)] < 0.005


def test_noise_alone_moves_nobodys_margin() -> None:
    chance = random.Random(6)
    areas = [f"A{n:02d}" for n in range(20)]
    gaps = [gap(a, b, chance.gauss(0, 0.3 / 10**0.5), cells=10, deviation=0.3) for a in areas for b in areas if a != b]
    assert max(abs(row.above) for row in margin.fit(gaps, {}, frozenset())) < 0.05


def test_a_pair_that_never_declared_the_same_cell_gets_a_margin_too() -> None:
    (row,) = [
        row
        for row in margin.fit([gap("A", "B", 0.05), margin.PairGap("A", "C", 0, 0.0, 0.0)], {}, frozenset())
        if row.importer == "C"
    ]
    assert math.isfinite(row.above)
    assert row.cells == 0


def test_margins_lie_between_nothing_and_a_quarter() -> None:
    engine = rw.known.DuckEngine(rw.known.connect("500MB", 1))
    pairs = engine.sql(
        "SELECT * FROM (VALUES ('A','B',-1.0,5), ('A','C',1.0,5), ('A','D',0.0,5)) t(exporter,importer,above,cells)"
    )
    levels = engine.sql("SELECT * FROM (VALUES ('', 0.05), ('I', 0.1)) t(section, level)")
    table = margin.margins(pairs, levels, engine.sql("SELECT unnest(['I', 'II']) AS section"))
    found = {row[:2]: row[2] for row in rw.rows(table, "importer", "section", "cif_margin")}
    assert (found["B", "I"], found["C", "I"]) == (0.0, 0.25)
    assert found["D", "I"] == pytest.approx(math.expm1(0.1), abs=1e-6)
    assert found["D", "II"] == pytest.approx(math.expm1(0.05), abs=1e-6)


def test_the_few_pairs_with_most_cells_do_not_speak_for_how_much_pairs_differ() -> None:
    # Four pairs of 100,000 cells have no margin of their own; two hundred of 50 differ by 0.1.
    chance = random.Random(7)
    noise = 0.01
    left = [(0.0, 1e-6)] * 4 + [(chance.gauss(0, (0.01 + noise) ** 0.5), noise) for _ in range(200)]
    assert margin._own_variance(left) == pytest.approx(0.01, rel=0.3)
    assert margin._own_variance([(0.01, 0.01)] * 50) == 0.0


def test_real_capitals_and_borders_hold_unless_others_are_handed_in() -> None:
    given = settle.Assumptions(0.06, 0.6)
    assert given.distance_km["RUS", "PRK"] == pytest.approx(6420, rel=0.02)
    assert ("PRK", "RUS") in given.bordering
    assert settle.Assumptions(0.06, 0.6, {}, frozenset()).distance_km == {}


def test_far_goods_pay_more_freight_than_near_ones_on_the_real_map() -> None:
    given = settle.Assumptions(0.06, 0.6)
    areas = ["CHN", "RUS", "KOR", "JPN", "BRA", "ZAF", "DEU", "FRA", "POL", "USA", "CAN", "AUS"]
    pairs = [(a, b) for a in areas for b in areas if a != b and (a, b) != ("BRA", "CHN")]
    gaps = [gap(*pair, 0.03 * math.log(given.distance_km[pair] / 3000)) for pair in pairs]
    found = margin.fit([*gaps, margin.PairGap("BRA", "CHN", 0, 0.0, 0.0)], given.distance_km, given.bordering)
    (unseen,) = [row for row in found if (row.exporter, row.importer) == ("BRA", "CHN")]
    # Brasilia lies 16,900 km from Beijing: 0.03 ln(16,900 / 3,000), never seen.
    assert unseen.above == pytest.approx(0.03 * math.log(16_900 / 3_000), abs=0.01)
