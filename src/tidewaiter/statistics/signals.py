"""Point at declarations that are probably about somebody else: goods booked to a hub, or to a namesake.

Owns suspicion, with a probability and the reasons in words. It corrects nothing: what is suspected
stays as declared until a person writes a correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.statistics.mirror import log_of
from tidewaiter.statistics.trust import with_variances

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

_LINE: Final = ("product", "hs", "period")
FAR: Final = 3.0
"""Two values are compared at all up to so many standard deviations."""
EXCESS: Final = 1.5
"""A declared gap beyond so many standard deviations leaves an excess that may belong elsewhere."""
_CHANCE: Final = 6.0
"""The width, in natural logarithms, over which an unrelated value of the same product falls."""
_LEAST_LINES: Final = 20.0
_UNNAMED: Final = 0.1
"""How often an area that reports leaves out a line that its partner declares."""
_STRANGER: Final = 3
"""So few lines about an area, and so many times more about its namesake, make a reporter a stranger to it."""
_MUTE: Final = 100
"""An area that names none of so many lines, ever, does not publish that partner."""
_SMALLEST: Final = 0.5
"""A side's excess counts from this fraction of what it declared."""


def unmatched(mirrored: Frame, trust: Frame, *, side: str) -> Frame:
    """List what one `side` ("export" or "import") declared and the other side does not confirm.

    Silence counts as unconfirmed only where the other area did report that period, and where it ever
    named that partner (of fewer than 100 lines nothing is concluded). Where both spoke, the excess
    counts if the gap is beyond EXCESS standard deviations and at least half of the declaration.
    Columns: cell key, section, amount (USD, FOB), variance (of its logarithm).
    """
    other = "importer" if side == "export" else "exporter"
    said, other_said = (
        ("export_fob_usd", "import_said_usd") if side == "export" else ("import_said_usd", "export_fob_usd")
    )
    spoke = (
        mirrored.filter(~nw.col("import_usd" if side == "export" else "export_usd").is_null())
        .select(nw.col(other), nw.col("period"))
        .unique()
    )
    named = mirrored.group_by("exporter", "importer").agg(mine=nw.col(said).count(), theirs=nw.col(other_said).count())
    mute = named.filter(nw.col("theirs") == 0, nw.col("mine") >= _MUTE).select("exporter", "importer")
    cells = (
        with_variances(mirrored, trust)
        .join(spoke, on=[other, "period"], how="inner")
        .join(mute, on=["exporter", "importer"], how="anti")
    )
    mine, theirs = nw.col(said).cast(nw.Float64), nw.coalesce(nw.col(other_said).cast(nw.Float64), nw.lit(0.0))
    both = nw.col("exporter_value_variance") + nw.col("importer_value_variance")
    sign = -1.0 if side == "export" else 1.0
    beyond = nw.col("log_gap") * sign > both.sqrt() * EXCESS
    own = nw.col("exporter_value_variance" if side == "export" else "importer_value_variance")
    # The excess is a difference of two uncertain amounts: its relative error grows as it shrinks.
    rest = mine - theirs
    noise = (own * mine * mine + (both - own) * theirs * theirs) / (rest * rest)
    return (
        cells.filter(nw.col(other_said).is_null() | beyond, mine > 0)
        .with_columns(amount=rest, variance=noise)
        .filter(nw.col("amount") > mine * _SMALLEST)
        .select("exporter", "importer", *_LINE, "section", "amount", "variance")
    )


def hub_rates(mirrored: Frame, exports: Frame) -> Frame:
    """Say how often exports to each area go unconfirmed, beyond what is usual: (importer, rate).

    `exports` is `unmatched(..., side="export")`. The usual share is that of all reporting areas'
    lines together; an area with few lines is shrunk towards no excess at all.
    """
    reporting = mirrored.filter(~nw.col("import_usd").is_null()).select("importer", "period").unique()
    lines = (
        mirrored.filter(~nw.col("export_usd").is_null())
        .join(reporting, on=["importer", "period"], how="inner")
        .group_by("importer")
        .agg(lines=nw.len())
    )
    loose = exports.group_by("importer").agg(loose=nw.len())
    counted = lines.join(loose, on="importer", how="left").with_columns(
        all=nw.lit("all"), loose=nw.coalesce("loose", nw.lit(0))
    )
    whole = counted.group_by("all").agg(all_lines=nw.col("lines").sum(), all_loose=nw.col("loose").sum())
    usual = nw.col("all_loose").cast(nw.Float64) / nw.col("all_lines").cast(nw.Float64)
    number = nw.col("lines").cast(nw.Float64)
    excess = nw.col("loose").cast(nw.Float64) - number * usual
    return counted.join(whole, on="all", how="inner").select(
        "importer", rate=(excess / (number + _LEAST_LINES)).clip(0.0, 1.0), usual=usual
    )


def hub_bookings(mirrored: Frame, trust: Frame) -> Frame:
    """Find exports that were probably booked to a hub instead of where they went.

    A candidate is an export to a hub that the hub does not confirm, and an import of the same goods
    in the same period from the same exporter which that exporter did not declare, of about the same
    amount. Columns: exporter, hub, importer, cell key, booked_usd, missed_usd, apart (standard
    deviations), probability and reason; the likeliest destination of each booking only.
    """
    exports = unmatched(mirrored, trust, side="export")
    imports = unmatched(mirrored, trust, side="import")
    rates = hub_rates(mirrored, exports)
    candidates = (
        exports.select("exporter", *_LINE, hub="importer", booked="amount", booked_variance="variance")
        .join(
            imports.select("exporter", "importer", *_LINE, missed="amount", missed_variance="variance"),
            on=["exporter", *_LINE],
            how="inner",
        )
        .filter(nw.col("hub") != nw.col("importer"))
        .join(rates.rename({"importer": "hub"}), on="hub", how="inner")
        .with_columns(spread=(nw.col("booked_variance") + nw.col("missed_variance")).sqrt())
        .with_columns(apart=(log_of("booked") - log_of("missed")).abs() / nw.col("spread"))
    )
    near = candidates.filter(nw.col("apart") <= FAR).with_columns(
        likeness=(nw.col("apart") * nw.col("apart") * -0.5).exp() / (nw.col("spread") * 2.506628274631)
    )
    booking = ["exporter", "hub", *_LINE]
    rivals = near.group_by(*booking).agg(all_likeness=nw.col("likeness").sum(), best=nw.col("likeness").max())
    ranked = near.join(rivals, on=booking, how="inner").filter(nw.col("likeness") == nw.col("best"))
    # Against: an unconfirmed export for any other reason, that meets a like import by chance.
    for_it = nw.col("rate") * nw.col("all_likeness")
    against = nw.col("usual") * (1.0 / _CHANCE)
    return ranked.select(
        "exporter",
        "hub",
        "importer",
        *_LINE,
        booked_usd="booked",
        missed_usd="missed",
        apart=nw.col("apart").round(3),
        hub_rate=nw.col("rate").round(4),
        probability=((for_it / (for_it + against)) * nw.col("best") / nw.col("all_likeness")).round(4),
    )


def mistaken_partners(mirrored: Frame, trust: Frame, confusions: Frame) -> Frame:
    """Find declarations about one area that were probably meant for its namesake.

    `confusions` holds `said` and `meant` (South Korea's trade written down as North Korea's), `prior`
    (how likely a declaration about the first is a slip before looking), `stranger_odds` and
    `basket_odds`. Evidence is the namesake's own declaration: if it names the same goods, of a like
    amount, and the reporter names none or less of them about it, the declaration has found its other
    side; if the namesake reports and names none, it is against. A reporter that hardly declares
    anything about `said` is a stranger to it; goods that it declares about `meant` in some period
    are in that basket: either raises the odds. Columns: reporter, flow, cell key, said, meant, amount_usd,
    missing_usd, apart (standard deviations), probability and reason.
    """
    given = confusions.collect_schema().names()
    silent = [nw.lit(1.0).alias(name) for name in ("stranger_odds", "basket_odds") if name not in given]
    confusions = confusions.with_columns(*silent) if silent else confusions
    flows = [_slips(mirrored, trust, confusions, flow) for flow in ("export", "import")]
    return nw.concat(flows, how="vertical")


def _slips(mirrored: Frame, trust: Frame, confusions: Frame, flow: str) -> Frame:
    reporter, partner = ("exporter", "importer") if flow == "export" else ("importer", "exporter")
    said, confirmed = (
        ("export_fob_usd", "import_said_usd") if flow == "export" else ("import_said_usd", "export_fob_usd")
    )
    spoke = (
        mirrored.filter(~nw.col(confirmed).is_null())
        .select("period", meant=nw.col(partner))
        .unique()
        .with_columns(meant_spoke=nw.lit(True))
    )
    known = mirrored.filter(nw.col(said) > 0)
    lines = known.group_by(reporter, partner).agg(lines=nw.len())
    basket = known.select(reporter, "product", meant=nw.col(partner)).unique().with_columns(in_basket=nw.lit(True))
    words = (
        known.join(confusions, left_on=partner, right_on="said", how="inner")
        .select(
            reporter,
            *_LINE,
            "section",
            "meant",
            "prior",
            "stranger_odds",
            "basket_odds",
            said=nw.col(partner),
            amount=nw.col(said).cast(nw.Float64),
        )
        .join(spoke, on=["meant", "period"], how="left")
        .join(basket, on=[reporter, "product", "meant"], how="left")
        .join(lines.rename({partner: "said", "lines": "said_lines"}), on=[reporter, "said"], how="left")
        .join(lines.rename({partner: "meant", "lines": "meant_lines"}), on=[reporter, "meant"], how="left")
        .with_columns(
            is_stranger=(nw.col("said_lines") <= _STRANGER)
            & (nw.col("meant_lines") > nw.col("said_lines") * _STRANGER),
            in_basket=nw.coalesce("in_basket", nw.lit(False)),
        )
        .with_columns(is_stranger=nw.coalesce("is_stranger", nw.lit(False)))
    )
    twin = with_variances(mirrored, trust).select(
        reporter,
        *_LINE,
        nw.col(partner).alias("meant"),
        twin_said=nw.coalesce(nw.col(said).cast(nw.Float64), nw.lit(0.0)),
        twin_word=nw.col(confirmed).cast(nw.Float64),
        variance=nw.col("exporter_value_variance") + nw.col("importer_value_variance"),
    )
    found = (
        words.join(twin, on=[reporter, *_LINE, "meant"], how="left")
        .with_columns(missing=nw.col("twin_word") - nw.col("twin_said"))
        .with_columns(apart=(log_of("amount") - log_of("missing")).abs() / nw.col("variance").sqrt())
    )
    near = nw.col("apart") <= FAR
    likeness = (nw.col("apart") * nw.col("apart") * -0.5).exp() / (nw.col("variance").sqrt() * 2.506628274631)
    # Unlike goods of the same code differ by anything up to _CHANCE; a slip that the namesake does not
    # declare either needs its line to be missing too; where the namesake is silent nothing is learned.
    evidence = (
        nw.when(near)
        .then(likeness * _CHANCE / _UNNAMED)
        .otherwise(nw.when(nw.col("meant_spoke")).then(nw.lit(_UNNAMED)).otherwise(nw.lit(1.0)))
    )
    odds = (
        nw.col("evidence")
        * nw.col("prior")
        / (1.0 - nw.col("prior"))
        * nw.when(nw.col("is_stranger")).then(nw.col("stranger_odds")).otherwise(nw.lit(1.0))
        * nw.when(nw.col("in_basket")).then(nw.col("basket_odds")).otherwise(nw.lit(1.0))
    )
    reason = (
        nw.when(near)
        .then(
            nw.concat_str(
                [
                    nw.col("meant"),
                    nw.lit(" declares the same goods of a like amount, which "),
                    nw.col(reporter),
                    nw.lit(" does not declare about it"),
                ]
            )
        )
        .otherwise(
            nw.when(nw.col("meant_spoke"))
            .then(nw.concat_str([nw.col("meant"), nw.lit(" reports the period and names no such goods")]))
            .otherwise(nw.concat_str([nw.col("meant"), nw.lit(" does not report the period: nothing to compare")]))
        )
    )
    stranger = nw.concat_str(
        [nw.lit("; "), nw.col(reporter), nw.lit(" declares hardly anything else about "), nw.col("said")]
    )
    same_basket = nw.concat_str(
        [nw.lit("; "), nw.col(reporter), nw.lit(" declares such goods about "), nw.col("meant"), nw.lit(" too")]
    )
    return found.with_columns(evidence=evidence, reason=reason).select(
        nw.col(reporter).alias("reporter"),
        *_LINE,
        "said",
        "meant",
        flow=nw.lit(flow),
        amount_usd="amount",
        missing_usd="missing",
        apart=nw.col("apart").round(3),
        probability=(odds / (1.0 + odds)).round(4),
        reason=nw.concat_str(
            [
                nw.col("reason"),
                nw.when(nw.col("is_stranger")).then(stranger).otherwise(nw.lit("")),
                nw.when(nw.col("in_basket")).then(same_basket).otherwise(nw.lit("")),
            ]
        ),
    )
