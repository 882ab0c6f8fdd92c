"""UN Comtrade, rows of the API of 2022, as JSON answer, CSV or Parquet.

The same trade is published whole and split by second partner, customs procedure and means of transport;
only the whole is kept, and a split without its whole is refused. A declared 0 stays 0. Estimation flags
concern quantities and weights, never the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import SourceError
from tidewaiter.statistics.bench import Parsed, literal
from tidewaiter.statistics.meanings import (
    edition_in,
    flow_in,
    implausible_note,
    plausible,
    product_in,
    quantity_unit_in,
)
from tidewaiter.statistics.refusal import refuse, shown
from tidewaiter.statistics.tidy import as_trade, period_row

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_WHOLE: Final = {
    "partner2Code": ("0", "second partner"),
    "customsCode": ("C00", "customs procedure"),
    "motCode": ("0", "means of transport"),
}
_KEY: Final = ("reporterCode", "partnerCode", "flowCode", "cmdCode", "classificationCode", "period", "freqCode")


def parse(bench: Bench, options: LandOptions) -> Parsed:
    """Turn API rows into `trade`: one row for each whole, with the valuation its value was declared in."""
    _refuse_cut_answer(bench, options)
    _refuse_services(bench)
    left_out, note = _split_rows(bench)
    numbers = [name for name in ("primaryValue", "cifvalue", "fobvalue", "netWgt", "qty") if bench.has(name)]
    if bench.is_text:
        bench.refuse_what_is_no_number(numbers)
    periods = bench.dictionary("period", _period, ("period", "frequency", "year"))
    _refuse_other_frequencies(bench)
    reporters = bench.areas("reporterCode")
    partners = bench.areas("partnerCode")
    flows = bench.dictionary("flowCode", flow_in(bench.card), ("flow",))
    editions = bench.dictionary("classificationCode", edition_in(bench.card), ("hs",))
    product = product_in(bench, "cmdCode")
    quantity, unit, join_units = quantity_unit_in(bench, "qtyUnitCode", "qty")
    body = f"""
        SELECT reporter.code AS reporter, partner.code AS partner, flow.flow, {product} AS product, edition.hs,
            period.period, period.frequency, period.year, {_MONEY.format("primaryValue")} AS value_usd,
            {_valuation(bench)} AS valuation, {plausible(bench, "rows", "netWgt")} AS weight_kg,
            {quantity} AS quantity, {unit} AS quantity_unit, reporter.never_reports AS is_estimated, rows.row
        FROM {bench.rows} AS rows
        JOIN {reporters} AS reporter ON rows."reporterCode" = reporter.said
        JOIN {partners} AS partner ON rows."partnerCode" = partner.said
        JOIN {flows} AS flow ON rows."flowCode" = flow.said
        JOIN {editions} AS edition ON rows."classificationCode" = edition.said
        JOIN {periods} AS period ON rows."period" = period.said
        {join_units}
        WHERE {_is_whole()}"""
    (total,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    return Parsed(
        as_trade(bench.card.id, body),
        bench.words(reporters, "code"),
        bench.words(periods, "period"),
        total - left_out,
        (*note, *implausible_note(bench, ("netWgt", "qty"))),
    )


_MONEY: Final = "CAST({} AS DECIMAL(18,3))"


def _valuation(bench: Bench) -> str:
    """Return SQL for cif or fob: the one whose value the primary value is, else the flow's default.

    Most reporters value imports CIF and exports FOB, but not all. Where both are equal to the primary
    value, the flow's default decides; a 0 in either column is no valuation.
    """
    inward, outward = bench.card.valuation["import"], bench.card.valuation["export"]
    primary = _MONEY.format("primaryValue")

    def is_said(kind: str) -> str:
        column = bench.column(f"{kind}value")
        return f"{_MONEY.format(column)} > 0 AND {_MONEY.format(column)} = {primary}"

    def choose(default: str) -> str:
        other = "fob" if default == "cif" else "cif"
        return (
            f"CASE WHEN {is_said(default)} THEN '{default}' WHEN {is_said(other)} THEN '{other}' ELSE '{default}' END"
        )

    return f"CASE WHEN ends_with(flow.flow, 'export') THEN {choose(outward)} ELSE {choose(inward)} END"


def _is_whole(rows: str = "rows") -> str:
    return " AND ".join(f'{rows}."{column}" = {literal(whole)}' for column, (whole, _) in _WHOLE.items())


def _split_rows(bench: Bench) -> tuple[int, tuple[str, ...]]:
    """Count the rows that split a whole; refuse the file where a whole is missing."""
    for column in _WHOLE:
        bench.refuse_empty(column)
    (split,) = bench.one(f"SELECT count(*) FROM {bench.rows} AS rows WHERE NOT ({_is_whole()})")
    if not split:
        return 0, ()
    same = " AND ".join(f'rows."{name}" = whole."{name}"' for name in _KEY)
    found = bench.first(
        f"""SELECT row, {", ".join(f'"{column}"' for column in _WHOLE)} FROM {bench.rows} AS rows
        WHERE NOT ({_is_whole()}) AND NOT EXISTS (
            SELECT 1 FROM {bench.rows} AS whole WHERE {same} AND {_is_whole("whole")})
        ORDER BY row LIMIT 1"""
    )
    if found is not None:
        row, *values = found
        by = [
            (column, value)
            for (column, (whole, _)), value in zip(_WHOLE.items(), values, strict=True)
            if str(value) != whole
        ]
        said = ", ".join(f"{_WHOLE[column][1]} {value}" for column, value in by)
        asked = "&".join(f"{column}={_WHOLE[column][0]}" for column in _WHOLE)
        refuse(
            bench.name,
            f"is a part of a trade (by {said}) whose whole is not in the file; parts may overlap and "
            f"are never added up: download with {asked}",
            row=row,
            column=by[0][0],
        )
    kinds = " or ".join(kind for _, kind in _WHOLE.values())
    return split, (f"{split} rows that split a whole by {kinds} left out; their wholes are here",)


def _refuse_cut_answer(bench: Bench, options: LandOptions) -> None:
    (count,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    if bench.is_text and count in bench.card.row_limits and not options.allow_cut:
        refuse(
            bench.name,
            f"holds exactly {count} rows, where the API cuts an answer without saying so; ask in smaller parts "
            "(one period, one reporter), or land it as incomplete with --allow-cut",
        )


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


def _period(text: str) -> tuple[str, str, int]:
    """Read `2019` or `201907`."""
    if len(text) == 6 and text.isdigit():
        return period_row(f"{text[:4]}-{text[4:]}")
    return period_row(text)
