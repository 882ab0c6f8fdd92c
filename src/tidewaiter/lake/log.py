"""The Delta logs: make a table, name its files, add files in one commit; knows no row.

Data files are written by the engine and named in the log by an add action. Nothing here relies on
old versions of a table: a vacuum takes no history away.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import COUNT, DATE, FLAG, INSTANT, NUMBER, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deltalake import DeltaTable
    from deltalake import Schema as DeltaSchema

    from tidewaiter.base.schema import Table
    from tidewaiter.lake.store import Store

SCHEMA_VERSION: Final = 1
"""Raised by one whenever an older Tidewaiter would read a lake's tables wrongly."""

VERSION_KEY: Final = "tidewaiter.schema"
ATTEMPTS: Final = 12

_DELTA_TYPES: Final = {
    TEXT: "string",
    DATE: "date",
    INSTANT: "timestamp",
    COUNT: "long",
    NUMBER: "double",
    FLAG: "boolean",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table: where it lies in its table's folder and what its footer says.

    `lowest` and `highest` hold the least and greatest value of text columns, for readers that skip files.
    """

    path: str
    size: int
    rows: int
    partition: Mapping[str, str]
    lowest: Mapping[str, str]
    highest: Mapping[str, str]


class AlreadyCommittedError(LakeError):
    """Another process committed under the same token first."""


def delta_schema(table: Table) -> DeltaSchema:
    """Write the columns of `table` in Delta's types; every column may be null, the checks say otherwise."""
    from deltalake import Field, Schema
    from deltalake.schema import PrimitiveType

    types = {each.name: PrimitiveType(_DELTA_TYPES.get(each.type, each.type.lower())) for each in table.columns}
    return Schema([Field(name, type_) for name, type_ in types.items()])


def open_log(store: Store, table: Table) -> DeltaTable | None:
    """Open the newest version of a table, or return None where nothing was landed in it yet.

    Raises `LakeError` where a newer Tidewaiter wrote it.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    try:
        log = DeltaTable(store.uri(table.name))
    except TableNotFoundError as error:
        if "unknown scheme" in str(error).lower():
            message = f"the lake at {store.home} cannot be used: no store is known for such a URL"
            raise LakeError(message) from error
        return None
    written = log.metadata().configuration.get(VERSION_KEY, "1")
    if not written.isdecimal() or int(written) > SCHEMA_VERSION:
        message = (
            f"the lake at {store.home} was written by a newer Tidewaiter (tables of version {written}, this one "
            f"reads {SCHEMA_VERSION}); upgrade it: pip install --upgrade tidewaiter"
        )
        raise LakeError(message)
    return log


def make_log(store: Store, table: Table) -> DeltaTable:
    """Open a table, making it where it does not exist; two processes may do so at once."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    found = open_log(store, table)
    if found is not None:
        return found
    try:
        DeltaTable.create(
            store.uri(table.name),
            delta_schema(table),
            mode="ignore",
            partition_by=list(table.partitions),
            name=table.name,
            configuration={VERSION_KEY: str(SCHEMA_VERSION)},
            raise_if_key_not_exists=False,
        )
    except DeltaError:
        # Somebody else made it between our look and our writing; if not, there is none and we say why.
        found = open_log(store, table)
        if found is None:
            raise
        return found
    found = open_log(store, table)
    assert found is not None
    return found


def add_files(store: Store, table: Table, files: Sequence[DataFile], tokens: Sequence[str] = ()) -> None:
    """Name `files` in the table's log in one commit, trying again when somebody else was faster.

    With `tokens` a commit with any of them is made once only, whoever tries: another raises `AlreadyCommittedError`.
    """
    from deltalake import CommitProperties, Transaction
    from deltalake.exceptions import CommitFailedError
    from deltalake.transaction import AddAction

    now = int(time.time() * 1000)
    actions: list[Any] = [
        AddAction(each.path, each.size, each.partition, now, data_change=True, stats=_stats(each)) for each in files
    ]
    once = [Transaction(token, 1) for token in tokens] or None
    for attempt in range(1, ATTEMPTS + 1):
        log = make_log(store, table)
        landed = next((token for token in tokens if log.transaction_version(token) is not None), None)
        if landed is not None:
            message = f"{landed} has been landed already"
            raise AlreadyCommittedError(message)
        try:
            log.create_write_transaction(
                actions,
                "append",
                log.schema(),
                partition_by=list(table.partitions),
                commit_properties=CommitProperties(app_transactions=once),
            )
        except CommitFailedError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311  # spreads processes, guards nothing
        else:
            return


def _stats(file: DataFile) -> str:
    return json.dumps({"numRecords": file.rows, "minValues": dict(file.lowest), "maxValues": dict(file.highest)})


def paths(log: DeltaTable) -> list[str]:
    """Return the data files of this version, relative to the table's folder."""
    return [unquote(str(each)) for each in log.get_add_actions(flatten=True).column("path").to_pylist()]
