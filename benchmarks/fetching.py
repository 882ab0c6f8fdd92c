"""How fast fetching goes against the stand-in: questions a second, landings, memory, and what the list costs.

python benchmarks/fetching.py [--questions 84] [--one-by-one]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=84)
    parser.add_argument("--one-by-one", action="store_true", help="land each answer by itself, to compare")
    options = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "servers" / "comtrade.py"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[2].rstrip(";")
        os.environ |= {"TIDEWAITER_COMTRADE_URL": address, "TIDEWAITER_FETCH_PACE": "0"}
        os.environ.pop("COMTRADE_KEY", None)
        run(options.questions, one_by_one=options.one_by_one)
    finally:
        server.terminate()
        server.wait()


def run(questions: int, *, one_by_one: bool) -> None:
    from tidewaiter import pipeline
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.fetching import landing as together
    from tidewaiter.statistics.fetching.order import order

    if one_by_one:
        together.TOGETHER = 1

    with tempfile.TemporaryDirectory() as home:
        lake = Lake.open(home)
        years = f"{max(2022 + -questions // 12, 2015)}-01/2021-12"
        with pipeline.fetching("comtrade", lake=lake) as gate:
            wanted = order(
                reporters=["RUS", "CHN", "IND", "DEU"],
                partners=["KOR"],
                period=years,
                monthly=True,
                products="27",
                flows=[],
            )
            job = pipeline.fetch_job(gate, wanted)
            began = time.perf_counter()
            plan = job.plan()
            planned = time.perf_counter() - began
            asked: list[float] = []
            began = time.perf_counter()
            outcome = job.run(plan, lambda _what: asked.append(time.perf_counter()))
            took = time.perf_counter() - began
        lake.close()
    landing = took - (asked[outcome.asked - 1] - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"plan of {len(plan.todo)} questions: {planned:.2f} s")
    print(f"asking, weighing, noting: {outcome.asked / (took - landing):.0f} questions a second at no pace")
    print(f"landing: {landing / len(outcome.landed):.2f} s an answer, {len(outcome.landed)} answers")
    print(f"peak memory: {peak:.0f} MB")


if __name__ == "__main__":
    main()
