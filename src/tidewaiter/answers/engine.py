"""Speak to the engine under a frame, whichever it is: bring small frames over, write its SQL down."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.schema import Frame


def records(frame: Frame) -> list[dict[str, Any]]:
    """Bring a small frame over, in no order, on any backend; what is not a number comes as None."""
    native = frame.to_native()
    if hasattr(native, "fetchall"):
        names = list(native.columns)
        return [dict(zip(names, values, strict=True)) for values in native.fetchall()]
    return [{name: _plain(value) for name, value in row.items()} for row in frame.collect().rows(named=True)]


def distinct(frame: Frame, *columns: str) -> list[dict[str, Any]]:
    """Bring each combination of `columns` over once (in groups: `unique` would number every row first)."""
    return records(frame.group_by(*columns).agg(nw.len().alias("rows")))


def sql_of(frame: Frame) -> str:
    """Return the SQL a frame stands for, or an empty string where its engine speaks none."""
    native = frame.to_native()
    return str(native.sql_query()).strip() if hasattr(native, "sql_query") else ""


def one_of(column: str, values: Iterable[str]) -> nw.Expr:
    """Compare with each value by `=`, which an engine can push down to the files; all fit where none is named."""
    tests = [nw.col(column) == value for value in values]
    return reduce(or_, tests) if tests else nw.lit(True)


def exact(value: Any) -> Decimal:
    """Make an exact decimal of an engine's number."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def plain_day(value: Any) -> date:
    """Return the day of what an engine gives for a date."""
    return value.date() if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124
