"""Goods that arrive a month after they left."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import Any

import pytest

import recon_world as rw
from tidewaiter.base.schema_reconcile import LAG, MARGIN
from tidewaiter.statistics import lag, mirror

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))
SECTIONS = rw.known.sections(ENGINE)
LEFT = [100, 400, 50, 300, 120, 500, 80, 260, 40, 330, 90, 210]


def declarations(left: list[float], share: float) -> list[dict[str, Any]]:
    """Write what left month by month, and arrivals of which `share` is a month late."""
    lines = []
    for k, value in enumerate(left):
        line = {"period": f"{2019 + k // 12}-{k % 12 + 1:02d}"}
        lines.append(line | {"reporter": "CHN", "partner": "RUS", "flow": "export", "value": value})
        late = left[k - 1] if k else value
        arrived = (1 - share) * value + share * late
        lines.append(
            line
            | {"reporter": "RUS", "partner": "CHN", "flow": "import", "value": round(arrived, 3), "valuation": "fob"}
        )
    return lines


def mirrored(lines: list[dict[str, Any]], share: float) -> Any:
    margins = ENGINE.table(MARGIN, [(a, b, "I", 0.0, 1) for a, b in (("CHN", "RUS"), ("RUS", "CHN"))])
    at_fob = mirror.at_fob(mirror.pair(mirror.declared(rw.trade(ENGINE, lines)), SECTIONS), margins)
    lags = ENGINE.table(LAG, [("", "", 0.0, 0.0, 0), ("CHN", "RUS", share, 0.04, 12)])
    return lag.without_lag(ENGINE.keep("mirror", at_fob), lags)


def learned(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    pairs = mirror.pair(mirror.declared(rw.trade(ENGINE, lines)), SECTIONS)
    names = ("exporter", "importer", "months", "same", "next", "ahead", "late", "slack")
    return lag.fit(lag.PairMonths(*row) for row in rw.rows(lag.pair_months(pairs), *names))


def test_the_share_a_month_late_is_recovered() -> None:
    chance = random.Random(4)
    table = learned(declarations([round(math.exp(chance.gauss(5, 0.6)), 3) for _ in range(400)], 0.3))
    assert table[0][:2] == ("", "")
    assert table[0][2] == pytest.approx(0.3, abs=0.03)
    assert table[1][:2] == ("CHN", "RUS")
    assert table[1][2] == pytest.approx(0.3, abs=0.03)


def test_what_an_exporter_books_to_the_wrong_partner_for_months_on_end_does_not_hide_the_lag() -> None:
    # True departures swing by the month; what is wrongly added to them comes and goes by the year.
    chance, lines = random.Random(8), []
    for product in range(20):
        said = declarations([round(math.exp(chance.gauss(5, 0.6)), 3) for _ in range(96)], 0.3)
        for year in range(8):
            extra = round(math.exp(chance.gauss(5, 1)), 3)
            for line in said[24 * year : 24 * year + 24 : 2]:
                line["value"] = round(line["value"] + extra, 3)
        lines += [line | {"product": f"0303{product:02d}"} for line in said]
    assert learned(lines)[0][2] == pytest.approx(0.3, abs=0.05)


def test_a_pair_of_its_own_habit_is_told_from_one_of_few_months() -> None:
    # Twenty pairs of 500 months each: ten with a tenth late, ten with half; and one of six months.
    rows = [lag.PairMonths("A", f"B{n:02d}", 500, 450, 50, 0, 0, 100) for n in range(10)]
    rows += [lag.PairMonths("A", f"C{n:02d}", 500, 250, 250, 0, 0, 100) for n in range(10)]
    rows += [lag.PairMonths("A", "D00", 6, 0, 6, 0, 0, 1)]
    shares = {row[1]: row[2] for row in lag.fit(rows)}
    assert shares[""] == pytest.approx(0.3, abs=0.01)
    # 500 months against everybody's, which counts as 300: five eighths of the way from 0.3.
    assert shares["B00"] == pytest.approx(0.3 - 0.2 * 5 / 8, abs=0.01)
    assert shares["C00"] == pytest.approx(0.3 + 0.2 * 5 / 8, abs=0.01)
    assert shares["D00"] == pytest.approx(0.3, abs=0.03)


def test_months_that_tell_nothing_teach_no_lag() -> None:
    # Arrivals that follow the departures of no month.
    assert lag.fit([lag.PairMonths("A", "B", 50, 0.0, 0.0, 1.0, 1.0, 10.0)]) == [("", "", 0.0, 0.0, 50)]


def test_one_month_only_teaches_nothing_and_leaves_the_gap_as_it_is() -> None:
    lines = declarations([100.0], 0.0)
    pairs = mirror.pair(mirror.declared(rw.trade(ENGINE, lines)), SECTIONS)
    assert rw.rows(lag.pair_months(pairs), "months") == []
    assert lag.fit([]) == []
    assert rw.rows(mirrored(lines, 0.3), "timing_usd", "import_said_usd", "log_gap") == [
        ("unadjusted", Decimal("100.000"), 0.0)
    ]


def test_taken_out_the_lag_leaves_no_gap() -> None:
    months = rw.rows(mirrored(declarations(LEFT, 0.3), 0.3), "period", "timing_usd", "log_gap", "import_said_usd")
    assert [row[1] for row in months] == ["unadjusted", *["settled"] * 10, "half"]
    for (_, _, gap, said), left in zip(months[1:], LEFT[1:], strict=True):
        assert gap == pytest.approx(0, abs=1e-4)
        assert float(said) == pytest.approx(left, rel=1e-4)


def test_an_error_of_one_month_is_shared_by_the_months_its_goods_left_in() -> None:
    lines = declarations([100.0, 100.0, 100.0, 100.0], 0.25)
    lines[5]["value"] = 200  # The importer doubles its third month.
    said = [float(row[1]) for row in rw.rows(mirrored(lines, 0.25), "period", "import_said_usd")]
    # A quarter of that month's goods left in the second, three quarters in the third.
    assert said[1:3] == pytest.approx([125.0, 175.0])


def test_a_month_of_silence_before_leaves_the_gap_unadjusted() -> None:
    lines = [line for line in declarations(LEFT, 0.3) if not (line["flow"] == "export" and line["period"] == "2019-03")]
    april = [row for row in rw.rows(mirrored(lines, 0.3), "period", "timing_usd", "log_gap") if row[0] == "2019-04"]
    assert april[0][1] == "unadjusted"
    assert april[0][2] == pytest.approx(math.log((0.7 * 300 + 0.3 * 50) / 300), abs=1e-4)
