"""On a real cluster of two workers, one of which is killed in the middle of the work, the answer is the same."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import recon_world as rw
import spark_helpers as sh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.schema import Frame
    from tidewaiter.base.schema import Table as Shape

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings(sh.PANDAS),
]

UP_SECONDS = 120
JOB_SECONDS = 240
HOST = "127.0.0.1"
DAEMON = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    **sh.QUICK,
    "spark.sql.shuffle.partitions": "4",
    # Small tables too are worked on by both workers, and a dead one is not waited for.
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    "spark.default.parallelism": "4",
    "spark.executor.cores": "1",
    "spark.executor.memory": "600m",
    "spark.executor.extraJavaOptions": DAEMON,
    "spark.shuffle.io.maxRetries": "1",
    "spark.shuffle.io.retryWait": "1s",
}


@dataclass
class Cluster:
    """A master and two workers in the foreground, each in a process group of its own."""

    folder: Path
    port: int = 0
    page: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"spark://{HOST}:{self.port}"

    def start(self) -> None:
        self.port, self.page = free_port(), free_port()
        self.run("master", "master.Master", "--port", str(self.port), "--webui-port", str(self.page))
        self.wait_for(0)
        for name in ("one", "two"):
            own = self.folder / name
            limits = ("--cores", "1", "--memory", "1g", "--work-dir", str(own), "--webui-port", "0")
            self.run(name, "worker.Worker", *limits, self.url)
        self.wait_for(2)

    def run(self, name: str, program: str, *options: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        own = {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(self.folder),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": DAEMON,
        }
        # Whatever becomes of this process, the cluster ends.
        bounded = [shutil.which("timeout") or "timeout", str(UP_SECONDS + 2 * JOB_SECONDS)]
        command = [
            *bounded,
            str(home / "bin" / "spark-class"),
            f"org.apache.spark.deploy.{program}",
            "--host",
            HOST,
            *options,
        ]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env={**os.environ, **own},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait_for(self, alive: int) -> None:
        """Wait until the master counts so many workers that are alive."""
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            for name, process in self.processes.items():
                if process.poll() not in {None, -signal.SIGKILL}:
                    pytest.fail(f"{name} ended: {(self.folder / f'{name}.log').read_text()[-2000:]}")
            if self.says().get("aliveworkers") == alive:
                return
            time.sleep(0.2)
        pytest.fail(f"the master did not count {alive} workers within {UP_SECONDS} s: {self.says()}")

    def says(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.page}/json/", timeout=5) as page:
                return dict(json.load(page))
        except OSError:
            return {}

    def kill(self, name: str) -> None:
        """Kill a process and what it started, at once."""
        process = self.processes[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def tasks_finished(self, name: str) -> int:
        """Count the tasks that the executor of a worker has finished, by its own log."""
        logs = (self.folder / name).glob("app-*/*/stderr")
        return sum(log.read_text(errors="replace").count("Finished task") for log in logs)


@dataclass
class Watched:
    """The engine, counting how often rows were fetched: so far has the work come."""

    spark: Any
    fetched: int = 0

    def keep(self, name: str, frame: Frame) -> Frame:
        return self.spark.keep(name, frame)

    def table(self, table: Shape, rows: Any) -> Frame:
        return self.spark.table(table, rows)

    def rows(self, frame: Frame) -> list[tuple[Any, ...]]:
        self.fetched += 1
        return self.spark.rows(frame)


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    sh.need_spark()
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.start()
        yield made
    finally:
        for name in made.processes:
            made.kill(name)


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End the driver's Java process when the work takes too long, so that the test fails instead of hanging."""
    from pyspark import SparkContext

    timer = threading.Timer(seconds, SparkContext._gateway.proc.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def kill_when_busy(
    cluster: Cluster, engine: Watched, session: Any, done: threading.Event, seen: dict[str, Any]
) -> None:
    """Kill worker two while both workers are at work on a stage, after they have kept some of the rows."""
    tracker = session.sparkContext.statusTracker()
    while not done.is_set():
        for stage in tracker.getActiveStageIds() if engine.fetched >= 3 else ():
            info = tracker.getStageInfo(stage)
            if info is not None and info.numActiveTasks >= 2:
                seen["tasks"] = {name: cluster.tasks_finished(name) for name in ("one", "two")}
                cluster.kill("two")
                seen["stage"], seen["before the end"] = info.name, not done.is_set()
                return
        time.sleep(0.01)


def test_an_answer_is_the_same_when_a_worker_is_killed_in_the_middle(cluster: Cluster, tmp_path: Path) -> None:
    lake = sh.fill(tmp_path)
    given = sh.given(lake)
    duck = sh.Side(rw.known.DuckEngine(lake.connection), lake.tables())
    expected = duck.engine.rows(sh.settled(duck, given))
    with sh.session(cluster.url, SETTINGS) as spark, ended_after(JOB_SECONDS):
        engine, done, seen = Watched(spark), threading.Event(), {}
        killer = threading.Thread(target=kill_when_busy, args=(cluster, engine, spark.session, done, seen))
        killer.start()
        try:
            found = spark.rows(sh.settled(sh.Side(engine, spark.tables(lake)), given))
        finally:
            done.set()
            killer.join(30)
        cluster.wait_for(1)
    lake.close()
    assert seen["before the end"], "the worker was killed in the middle of the work"
    assert min(seen["tasks"].values()) > 0, f"both workers had done some of it: {seen}"
    assert cluster.tasks_finished("one") > seen["tasks"]["one"], "the other worker went on"
    sh.same(expected, found)
