"""The steps of one landing, in the order that lets a kill at any point leave all of it or nothing.

    hash -> stage -> check -> write files -> keep raw bytes -> commit rows -> commit releases -> commit receipt

Only the last commit makes anything visible, and it is made once per sha256, whoever tries. What a
killed landing leaves behind is invisible and harmless; `Lake.tidy_up` removes it.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import LakeError
from tidewaiter.base.legible import legible
from tidewaiter.base.schema import RECEIPT, RELEASE, TRADE
from tidewaiter.lake.checks import check
from tidewaiter.lake.engine import first_row, literal, quoted
from tidewaiter.lake.log import AlreadyCommittedError, add_files, open_log, paths
from tidewaiter.lake.stage import stage
from tidewaiter.lake.visible import SCOPE, is_question
from tidewaiter.lake.write import write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    import duckdb

    from tidewaiter.base.schema import Table
    from tidewaiter.lake.log import DataFile
    from tidewaiter.lake.snapshot import Names
    from tidewaiter.lake.store import Store

_INSTANT: Final = "%Y%m%dT%H%M%S.%fZ"
_SHOWN: Final = 3
"""Headings that are named where rows are hidden."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What a landing came to.

    `already` means that the same bytes had been landed before and nothing changed; `receipt` and `rows`
    are then those of that landing. `replaced_rows` counts the rows that questions saw until now and see
    no more because this landing speaks of them with other numbers, or of their group without them;
    `hidden_rows` counts those among them that merely share a heading with its rows, `headings` names some of theirs.
    """

    receipt: str
    sha256: str
    rows: int
    already: bool
    replaced_rows: int
    hidden_rows: int = 0
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a landing takes out of sight, as `Landed` tells it."""

    rows: int = 0
    hidden: int = 0
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cargo:
    """Everything that is known of a file before its rows are looked at."""

    table: Table
    rows: duckdb.DuckDBPyRelation
    raw: Path
    sha256: str
    size: int
    source: str
    licence: str
    citation: str
    url: str | None
    vintage: date
    complete: bool

    @property
    def file(self) -> str:
        """The file's name, on one line and in signs that every table can hold."""
        return legible(self.raw.name)


def name_receipt(moment: datetime, sha256: str) -> str:
    """Name a landing so that names sort by time and never meet: instant, start of the sha256, random tail."""
    return f"{instant(moment)}-{sha256[:12]}-{secrets.token_hex(4)}"


def instant(moment: datetime) -> str:
    """Write a moment as receipts begin with it."""
    return moment.astimezone(UTC).strftime(_INSTANT)


@dataclass(frozen=True, slots=True)
class Ready:
    """A landing whose rows are written and whose bytes are kept, and that nobody can see yet."""

    cargo: Cargo
    landed: Landed
    begun: datetime
    files: list[DataFile]
    folder: Path
    releases: str
    """The engine's table of what it speaks of; empty for what is no trade."""

    def discard(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Remove what only its commit needed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.releases:
            connection.execute(f"DROP TABLE IF EXISTS {self.releases}")


def land(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    cargo: Cargo,
    count_replaced: Callable[[str, str], Replaced],
    on_progress: Callable[[str, float], None],
) -> Landed | None:
    """Take the cargo through every step; None where somebody else landed the same bytes meanwhile.

    `count_replaced` is told the staged table and the receipt's name. `on_progress` is told the step and
    the share (0 to 1) of the landing that is done. Raises `CheckError` before anything is written.
    """
    ready = prepare(connection, store, cargo, count_replaced, on_progress)
    try:
        on_progress("commit", 0.95)
        commit_all(connection, store, [ready])
    except AlreadyCommittedError:
        return None
    finally:
        ready.discard(connection)
    on_progress("commit", 1.0)
    return ready.landed


def prepare(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    cargo: Cargo,
    count_replaced: Callable[[str, str], Replaced],
    on_progress: Callable[[str, float], None],
) -> Ready:
    """Do all of a landing but its commits; the caller discards what comes, after them or instead."""
    now = datetime.now(UTC)
    receipt = name_receipt(now, cargo.sha256)
    on_progress("read", 0.0)
    staged = stage(connection, cargo.table, cargo.rows, cargo.file)
    folder = None
    try:
        on_progress("check", 0.4)
        rows = check(connection, cargo.table, staged, cargo.file, cargo.source)
        replaced = count_replaced(staged, receipt)
        folder = store.scratch(receipt)
        added = {"receipt": literal(receipt), "vintage": _day(cargo.vintage)}
        on_progress("write", 0.5)
        files = write_files(
            connection,
            cargo.table,
            staged,
            added,
            folder,
            receipt,
            lambda done: on_progress("write", 0.5 + 0.4 * done),
        )
        store.keep(cargo.raw, cargo.sha256)
        releases = ""
        if cargo.table is TRADE:
            releases = quoted(f"releases {receipt}")
            connection.execute(
                f"CREATE TEMP TABLE {releases} AS SELECT {literal(receipt)} AS receipt, * FROM ({_releases(staged)})"
            )
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {staged}")
    landed = Landed(
        receipt,
        cargo.sha256,
        rows,
        already=False,
        replaced_rows=replaced.rows,
        hidden_rows=replaced.hidden,
        headings=replaced.headings,
    )
    return Ready(cargo, landed, now, files, folder, releases)


def commit_all(connection: duckdb.DuckDBPyConnection, store: Store, ready: Sequence[Ready]) -> None:
    """Make landings visible, all at once: rows, then what they speak of, then their receipts.

    Raises `AlreadyCommittedError` where somebody else landed the bytes of one of them meanwhile; then none is visible.
    """
    for table in dict.fromkeys(each.cargo.table for each in ready):
        mine = [(each.folder, file) for each in ready if each.cargo.table is table for file in each.files]
        commit(store, table, mine)
    folder, name = ready[0].folder, ready[0].landed.receipt
    releases = [f"SELECT * FROM {each.releases}" for each in ready if each.releases]
    if releases:
        spoken = write_files(connection, RELEASE, f"({' UNION ALL '.join(releases)})", {}, folder, name)
        commit(store, RELEASE, [(folder, file) for file in spoken])
    notes = " UNION ALL ".join(f"SELECT {_note(each)}" for each in ready)
    noted = write_files(connection, RECEIPT, f"({notes})", {}, folder, name)
    commit(store, RECEIPT, [(folder, file) for file in noted], [each.cargo.sha256 for each in ready])


def commit(store: Store, table: Table, files: Sequence[tuple[Path, DataFile]], tokens: Sequence[str] = ()) -> None:
    """Put finished files from their folders in a table and name them in its log; what it does not name goes again."""
    try:
        for folder, each in files:
            store.place(folder / table.name / each.path, f"{table.name}/{each.path}")
        add_files(store, table, [each for _, each in files], tokens)
    except Exception:
        _take_back(store, table, [each for _, each in files])
        raise


def _take_back(store: Store, table: Table, files: list[DataFile]) -> None:
    """Remove files whose commit failed, unless it came through after all or nobody can tell."""
    try:
        log = open_log(store, table)
        named = set(paths(log)) if log else set()
        for each in files:
            if each.path not in named:
                store.remove(f"{table.name}/{each.path}")
    except Exception:  # noqa: BLE001  # the first error is the one to tell; `tidy_up` removes what is left
        return


def _releases(staged: str) -> str:
    scope = ", ".join(SCOPE)
    return f"SELECT {scope}, count(*) AS rows FROM {staged} GROUP BY {scope} ORDER BY {scope}"


def _note(ready: Ready) -> str:
    """Write the receipt's row as SQL, column by column."""
    cargo, now = ready.cargo, ready.begun
    values = {
        "receipt": literal(ready.landed.receipt),
        "sha256": literal(cargo.sha256),
        "source": literal(cargo.source),
        "file": literal(cargo.file),
        "url": "NULL" if cargo.url is None else literal(cargo.url),
        "licence": literal(cargo.licence),
        "citation": literal(cargo.citation),
        "retrieved_at": literal(now.strftime("%Y-%m-%d %H:%M:%S.%f+00")),
        "vintage": _day(cargo.vintage),
        "bytes": str(cargo.size),
        "rows": str(ready.landed.rows),
        "table": literal(cargo.table.name),
        "complete": str(cargo.complete).lower(),
        "tool": literal(version("tidewaiter")),
    }
    # Delta keeps instants with their zone, so that every reader sees the same one.
    types = {"retrieved_at": "TIMESTAMPTZ"}
    return ", ".join(
        f"CAST({values[each.name]} AS {types.get(each.name, each.type)}) AS {quoted(each.name)}"
        for each in RECEIPT.columns
    )


def replaced_rows(
    connection: duckdb.DuckDBPyConnection, names: Names, staged: str, cargo: Cargo, receipt: str
) -> Replaced:
    """Count the rows seen until now that the staged landing will replace with other numbers, or hide.

    `names` are those of today's state in the engine. Rows of a landing that is newer by vintage stay,
    and are not counted. Complete landings and new answers to an old question hide nothing: they take back.
    """
    scope = " AND ".join(f"s.{each} = r.{each}" for each in SCOPE)
    older = f"""
        SELECT DISTINCT r.receipt FROM {names.release} AS r SEMI JOIN {staged} AS s ON {scope}
        WHERE (SELECT (vintage, receipt) FROM {names.receipt} AS k
               WHERE k.receipt = r.receipt) < ({_day(cargo.vintage)}, {literal(receipt)})"""
    earlier = _earlier_answers(connection, names, cargo, receipt)
    receipts = [literal(each) for (each,) in connection.execute(older).fetchall()]
    if not receipts and not earlier:
        return Replaced()
    years = [str(each) for (each,) in connection.execute(f"SELECT DISTINCT year FROM {staged}").fetchall()]
    group = list(SCOPE) if cargo.complete else [*SCOPE, "partner", "flow", "left(product, 4)", "length(product)"]
    groups = ", ".join(f"{each} AS g{number}" for number, each in enumerate(group))
    same_group = " AND ".join(f"v.g{number} = g.g{number}" for number in range(len(group)))
    key = [each for each in TRADE.key if each not in {"vintage", "receipt"}]
    numbers = ("value_usd", "weight_kg", "quantity")
    same_line = " AND ".join(f"v.{quoted(each)} = s.{quoted(each)}" for each in key)
    same_numbers = " AND ".join(f"v.{each} IS NOT DISTINCT FROM s.{each}" for each in numbers)
    spoken_of = f"""
        SELECT * FROM (
            SELECT *, {groups} FROM {names.trade}
            WHERE year IN ({", ".join(years)}) AND receipt IN ({_or_none(receipts)})
        ) AS v
        SEMI JOIN (SELECT DISTINCT {groups} FROM {staged}) AS g ON {same_group}"""
    answered = f"SELECT *, {groups} FROM {names.trade} WHERE receipt IN ({_or_none(earlier)})"
    found = first_row(
        connection,
        f"""SELECT count(*) FROM ({spoken_of} UNION {answered}) AS v
            ANTI JOIN {staged} AS s ON {same_line} AND {same_numbers}""",
    )
    number = int(found[0]) if found else 0
    if not number or cargo.complete:
        return Replaced(number)
    product_line = (*SCOPE, "partner", "flow", "product")
    same_product = " AND ".join(f"v.{each} = s.{each}" for each in product_line)
    theirs = ", ".join(earlier) or "''"
    hidden = first_row(
        connection,
        f"""SELECT count(*), list_sort(list(DISTINCT left(v.product, 4)))[:{_SHOWN}] FROM ({spoken_of}) AS v
            ANTI JOIN {staged} AS s ON {same_product} WHERE v.receipt NOT IN ({theirs})""",
    )
    assert hidden is not None
    return Replaced(number, int(hidden[0]), tuple(hidden[1] or ()))


def _earlier_answers(connection: duckdb.DuckDBPyConnection, names: Names, cargo: Cargo, receipt: str) -> list[str]:
    """Name the older landings, as SQL texts, that answered the same question as the cargo does."""
    if cargo.url is None:
        return []
    sql = f"""
        SELECT receipt FROM {names.receipt}
        WHERE source = {literal(cargo.source)} AND url = {literal(cargo.url)} AND {is_question("url")}
            AND (vintage, receipt) < ({_day(cargo.vintage)}, {literal(receipt)})"""
    return [literal(each) for (each,) in connection.execute(sql).fetchall()]


def _or_none(texts: list[str]) -> str:
    return ", ".join(texts) or "NULL"


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def refuse_source(source: str) -> None:
    """Raise `LakeError` for a source id that would not make a folder's name."""
    if not (source.isascii() and source.replace("_", "a").isalnum() and source == source.lower()):
        message = f"source {source!r} must be small letters, digits and underscores"
        raise LakeError(message)
