"""One number out of two declarations, with an interval that means what it says."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recon_world as rw
from tidewaiter.base.schema_reconcile import MARGIN, RECONCILED, TRUST
from tidewaiter.statistics import mirror, reconcile, settle

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))
SECTIONS = rw.known.sections(ENGINE)
MONEY = st.decimals("0.001", "99999999.999", places=3)
VARIANCE = st.floats(1e-6, 2.0)


def settled(lines: list[dict[str, Any]], out: float = 0.04, back: float = 0.01, silent: tuple[str, ...] = ()) -> Any:
    pairs = mirror.pair(mirror.declared(rw.trade(ENGINE, lines)), SECTIONS)
    areas = ("CHN", "RUS", "PRK")
    margins = ENGINE.table(MARGIN, [(a, b, "I", 0.1, 1) for a in areas for b in areas])
    table = [(a, role, "I", v, v, 9) for a in areas for role, v in (("exporter", out), ("importer", back))]
    return reconcile.reconcile(mirror.at_fob(pairs, margins), ENGINE.table(TRUST, table), silent)


def lines(
    export: Any, imported: Any, export_kg: Any = None, import_kg: Any = None, **more: Any
) -> list[dict[str, Any]]:
    said = []
    if export is not None or export_kg is not None:
        said.append(
            {"reporter": "CHN", "partner": "RUS", "flow": "export", "value": export, "weight_kg": export_kg} | more
        )
    if imported is not None or import_kg is not None:
        said.append(
            {
                "reporter": "RUS",
                "partner": "CHN",
                "flow": "import",
                "value": imported,
                "valuation": "fob",
                "weight_kg": import_kg,
            }
            | more
        )
    return said


def test_both_words_are_weighed_by_how_little_they_err() -> None:
    ((value, low, high, basis, part),) = rw.rows(
        settled(lines(100, 150)), "value_usd", "low_usd", "high_usd", "basis", "exporter_weight"
    )
    # Variances 0.04 and 0.01: a fifth of the exporter's logarithm, four fifths of the importer's; their mean has 0.008.
    middle = 100**0.2 * 150**0.8
    assert (basis, part) == ("both", 0.2)
    assert float(value) == pytest.approx(middle, abs=0.001)
    assert float(low) == pytest.approx(middle * math.exp(-1.6449 * 0.008**0.5), rel=1e-4)
    assert float(high) == pytest.approx(middle * math.exp(1.6449 * 0.008**0.5), rel=1e-4)


def test_words_that_contradict_each_other_leave_an_interval_that_holds_both() -> None:
    ((value, low, high),) = rw.rows(settled(lines(100, 250)), "value_usd", "low_usd", "high_usd")
    # ln 2.5 is 4.1 times the gap's standard deviation of 0.05 ** 0.5: each word's own 90 % is inside.
    assert float(value) == pytest.approx(100**0.2 * 250**0.8, abs=0.001)
    assert float(low) == pytest.approx(100 * math.exp(-1.6449 * 0.2), rel=1e-4)
    assert float(high) == pytest.approx(250 * math.exp(1.6449 * 0.1), rel=1e-4)


def test_where_one_side_spoke_its_word_stands_to_the_last_decimal() -> None:
    ((value, low, high, basis),) = rw.rows(settled(lines("123.457", None)), "value_usd", "low_usd", "high_usd", "basis")
    assert (value, basis) == (Decimal("123.457"), "exporter")
    assert float(high) == pytest.approx(123.457 * math.exp(1.6449 * 0.2), rel=1e-4)
    assert float(low) == pytest.approx(123.457 * math.exp(-1.6449 * 0.2), rel=1e-4)
    assert rw.rows(settled(lines(None, 7)), "value_usd", "basis") == [(Decimal("7.000"), "importer")]


def test_a_partner_that_never_reports_makes_a_cell_mirror_only() -> None:
    said = [{"reporter": "RUS", "partner": "PRK", "flow": "export", "value": 5}]
    assert rw.rows(settled(said, silent=("PRK",)), "basis") == [("mirror_only",)]


def test_all_null_weights_leave_the_weight_null_and_say_that_nobody_spoke() -> None:
    row = rw.rows(settled(lines(100, 100)), "weight_kg", "low_kg", "high_kg", "weight_basis")
    assert row == [(None, None, None, "none")]


def test_a_weight_without_a_value_is_settled_too() -> None:
    ((value, basis, weight, weight_basis),) = rw.rows(
        settled(lines(None, None, 100, 100)), "value_usd", "basis", "weight_kg", "weight_basis"
    )
    assert (value, basis) == (None, "none")
    assert (weight, weight_basis) == (Decimal("100.000"), "both")


def test_a_declared_zero_stands_only_where_nobody_declared_more() -> None:
    assert rw.rows(settled(lines(0, 90)), "value_usd", "basis") == [(Decimal("90.000"), "both")]
    assert rw.rows(settled(lines(0, None)), "value_usd", "low_usd", "high_usd") == [(Decimal("0.000"),) * 3]


def many(pairs: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Write each pair of words as a line of its own, of values and of weights."""
    return [line for n, (a, b) in enumerate(pairs) for line in lines(a, b, b, a, product=f"03{n:04d}")]


PAIRS = st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=40)


@settings(max_examples=8, deadline=None)
@given(pairs=PAIRS, alone=MONEY, out=VARIANCE, back=VARIANCE)
def test_the_value_never_leaves_its_interval(pairs: Any, alone: Decimal, out: float, back: float) -> None:
    cells = rw.rows(
        settled(many([*pairs, (alone, None), (None, alone)]), out, back),
        "low_usd",
        "value_usd",
        "high_usd",
        "low_kg",
        "weight_kg",
        "high_kg",
    )
    assert len(cells) == len(pairs) + 2
    assert all(cell[0] <= cell[1] <= cell[2] and cell[3] <= cell[4] <= cell[5] for cell in cells)


@settings(max_examples=8, deadline=None)
@given(truths=st.lists(MONEY, min_size=1, max_size=40), out=VARIANCE, back=VARIANCE)
def test_truthful_reporters_give_the_truth_back(truths: list[Decimal], out: float, back: float) -> None:
    found = rw.rows(settled(many([(truth, truth) for truth in truths]), out, back), "product", "value_usd", "weight_kg")
    assert [row[1:] for row in found] == [(truth, truth) for truth in truths]


@settings(max_examples=8, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30),
    factor=st.integers(2, 1000),
)
def test_scaling_both_words_scales_the_value_and_its_interval(pairs: list[tuple[int, int]], factor: int) -> None:
    columns = "product", "value_usd", "low_usd", "high_usd"
    once = rw.rows(settled(many(pairs)), *columns)
    scaled = rw.rows(settled(many([(a * factor, b * factor) for a, b in pairs])), *columns)
    for one, more in zip(once, scaled, strict=True):
        for small, large in zip(one[1:], more[1:], strict=True):
            assert float(large) == pytest.approx(float(small) * factor, abs=0.0006 * factor)


@settings(max_examples=8, deadline=None)
@given(pairs=PAIRS, variance=VARIANCE)
def test_sides_that_err_alike_may_be_swapped(pairs: Any, variance: float) -> None:
    columns = "product", "value_usd", "low_usd", "high_usd"
    there = rw.rows(settled(many(pairs), variance, variance), *columns)
    back = rw.rows(settled(many([(b, a) for a, b in pairs]), variance, variance), *columns)
    for one, other in zip(there, back, strict=True):
        assert [float(x) for x in one[1:]] == pytest.approx([float(x) for x in other[1:]], abs=0.0015)


def test_the_columns_are_those_of_the_reconciled_table() -> None:
    assert set(settled(lines(1, 1)).collect_schema().names()) == set(RECONCILED.names)


@pytest.fixture(scope="module")
def year() -> rw.Settled:
    return rw.run(rw.YEAR)


@pytest.fixture(scope="module")
def months() -> rw.Settled:
    return rw.run(rw.MONTHS)


def truth(world: rw.Settled, expression: str) -> tuple[Any, ...]:
    return world.one(
        f"SELECT {expression} FROM settled z JOIN mirror m USING (exporter, importer, product, hs, period) "
        "JOIN shipped s ON s.exporter = z.exporter AND s.importer = z.importer AND s.product = z.product AND s.period = z.period",
        settled=world.settled,
        mirror=world.mirrored,
    )


ERRORS = (
    "median(abs(ln(z.value_usd / s.fob))) FILTER (z.basis = 'both'), median(abs(ln(m.export_usd / s.fob))) FILTER "
    "(z.basis = 'both'), median(abs(ln(m.import_usd / CASE m.import_valuation WHEN 'cif' THEN 1.06 ELSE 1 END / s.fob))) "
    "FILTER (z.basis = 'both')"
)


@pytest.mark.parametrize("world", ["year", "months"])
def test_on_a_known_world_the_settled_value_is_nearer_than_either_side(
    world: str, request: pytest.FixtureRequest
) -> None:
    ours, exporter, importer = truth(request.getfixturevalue(world), ERRORS)
    assert ours < 0.92 * min(exporter, importer)


@pytest.mark.parametrize("world", ["year", "months"])
def test_on_a_known_world_nine_intervals_in_ten_hold_the_truth(world: str, request: pytest.FixtureRequest) -> None:
    cells, share, weights = truth(
        request.getfixturevalue(world),
        "count(*), avg((s.fob BETWEEN z.low_usd AND z.high_usd)::INT), avg((s.kg BETWEEN z.low_kg AND z.high_kg)::INT)",
    )
    assert cells > 5_000
    assert 0.87 <= share <= 0.93
    # So few areas tell less of weights: their sizes vary more, which blurs who errs how much.
    assert 0.85 <= weights <= 0.95


def test_no_row_of_a_world_breaks_the_checks_of_its_table(year: rw.Settled, months: rw.Settled) -> None:
    for world in (year, months):
        for check in RECONCILED.all_checks:
            query = f"SELECT count(*) FROM settled WHERE {check.failing}"
            assert world.one(query, settled=world.settled) == (0,), check.name


def test_nothing_is_lost_between_the_declarations_and_the_settled_cells(year: rw.Settled) -> None:
    cells, declared = year.one(
        "SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM (SELECT DISTINCT exporter, importer, product, period FROM words))",
        settled=year.settled,
        words=year.words,
    )
    assert cells == declared


def test_a_month_settled_in_its_window_is_the_same_as_in_the_whole(months: rw.Settled) -> None:
    window = settle.window(months.words, ["2018-05", "2018-06", "2018-07"])
    alone = settle.mirror_cells(window, months.sections, months.learned, months.engine)
    frame = settle.settle(alone, months.learned, months.given)
    both = "SELECT * FROM {} WHERE period = '2018-06'"
    (differ,) = months.one(
        f"SELECT count(*) FROM (({both.format('part')}) EXCEPT ({both.format('settled')}))",
        part=frame,
        settled=months.settled,
    )
    (cells,) = months.one("SELECT count(*) FROM part WHERE period = '2018-06'", part=frame)
    assert (differ, cells > 100) == (0, True)
