"""US Census Bureau: a list of lists for one month, one flow, one country.

The edition of the Harmonized System is not said, and the United States changed editions in the middle
of years; so it stays unsaid. A zero that is printed is a zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.statistics.agreement import refuse_other_areas
from tidewaiter.statistics.bench import quoted
from tidewaiter.statistics.meanings import default_valuation, money, product_in, summary
from tidewaiter.statistics.tidy import NO_QUANTITY, as_trade, period_row

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench, Parsed
    from tidewaiter.statistics.land import LandOptions


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Turn the rows of one flow into `trade`."""
    _, goods, value, _ = bench.layout.columns
    bench.refuse_what_is_no_number([value])
    partners = bench.areas("CTY_CODE")
    refuse_other_areas(bench, "CTY_CODE", "CTY_NAME")
    periods = bench.dictionary("time", period_row, ("period", "frequency", "year"))
    product = product_in(bench, goods)
    body = f"""
        SELECT '{bench.card.reporter}' AS reporter, partner.code AS partner, '{bench.layout.flow}' AS flow,
            {product} AS product, 'HS' AS hs, period.period, period.frequency, period.year,
            {money(bench, "rows", value)} AS value_usd,
            {default_valuation(bench.card, f"'{bench.layout.flow}'")} AS valuation, false AS is_estimated, rows.row
        FROM {bench.rows} AS rows
        JOIN {partners} AS partner ON rows."CTY_CODE" = partner.said
        JOIN {periods} AS period ON rows."time" = period.said
        WHERE rows.{quoted(value)} IS NOT NULL"""
    return summary(bench, as_trade(bench.card.id, body, **NO_QUANTITY), [])
