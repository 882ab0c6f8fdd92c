"""Turn a claim into questions to the data, in a fixed order: the reading a reader takes first, then others.

Owns which questions a claim may mean, and why some claims have none; asks nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.base.terms import TOTAL
from tidewaiter.news.judge import money
from tidewaiter.news.judge.rates import a_month, is_rate

if TYPE_CHECKING:
    from collections.abc import Container

    from tidewaiter.base.terms import Indicator, Measure
    from tidewaiter.news.model import Claim, Written

Reason = Literal[
    "no_data",
    "partial_data",
    "no_product_rows",
    "source_unknown",
    "not_a_trade_statistic",
    "unit_differs",
    "forecast",
    "denied",
    "unresolved",
    "group_of_countries",
    "no_period",
    "no_parties",
    "no_number",
    "goods_not_mapped",
    "no_exchange_rate",
    "no_comparable_series",
    "second_rank_only",
    "sources_differ",
    "readings_differ",
]
"""Why a claim is unverifiable or ambiguous, as a word for programs."""

_YEAR: Final = 12
ROLLING: Final = "rolling window"
"""How a claim's period is marked where only its length was said."""
KILOGRAMS: Final = {"kg": 1, "t": 1000}
_LEVELS: Final[dict[str, Literal["total", "balance"]]] = {"total": "total", "balance": "balance"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a claim may mean: its words for a reader, and the question it asks."""

    label: str
    query: Query
    is_default: bool = True


def is_rolling(claim: Claim) -> bool:
    """Tell whether the claim's span only says how long it is: "the past five months" may end with any month."""
    return ("period", ROLLING) in claim.filled


def no_question(claim: Claim, rolling: Container[Period] = ()) -> Reason | None:
    """Say why a claim cannot be put to trade statistics at all; None where it can.

    `rolling` are the spans of the story whose last month nobody said.
    """
    is_trade = claim.is_trade and claim.type != "count" and claim.measure != "count"
    unit = _unit_reason(claim)
    reasons: tuple[tuple[bool, Reason | None], ...] = (
        (not is_trade, "not_a_trade_statistic"),
        (claim.type == "forecast" or claim.modality == "planned", "forecast"),
        (claim.modality == "denied", "denied"),
        (unit == "no_exchange_rate", unit),
        (claim.period is None or is_rolling(claim) or claim.period in rolling, "no_period"),
        (bool(claim.unresolved) and set(claim.unresolved) <= set(claim.groups), "group_of_countries"),
        (bool(claim.unresolved), "unresolved"),
        (not _areas(claim), "no_parties"),
        (claim.goods.text is not None and not claim.goods.hs, "goods_not_mapped"),
    )
    return next((reason for holds, reason in reasons if holds), unit)


def _unit_reason(claim: Claim) -> Reason | None:
    if money.has_no_rate(claim):
        return "no_exchange_rate"
    if claim.type in {"flow_value", "total", "balance"}:
        if claim.number is None:
            return "no_number"
        figure = in_known_unit(claim.number)
        if figure is None and not money.is_money(claim.number.unit):
            return "unit_differs"
        if is_rate(claim) and a_month(claim) is None:
            return "unit_differs"  # so much a week, or an average of nobody says what
    return None


def in_known_unit(number: Written) -> Written | None:
    """Return the number, or its restatement, in a unit that statistics are kept in; None where there is none."""
    for one in (number, *number.restated):
        if one.unit == "USD" or one.unit in KILOGRAMS:
            return one
    return None


def readings(claim: Claim) -> tuple[Reading, ...]:
    """List the questions `claim` may mean, the default first, then wider or narrower goods.

    Every source, both declared sides and printed figures come with each answer as its alternatives.
    """
    if no_question(claim) is not None:
        return ()
    indicator = _indicator(claim)
    if indicator is None:
        return ()
    scopes: list[tuple[str, tuple[str, ...]]] = [("all goods", (TOTAL,))]
    if claim.goods.hs:
        scopes = [(f"HS {', '.join(claim.goods.hs)}", claim.goods.hs)]
        scopes += [(f"HS {code} instead", (code,)) for code in claim.goods.alternatives]
    return tuple(
        Reading(label, _query(claim, indicator, products), is_default=place == 0)
        for place, (label, products) in enumerate(scopes)
    )


def _indicator(claim: Claim) -> Indicator | None:
    if claim.type in {"flow_value", "zero"}:
        return "weight" if _measure(claim) == "weight" else "value"
    if claim.type in _LEVELS:
        return _LEVELS[claim.type]
    if claim.type == "change":
        return "change" if claim.base_period is not None else None
    if claim.type == "trend":
        is_plain = claim.run is None and claim.number is None and claim.direction is not None
        return "change" if is_plain and claim.period is not None and claim.period.length <= _YEAR else None
    if claim.type in {"composition", "ranking"}:
        return "composition" if claim.items else None
    return "share" if claim.type == "share" else None


def _measure(claim: Claim) -> Measure:
    if claim.type == "change" and claim.measure == "weight":
        return "weight"
    number = claim.number if claim.type in {"flow_value", "total", "balance"} else claim.level or claim.base
    figure = in_known_unit(number) if number is not None else None
    if figure is not None and figure.unit in KILOGRAMS:
        return "weight"
    return "weight" if claim.measure == "weight" and figure is None else "value"


def _areas(claim: Claim) -> tuple[str, ...]:
    if claim.flow in {"total", "balance"} or claim.type in {"total", "balance"}:
        return claim.parties
    return tuple(area for area in (claim.exporter, claim.importer) if area is not None and area != "W00")


def _query(claim: Claim, indicator: Indicator, products: tuple[str, ...]) -> Query:
    exporters, importers = _area(claim.exporter), _area(claim.importer)
    perspective = claim.perspective
    of: Literal["value", "total", "balance"] = "value"
    if indicator == "change":
        of = _LEVELS.get(claim.flow or "", "value")
    if indicator in {"total", "balance"} or of != "value":
        exporters, importers = _area(claim.parties[0]), _area(claim.parties[1] if len(claim.parties) > 1 else None)
        perspective = claim.parties[0]
    by_product = indicator == "composition"
    if perspective not in {*exporters, *importers}:
        perspective = None
    return Query(
        indicator=indicator,
        exporters=exporters,
        importers=importers,
        period=_span(claim),
        products=products,
        against=_against(claim) if indicator == "change" else None,
        perspective=perspective,
        by="product" if by_product else None,
        level=max((len(code) for item in claim.items for code in item.hs), default=2) if by_product else 2,
        measure=_measure(claim),
        of=of,
    )


def _span(claim: Claim) -> Period | None:
    """Return the period; of a run of nothing ("third straight month of no diesel") all of the run."""
    if claim.type != "zero" or not claim.run or claim.period is None:
        return claim.period
    return Period(claim.period.first - (claim.run - 1) * claim.period.length, claim.period.last)


def _against(claim: Claim) -> Period | None:
    """Return the base period; of a trend without a streak ("rose in 2019") the same span of the year before."""
    if claim.base_period is not None or claim.period is None or claim.type != "trend":
        return claim.base_period
    return claim.period.shifted(-12 * -(-claim.period.length // 12))


def _area(code: str | None) -> tuple[str, ...]:
    return () if code is None or code == "W00" else (code,)
