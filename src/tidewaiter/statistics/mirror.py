"""Set the two declarations of every trade beside each other, at the same valuation.

An export from Germany to Kazakhstan is declared by Germany, FOB, and by Kazakhstan, CIF. `declared`
chooses the one row that stands for a line, `pair` joins the two sides, `at_fob` takes freight and
insurance off. Silence stays null. Frames in, frames out: no file, no clock, no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.base.schema_reconcile import KEY

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

LINE: Final = ("reporter", "partner", "flow", "product", "hs", "period")
MONEY: Final = nw.Decimal(18, 3)
SETTLED, HALF, UNADJUSTED = "settled", "half", "unadjusted"


def declared(trade: Frame) -> Frame:
    """Choose the declaration that stands for each line: the newest vintage, then the last landed.

    The same line may be in two files or from two publishers; one of them counts. Parts (re-exports,
    domestic exports) are left to their totals, values that the publisher estimated are nobody's
    declaration, and goods that an area declares about itself have no other side.
    """
    words = trade.filter(
        nw.col("flow").is_in(["export", "import"]), ~nw.col("is_estimated"), nw.col("reporter") != nw.col("partner")
    )
    return words.unique(list(LINE), keep="last", order_by=["vintage", "receipt", "row"])


def pair(words: Frame, sections: Frame) -> Frame:
    """Join each exporter's declaration with its importer's.

    `words` comes from `declared`, restated to one HS edition; `sections` maps a 2-digit `chapter`
    to its HS `section`. A side that said nothing is null, never zero.
    """
    said = ["value_usd", "valuation", "weight_kg"]
    exports = words.filter(nw.col("flow") == nw.lit("export")).select(*KEY, *said)
    imports = words.filter(nw.col("flow") == nw.lit("import")).select(*KEY, *said)
    pairs = exports.join(imports, on=list(KEY), how="full", suffix="_said")
    return (
        pairs.with_columns(*(nw.coalesce(key, f"{key}_said").alias(key) for key in KEY))
        .with_columns(chapter=nw.col("product").str.slice(0, 2))
        .join(sections, on="chapter", how="left")
        .select(
            *KEY,
            section=nw.coalesce("section", nw.lit("none")),
            export_usd="value_usd",
            export_valuation="valuation",
            import_usd="value_usd_said",
            import_valuation="valuation_said",
            export_kg="weight_kg",
            import_kg="weight_kg_said",
        )
    )


def at_fob(pairs: Frame, margin: Frame) -> Frame:
    """Take each pair's margin off whichever side is CIF; whoever declared FOB is left alone.

    `margin` must cover every exporter, importer and section (`margin.margins` does). The gap
    is the importer's word over the exporter's, in natural logarithms; null where a side is silent
    or declared nothing but a zero, which has no logarithm.
    """
    joined = pairs.join(
        margin.select("exporter", "importer", "section", "cif_margin"),
        on=["exporter", "importer", "section"],
        how="left",
    )
    fob = joined.with_columns(
        export_fob_usd=_fob("export_usd", "export_valuation"), import_fob_usd=_fob("import_usd", "import_valuation")
    )
    return fob.with_columns(
        lag_share=nw.lit(0.0),
        lag_variance=nw.lit(0.0),
        import_said_usd=nw.col("import_fob_usd"),
        import_said_kg=nw.col("import_kg"),
        timing_usd=nw.lit(SETTLED),
        timing_kg=nw.lit(SETTLED),
        log_gap=log_of("import_fob_usd") - log_of("export_fob_usd"),
        weight_log_gap=log_of("import_kg") - log_of("export_kg"),
    )


def _fob(value: str, valuation: str) -> nw.Expr:
    reduced = (nw.col(value).cast(nw.Float64) / (nw.col("cif_margin") + 1.0)).round(3).cast(MONEY)
    return nw.when(nw.col(valuation) == nw.lit("cif")).then(reduced).otherwise(nw.col(value))


def log_of(amount: str | nw.Expr) -> nw.Expr:
    """Take the natural logarithm of an amount; null for null and for what is not above zero."""
    number = (nw.col(amount) if isinstance(amount, str) else amount).cast(nw.Float64)
    return nw.when(number > 0).then(number).log()
