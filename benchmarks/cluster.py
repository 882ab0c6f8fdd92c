"""Measure what a row costs on Spark, beside DuckDB in the same run: `python benchmarks/cluster.py`.

Monthly worlds of several sizes are landed in lakes. DuckDB learns from every lake; then each engine settles it with what was
learned, with the same stages, reading the lake's own Parquet files, each time in a process of its own: DuckDB, Spark on
this machine, and a real cluster of a master and two workers on loopback. Spark learns too, from the smaller lakes. A line
through the sizes takes what is paid once apart from what every row costs. CPU seconds are those of all processes of the engine (/proc: Linux only), the JVM's
compiling and collecting included; memory is the most that each of them ever held; shuffled bytes are Spark's own count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter.base.schema import TRADE
from tidewaiter.lake.engines import Duck
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import lessons, mirror, settle
from world import World, build, geography, typical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.schema import Frame

SAME = 1e-9
"""Share of a sum by which engines may differ: the last bits of logarithms."""
HOST = "127.0.0.1"
UP_SECONDS = 60
TICK = os.sysconf("SC_CLK_TCK")
LEARNED = "learned"
NOTHING = 0.1
"""Seconds below which a part of the work was left out."""
SMALL = ("margin", "lag", "trust", "size")
ENGINES = ("duckdb", "local", "cluster")
TITLES = {
    "duckdb": "DuckDB, 2 threads",
    "local": "Spark on this machine, 2 threads",
    "cluster": "Spark cluster, 2 workers of 1 core",
}
SETTINGS = {
    "spark.sql.shuffle.partitions": "16",
    "spark.default.parallelism": "4",
    "spark.driver.memory": "2g",
    "spark.executor.cores": "1",
    "spark.executor.memory": "1g",
}


@dataclass
class Phase:
    """What one part of the work took."""

    wall: float = 0.0
    cpu: float = 0.0
    shuffled: int = 0


@dataclass
class Meter:
    """Counts the CPU seconds of some processes and of all that they started."""

    roots: list[int]
    spark: Any = None
    phases: dict[str, Phase] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Take the time of what is done inside, under a name."""
        wall, cpu, shuffled = time.perf_counter(), self.cpu(), self.shuffled()
        yield
        self.phases[name] = Phase(time.perf_counter() - wall, self.cpu() - cpu, self.shuffled() - shuffled)

    def family(self) -> dict[int, tuple[int, float]]:
        """List the processes: the parent's id and the CPU seconds of each, those of its ended children included."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                said = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.parent.name)] = int(said[1]), sum(map(int, said[11:15])) / TICK
        kin, more = set(self.roots), set(self.roots)
        while more:
            more = {pid for pid, (parent, _) in found.items() if parent in more} - kin
            kin |= more
        return {pid: found[pid] for pid in kin if pid in found}

    def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        return sum(used for _, used in self.family().values())

    def memory(self) -> dict[str, float]:
        """Return the most memory in MB ever held: by the driver's processes together, and by the largest executor."""
        held = {"driver": 0.0, "executor": 0.0}
        for pid in self.family():
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            most = int(status.split("VmHWM:")[1].split()[0]) / 1024 if "VmHWM:" in status else 0.0
            if "CoarseGrainedExecutorBackend" in command:
                held["executor"] = max(held["executor"], most)
            elif "deploy.master" not in command and "deploy.worker" not in command:
                held["driver"] += most
        return held

    def shuffled(self) -> int:
        """Return the bytes that Spark's tasks wrote to be fetched by others so far."""
        if self.spark is None:
            return 0
        context = self.spark.session.sparkContext._jsc  # noqa: SLF001 (Python's interface has no such count)
        listed = context.sc().statusStore().executorList(False)
        return sum(int(listed.apply(place).totalShuffleWrite()) for place in range(listed.size()))


def fill(folder: Path, cells: int, months: int) -> None:
    """Land a monthly world in a lake, and leave its geography beside it."""
    lake = Lake.open(str(folder / "home"), memory_limit="4GB", threads=2)
    build(lake.connection, World(cells=cells, months=months))
    columns = ", ".join(f'"{name}"' for name in TRADE.names if name not in {"vintage", "receipt"})
    path = folder / "world.csv"
    path.write_text(f"a world of {cells} cells")
    said = {"source": "world", "licence": "free", "citation": "The known world.", "url": None}
    rows = lake.connection.sql(f"SELECT {columns} FROM trade")
    lake.land(TRADE, rows, path, vintage=date(2024, 1, 1), complete=False, **said)
    km, borders = geography(lake.connection)
    said_once = {"km": [[*pair, far] for pair, far in km.items()], "borders": sorted(borders)}
    (folder / "geography.json").write_text(json.dumps(said_once))
    lake.close()


def given(folder: Path) -> settle.Assumptions:
    known = json.loads((folder / "geography.json").read_text())
    km = {(out, back): far for out, back, far in known["km"]}
    return settle.Assumptions(*typical(), km, frozenset((out, back) for out, back in known["borders"]), ("PRK",))


def measure(folder: Path, engine: str, master: str, roots: list[int], *, learns: bool) -> dict[str, Any]:
    """Settle a lake on one engine, learning from it first where asked, and return what it took."""
    meter = Meter([os.getpid(), *roots])
    lake = Lake.open(str(folder / "home"), memory_limit="4GB", threads=2)
    assumed, learnt, cells = given(folder), folder / LEARNED, folder / f"cells-{engine}"
    with meter.phase("start"):
        on: Any = Duck(lake.connection)
        if engine != "duckdb":
            from tidewaiter.lake.spark import Spark

            more = SETTINGS | ({"spark.master": "local[2]"} if engine == "local" else {})
            on = meter.spark = Spark.open(master, more)
    with meter.phase("settle"):
        tables = {name: read(lake, meter.spark, learnt / name) for name in SMALL if (learnt / name).is_dir()}
        if tables:
            learned, sections = settle.Learned(**tables), on.table(lessons.SECTION, lessons.chapters())
            words = mirror.declared(on.tables(lake).trade)
            made = settle.settle(settle.mirror_cells(words, sections, learned, on), learned, assumed)
            write(lake, made, cells)
    on.forget()
    with meter.phase("learn"):
        if learns:
            words = on.keep("words", mirror.declared(on.tables(lake).trade))
            sections = on.table(lessons.SECTION, lessons.chapters())
            found = settle.learn(words, sections, on, assumed, monthly=True)
            into = learnt if engine == "duckdb" else folder / f"learned-{engine}"
            into.mkdir()
            for name in SMALL:
                write(lake, getattr(found, name), into / name)
    memory = meter.memory()
    sums = "SELECT count(*), sum(value_usd)::DOUBLE, sum(high_usd - low_usd)::DOUBLE"
    settled = lake.connection.execute(f"{sums} FROM '{cells}/*.parquet'").fetchall()[0] if tables else None
    declared = lake.tables().trade.select(nw.len()).to_native().fetchall()[0][0]
    on.close()
    return {
        "engine": engine,
        "declarations": declared,
        "settled": settled,
        "memory": memory,
        "phases": {name: vars(phase) for name, phase in meter.phases.items() if phase.wall > NOTHING},
    }


def write(lake: Lake, frame: Frame | None, folder: Path) -> None:
    """Write a frame of either engine as Parquet files in a folder."""
    assert frame is not None
    native: Any = frame.to_native()
    if frame.implementation.is_duckdb():
        folder.mkdir()
        lake.connection.execute(f"COPY ({native.sql_query()}) TO '{folder}/rows.parquet'")
    else:
        native.write.parquet(str(folder))


def read(lake: Lake, spark: Any, folder: Path) -> Frame:
    if spark is None:
        return nw.from_native(lake.connection.sql(f"FROM read_parquet('{folder}/*.parquet')")).lazy()
    return nw.from_native(spark.session.read.parquet(str(folder)))


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Run a master and two workers of one core each; gives the master's address and the workers' process ids."""
    import pyspark

    home = Path(pyspark.__file__).parent
    own = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    port, page = free_port(), free_port()
    running: list[subprocess.Popen[bytes]] = []

    def run(program: str, *options: str) -> None:
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{program}", "--host", HOST, *options]
        log = (folder / f"{program}-{len(running)}.log").open("wb")
        running.append(
            subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log, start_new_session=True)
        )

    try:
        run("master.Master", "--port", str(port), "--webui-port", str(page))
        wait_for(page, 0)
        for name in ("one", "two"):
            limits = ("--cores", "1", "--memory", "2g", "--work-dir", str(folder / name), "--webui-port", "0")
            run("worker.Worker", *limits, f"spark://{HOST}:{port}")
        wait_for(page, 2)
        yield f"spark://{HOST}:{port}", [process.pid for process in running]
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def wait_for(page: int, workers: int) -> None:
    """Wait until the master counts so many workers."""
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{page}/json/", timeout=5) as said:
                if json.load(said)["aliveworkers"] == workers:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    message = f"the master did not count {workers} workers within {UP_SECONDS} s"
    raise SystemExit(message)


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return what is paid once and what every row costs: least squares through (rows, seconds)."""
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    squares = sum((x - middle[0]) ** 2 for x, _ in points)
    slope = sum((x - middle[0]) * (y - middle[1]) for x, y in points) / squares
    return middle[1] - slope * middle[0], slope


def in_own_process(folder: Path, engine: str, *, learns: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", "measure", "--folder", str(folder), "--engine", engine]
    command += ["--learns"] if learns else []
    if engine != "cluster":
        return read_last(command)
    with tempfile.TemporaryDirectory() as own, cluster(Path(own)) as (master, workers):
        return read_last([*command, "--master", master, "--roots", *map(str, workers)])


def read_last(command: list[str]) -> dict[str, Any]:
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(ended.stdout.splitlines()[-1]))


def main(sizes: list[int], months: int, engines: list[str], learn_up_to: int) -> None:
    # Whoever ends this process ends the cluster too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
    with tempfile.TemporaryDirectory() as name:
        for cells in sizes:
            folder = Path(name) / str(cells)
            folder.mkdir()
            filling = [sys.executable, __file__, "--step", "fill", "--folder", str(folder)]
            subprocess.run([*filling, "--sizes", str(cells), "--months", str(months)], check=True)
            first = in_own_process(folder, "duckdb", learns=True)
            for engine in engines:
                learns = engine != "duckdb" and cells <= learn_up_to
                run = in_own_process(folder, engine, learns=learns)
                if engine == "duckdb":
                    run["phases"]["learn"] = first["phases"]["learn"]
                found[engine].append(run | {"load": os.getloadavg()[0]})
                print(json.dumps(found[engine][-1]), file=sys.stderr, flush=True)
            shutil.rmtree(folder)
    print_runs(found)
    for part in ("settle", "learn"):
        print_lines(found, part)


def print_runs(found: dict[str, list[dict[str, Any]]]) -> None:
    print(
        "| declarations | engine | load | start: wall s | CPU s | settle: wall s | CPU s | shuffled MB | driver MB | executor MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for runs in zip(*found.values(), strict=True):
        for run in runs:
            differs = max(abs(mine - one) / one for mine, one in zip(run["settled"], runs[0]["settled"], strict=True))
            assert differs < SAME, f"{run['engine']} settled otherwise: {run['settled']}, not {runs[0]['settled']}"
            phases, most = run["phases"], run["memory"]
            start = phases.get("start", vars(Phase()))
            took = [f"{each[what]:.1f}" for each in (start, phases["settle"]) for what in ("wall", "cpu")]
            sizes = [phases["settle"]["shuffled"] / 1e6, most["driver"], most["executor"]]
            took += [f"{amount:,.0f}" if amount else "-" for amount in sizes]
            print(f"| {run['declarations']:,} | {TITLES[run['engine']]} | {run['load']:.1f} | {' | '.join(took)} |")


def print_lines(found: dict[str, list[dict[str, Any]]], part: str) -> None:
    """Print what is paid once and what every declaration costs, where a part was done in two sizes or more."""
    print(
        f"\n| {part} | sizes | paid once: wall s | CPU s | microseconds a declaration: wall | CPU | CPU over DuckDB's |"
    )
    print("|---|---|---|---|---|---|---|")
    base = None
    for engine, runs in found.items():
        done = [(run["declarations"], run["phases"][part]) for run in runs if part in run["phases"]]
        if len(done) > 1:
            wall, cpu = (line([(rows, took[what]) for rows, took in done]) for what in ("wall", "cpu"))
            base = base or cpu[1]
            each = f"{wall[1] * 1e6:.1f} | {cpu[1] * 1e6:.1f} | {cpu[1] / base:.1f}"
            print(f"| {TITLES[engine]} | {len(done)} | {wall[0]:.1f} | {cpu[0]:.1f} | {each} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=[28_000, 72_000, 280_000],
        help="cells drawn a world; a year of months has some 18 declarations a cell",
    )
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument(
        "--learn-up-to", type=int, default=72_000, help="Spark learns from worlds of at most so many cells"
    )
    parser.add_argument("--step", choices=["fill", "measure"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--learns", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--master", default="local", help=argparse.SUPPRESS)
    parser.add_argument("--roots", type=int, nargs="*", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "fill":
        fill(options.folder, options.sizes[0], options.months)
    elif options.step == "measure":
        print(json.dumps(measure(options.folder, options.engine, options.master, options.roots, learns=options.learns)))
    else:
        main(options.sizes, options.months, options.engines, options.learn_up_to)
