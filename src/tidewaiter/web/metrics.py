"""Count requests and their times, and write them as Prometheus reads them. No label holds what a reader typed."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from typing import Final

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one worker; each series names the worker, since each keeps its own."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._sums: Counter[str] = Counter()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request of a route (its pattern, never the path that was asked for)."""
        self._requests[method, route, status] += 1
        places = self._times.setdefault(route, [0] * (len(BUCKETS) + 1))
        places[bisect_left(BUCKETS, seconds)] += 1
        self._sums[route] += seconds  # type: ignore[assignment]  # a sum of floats

    def text(self, version: str, waiting: int) -> str:
        """Write everything counted in the text format."""
        worker = f'worker="{os.getpid()}"'
        lines = [
            "# HELP tidewaiter_info Version of the program.",
            "# TYPE tidewaiter_info gauge",
            f'tidewaiter_info{{{worker},version="{version}"}} 1',
            "# HELP tidewaiter_questions_waiting Questions that wait for or are with the lake.",
            "# TYPE tidewaiter_questions_waiting gauge",
            f"tidewaiter_questions_waiting{{{worker}}} {waiting}",
            "# HELP tidewaiter_requests_total Requests by method, route and status.",
            "# TYPE tidewaiter_requests_total counter",
        ]
        for (method, route, status), count in sorted(self._requests.items()):
            labels = f'{worker},method="{method}",route="{route}",status="{status}"'
            lines.append(f"tidewaiter_requests_total{{{labels}}} {count}")
        lines += [
            "# HELP tidewaiter_request_seconds Seconds from request to answer.",
            "# TYPE tidewaiter_request_seconds histogram",
        ]
        for route, places in sorted(self._times.items()):
            running = 0
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), places, strict=True):
                running += count
                lines.append(f'tidewaiter_request_seconds_bucket{{{worker},route="{route}",le="{bound}"}} {running}')
            lines.append(f'tidewaiter_request_seconds_sum{{{worker},route="{route}"}} {self._sums[route]:.6f}')
            lines.append(f'tidewaiter_request_seconds_count{{{worker},route="{route}"}} {running}')
        return "\n".join(lines) + "\n"
