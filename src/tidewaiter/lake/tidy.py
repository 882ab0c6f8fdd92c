"""Remove what landings that were killed left behind; never touches a row that a question can see."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tidewaiter.base.schema import PUBLISHED, RECEIPT, RELEASE, TRADE
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.schema_reference import REFERENCE
from tidewaiter.lake.engine import literal
from tidewaiter.lake.landing import instant
from tidewaiter.lake.log import open_log, paths
from tidewaiter.lake.snapshot import list_files
from tidewaiter.lake.store import LocalStore
from tidewaiter.lake.visible import scan

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    from deltalake import DeltaTable

    from tidewaiter.base.schema import Table
    from tidewaiter.lake.store import Store

A_DAY: Final = timedelta(days=1)


def tidy_up(connection: duckdb.DuckDBPyConnection, store: Store, older_than: timedelta | None = None) -> int:
    """Remove rows and files of landings begun more than `older_than` ago that never became visible.

    Returns how many landings had committed rows without a receipt.
    """
    age = A_DAY if older_than is None else older_than
    before = instant(datetime.now(UTC) - age)
    lost: set[str] = set()
    for table in (TRADE, RELEASE, PUBLISHED, LANDED_CONCORDANCE, REFERENCE, RECEIPT):
        log = open_log(store, table)
        if log is None:
            continue
        if table is not RECEIPT:
            lost.update(_forget(connection, store, log, table, before))
        hours = int(age.total_seconds() // 3600)
        log.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=True)
    if isinstance(store, LocalStore):
        _sweep(store.root, before, time.time() - age.total_seconds())
    return len(lost)


def _forget(
    connection: duckdb.DuckDBPyConnection, store: Store, log: DeltaTable, table: Table, before: str
) -> list[str]:
    """Delete the rows of old landings that have no receipt, and return the names of those landings."""
    if not paths(log):
        return []
    list_files(connection, log, table, "tidy_files")
    # Receipts are read after the rows: whoever is committing now is not lost.
    receipt = open_log(store, RECEIPT)
    known = scan(RECEIPT, store.near([f"{RECEIPT.name}/{path}" for path in paths(receipt)]) if receipt else [])
    inside = "SELECT unnest([first, last]) AS receipt FROM tidy_files"
    if table is RELEASE:
        # Landings that were to become visible together share a file of it.
        inside = scan(RELEASE, store.near([f"{RELEASE.name}/{path}" for path in paths(log)]))
    found = connection.execute(
        f"""SELECT DISTINCT receipt FROM ({inside})
            WHERE receipt < {literal(before)} AND receipt NOT IN (SELECT receipt FROM ({known}))"""
    ).fetchall()
    connection.execute("DROP TABLE tidy_files")
    lost = [str(receipt) for (receipt,) in found]
    if lost:
        log.delete(f"receipt IN ({', '.join(map(literal, lost))})")
    return lost


def _sweep(home: Path, before: str, oldest: float) -> None:
    """Remove unfinished files: scratch folders by the moment in their name, copies of raw bytes by age."""
    for folder in home.glob("incoming/*"):
        if folder.name < before:
            shutil.rmtree(folder, ignore_errors=True)
    for part in home.glob("raw/*/.*"):
        if part.stat().st_mtime < oldest:
            part.unlink(missing_ok=True)
