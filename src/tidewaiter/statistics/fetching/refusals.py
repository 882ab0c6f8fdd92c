"""What servers say when they give no data: read from their bodies, in words for people; pure."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_QUOTA: Final = re.compile(r"out of call volume quota", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})")
_AGAIN: Final = re.compile(r"try again in (\d+) second", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


class SpoiledError(Exception):
    """A body that came with a good status but is not what was asked for: cut, or a page for people."""


class TooMuchError(Exception):
    """The server finds the question too big: ask for it in parts."""


def said_by(body: bytes) -> str:
    """Return the message in an error's body: its `message`, or its text without mark-up."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        for name in ("message", "error", "title", "detail"):
            if isinstance(said := found.get(name), str) and said:
                return said
        if isinstance(inner := found.get("error"), dict):
            return str(inner.get("message") or inner.get("label") or inner)
    return " ".join(_TAG.sub(" ", text).split()) or "no reason given"


def read_json(body: bytes, needed: tuple[str, ...]) -> dict[str, Any]:
    """Read a small JSON object that has the names `needed`; raises `SpoiledError` for anything else."""
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or any(name not in found for name in needed):
        message = f"no {' and '.join(needed)} came, but {body[:80]!r}"
        raise SpoiledError(message)
    return found


def quota_seconds(said: str) -> int | None:
    """Return the seconds until a used-up quota is filled again, None where it is not about a quota.

    A day where no time is named.
    """
    if not _QUOTA.search(said):
        return None
    clock = _CLOCK.search(said)
    if clock is None:
        return 86_400
    days, hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def advice(said: str) -> float | None:
    """Return the seconds that a refusal asks to wait in words, None where it does not."""
    found = _AGAIN.search(said)
    return float(found[1]) if found else None
