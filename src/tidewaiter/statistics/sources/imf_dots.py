"""IMF Direction of Trade Statistics: annual totals of all goods between areas, million US dollars.

Where a reporter publishes nothing (North Korea) or is a group of areas, the IMF made the number: such rows
are estimates. Some downloads hold the same row twice; it is kept once, and two rows that disagree are
left for the lake's checks to refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.statistics.bench import Parsed
from tidewaiter.statistics.meanings import default_valuation, flow_in, money
from tidewaiter.statistics.refusal import counted
from tidewaiter.statistics.tidy import NO_QUANTITY, as_trade, period_row

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Turn annual totals into `trade`; the product is TOTAL, the HS edition unstated."""
    if bench.is_text:
        bench.refuse_what_is_no_number(["value_musd"])
    reporters = bench.areas("reporter")
    partners = bench.areas("partner")
    flows = bench.dictionary("flow", flow_in(bench.card), ("flow",))
    years = bench.dictionary("year", period_row, ("period", "frequency", "year"))
    once = bench.table(
        f"SELECT reporter, flow, partner, year, value_musd, min(row) AS row FROM {bench.rows} GROUP BY ALL"
    )
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, 'TOTAL' AS product, 'HS' AS hs,
            year.period, year.frequency, year.year, {money(bench, "once", "value_musd")} AS value_usd,
            {default_valuation(bench.card)} AS valuation, reporter.never_reports AS is_estimated, once.row
        FROM {once} AS once
        JOIN {reporters} AS reporter ON once.reporter = reporter.said
        JOIN {partners} AS partner ON once.partner = partner.said
        JOIN {flows} AS flow ON once.flow = flow.said
        JOIN {years} AS year ON once.year = year.said
        WHERE once.value_musd IS NOT NULL"""
    (rows, kept, declared) = bench.one(
        f"SELECT (SELECT count(*) FROM {bench.rows}), count(*), count(value_musd) FROM {once}"
    )
    notes = []
    if rows > kept:
        notes.append(f"{counted(rows - kept)} left out, saying the same as an earlier one")
    if kept > declared:
        notes.append(f"{counted(kept - declared)} without a value left out: silence is not zero")
    return Parsed(
        as_trade(bench.card.id, body, **NO_QUANTITY),
        bench.words(reporters, "code"),
        bench.words(years, "period"),
        declared,
        tuple(notes),
    )
