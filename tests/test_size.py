"""How far gaps reach by the size of the cell, and how heavy their tails are."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import pytest

import recon_world as rw
from tidewaiter.base.schema_reconcile import MIRROR, SIZE, TRUST
from tidewaiter.statistics import mirror, reconcile, settle, size

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))


def counted(widths: list[float], band: int = 8) -> list[tuple[int, int, int]]:
    """Write widths in standard deviations as the rows that `fit` takes."""
    return [(band, min(1000, int(width * 50)), 1) for width in widths]


@pytest.mark.parametrize(
    ("freedom", "share", "tabled"),
    # Any statistical table: Student's t at 0.95 and 0.75.
    [(1, 0.95, 6.3138), (2, 0.95, 2.9200), (5, 0.95, 2.0150), (30, 0.95, 1.6973), (3, 0.75, 0.7649)],
)
def test_students_t_is_that_of_the_tables(freedom: float, share: float, tabled: float) -> None:
    assert size._quantile(freedom, share) == pytest.approx(tabled, abs=1e-4)


def test_gaps_as_wide_as_expected_leave_the_intervals_as_they_are() -> None:
    chance = random.Random(1)
    band = size.fit(counted([abs(chance.gauss(0, 1)) for _ in range(40_000)]))[8]
    assert band.factor == pytest.approx(1, abs=0.06)
    assert band.freedom > 15
    assert band.factor**0.5 * band.reach == pytest.approx(1.645, abs=0.02)


def test_gaps_twice_as_wide_quadruple_the_variance() -> None:
    chance = random.Random(2)
    band = size.fit(counted([2 * abs(chance.gauss(0, 1)) for _ in range(40_000)]))[8]
    assert band.factor**0.5 * band.reach == pytest.approx(2 * 1.645, abs=0.04)


def test_heavy_tails_are_seen_as_such() -> None:
    # Student's t with 3 degrees of freedom: a normal over the root of a chi-square's mean.
    chance = random.Random(3)

    def drawn() -> float:
        return abs(chance.gauss(0, 1)) / math.sqrt(sum(chance.gauss(0, 1) ** 2 for _ in range(3)) / 3)

    band = size.fit(counted([drawn() for _ in range(40_000)]))[8]
    assert band.freedom == pytest.approx(3, abs=0.4)
    assert band.factor == pytest.approx(1, abs=0.08)
    assert band.reach == pytest.approx(2.353, abs=0.1)


def test_a_band_of_few_cells_goes_with_the_others() -> None:
    chance = random.Random(4)
    found = size.fit([*counted([abs(chance.gauss(0, 1)) for _ in range(20_000)]), *counted([9.0, 9.0, 9.0], band=12)])
    assert found[12].factor ** 0.5 * found[12].reach == pytest.approx(1.645, rel=0.05)
    assert found[12].cells == 3
    assert found[4] == found[15]


def test_where_nobody_was_matched_errors_are_normal() -> None:
    band = size.fit([])[6]
    assert (band.factor, band.cells) == (pytest.approx(1, abs=5e-3), 0)
    assert band.reach == pytest.approx(NormalDist().inv_cdf(0.95), abs=2e-3)


def test_relative_factors_tell_sizes_apart_and_move_no_level() -> None:
    bands = {4: size.Band(8.0, 9, 2, 2, 100), 5: size.Band(2.0, 9, 2, 2, 100)}
    assert {number: band.factor for number, band in size.relative(bands).items()} == {4: 2.0, 5: 0.5}


def settled(export: float, imported: float | None, freedom: float = 3.0, factor: float = 0.25) -> tuple[Any, ...]:
    """Settle one cell whose sides err by variances 0.04 and 0.01, with the same line in every band."""
    cell = {
        "exporter": "CHN",
        "importer": "RUS",
        "product": "030367",
        "hs": "HS2017",
        "period": "2019",
        "section": "I",
        "cif_margin": 0.0,
        "export_usd": export,
        "export_fob_usd": export,
        "import_usd": imported,
        "import_fob_usd": imported,
        "import_said_usd": imported,
        "lag_share": 0.0,
        "lag_variance": 0.0,
        "timing_usd": mirror.SETTLED,
        "timing_kg": mirror.SETTLED,
    }
    mirrored = ENGINE.table(MIRROR, [tuple(cell.get(name) for name in MIRROR.names)])
    trust = ENGINE.table(TRUST, [("CHN", "exporter", "I", 0.04, 0.04, 9), ("RUS", "importer", "I", 0.01, 0.01, 9)])
    band = (factor, freedom, 2.353, 2.132)
    sizes = ENGINE.table(SIZE, [(number, *band, *band, 1) for number in range(size.SMALLEST, size.LARGEST + 1)])
    frame = reconcile.reconcile(mirrored, trust, (), sizes)
    return tuple(float(value) for value in rw.rows(frame, "value_usd", "low_usd", "high_usd")[0])


def test_one_word_reaches_as_far_as_its_band_says() -> None:
    value, low, high = settled(1000, None)
    # Half the exporter's standard deviation of 0.2 (a factor of 0.25 on its variance), and t with 3 degrees of freedom.
    assert value == 1000
    assert high / value == pytest.approx(math.exp(2.353 * 0.1), rel=1e-5)
    assert value / low == pytest.approx(math.exp(2.353 * 0.1), rel=1e-5)


def test_words_that_agree_are_surer_than_words_that_do_not() -> None:
    agreed, apart = settled(1000, 1000), settled(1000, 1200)
    assert agreed[2] / agreed[0] < apart[2] / apart[0]
    # The mean of both has the variance 0.008, here 0.002; a gap of nothing leaves 3 quarters of it.
    assert agreed[2] / agreed[0] == pytest.approx(math.exp(2.132 * math.sqrt(0.002 * 3 / 4)), rel=1e-5)
    # ln 1.2 squared over the gap's variance of 0.0125 is 2.659: (3 + 2.659) / 4 of it.
    seen = (3 + math.log(1.2) ** 2 / 0.0125) / 4
    assert apart[2] / apart[0] == pytest.approx(math.exp(2.132 * math.sqrt(0.002 * seen)), rel=1e-5)


def test_the_band_moves_no_settled_value() -> None:
    assert settled(1000, 1300, factor=0.1)[0] == settled(1000, 1300, factor=9.0)[0]


def test_a_round_amount_is_in_the_band_it_begins() -> None:
    # On some machines the logarithm of 1000 falls short of 3 in the last bit.
    cells = ENGINE.sql(
        "SELECT v AS export_fob_usd, NULL::DOUBLE AS import_said_usd FROM (VALUES (1.0), (999.0), (1000.0), (1e9)) t(v)"
    )
    names = [f"value_{kind}" for kind in size.KINDS]
    sizes = ENGINE.sql(
        f"SELECT range AS band, range * 1.0 AS {names[0]}, 1.0 AS {names[1]}, 1.0 AS {names[2]}, 1.0 AS {names[3]} FROM range(20)"
    )
    found = rw.rows(size.with_size(cells, sizes, "value"), "export_fob_usd", "value_factor")
    assert [row[1] for row in sorted(found)] == [4, 6, 6, 15]


@pytest.fixture(scope="module")
def uneven() -> rw.Settled:
    """A year in which large cells are declared more alike, and cells of one size differ."""
    return rw.run(replace(rw.YEAR, surer=0.15, unlike=0.7))


def test_intervals_cover_nine_in_ten_of_small_cells_and_of_large_ones(uneven: rw.Settled) -> None:
    question = (
        "SELECT avg((fob BETWEEN low_usd AND high_usd)::INT) FILTER (fob < 3000), "
        "avg((fob BETWEEN low_usd AND high_usd)::INT) FILTER (fob > 30000) "
        "FROM settled JOIN shipped USING (exporter, importer, product, period)"
    )
    for share in uneven.one(question, settled=uneven.settled):
        assert 0.87 <= share <= 0.93
    plain = settle.settle(uneven.mirrored, replace(uneven.learned, size=None), uneven.given)
    small, large = uneven.one(question, settled=plain)
    assert small < 0.85
    assert large > small
