"""The tables of reconciliation: from the correlation of HS editions to one settled number per cell.

Same conventions as `schema`: money is nominal US dollars, weight kilograms, shares and margins are
fractions, logarithms are natural, a missing number is null and never zero.
"""

from __future__ import annotations

from typing import Final

from tidewaiter.base.schema import COUNT, FLAG, MONEY, NUMBER, TEXT, Check, Column, Table

SHARE: Final = "DECIMAL(10,8)"

CELL: Final = (
    Column("exporter", TEXT, "area the goods left"),
    Column("importer", TEXT, "area the goods reached"),
    Column("product", TEXT, "TOTAL or an HS code"),
    Column("hs", TEXT, "HS edition both sides were restated to"),
    Column("period", TEXT, "2019 or 2019-07"),
)
KEY: Final = tuple(column.name for column in CELL)

CONCORDANCE: Final = Table(
    "concordance",
    (
        Column("hs_from", TEXT, "edition the code is from"),
        Column("hs_to", TEXT, "edition it leads to"),
        Column("code_from", TEXT, "6-digit code in the first"),
        Column("code_to", TEXT, "6-digit code in the second"),
        Column("relationship", TEXT, "1:1, 1:n, n:1 or n:n, read from the first edition to the second"),
        Column("is_main", FLAG, "true where the conversion sheet sends the whole code there"),
    ),
    key=("hs_from", "hs_to", "code_from", "code_to"),
    checks=(
        Check("code is not six digits", "NOT regexp_full_match(code_from || code_to, '[0-9]{12}')", "code_from"),
        Check("relationship is unknown", "relationship NOT IN ('1:1', '1:n', 'n:1', 'n:n')", "relationship"),
    ),
)

LANDED_CONCORDANCE: Final = Table(
    CONCORDANCE.name,
    (
        *CONCORDANCE.columns,
        Column("receipt", TEXT, "the landing it came with"),
        Column("row", COUNT, "its place among the pairs of the workbook in order of code, the first being 1"),
    ),
    key=(*CONCORDANCE.key, "receipt"),
    checks=(
        *CONCORDANCE.checks,
        Check("edition is unknown", "NOT regexp_full_match(hs_from || hs_to, '(HS[12][0-9]{3}){2}')", "hs_from"),
        Check("both editions are the same", "hs_from = hs_to", "hs_to"),
    ),
)
"""The concordance as the lake keeps it: the same with the way back to UNSD's workbook."""

SPLIT: Final = Table(
    "split",
    (
        *CONCORDANCE.columns[:4],
        Column("share", SHARE, "fraction of the old code's trade that is in the new code"),
        Column("share_below", SHARE, "sum of the shares of the new codes before this one, in order of code"),
        Column("share_upto", SHARE, "the same with this one; exactly 1 for the last"),
        Column("basis", TEXT, "only (one target), learned, conversion (UNSD's conversion sheet) or even"),
        Column("observations", COUNT, "reporters that changed edition and traded in the group"),
    ),
    key=CONCORDANCE.key,
    checks=(
        Check("share lies outside 0 to 1", "share < 0 OR share > 1", "share"),
        Check("bounds do not enclose the share", "share_upto - share_below <> share", "share_upto"),
    ),
)

MARGIN: Final = Table(
    "margin",
    (
        *CELL[:2],
        Column("section", TEXT, "HS section, from statistics/sections.csv"),
        Column("cif_margin", NUMBER, "freight and insurance as a fraction of the FOB value, 0 to 0.25"),
        Column("pairs", COUNT, "cells of this pair that both sides declared"),
    ),
    key=("exporter", "importer", "section"),
    checks=(Check("margin lies outside 0 to 0.25", "cif_margin < 0 OR cif_margin > 0.25", "cif_margin"),),
)

LAG: Final = Table(
    "lag",
    (
        *CELL[:2],
        Column("lag_share", NUMBER, "share of the goods that arrive in the month after they left"),
        Column("lag_variance", NUMBER, "variance of ln(arrivals / departures) of one month that the lag causes"),
        Column("months", COUNT, "product months the share was learned from"),
    ),
    key=("exporter", "importer"),
    checks=(Check("lag lies outside 0 to 0.9", "lag_share < 0 OR lag_share > 0.9", "lag_share"),),
)

TRUST: Final = Table(
    "trust",
    (
        Column("reporter", TEXT, "area that declares"),
        Column("role", TEXT, "exporter or importer"),
        Column("section", TEXT, "HS section"),
        Column("value_variance", NUMBER, "variance of the natural logarithm of its declared values' errors"),
        Column("weight_variance", NUMBER, "the same of its declared weights"),
        Column("cells", COUNT, "cells it was learned from; 0 means the average of everybody"),
    ),
    key=("reporter", "role", "section"),
    checks=(Check("variance is not positive", "value_variance <= 0 OR weight_variance <= 0", "value_variance"),),
)

SIZE: Final = Table(
    "size",
    (
        Column(
            "band", COUNT, "half powers of ten of dollars or kilograms: 6 from 1,000, 7 from 3,162; 4 and 15 are open"
        ),
        *(
            Column(f"{measure}_{kind}", NUMBER, what)
            for measure in ("value", "weight")
            for kind, what in (
                ("factor", "what both sides' variances are multiplied by in cells of that size"),
                ("freedom", "Student's degrees of freedom of the gaps; 1000 is as good as normal"),
                ("reach", "standard deviations to either end of a 90 % interval where one side spoke"),
                ("reach_both", "the same where both spoke and the gap between them is known"),
            )
        ),
        Column("cells", COUNT, "cells both sides declared that it was learned from"),
    ),
    key=("band",),
    checks=(Check("factor is not positive", "value_factor <= 0 OR weight_factor <= 0", "value_factor"),),
)

MIRROR: Final = Table(
    "mirror",
    (
        *CELL,
        Column("section", TEXT, "HS section of the product"),
        Column("export_usd", MONEY, "what the exporter declared; null: it was silent", required=False),
        Column("export_valuation", TEXT, "cif or fob", required=False),
        Column("import_usd", MONEY, "what the importer declared; null: it was silent", required=False),
        Column("import_valuation", TEXT, "cif or fob", required=False),
        Column("export_kg", MONEY, "weight the exporter declared", required=False),
        Column("import_kg", MONEY, "weight the importer declared", required=False),
        Column("cif_margin", NUMBER, "margin taken off whichever side is CIF"),
        Column("export_fob_usd", MONEY, "the exporter's declaration at FOB", required=False),
        Column("import_fob_usd", MONEY, "the importer's declaration at FOB", required=False),
        Column("lag_share", NUMBER, "share of the goods taken to arrive a month later; 0 for years"),
        Column("lag_variance", NUMBER, "variance that an unadjusted month has from the lag; 0 for years"),
        Column("import_said_usd", MONEY, "what the importer says of the goods that left in the period", required=False),
        Column("import_said_kg", MONEY, "the same in weight", required=False),
        Column("timing_usd", TEXT, "settled, half or unadjusted: which months the lag could be taken out with"),
        Column("timing_kg", TEXT, "the same for weights"),
        Column("log_gap", NUMBER, "ln(importer / exporter) of the value after margin and lag", required=False),
        Column("weight_log_gap", NUMBER, "ln(importer / exporter) of the weight after lag", required=False),
    ),
    key=KEY,
    checks=(
        Check(
            "both sides are silent",
            "export_usd IS NULL AND import_usd IS NULL AND export_kg IS NULL AND import_kg IS NULL",
            "export_usd",
        ),
        Check("value is negative", "least(export_usd, import_usd) < 0", "export_usd"),
        Check("weight is negative", "least(export_kg, import_kg) < 0", "export_kg"),
    ),
)

RECONCILED: Final = Table(
    "reconciled",
    (
        *CELL,
        Column("value_usd", MONEY, "settled value, FOB", required=False),
        Column("low_usd", MONEY, "lower end of its 90 % interval", required=False),
        Column("high_usd", MONEY, "upper end of its 90 % interval", required=False),
        Column("basis", TEXT, "both, exporter, importer, mirror_only or none: who spoke of the value"),
        Column("weight_kg", MONEY, "settled weight", required=False),
        Column("low_kg", MONEY, "lower end of its 90 % interval", required=False),
        Column("high_kg", MONEY, "upper end of its 90 % interval", required=False),
        Column("weight_basis", TEXT, "who spoke of the weight"),
        Column("exporter_weight", NUMBER, "share of the settled logarithm that is the exporter's word", required=False),
        Column("log_gap", NUMBER, "ln(importer / exporter) after margin and lag", required=False),
        Column("exporter_weight_kg", NUMBER, "the exporter's share of the settled weight's logarithm", required=False),
    ),
    key=KEY,
    checks=(
        Check("value lies outside its interval", "NOT (low_usd <= value_usd AND value_usd <= high_usd)", "value_usd"),
        Check("weight lies outside its interval", "NOT (low_kg <= weight_kg AND weight_kg <= high_kg)", "weight_kg"),
        Check("interval is missing", "value_usd IS NOT NULL AND (low_usd IS NULL OR high_usd IS NULL)", "low_usd"),
    ),
)

RECONCILIATION: Final = (CONCORDANCE, SPLIT, MARGIN, LAG, TRUST, SIZE, MIRROR, RECONCILED)
