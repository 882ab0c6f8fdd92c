"""The stages in their order: what is learned from all declarations, and what the cells come to."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import recon_world as rw
from tidewaiter.base.schema_reconcile import MARGIN, MIRROR, RECONCILED, TRUST
from tidewaiter.statistics import mirror, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

AREAS = ("AUT", "BEL", "CHE", "DEU", "ESP", "FRA")
PRODUCTS = ("030367", "270900", "610910", "870323")
YEARS = ("2016", "2017", "2018", "2019")
GIVEN = settle.Assumptions(0.06, 0.62, {}, frozenset(), ("PRK",))
Line = dict[str, Any]


class Counting(rw.known.DuckEngine):  # type: ignore[misc]  # the generator is loaded at run time
    """An engine that remembers how many rows it ever handed to Python at once."""

    def __init__(self) -> None:
        super().__init__(rw.known.connect("500MB", 1))
        self.most = 0

    def rows(self, frame: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = super().rows(frame)
        self.most = max(self.most, len(found))
        return found


def trades() -> list[tuple[str, str, str, str, float]]:
    """List exporter, importer, product, year and true dollars, the same on every run."""
    dice = random.Random(20)
    return [
        (out, back, product, year, round(math.exp(dice.gauss(9, 1)), 2))
        for out in AREAS
        for back in AREAS
        if out != back
        for product in PRODUCTS
        for year in YEARS
    ]


def declared(
    freight: float = 0.0, noise: float = 0.0, scale: float = 1.0, *, swapped: bool = False, valuation: str = "cif"
) -> list[Line]:
    """Declare every trade twice, with freight on the importer's side and an error of its own on either."""
    dice = random.Random(21)
    lines = []
    for out, back, product, year, true in trades():
        said = [true * scale * math.exp(noise * dice.gauss(0, 1)) for _ in range(2)]
        said[1] *= 1 + freight
        if swapped:
            said.reverse()
        common = {"product": product, "period": year}
        lines.append({"reporter": out, "partner": back, "flow": "export", "value": round(said[0], 3), **common})
        lines.append(
            {"reporter": back, "partner": out, "flow": "import", "value": round(said[1], 3), "valuation": valuation}
            | common
        )
    return lines


def cells(lines: Iterable[Line], engine: Any = None) -> dict[tuple[str, ...], dict[str, Any]]:
    """Run all stages on `lines`; return the settled cells with their gaps, by key."""
    engine = engine or Counting()
    words = engine.keep("words", mirror.declared(rw.trade(engine, lines)))
    sections = rw.known.sections(engine)
    learned = settle.learn(words, sections, engine, GIVEN, monthly=False)
    settled = settle.settle(settle.mirror_cells(words, sections, learned, engine), learned, GIVEN)
    rows = [dict(zip(RECONCILED.names, row, strict=True)) for row in engine.rows(settled.select(*RECONCILED.names))]
    return {tuple(row[name] for name in RECONCILED.key): row for row in rows}


@pytest.fixture(scope="module")
def noisy() -> dict[tuple[str, ...], dict[str, Any]]:
    return cells(declared(0.08, 0.2))


def test_truthful_reporters_give_the_truth_back() -> None:
    settled = cells(declared(freight=0.07))
    assert len(settled) == len(trades())
    for out, back, product, year, true in trades():
        row = settled[out, back, product, "HS2017", year]
        assert float(row["value_usd"]) == pytest.approx(true, rel=0.003)
        assert row["low_usd"] <= row["value_usd"] <= row["high_usd"]


def test_every_value_lies_inside_an_interval_that_both_words_pull_at(noisy: Any) -> None:
    for row in noisy.values():
        assert row["low_usd"] < row["value_usd"] < row["high_usd"]
        assert row["basis"] == "both"
        assert 0 < row["exporter_weight"] < 1


def test_the_settled_values_are_nearer_the_truth_than_either_side(noisy: Any) -> None:
    dice = random.Random(21)
    errors: dict[str, list[float]] = {"settled": [], "exporter": [], "importer": []}
    for out, back, product, year, true in trades():
        for side in ("exporter", "importer"):
            errors[side].append(abs(0.2 * dice.gauss(0, 1)))
        value = float(noisy[out, back, product, "HS2017", year]["value_usd"])
        errors["settled"].append(abs(math.log(value / true)))
    middle = {name: sorted(found)[len(found) // 2] for name, found in errors.items()}
    assert middle["settled"] < 0.85 * min(middle["exporter"], middle["importer"])


def test_nine_intervals_in_ten_hold_the_truth(noisy: Any) -> None:
    held = [
        noisy[out, back, product, "HS2017", year]["low_usd"]
        <= Decimal(str(true))
        <= noisy[out, back, product, "HS2017", year]["high_usd"]
        for out, back, product, year, true in trades()
    ]
    assert 0.84 <= sum(held) / len(held) <= 0.96


def test_swapping_the_sides_mirrors_the_gaps() -> None:
    # Both at FOB: nothing but the sides' roles tells them apart, and those are swapped.
    straight = cells(declared(noise=0.2, valuation="fob"))
    swapped = cells(declared(noise=0.2, valuation="fob", swapped=True))
    assert straight.keys() == swapped.keys()
    for key, row in straight.items():
        assert row["log_gap"] == pytest.approx(-swapped[key]["log_gap"], abs=1e-9)


def test_scaling_every_word_scales_values_and_intervals(noisy: Any) -> None:
    # A hundredfold moves every cell by whole bands of sizes; all stay between the open ends.
    scaled = cells(declared(0.08, 0.2, scale=100))
    for key, row in noisy.items():
        for name in ("value_usd", "low_usd", "high_usd"):
            assert float(scaled[key][name]) == pytest.approx(100 * float(row[name]), rel=1e-4)


def test_one_word_more_or_less_makes_no_cell_vanish() -> None:
    lines = declared(0.08, 0.2)
    del lines[0]  # Austria's own word on its first trade
    extra = {"reporter": "FRA", "partner": "PRK", "flow": "export", "value": 5000, "product": "030367"}
    settled = cells([*lines, extra])
    assert len(settled) == len(trades()) + 1
    first = trades()[0]
    assert settled[first[0], first[1], first[2], "HS2017", first[3]]["basis"] == "importer"
    assert settled["FRA", "PRK", "030367", "HS2017", "2019"]["basis"] == "mirror_only"


def test_where_nobody_was_matched_the_assumptions_hold() -> None:
    lines = [line for line in declared(0.08, 0.2) if line["flow"] == "import"]
    engine = Counting()
    words, sections = mirror.declared(rw.trade(engine, lines)), rw.known.sections(engine)
    learned = settle.learn(words, sections, engine, GIVEN, monthly=False)
    assert {round(share, 4) for (share,) in engine.rows(learned.margin.select("cif_margin"))} == {0.06}
    variances = {value for (value,) in engine.rows(learned.trust.select("value_variance"))}
    assert list(variances) == [pytest.approx(0.62)]
    assert learned.lag is None


def test_no_rows_in_bulk_pass_through_python_while_learning() -> None:
    engine = Counting()
    words = engine.keep("words", mirror.declared(rw.trade(engine, declared(0.08, 0.2))))
    settle.learn(words, rw.known.sections(engine), engine, GIVEN, monthly=False)
    declarations = engine.connection.sql(words.to_native().sql_query()).shape[0]
    assert engine.most < declarations / 3  # sums by pair, bands of sizes, sections: never a declaration


def test_what_is_learned_covers_every_pair_and_reporter_and_breaks_no_check() -> None:
    engine = Counting()
    words, sections = mirror.declared(rw.trade(engine, declared(0.08, 0.2))), rw.known.sections(engine)
    learned = settle.learn(words, sections, engine, GIVEN, monthly=False)
    every = {section for (section,) in engine.rows(sections.select("section").unique())}
    margins = engine.rows(learned.margin.select(*MARGIN.key))
    assert len(margins) == len(set(margins)) == len(AREAS) * (len(AREAS) - 1) * len(every)
    trust = engine.rows(learned.trust.select(*TRUST.key))
    assert len(trust) == len(set(trust)) == len(AREAS) * 2 * len(every)
    mirrored = engine.keep("mirror", settle.mirror_cells(words, sections, learned, engine))
    settled = engine.keep("settled", settle.settle(mirrored, learned, GIVEN))
    for table, frame in ((MARGIN, learned.margin), (TRUST, learned.trust), (MIRROR, mirrored), (RECONCILED, settled)):
        for check in table.all_checks:
            failing = f"SELECT count(*) FROM ({frame.to_native().sql_query()}) WHERE {check.failing}"
            assert engine.connection.execute(failing).fetchall() == [(0,)], check.name


def test_months_are_judged_with_their_lag_and_years_without() -> None:
    # What leaves in a month arrives by a third in the next: each month's imports are 2/3 and 1/3 of two departures.
    dice = random.Random(5)
    lines: list[Line] = []
    for out in AREAS:
        for back in AREAS:
            if out == back:
                continue
            left = [math.exp(dice.gauss(13, 0.7)) for _ in range(24)]
            for month, value in enumerate(left):
                period = f"{2018 + month // 12}-{month % 12 + 1:02d}"
                came = value * 2 / 3 + (left[month - 1] if month else value) / 3
                common = {"product": "030367", "period": period}
                lines.append({"reporter": out, "partner": back, "flow": "export", "value": round(value, 3)} | common)
                lines.append(
                    {"reporter": back, "partner": out, "flow": "import", "value": round(came, 3), "valuation": "fob"}
                    | common
                )
    engine = Counting()
    words, sections = engine.keep("words", mirror.declared(rw.trade(engine, lines))), rw.known.sections(engine)
    learned = settle.learn(words, sections, engine, GIVEN, monthly=True)
    assert learned.lag is not None
    shares = [share for (share,) in engine.rows(learned.lag.select("lag_share"))]
    assert sum(shares) / len(shares) == pytest.approx(1 / 3, abs=0.05)
    mirrored = engine.keep("mirror", settle.mirror_cells(words, sections, learned, engine))
    gaps = engine.rows(mirrored.select("timing_usd", "log_gap"))
    lagged = sorted(abs(gap) for timing, gap in gaps if timing == "settled")
    assert lagged[len(lagged) // 2] < 0.05
