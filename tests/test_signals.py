"""Declarations that are probably about somebody else."""

from __future__ import annotations

from typing import Any

import pytest

import recon_world as rw
from tidewaiter.base.schema_reconcile import MARGIN, TRUST
from tidewaiter.statistics import mirror, signals

ENGINE = rw.known.DuckEngine(rw.known.connect("500MB", 1))
SECTIONS = rw.known.sections(ENGINE)
AREAS = ("CHN", "HKG", "KOR", "PRK", "RUS", "SWE")
CONFUSED = ENGINE.sql("SELECT 'PRK' AS said, 'KOR' AS meant, 0.2 AS prior, 2.0 AS stranger_odds, 1.5 AS basket_odds")


def look(lines: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Pair declarations at FOB and trust everybody to 10 %."""
    pairs = mirror.pair(mirror.declared(rw.trade(ENGINE, lines)), SECTIONS)
    margins = ENGINE.table(MARGIN, [(a, b, s, 0.0, 1) for a in AREAS for b in AREAS for s in ("I", "XV")])
    trusted = [(a, role, s, 0.01, 0.01, 9) for a in AREAS for role in ("exporter", "importer") for s in ("I", "XV")]
    return ENGINE.keep("mirror", mirror.at_fob(pairs, margins)), ENGINE.table(TRUST, trusted)


def say(reporter: str, partner: str, flow: str, value: Any, product: str = "030367") -> dict[str, Any]:
    return {
        "reporter": reporter,
        "partner": partner,
        "flow": flow,
        "value": value,
        "product": product,
        "valuation": "fob",
    }


def slips(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return rw.rows(signals.mistaken_partners(*look(lines), CONFUSED), "reporter", "flow", "probability", "reason")


def test_trade_that_south_korea_declares_and_the_reporter_wrote_down_as_norths_is_suspected() -> None:
    ((reporter, flow, probability, reason),) = slips(
        [
            say("SWE", "PRK", "export", 300_000),
            say("KOR", "SWE", "import", 310_000),
        ]
    )
    assert (reporter, flow) == ("SWE", "export")
    assert probability > 0.9
    assert reason == "KOR declares the same goods of a like amount, which SWE does not declare about it"


def test_a_stranger_to_the_north_is_suspected_more_and_told_why() -> None:
    others = [say("SWE", "KOR", "export", 100, product=f"7201{n:02d}") for n in range(4)]
    ((_, _, probability, reason),) = slips([say("SWE", "PRK", "export", 300_000), *others])
    # Even odds of 0.25 before, twice as much for a stranger; Korea says nothing in the period.
    assert probability == pytest.approx(0.5 / 1.5, abs=1e-4)
    assert reason.endswith("; SWE declares hardly anything else about PRK")


def test_goods_that_the_reporter_sells_to_the_south_raise_the_odds() -> None:
    month = {"period": "2019-01"}
    ((_, _, probability, reason),) = slips(
        [
            say("SWE", "PRK", "export", 300_000) | month,
            say("SWE", "KOR", "export", 100) | {"period": "2019-02"},
        ]
    )
    assert probability == pytest.approx(0.375 / 1.375, abs=1e-4)
    assert reason.endswith("; SWE declares such goods about KOR too")


def test_imports_are_looked_at_the_same_way() -> None:
    ((reporter, flow, probability, _),) = slips(
        [say("SWE", "PRK", "import", 300_000), say("KOR", "SWE", "export", 310_000)]
    )
    assert (reporter, flow) == ("SWE", "import")
    assert probability > 0.9


def test_trade_with_the_north_that_the_south_knows_nothing_of_is_left_alone() -> None:
    ((_, _, probability, reason),) = slips(
        [
            say("CHN", "PRK", "export", 300_000),
            say("KOR", "CHN", "import", 5_000, product="720110"),
        ]
    )
    assert probability < 0.05
    assert reason == "KOR reports the period and names no such goods"


def test_a_line_that_both_declare_about_the_south_explains_nothing_else() -> None:
    ((_, _, probability, _),) = slips(
        [
            say("CHN", "PRK", "export", 300_000),
            say("CHN", "KOR", "export", 300_000),
            say("KOR", "CHN", "import", 300_000),
        ]
    )
    assert probability < 0.05


def test_without_the_souths_report_nothing_is_learned() -> None:
    ((_, _, probability, reason),) = slips([say("CHN", "PRK", "export", 300_000)])
    assert probability == pytest.approx(0.2)
    assert reason == "KOR does not report the period: nothing to compare"


def test_an_export_booked_to_a_hub_is_found_with_its_destination() -> None:
    """Hong Kong confirms none of 30 exports, of which Sweden took one that China did not declare."""
    lines = [say("CHN", "HKG", "export", 1_000 + n, product=f"7201{n:02d}") for n in range(30)]
    lines += [say("HKG", "RUS", "import", 9, product="720199"), say("SWE", "CHN", "import", 1_020, product="720115")]
    lines += [say("CHN", "SWE", "export", 50 + n, product=f"7202{n:02d}") for n in range(30)]
    lines += [say("SWE", "CHN", "import", 50 + n, product=f"7202{n:02d}") for n in range(30)]
    found = rw.rows(signals.hub_bookings(*look(lines)), "exporter", "hub", "importer", "product", "probability")
    assert [row[:4] for row in found] == [("CHN", "HKG", "SWE", "720115")]
    assert found[0][4] > 0.5


def test_a_hub_that_never_reports_is_not_accused() -> None:
    lines = [say("CHN", "HKG", "export", 1_000 + n, product=f"7201{n:02d}") for n in range(30)]
    lines += [say("SWE", "CHN", "import", 1_020, product="720115")]
    assert rw.rows(signals.hub_bookings(*look(lines)), "hub") == []


def test_on_a_known_world_bookings_are_found_with_precision_and_recall() -> None:
    world = rw.run(rw.YEAR)
    hubs = world.engine.keep("hubs", signals.hub_bookings(world.mirrored, world.learned.trust))
    found, right, planted = world.one(
        """WITH truth AS (
            SELECT DISTINCT d.exporter, b.hub, c.importer, d.product FROM booked b JOIN cell c USING (id)
            JOIN trade d ON d.exporter = c.exporter AND d.importer = b.hub AND d.product = c.product AND d.flow = 'export'),
        found AS (SELECT exporter, hub, importer, product FROM hubs WHERE probability >= 0.5)
        SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM found JOIN truth USING (exporter, hub, importer, product)),
            (SELECT count(*) FROM truth)""",
        hubs=hubs,
    )
    assert planted > 200
    assert right / found >= 0.8
    assert right / planted >= 0.5


def test_an_area_that_never_names_a_partner_is_not_said_to_leave_its_goods_unconfirmed() -> None:
    def booked(count: int) -> list[tuple[Any, ...]]:
        lines = [say("CHN", "HKG", "export", 1_000, product=f"03{n:04d}") for n in range(count)]
        # Hong Kong does report the year, but nothing from China.
        mirrored, trust = look([*lines, say("HKG", "SWE", "import", 5_000)])
        return rw.rows(signals.unmatched(mirrored, trust, side="export"), "exporter", "importer", "product")

    assert len(booked(30)) == 30
    assert booked(100) == []
