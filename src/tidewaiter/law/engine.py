"""Carry the law's small tables to the engine that holds the trade, and small frames back to Python.

Rules and notes are a few thousand rows at most; trade itself never passes through here. No disk,
no network: rows in, a frame on the same engine as the trade out.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidewaiter.base.schema import Column, Frame

_TYPES: Final = {
    "VARCHAR": nw.String(),
    "BIGINT": nw.Int64(),
    "BOOLEAN": nw.Boolean(),
    "DATE": nw.Date(),
    "DOUBLE": nw.Float64(),
}


def lazy(frame: Any) -> Frame:
    """Take a frame of any engine (pandas, Polars, PyArrow, DuckDB, Spark, Narwhals) as a lazy one."""
    found = nw.from_native(frame, allow_series=False)
    return found.lazy() if isinstance(found, nw.DataFrame) else found


def beside(trade: Frame, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]]) -> Frame:
    """Put `rows` (column -> value, typed as `columns` say) on the engine of `trade`.

    Raises `QueryError` for a type that the law's tables do not use.
    """
    wanted = tuple(columns)
    for column in wanted:
        if column.type not in _TYPES:
            message = f"column {column.name} of type {column.type} cannot be carried to another engine"
            raise QueryError(message)
    records = [{column.name: row.get(column.name) for column in wanted} for row in rows]
    if trade.implementation.is_duckdb():
        return _on_duckdb(trade, wanted, records)
    if trade.implementation.is_spark_like():
        return _on_spark(trade, wanted, records)
    schema = {column.name: _TYPES[column.type] for column in wanted}
    data = {column.name: [record[column.name] for record in records] for column in wanted}
    # A Polars or pandas lazy frame is built by its eager sister.
    return lazy(nw.from_dict(data, schema=schema, backend=trade.implementation).to_native())


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """Bring a small frame to Python as column -> value, without needing PyArrow."""
    native = frame.to_native()
    if frame.implementation.is_duckdb():
        return [dict(zip(native.columns, row, strict=True)) for row in native.fetchall()]
    if frame.implementation.is_spark_like():
        return [row.asDict() for row in native.collect()]
    return list(frame.collect().rows(named=True))


def _on_duckdb(trade: Frame, columns: tuple[Column, ...], records: list[dict[str, Any]]) -> Frame:
    """Write the rows column by column into the query itself: no table is made in the caller's database."""
    shape = json.dumps({column.name: [column.type] for column in columns}).replace("'", "''")
    lists = {column.name: [record[column.name] for record in records] for column in columns}
    written = json.dumps(lists, default=_plain, ensure_ascii=False, separators=(",", ":")).replace("'", "''")
    cells = ", ".join(f'unnest(given."{column.name}") AS "{column.name}"' for column in columns)
    query = f"SELECT {cells} FROM (SELECT from_json('{written}', '{shape}') AS given)"
    return lazy(trade.to_native().query("_trade_beside_it", query))


def _on_spark(trade: Frame, columns: tuple[Column, ...], records: list[dict[str, Any]]) -> Frame:
    kinds = {"VARCHAR": "string", "BIGINT": "bigint", "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "double"}
    shape = ", ".join(f"`{column.name}` {kinds[column.type]}" for column in columns)
    tuples = [tuple(record[column.name] for column in columns) for record in records]
    return lazy(trade.to_native().sparkSession.createDataFrame(tuples, shape))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
