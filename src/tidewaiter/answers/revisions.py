"""Set two states of the lake beside each other: which declared numbers moved, appeared or went away, and by which file.

Pure: frames of both days in, one frame out. A number that is the same in both, though a newer file brought it,
did not move. Nothing is added up: a revision is of one declared line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import narwhals as nw

from tidewaiter.answers.engine import distinct, exact, one_of, records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Frame, Tables

LINE: Final = ("source", "reporter", "partner", "flow", "product", "hs", "period", "frequency")
"""What names one declared number."""
MOST: Final = 1_000_000
"""So many revisions are brought over at most; `Revisions.counts` counts them all."""

How: TypeAlias = Literal["changed", "appeared", "gone"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One line that moved: its value and weight before and after, and the landing that moved it.

    `how` is `appeared` where the earlier day knew no such line, `gone` where the later day knows none any more:
    the newer file speaks of the same but leaves the line out. None is no number, never zero. `share` is the change
    as a fraction of the value before, None where there is none or it was zero.
    """

    source: str
    reporter: str
    partner: str
    flow: str
    product: str
    hs: str
    period: str
    how: How
    before_usd: Decimal | None
    after_usd: Decimal | None
    before_kg: Decimal | None
    after_kg: Decimal | None
    change_usd: Decimal | None
    share: Decimal | None
    receipt_before: str | None
    receipt: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A landing that came between the two days."""

    receipt: str
    file: str
    source: str
    vintage: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Revisions:
    """What moved between two days: how many lines in which way, the largest of them, and the files that did it."""

    first: date
    last: date
    counts: dict[How, int]
    rows: tuple[Revision, ...]
    files: tuple[Moved, ...]


def revisions(
    then: Tables,
    now: Tables,
    days: tuple[date, date],
    *,
    reporters: Sequence[str] = (),
    partners: Sequence[str] = (),
    source: str | None = None,
    period: Period | None = None,
    limit: int | None = None,
) -> Revisions:
    """Find what moved between `days`: `then` holds what was known on the first, `now` on the second.

    The largest changes come first, at most `limit` of them. Only the years, sources and reporters that a newer file
    speaks of are compared.
    """
    files = _between(now, days)
    counts: dict[How, int] = {"changed": 0, "appeared": 0, "gone": 0}
    asked = [
        *([one_of("reporter", reporters)] if reporters else []),
        *([nw.col("source") == source] if source else []),
        *([_inside(period)] if period else []),
    ]
    newer = now.trade.filter(nw.col("vintage") > days[0], nw.col("vintage") <= days[1], *asked)
    touched = distinct(newer, "source", "reporter", "year") if files else []
    if not touched:
        return Revisions(*days, counts, (), files)
    scope = [*_scope(touched), *asked, *([one_of("partner", partners)] if partners else [])]
    moved = _compared(then.trade.filter(*scope), now.trade.filter(*scope))
    counts |= {row["how"]: int(row["rows"]) for row in distinct(moved, "how")}
    size = nw.coalesce(nw.col("change_usd").abs(), nw.col("after_usd"), nw.col("before_usd"), nw.lit(0))
    largest = moved.with_columns(size=size).sort("size", *LINE, descending=[True, *(False for _ in LINE)])
    found = records(largest.head(MOST if limit is None else limit))
    ordered = sorted(found, key=lambda row: (-row["size"], *(row[name] for name in LINE)))
    movers = _movers(newer, ordered)
    return Revisions(*days, counts, tuple(_revision(row, movers) for row in ordered), files)


def _scope(touched: Sequence[dict[str, Any]]) -> list[nw.Expr]:
    """Keep the years, sources and reporters that newer files speak of: nothing else can have moved."""
    years = sorted(row["year"] for row in touched)
    return [
        nw.col("year") >= years[0],
        nw.col("year") <= years[-1],
        nw.col("source").is_in(sorted({row["source"] for row in touched})),
        nw.col("reporter").is_in(sorted({row["reporter"] for row in touched})),
    ]


def _movers(newer: Frame, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], str]:
    """Find the newest file that speaks of the same as each line that went away."""
    gone = [row for row in rows if row["how"] == "gone"]
    if not gone:
        return {}
    near = newer.filter(*(nw.col(name).is_in(sorted({row[name] for row in gone})) for name in ("reporter", "period")))
    found = distinct(near, "source", "reporter", "period", "receipt")
    return {
        (row["source"], row["reporter"], row["period"]): row["receipt"]
        for row in sorted(found, key=lambda row: row["receipt"])
    }


def _between(now: Tables, days: tuple[date, date]) -> tuple[Moved, ...]:
    """List the landings of rows with a vintage after the first day and up to the second."""
    first, last = days
    frame = now.receipt.filter(nw.col("vintage") > first, nw.col("vintage") <= last, nw.col("table") == "trade")
    rows = records(frame.select("receipt", "file", "source", "vintage", "sha256"))
    return tuple(Moved(**row) for row in sorted(rows, key=lambda row: row["receipt"]))


def _inside(period: Period) -> nw.Expr:
    """Keep the lines of months and years inside a span."""
    years = [str(year) for year in period.years]
    month = nw.col("frequency") == "M"
    return (month & (nw.col("period") >= period.start) & (nw.col("period") <= period.end)) | (
        ~month & nw.col("period").is_in(years)
    )


def _compared(then: Frame, now: Frame) -> Frame:
    """Pair the lines of both days and keep those whose value or weight differ, or that only one day knows."""
    numbers = {"usd": "value_usd", "kg": "weight_kg"}
    if not records(then.select("row").head(1)):
        unknown = {name: nw.lit(None) for name in ("before_usd", "before_kg", "change_usd")}
        seen_now = {f"after_{unit}": nw.col(name) for unit, name in numbers.items()}
        text = nw.lit(None).cast(nw.String())
        return now.select(
            *LINE, receipt_after="receipt", receipt_before=text, how=nw.lit("appeared"), **seen_now
        ).with_columns(**{name: value.cast(nw.Float64()) for name, value in unknown.items()})
    before = then.select(
        *LINE, receipt_before="receipt", **{f"before_{unit}": nw.col(name) for unit, name in numbers.items()}
    )
    after = now.select(
        *LINE, receipt_after="receipt", **{f"after_{unit}": nw.col(name) for unit, name in numbers.items()}
    )
    both = before.join(after, on=list(LINE), how="full", suffix="_now")
    known, seen = ~nw.col("receipt_before").is_null(), ~nw.col("receipt_after").is_null()
    how = (
        nw.when(known & seen)
        .then(nw.lit("changed"))
        .otherwise(nw.when(seen).then(nw.lit("appeared")).otherwise(nw.lit("gone")))
    )
    differs = _differs("before_usd", "after_usd") | _differs("before_kg", "after_kg")
    return both.with_columns(
        *(nw.coalesce(name, f"{name}_now").alias(name) for name in LINE),
        how=how,
        change_usd=nw.col("after_usd") - nw.col("before_usd"),
    ).filter((nw.col("how") != "changed") | differs)


def _differs(one: str, other: str) -> nw.Expr:
    absent = nw.col(one).is_null() != nw.col(other).is_null()
    return absent | (~nw.col(one).is_null() & ~nw.col(other).is_null() & (nw.col(one) != nw.col(other)))


def _revision(row: dict[str, Any], movers: Mapping[tuple[str, str, str], str]) -> Revision:
    before, after = row["before_usd"], row["after_usd"]
    change = None if row["change_usd"] is None else exact(row["change_usd"])
    return Revision(
        **{name: row[name] for name in LINE if name != "frequency"},
        how=row["how"],
        before_usd=before,
        after_usd=after,
        before_kg=row["before_kg"],
        after_kg=row["after_kg"],
        change_usd=change,
        share=change / exact(before) if change is not None and before else None,
        receipt_before=row["receipt_before"],
        receipt=row["receipt_after"] or movers.get((row["source"], row["reporter"], row["period"]), ""),
    )
