"""Turn an HTML table, which publishers like to call `.xls`, into text with the same rows.

Spanning cells are repeated over what they span, so that a heading of two rows becomes one row of
`upper | lower` names. What stands above the table is kept as its preamble.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.statistics.container import Contents

JOINT: Final = " | "
_WIDEST: Final = 500
"""Most columns of a table, so that no page can span its cells into more than memory holds."""


def as_text(contents: Contents, workspace: Path) -> tuple[Contents, tuple[str, ...]]:
    """Return HTML `contents` as tab-separated text and its preamble; anything else unchanged.

    Raises `SourceError` for a page without a table of data, such as an error or log-in page.
    """
    if contents.kind != "html":
        return contents, ()
    reader = _Tables()
    reader.feed(contents.readable.read_bytes().decode(contents.encoding).removeprefix("\ufeff"))
    reader.close()
    grid = _grid(reader.rows)
    width = max((len(row) for row in grid), default=0)
    start = next((at for at, row in enumerate(grid) if len(row) == width and len(set(row)) > 1), None)
    if start is None or width < 2:
        title = f" ({reader.title!r})" if reader.title else ""
        refuse(
            contents.name,
            f"is a web page or XML without a table of data{title}, perhaps an error or log-in page; download it again",
        )
    preamble = tuple(dict.fromkeys(cell for row in ([reader.title], *grid[:start]) for cell in row if cell))
    header, body = _join_headings(grid[start:])
    target = workspace / "table.txt"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(row + [""] * (width - len(row)) for row in body if any(row))
    head = target.read_bytes()[:65536]
    return replace(contents, readable=target, head=head, encoding="utf-8", kind="text", is_markup=True), preamble


class _Tables(HTMLParser):
    """Collects the cells of every row of every table, with how far they span."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[tuple[str, int, int]]] = []
        self.title = ""
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._end_cell()
            given = dict(attrs)
            self._span = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self._cell = []
        elif tag == "title":
            self._in_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = " ".join(f"{self.title} {data}".split())[:80]
        elif self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append((" ".join("".join(self._cell).split()), *self._span))
        self._cell = None


def _span(text: str | None) -> int:
    return min(int(text), _WIDEST) if text and text.isdigit() and int(text) > 0 else 1


def _grid(rows: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """Lay the cells out on a grid, each repeated over the rows and columns it spans."""
    hanging: dict[int, tuple[str, int]] = {}
    grid: list[list[str]] = []
    for cells in rows:
        line: list[str] = []
        waiting = list(cells)
        while (waiting or len(line) in hanging) and len(line) < _WIDEST:
            if len(line) in hanging:
                text, left = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (text, left - 1)
                line.append(text)
                continue
            text, across, down = waiting.pop(0)
            for _ in range(min(across, _WIDEST - len(line))):
                if down > 1:
                    hanging[len(line)] = (text, down - 1)
                line.append(text)
        grid.append(line)
    return grid


def _join_headings(grid: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Join a heading of two rows into one; a second heading row repeats the first in its spanned cells."""
    first, rest = grid[0], grid[1:]
    if rest and len(rest[0]) == len(first) and rest[0][0] == first[0]:
        second = rest[0]
        joined = [
            upper if upper == lower else f"{upper}{JOINT}{lower}" for upper, lower in zip(first, second, strict=True)
        ]
        return joined, rest[1:]
    return first, rest
