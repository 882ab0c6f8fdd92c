"""How far reporters err, learned from how well they agree."""

from __future__ import annotations

import math
import random

import pytest

import recon_world as rw
from tidewaiter.statistics import trust

OUT = {f"X{n:02d}": 0.01 + 0.004 * n for n in range(20)}
IN = {f"M{n:02d}": 0.05 - 0.002 * n for n in range(20)}


def sums(exporter: str, importer: str, out: float, back: float, cells: int, chance: random.Random) -> trust.PairSquares:
    """Draw the cells of one pair: true sizes, and both sides' errors."""
    gaps, sizes = [], []
    for _ in range(cells):
        true, mine, theirs = chance.gauss(10, 1), chance.gauss(0, out**0.5), chance.gauss(0, back**0.5)
        gaps.append(theirs - mine)
        sizes.append(2 * true + mine + theirs)
    return trust.PairSquares(
        exporter,
        importer,
        1.0,
        cells,
        sum(g * g for g in gaps),
        sum(gaps),
        sum(sizes),
        sum(s * s for s in sizes),
        sum(g * s for g, s in zip(gaps, sizes, strict=True)),
    )


@pytest.fixture(scope="module")
def found() -> trust.Variances:
    chance = random.Random(11)
    rows = [sums(x, m, OUT[x], IN[m], 150, chance) for x in OUT for m in IN]
    return trust.fit(rows, 0.25, cut=False)


def test_planted_variances_are_recovered_on_both_sides(found: trust.Variances) -> None:
    for name, planted in OUT.items():
        assert found.exporter[name] == pytest.approx(planted, rel=0.25, abs=0.004)
    for name, planted in IN.items():
        assert found.importer[name] == pytest.approx(planted, rel=0.25, abs=0.004)


def test_the_level_between_the_sides_is_found_though_sums_of_squares_do_not_show_it(found: trust.Variances) -> None:
    assert sum(found.exporter.values()) / 20 == pytest.approx(sum(OUT.values()) / 20, rel=0.1)
    assert sum(found.importer.values()) / 20 == pytest.approx(sum(IN.values()) / 20, rel=0.1)


def test_truthful_reporters_get_the_least_variance_and_nobody_none() -> None:
    rows = [trust.PairSquares(x, m, 1.0, 10_000, 0.0, 0.0, 0.0, 0.0, 0.0) for x in OUT for m in IN]
    exact = trust.fit(rows, 0.25, cut=False)
    assert max(exact.exporter.values()) < 0.001
    assert min(exact.exporter.values()) >= trust.FLOOR


def test_without_a_common_cell_the_typical_variance_holds() -> None:
    nobody = trust.fit([trust.PairSquares("A", "B", 1.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)], 0.25, cut=False)
    assert nobody.average == (0.25, 0.25)
    rows = trust.trust_rows(nobody, nobody, ["A"], ["I", "V"], {})
    assert rows[0] == ("A", "exporter", "I", 0.25, 0.25, 0)
    assert len(rows) == 4


def test_what_cutting_at_three_deviations_takes_off_a_variance_is_made_good() -> None:
    # The second moment of a standard normal variable cut off at 3 is 1 - 6 phi(3) / (2 Phi(3) - 1).
    density = math.exp(-4.5) / math.sqrt(2 * math.pi)
    assert 1 - 6 * density / math.erf(3 / math.sqrt(2)) == pytest.approx(trust._KEPT)
    row = trust.PairSquares("A", "B", 1.0, 10**9, trust._KEPT * 10**9 * 0.08, 0.0, 0.0, 0.0, 0.0)
    both = trust.fit([row], 0.25, cut=True)
    assert both.exporter["A"] + both.importer["B"] == pytest.approx(0.08, rel=0.01)


def test_a_section_in_which_a_reporter_errs_more_is_found() -> None:
    engine = rw.known.DuckEngine(rw.known.connect("500MB", 1))
    columns = "reporter, role, section, value_variance, weight_variance, cells"
    flat = engine.sql(
        f"SELECT * FROM (VALUES ('A','exporter','I',0.1,0.1,9), ('A','exporter','V',0.1,0.1,9)) t({columns})"
    )
    # Ten thousand cells in section I whose squared gaps are twice what was expected; none in V.
    seen = engine.sql(
        f"SELECT 'A' AS reporter, 'exporter' AS role, 'I' AS section, {2 * trust._KEPT} * 5.0 AS seen, 5.0 AS expected, 10000 AS cells"
    )
    none = engine.sql("SELECT '' AS reporter, '' AS role, '' AS section, 0.0 AS seen, 1.0 AS expected, 0 AS cells")
    rows = rw.rows(trust.by_section(flat, flat, seen, none), "section", "value_variance", "weight_variance")
    assert rows[0] == ("I", pytest.approx((0.2 * 10_000 + 0.1 * 50) / 10_050), 0.1)
    assert rows[1] == ("V", 0.1, 0.1)
