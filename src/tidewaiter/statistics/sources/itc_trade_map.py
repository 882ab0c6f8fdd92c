"""ITC Trade Map: wide tables in thousand US dollars, with the names of areas and a column for each period.

The rows are partners, reporters or products, as the first heading and the word before "value in" say.
Who the reporter is stands only in the name of the download or, in HTML, in the title; where both are
lost the user says it. A blank cell is silence. Values of areas that report nothing are mirror data.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import InputError, SourceError
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas, products
from tidewaiter.statistics.bench import Parsed, quoted
from tidewaiter.statistics.meanings import default_valuation, product_in, summary
from tidewaiter.statistics.refusal import refuse
from tidewaiter.statistics.tidy import NO_QUANTITY, as_trade, period_row
from tidewaiter.statistics.wide import one_row_each

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_COPY_NUMBER: Final = re.compile(r"\s*\(\d+\)$")
_WORLD: Final = "W00"


def parse(bench: Bench, options: LandOptions) -> Parsed:
    """Turn a wide table into `trade`, one row for each number."""
    label = bench.layout.label
    columns = bench.layout.value_columns(bench.header.columns)
    bench.join_thousands(columns)
    bench.refuse_what_is_no_number(columns)
    given = None if label == "reporter" else _reporter(bench, options, columns)
    meanings = {column: _meaning(bench, options, column, match.groupdict(), given) for column, match in columns.items()}
    names = ("reporter", "partner", "flow", "period", "frequency", "year", "never_reports")
    key = bench.layout.columns[0]
    numbers = one_row_each(bench, [key], meanings, names)
    areas_join = ""
    notes: list[str] = []
    reporter, partner, never = "numbers.reporter", "numbers.partner", "numbers.never_reports"
    if label == "product":
        product = product_in(bench, key, "numbers")
    else:
        product, notes = _product(bench, options)
        areas_join = f"JOIN {bench.areas(key)} AS area ON numbers.{quoted(key)} = area.said"
        if label == "reporter":
            reporter, never = "area.code", "area.never_reports"
        else:
            partner = "area.code"
    dollars = f"CAST(CAST(numbers.said AS DECIMAL(24,6)) * {bench.card.unit.usd} AS DECIMAL(18,3))"
    body = f"""
        SELECT {reporter} AS reporter, {partner} AS partner, numbers.flow, {product} AS product, 'HS' AS hs,
            numbers.period, numbers.frequency, numbers.year, {dollars} AS value_usd,
            {default_valuation(bench.card, "numbers.flow")} AS valuation, {never} AS is_estimated, numbers.row
        FROM {numbers} AS numbers {areas_join}"""
    if any(match["unit"] is None for match in columns.values()):
        notes.append("the file does not name its unit: taken as thousand US dollars, Trade Map's default")
    notes.extend(_left_out(bench, columns))
    return summary(bench, as_trade(bench.card.id, body, **NO_QUANTITY), notes)


def _meaning(
    bench: Bench, options: LandOptions, column: str, said: dict[str, str | None], reporter: str | None
) -> tuple[str | None, str, str, str, str, int, bool]:
    """Return reporter, partner, flow, period, frequency, year and whether the reporter is silent, of one column."""
    try:
        period, frequency, year = period_row(str(said["period"]).replace("-M", "-"))
        named = said.get("reporter")
        declared_by = areas.resolve(named) if named is not None else reporter
        about = said.get("partner")
        partner = areas.resolve(about) if about is not None else _WORLD
    except InputError as error:
        refuse(bench.name, str(error), column=column)
    flow = bench.layout.flow or bench.card.flows[str(said["flow"])]
    if options.flow is not None and bench.layout.flow is not None and options.flow != flow:
        refuse(bench.name, f"says {flow}, not {options.flow}; leave --flow out", column=column)
    silent = declared_by is not None and areas.never_reports(declared_by)
    return declared_by, partner, flow, period, frequency, year, silent


def _reporter(bench: Bench, options: LandOptions, columns: dict[str, re.Match[str]]) -> str | None:
    """Find whose table it is: in the headings, the title, the file's name, or from the user."""
    if all("reporter" in match.groupdict() for match in columns.values()):
        return None
    said = _named(bench)
    told = None if options.reporter is None else areas.resolve(options.reporter, "--reporter")
    if said is None and told is None:
        refuse(
            bench.name,
            "nothing says whose trade this is, neither a title nor the file's name; "
            "keep the name of the download or add --reporter CODE",
        )
    if said is not None and told is not None and said != told:
        refuse(bench.name, f"is named a table of {said}, but --reporter says {told}; leave it out or rename the file")
    return said or told


def _named(bench: Bench) -> str | None:
    stem = _COPY_NUMBER.sub("", PurePath(bench.name).stem.replace("_", " "))
    for text in (*bench.header.preamble, stem):
        for name in bench.card.file_names:
            match = re.search(name.pattern, text)
            if match is not None:
                return areas.resolve(name.reporter or match["reporter"].strip(), f"name or title of {bench.name}")
    return None


def _product(bench: Bench, options: LandOptions) -> tuple[str, list[str]]:
    """Return SQL for the one product of a list of areas, and a note where nothing names it."""
    said = None
    for text in bench.header.preamble:
        for pattern in bench.card.product_titles:
            if match := re.search(pattern, text):
                said = products.resolve_product(match["product"], f"title of {bench.name}")
    told = None if options.product is None else products.resolve_product(options.product, "--product")
    if said is not None and told is not None and said != told:
        message = f"{bench.name}: its title names product {said}, but --product says {told}"
        raise SourceError(message)
    if said is None and told is None:
        return f"'{TOTAL}'", ["the file does not name its product: taken as all goods (TOTAL)"]
    return f"'{said or told}'", []


def _left_out(bench: Bench, columns: dict[str, re.Match[str]]) -> list[str]:
    known = {*bench.layout.columns, *columns}
    others = [
        name for place, name in enumerate(bench.header.columns, start=1) if name not in known | {f"column {place}"}
    ]
    return [f"columns left out: {', '.join(others)}"] if others else []
