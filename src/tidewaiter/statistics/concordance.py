"""Read UNSD's correlation workbooks: which code of one HS edition became which of another.

Owns the workbooks' layouts, which differ from year to year, and the turning round of a table.
It takes the bytes of a workbook and opens no file; how trade is split is `restate`'s business.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EDITION: Final = re.compile(r"\s*(?:From\s+|To\s+)?HS\s*(\d{4})\s*", re.IGNORECASE)
_CODE: Final = re.compile(r"(\d{5,6})(?:\.0)?")
_RELATIONSHIP: Final = re.compile(r"'?\s*[1n]\s*(?::|to)\s*[1n]\s*", re.IGNORECASE)
_NOT_CORRELATED: Final = "n/a"


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One line of a correlation table, read from the edition on the left to that on the right."""

    hs_from: str
    hs_to: str
    code_from: str
    code_to: str
    relationship: str
    is_main: bool


def read_workbook(content: bytes, name: str) -> list[Link]:
    """Read the correlation and conversion sheets of one UNSD workbook (.xls or .xlsx).

    Returns the correlation's links in order of code; `is_main` marks the one target that the
    conversion sheet names. Raises `SourceError` with sheet and row where the workbook is not
    what it should be.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {sheet: workbook.get_sheet_by_name(sheet).to_python() for sheet in workbook.sheet_names}
    except CalamineError as error:
        message = f"{name}: not a readable Excel workbook ({error}); fetch it again from UNSD"
        raise SourceError(message) from None
    return read_sheets(sheets, name)


def read_sheets(sheets: Mapping[str, Sequence[Sequence[object]]], name: str) -> list[Link]:
    """Read the links from the cells of a workbook's sheets (name -> rows -> cells)."""
    correlations: set[tuple[str, str]] = set()
    conversions: dict[str, str] = {}
    editions: tuple[str, str] | None = None
    for sheet, rows in sheets.items():
        where = f"{name}: sheet {sheet!r}"
        start, found, related = _header(rows, where)
        if editions is not None and editions != found:
            message = f"{where}: is about {' and '.join(found)}, another sheet about {' and '.join(editions)}"
            raise SourceError(message)
        editions = found
        for number, row in enumerate(rows[start:], start + 1):
            pair = _line(row, f"{where}, row {number}", related=related)
            if pair is not None and related:
                correlations.add(pair)
            elif pair is not None:
                conversions[pair[0]] = pair[1]
    if editions is None or not correlations:
        message = f"{name}: holds no correlation sheet (HS ..., HS ..., Relationship)"
        raise SourceError(message)
    # UNSD converts a few codes, such as the one for unspecified goods, that its correlation sheet leaves out.
    correlated = {code for code, _ in correlations}
    pairs = set(correlations) | {pair for pair in conversions.items() if pair[0] not in correlated}
    return _links(editions, pairs, conversions)


def _links(editions: tuple[str, str], pairs: Iterable[tuple[str, str]], main: dict[str, str]) -> list[Link]:
    """Count the links again: the printed relationship is blank or misprinted in places."""
    pairs = sorted(pairs)
    targets, sources = Counter(left for left, _ in pairs), Counter(right for _, right in pairs)
    return [
        Link(*editions, left, right, _relationship(targets[left], sources[right]), is_main=main.get(left) == right)
        for left, right in pairs
    ]


def _relationship(targets: int, sources: int) -> str:
    return f"{'1' if sources == 1 else 'n'}:{'1' if targets == 1 else 'n'}"


def turn_round(links: Sequence[Link]) -> list[Link]:
    """Read a correlation table the other way, from the newer edition's codes back to the older's.

    UNSD prints conversion sheets only from newer to older; the other way a code's main target is
    the one that is sent to it and to nothing else before, so only a single such target is marked.
    """
    mains = Counter(link.code_to for link in links if link.is_main)
    return sorted(
        replace(
            link,
            hs_from=link.hs_to,
            hs_to=link.hs_from,
            code_from=link.code_to,
            code_to=link.code_from,
            relationship=link.relationship[::-1],
            is_main=link.is_main and mains[link.code_to] == 1,
        )
        for link in links
    )


def is_correlation(rows: Sequence[Sequence[object]]) -> bool:
    """Tell whether a sheet looks like one of UNSD's: two HS editions named in one of its first rows."""
    return _find_header(rows) is not None


def _header(rows: Sequence[Sequence[object]], where: str) -> tuple[int, tuple[str, str], bool]:
    """Find the row that names both editions; return the row after it, them, and if it correlates."""
    found = _find_header(rows)
    if found is None:
        message = f"{where}: no row names two HS editions, such as 'HS 2017', 'HS 2012'"
        raise SourceError(message)
    return found


def _find_header(rows: Sequence[Sequence[object]]) -> tuple[int, tuple[str, str], bool] | None:
    for number, row in enumerate(rows[:12]):
        cells = _cells(row)
        years = [match[1] for match in map(_EDITION.fullmatch, cells) if match]
        if len(years) == 2:
            return number + 1, (f"HS{years[0]}", f"HS{years[1]}"), "relationship" in cells[-1].casefold()
    return None


def _line(row: Sequence[object], where: str, *, related: bool) -> tuple[str, str] | None:
    cells = _cells(row)
    if not cells or _NOT_CORRELATED in cells:
        return None
    codes = [match[1].zfill(6) for match in map(_CODE.fullmatch, cells) if match]
    if len(codes) != 2:
        message = f"{where}: expected two 6-digit codes, found {', '.join(cells)}"
        raise SourceError(message)
    if related and _RELATIONSHIP.fullmatch(cells[-1]) is None:
        message = f"{where}: relationship {cells[-1]!r} is none of 1:1, 1:n, n:1, n:n"
        raise SourceError(message)
    return codes[0], codes[1]


def _cells(row: Sequence[object]) -> list[str]:
    """Return the row's filled cells as text; Excel hands some codes over as numbers."""
    return [text for text in (str(cell).strip() for cell in row) if text]
