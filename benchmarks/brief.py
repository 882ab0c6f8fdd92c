"""How long a bulletin takes: of one pair, and of one target with all partners, in processor and wall seconds.

    python benchmarks/brief.py LAKE [TARGET PARTNER PERIOD]

Each is made in a process that has only opened the lake, so that nothing is remembered from the one before.
"""

from __future__ import annotations

import subprocess
import sys

ONE = """
import sys, time
from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.tell.brief.html import html
from tidewaiter.tell.brief.markdown import markdown
home, target, partner, period = sys.argv[1:]
lake = pipeline.open_lake(home)
lake.tables()
wall, used = time.perf_counter(), time.process_time()
made = pipeline.brief(target, partner if partner != "-" else None, Period.parse(period), lake=lake)
text = markdown(made)
print(f"{target} {partner} {period}: {time.perf_counter() - wall:.2f} s, {time.process_time() - used:.2f} s of processor,", end=" ")
wall = time.perf_counter()
page = html(made)
print(f"{len(made.answers)} answers; page {len(page.encode()) // 1000} kB in {time.perf_counter() - wall:.2f} s more")
"""
DEFAULT = (("PRK", "RUS", "2019"), ("RUS", "DEU", "2019"), ("PRK", "-", "2019"), ("RUS", "-", "2019"))


def main() -> None:
    home, *asked = sys.argv[1:]
    for subject in [tuple(asked)] if asked else DEFAULT:
        subprocess.run([sys.executable, "-c", ONE, home, *subject], check=True)


if __name__ == "__main__":
    main()
