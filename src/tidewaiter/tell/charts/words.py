"""Say in words what a chart shows and where it is from. Numbers are written as `tell.said` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.question import Refusal
from tidewaiter.tell.charts.time_axis import Gap
from tidewaiter.tell.said import amount
from tidewaiter.tell.sheets.cells import SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from tidewaiter.base.question import Answer, ReceiptNote
    from tidewaiter.base.sheet import Absent

NO_SOURCE = "Source: the lake holds nothing on it."


def caption_of(answers: Iterable[Answer | Refusal]) -> str:
    """Name publishers, the days of their files and the files, each once."""
    known = [answer.partial if isinstance(answer, Refusal) else answer for answer in answers]
    return caption([note for answer in known if answer is not None for note in answer.receipts])


def caption(receipts: Sequence[ReceiptNote]) -> str:
    """Write `Source: publisher, as of 2020-03-01 (file x.csv, sha256 0123456789ab)`, a full stop at its end."""
    files: dict[str, dict[str, ReceiptNote]] = {}
    for note in receipts:
        files.setdefault(note.citation.strip().rstrip("."), {})[note.sha256] = note
    parts = []
    for citation, notes in files.items():
        days = sorted({note.vintage for note in notes.values()})
        when = str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"
        first = next(iter(notes.values()))
        which = f"file {first.file}, sha256 {first.sha256[:12]}" if len(notes) == 1 else f"{len(notes)} files"
        parts.append(f"{citation}, as of {when} ({which})")
    return f"Source: {'; '.join(parts)}." if parts else NO_SOURCE


def extremes(points: Sequence[tuple[str, Decimal]], unit: str) -> str:
    """Say the highest, the lowest and the last of some dated amounts: `highest 2 million USD in 2019-12, ...`."""
    if len(points) == 1:
        label, value = points[0]
        return f"{amount(value, unit)} in {label}"
    high = max(points, key=lambda point: point[1])
    low = min(points, key=lambda point: point[1])
    if high[1] == low[1]:
        return f"{amount(high[1], unit)} in each of {len(points)} periods"
    said = f"highest {amount(high[1], unit)} in {high[0]}, lowest {amount(low[1], unit)} in {low[0]}"
    last = points[-1]
    return said if last in {high, low} else f"{said}, last {amount(last[1], unit)} in {last[0]}"


def listed(words: Sequence[str], most: int = 6) -> str:
    """Write `a, b and c`; of very many the first, and how many more."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def gaps_of(periods: Sequence[str], absent: Mapping[str, Absent]) -> list[Gap]:
    """Group neighbouring periods that lack a number for the same reason."""
    found: list[Gap] = []
    before: Absent | None = None
    for period in periods:
        why = absent.get(period)
        if why is not None:
            first = found.pop().first if why is before else period
            found.append(Gap(first, period, SAID[why]))
        before = why
    return found


def gap_words(gaps: Sequence[Gap]) -> str:
    """Say which periods have no number: `no data for 2019-03 to 2019-05 and 2019-07`; nothing where none lacks."""
    parts = []
    for words in dict.fromkeys(gap.words for gap in gaps):
        spans = [
            gap.first if gap.first == gap.last else f"{gap.first} to {gap.last}" for gap in gaps if gap.words == words
        ]
        parts.append(f"{words} for {listed(spans)}")
    return ", ".join(parts)
