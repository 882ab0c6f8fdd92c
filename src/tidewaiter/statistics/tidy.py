"""The last step of every parser: from what a publisher said to the columns of `trade`.

Pure: SQL in, SQL out. Here perspective is turned into direction once, so that nobody above has to.
"""

from __future__ import annotations

from typing import Final

from tidewaiter.base.errors import QueryError, SourceError
from tidewaiter.base.period import Period
from tidewaiter.base.schema import PUBLISHED, TRADE

_DERIVED: Final = {
    "exporter": "CASE WHEN ends_with(flow, 'export') THEN reporter ELSE partner END",
    "importer": "CASE WHEN ends_with(flow, 'export') THEN partner ELSE reporter END",
}
_ADDED_BY_THE_LAKE: Final = ("vintage", "receipt")

TRADE_COLUMNS: Final = tuple(column for column in TRADE.columns if column.name not in _ADDED_BY_THE_LAKE)
PUBLISHED_COLUMNS: Final = tuple(column for column in PUBLISHED.columns if column.name not in _ADDED_BY_THE_LAKE)


def as_trade(source: str, body: str, **given: str) -> str:
    """Complete the query `body` to the columns of `trade`, in order and with their types.

    `body` yields reporter, partner, flow, product, hs, period, frequency, year, value_usd, valuation,
    is_estimated and row; weight_kg, quantity and quantity_unit where `given` does not name SQL for them.
    """
    expressions = {"source": f"'{source}'", **_DERIVED, **given}
    columns = ", ".join(
        f"CAST({expressions.get(column.name, column.name)} AS {column.type}) AS {column.name}"
        for column in TRADE_COLUMNS
    )
    return f"SELECT {columns} FROM ({body})"


NO_QUANTITY: Final = {"weight_kg": "NULL", "quantity": "NULL", "quantity_unit": "NULL"}


def period_row(text: str) -> tuple[str, str, int]:
    """Return the period, its frequency (A or M) and its year for `2019` or `2019-07`.

    Raises `SourceError` for anything else: `trade` holds years and months only.
    """
    try:
        period = Period.parse(text)
    except QueryError:
        message = f"{text!r} is no year or month"
        raise SourceError(message) from None
    if period.length not in (1, 12) or (period.length == 12 and not period.is_full_years):
        message = f"{text!r} is neither a year nor a month; quarters and half-years are not landed: download months"
        raise SourceError(message)
    return str(period), "A" if period.length == 12 else "M", period.years[0]


def comtrade_period(text: str) -> tuple[str, str, int]:
    """Return the same for a period as UN Comtrade writes it: `2019` or `201907`."""
    if len(text) == 6 and text.isdigit():
        return period_row(f"{text[:4]}-{text[4:]}")
    return period_row(text)
