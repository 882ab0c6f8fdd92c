"""UN Comtrade, rows of the API of 2022, as JSON answer, CSV or Parquet.

The same trade is published whole and split by second partner, customs procedure and means of transport;
only the whole is kept, and a split without its whole is refused. A declared 0 stays 0. Estimation flags
concern quantities and weights, never the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import SourceError
from tidewaiter.statistics.agreement import refuse_other_areas
from tidewaiter.statistics.bench import Parsed
from tidewaiter.statistics.meanings import (
    edition_in,
    flow_in,
    implausible_note,
    money,
    plausible,
    product_in,
    quantity_unit_in,
    valuation,
)
from tidewaiter.statistics.refusal import refuse, shown
from tidewaiter.statistics.tidy import as_trade, comtrade_period
from tidewaiter.statistics.wholes import Split, is_whole, leave_out_parts

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_SPLITS: Final = (
    Split("partner2Code", "0", "second partner"),
    Split("customsCode", "C00", "customs procedure"),
    Split("motCode", "0", "means of transport"),
)
_CUT: Final = "stops at the API's row limit: more may be missing"
_KEY: Final = ("reporterCode", "partnerCode", "flowCode", "cmdCode", "classificationCode", "period", "freqCode")


def parse(bench: Bench, options: LandOptions) -> Parsed:
    """Turn API rows into `trade`: one row for each whole, with the valuation its value was declared in."""
    is_cut = _stops_at_a_limit(bench, options)
    _refuse_services(bench)
    splits = _splits_in(bench, options)
    left_out, note = leave_out_parts(bench, splits, _KEY)
    numbers = [name for name in ("primaryValue", "cifvalue", "fobvalue", "netWgt", "qty") if bench.has(name)]
    if bench.is_text:
        bench.refuse_what_is_no_number(numbers)
    periods = bench.dictionary("period", comtrade_period, ("period", "frequency", "year"))
    _refuse_other_frequencies(bench)
    reporters = bench.areas("reporterCode")
    partners = bench.areas("partnerCode")
    refuse_other_areas(bench, "reporterCode", "reporterISO", "reporterDesc")
    refuse_other_areas(bench, "partnerCode", "partnerISO", "partnerDesc")
    flows = bench.dictionary("flowCode", flow_in(bench.card), ("flow",))
    editions = bench.dictionary("classificationCode", edition_in(bench.card), ("hs",))
    product = product_in(bench, "cmdCode")
    quantity, unit, join_units = quantity_unit_in(bench, "qtyUnitCode", "qty")
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, {product} AS product, edition.hs,
            period.period, period.frequency, period.year, {money(bench, "rows", "primaryValue")} AS value_usd,
            {valuation(bench, "primaryValue", "cifvalue", "fobvalue")} AS valuation,
            {plausible(bench, "rows", "netWgt")} AS weight_kg,
            {quantity} AS quantity, {unit} AS quantity_unit, reporter.never_reports AS is_estimated, rows.row
        FROM {bench.rows} AS rows
        JOIN {reporters} AS reporter ON rows."reporterCode" = reporter.said
        JOIN {partners} AS partner ON rows."partnerCode" = partner.said
        JOIN {flows} AS flow ON rows."flowCode" = flow.said
        JOIN {editions} AS edition ON rows."classificationCode" = edition.said
        JOIN {periods} AS period ON rows."period" = period.said
        {join_units}
        WHERE {is_whole(splits)}"""
    (total,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    return Parsed(
        as_trade(bench.card.id, body),
        bench.words(reporters, "code"),
        bench.words(periods, "period"),
        total - left_out,
        (*note, *implausible_note(bench, ("netWgt", "qty")), *((_CUT,) if is_cut else ())),
        is_cut,
    )


def _splits_in(bench: Bench, options: LandOptions) -> tuple[Split, ...]:
    """Return the columns that tell parts from wholes; refuse a file without them unless it is known to hold wholes."""
    lacking = [split.column for split in _SPLITS if not bench.has(split.column)]
    if lacking and not options.is_whole:
        refuse(
            bench.name,
            f"looks like {bench.card.title} (API rows) but lacks the column{'s' * (len(lacking) > 1)} "
            f"{', '.join(lacking)}; download it again with all columns",
        )
    return tuple(split for split in _SPLITS if bench.has(split.column))


def _stops_at_a_limit(bench: Bench, options: LandOptions) -> bool:
    """Tell whether an answer was cut; refuse it unless the user allows it. The API never writes Parquet."""
    (count,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    is_cut = bench.is_text and count in bench.card.row_limits and not options.is_whole
    if is_cut and not options.allow_cut:
        refuse(
            bench.name,
            f"holds exactly {count} rows, where the API cuts an answer without saying so; ask in smaller parts "
            "(one period, one reporter), or land it as incomplete with --allow-cut",
        )
    return is_cut


def _refuse_services(bench: Bench) -> None:
    def goods(code: str) -> tuple[str]:
        if code != "C":
            message = "is not trade in goods (typeCode C); services have no HS codes and are not landed"
            raise SourceError(message)
        return (code,)

    bench.dictionary("typeCode", goods, ("type",))


def _refuse_other_frequencies(bench: Bench) -> None:
    def known(code: str) -> tuple[str]:
        if code not in {"A", "M"}:
            message = "is no frequency landed here; A and M are"
            raise SourceError(message)
        return (code,)

    bench.dictionary("freqCode", known, ("frequency",))
    found = bench.first(
        f"""SELECT min(row), "period", "freqCode" FROM {bench.rows}
        WHERE length(CAST("period" AS VARCHAR)) <> CASE "freqCode" WHEN 'A' THEN 4 ELSE 6 END
        GROUP BY ALL ORDER BY 1 LIMIT 1"""
    )
    if found is not None:
        row, period, frequency = found
        refuse(bench.name, f"{shown(period)} does not fit the frequency {frequency}", row=row, column="period")
