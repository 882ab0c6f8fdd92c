"""Say what a fetch is going to ask and what became of it: lines for people, JSON for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import NetworkError, QuotaError, TidewaiterError
from tidewaiter.base.legible import legible

if TYPE_CHECKING:
    from collections.abc import Container

    from tidewaiter.statistics.fetching.outcome import Outcome, Plan

MOST_LINES: Final = 40
"""Reasons and notes shown to a person; `--json` holds all."""


def plan_lines(plan: Plan[Any], place: str) -> str:
    """Write the plan: calls, what is here, how long it takes, what is left of the quota, what there is none of."""
    here = len(plan.kept) + len(plan.landed)
    access = "with your key" if plan.keyed else "without a key"
    lines = [
        (
            f"plan: {_counted(len(plan.todo), 'call')} to {place} {access}, about {_duration(plan.seconds)}; "
            f"{_counted(here, 'answer')} here already"
        )
    ]
    if plan.quota_left is not None:
        lines.append(f"  at most {_counted(plan.quota_left, 'call')} left today, as far as is known here")
        if plan.quota_left < len(plan.todo):
            lines.append("  that is less than the plan: the rest can be fetched with the same command tomorrow")
    lines += [f"  note: {legible(note)}" for note in plan.notices]
    return "\n".join(lines + _some([f"  {each.what}: {each.reason}" for each in plan.absent.values()]))


def outcome_lines(outcome: Outcome, told: Container[str] = ()) -> str:
    """Write what was asked and landed, what is missing and why, and what else a reader should know.

    `told` are the keys of what is missing that the plan has said already.
    """
    answers = f"{_counted(outcome.asked, 'answer')} came"
    already = f"; {_counted(outcome.already, 'answer')} already in the lake" if outcome.already else ""
    lines = [f"{answers}; landed {_counted(outcome.rows, 'row')} from {len(outcome.landed)}{already}"]
    if outcome.kept:
        lines.append(f"  {_counted(outcome.kept, 'answer')} kept, to be landed when the fetch goes on")
    known = [each for key, each in outcome.missing.items() if key not in told]
    lines += _some([f"  {legible(each.what)}: {legible(each.reason)}" for each in known])
    lines += _some([f"  note: {legible(note)}" for note in outcome.notices])
    return "\n".join([*lines, *(f"  not landed: {legible(each)}" for each in outcome.refused)])


def fetch_json(plan: Plan[Any], outcome: Outcome | None) -> str:
    """Write plan and outcome as one JSON object; without an outcome it was a dry run."""
    record: dict[str, Any] = {
        "plan": {
            "calls": len(plan.todo),
            "here": len(plan.kept) + len(plan.landed),
            "seconds": plan.seconds,
            "keyed": plan.keyed,
            "quota_left": plan.quota_left,
            "absent": [{"what": each.what, "reason": each.reason} for each in plan.absent.values()],
        }
    }
    if outcome is not None:
        record["outcome"] = {
            "asked": outcome.asked,
            "rows": outcome.rows,
            "receipts": [receipt for receipt, _ in outcome.landed],
            "already": outcome.already,
            "kept": outcome.kept,
            "left": outcome.left,
            "missing": [{"what": each.what, "reason": each.reason} for each in outcome.missing.values()],
            "notices": outcome.notices,
            "refused": outcome.refused,
            "stopped": None if outcome.stopped is None else str(outcome.stopped),
        }
    return json.dumps(record, indent=2, ensure_ascii=False)


def why_stopped(outcome: Outcome, now: datetime | None = None) -> TidewaiterError | None:
    """Return the error to end with where a fetch could not go on: what is left, and when to go on."""
    error = outcome.stopped
    if error is None or not isinstance(error, NetworkError):
        return error
    left = f"{_counted(outcome.left, 'call')} left"
    when = ""
    if isinstance(error, QuotaError):
        again = (now or datetime.now(UTC)) + timedelta(seconds=error.seconds)
        when = f" after {again:%Y-%m-%d %H:%M} UTC"
    message = f"{error}; {left}: the same command goes on from here{when}"
    return NetworkError(message)


def _some(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"  ... and {len(lines) - MOST_LINES} more; --json lists all"]


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 120:
        return _counted(whole, "second")
    return _counted(round(whole / 60), "minute") if whole < 7200 else f"{whole / 3600:.1f} hours"
