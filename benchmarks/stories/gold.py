"""Turn hand-annotated claims into claims of the checker, to measure its verdicts apart from its reading.

Slots come from the annotation; a number is looked up in the text, so that its written form (digits, hedge) is the
story's own. What the annotation does not say (how a figure hangs together with another) stays open: finding that is
the checker's part. `verdicts` prints how often the story's own figures are then judged as the annotation says.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import score

from tidewaiter.base.period import Period
from tidewaiter.news.model import ALL_GOODS, Claim, Extraction, Goods, Story, Written
from tidewaiter.news.words import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.news.judge.findings import Report

TYPES = {"change": "change", "comparison": "change", "share": "share", "ranking": "ranking", "cap": "quota"}
# Some annotations give a fall without its sign: then no direction is given, and only a size that fits is judged.
TYPES |= {"count": "count", "trend": "trend", "composition": "composition"}
LEVELS = {"total": "total", "balance": "balance"}
HEDGES = {"nearly": "nearly", "almost": "nearly", "about": "about", "around": "about", "some": "about"}
CLOSE = Fraction(5, 1000)


def extraction_of(story: Story, gold: list[dict[str, Any]]) -> Extraction:
    """Make the claims of one story out of its annotation, one each, in its order."""
    written = list(_numbers(story.text))
    return Extraction(story, tuple(_claim(place, one, story.text, written) for place, one in enumerate(gold)))


def _numbers(text: str) -> Iterator[Written]:
    at = 0
    while at < len(text):
        found = numbers.lex(text, at) if not (at and text[at - 1].isalnum()) else None
        if found is not None:
            yield found
        at = found.span[1] if found is not None else at + 1


def _claim(place: int, gold: dict[str, Any], text: str, written: list[Written]) -> Claim:
    said = score.gold_claim(gold)
    span = _place(gold.get("sentence") or "", text)
    flow = gold.get("flow")
    is_pair = bool(gold.get("parties")) and not (said.exporter or said.importer)
    if is_pair and flow not in LEVELS:
        flow = "total"
    kind = TYPES.get(gold["type"]) or LEVELS.get(flow or "", "flow_value")
    value, unit = _value(gold), said.unit
    number = _written(value, unit, gold.get("hedge"), written, span) if value is not None else None
    if kind in {"ranking", "trend", "composition"} or gold["type"] == "comparison":
        number = None
    base = gold.get("base_value") if kind == "change" else None
    is_down = (value is not None and value < 0) or gold.get("direction") == "down" or gold.get("relation") == "less"
    way = "down" if is_down else "up" if gold.get("sentence") or kind != "change" else None
    return Claim(
        id=f"g{place}",
        type=kind,  # type: ignore[arg-type]  # the annotation's types are few
        sentence=text[span[0] : span[1]],
        sentence_span=span,
        span=number.span if number is not None else span,
        quote=text[span[0] : span[1]][:120],
        exporter=None if is_pair else said.exporter or _world(gold, "exporter"),
        importer=None if is_pair else said.importer or _world(gold, "importer"),
        parties=tuple(_parties(gold)) if is_pair or flow in LEVELS else (),
        perspective=gold.get("perspective"),
        flow=flow,
        measure=None if kind == "change" else "weight" if unit == "t" else "value",
        goods=Goods(gold["product"], tuple(gold.get("hs") or ())) if gold.get("product") else ALL_GOODS,
        period=_period(gold.get("period")),
        number=number,
        direction=way if kind == "change" else gold.get("direction"),  # type: ignore[arg-type]
        base_period=_period(gold.get("base_period")),
        base=_written(base, _unit_of(base, written, span), None, written, span) if base else None,
        rank=int(value) if kind == "ranking" and value and unit == "rank" else None,
        whole=gold.get("of"),
        attribution=(gold["attribution"],) if gold.get("attribution") else (),
        is_trade=not gold.get("nontrade"),
    )


def _value(gold: dict[str, Any]) -> float | None:
    value = gold.get("value")
    return value[0] if isinstance(value, list) else value


def _parties(gold: dict[str, Any]) -> Iterator[str]:
    """Yield the pair, the side from which it is told first."""
    mine = gold.get("perspective")
    if mine:
        yield mine
    yield from (one for one in gold.get("parties") or () if one != mine)


def _world(gold: dict[str, Any], side: str) -> str | None:
    return "W00" if (gold.get(f"{side}_label") or "").casefold() == "world" else None


def _period(text: str | None) -> Period | None:
    months = score.months(text)
    return Period.parse(months) if months else None


def _place(sentence: str, text: str) -> tuple[int, int]:
    start = text.find(sentence[:40]) if sentence else -1
    return (start, min(len(text), start + len(sentence))) if start >= 0 else (0, len(text))


def _unit_of(value: float | None, written: list[Written], span: tuple[int, int]) -> str | None:
    near = [one for one in written if value and _is_close(one, value) and span[0] <= one.span[0] < span[1]]
    return near[0].unit if near else "USD"


def _is_close(one: Written, value: float) -> bool:
    size = abs(Fraction(value))
    return abs(abs(one.value) - size) <= CLOSE * size


def _written(
    value: float, unit: str | None, hedge: str | None, written: list[Written], span: tuple[int, int]
) -> Written:
    """Find the number in its sentence, else anywhere; else write it as the annotation has it."""
    fits = [one for one in written if _is_close(one, value) and one.unit in {unit, ""}]
    inside = [one for one in fits if span[0] <= one.span[0] < span[1]] or fits
    sign = -1 if value < 0 and unit != "%" else 1
    if inside:
        found = min(inside, key=lambda one: abs(abs(one.value) - abs(Fraction(value))))
        return Written(
            found.text, found.span, sign * abs(found.value), unit or found.unit, found.last_unit, found.round_unit,
            found.hedge, found.restated, found.upper,
        )  # fmt: skip
    exact = Fraction(str(value))
    return Written(str(value), span, exact, unit or "", Fraction(1), Fraction(1), HEDGES.get(hedge or ""))  # type: ignore[arg-type]


def verdicts(gold: list[dict[str, Any]], report: Report) -> Counter[str]:
    """Count how the figures that a story links are judged where reading cannot have gone wrong."""
    counts: Counter[str] = Counter()
    by_id = {finding.claim.id: finding for finding in report.findings}
    for place, one in enumerate(gold):
        finding, consistent = by_id[f"g{place}"], one.get("internally_consistent")
        verdict = finding.arithmetic.verdict
        wrong = consistent is False or bool(one.get("contradicted_elsewhere"))
        counts["given right"] += not wrong
        counts["given accused right"] += not wrong and finding.mark == "conflict"
        if consistent is None:
            continue
        counts["given linked"] += 1
        counts["given judged"] += verdict != "not_checkable"
        counts["given agreed"] += verdict == ("consistent" if consistent else "arithmetic_error")
    return counts
