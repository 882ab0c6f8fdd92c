"""How much room letters take, roughly: enough to break lines and to leave room for labels."""

from __future__ import annotations

from typing import Final
from unicodedata import east_asian_width

NARROW: Final = frozenset("iljtfrI.,:;'|!()[] ")
BROAD: Final = frozenset("mwMW%@—")


def width(text: str, size: float) -> float:
    """Estimate the pixels that `text` takes at letters of `size` pixels, rather too many than too few."""
    return size * sum(_share(sign) for sign in text)


def _share(sign: str) -> float:
    if east_asian_width(sign) in {"W", "F"}:
        return 1.0
    if sign in NARROW:
        return 0.32
    return 0.86 if sign in BROAD else 0.7 if sign.isupper() else 0.57


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Break `text` into lines no wider than `room` pixels, between words where that can be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, room, size)
        lines.extend(full)
    return [*lines, line] if line else lines


def clipped(lines: list[str], most: int) -> list[str]:
    """Keep the first `most` lines; dots say that there are more."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _cut(word: str, room: float, size: float) -> list[str]:
    """Cut a word that is wider than the room; most are not and stay whole."""
    parts = [""]
    for sign in word:
        if parts[-1] and width(parts[-1] + sign, size) > room:
            parts.append("")
        parts[-1] += sign
    return parts
