"""One state of the lake, opened for questions: the versions of its logs turned into frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import PUBLISHED, RECEIPT, RELEASE, TRADE, Tables
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.schema_reference import REFERENCE
from tidewaiter.lake import compact, visible
from tidewaiter.lake.engine import first_row, quoted
from tidewaiter.lake.log import open_log, paths
from tidewaiter.lake.newest import PLACED
from tidewaiter.lake.shipped import SHIPPED, published_sql, receipt_sql, shipped_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import duckdb
    from deltalake import DeltaTable

    from tidewaiter.base.schema import Frame, Table
    from tidewaiter.lake.compact import Part
    from tidewaiter.lake.store import Store


@dataclass(frozen=True, slots=True)
class Logs:
    """The Delta logs as they stood when the lake was looked at; None where nothing was landed yet."""

    receipt: DeltaTable | None
    release: DeltaTable | None
    trade: DeltaTable | None
    published: DeltaTable | None

    @property
    def versions(self) -> tuple[int, ...]:
        """The version of each log, -1 where there is none."""
        logs = (self.receipt, self.release, self.trade, self.published)
        return tuple(-1 if log is None else log.version() for log in logs)


@dataclass(frozen=True, slots=True)
class Names:
    """What the parts of one state are called inside the engine."""

    receipt: str
    release: str
    trade: str
    published: str
    files: str

    @classmethod
    def of(cls, logs: Logs, as_of: date | None) -> Names:
        """Make names that say how many landings there are, and the day: the same lake, the same names."""
        landings = max(0, logs.versions[0])
        ending = f"_{landings}" + (f"_as_of_{as_of:%Y%m%d}" if as_of else "")
        return cls(*(each + ending for each in ("receipt", "release", "trade", "published", "trade_files")))


@dataclass(frozen=True, slots=True)
class Parts:
    """What another engine needs in order to read the same state from the same files.

    Rows of `plain` files of trade are all visible; of `contested` ones those of each group's newest
    landing are (`newest.newest`). Files are URIs. `placed`, `published` and `receipt` are small.
    """

    plain: tuple[str, ...]
    contested: tuple[str, ...]
    placed: Frame
    published: Frame
    receipt: Frame


def versions(store: Store) -> tuple[int, ...] | None:
    """Return what `Logs.versions` would be without opening a log, None where the store cannot tell.

    The receipts come first, as in `look`.
    """
    store.look()
    found = [store.newest(table.name) for table in (RECEIPT, RELEASE, TRADE, PUBLISHED)]
    known = tuple(version for version in found if version is not None)
    return known if len(known) == len(found) else None


def look(store: Store) -> Logs:
    """Open the newest version of every log.

    The receipts come first: whatever they make visible was committed before them, so the other logs,
    opened later, hold it.
    """
    store.look()
    return Logs(open_log(store, RECEIPT), open_log(store, RELEASE), open_log(store, TRADE), open_log(store, PUBLISHED))


def frames(
    connection: duckdb.DuckDBPyConnection, store: Store, logs: Logs, as_of: date | None, names: Names
) -> tuple[Tables, dict[str, str]]:
    """Make the engine's views of what is visible as of a day; return them as lazy frames, and their SQL by name.

    Receipts, releases and printed figures are small and are read at once; `trade` stays in its files.
    """
    shipped = shipped_csv()
    has_shipped = shipped.is_file()
    written: dict[str, str] = {}

    def near(table: Table, log: DeltaTable | None) -> list[str]:
        return store.near([f"{table.name}/{path}" for path in paths(log)]) if log else []

    def keep(name: str, sql: str) -> None:
        written[name] = sql
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    receipts = visible.receipts(near(RECEIPT, logs.receipt), receipt_sql(shipped) if has_shipped else None, as_of)
    keep(names.receipt, f"{receipts} ORDER BY receipt")
    _refuse_lost(connection, store, logs, names)
    keep(names.release, visible.releases(near(RELEASE, logs.release), names.receipt))
    figures = visible.published(
        near(PUBLISHED, logs.published), published_sql(shipped) if has_shipped else None, names.receipt, as_of
    )
    keep(names.published, f"{figures} ORDER BY published_on, id")
    found = _trade_files(connection, logs.trade, names)
    # What an answer shows is read from the landed files, which anybody can have; the view may read a shorter way.
    written[names.trade] = visible.trade(*_every(store, found), names.release)
    connection.execute(f"CREATE OR REPLACE VIEW {names.trade} AS {_shortest(store, found, names)}")
    tables = Tables(
        trade=nw.from_native(connection.view(names.trade)).lazy(),
        published=nw.from_native(connection.table(names.published)).lazy(),
        receipt=nw.from_native(connection.table(names.receipt)).lazy(),
    )
    return tables, written


def concordance(connection: duckdb.DuckDBPyConnection, store: Store, names: Names) -> Frame:
    """Return the links between HS editions that the receipts of a state make visible, as a lazy frame.

    The log is opened here and not by `look`: few questions need it. Whatever the receipts name was
    committed before them.
    """
    log = open_log(store, LANDED_CONCORDANCE)
    if log is None:
        _refuse_missing(connection, store, names, LANDED_CONCORDANCE)
    files = store.near([f"{LANDED_CONCORDANCE.name}/{path}" for path in paths(log)]) if log else []
    return nw.from_native(connection.sql(visible.concordance(files, names.receipt))).lazy()


def references(connection: duckdb.DuckDBPyConnection, store: Store, names: Names) -> Frame:
    """Return the lists of codes that the receipts of a state make visible, as a lazy frame."""
    log = open_log(store, REFERENCE)
    if log is None:
        _refuse_missing(connection, store, names, REFERENCE)
    files = store.near([f"{REFERENCE.name}/{path}" for path in paths(log)]) if log else []
    return nw.from_native(connection.sql(visible.references(files, names.receipt))).lazy()


def _refuse_lost(connection: duckdb.DuckDBPyConnection, store: Store, logs: Logs, names: Names) -> None:
    """Raise `LakeError` where receipts stand for a table that is gone: its rows must not pass for silence."""
    for table, log in ((TRADE, logs.trade), (TRADE, logs.release), (PUBLISHED, logs.published)):
        if log is None:
            _refuse_missing(connection, store, names, table)


def _refuse_missing(connection: duckdb.DuckDBPyConnection, store: Store, names: Names, table: Table) -> None:
    sql = f'SELECT count(*) FROM {names.receipt} WHERE "table" = $1 AND receipt <> $2'
    found = first_row(connection, sql, [table.name, SHIPPED])
    if found and found[0]:
        message = (
            f"the lake at {store.home} has lost a table: {found[0]} landings of {table.name} are noted, their rows "
            "are not there; bring its folders back from a copy"
        )
        raise LakeError(message)


def _prefixed(store: Store, files: Sequence[str]) -> list[str]:
    return store.near([f"{TRADE.name}/{path}" for path in files])


def _trade_files(connection: duckdb.DuckDBPyConnection, log: DeltaTable | None, names: Names) -> list[Part]:
    """Return the files with visible rows, those together that are read together."""
    if log is None or not paths(log):
        return []
    list_files(connection, log, TRADE, names.files)
    return compact.parts(connection, names)


def _every(store: Store, found: Sequence[Part]) -> tuple[list[str], list[str]]:
    """Return the landed files that are read as they are, and those that the rule is applied to row by row."""
    plain = sorted(path for each in found for path in each.plain)
    contested = sorted(path for each in found for path in each.contested)
    return _prefixed(store, plain), _prefixed(store, contested)


def _shortest(store: Store, found: Sequence[Part], names: Names) -> str:
    """Select the same rows, from the one file that was made for several landed ones wherever there is one."""
    folder = store.compacted()
    at_hand = [(each, compact.made(folder, each)) for each in found]
    together = [path for _, path in at_hand if path is not None]
    plain, contested = _every(store, [each for each, path in at_hand if path is None])
    if not together:
        return visible.trade(plain, contested, names.release)
    rows = compact.scan(together)
    return f"{rows} UNION ALL {visible.trade(plain, contested, names.release)}" if plain or contested else rows


def compacted(
    connection: duckdb.DuckDBPyConnection, store: Store, names: Names, on_progress: Callable[[float], None]
) -> int:
    """Make the one file for several landed ones wherever it is missing; return how many were made."""
    if first_row(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [names.files]) is None:
        return 0
    found = compact.parts(connection, names)
    return compact.compact(
        connection, store.compacted(), found, names, lambda each: _prefixed(store, each), on_progress
    )


def scattered(connection: duckdb.DuckDBPyConnection, store: Store, names: Names) -> int:
    """Count the landed files that `compacted` would bring together and nothing has yet."""
    if first_row(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [names.files]) is None:
        return 0
    found = [each for each in compact.parts(connection, names) if each.place is not None]
    folder = store.compacted()
    return sum(len(each.plain) + len(each.contested) for each in found if compact.made(folder, each) is None)


def parts(connection: duckdb.DuckDBPyConnection, store: Store, names: Names, tables: Tables) -> Parts:
    """Describe a state that `frames` has opened to an engine that reads the files by itself."""
    listed = first_row(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [names.files])
    found = connection.execute(visible.contested_files(names.files, names.release)).fetchall() if listed else []
    home = store.uri(TRADE.name)
    # Readers on Hadoop's file systems, Spark among them, know the one kind of store by another name.
    root = home.replace("s3://", "s3a://", 1) if "://" in home else f"file://{home}"
    return Parts(
        plain=tuple(f"{root}/{path}" for path, contested in found if not contested),
        contested=tuple(f"{root}/{path}" for path, contested in found if contested),
        placed=nw.from_native(connection.table(names.release)).lazy().select(*PLACED.names),
        published=tables.published,
        receipt=tables.receipt,
    )


def list_files(connection: duckdb.DuckDBPyConnection, log: DeltaTable, table: Table, name: str) -> None:
    """Make an engine table of a log's files: path, partition columns, first and last receipt inside."""
    partitions = "".join(f', "partition.{each}" AS {quoted(each)}' for each in table.partitions)
    listing = connection.from_arrow(log.get_add_actions(flatten=True))
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    listing.project(f'url_decode(path) AS path{partitions}, "min.receipt" AS first, "max.receipt" AS last').create(name)
