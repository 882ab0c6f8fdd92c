"""Sum exposures: by reporter, measure and year, row by row as the Panel of Experts' annexes do, and between two laws.

Pure: rows of `EXPOSURE` in, tables out. Sources and reporters are never added up: two of them may
speak of the same goods. A value is added once, whatever number of codes or readings it stands under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.period import Period
from tidewaiter.law.engine import lazy
from tidewaiter.law.screen import IDENTITY

if TYPE_CHECKING:
    from tidewaiter.base.schema import Frame

BY: Final = ("regime", "measure", "reading", "year", "source", "reporter", "flow", "exporter", "importer", "frequency")
ABOUT: Final = ("kind", "act", "paragraph", "start", "verified")
ANNEX: Final = (
    *("regime", "measure", "act", "paragraph", "product", "hs", "reporter", "flow", "exporter", "importer", "period"),
)
LIKELY: Final = 0.5
"""From this probability on a mix-up of two areas is as likely as not, and a summary counts it."""


def in_period(trade: Any, period: Period) -> Frame:
    """Keep the flows of months and years that lie wholly inside `period`."""
    frame = lazy(trade)
    month = nw.col("period").str.len_chars() == 7
    years = [str(year) for year in period.years if period.contains(Period.months_of(year))]
    inside = month & (nw.col("period") >= period.start) & (nw.col("period") <= period.end)
    return frame.filter(inside | nw.col("period").is_in(years))


def annex(exposure: Any) -> Frame:
    """List exposures as the Panel's annex tables do: HS code, reporter, month, value, and what the law says of it.

    Flows too coarse to tell and values that stand in a wider code of the same declaration are left
    to `screen` itself.
    """
    found = lazy(exposure)
    columns = found.collect_schema().names()
    wanted = [
        *(name for name in ANNEX if name in columns),
        *(name for name in ("value_usd", "weight_kg") if name in columns),
        *("covered_low_usd", "covered_high_usd", "status", "force", "coverage", "reading"),
        *("law_code", "law_hs", "assigned_by", "verified", "edition_note", "exemptions", "review"),
        *(name for name in ("mixup_probability", "mixup_reasons", "source", "receipt", "row") if name in columns),
    ]
    order = [
        name
        for name in ("measure", "period", "reporter", "exporter", "importer", "product", "reading")
        if name in wanted
    ]
    kept = found.filter(nw.col("status_before_review") != "too_coarse", ~nw.col("is_part"))
    return kept.select(*wanted).sort(*order)


def screen_summary(exposure: Any) -> Frame:
    """Sum exposures by reporter, measure, reading and year; one more row for what is too coarse to tell.

    `declarations` and `without_value` stand beside every sum, so that nothing declared is told from
    zero; `suspect_usd` is the part that the exclusion register doubts, inside the upper bound. Where the
    rows carry a `mixup_probability`, `mixups` counts the declarations for which it is `LIKELY` or more.
    """
    found = lazy(exposure)
    columns = found.collect_schema().names()
    coarse = nw.col("status_before_review") == "too_coarse"
    by = [name for name in BY if name in columns or name == "year"]
    identity = [name for name in IDENTITY if name in columns]
    weighed = [name for name in ("mixups",) if "mixup_probability" in columns]
    found = found.filter(~nw.col("is_part")).with_columns(year=nw.col("period").str.head(4), too_coarse=coarse)
    once = found.group_by(*dict.fromkeys([*identity, *by, *ABOUT, "too_coarse", "value_usd", "status"])).agg(
        nw.col("covered_low_usd").max(),
        nw.col("covered_high_usd").max(),
        *(nw.col("mixup_probability").max() for _ in weighed),
    )
    doubted = nw.when(nw.col("status") == "suspect_data").then(nw.col("covered_high_usd"))
    once = once.with_columns(
        suspect_usd=doubted,
        is_partly=(nw.col("status") == "partly_in_force").cast(nw.Int64),
        is_empty=nw.col("value_usd").is_null().cast(nw.Int64),
        **{
            name: nw.when(nw.col("mixup_probability") >= LIKELY).then(nw.lit(1)).otherwise(nw.lit(0))
            for name in weighed
        },
    )
    amounts = ("value_usd", "covered_low_usd", "covered_high_usd", "suspect_usd")
    grouped = once.group_by(*by, *ABOUT, "too_coarse").agg(
        *(nw.col(name).sum() for name in amounts),
        *(nw.col(name).count().alias(f"{name}_count") for name in amounts),
        declarations=nw.len(),
        months=nw.col("period").n_unique(),
        without_value=nw.col("is_empty").sum(),
        partly=nw.col("is_partly").sum(),
        **{name: nw.col(name).sum() for name in weighed},
    )
    # A sum of nothing is 0 on most engines; nothing declared is null.
    told = grouped.with_columns(
        *(nw.when(nw.col(f"{name}_count") > 0).then(nw.col(name)).alias(name) for name in amounts)
    )
    final = [*by, *ABOUT, "too_coarse", "declarations", "months", "without_value", "partly", *weighed, *amounts]
    return told.select(*final).sort(*by, *ABOUT, "too_coarse")


def by_partner(exposure: Any, target: str) -> Frame:
    """Sum covered trade with `target` by partner and year, source, reporter and frequency.

    A declaration counts once, however many measures and readings cover it: at least what is certain under an
    undisputed one, at most what any may cover. What is too coarse to tell, and parts of a value that stands in a
    wider code of the same declaration, are left out. Neither sources nor reporters are added up. Where the rows
    carry a `mixup_probability`, `doubted_usd` is the part for which it is `LIKELY` or more; else it is null.
    """
    found = lazy(exposure)
    if "mixup_probability" not in found.collect_schema().names():
        found = found.with_columns(mixup_probability=nw.lit(None).cast(nw.Float64))
    identity = [name for name in IDENTITY if name in found.collect_schema().names()]
    told = found.filter(nw.col("status_before_review") != "too_coarse", ~nw.col("is_part"))
    ends = nw.when(nw.col("exporter") == target).then(nw.col("importer")).otherwise(nw.col("exporter"))
    told = told.filter((nw.col("exporter") == target) | (nw.col("importer") == target)).with_columns(
        partner=ends,
        year=nw.col("period").str.head(4),
        certain=nw.when(nw.col("reading") == "").then(nw.col("covered_low_usd")),
    )
    by = ("partner", "year", "source", "reporter", "frequency")
    once = told.group_by(*dict.fromkeys([*identity, *by])).agg(
        nw.col("certain").max(), nw.col("covered_high_usd").max(), nw.col("mixup_probability").max()
    )
    doubted = nw.when(nw.col("mixup_probability") >= LIKELY).then(nw.col("covered_high_usd"))
    once = once.with_columns(doubted_usd=doubted)
    amounts = ("certain", "covered_high_usd", "doubted_usd")
    summed = once.group_by(*by).agg(
        *(nw.col(name).sum() for name in amounts),
        *(nw.col(name).count().alias(f"{name}_count") for name in amounts),
        declarations=nw.len(),
    )
    # A sum of nothing is 0 on most engines; nothing declared is null.
    known = summed.with_columns(
        *(nw.when(nw.col(f"{name}_count") > 0).then(nw.col(name)).alias(name) for name in amounts)
    )
    return known.select(*by, "declarations", *amounts).sort(*by)


def difference(as_it_is: Any, as_if: Any) -> Frame:
    """Set two screenings of the same flows side by side: what each flow's strictest status was and would be.

    Only flows whose strictest status differs are listed; `permitted` stands where no measure matches.
    A flow under two readings takes the stricter one on both sides. `covered_high_usd` is what is
    covered at most as it is, `high_after` as it would be; null where nothing would be.
    """
    before, after = (_strictest(each) for each in (lazy(as_it_is), lazy(as_if)))
    keys = [name for name in before.collect_schema().names() if name in IDENTITY]
    kept = ["value_usd", "measure", "paragraph", "act", "goods", "covered_high_usd"]
    first = before.select(*keys, *kept, status_before="status")
    second = after.select(*keys, status_after="status", high_after="covered_high_usd")
    newly = after.join(before.select(*keys), on=keys, how="anti").select(
        *keys, *kept, status_before=nw.lit("permitted"), status_after="status", high_after="covered_high_usd"
    )
    changed = first.join(second, on=keys, how="left").with_columns(
        status_after=nw.coalesce("status_after", nw.lit("permitted"))
    )
    both = nw.concat(
        [changed.select(*keys, *kept, "status_before", "status_after", "high_after"), newly], how="vertical"
    )
    return both.filter(nw.col("status_before") != nw.col("status_after")).sort(*keys)


def sum_changes(changed: Any) -> Frame:
    """Sum what a scenario would change by goods, partner and year: from which status to which, for how much at most."""
    found = lazy(changed).with_columns(year=nw.col("period").str.head(4))
    high = nw.when(nw.col("status_after") == "permitted").then(nw.col("covered_high_usd"))
    found = found.with_columns(usd_at_most=high.otherwise(nw.col("high_after")))
    return _summed(found, ("measure", "goods", "status_before", "status_after"), "usd_at_most")


def sum_declared(exposure: Any) -> Frame:
    """Sum declared trade by goods, partner and year, each value once per measure."""
    found = lazy(exposure).filter(~nw.col("is_part"), nw.col("status_before_review") != "too_coarse")
    return _summed(found.with_columns(year=nw.col("period").str.head(4)), ("measure", "goods"), "value_usd")


def _summed(found: Frame, what: tuple[str, ...], amount: str) -> Frame:
    columns = found.collect_schema().names()
    by = [
        *what,
        *(name for name in ("exporter", "importer", "reporter", "source", "frequency") if name in columns),
        "year",
    ]
    summed = found.group_by(*by).agg(nw.col(amount).sum(), declarations=nw.len(), counted=nw.col(amount).count())
    told = summed.with_columns(nw.when(nw.col("counted") > 0).then(nw.col(amount)).alias(amount))
    return told.select(*by, "declarations", amount).sort(*by)


def _strictest(found: Frame) -> Frame:
    """Keep one row per flow: of its strictest, the first by name."""
    keys = [name for name in IDENTITY if name in found.collect_schema().names()]
    found = found.filter(nw.col("is_strictest"), ~nw.col("is_part"), nw.col("status_before_review") != "too_coarse")
    named = nw.concat_str("regime", nw.lit(" "), "measure", nw.lit(" "), "reading", nw.lit(" "), "law_code")
    found = found.with_columns(named=named)
    return found.filter(nw.col("named") == nw.col("named").min().over(*keys)).drop("named")
