"""Score the extraction of claims against hand-annotated stories (JSON lines).

    python benchmarks/stories/score.py GOLD.jsonl [--verbose] [--bootstrap N] [--only STORY] [--with-title]

A gold claim is matched by a claim of ours of the same family from the same sentence with the same number (to
0.5 %, sign apart). A level of ours that the gold has only as the base of a change, and a change without
a size that only sets a level against that base, count neither way. A match counts as right with *all key slots*: exporter, importer, period, value with its
sign where the gold has one, unit; the goods only need to overlap where both name HS codes. Balances and totals
have no exporter and importer. Printed per family: precision, recall, F1, and a bootstrap interval over stories.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tidewaiter.news.claims.extract import extract
from tidewaiter.news.words.article import read_story

FAMILY_OF_GOLD = {
    "value": "value",
    "change": "change",
    "comparison": "change",
    "share": "share",
    "ranking": "ranking",
    "composition": "composition",
    "cap": "quota",
    "count": "count",
    "trend": "trend",
    "balance": "value",
    "total": "value",
}
FAMILY_OF_OURS = {
    "flow_value": "value",
    "total": "value",
    "balance": "value",
    "zero": "value",
    "change": "change",
    "share": "share",
    "ranking": "ranking",
    "record": "ranking",
    "composition": "composition",
    "quota": "quota",
    "count": "count",
    "trend": "trend",
    "forecast": "value",
}
ALSO = {
    "change": ("trend", "share"),
    "trend": ("change",),
    "value": ("count",),
    "count": ("value",),
    "share": ("change", "quota"),
    "ranking": ("value", "composition"),
    "quota": ("value",),
    "composition": ("ranking",),
}
UNITS = {"barrel": "bbl", "barrel/day": "bbl/d", "times": "x", "percent": "%"}
SLOTS = ("exporter", "importer", "period", "value", "unit")


@dataclass
class Said:
    """One claim, ours or the gold's, in the form in which they are compared."""

    family: str
    sentence: str
    exporter: str | None
    importer: str | None
    paired: bool
    period: str | None
    value: float | None
    unit: str | None
    hs: frozenset[str]
    direction: str | None
    text: str
    used: bool = False
    base: float | None = None


@dataclass
class Tally:
    """Counts of one family of claims: right, in the gold, ours, matched, and which slots were wrong."""

    right: int = 0
    gold: int = 0
    ours: int = 0
    aligned: int = 0
    wrong_slots: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def area(code: str | None) -> str | None:
    return None if code in {None, "W00", "WLD"} else code


def months(period: str | None) -> str | None:
    if not period:
        return None
    first, _, last = period.partition("/")
    return f"{first[:7]}/{(last or first)[:7]}"


def gold_claim(claim: dict[str, Any]) -> Said:
    value = claim.get("value")
    if isinstance(value, list):
        value = value[0]
    kind = claim["type"]
    unit = UNITS.get(claim.get("unit") or "", claim.get("unit"))
    paired = claim.get("flow") in {"total", "balance"} or (
        kind != "count" and not claim.get("exporter") and not claim.get("importer")
    )
    family = FAMILY_OF_GOLD[kind]
    if kind == "ranking" and unit not in {None, "rank"} and value is not None:
        family = "value"  # the gold writes "the largest, with $V" as one ranking; ours is a ranking and a value
    if kind == "comparison":
        value, unit = None, None
    return Said(
        family,
        claim.get("sentence") or "",
        area(claim.get("exporter")),
        area(claim.get("importer")),
        paired,
        months(claim.get("period")),
        None if value is None else float(value),
        unit,
        frozenset(claim.get("hs") or ()),
        claim.get("direction"),
        json.dumps(claim, ensure_ascii=False),
    )


def our_claim(claim: Any) -> Said:
    number = claim.number
    value = float(number.value) if number is not None else None
    family = FAMILY_OF_OURS[claim.type]
    if value is not None and claim.direction == "down" and (claim.type in {"change", "balance"}):
        value = -value
    unit = number.unit if number is not None else None
    if claim.type in {"ranking", "record"}:
        value, unit = (float(claim.rank) if claim.rank else None), "rank"
    return Said(
        family,
        claim.sentence,
        area(claim.exporter),
        area(claim.importer),
        claim.flow in {"total", "balance"},
        months(claim.period.span()) if claim.period else None,
        value,
        unit or None,
        frozenset(claim.goods.hs) | frozenset(code for item in claim.items for code in item.hs),
        claim.direction,
        f"{claim.id} {claim.type} {claim.exporter}->{claim.importer} {'/'.join(claim.parties)} {claim.flow} "
        f"{claim.period.span() if claim.period else None} {value} {unit} {claim.direction} goods={claim.goods.text} | {claim.quote[:90]}",
        base=float(claim.base.value) if claim.base is not None else None,
    )


def same_number(gold: Said, ours: Said) -> bool:
    if gold.family == "ranking":
        return gold.value is None or gold.unit != "rank" or ours.value is None or gold.value == ours.value
    if gold.value is None:
        return gold.family in {"trend", "composition"} or ours.value is None
    if ours.value is None:
        return False
    if gold.value == 0:
        return ours.value == 0
    return abs(abs(gold.value) - abs(ours.value)) <= 0.005 * abs(gold.value)


def apart(gold: Said, ours: Said) -> float:
    """How far two numbers are apart, to pair the nearest of two that are both close enough."""
    return abs(abs(gold.value) - abs(ours.value)) if gold.value is not None and ours.value is not None else 0.0


def slots_wrong(gold: Said, ours: Said) -> list[str]:
    wrong = []
    if not gold.paired and not (ours.paired and gold.exporter is None and gold.importer is None):
        wrong += [slot for slot in ("exporter", "importer") if getattr(gold, slot) != getattr(ours, slot)]
    elif (
        gold.paired
        and not ours.paired
        and (gold.exporter or gold.importer is None)
        and (ours.exporter and ours.importer)
    ):
        wrong.append("exporter")
    if gold.period != ours.period:
        wrong.append("period")
    if gold.value is not None and gold.unit != "rank" and ours.value is not None and gold.value < 0 < ours.value:
        wrong.append("value")
    if gold.unit and gold.value not in {None, 0.0} and ours.value is not None and gold.family != "ranking":
        same = gold.unit == ours.unit or (gold.family == "change" and {gold.unit, ours.unit} == {"x", "%"})
        if not same:
            wrong.append("unit")
    if gold.hs and ours.hs and not any(a.startswith(b) or b.startswith(a) for a in gold.hs for b in ours.hs):
        wrong.append("goods")
    return wrong


def near_sentence(gold: Said, ours: Said) -> bool:
    one, two = " ".join(gold.sentence.split()).replace("’", "'"), " ".join(ours.sentence.split()).replace("’", "'")
    return not one or one[:60] in two or two[:60] in one


def score_story(story: dict[str, Any], *, with_title: bool, verbose: bool) -> dict[str, Tally]:  # noqa: C901, PLR0912 - a list of cases, the first that fits
    text = f"{story['title']}\n\n{story['text']}" if with_title and story.get("title") else story["text"]
    day = date.fromisoformat(story["date"]) if len(story.get("date") or "") == 10 else None
    if day is None and story.get("date"):
        year, _, month = story["date"].partition("-")
        day = date(int(year), int(month[:2] or 12), 28)
    extraction = extract(read_story(text, name=story["id"], published_on=day))
    ours = [our_claim(claim) for claim in extraction.claims if not claim.in_headline]
    gold = [gold_claim(claim) for claim in story["claims"]]
    tallies: dict[str, Tally] = defaultdict(Tally)
    pairs: list[tuple[Said, Said | None, list[str]]] = []
    for step in ("same", "other"):
        for want in gold:
            if want.used:
                continue
            families = (want.family,) if step == "same" else ALSO.get(want.family, ())
            fits = [
                have
                for have in ours
                if not have.used and have.family in families and near_sentence(want, have) and same_number(want, have)
            ]
            if want.family == "change" and want.value is None:
                fits = [have for have in fits if have.value is None]
            if fits:
                best = min(fits, key=lambda have: (len(slots_wrong(want, have)), apart(want, have)))
                best.used = want.used = True
                wrong = slots_wrong(want, best) + (["type"] if step == "other" else [])
                pairs.append((want, best, wrong))
    pairs += [(want, None, ["missing"]) for want in gold if not want.used]
    for want, have, wrong in pairs:
        tally = tallies[want.family]
        tally.gold += 1
        if have is not None:
            tally.aligned += 1
            tallies[have.family].ours += 1
        tally.right += not wrong
        for slot in wrong:
            tally.wrong_slots[slot] += 1
    bases = {
        abs(float(claim["base_value"])) for claim in story["claims"] if isinstance(claim.get("base_value"), int | float)
    }
    extra = [
        have
        for have in ours
        if not have.used
        and not (have.family == "change" and have.value is None and have.base is not None and have.base in bases)
        and not (have.family in {"value", "share"} and have.value is not None and abs(have.value) in bases)
    ]
    for have in extra:
        tallies[have.family].ours += 1
    if verbose and (any(wrong for _, _, wrong in pairs) or extra):
        print(f"\n## {story['id']} {story.get('date')} {story.get('title')}")
        for want, have, wrong in pairs:
            if wrong:
                print(
                    f"  {','.join(wrong):22} GOLD {want.family} {want.exporter}->{want.importer} {want.period} {want.value} {want.unit} | {want.sentence[:150]}"
                )
                if have is not None:
                    print(f"  {'':22} OURS {have.text}")
        for have in extra:
            print(f"  extra                  OURS {have.text}")
    return tallies


def totals(all_tallies: list[dict[str, Tally]]) -> dict[str, Tally]:
    summed: dict[str, Tally] = defaultdict(Tally)
    for tallies in all_tallies:
        for family, tally in tallies.items():
            for name in (family, "all"):
                summed[name].right += tally.right
                summed[name].gold += tally.gold
                summed[name].ours += tally.ours
                summed[name].aligned += tally.aligned
                for slot, count in tally.wrong_slots.items():
                    summed[name].wrong_slots[slot] += count
    return summed


def measures(tally: Tally) -> tuple[float, float, float]:
    precision = tally.right / tally.ours if tally.ours else 0.0
    recall = tally.right / tally.gold if tally.gold else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--with-title", action="store_true", help="put the title before the text, as a page would")
    parser.add_argument("--only", help="score one story")
    parser.add_argument("--bootstrap", type=int, default=500)
    options = parser.parse_args()
    stories = [json.loads(line) for line in options.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    if options.only:
        stories = [story for story in stories if story["id"] == options.only]
    tallied = [score_story(story, with_title=options.with_title, verbose=options.verbose) for story in stories]
    summed = totals(tallied)
    draws: dict[str, list[float]] = defaultdict(list)
    chance = random.Random(20200124)
    for _ in range(options.bootstrap):
        drawn = totals(chance.choices(tallied, k=len(tallied)))
        for family in summed:
            draws[family].append(measures(drawn[family])[2])
    print(f"\n{'family':12} {'gold':>5} {'ours':>5} {'P':>6} {'R':>6} {'F1':>6}  {'95 % interval':15} wrong slots")
    for family in sorted(summed, key=lambda name: (name == "all", -summed[name].gold)):
        tally = summed[family]
        precision, recall, f1 = measures(tally)
        spread = sorted(draws[family]) or [f1]
        low, high = spread[int(0.025 * (len(spread) - 1))], spread[int(0.975 * (len(spread) - 1))]
        slots = ", ".join(f"{slot} {count}" for slot, count in sorted(tally.wrong_slots.items()))
        print(
            f"{family:12} {tally.gold:5} {tally.ours:5} {precision:6.3f} {recall:6.3f} {f1:6.3f}  {low:.3f} to {high:.3f}  {slots}"
        )


if __name__ == "__main__":
    main()
