"""Turn customs weight of capped goods into the cap's unit, beside the account and never added to it.

Each declared weight becomes a range, by the cited factors of the measure for its code. Pure: a
trade frame in, lines out; only a few months of one pair of areas are read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.law.cumulate import Between
from tidewaiter.law.engine import rows_of
from tidewaiter.law.exposure import in_period
from tidewaiter.law.screen import screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.law.caps import Account
    from tidewaiter.law.regime import Factor, Measure, Regime

KILOGRAMS: Final = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Customs:
    """One reporter's declared weight of one code in one period. `amount` None: no weight, or no factor for it.

    `is_estimated`: the publisher made the weight, so that it is not converted.
    """

    source: str
    reporter: str
    flow: str
    product: str
    period: str
    reading: str
    tonnes: Decimal | None
    amount: Between | None
    factors: tuple[Factor, ...]
    is_estimated: bool


def customs_of(trade: Any, regime: Regime, account: Account) -> tuple[Customs, ...]:
    """List what reporters declared in the goods and months of an account, converted to the cap's unit."""
    from tidewaiter.law.regime import Rulebook

    flows = in_period(trade, account.period)
    law = Rulebook((_only(regime, account.measure),))
    found = screen(flows, law)
    columns = found.collect_schema().names()
    found = found.filter(~nw.col("is_part"), nw.col("status_before_review") != "too_coarse")
    unit = account.ledger.unit
    lines = []
    for row in rows_of(found):
        tonnes = None if row.get("weight_kg") is None else Decimal(str(row["weight_kg"])) / KILOGRAMS
        estimated = bool(row["is_estimated"]) if "is_estimated" in columns else False
        factors = tuple(_factors(account.measure, row["product"], unit))
        lines.append(
            Customs(
                source=row.get("source", ""),
                reporter=row.get("reporter", ""),
                flow=row.get("flow", ""),
                product=row["product"],
                period=row["period"],
                reading=row["reading"],
                tonnes=tonnes,
                amount=None if estimated else _converted(tonnes, factors, unit),
                factors=factors,
                is_estimated=estimated,
            )
        )
    return tuple(sorted(lines, key=lambda each: (each.source, each.reporter, each.period, each.product, each.reading)))


def by_reporter(lines: Iterable[Customs]) -> dict[tuple[str, str, str, str], tuple[Between, int, int]]:
    """Sum by source, reporter, flow and reading: the range, its lines, and the lines without an amount."""
    groups: defaultdict[tuple[str, str, str, str], list[Customs]] = defaultdict(list)
    for line in lines:
        groups[line.source, line.reporter, line.flow, line.reading].append(line)
    return {
        key: (
            sum((line.amount for line in group if line.amount is not None), Between(Decimal(0), Decimal(0))),
            len(group),
            sum(1 for line in group if line.amount is None),
        )
        for key, group in sorted(groups.items())
    }


def _only(regime: Regime, measure: Measure) -> Regime:
    from dataclasses import replace

    return replace(regime, measures=(measure,))


def _factors(measure: Measure, product: str, unit: str) -> Iterable[Factor]:
    """Yield the measure's factors for a code: those of its own code, and of wider ones that hold it."""
    return (
        factor
        for factor in measure.factors
        if factor.from_unit == "t" and factor.to_unit == unit and any(product.startswith(code) for code in factor.codes)
    )


def _converted(tonnes: Decimal | None, factors: tuple[Factor, ...], unit: str) -> Between | None:
    if tonnes is None:
        return None
    if unit == "t":
        return Between(tonnes, tonnes)
    if not factors:
        return None
    return Between(tonnes * min(factor.low for factor in factors), tonnes * max(factor.high for factor in factors))
