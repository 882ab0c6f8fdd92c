"""Apply a draft to the law, as if its measures were lifted, moved, exempted or added.

A scenario is a YAML patch on one regime. It is held against that regime key by key and applied to
a copy; the rulebook itself never changes. `load_scenario` reads the file, the rest is pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tidewaiter.base.errors import RuleError, nearest
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.law import regime as law
from tidewaiter.law.build import build
from tidewaiter.law.checks import Part
from tidewaiter.law.rulebook import SCENARIOS, SHIPPED
from tidewaiter.law.written import (
    ActWritten,
    Code,
    Day,
    ExemptionWritten,
    MeasureWritten,
    RegimeId,
    RegimeWritten,
    Slug,
    Sourced,
    SourceWritten,
    Words,
    Written,
)

if TYPE_CHECKING:
    from tidewaiter.law.checks import Path as Place

FIRST_DAY = date(1, 1, 1)


class LiftWritten(Sourced):
    """A measure that ends, wholly or for some of its codes."""

    measure: Slug
    since: Day = Field(alias="from")
    words: Words
    codes: tuple[Code, ...] = ()


class ChangeWritten(Sourced):
    """A measure whose days move."""

    measure: Slug
    words: Words
    start: Day | None = None
    end: Day | None = None


class ExemptWritten(ExemptionWritten):
    """An exemption that some measures gain."""

    measures: tuple[Slug, ...]


class ScenarioWritten(Written):
    """A scenario's file."""

    id: Slug
    title: Words
    regime: RegimeId
    dated: Day
    words: Words
    note: Words | None = None
    verified: bool
    hs: str | None = None
    sources: dict[Slug, SourceWritten] = Field(default_factory=dict)
    acts: tuple[ActWritten, ...] = ()
    lift: tuple[LiftWritten, ...] = ()
    change: tuple[ChangeWritten, ...] = ()
    exempt: tuple[ExemptWritten, ...] = ()
    measures: tuple[MeasureWritten, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A draft that was read and found well formed; it still has to be held against a rulebook."""

    id: str
    title: str
    regime: str
    dated: date
    words: str
    note: str | None
    verified: bool
    sources: tuple[law.Source, ...]
    written: ScenarioWritten
    name: str
    text: str

    @property
    def lifted(self) -> tuple[str, ...]:
        """The measures it ends, wholly or in part."""
        return tuple(lift.measure for lift in self.written.lift)

    def refuse(self, path: Place, reason: str) -> RuleError:
        """Make the error that names file, line and key."""
        from tidewaiter.base.rulefile import line_of

        return RuleError(f"{self.name}:{line_of(self.text, path)}: {'.'.join(map(str, path))}: {reason}")


def load_scenario(path: Path) -> Scenario:
    """Read a scenario from YAML; raises `RuleError` with file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise RuleError(message) from None
    return read_scenario(text, str(path))


def find_scenario(name: str) -> Scenario:
    """Load a scenario from its file, or one that ships by its name or by `regimes/scenarios/NAME.yml`."""
    path = Path(name)
    shipped = {each.stem: each for each in sorted((SHIPPED / SCENARIOS).glob("*.yml"))}
    if not path.exists() and path.suffix == ".yml" and path.parent.as_posix() == f"{SHIPPED.name}/{SCENARIOS}":
        name = path.stem
    if not path.exists() and name not in shipped:
        message = f"{name}: no such file, and no scenario that ships{nearest(name, shipped)}"
        raise RuleError(message)
    return load_scenario(path if path.exists() else shipped[name])


def read_scenario(text: str, name: str) -> Scenario:
    """Read a scenario from the text of a YAML file."""
    written = parse_rules(text, name, ScenarioWritten)
    pages = {key: law.Source(key, page.title, page.url) for key, page in written.sources.items()}
    scenario = Scenario(
        id=written.id,
        title=written.title,
        regime=written.regime,
        dated=written.dated,
        words=written.words,
        note=written.note,
        verified=written.verified,
        sources=tuple(pages.values()),
        written=written,
        name=name,
        text=text,
    )
    for key in ("lift", "change", "exempt"):
        for index, entry in enumerate(getattr(written, key)):
            for one in entry.sources:
                if one not in pages:
                    raise scenario.refuse((key, index, "sources"), f"source {one!r} is not listed{nearest(one, pages)}")
    if not (written.lift or written.change or written.exempt or written.measures):
        raise scenario.refuse((), "a scenario changes something: lift, change, exempt or measures")
    return scenario


def apply(scenario: Scenario, rulebook: law.Rulebook, *, throughout: bool = False) -> law.Rulebook:
    """Return the rulebook as it would be under the scenario.

    With `throughout` what it lifts is lifted on all days, as if it had never been ordered, and what
    it adds holds on its own days. Raises `RuleError` for a regime or measure that does not exist.
    """
    ids = [regime.id for regime in rulebook.regimes]
    if scenario.regime not in ids:
        raise scenario.refuse(("regime",), f"regime {scenario.regime!r} is unknown{nearest(scenario.regime, ids)}")
    regimes = [
        _applied(scenario, regime, throughout=throughout) if regime.id == scenario.regime else regime
        for regime in rulebook.regimes
    ]
    return law.Rulebook(tuple(regimes))


def only_lifted(scenario: Scenario, rulebook: law.Rulebook) -> law.Rulebook:
    """Return a rulebook of nothing but what the scenario lifts, as if in force on all days.

    Screening with it shows the trade ever declared in those goods, whatever the law of the day was.
    """
    regime = next(regime for regime in rulebook.regimes if regime.id == scenario.regime)
    apply(scenario, rulebook)
    wanted = {lift.measure: lift.codes for lift in scenario.written.lift}
    measures = tuple(
        replace(
            measure,
            start=FIRST_DAY,
            end=None,
            wind_down=None,
            quotas=(),
            goods=_cut(measure.goods, wanted[measure.id], keep=True),
        )
        for measure in regime.measures
        if measure.id in wanted and measure.goods
    )
    return law.Rulebook((replace(regime, measures=measures),))


def _applied(scenario: Scenario, regime: law.Regime, *, throughout: bool) -> law.Regime:
    measures = {measure.id: measure for measure in regime.measures}
    order = list(measures)
    for key in ("lift", "change"):
        for index, entry in enumerate(getattr(scenario.written, key)):
            _known(scenario, (key, index, "measure"), entry.measure, measures)
            change = _lift if key == "lift" else _move
            for measure in change(scenario, (key, index), measures.pop(entry.measure), entry, throughout=throughout):
                measures[measure.id] = measure
                if measure.id not in order:
                    order.append(measure.id)
    for index, exempt in enumerate(scenario.written.exempt):
        for name in exempt.measures:
            _known(scenario, ("exempt", index, "measures"), name, measures)
            values = {key: getattr(exempt, key) for key in ("id", "words", "reach", "codes", "verified")}
            held = replace(
                measures[name],
                exemptions=(*measures[name].exemptions, law.Exemption(**values)),
            )
            measures[name] = held
    for index, measure in enumerate(_added(scenario, regime)):
        if measure.id in measures:
            raise scenario.refuse(("measures", index, "id"), f"measure {measure.id!r} is there already; use change")
        measures[measure.id] = measure
        order.append(measure.id)
    return replace(regime, measures=tuple(measures[name] for name in order if name in measures))


def _known(scenario: Scenario, place: Place, name: str, measures: dict[str, law.Measure]) -> None:
    if name not in measures:
        raise scenario.refuse(place, f"measure {name!r} does not exist in {scenario.regime}{nearest(name, measures)}")


def _lift(scenario: Scenario, place: Place, measure: law.Measure, lift: Any, *, throughout: bool) -> list[law.Measure]:
    """End a measure on the day before; where only some codes are lifted, the others stay in a twin."""
    covered = [code for goods in measure.goods for code in goods.codes]
    for code in lift.codes:
        if code not in covered:
            reason = f"code {code!r} is not among the codes of {measure.id}{nearest(code, covered)}"
            raise scenario.refuse((*place, "codes"), reason)
    if lift.since < measure.start or (measure.end is not None and lift.since > measure.end):
        reason = f"{lift.since} lies outside the measure's own days, {measure.start} to {measure.end or 'open'}"
        raise scenario.refuse((*place, "from"), reason)
    kept = [replace(measure, goods=_cut(measure.goods, lift.codes, keep=False))] if lift.codes else []
    if throughout or lift.since == measure.start:
        return kept
    last = lift.since - timedelta(days=1)
    ended = replace(
        measure,
        id=f"{measure.id}-lifted" if lift.codes else measure.id,
        end=last,
        goods=_cut(measure.goods, lift.codes, keep=True),
        wind_down=measure.wind_down if measure.wind_down and measure.wind_down.end <= last else None,
        quotas=_until(measure.quotas, last),
        duties=tuple(duty for duty in measure.duties if duty.due <= last),
    )
    return [*kept, ended]


def _move(
    scenario: Scenario, place: Place, measure: law.Measure, change: Any, *, throughout: bool
) -> list[law.Measure]:
    del throughout  # a change names its days itself
    start, end = change.start or measure.start, change.end or measure.end
    if end is not None and end < start:
        raise scenario.refuse(place, f"would end on {end}, before it begins on {start}")
    if start < measure.adopted:
        raise scenario.refuse((*place, "start"), f"{start} is before the act was adopted on {measure.adopted}")
    quotas = tuple(
        replace(quota, start=max(quota.start, start))
        for quota in measure.quotas
        if quota.end is None or quota.end >= start
    )
    return [replace(measure, start=start, end=end, quotas=quotas if end is None else _until(quotas, end))]


def _until(quotas: tuple[law.Quota, ...], last: date) -> tuple[law.Quota, ...]:
    """Keep the dated values up to a day."""
    return tuple(
        replace(quota, end=last if quota.end is None else min(quota.end, last))
        for quota in quotas
        if quota.start <= last
    )


def _cut(goods: tuple[law.Goods, ...], codes: tuple[str, ...], *, keep: bool) -> tuple[law.Goods, ...]:
    """Keep only `codes` of the goods, or all but them; no codes means all."""
    if not codes:
        return goods
    groups = (replace(group, codes=tuple(code for code in group.codes if (code in codes) == keep)) for group in goods)
    return tuple(group for group in groups if group.codes)


def _added(scenario: Scenario, regime: law.Regime) -> tuple[law.Measure, ...]:
    """Build the measures a scenario adds, by the same rules as a regime's own."""
    written = scenario.written
    if not written.measures:
        return ()
    head = RegimeWritten(
        id=regime.id,
        title=scenario.title,
        authority=regime.authority,
        targets=regime.targets,
        binds=regime.binds,
        hs=written.hs,
        sources=written.sources,
        acts=written.acts,
        measures=written.measures,
    )
    added = build(head, [Part(scenario.name, scenario.text, head)]).measures
    known = {measure.id: measure for measure in (*regime.measures, *added)}
    for index, measure in enumerate(added):
        for older in (*measure.supersedes, *measure.tightens):
            if older not in known:
                raise scenario.refuse(("measures", index), f"measure {older!r} is unknown{nearest(older, known)}")
            if (circle := _circle(measure.id, older, known)) is not None:
                raise scenario.refuse(("measures", index), f"a circle: {' -> '.join(circle)}")
    return added


def _circle(goal: str, start: str, known: dict[str, law.Measure]) -> list[str] | None:
    """Return the way from `start` back to `goal` through what each measure replaces or tightens."""
    ways = [[goal, start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        if way[-1] in seen or way[-1] not in known:
            continue
        seen.add(way[-1])
        older = known[way[-1]]
        ways.extend([*way, each] for each in (*older.supersedes, *older.tightens))
    return None
