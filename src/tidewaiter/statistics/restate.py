"""Bring trade declared in different HS editions to one edition, so that like meets like.

Owns the splitting of rows and the sums from which `split` learns the shares. A row's value, weight
and quantity are cut at running shares, so that the pieces add up to the row to the last decimal.
Nothing is dropped: what has no share stays as declared, and `unrestated` names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidewaiter.base.schema import Frame

LINE: Final = ("reporter", "partner", "flow", "hs", "period", "exporter", "importer", "valuation")
AMOUNTS: Final = ("value_usd", "weight_kg")
_MONEY: Final = nw.Decimal(18, 3)
_WIDE: Final = nw.Decimal(27, 3)
"""Times a share of ten digits this still fits the 38 digits that engines have."""
_DIGITS: Final = 6


def newest_edition(trade: Frame) -> Frame:
    """Keep, of a line published in several editions, the rows in the newest one.

    Publishers offer the same declaration in its own edition and converted to older ones; added
    together they would count twice. Levels (number of digits) are judged apart.
    """
    line = ["reporter", "partner", "flow", "period", "digits"]
    levelled = trade.with_columns(digits=nw.col("product").str.len_chars())
    newest = levelled.group_by(*line).agg(newest=nw.col("hs").max())
    return levelled.join(newest, on=line, how="inner").filter(nw.col("hs") == nw.col("newest")).drop("digits", "newest")


def restate(trade: Frame, split: Frame, hs: str) -> Frame:
    """Restate every 6-digit row to the edition `hs`; totals are conserved exactly.

    `trade` has the columns LINE, product, value_usd, weight_kg (exact decimals), quantity and
    quantity_unit; `split` those of the `split` table. `TOTAL` means the same goods in every
    edition and only changes its edition's name. Codes of 2, 4, 8 or more digits, and codes without
    a share, stay in their own edition. Where two old codes meet in a new one, an amount is null if
    either was null, and a quantity also if their units differ.
    """
    columns = [*LINE, "product", *AMOUNTS, "quantity", "quantity_unit"]
    trade = trade.select(*columns).with_columns(
        hs=nw.when(nw.col("product") == nw.lit(TOTAL)).then(nw.lit(hs)).otherwise(nw.col("hs"))
    )
    to_edition = split.filter(nw.col("hs_to") == nw.lit(hs)).select(
        hs="hs_from", product="code_from", code_to="code_to", share_below="share_below", share_upto="share_upto"
    )
    matched = trade.join(to_edition, on=["hs", "product"], how="left")
    kept = matched.filter(nw.col("code_to").is_null()).select(*columns)
    pieces = matched.filter(~nw.col("code_to").is_null()).with_columns(
        *(_piece(amount).alias(amount) for amount in AMOUNTS),
        quantity=nw.col("quantity") * (nw.col("share_upto") - nw.col("share_below")).cast(nw.Float64),
        product=nw.col("code_to"),
        hs=nw.lit(hs),
    )
    known = {f"{name}_known": nw.col(name).count() for name in (*AMOUNTS, "quantity")}
    merged = pieces.group_by(*LINE, "product").agg(
        *(nw.col(name).sum().alias(name) for name in (*AMOUNTS, "quantity")),
        **known,
        rows=nw.len(),
        quantity_unit=nw.col("quantity_unit").min(),
        other_unit=nw.col("quantity_unit").max(),
    )
    whole = merged.with_columns(
        *(
            nw.when(nw.col(f"{name}_known") == nw.col("rows")).then(nw.col(name).cast(_MONEY)).alias(name)
            for name in AMOUNTS
        ),
        quantity=nw.when(
            nw.col("quantity_known") == nw.col("rows"), nw.col("quantity_unit") == nw.col("other_unit")
        ).then(nw.col("quantity")),
        quantity_unit=nw.when(nw.col("quantity_unit") == nw.col("other_unit")).then(nw.col("quantity_unit")),
    )
    return nw.concat([kept, whole.select(*columns)], how="vertical")


def _piece(amount: str) -> nw.Expr:
    """Cut the amount at the running shares on both sides and take what lies between."""
    upto, below = (
        (nw.col(amount).cast(_WIDE) * nw.col(f"share_{end}")).round(3).cast(_MONEY) for end in ("upto", "below")
    )
    return upto - below


def unrestated(trade: Frame, split: Frame, hs: str) -> Frame:
    """List the 6-digit products that no share leads to `hs`: hs, product, rows, value_usd."""
    known = split.filter(nw.col("hs_to") == nw.lit(hs)).select(hs="hs_from", product="code_from").unique()
    left = trade.filter(nw.col("product").str.len_chars() == _DIGITS, nw.col("hs") != nw.lit(hs)).join(
        known, on=["hs", "product"], how="anti"
    )
    return left.group_by("hs", "product").agg(rows=nw.len(), value_usd=nw.col("value_usd").max())


def refuse_unrestated(left: Sequence[tuple[str, str, int, object]], split_codes: Iterable[str], hs: str) -> None:
    """Raise `CodeError` for the first row of `unrestated`, if there is any.

    `split_codes` are the codes of that row's edition that do lead to `hs`; none of them means that
    the concordance of the two editions was never landed.
    """
    if not left:
        return
    edition, product, rows, _ = min(left)
    codes = sorted(set(split_codes))
    if not codes:
        message = f"no concordance leads from {edition} to {hs}: land UNSD's correlation workbook of the two editions"
        raise CodeError(message)
    message = f"product {product} is unknown in {edition} ({rows} rows){nearest(product, codes)}"
    raise CodeError(message)


def observe(trade: Frame, group: Frame, hs_from: str, hs_to: str) -> tuple[Frame, Frame]:
    """Set each reporter's composition before its change of edition beside that after it.

    `trade` holds annual or monthly 6-digit rows; `group` (hs, code, group) comes from
    `split.groups`. Returns two frames with reporter, flow, group, year, code and share (of the
    group's trade): in the last year in `hs_from`, and in the following year in `hs_to`, of
    reporters that changed from one year to the next ("on time").
    """
    traded = trade.filter(nw.col("flow").is_in(["export", "import"])).with_columns(
        year=nw.col("period").str.slice(0, 4).cast(nw.Int64)
    )
    before = _composition(traded, group, hs_from)
    after = _composition(traded, group, hs_to).with_columns(year=nw.col("year") - 1)
    key = ["reporter", "flow", "group", "year"]
    changed = after.select(*key).unique()
    return before.join(changed, on=key, how="inner"), after.join(before.select(*key).unique(), on=key, how="inner")


def _composition(traded: Frame, group: Frame, hs: str) -> Frame:
    key = ["reporter", "flow", "group", "year"]
    member = group.filter(nw.col("hs") == nw.lit(hs)).select(product="code", group="group")
    lines = (
        traded.filter(nw.col("hs") == nw.lit(hs), nw.col("value_usd") > 0)
        .join(member, on="product", how="inner")
        .group_by(*key, "product")
        .agg(amount=nw.col("value_usd").cast(nw.Float64).sum())
    )
    whole = lines.group_by(*key).agg(whole=nw.col("amount").sum())
    return lines.join(whole, on=key, how="inner").select(*key, code="product", share=nw.col("amount") / nw.col("whole"))


def moments(before: Frame, after: Frame, links: Frame, shared: Frame) -> tuple[Frame, Frame, Frame]:
    """Sum the products that `split.learn_split` needs: within, across and seen.

    `links` is the concordance (code_from, code_to); `shared` (code, other) the pairs of old codes
    that share a target. Frames: (code, other, total), (code, target, total), (code, reporters).
    """
    key = ["reporter", "flow", "group", "year"]
    other = before.select(*key, other="code", other_share="share")
    within = (
        before.join(shared, on="code", how="inner")
        .join(other, on=[*key, "other"], how="inner")
        .group_by("code", "other")
        .agg(total=(nw.col("share") * nw.col("other_share")).sum())
    )
    became = after.select(*key, target="code", target_share="share")
    across = (
        before.join(links.select(code="code_from", target="code_to"), on="code", how="inner")
        .join(became, on=[*key, "target"], how="inner")
        .group_by("code", "target")
        .agg(total=(nw.col("share") * nw.col("target_share")).sum())
    )
    seen = before.group_by("code").agg(reporters=nw.len())
    return within, across, seen
