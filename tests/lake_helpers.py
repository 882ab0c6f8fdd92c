"""Landings made by hand for the tests of the lake: rows as short tuples, raw files of a few bytes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tidewaiter.base.schema import TRADE
from tidewaiter.lake.engine import literal
from tidewaiter.lake.lake import Lake, Landed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from tidewaiter.base.schema import Frame

DAY = date(2020, 1, 31)

Line = tuple[str, str, str, str, str, "float | int | str | None"]
"""Reporter, flow, partner, product, period, value in dollars."""


def trade_rows(lake: Lake, lines: Sequence[Line], **same: Any) -> duckdb.DuckDBPyRelation:
    """Write lines out as rows of `trade`; `same` sets further columns of every row, as SQL."""
    selects = []
    for row, (reporter, flow, partner, product, period, value) in enumerate(lines, 1):
        out = "import" not in flow
        columns = {
            "source": "'un_comtrade'",
            "reporter": literal(reporter),
            "partner": literal(partner),
            "flow": literal(flow),
            "product": literal(product),
            "hs": "'HS2017'",
            "period": literal(period),
            "frequency": "'M'" if "-" in period else "'A'",
            "year": period[:4],
            "exporter": literal(reporter if out else partner),
            "importer": literal(partner if out else reporter),
            "value_usd": "NULL" if value is None else f"{value}",
            "valuation": "'fob'" if out else "'cif'",
            "weight_kg": "NULL",
            "quantity": "NULL",
            "quantity_unit": "NULL",
            "is_estimated": "false",
            "row": str(row),
        } | same
        selects.append("SELECT " + ", ".join(f"{value} AS {name}" for name, value in columns.items()))
    return lake.connection.sql(" UNION ALL ".join(selects))


def land(
    lake: Lake,
    folder: Path,
    lines: Sequence[Line],
    *,
    vintage: date = DAY,
    complete: bool = False,
    name: str = "file.csv",
    raw: bytes | None = None,
    url: str | None = None,
    **same: Any,
) -> Landed:
    """Land lines as the rows of a file, whose bytes are by default made of the lines and the vintage."""
    path = folder / name
    path.write_bytes(raw if raw is not None else repr((list(lines), vintage, complete, same)).encode())
    return lake.land(
        TRADE,
        trade_rows(lake, lines, **same),
        path,
        source="un_comtrade",
        licence="free",
        citation="UN Comtrade.",
        url=url,
        vintage=vintage,
        complete=complete,
    )


def seen(frame: Frame, *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of a frame as sorted tuples."""
    return sorted(frame.select(*columns).to_native().fetchall(), key=repr)
