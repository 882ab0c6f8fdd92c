"""Lay the rulebook out as the `measure` table: one row per measure, target, party, code, reading and dated quota.

Pure: records in, rows out. `frame` puts the rows on a DuckDB connection that is handed in; other
engines take `rows` as they are. Measures without codes (duties, weapons lists) have no row.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tidewaiter.base.schema import MEASURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from tidewaiter.law.regime import Goods, Measure, Quota, Regime, Rulebook


def rows(rulebook: Rulebook) -> Iterator[dict[str, Any]]:
    """Yield every row of the `measure` table as column -> value, in the order of the files."""
    for regime in rulebook.regimes:
        for measure in regime.measures:
            for goods in measure.goods:
                for target in regime.targets:
                    for party in regime.binds or ("",):
                        yield from _rows_of(regime, measure, goods, {"target": target, "party": party})


def frame(rulebook: Rulebook, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Return the `measure` table on `connection`, typed as in `base.schema`."""
    written = json.dumps([{key: _plain(value) for key, value in row.items()} for row in rows(rulebook)])
    shape = json.dumps([{column.name: column.type for column in MEASURE.columns}])
    return connection.sql(
        "SELECT unnest(row) FROM (SELECT unnest(from_json(?, ?)) AS row)", params=[written, shape]
    ).select(*(f'"{name}"' for name in MEASURE.names))


def _rows_of(regime: Regime, measure: Measure, goods: Goods, ends: dict[str, str]) -> Iterator[dict[str, Any]]:
    exemptions = measure.exemptions
    for code in goods.codes:
        apply = [
            each
            for each in exemptions
            if not each.codes or any(code.startswith(one) or one.startswith(code) for one in each.codes)
        ]
        # A narrower exemption code cannot free the whole of a wider row.
        whole = [each for each in apply if not each.codes or any(code.startswith(one) for one in each.codes)]
        reach = "any" if any(each.reach == "any" for each in whole) else "some" if apply else None
        for start, end, quota in _spans(measure):
            yield {
                "regime": regime.id,
                "measure": measure.id,
                "kind": measure.kind,
                "direction": measure.direction,
                **ends,
                "goods": goods.words,
                "hs": goods.hs,
                "product": code,
                "level": len(code),
                "coverage": goods.coverage,
                "assigned_by": goods.assigned_by,
                "reading": goods.reading or "",
                "adopted": measure.adopted,
                "start": start,
                "wind_down_end": measure.wind_down.end if measure.wind_down else None,
                "end": end,
                **_quota(quota),
                "exempt_reach": reach,
                "exemptions": "; ".join(each.words for each in apply) or None,
                "act": measure.cite.act,
                "paragraph": measure.cite.place,
                "verified": measure.verified and goods.verified,
                "note": goods.note,
            }


def _spans(measure: Measure) -> Iterator[tuple[date, date | None, Quota | None]]:
    """Cut the measure's days at its dated quota values; days between values keep no quota."""
    cursor: date | None = measure.start
    for quota in measure.quotas:
        if cursor is not None and cursor < quota.start:
            yield cursor, quota.start - timedelta(days=1), None
        yield quota.start, quota.end, quota
        cursor = quota.end + timedelta(days=1) if quota.end else None
    if cursor is not None and (measure.end is None or cursor <= measure.end):
        yield cursor, measure.end, None


def _quota(quota: Quota | None) -> dict[str, Any]:
    amounts = quota.amounts if quota else ()
    first = amounts[0] if amounts else None
    second = amounts[1] if len(amounts) > 1 else None
    return {
        "quota": first.value if first else None,
        "quota_unit": first.unit if first else None,
        "quota_or": second.value if second else None,
        "quota_or_unit": second.unit if second else None,
        "quota_join": quota.join if quota else None,
        "quota_period": quota.period if quota and amounts else None,
    }


def _plain(value: Any) -> Any:
    """Write what JSON has no type for as text, which the engine reads back exactly."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
