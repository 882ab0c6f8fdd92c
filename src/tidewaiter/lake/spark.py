"""The second engine: Spark, on this machine or on a cluster, reading the lake's own Parquet files.

Owns a Spark session and what the stages ask of an engine: keep, rows, table. It decides nothing
about a row; which files and landings are visible it asks the lake. No Python runs on the workers.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import tempfile
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import narwhals as nw

from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import COUNT, DATE, FLAG, INSTANT, NUMBER, PUBLISHED, RECEIPT, TEXT, TRADE, Tables
from tidewaiter.lake.newest import PLACED, newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from tidewaiter.base.schema import Column, Frame, Table
    from tidewaiter.lake.lake import Lake

LOCAL: Final = "local"
_TYPES: Final = {
    TEXT: "string",
    DATE: "date",
    INSTANT: "timestamp_ntz",
    COUNT: "bigint",
    NUMBER: "double",
    FLAG: "boolean",
}
_KNOCK_SECONDS: Final = 5.0
_GLOB: Final = re.compile(r"([\\*?\[\]{}])")


class Spark:
    """One Spark session as an engine. Wrap your own session, or let `Spark.open` make one."""

    def __init__(self, session: SparkSession, folder: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self.session = session
        self._folder = folder
        self._kept: list[DataFrame] = []

    @classmethod
    def open(cls, master: str, more: Mapping[str, str] | None = None) -> Spark:
        """Start Spark on this machine (`local`) or join the cluster at `spark://host:port`.

        `more` are settings of Spark's own; those in Spark's configuration files hold too, such as the
        memory of driver and executors. Raises `LakeError` where Spark or Java is not installed or no
        master answers.
        """
        builder = _session_builder()
        hosts = [urlsplit(f"spark://{each}") for each in master.removeprefix("spark://").split(",")]
        if master != LOCAL and not any(_answers(each.hostname or "", each.port or 0) for each in hosts):
            message = f"no Spark master answers at {master}; start the cluster or set TIDEWAITER_ENGINE to local"
            raise LakeError(message)
        folder = tempfile.TemporaryDirectory(prefix="tidewaiter-spark-")
        settings = {
            "spark.app.name": "tidewaiter",
            "spark.master": "local[*]" if master == LOCAL else master,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.warehouse.dir": str(Path(folder.name) / "warehouse"),
        }
        if master == LOCAL or all((each.hostname or "") in {"127.0.0.1", "localhost"} for each in hosts):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        for key, value in (settings | dict(more or {})).items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
        except Exception as error:
            folder.cleanup()
            message = f"Spark cannot be started at {master}: {(str(error).strip() or repr(error)).splitlines()[0]}"
            raise LakeError(message) from error
        session.sparkContext.setLogLevel("ERROR")
        return cls(session, folder)

    def close(self) -> None:
        """Stop the session; frames made from it can no longer be read."""
        self._kept.clear()
        self.session.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def tables(self, lake: Lake, as_of: date | None = None) -> Tables:
        """Return the rows that are visible in `lake` as of a day as frames of Spark.

        The same rows as `lake.tables`. On a cluster every worker must reach the lake's home under the
        same path or URL.
        """
        parts = lake.parts(as_of)
        trade = self._trade(parts.plain)
        if parts.contested:
            standing = newest(self._trade(parts.contested), self.table(PLACED, _fetched(parts.placed, PLACED)))
            trade = nw.concat([trade, standing], how="vertical") if parts.plain else standing
        return Tables(
            trade=trade,
            published=self.table(PUBLISHED, _fetched(parts.published, PUBLISHED)),
            receipt=self.table(RECEIPT, _fetched(parts.receipt, RECEIPT)),
        )

    def _trade(self, files: Sequence[str]) -> Frame:
        if not files:
            return self.table(TRADE, [])
        # What the paths of all files share up to the first partition column is where the table lies.
        root = files[0].split(f"/{TRADE.partitions[0]}=", 1)[0]
        reader = self.session.read.schema(_shape(TRADE.columns)).option("basePath", root)
        return _frame(reader.parquet(*(_GLOB.sub(r"\\\1", each) for each in files)).select(*TRADE.names))

    def keep(self, name: str, frame: Frame) -> Frame:
        """Compute `frame` once and keep it on the workers, in memory or on their disks.

        What a lost worker kept is computed again by the others. What is made of the kept frame starts
        a plan of its own: else plans would double with every join of a frame with itself.
        """
        from pyspark import StorageLevel
        from pyspark.sql.classic.dataframe import DataFrame as Classic

        kept = frame.to_native().persist(StorageLevel.MEMORY_AND_DISK)
        self._kept.append(kept)
        # Java's public interface has this, Python's has not.
        session: Any = self.session
        rows = session._jsparkSession.createDataFrame(kept._jdf.toJavaRDD(), kept._jdf.schema())  # noqa: SLF001
        return _frame(Classic(rows, self.session).alias(name))

    def forget(self) -> None:
        """Give back the memory of everything that was kept."""
        while self._kept:
            self._kept.pop().unpersist()

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small frame."""
        return [tuple(row) for row in frame.to_native().collect()]

    def table(self, table: Table, rows: Iterable[Sequence[Any]]) -> Frame:
        """Hand in a small table of the given columns, as one JSON text that the workers read."""
        records = [dict(zip(table.names, row, strict=True)) for row in rows]
        written = json.dumps(records, default=_plain, ensure_ascii=False, allow_nan=False)
        shape = f"array<struct<{_shape(table.columns, ':')}>>"
        return _frame(self.session.sql("SELECT inline(from_json(:rows, :shape))", {"rows": written, "shape": shape}))


def _frame(native: DataFrame) -> Frame:
    frame: Frame = nw.from_native(native)
    return frame


def _session_builder() -> Any:
    """Import Spark, or say what is missing."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        message = "TIDEWAITER_ENGINE asks for Spark, which is not installed: pip install 'tidewaiter[spark]'"
        raise LakeError(message) from None
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and shutil.which("java", path=f"{home}/bin"))):
        message = "Spark needs Java 17 or newer, and there is no java here: install a Java runtime or set JAVA_HOME"
        raise LakeError(message)
    return SparkSession.builder


def _answers(host: str, port: int) -> bool:
    """Knock at a master's door: Spark itself would wait a minute for nobody."""
    try:
        with closing(socket.create_connection((host, port), timeout=_KNOCK_SECONDS)):
            return True
    except OSError:
        return False


def _shape(columns: Iterable[Column], between: str = " ") -> str:
    return ", ".join(f"`{each.name}`{between}{_TYPES.get(each.type, each.type.lower())}" for each in columns)


def _fetched(frame: Frame, table: Table) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = frame.select(*table.names).to_native().fetchall()
    return rows


def _plain(value: object) -> str:
    """Write what JSON has no words for, in words that Spark reads back exactly."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    message = f"{value!r} cannot be handed to Spark"
    raise TypeError(message)
