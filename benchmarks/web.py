"""Measure the web page over a lake: the first page cold and warm, and many readers at once on the loopback address.

    python benchmarks/web.py --home LAKE --workers 2 --readers 50 --seconds 15

Starts `tidewaiter serve` by itself, asks only it, and prints a table. Each reader asks one page after another
without a pause, so that as many requests are under way as there are readers.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time

PAIRS = [("PRK", "RUS"), ("PRK", "CHN"), ("PRK", "IND"), ("RUS", "CHN"), ("RUS", "KOR"), ("CHN", "KOR")]
PAGES = [
    "/",
    "/check",
    "/explore",
    "/law",
    "/law?product=270112&from=PRK&on=2018-03-15",
    "/law?q=seafood",
    "/law/regime/un/dprk",
    "/law/timeline/un/dprk",
    "/data",
    "/data/receipts",
    "/data/coverage",
    "/api/v1/receipts",
    *(f"/explore/figure?what=imports&area={a}&partner={b}&period={year}" for a, b in PAIRS for year in (2016, 2019)),
    *(f"/explore/time?what=imports&area={a}&partner={b}&period=2010..2019" for a, b in PAIRS),
    *(f"/api/v1/ask?what=exports&area={b}&partner={a}&period=2019&against=2018" for a, b in PAIRS),
]


async def fetch(host, port, path):
    """Ask for one page on a connection of its own; returns status and seconds."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read(-1)
    writer.close()
    return int(answer.split(b" ", 2)[1]), time.perf_counter() - started


async def crowd(host, port, readers, seconds):
    """Let many readers ask at once for a while; returns what each request came to."""
    until = time.perf_counter() + seconds
    done, errors = [], []

    async def reader(seed):
        choose = random.Random(seed)
        while time.perf_counter() < until:
            try:
                status, took = await fetch(host, port, choose.choice(PAGES))
            except (OSError, ValueError, IndexError) as error:
                errors.append(repr(error))
                continue
            (done if status == 200 else errors).append(took if status == 200 else f"status {status}")

    await asyncio.gather(*(reader(seed) for seed in range(readers)))
    return done, errors


def told(name, seconds):
    quantiles = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
    parts = [f"{quantiles[place - 1] * 1000:7.0f}" for place in (50, 95, 99)]
    print(f"{name:<34} {len(seconds):>6} {' '.join(parts)} ms (median, 95 %, 99 %)")


def main():
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--home", required=True)
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--readers", type=int, default=50)
    given.add_argument("--seconds", type=float, default=15)
    chosen = given.parse_args()
    print(f"load before: {', '.join(f'{each:.1f}' for each in os.getloadavg())} on {os.cpu_count()} cores")
    command = [sys.executable, "-m", "tidewaiter", "serve", "--home", chosen.home, "--port", "0"]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--workers", str(chosen.workers)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as server:
        try:
            address = re.search(r"http://([\d.]+):(\d+)", server.stdout.readline())
            asyncio.run(measure(address[1], int(address[2]), started, chosen))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


async def measure(host, port, started, chosen):
    status, took = await fetch(host, port, "/")
    print(
        f"start to first page: {time.perf_counter() - started:.2f} s (the request itself {took:.2f} s, status {status})"
    )
    first = [(await fetch(host, port, path))[1] for path in PAGES]
    told("each page for the first time", first)
    slow = sorted(zip(first, PAGES, strict=True), reverse=True)[:3]
    print("  slowest:", "; ".join(f"{seconds * 1000:.0f} ms {path}" for seconds, path in slow))
    again = [(await fetch(host, port, path))[1] for path in PAGES]
    told("the same pages again", again)
    told("the first page, warm", [(await fetch(host, port, "/"))[1] for _ in range(20)])
    done, errors = await crowd(host, port, chosen.readers, chosen.seconds)
    told(f"{chosen.readers} readers, {chosen.seconds:g} s, {len(done) / chosen.seconds:.0f}/s", done)
    print(f"  errors: {len(errors)} {sorted(set(errors))[:3]}")
    print(f"load after: {', '.join(f'{each:.1f}' for each in os.getloadavg())}")


if __name__ == "__main__":
    main()
