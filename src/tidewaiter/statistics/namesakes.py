"""Weigh each declaration about an area with a namesake by itself: how probably the other was meant, and why.

Owns the score that stands beside an exposure. It asks for nothing learned (`signals.mistaken_partners`
needs every reporter's errors), changes no figure and drops nothing. Pure but for its own rule file.
"""

from __future__ import annotations

from functools import cache, reduce
from importlib import resources
from operator import mul
from typing import TYPE_CHECKING, Annotated, Final

import narwhals as nw
from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator

from tidewaiter.base.rulefile import parse_rules
from tidewaiter.base.terms import TOTAL
from tidewaiter.statistics.mirror import log_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.schema import Frame

FILE: Final = "confusions.yml"
KEY: Final = ("source", "reporter", "flow", "partner", "product", "hs", "period")
REASONS: Final = ("withdrawn", "like_amount", "unanswered", "same_goods", "like_price", "jump", "fall", "habit")
AGAINST: Final = "habit"
"""The one reason that lowers the odds; all others raise them."""

_WHO: Final = ("source", "reporter", "flow")
_GOODS: Final = (*_WHO, "product")
_LIKE_AMOUNT: Final = 0.26
"""Logarithm of the 30 per cent within which two amounts are alike."""
_LIKE_FALL: Final = 0.69
"""Logarithm of the factor of two within which a fall matches: it is measured on uneven neighbours."""
_LIKE_PRICE: Final = 0.14
"""Logarithm of the 15 per cent within which two prices are alike."""
_UNDERWAY: Final = 2
"""So many months may lie between leaving and arriving."""
_HABIT: Final = 3

_Probability = Annotated[float, Field(gt=0, lt=1)]
_Odds = Annotated[float, Field(gt=0)]


class Evidence(BaseModel):
    """How much one reason multiplies the odds, its words for a reader, and why so much."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    odds: _Odds
    words: StrictStr
    why: StrictStr


class Confusion(BaseModel):
    """One pair of areas of which the first is written where the second is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said: StrictStr
    meant: StrictStr
    prior: _Probability
    stranger_odds: _Odds
    basket_odds: _Odds
    reason: StrictStr
    source: StrictStr
    evidence: dict[str, Evidence]

    @model_validator(mode="after")
    def _weighs_every_reason(self) -> Confusion:
        if set(self.evidence) != set(REASONS):
            message = f"evidence has to weigh {', '.join(REASONS)}, each once and nothing else"
            raise ValueError(message)
        return self

    def words(self, name: str) -> str:
        """Return a reason's words about this pair."""
        return self.evidence[name].words.format(said=self.said, meant=self.meant)


class ConfusionsWritten(BaseModel):
    """The content of the rule file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    confusions: tuple[Confusion, ...]


@cache
def confusions() -> tuple[Confusion, ...]:
    """Load the pairs that ship with the package; raises `RuleError` with file, line and key."""
    text = resources.files("tidewaiter.statistics").joinpath(FILE).read_text(encoding="utf-8")
    return parse_rules(text, FILE, ConfusionsWritten).confusions


def suspicion(trade: Frame, pairs: Sequence[Confusion], later: Frame | None = None) -> Frame:
    """Say of each declaration about a pair's first area how probably the second was meant.

    `trade` holds rows of `TRADE`, more periods and areas than are asked about: neighbouring months
    and the namesake's own declarations are the evidence. `later` holds a newer state of it, to see
    what was taken back. One row per `KEY` with a 0/1 column per `REASONS`, `mixup_probability`
    (null where nothing is known) and `mixup_reasons` in words.
    """
    return nw.concat([_about(trade, pair, later) for pair in pairs], how="vertical")


def concerned(trade: Frame, pairs: Sequence[Confusion]) -> Frame:
    """Keep the declarations that `suspicion` looks at: about either area of a pair, or by the second."""
    both = sorted({area for pair in pairs for area in (pair.said, pair.meant)})
    meant = sorted({pair.meant for pair in pairs})
    return trade.filter(nw.col("partner").is_in(both) | nw.col("reporter").is_in(meant))


def weigh(found: Frame, pair: Confusion) -> Frame:
    """Turn reasons (0/1) and what is known (`knows_own`, `knows_mirror`) into a probability and words.

    The odds of the prior are multiplied by those of each reason that holds. Where neither the
    reporter speaks of the namesake nor the namesake of it, and no reason holds, the probability is null.
    """
    factors = [
        nw.when(nw.col(name) == 1).then(nw.lit(pair.evidence[name].odds)).otherwise(nw.lit(1.0)) for name in REASONS
    ]
    odds = reduce(mul, factors, nw.lit(pair.prior / (1.0 - pair.prior)))
    held = reduce(lambda one, other: one | other, [nw.col(name) == 1 for name in REASONS])
    said = [_if_so(nw.col(name) == 1, pair.words(name)) for name in REASONS]
    unknown = [
        _if_so(~nw.col("knows_own"), f"the lake holds no declaration of the reporter about {pair.meant}"),
        _if_so(~nw.col("knows_mirror"), f"the lake holds no declaration of {pair.meant} about the reporter"),
    ]
    known = held | nw.col("knows_own") | nw.col("knows_mirror")
    return found.with_columns(odds=odds).with_columns(
        mixup_probability=nw.when(known).then((nw.col("odds") / (nw.col("odds") + 1.0)).round(2)),
        mixup_reasons=nw.concat_str([*said, *unknown]).str.slice(2),
    )


def _if_so(holds: nw.Expr, words: str) -> nw.Expr:
    return nw.when(holds).then(nw.lit(f"; {words}")).otherwise(nw.lit(""))


def _about(trade: Frame, pair: Confusion, later: Frame | None) -> Frame:
    words = _words(trade, pair)
    lines = words.filter(nw.col("partner") == pair.said)
    own = words.filter(nw.col("partner") == pair.meant)
    turned = nw.when(nw.col("flow") == "import").then(nw.lit("export")).otherwise(nw.lit("import"))
    mirror = words.filter(nw.col("reporter") == pair.meant).with_columns(reporter=nw.col("partner"), flow=turned)
    lines = lines.join(
        own.group_by(*_GOODS, "period").agg(own_amount=nw.col("amount").sum(), own_rows=nw.len()),
        on=[*_GOODS, "period"],
        how="left",
    ).with_columns(says_own=~nw.col("own_rows").is_null(), own_amount=nw.coalesce("own_amount", nw.lit(0.0)))
    found = lines.select(*KEY, "heading", "year", "amount", "price")
    for more, on in (
        (_answers(lines, mirror), KEY),
        (_falls(lines, own), KEY),
        (_habits(lines), KEY),
        (_jumps(lines, own), KEY),
        (own.select(*_WHO, "heading", same_goods=nw.lit(1)).unique(), (*_WHO, "heading")),
        (own.select(*_WHO, knows_own=nw.lit(1)).unique(), _WHO),
        (mirror.select(*_WHO, knows_mirror=nw.lit(1)).unique(), _WHO),
        (_prices(own, "own_price"), (*_GOODS, "year")),
        (_prices(mirror, "mirror_price"), (*_GOODS, "year")),
        (_withdrawn(lines, trade if later is None else later, pair), KEY),
    ):
        found = found.join(more, on=list(on), how="left")
    near = [(log_of("price") - log_of(name)).abs() <= _LIKE_PRICE for name in ("own_price", "mirror_price")]
    alike = nw.coalesce(near[0], nw.lit(value=False)) | nw.coalesce(near[1], nw.lit(value=False))
    flags = found.with_columns(
        *(nw.coalesce(name, nw.lit(0)).alias(name) for name in REASONS if name != "like_price"),
        like_price=nw.when(alike).then(nw.lit(1)).otherwise(nw.lit(0)),
        knows_own=~nw.col("knows_own").is_null(),
        knows_mirror=~nw.col("knows_mirror").is_null(),
    )
    return weigh(flags, pair).select(*KEY, *REASONS, "mixup_probability", "mixup_reasons")


def _words(trade: Frame, pair: Confusion) -> Frame:
    """Take the declarations that matter, once per line: (amount in USD, price per kg, place in time)."""
    words = concerned(trade, [pair]).filter(
        nw.col("flow").is_in(["export", "import"]),
        ~nw.col("is_estimated"),
        nw.col("reporter") != nw.col("partner"),
        nw.col("product") != TOTAL,
    )
    summed = words.group_by(*KEY).agg(
        amount=nw.col("value_usd").cast(nw.Float64).sum(),
        weight=nw.col("weight_kg").cast(nw.Float64).sum(),
        rows=nw.len(),
        valued=nw.col("value_usd").count(),
        weighed=nw.col("weight_kg").count(),
        vintage=nw.col("vintage").max(),
    )
    year = nw.col("period").str.head(4).cast(nw.Int64)
    is_month = nw.col("period").str.len_chars() == len("2019-07")
    month = nw.concat_str(nw.col("period"), nw.lit("-00")).str.slice(5, 2).cast(nw.Int64)
    both = (nw.col("valued") == nw.col("rows")) & (nw.col("weighed") == nw.col("rows")) & (nw.col("weight") > 0)
    return summed.with_columns(
        # A sum of nothing is 0 on most engines; nothing declared is null.
        amount=nw.when(nw.col("valued") > 0).then(nw.col("amount")),
        price=nw.when(both).then(nw.col("amount") / nw.col("weight")),
        heading=nw.col("product").str.head(4),
        year=year,
        is_month=is_month,
        place=nw.when(is_month).then(year * 12 + month).otherwise(year),
    )


def _answers(lines: Frame, mirror: Frame) -> Frame:
    """Look for the namesake's declaration of the same goods, up to `_UNDERWAY` months before they arrive."""
    later = nw.when(nw.col("flow") == "import").then(nw.lit(1)).otherwise(nw.lit(-1))
    place = [*_GOODS, "is_month", "place"]
    moved = [
        mirror.filter(nw.col("is_month") | (nw.lit(months) == 0)).select(
            *_GOODS, "is_month", place=nw.col("place") + later * months, told="amount"
        )
        for months in range(_UNDERWAY + 1)
    ]
    met = lines.join(nw.concat(moved, how="vertical"), on=place, how="inner")
    like = (log_of("amount") - log_of(nw.col("told") - nw.col("own_amount"))).abs() <= _LIKE_AMOUNT
    flagged = met.with_columns(
        like_amount=nw.when(like).then(nw.lit(1)).otherwise(nw.lit(0)),
        unanswered=nw.when(nw.col("says_own")).then(nw.lit(0)).otherwise(nw.lit(1)),
    )
    best = flagged.group_by(*KEY).agg(nw.col("like_amount").max(), nw.col("unanswered").max())
    # One piece of evidence counts once: the stronger of the two.
    return best.with_columns(
        unanswered=nw.when(nw.col("like_amount") == 1).then(nw.lit(0)).otherwise(nw.col("unanswered"))
    )


def _falls(lines: Frame, own: Frame) -> Frame:
    """Compare what the reporter declares about the namesake with the periods before and after."""
    place = [*_GOODS, "is_month", "place"]
    moved = [own.select(*_GOODS, "is_month", place=nw.col("place") + step, usual="amount") for step in (-1, 1)]
    usual = nw.concat(moved, how="vertical").group_by(*place).agg(usual=nw.col("usual").mean())
    met = lines.join(usual, on=place, how="inner").with_columns(fallen=nw.col("usual") - nw.col("own_amount"))
    matching = (nw.col("fallen") >= nw.col("usual") * 0.5) & ((log_of("amount") - log_of("fallen")).abs() <= _LIKE_FALL)
    return met.filter(matching).select(*KEY, fall=nw.lit(1))


def _habits(lines: Frame) -> Frame:
    known = lines.select(*_WHO, "heading", earlier="year").unique()
    before = lines.select(*KEY, "heading", "year").join(known, on=[*_WHO, "heading"], how="inner")
    years = before.filter(nw.col("earlier") < nw.col("year")).group_by(*KEY).agg(years=nw.len())
    return years.filter(nw.col("years") >= _HABIT).select(*KEY, habit=nw.lit(1))


def _jumps(lines: Frame, own: Frame) -> Frame:
    begun = lines.group_by(*_WHO).agg(begun=nw.col("year").min())
    spoke = own.group_by(*_WHO).agg(spoke=nw.col("year").min())
    met = lines.join(begun, on=list(_WHO), how="inner").join(spoke, on=list(_WHO), how="inner")
    sudden = (nw.col("spoke") < nw.col("begun")) & (nw.col("year") <= nw.col("begun") + 1)
    return met.filter(sudden).select(*KEY, jump=nw.lit(1))


def _prices(words: Frame, name: str) -> Frame:
    priced = words.filter(~nw.col("price").is_null(), nw.col("amount") > 0)
    sums = priced.group_by(*_GOODS, "year").agg(nw.col("amount").sum(), nw.col("weight").sum())
    return sums.select(*_GOODS, "year", (nw.col("amount") / nw.col("weight")).alias(name))


def _withdrawn(lines: Frame, later: Frame, pair: Confusion) -> Frame:
    """Find lines gone from a newer landing of that reporter, flow and period, or standing there about the namesake."""
    spoken, line = [*_WHO, "period"], [*_GOODS, "period"]
    newest = later.join(lines.select(*spoken).unique(), on=spoken, how="inner")
    newest = newest.group_by(*spoken).agg(newest=nw.col("vintage").max())
    kept = later.filter(nw.col("partner") == pair.said).select(*line).unique()
    newer = nw.col("newest") > nw.col("vintage")
    gone = lines.join(newest, on=spoken, how="inner").filter(newer).join(kept, on=line, how="anti")
    other = _words(later, pair).filter(nw.col("partner") == pair.meant).group_by(*line)
    moved = lines.join(other.agg(newest=nw.col("vintage").max(), told=nw.col("amount").sum()), on=line, how="inner")
    moved = moved.filter(newer, (log_of("amount") - log_of("told")).abs() <= _LIKE_AMOUNT)
    both = nw.concat([gone.select(*KEY), moved.select(*KEY)], how="vertical")
    return both.unique().with_columns(withdrawn=nw.lit(1))
