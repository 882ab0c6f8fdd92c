"""Turn a JSON list of lists, whose first is the heading, into text with the same rows; anything else is left alone."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.statistics.container import Contents

LARGEST: Final = 256 * 1024**2
"""Such a list is read whole; publishers give it for one question at a time, some megabytes at most."""


def as_table(contents: Contents, workspace: Path) -> Contents:
    """Return a list of lists as tab-separated text; raises `SourceError` where a row has not the heading's width."""
    if contents.kind != "json" or not _is_list_of_lists(contents.head):
        return contents
    size = contents.readable.stat().st_size
    if size > LARGEST:
        refuse(contents.name, f"is a single JSON list of {size // 1024**2} MB; ask for it in parts")
    try:
        rows = json.loads(contents.readable.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        refuse(contents.name, "the JSON breaks off or is damaged; download it again")
    header = rows[0]
    for number, row in enumerate(rows[1:], start=1):
        if not isinstance(row, list) or len(row) != len(header):
            refuse(contents.name, f"has not the {len(header)} cells of the heading; download it again", row=number)
    target = workspace / "table.txt"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        # Variables that are asked for by value come back a second time under the same name.
        kept = [place for place, name in enumerate(header) if name not in header[:place]]
        writer.writerows([row[place] for place in kept] for row in rows)
    return replace(contents, readable=target, head=target.read_bytes()[:65536], encoding="utf-8", kind="text")


def _is_list_of_lists(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"[") and text[1:].lstrip().startswith(b"[")
