"""What a user asks a publisher for, read from words once, whoever the publisher is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tidewaiter.base.errors import QueryError, nearest
from tidewaiter.base.period import Period
from tidewaiter.base.terms import FLOWS
from tidewaiter.codes import areas
from tidewaiter.statistics.fetching.comtrade import products_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


Way = Literal["calls", "bulk", "async"]
"""How it is to be brought: in single calls, as the publisher's bulk files, or made over there and fetched."""


@dataclass(frozen=True, slots=True)
class Order:
    """Areas by our codes, a span, products as `comtrade.products_of` reads them, flows.

    What is empty was not said. `since` leaves out what was released before that day.
    """

    reporters: tuple[str, ...]
    partners: tuple[str, ...]
    period: Period | None
    monthly: bool
    products: tuple[str, ...]
    flows: tuple[str, ...]
    since: date | None = None
    way: Way = "calls"

    def span(self) -> Period:
        """Return the period; raises `QueryError` where none was given."""
        if self.period is None:
            message = "say for when, such as --period 2018..2019"
            raise QueryError(message)
        return self.period


def order(
    *,
    reporters: Iterable[str],
    partners: Iterable[str],
    period: str | None,
    monthly: bool,
    products: str,
    flows: Iterable[str],
    since: date | None = None,
    way: Way = "calls",
) -> Order:
    """Read what a user wrote; raises `CodeError` and `QueryError` naming the option."""
    for flow in flows:
        if flow not in FLOWS:
            message = f"--flow {flow!r} is unknown{nearest(flow, FLOWS) or '; known: ' + ', '.join(FLOWS)}"
            raise QueryError(message)
    return Order(
        reporters=_codes(reporters, "--reporter"),
        partners=_codes(partners, "--partner"),
        period=None if period is None else Period.parse(period),
        monthly=monthly,
        products=products_of(part for part in products.split(",") if part.strip()),
        flows=tuple(flows),
        since=since,
        way=way,
    )


def _codes(texts: Iterable[str], option: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(areas.resolve(text, option) for text in texts))
