"""Eurostat Comext, SDMX-CSV: a line for each indicator, so that value and weight of one trade are two lines.

Money is in euros and becomes dollars at the average rate of its year or month. The Combined
Nomenclature of a year follows the edition of the Harmonised System in force in that year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pycountry

from tidewaiter.base.errors import CodeError, SourceError, nearest
from tidewaiter.codes import areas, products
from tidewaiter.codes.euro_rates import usd_per_eur
from tidewaiter.statistics.bench import literal
from tidewaiter.statistics.meanings import default_valuation, flow_in, product_in, summary
from tidewaiter.statistics.tidy import as_trade, period_row

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench, Parsed
    from tidewaiter.statistics.land import LandOptions

VALUES: Final = ("VALUE_IN_EUROS", "VALUE_EUR")
WEIGHTS: Final = {"QUANTITY_IN_100KG": 100, "QUANTITY_KG": 1}
"""What a weight is called, and of how many kilograms it is a number."""
LEFT_OUT: Final = "SUPPLEMENTARY_QUANTITY"


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Set the indicators of each trade side by side and turn them into `trade`."""
    bench.refuse_what_is_no_number(["OBS_VALUE"])
    _refuse_other_indicators(bench)
    reporters, partners = _areas(bench, "reporter"), _areas(bench, "partner")
    flows = bench.dictionary("flow", flow_in(bench.card), ("flow",))
    periods = bench.dictionary("TIME_PERIOD", _time, ("period", "frequency", "year", "hs", "rate"))
    product = product_in(bench, "product", "lines")
    values = ", ".join(map(literal, VALUES))
    weights = " ".join(f"WHEN {literal(name)} THEN {number}" for name, number in WEIGHTS.items())
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, {product} AS product, period.hs,
            period.period, period.frequency, period.year,
            CAST(lines.euros * CAST(period.rate AS DECIMAL(8,4)) AS DECIMAL(18,3)) AS value_usd,
            {default_valuation(bench.card)} AS valuation, lines.weight_kg, NULL AS quantity, NULL AS quantity_unit,
            false AS is_estimated, lines.row
        FROM (
            SELECT reporter, partner, product, flow, "TIME_PERIOD",
                max(CASE WHEN indicators IN ({values}) THEN CAST("OBS_VALUE" AS DECIMAL(18,2)) END) AS euros,
                max(CAST("OBS_VALUE" AS DOUBLE) * (CASE indicators {weights} END)) AS weight_kg,
                min(row) AS row
            FROM {bench.rows}
            WHERE indicators <> {literal(LEFT_OUT)} AND "OBS_VALUE" IS NOT NULL GROUP BY ALL
        ) AS lines
        JOIN {reporters} AS reporter ON lines.reporter = reporter.said
        JOIN {partners} AS partner ON lines.partner = partner.said
        JOIN {flows} AS flow ON lines.flow = flow.said
        JOIN {periods} AS period ON lines."TIME_PERIOD" = period.said"""
    return summary(bench, as_trade(bench.card.id, body), [])


def _refuse_other_indicators(bench: Bench) -> None:
    known = (*VALUES, *WEIGHTS, LEFT_OUT)

    def meaning(word: str) -> tuple[str]:
        if word not in known:
            message = f"is no indicator known here{nearest(word, known) or '; known: ' + ', '.join(known)}"
            raise SourceError(message)
        return (word,)

    bench.dictionary("indicators", meaning, ("indicator",))


def _areas(bench: Bench, column: str) -> str:
    """Make the dictionary of a column of alpha-2 codes and the card's own."""

    def meaning(word: str) -> tuple[str]:
        own = bench.card.areas.get(word)
        if own is not None:
            return (own,)
        found = pycountry.countries.get(alpha_2=word) if len(word) == 2 and word.isupper() else None
        if found is None:
            message = f"area {word!r} is no ISO alpha-2 code, nor one of {bench.card.id}.yml"
            raise CodeError(message)
        return (areas.area(str(found.alpha_3)).code,)

    return bench.dictionary(column, meaning, ("code",))


def _time(word: str) -> tuple[str, str, int, str, str]:
    period, frequency, year = period_row(word)
    hs = next((hs for hs in products.editions.values() if year in products.in_force(hs)), "HS")
    return period, frequency, year, hs, str(usd_per_eur(period))
