"""Turn what was written in YAML into the law's records, and hold each record against its neighbours.

Owns what needs a list to be judged: codes against the HS edition, areas, acts, sources and
readings. What one measure says about itself is held together in `checks`. No file is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.codes import hs_codes
from tidewaiter.law import checks
from tidewaiter.law import regime as law

if TYPE_CHECKING:
    from tidewaiter.law import written as yml
    from tidewaiter.law.checks import Part, Path


def build(head: yml.RegimeWritten, parts: list[Part]) -> law.Regime:
    """Put a regime together from its files; `parts[0]` is the head's own.

    Raises `RuleError` at the first record that contradicts another.
    """
    builder = _Builder(head, parts)
    builder.check_lists()
    return law.Regime(
        id=head.id,
        title=head.title,
        authority=head.authority,
        targets=head.targets,
        acts=tuple(builder.acts.values()),
        measures=builder.measures(),
        binds=head.binds,
        exemptions=tuple(
            builder.record(parts[0], ("exemptions", index), law.Exemption, exemption)
            for index, exemption in enumerate(head.exemptions)
        ),
        readings=tuple(builder.readings.values()),
        events=tuple(
            sorted(
                (law.Event(**event.model_dump()) for part in parts for event in part.written.events),
                key=lambda event: event.day,
            )
        ),
        sources=tuple(builder.sources.values()),
        note=head.note,
    )


class _Builder:
    """The lists of one regime while it is put together."""

    def __init__(self, head: yml.RegimeWritten, parts: list[Part]) -> None:
        self.head = head
        self.parts = parts
        self.sources = {key: law.Source(key, page.title, page.url) for key, page in head.sources.items()}
        self.readings = {
            reading.id: self.record(parts[0], ("readings", index), law.Reading, reading)
            for index, reading in enumerate(head.readings)
        }
        self.acts: dict[str, law.Act] = {}
        for part in parts:
            places: list[tuple[Path, yml.ActWritten]] = []
            if part.written.act:
                places.append((("act",), part.written.act))
            if part.written is head:
                places.extend((("acts", index), act) for index, act in enumerate(head.acts))
            for path, act in places:
                if act.id in self.acts:
                    part.refuse((*path, "id"), f"act {act.id!r} is written twice")
                self.acts[act.id] = self.record(part, path, law.Act, act)

    def check_lists(self) -> None:
        """Refuse an empty regime, an area nobody knows, a question with one side only."""
        first = self.parts[0]
        if not self.head.targets:
            first.refuse(("targets",), "a regime has at least one target")
        for key, areas in (("targets", self.head.targets), ("binds", self.head.binds)):
            for index, area in enumerate(areas):
                self.check_area(first, (key, index), area)
        questions = [reading.question for reading in self.readings.values()]
        for index, reading in enumerate(self.head.readings):
            question = reading.id.partition(":")[0]
            if questions.count(question) < 2:
                first.refuse(("readings", index, "id"), f"the question {question!r} has one side only")

    def check_area(self, part: Part, path: Path, area: str) -> None:
        """Refuse an area that is not in the table of areas."""
        from tidewaiter.codes import areas

        try:
            areas.name(area)
        except CodeError as error:
            part.refuse(path, str(error))

    def measures(self) -> tuple[law.Measure, ...]:
        """Build every measure, in the order of the files."""
        built: dict[str, law.Measure] = {}
        for part in self.parts:
            for index, measure in enumerate(part.written.measures):
                path: Path = ("measures", index)
                if measure.id in built:
                    part.refuse((*path, "id"), f"measure {measure.id!r} is written twice")
                made = self.measure(part, path, measure)
                for other in built.values():
                    checks.check_twin(part, path, made, other)
                built[measure.id] = made
        return tuple(built.values())

    def measure(self, part: Part, path: Path, measure: yml.MeasureWritten) -> law.Measure:
        """Build one measure after holding its parts against it."""
        act_id = measure.act or (part.written.act.id if part.written.act else None)
        if act_id is None or act_id not in self.acts:
            wanted = "name the act" if act_id is None else f"act {act_id!r} is unknown{nearest(act_id, self.acts)}"
            part.refuse((*path, "act"), wanted)
        act = self.acts[act_id]
        checks.check_kind(part, path, measure)
        checks.check_dates(part, path, measure, act.adopted)
        goods = tuple(self._goods(part, (*path, "goods", index), group) for index, group in enumerate(measure.goods))
        checks.check_overlap(part, path, goods)
        lists: dict[str, tuple[type[Any], tuple[Any, ...]]] = {
            "thresholds": (law.Threshold, measure.thresholds),
            "factors": (law.Factor, measure.factors),
            "exemptions": (law.Exemption, measure.exemptions),
            "duties": (law.Duty, measure.duties),
            "national": (law.National, measure.national),
            "quotas": (law.Quota, measure.quotas),
        }
        records = {
            key: tuple(self.record(part, (*path, key, index), kind, entry) for index, entry in enumerate(entries))
            for key, (kind, entries) in lists.items()
        }
        for index, exemption in enumerate(measure.exemptions):
            checks.check_narrowed(part, (*path, "exemptions", index, "codes"), exemption.codes, goods)
        for index, national in enumerate(measure.national):
            self.check_area(part, (*path, "national", index, "area"), national.area)
        return law.Measure(
            id=measure.id,
            kind=measure.kind,
            direction=measure.direction,
            words=measure.words,
            cite=law.Cite(act.name, _place(measure.paragraph)),
            act=act.id,
            adopted=act.adopted,
            start=measure.start,
            verified=measure.verified,
            end=measure.end,
            wind_down=self.record(part, (*path, "wind_down"), law.WindDown, measure.wind_down)
            if measure.wind_down
            else None,
            goods=goods,
            counts=measure.counts,
            supersedes=measure.supersedes,
            tightens=measure.tightens,
            note=measure.note,
            sources=self._pages(part, path, measure),
            **records,
        )

    def record(self, part: Part, path: Path, kind: type[Any], entry: yml.Sourced) -> Any:
        """Turn one written record into its frozen twin, its source keys into pages."""
        values = {key: getattr(entry, key) for key in type(entry).model_fields if key != "sources"}
        if kind is law.Quota:
            values["amounts"] = tuple(law.Amount(amount.value, amount.unit) for amount in values["amounts"])
        return kind(**values, sources=self._pages(part, path, entry))

    def _pages(self, part: Part, path: Path, entry: yml.Sourced) -> tuple[law.Source, ...]:
        for index, key in enumerate(entry.sources):
            if key not in self.sources:
                part.refuse((*path, "sources", index), f"source {key!r} is not listed{nearest(key, self.sources)}")
        if entry.verified and not entry.sources:
            part.refuse((*path, "verified"), "true needs at least one source in which it was seen")
        return tuple(self.sources[key] for key in entry.sources)

    def _goods(self, part: Part, path: Path, group: yml.GoodsWritten) -> law.Goods:
        edition = group.hs or part.written.hs or self.head.hs
        if edition is None:
            part.refuse((*path, "hs"), "say the HS edition the codes are written in, here or at the top of the file")
        known = hs_codes.known(edition)
        if not known:
            part.refuse((*path, "hs"), f"HS edition {edition!r} is unknown{nearest(edition, hs_codes.EDITIONS)}")
        if not group.codes:
            part.refuse((*path, "codes"), "goods without a code; leave the whole entry out instead")
        for index, code in enumerate(group.codes):
            if code[:6] not in known:
                there = hs_codes.editions_of(code)
                hint = f"; it stands in {', '.join(there)}" if there else nearest(code[:6], known)
                part.refuse((*path, "codes", index), f"code {code!r} does not exist in {edition}{hint}")
        if group.reading is not None and group.reading not in self.readings:
            part.refuse(
                (*path, "reading"), f"reading {group.reading!r} is unknown{nearest(group.reading, self.readings)}"
            )
        values = {key: getattr(group, key) for key in type(group).model_fields if key not in {"sources", "hs"}}
        return law.Goods(**values, hs=edition, sources=self._pages(part, path, group))


def _place(paragraph: str) -> str:
    """Say `paragraph 8`, unless the act counts in sections or the place is said already."""
    return f"paragraph {paragraph}" if paragraph[:1].isdigit() else paragraph
