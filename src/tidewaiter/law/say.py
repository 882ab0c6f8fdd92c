"""Say in plain words what the law's records hold, for a terminal or a note; no verdict, no markup.

Owns wording only: every date, paragraph and condition comes from the records. Statistics are
declarations, and declarations are often wrong, so no word here accuses anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.terms import EDITION_UNSTATED
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tidewaiter.law.regime import AssignedBy, Measure, Regime, Rulebook
    from tidewaiter.law.status import Match, Status, Word
    from tidewaiter.law.timeline import Entry

STATUS_WORDS: Final[dict[Word, str]] = {
    "permitted": "no measure in force",
    "suspect_data": "the declaration itself is in doubt",
    "too_coarse": "too coarse to tell",
    "watch": "on a watch list, not prohibited",
    "within_quota": "within the quota",
    "licence_needed": "allowed with prior approval",
    "quota_undecided": "capped",
    "exempt_possible": "banned unless exempt",
    "within_grace": "banned, older contracts may still be carried out",
    "over_quota": "over the quota",
    "banned": "banned",
    "partly_in_force": "partly in force",
}

ASSIGNED: Final[dict[AssignedBy, str]] = {
    "resolution": "printed in the resolution",
    "act": "printed in the act",
    "committee": "from the sanctions committee",
    "panel": "from the Panel of Experts",
    "national": "from a government's implementing text",
    "engine": "proposed here, by no authority",
}


def say_day(day: date) -> str:
    """Write `15 March 2018`."""
    return f"{day.day} {day:%B} {day.year}"


def say_status(status: Status) -> str:
    """Answer `was that banned then?` in lines: the verdict of the law, each paragraph, what is left open."""
    lines = [f"{_flow(status)}, {_when(status)}: {_verdict(status)}."]
    lines.extend(_matches(status.matches))
    if status.status == "partly_in_force":
        finer = "monthly figures may" if (status.last - status.first).days > 31 else "only the days could"
        lines.append(f"  One figure for these days cannot tell on which side of the change goods moved; {finer}.")
    if status.sides:
        lines.append("  Both readings are kept; neither is decided here:")
        for side in status.sides:
            part = " in part" if side.coverage == "partial" and side.matches else ""
            lines.append(f"    if {side.reading.words}: {STATUS_WORDS[side.status]}{part}.")
    if status.status == "too_coarse" or (status.coarse and not status.matches):
        lines.append("  Finer codes are covered; this level cannot tell whether the goods are among them:")
        lines.extend(
            f"    {match.code} {match.goods.words}: {match.measure.cite} [{match.regime.id} {match.measure.id}]"
            for match in status.coarse
        )
    for match in status.bound:
        who = ", ".join(areas.name(area) for area in match.regime.binds)
        lines.append(f"  For {who} alone: {STATUS_WORDS[match.status]}, {_since(match)}. {_place(match)}.")
    for match in status.other_days:
        order = "Later" if match.measure.start > status.last else "Before"
        lines.append(f"  {order}: {match.measure.words}, {_since(match)}. {_place(match)}.")
    for measure, code, hs in status.unmatched:
        lines.append(
            f"  Code {code} of {hs} ({measure.cite}) has no counterpart by number in {status.hs}: not compared."
        )
    if status.matches:
        lines.extend(f"  For every measure: {exemption.words}." for exemption in status.general)
        lines.append("  Whether a trade fell under the law depends on facts that no statistic shows.")
    return "\n".join(lines)


def say_note(status: Status) -> str | None:
    """Say in one line what a number about these goods should carry; None where no measure matches.

    `seafood: banned since 5 August 2017 (resolution 2371 (2017), paragraph 9)`.
    """
    if not status.matches:
        return None
    match = status.matches[0]
    quota = match.measure.quota_on(status.last)
    cap = f", {quota.words}" if quota else ""
    doubt = "" if status.verified else "; code or days not verified"
    words = f"{match.goods.words}: {_verdict(status)} {_since(match)}{cap} ({match.measure.cite}{doubt})"
    return words if match.force == "in_force" else f"{words}; the law changed within these months"


def say_list(rulebook: Rulebook) -> str:
    """List every regime with its measures, one line each."""
    lines = []
    for regime in rulebook.regimes:
        lines.append(_head(regime))
        lines.extend(f"  {measure.id}: {_one_line(measure)}" for measure in regime.measures)
    return "\n".join(lines)


def say_measure(regime: Regime, measure: Measure) -> str:
    """Show all that is known of one measure, each part with what it rests on."""
    lines = [f"{regime.id} {measure.id}: {measure.words}", f"  {measure.cite}; adopted {say_day(measure.adopted)}"]
    lines.append(f"  {measure.kind.replace('_', ' ')}{_direction(regime, measure)}, {_span(measure)}{_seen(measure)}")
    if measure.wind_down:
        lines.append(
            f"  wind-down: {measure.wind_down.words}, until {say_day(measure.wind_down.end)}{_seen(measure.wind_down)}"
        )
    for goods in measure.goods:
        part = "whole" if goods.coverage == "exact" else "in part"
        reading = f", under the reading {goods.reading}" if goods.reading else ""
        codes = " ".join(goods.codes)
        lines.append(
            f"  {goods.words}: {codes} ({goods.hs}) {part}, {ASSIGNED[goods.assigned_by]}{reading}{_seen(goods)}"
        )
        if goods.note:
            lines.append(f"    {goods.note}")
    lines.extend(f"  quota: {quota.words}{_seen(quota)}" for quota in measure.quotas)
    if measure.counts:
        lines.append(f"  counted: {measure.counts}")
    lines.extend(f"  at {mark.share:.0%}: {mark.words}{_seen(mark)}" for mark in measure.thresholds)
    lines.extend(
        f"  factor: {one.low} to {one.high} {one.to_unit} per {one.from_unit}, {one.words}{_seen(one)}"
        for one in measure.factors
    )
    lines.extend(f"  exempt: {exemption.words}{_seen(exemption)}" for exemption in measure.exemptions)
    lines.extend(f"  due {say_day(duty.due)}: {duty.words}{_seen(duty)}" for duty in measure.duties)
    lines.extend(_national(measure, "  "))
    if measure.supersedes:
        lines.append(f"  replaces {', '.join(measure.supersedes)}")
    if measure.tightens:
        lines.append(f"  adds to {', '.join(measure.tightens)}")
    if measure.note:
        lines.append(f"  note: {measure.note}")
    lines.extend(f"  source: {source.title}, {source.url}" for source in measure.sources)
    return "\n".join(lines)


def say_check(regime: Regime) -> str:
    """Say what a regime file that passed every check holds."""
    codes = sum(len(goods.codes) for measure in regime.measures for goods in measure.goods)
    doubtful = sum(not measure.verified for measure in regime.measures)
    recalled = sum(not goods.verified for measure in regime.measures for goods in measure.goods)
    return (
        f"{regime.id}: {len(regime.acts)} acts, {len(regime.measures)} measures, {codes} codes; fine. "
        f"Not verified: {doubtful} measures, {recalled} groups of codes."
    )


def say_timeline(entries: Iterable[Entry]) -> str:
    """Write a timeline, one line a day."""
    lines = []
    for entry in entries:
        cite = f" ({entry.cite})" if entry.cite else ""
        lines.append(f"{entry.day}  {entry.kind:<10} {entry.words}{cite}{_seen(entry)}")
    return "\n".join(lines)


def _flow(status: Status) -> str:
    ends = [
        f"{word} {areas.name(area)}"
        for word, area in (("from", status.exporter), ("to", status.importer))
        if area is not None
    ]
    edition = "" if status.hs == EDITION_UNSTATED else f" ({status.hs})"
    return f"{status.product}{edition} {' '.join(ends)}"


def _when(status: Status) -> str:
    if status.first == status.last:
        return say_day(status.first)
    return f"{say_day(status.first)} to {say_day(status.last)}"


def _verdict(status: Status) -> str:
    """Say the strictest status, and that another reading of the law gives another."""
    others = [side.status for side in status.sides if side.status != status.status]
    if others:
        milder = " or ".join(dict.fromkeys(f"{STATUS_WORDS[word]!r}" for word in others))
        return f"{STATUS_WORDS[status.status]}, or {milder}: the law is read in two ways"
    part = " in part" if status.matches and status.coverage == "partial" else ""
    return f"{STATUS_WORDS[status.status]}{part}"


def _matches(matches: tuple[Match, ...]) -> Iterator[str]:
    for match in matches:
        part = "all of it" if match.covers_all else "part of it, an upper bound"
        word = STATUS_WORDS[match.status]
        if match.force == "partly":
            word = f"{word} (from {STATUS_WORDS[match.mildest]!r} to {STATUS_WORDS[match.strictest]!r})"
        yield f"  {word}, {_since(match)}: {match.measure.words}. {_place(match)}."
        yield (
            f"    code {match.code} of {match.goods.hs}, {part}, {ASSIGNED[match.goods.assigned_by]}"
            f"{_seen(match.goods)}{': ' + match.goods.note if match.goods.note else ''}."
        )
        if match.measure.wind_down:
            wind_down = match.measure.wind_down
            yield (
                f"    contracts made before {say_day(wind_down.contract_before)}: grace until"
                f" {say_day(wind_down.end)}{_seen(wind_down)}; statistics do not show the day of a contract."
            )
        for quota in match.measure.quotas:
            if quota.start <= match.last and (quota.end is None or match.first <= quota.end):
                yield f"    quota: {quota.words}{_seen(quota)}."
        for exemption in match.exemptions:
            yield f"    exempt, which statistics do not show: {exemption.words}{_seen(exemption)}."
        yield from (f"{line}." for line in _national(match.measure, "    "))


def _national(measure: Measure, indent: str) -> Iterator[str]:
    for national in measure.national:
        start = f" from {say_day(national.start)}" if national.start else ""
        last = f", last clearance {say_day(national.last_clearance)}" if national.last_clearance else ""
        yield f"{indent}{areas.name(national.area)} acts{start}{last}: {national.words}{_seen(national)}"


def _since(match: Match) -> str:
    return _span(match.measure)


def _span(measure: Measure) -> str:
    if measure.end is None:
        return f"since {say_day(measure.start)}"
    return f"from {say_day(measure.start)} to {say_day(measure.end)}"


def _place(match: Match) -> str:
    cite = str(match.measure.cite)
    return f"{cite[:1].upper()}{cite[1:]} [{match.regime.id} {match.measure.id}]{_seen(match.measure)}"


def _seen(record: object) -> str:
    return "" if getattr(record, "verified", True) else " (not verified)"


def _direction(regime: Regime, measure: Measure) -> str:
    if measure.direction is None:
        return ""
    names = ", ".join(areas.name(target) for target in regime.targets)
    return f" {'from' if measure.direction == 'from_target' else 'to'} {names}"


def _one_line(measure: Measure) -> str:
    return f"{measure.kind.replace('_', ' ')}, {_span(measure)}, {measure.cite}: {measure.words}"


def _head(regime: Regime) -> str:
    names = ", ".join(areas.name(target) for target in regime.targets)
    binds = f", binds {', '.join(areas.name(area) for area in regime.binds)}" if regime.binds else ""
    return f"{regime.id}: {regime.title} ({regime.authority}; about {names}{binds})"
