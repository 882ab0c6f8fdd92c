"""India's monthly trade by country, million US dollars, as its ministry publishes it.

A month that is not printed is not zero. Days are written 2019-07-01 or 7/1/2019 and are always the
first of their month, so that month and day can never be taken for each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import SourceError
from tidewaiter.statistics.meanings import default_valuation, summary
from tidewaiter.statistics.refusal import refuse
from tidewaiter.statistics.tidy import NO_QUANTITY, as_trade, period_row
from tidewaiter.statistics.wide import one_row_each

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench, Parsed
    from tidewaiter.statistics.land import LandOptions

_DAY: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-01|(?P<us_month>\d{1,2})/1/(?P<us_year>\d{4})")


def parse(bench: Bench, options: LandOptions) -> Parsed:
    """Turn monthly totals into `trade`; the product is TOTAL, the HS edition unstated."""
    flows: dict[str, tuple[str]] = {column: (flow,) for column, flow in bench.card.flows.items() if bench.has(column)}
    if not flows:
        flows = {"Value": (_flow(bench, options),)}
    bench.join_thousands(flows)
    bench.refuse_what_is_no_number(flows)
    partners = bench.areas("Country")
    months = bench.dictionary("Date", _month, ("period", "frequency", "year"))
    numbers = one_row_each(bench, ["Country", "Date"], flows, ["flow"])
    dollars = f"CAST(CAST(numbers.said AS DECIMAL(24,6)) * {bench.card.unit.usd} AS DECIMAL(18,3))"
    body = f"""
        SELECT '{bench.card.reporter}' AS reporter, partner.code AS partner, numbers.flow, 'TOTAL' AS product,
            'HS' AS hs, month.period, month.frequency, month.year, {dollars} AS value_usd,
            {default_valuation(bench.card, "numbers.flow")} AS valuation, false AS is_estimated, numbers.row
        FROM {numbers} AS numbers
        JOIN {partners} AS partner ON numbers."Country" = partner.said
        JOIN {months} AS month ON numbers."Date" = month.said"""
    return summary(bench, as_trade(bench.card.id, body, **NO_QUANTITY), [])


def _flow(bench: Bench, options: LandOptions) -> str:
    said = {name.flow for name in bench.card.file_names if name.flow and re.search(name.pattern, bench.name)}
    if options.flow is not None:
        if options.flow not in bench.card.flows.values():
            refuse(bench.name, f"--flow {options.flow} is neither export nor import")
        if said and options.flow not in said:
            refuse(bench.name, f"is named a table of {said.pop()}s, but --flow says {options.flow}; rename the file")
        return options.flow
    if len(said) != 1:
        refuse(bench.name, "nothing says whether these are exports or imports; add --flow export or --flow import")
    return said.pop()


def _month(text: str) -> tuple[str, str, int]:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        message = "is not the first day of a month; days are written 2019-07-01 or 7/1/2019"
        raise SourceError(message)
    year, month = match["year"] or match["us_year"], int(match["month"] or match["us_month"])
    return period_row(f"{year}-{month:02d}")
