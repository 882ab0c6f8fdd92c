"""Hold what one measure says about itself together: its kind, its days, its goods.

Owns the checks that need no list: each raises `RuleError` with file, line and key, or returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from tidewaiter.base.errors import RuleError, nearest
from tidewaiter.base.rulefile import line_of
from tidewaiter.law.regime import DIRECTION_OF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tidewaiter.law import written as yml
    from tidewaiter.law.regime import Goods, Measure

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a regime: its name, its text (for line numbers) and what it says."""

    name: str
    text: str
    written: yml.PartWritten

    def refuse(self, path: Path, reason: str) -> NoReturn:
        """Raise a `RuleError` with the file, the line of `path` and the reason."""
        key = ".".join(str(step) for step in path)
        message = f"{self.name}:{line_of(self.text, path)}: {key}: {reason}"
        raise RuleError(message)

    def places(self, measure: str) -> Iterator[tuple[Part, Path]]:
        """Yield this file and the path at which `measure` stands in it."""
        for index, candidate in enumerate(self.written.measures):
            if candidate.id == measure:
                yield self, ("measures", index)


def check_kind(part: Part, path: Path, measure: yml.MeasureWritten) -> None:
    """Refuse a kind that contradicts the direction, the goods or the quotas."""
    if measure.kind == "duty":
        if measure.direction or measure.goods:
            part.refuse((*path, "kind"), "a duty is no trade flow: it has neither direction nor goods")
        return
    if measure.direction is None:
        part.refuse((*path, "direction"), "say from_target or to_target")
    expected = DIRECTION_OF.get(measure.kind)
    if expected and measure.direction != expected:
        part.refuse((*path, "direction"), f"an {measure.kind} runs {expected}, not {measure.direction}")
    if measure.kind not in {"quota", "price_cap"} and measure.quotas:
        part.refuse((*path, "quotas"), f"a measure of kind {measure.kind} has no quota")


def check_dates(part: Part, path: Path, measure: yml.MeasureWritten, adopted: date) -> None:
    """Refuse a day that lies outside what it belongs to: act, measure, wind-down, quota, duty."""
    if measure.start < adopted:
        part.refuse((*path, "start"), f"{measure.start} is before the act was adopted on {adopted}")
    if measure.end and measure.end < measure.start:
        part.refuse((*path, "end"), f"{measure.end} is before the start on {measure.start}")
    if measure.wind_down:
        _check_inside(part, (*path, "wind_down"), measure, (measure.start, measure.wind_down.end))
        if measure.wind_down.contract_before > measure.wind_down.end:
            part.refuse((*path, "wind_down", "contract_before"), "is after the wind-down's last day")
    for index, duty in enumerate(measure.duties):
        if duty.due < measure.start:
            part.refuse((*path, "duties", index, "due"), f"{duty.due} is before the start on {measure.start}")
    _check_quotas(part, path, measure)


def _check_quotas(part: Part, path: Path, measure: yml.MeasureWritten) -> None:
    """Refuse dated values that lie outside the measure, overlap, or leave open how amounts join."""
    last_end: date | None = None
    for index, quota in enumerate(measure.quotas):
        key = (*path, "quotas", index)
        _check_inside(part, key, measure, (quota.start, quota.end))
        if index and (last_end is None or quota.start <= last_end):
            part.refuse(key, "starts before the value above it ended")
        if len(quota.amounts) > 1 and quota.join is None:
            part.refuse(key, "names two amounts: say join: lower or either")
        if len(quota.amounts) > 2:
            part.refuse((*key, "amounts"), "one cap in one or two units, not more")
        last_end = quota.end


def _check_inside(part: Part, path: Path, measure: yml.MeasureWritten, days: tuple[date, date | None]) -> None:
    """Refuse a span that ends before it begins or reaches beyond the measure's own days."""
    first, last = days
    if last is not None and last < first:
        part.refuse(path, f"ends on {last}, before it begins on {first}")
    beyond = measure.end is not None and (last is None or last > measure.end)
    if first < measure.start or beyond:
        span = f"{measure.start} to {measure.end or 'open'}"
        part.refuse(path, f"{first} to {last or 'open'} lies outside the measure's own days, {span}")


def check_overlap(part: Part, path: Path, goods: tuple[Goods, ...]) -> None:
    """Refuse two codes of one measure of which one holds the other under the same reading.

    Such a flow would match, and count, twice.
    """
    seen: list[tuple[str, str | None]] = []
    begun: set[str] = set()  # every beginning of a code seen: nearly all codes have none in common, and need no look
    whole: set[str] = set()
    for index, group in enumerate(goods):
        for position, code in enumerate(group.codes):
            beginnings = {code[:digits] for digits in range(len(code) + 1)}
            is_near = code in begun or not whole.isdisjoint(beginnings)
            for other, reading in seen if is_near else ():
                together = None in {reading, group.reading} or reading == group.reading
                if together and (code.startswith(other) or other.startswith(code)):
                    place = (*path, "goods", index, "codes", position)
                    part.refuse(place, f"code {code!r} overlaps {other!r} of the same measure: it would count twice")
            seen.append((code, group.reading))
            begun |= beginnings
            whole.add(code)


def check_twin(part: Part, path: Path, one: Measure, other: Measure) -> None:
    """Refuse two measures that say the same of one code, by one paragraph, on the same days.

    Two paragraphs may forbid the same goods; one paragraph forbids them once.
    """
    if (one.cite, one.kind, one.direction) != (other.cite, other.kind, other.direction) or one.kind == "duty":
        return
    if (one.end and one.end < other.start) or (other.end and other.end < one.start):
        return
    said = {(group.hs, group.reading, code) for group in other.goods for code in group.codes}
    for index, group in enumerate(one.goods):
        for position, code in enumerate(group.codes):
            if (group.hs, group.reading, code) in said:
                place = (*path, "goods", index, "codes", position)
                part.refuse(place, f"code {code!r} stands in {other.id!r} too, by the same paragraph on the same days")


def check_narrowed(part: Part, path: Path, codes: tuple[str, ...], goods: tuple[Goods, ...]) -> None:
    """Refuse an exemption for goods that the measure does not cover in the first place."""
    covered = [code for group in goods for code in group.codes]
    for code in codes:
        if not any(code.startswith(own) or own.startswith(code) for own in covered):
            part.refuse(path, f"code {code!r} is not among the measure's goods{nearest(code, covered)}")
