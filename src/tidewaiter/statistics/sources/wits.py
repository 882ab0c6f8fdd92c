"""WITS: partner totals of each reporter, and bulk downloads by product; thousand US dollars.

Bulk downloads have passed through a program that took product codes for numbers: 010110 became 10110.
An odd number of digits can only be such a loss, so the zero is put back and the guess says so; a file in
which some codes kept theirs is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.statistics.agreement import refuse_other_areas
from tidewaiter.statistics.meanings import default_valuation, edition_in, flow_in, money, product_in, summary
from tidewaiter.statistics.refusal import counted, refuse, shown
from tidewaiter.statistics.tidy import NO_QUANTITY, as_trade, period_row
from tidewaiter.statistics.wide import one_row_each

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench, Parsed
    from tidewaiter.statistics.land import LandOptions


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Turn either layout into `trade`."""
    return _bulk(bench) if bench.has("productcode") else _totals(bench)


def _totals(bench: Bench) -> Parsed:
    flows = {column: (flow,) for column, flow in bench.card.flows.items() if bench.has(column)}
    bench.refuse_what_is_no_number(flows)
    reporters, partners = bench.areas("reporter"), bench.areas("partner")
    years = bench.dictionary("year", period_row, ("period", "frequency", "year"))
    numbers = one_row_each(bench, ["reporter", "partner", "year"], flows, ["flow"])
    dollars = f"CAST(CAST(numbers.said AS DECIMAL(24,6)) * {bench.card.unit.usd} AS DECIMAL(18,3))"
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, numbers.flow, 'TOTAL' AS product, 'HS' AS hs,
            year.period, year.frequency, year.year, {dollars} AS value_usd,
            {default_valuation(bench.card, "numbers.flow")} AS valuation,
            reporter.never_reports AS is_estimated, numbers.row
        FROM {numbers} AS numbers
        JOIN {reporters} AS reporter ON numbers.reporter = reporter.said
        JOIN {partners} AS partner ON numbers.partner = partner.said
        JOIN {years} AS year ON numbers.year = year.said"""
    return summary(bench, as_trade(bench.card.id, body, **NO_QUANTITY), [])


def _bulk(bench: Bench) -> Parsed:
    bench.refuse_what_is_no_number(["tradevaluein1000usd"])
    notes = _put_zeros_back(bench)
    product = product_in(bench, "productcode")
    reporters, partners = bench.areas("reporteriso3"), bench.areas("partneriso3")
    refuse_other_areas(bench, "reporteriso3", "reportername")
    refuse_other_areas(bench, "partneriso3", "partnername")
    years = bench.dictionary("year", period_row, ("period", "frequency", "year"))
    flows = bench.dictionary("tradeflowname", flow_in(bench.card), ("flow",))
    editions = bench.dictionary("nomenclature", edition_in(bench.card), ("hs",))
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, {product} AS product, edition.hs,
            year.period, year.frequency, year.year, {money(bench, "rows", "tradevaluein1000usd")} AS value_usd,
            {default_valuation(bench.card)} AS valuation, reporter.never_reports AS is_estimated, rows.row
        FROM {bench.rows} AS rows
        JOIN {reporters} AS reporter ON rows.reporteriso3 = reporter.said
        JOIN {partners} AS partner ON rows.partneriso3 = partner.said
        JOIN {flows} AS flow ON rows.tradeflowname = flow.said
        JOIN {editions} AS edition ON rows.nomenclature = edition.said
        JOIN {years} AS year ON rows.year = year.said
        WHERE rows.tradevaluein1000usd IS NOT NULL"""
    return summary(bench, as_trade(bench.card.id, body, **NO_QUANTITY), notes)


def _put_zeros_back(bench: Bench) -> list[str]:
    """Give product codes of an odd length their zero; refuse a file in which others never lost it."""
    odd = "regexp_full_match(productcode, '[0-9]+') AND length(productcode) % 2 = 1"
    (lost,) = bench.one(f"SELECT count(*) FROM {bench.rows} WHERE {odd}")
    if not lost:
        return []
    kept = bench.first(f"SELECT row, productcode FROM {bench.rows} WHERE productcode LIKE '0%' ORDER BY row LIMIT 1")
    if kept is not None:
        row, code = kept
        refuse(
            bench.name,
            f"{shown(code)} kept its leading zero and other codes lost theirs, so that none can be trusted; "
            "download it again and keep the codes as text",
            row=row,
            column="productcode",
        )
    bench.rows = bench.table(
        f"SELECT * REPLACE (CASE WHEN {odd} THEN '0' || productcode ELSE productcode END AS productcode) "
        f"FROM {bench.rows}"
    )
    return [f"{counted(lost, 'product codes')} without their leading zero, which was put back"]
