"""UN Comtrade, CSV downloads of the site before 2023.

Blank codes of second partner, customs procedure and means of transport stand for the whole. The flag
says which quantities were estimated, never that a value was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
from tidewaiter.statistics.tidy import as_trade, comtrade_period
from tidewaiter.statistics.wholes import Split, is_whole, leave_out_parts

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_SPLITS: Final = (
    Split("2nd Partner Code", "0", "second partner"),
    Split("Customs Proc. Code", "C00", "customs procedure"),
    Split("Mode of Transport Code", "0", "means of transport"),
)
_KEY: Final = ("Reporter Code", "Partner Code", "Trade Flow Code", "Commodity Code", "Classification", "Period")
_VALUE, _CIF, _FOB = "Trade Value (US$)", "CIF Trade Value (US$)", "FOB Trade Value (US$)"
_WEIGHT: Final = "Netweight (kg)"


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Turn legacy rows into `trade`."""
    splits = [split for split in _SPLITS if bench.has(split.column)]
    left_out, note = leave_out_parts(bench, splits, _KEY, empty_is_whole=True)
    if bench.is_text:
        bench.refuse_what_is_no_number(name for name in (_VALUE, _CIF, _FOB, _WEIGHT, "Qty") if bench.has(name))
    periods = bench.dictionary("Period", comtrade_period, ("period", "frequency", "year"))
    reporters = bench.areas("Reporter Code")
    partners = bench.areas("Partner Code")
    refuse_other_areas(bench, "Reporter Code", "Reporter ISO", "Reporter")
    refuse_other_areas(bench, "Partner Code", "Partner ISO", "Partner")
    flows = bench.dictionary("Trade Flow Code", flow_in(bench.card), ("flow",))
    editions = bench.dictionary("Classification", edition_in(bench.card), ("hs",))
    product = product_in(bench, "Commodity Code")
    quantity, unit, join_units = quantity_unit_in(bench, "Qty Unit Code", "Qty")
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, {product} AS product, edition.hs,
            period.period, period.frequency, period.year, {money(bench, "rows", _VALUE)} AS value_usd,
            {valuation(bench, _VALUE, _CIF, _FOB)} AS valuation, {plausible(bench, "rows", _WEIGHT)} AS weight_kg,
            {quantity} AS quantity, {unit} AS quantity_unit, reporter.never_reports AS is_estimated, rows.row
        FROM {bench.rows} AS rows
        JOIN {reporters} AS reporter ON rows."Reporter Code" = reporter.said
        JOIN {partners} AS partner ON rows."Partner Code" = partner.said
        JOIN {flows} AS flow ON rows."Trade Flow Code" = flow.said
        JOIN {editions} AS edition ON rows."Classification" = edition.said
        JOIN {periods} AS period ON rows."Period" = period.said
        {join_units}
        WHERE {is_whole(splits, empty_is_whole=True)}"""
    (total,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    return Parsed(
        as_trade(bench.card.id, body),
        bench.words(reporters, "code"),
        bench.words(periods, "period"),
        total - left_out,
        (*note, *implausible_note(bench, (_WEIGHT, "Qty"))),
    )
