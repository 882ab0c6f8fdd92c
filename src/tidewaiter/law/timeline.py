"""Put a regime's days in order: acts, first and last days, quotas, deadlines, and what happened around them.

Everything that follows from a measure is taken from the measure, so that the timeline and the
law cannot disagree; only the rest is noted as an event. Pure: a regime in, entries out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tidewaiter.law.regime import Cite, Measure, Regime, Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One day: what kind of day, what happened, where the law says so, where it was found."""

    day: date
    kind: str
    words: str
    regime: str
    cite: Cite | None
    measures: tuple[str, ...]
    urls: tuple[str, ...]
    verified: bool


def timeline(regime: Regime, first: date | None = None, last: date | None = None) -> tuple[Entry, ...]:
    """Return the regime's entries from `first` to `last` (open where None), oldest first.

    Measures of one act that share a day and a kind share an entry.
    """
    entries = [*_acts(regime), *_merged(regime), *_events(regime)]
    inside = (
        entry for entry in entries if (first is None or first <= entry.day) and (last is None or entry.day <= last)
    )
    return tuple(sorted(inside, key=lambda entry: (entry.day, entry.kind != "act", entry.kind, entry.words)))


def _acts(regime: Regime) -> Iterator[Entry]:
    for act in regime.acts:
        words = f"{act.name}: {act.words}"
        yield Entry(act.adopted, "act", words, regime.id, None, (), _urls(act.sources), act.verified)


def _events(regime: Regime) -> Iterator[Entry]:
    for event in regime.events:
        urls = (event.url,) if event.url else ()
        yield Entry(event.day, event.kind, event.words, regime.id, None, (), urls, event.verified)


def _merged(regime: Regime) -> Iterator[Entry]:
    """Yield the measures' own days, those of one act, day, kind and wording together."""
    together: dict[tuple[date, str, str, str], list[tuple[Measure, str, tuple[str, ...], bool]]] = {}
    for measure in regime.measures:
        for day, kind, words, urls, verified in _days_of(measure):
            together.setdefault((day, kind, measure.act, words), []).append((measure, words, urls, verified))
    for (day, kind, _, words), found in together.items():
        first = found[0][0]
        goods = "; ".join(measure.words for measure, *_ in found)
        yield Entry(
            day=day,
            kind=kind,
            words=f"{words}: {goods}",
            regime=regime.id,
            cite=first.cite if len(found) == 1 else None,
            measures=tuple(measure.id for measure, *_ in found),
            urls=tuple(dict.fromkeys(url for _, _, urls, _ in found for url in urls)),
            verified=all(verified for *_, verified in found),
        )


def _days_of(measure: Measure) -> Iterator[tuple[date, str, str, tuple[str, ...], bool]]:
    """Yield (day, kind, words, urls, verified) for every day that one measure names."""
    if measure.start not in {measure.adopted, *(quota.start for quota in measure.quotas)}:
        yield measure.start, "start", "first day", _urls(measure.sources), measure.verified
    if measure.wind_down:
        wind_down = measure.wind_down
        words = f"last day for contracts made before {wind_down.contract_before}"
        yield wind_down.end, "grace_end", words, _urls(wind_down.sources), wind_down.verified
    if measure.end:
        yield measure.end, "end", "last day", _urls(measure.sources), measure.verified
    for quota in measure.quotas:
        yield quota.start, "cap", quota.words, _urls(quota.sources), quota.verified
    for duty in measure.duties:
        yield duty.due, "deadline", duty.words, _urls(duty.sources), duty.verified
    for national in measure.national:
        name, urls = areas.name(national.area), _urls(national.sources)
        if national.start:
            yield national.start, "national", f"{name} begins ({national.words})", urls, national.verified
        if national.last_clearance:
            words = f"{name} clears older contracts for the last day"
            yield national.last_clearance, "national", words, urls, national.verified


def _urls(sources: Iterable[Source]) -> tuple[str, ...]:
    return tuple(source.url for source in sources)
