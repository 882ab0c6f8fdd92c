"""Take the list of rows out of the envelope of a JSON answer, so that the engine can read it row by row.

The envelope is what stands before and after the list; it is read, the list is only copied, in pieces of
a fixed size.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.statistics.damage import HEAD, PIECE
from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.statistics.container import Contents

_ENDS_TRIED: Final = 8
_LISTS: Final = (b'"data"', b'"results"')
"""What the list of rows is called in answers, and in lists of codes."""


def unwrap(contents: Contents, workspace: Path) -> tuple[Contents, int | None]:
    """Return an answer's rows as a bare list, and how many rows it says it counts; anything else unchanged.

    Raises `SourceError` for an object without a list under `data`, and for one that breaks off.
    """
    head = contents.head.removeprefix(b"\xef\xbb\xbf")
    if contents.kind != "json" or not head.lstrip().startswith(b"{"):
        return contents, None
    name = next((each for each in _LISTS if each in head), _LISTS[0])
    at = head.find(name)
    start = head.find(b"[", at) if at >= 0 else -1
    if start < 0 or head[at + len(name) : start].strip() != b":":
        refuse(contents.name, 'is JSON without a list of rows under "data"; only an answer\'s rows can be landed')
    before = head[:start]
    start += len(contents.head) - len(head)
    size = contents.readable.stat().st_size
    with contents.readable.open("rb") as file:
        file.seek(max(start, size - HEAD))
        tail = file.read()
        closed = _close(before, tail)
        if closed is None:
            refuse(contents.name, "the JSON breaks off or is damaged before its end; download it again")
        end, envelope = closed
        end += size - len(tail)
        target = workspace / "rows.json"
        with target.open("wb") as rows:
            file.seek(start)
            left = end - start
            while left > 0 and (piece := file.read(min(PIECE, left))):
                rows.write(piece)
                left -= len(piece)
    counted = envelope.get("count")
    return (
        replace(contents, readable=target, head=contents.head[start : start + min(HEAD, end - start)]),
        counted if isinstance(counted, int) else None,
    )


def _close(before: bytes, tail: bytes) -> tuple[int, dict[str, Any]] | None:
    """Find where the list ends in the last bytes of the answer: what is left must be a whole envelope.

    Returns the place after the list and the envelope with an empty list, or None.
    """
    end = len(tail)
    for _ in range(_ENDS_TRIED):
        end = tail.rfind(b"]", 0, end)
        if end < 0:
            return None
        try:
            return end + 1, json.loads(before + b"[]" + tail[end + 1 :])
        except (ValueError, RecursionError):
            continue
    return None
