"""Turn the XML of Canada's sanctions regulations into a regime file, the same bytes every time.

`python -m tidewaiter.law.canada SOR-2014-58.xml > russia.yml`. Codes, first days, wind-downs and
directions are read from the law; `canada.yml` beside this file adds our words and names what is
left out. A schedule that neither lists is an error. A row shows the day of its last enactment,
so goods of a schedule that was enacted anew may have been covered before.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from tidewaiter.base.errors import RuleError
from tidewaiter.codes import hs_codes
from tidewaiter.law.canada_card import Card, ScheduleCard, read_cards

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIMS: Final = "{http://justice.gc.ca/lims}"
_IN_FORCE: Final = f"{_LIMS}inforce-start-date"
_CODE: Final = re.compile(r"\d[\d.]*")


@dataclass(slots=True)
class Rows:
    """The codes of one schedule or part that share a first day."""

    whole: list[str] = field(default_factory=list)
    subset: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def regime_yaml(xml: bytes, name: str) -> str:
    """Return the regime file for the regulation in `xml` (`name` for messages), as YAML text.

    Raises `RuleError` for a regulation without a card, a schedule that is neither used nor left
    out, a row without a code.
    """
    try:
        law = ET.fromstring(xml)  # noqa: S314 - the publisher's own file; expat refuses entity bombs
    except ET.ParseError as error:
        message = f"{name}: not well-formed XML: {error}"
        raise RuleError(message) from None
    number = law.findtext("Identification/InstrumentNumber", "")
    cards = read_cards().regulations
    if number not in cards:
        message = f"{name}: no card for the regulation {number!r}; known: {', '.join(cards)}"
        raise RuleError(message)
    card = cards[number]
    schedules = _schedules(law, card, name)
    measures = [
        measure for entry in card.schedules for measure in _measures(law, schedules[entry.schedule], entry, name)
    ]
    return _write(law, number, card, measures)


def _schedules(law: ET.Element, card: Card, name: str) -> dict[str, ET.Element]:
    """Return the schedules by number, after checking that the card knows each of them."""
    found = {}
    for schedule in law.iter("Schedule"):
        label = schedule.findtext("ScheduleFormHeading/Label")
        if label is not None:
            found[label.removeprefix("SCHEDULE ").strip()] = schedule
    used = {entry.schedule for entry in card.schedules}
    for number in found.keys() - used - card.left_out.keys():
        message = f"{name}: schedule {number} is neither used nor left out in canada.yml"
        raise RuleError(message)
    for number in used - found.keys():
        message = f"{name}: schedule {number} of canada.yml is not in the law"
        raise RuleError(message)
    return found


def _measures(law: ET.Element, schedule: ET.Element, entry: ScheduleCard, name: str) -> Iterator[dict[str, Any]]:
    """Yield one measure for each first day in a schedule or part."""
    section, text = _section(law, entry.section, name)
    cards = read_cards()
    way = next((way for way in cards.ways if way.phrase in text), None)
    if way is None:
        message = f"{name}: section {entry.section} says neither export nor import"
        raise RuleError(message)
    whole_section = _flat(section)
    for day, rows in sorted(_rows(schedule, entry, name).items()):
        delay = re.search(cards.takes_effect, whole_section)
        oldest = min((date.fromisoformat(item) for item in _history(schedule)), default=day)
        is_first = section.get(_IN_FORCE) == day.isoformat()
        start = day + timedelta(days=int(delay[1])) if delay and is_first else day
        part = f", part {entry.part}" if entry.part else ""
        slug = "-".join(
            ["schedule", entry.schedule.replace(".", "-"), *([entry.part] if entry.part else []), str(start)]
        )
        measure: dict[str, Any] = {
            "id": slug,
            "act": "regulation",
            "paragraph": f"section {entry.section} and schedule {entry.schedule}{part}",
            "kind": way.kind,
            "direction": way.direction,
            "words": entry.words,
            "start": start,
            "verified": day == oldest,
            "sources": ["law"],
            "goods": list(_goods(rows, entry)),
        }
        wind_down = _wind_down(section, whole_section, start)
        if wind_down:
            measure["wind_down"] = wind_down
        exemptions = list(_exemptions(entry))
        if exemptions:
            measure["exemptions"] = exemptions
        notes = [*([entry.note] if entry.note else []), *dict.fromkeys(rows.notes)]
        if day > oldest:
            notes.append(f"the schedule goes back to {oldest}: these rows were last enacted on {day} and may be older")
        if notes:
            measure["note"] = "; ".join(notes)
        yield measure


def _history(schedule: ET.Element) -> Iterator[str]:
    """Yield the days on which the schedule was made or changed."""
    for item in schedule.iter("HistoricalNoteSubItem"):
        day = item.get(_IN_FORCE)
        if day:
            yield day


def _section(law: ET.Element, wanted: str, name: str) -> tuple[ET.Element, str]:
    """Return a section and the text of the subsection named in `wanted`, such as 3.08(3)."""
    label, _, subsection = wanted.rstrip(")").partition("(")
    for section in law.iterfind("Body//Section"):
        if section.findtext("Label") == label:
            for part in section.iterfind("Subsection"):
                if part.findtext("Label") == f"({subsection})":
                    return section, _flat(part)
    message = f"{name}: the law has no section {wanted}"
    raise RuleError(message)


def _rows(schedule: ET.Element, entry: ScheduleCard, name: str) -> dict[date, Rows]:
    """Collect the codes of one schedule or part by the first day of their rows."""
    days: dict[date, Rows] = {}
    for group in schedule.iterfind("TableGroup"):
        caption = (group.findtext("Caption") or "").strip().removeprefix("PART ").strip()
        if caption != (entry.part or ""):
            continue
        for body in group.iter("tbody"):
            for row in body.iterfind("row"):
                cells = [_flat(cell) for cell in row.iterfind("entry")]
                if not any(cells) or any("[Repealed" in cell for cell in cells):
                    continue
                codes = [re.sub(r"\D", "", code) for code in _CODE.findall(cells[-1])]
                if len(cells) < 3 or not codes:
                    message = f"{name}: schedule {entry.schedule}, item {cells[0]}: no HS code in {cells[-1]!r}"
                    raise RuleError(message)
                day = row.get(_IN_FORCE) or body.get(_IN_FORCE) or group.get(_IN_FORCE) or ""
                rows = days.setdefault(date.fromisoformat(day), Rows())
                _sort_in(rows, codes, is_subset=cells[-1].lower().startswith("subset"), item=cells[0])
    if not days:
        message = f"{name}: schedule {entry.schedule} part {entry.part} holds no codes"
        raise RuleError(message)
    return days


def _sort_in(rows: Rows, codes: list[str], *, is_subset: bool, item: str) -> None:
    """Put an item's codes with those covered whole or in part; say of a doubtful one what was done."""
    known = hs_codes.known(hs_codes.EDITIONS[-1])
    for code in codes:
        full = code
        if len(code) % 2:
            full = f"0{code}"
            rows.notes.append(f"item {item} prints {code}, read as {full}")
        if full[:6] not in known:
            rows.notes.append(f"item {item} prints {code}, which no HS edition has: left out")
            continue
        (rows.subset if is_subset else rows.whole).append(full)


def _goods(rows: Rows, entry: ScheduleCard) -> Iterator[dict[str, Any]]:
    """Yield the groups of codes, a code inside another of the same measure left out and said."""
    everything = [*rows.whole, *rows.subset]
    seen: set[str] = set()
    for coverage, codes in (("exact", rows.whole), ("partial", rows.subset)):
        kept = []
        for code in codes:
            wider = next((other for other in everything if other != code and code.startswith(other)), None)
            if wider is not None:
                rows.notes.append(f"{code} is named beside {wider}, which holds it")
            elif code not in seen:
                seen.add(code)
                kept.append(code)
        if kept:
            yield {
                "words": entry.words,
                "codes": kept,
                "coverage": "partial" if entry.coverage == "partial" else coverage,
                "assigned_by": "act",
                "verified": True,
                "sources": ["law"],
            }


def _wind_down(section: ET.Element, text: str, start: date) -> dict[str, Any] | None:
    """Read the days for older contracts, where the section that began on `start` gives any."""
    match = re.search(read_cards().older_contracts, text)
    if match is None or section.get(_IN_FORCE) != start.isoformat():
        return None
    before, after = int(match[1]), int(match[2])
    return {
        "end": start + timedelta(days=after),
        "contract_before": start - timedelta(days=before - 1),
        "words": f"{after} days for contracts at least {before} days old when the section began",
        "verified": True,
        "sources": ["law"],
    }


def _exemptions(entry: ScheduleCard) -> Iterator[dict[str, Any]]:
    said = {
        "old-contracts": "contracts made before the section began" if entry.old_contracts else None,
        "personal-effects": "personal effects of a traveller, where the section says so"
        if entry.personal_effects
        else None,
        "other": entry.other,
    }
    for key, words in said.items():
        if words:
            yield {"id": key, "words": words, "reach": "some", "verified": True, "sources": ["law"]}


def _write(law: ET.Element, number: str, card: Card, measures: list[dict[str, Any]]) -> str:
    """Write the regime as YAML with every code in quotes and lists of codes on full lines."""
    import yaml

    registered = law.find("Identification/RegistrationDate/Date")
    adopted = date(*(int(registered.findtext(key, "0")) for key in ("YYYY", "MM", "DD"))) if registered else None
    current = law.get(f"{_LIMS}current-date") or law.get(f"{_LIMS}pit-date")
    source = {"title": f"{read_cards().authority}, {number}, consolidated to {current}", "url": card.url}
    regime = {
        "id": card.id,
        "title": card.title,
        "authority": read_cards().authority,
        "targets": [card.target],
        "binds": [read_cards().party],
        "hs": hs_codes.EDITIONS[-1],
        "note": (
            "Made from the law's own XML. The law prints codes for reference: its words decide. A row shows the day "
            "of its last enactment; schedules that were enacted anew may have covered the same goods before. "
            f"Left out: {'; '.join(f'schedule {key} ({why})' for key, why in card.left_out.items())}."
        ),
        "sources": {"law": source},
        "acts": [
            {
                "id": "regulation",
                "name": number,
                "symbol": number,
                "adopted": adopted,
                "words": card.act_words,
                "verified": True,
                "sources": ["law"],
            }
        ],
        "measures": measures,
    }
    head = f"# Made by `python -m tidewaiter.law.canada` from {number} as of {current}; do not edit by hand.\n"
    return head + yaml.dump(_quoted(regime), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=110)


class _Code(str):
    """A code, written in quotes."""

    __slots__ = ()


class _Codes(list[_Code]):
    """Codes, written side by side."""


def _quoted(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _quoted(each, name) for name, each in value.items()}
    if isinstance(value, list):
        if key in {"codes", "targets", "binds"}:
            return _Codes(_Code(each) for each in value)
        return [_quoted(each) for each in value]
    return value


def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """A dumper of our own, so that the shared one is not changed."""

        def ignore_aliases(self, data: Any) -> bool:
            """Write everything out where it stands."""
            return data is not None

    Dumper.add_representer(
        _Code, lambda dumper, code: dumper.represent_scalar("tag:yaml.org,2002:str", code, style='"')
    )
    Dumper.add_representer(
        _Codes, lambda dumper, codes: dumper.represent_sequence("tag:yaml.org,2002:seq", codes, flow_style=True)
    )
    return Dumper


def _flat(element: ET.Element) -> str:
    return " ".join("".join(f"{text} " for text in element.itertext()).split())


def main(arguments: list[str]) -> int:
    """Write the regime file of each XML file named to standard output."""
    for argument in arguments:
        path = Path(argument)
        sys.stdout.write(regime_yaml(path.read_bytes(), path.name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
