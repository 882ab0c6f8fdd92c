"""How long it takes to check stories, one after another in one process, after start.

    python benchmarks/stories/speed.py STORIES.jsonl --home LAKE [--json OUT]

Each line of STORIES has `id`, `text` and perhaps `date`. The lake is opened, the law read and one sentence checked before
the clock starts; stories then find what was remembered for the ones before. Printed: wall and processor seconds per 400
words (all seconds over all words), of the median story, and the slowest. `--json` writes what `tidewaiter check --json`
would say of each story: two states of the program that agree write the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from statistics import median

from evaluate import day_of

from tidewaiter import pipeline
from tidewaiter.news.judge.contract import to_dict
from tidewaiter.pipeline.law import cap_ledgers

WARMING = "Russia's exports to China rose by 5 % to $2 billion in 2019."


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--home")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    stories = [json.loads(line) for line in options.stories.read_text("utf-8").splitlines() if line.strip()]
    lake = pipeline.open_lake(options.home)
    cap_ledgers()
    pipeline.check(WARMING, lake=lake)
    load = os.getloadavg()[0]
    times, said, used, words = [], {}, time.process_time(), 0
    for story in stories:
        begun = time.perf_counter()
        report = pipeline.check(story["text"], name=story["id"], published_on=day_of(story), lake=lake)
        times.append((time.perf_counter() - begun, story["id"]))
        words += len(story["text"].split())
        said[story["id"]] = to_dict(report)
    used = time.process_time() - used
    wall = sum(seconds for seconds, _ in times)
    print(f"{len(stories)} stories, {words} words, a load of {load:.1f} before")
    print(f"per 400 words: {400 * wall / words:.2f} s, {400 * used / words:.2f} s of processor")
    print(f"the median story: {median(seconds for seconds, _ in times):.3f} s; the slowest:", end=" ")
    print(", ".join(f"{name} {seconds:.2f} s" for seconds, name in sorted(times, reverse=True)[:5]))
    if options.json:
        options.json.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
