"""Write a report as the JSON that other programs may rely on: every listed key, always.

The schema beside this module (`findings.schema.json`) is the contract; `docs/reference/findings.md` is
made from it. Owns the shape and the spelling of numbers, and no judgement.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.news.judge import wording
from tidewaiter.news.judge.vocabulary import area_words, direction_of, unit_word

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.question import Answer, Evidence, Query
    from tidewaiter.law.notes import LawNote
    from tidewaiter.news.judge.comparability import Comparison
    from tidewaiter.news.judge.findings import Finding, Operand, Report, Step
    from tidewaiter.news.judge.grading import Cell
    from tidewaiter.news.judge.intervals import Bound
    from tidewaiter.news.judge.repair import Repair
    from tidewaiter.news.model import Claim, Goods, Written

VERSION: Final = "1"
_PLACES: Final = 6
_SIGNED: Final = frozenset({"change", "balance"})


def to_json(report: Report) -> str:
    """Write the report as JSON text, the same bytes for the same report on every machine."""
    return json.dumps(to_dict(report), ensure_ascii=False, indent=2, allow_nan=False)


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain values, in the order of keys the schema gives."""
    story = report.story
    return {
        "version": VERSION,
        "story": {
            "name": story.name or None,
            "title": story.title,
            "published_on": story.published_on.isoformat() if story.published_on else None,
            "dated_by": story.dated_by,
            "language": story.language,
            "sha256": story.sha256,
            "text": story.text,
        },
        "claims": [_claim(finding) for finding in report.findings],
        "unread": [{"text": one.text, "span": list(one.span), "reason": one.reason} for one in report.unread],
    }


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema of `to_dict`, as it ships with the package."""
    text = files("tidewaiter.news.judge").joinpath("findings.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def number(value: Bound | Decimal | None) -> int | float | None:
    """Write a number as JSON does: whole numbers as integers, others to six places; open ends as null."""
    if value is None or isinstance(value, float):
        return None
    exact = Fraction(value)
    if exact.denominator == 1:
        return int(exact)
    rounded = wording.decimal(exact, _PLACES)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _claim(finding: Finding) -> dict[str, Any]:
    claim = finding.claim
    arithmetic = finding.arithmetic
    base = claim.base
    exporter, importer = area_words(claim.exporter), area_words(claim.importer)
    return {
        "id": claim.id,
        "type": claim.type,
        "sentence": claim.sentence,
        "span": list(claim.span),
        "quote": claim.quote,
        "exporter": exporter[0],
        "exporter_label": exporter[1],
        "importer": importer[0],
        "importer_label": importer[1],
        "parties": list(claim.parties),
        "perspective": claim.perspective,
        "flow": claim.flow,
        "measure": claim.measure,
        "product": _goods(claim.goods),
        "items": [_goods(item) for item in claim.items],
        "period": claim.period.span() if claim.period else None,
        "value": _value(claim),
        "unit": unit_word(claim.number.unit) if claim.number else None,
        "hedge": claim.number.hedge if claim.number else None,
        "restated": [_written(one) for one in claim.number.restated] if claim.number else [],
        "direction": direction_of(claim),
        "mode": claim.mode,
        "base_period": claim.base_period.span() if claim.base_period else None,
        "base_value": number(base.value) if base else None,
        "base_unit": unit_word(base.unit) if base else None,
        "level_id": claim.level_id,
        "base_id": claim.base_id,
        "attribution": " citing ".join(claim.attribution) or None,
        "attribution_chain": list(claim.attribution),
        "modality": claim.modality,
        "negated": claim.negated,
        "in_headline": claim.in_headline,
        "unresolved": list(claim.unresolved),
        "filled": dict(claim.filled),
        "arithmetic": {
            "verdict": arithmetic.verdict,
            "implied_low": _rounded(arithmetic.implied.low) if arithmetic.implied else None,
            "implied_high": _rounded(arithmetic.implied.high) if arithmetic.implied else None,
            "explanation": arithmetic.explanation,
            "tier": arithmetic.tier,
            "reading": arithmetic.reading,
        },
        "comparability": finding.comparison.verdict,
        "comparison": _comparison(finding.comparison),
        "data": {
            "verdict": finding.data.verdict,
            "reason": finding.data.reason,
            "answers": [_answer(cell, is_chosen=cell is finding.data.chosen) for cell in finding.answers],
            "sentence": finding.data.sentence,
            "readings_tried": finding.data.tried,
            "missing": finding.data.refusal.missing if finding.data.refusal else None,
            "command": finding.data.refusal.command if finding.data.refusal else None,
            "reconciled": _settled(finding.data.settled),
        },
        "mark": finding.mark,
        "severity": finding.severity,
        "flags": list(finding.flags),
        "explanation": finding.explanation.text,
        "repair": _repair(finding.repairs),
        "sanctions": [_sanction(note) for note in finding.sanctions],
        "steps": [_step(step) for step in finding.steps],
    }


def _sanction(note: LawNote) -> dict[str, Any]:
    used = note.share_used
    return {
        "sentence": str(note),
        "regime": note.regime,
        "measure": note.measure,
        "kind": note.kind,
        "act": note.act,
        "paragraph": note.paragraph,
        "since": note.since.isoformat(),
        "until": note.until.isoformat() if note.until else None,
        "goods": note.goods,
        "product": note.product,
        "partial": note.partial,
        "quota_used_low": number(used.low) if used else None,
        "quota_used_high": number(used.high) if used else None,
        "quota_period": note.share_period,
        "verified": note.verified,
    }


def _value(claim: Claim) -> int | float | None:
    """Write the claim's number; a fall in per cent, points or an amount is negative, and so is a deficit."""
    if claim.number is None:
        return None
    value = claim.number.value
    falls = claim.type in _SIGNED and direction_of(claim) == "down" and claim.number.unit != "x"
    return number(-abs(value) if falls else value)


def _rounded(value: Bound) -> int | float | None:
    """Write an implied end to two places for small numbers, to whole units for money."""
    if not isinstance(value, Fraction):
        return None
    return number(Fraction(wording.decimal(value, 2 if abs(value) < 10_000 else 0)))


def _goods(goods: Goods) -> dict[str, Any]:
    return {"text": goods.text, "hs": list(goods.hs), "certainty": goods.certainty}


def _written(one: Written) -> dict[str, Any]:
    return {"text": one.text, "span": list(one.span), "value": number(one.value), "unit": unit_word(one.unit)}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "explanation": comparison.explanation,
        "bound": comparison.bound,
        "like_for_like": [
            {
                "period": one.period.span(),
                "against": one.against.span(),
                **_quantity(one.answer.value),
                "source": one.answer.source,
                "rank": one.answer.rank,
                "current": _level(one.answer.current),
                "base": _level(one.answer.base),
                "rows": [row.id for row in one.answer.evidence],
                "cite": one.answer.cite(),
            }
            for one in comparison.alike
        ],
    }


def _level(answer: Answer | None) -> int | float | None:
    return number(answer.value.value) if answer is not None and answer.value is not None else None


def _quantity(quantity: Quantity | None) -> dict[str, Any]:
    if quantity is None:
        return {"value": None, "unit": None, "low": None, "high": None}
    return {
        "value": number(quantity.value),
        "unit": unit_word(quantity.unit),
        "low": number(quantity.low),
        "high": number(quantity.high),
    }


def _answer(cell: Cell, *, is_chosen: bool) -> dict[str, Any]:
    answer = cell.answer
    return {
        "reading": cell.reading.label,
        "query": _query(answer.query),
        **_quantity(answer.value),
        "source": answer.source,
        "side": answer.side,
        "rank": answer.rank,
        "coverage": number(answer.coverage),
        "is_default": cell.is_default,
        "is_chosen": is_chosen,
        "is_own_outlet": cell.is_own,
        "tier": cell.tier,
        "notes": list(answer.notes),
        "rows": [_row(row) for row in answer.evidence],
        "files": [
            {
                "receipt": note.receipt,
                "file": note.file,
                "sha256": note.sha256,
                "source": note.source,
                "licence": note.licence,
                "url": note.url,
                "vintage": note.vintage.isoformat(),
            }
            for note in answer.receipts
        ],
        "sql": answer.sql,
        "cite": answer.cite(),
    }


def _settled(cell: Cell | None) -> dict[str, Any] | None:
    """Write what both sides' declarations settle on, where the claim lies inside of it."""
    if cell is None:
        return None
    answer = cell.answer
    return {
        **_quantity(answer.value),
        "source": answer.source,
        "basis": list(answer.basis),
        "rows": [row.id for row in answer.evidence],
        "cite": answer.cite(),
    }


def _query(query: Query) -> dict[str, Any]:
    return {
        "indicator": query.indicator,
        "exporters": list(query.exporters),
        "importers": list(query.importers),
        "period": query.period.span() if query.period else None,
        "against": query.against.span() if query.against else None,
        "products": list(query.products),
        "perspective": query.perspective,
    }


def _row(row: Evidence) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": row.source,
        "reporter": row.reporter,
        "partner": row.partner,
        "flow": row.flow,
        "product": row.product,
        "hs": row.hs,
        "period": row.period,
        "value": number(row.value),
        "unit": unit_word(row.unit),
        "valuation": row.valuation,
        "vintage": row.vintage.isoformat(),
        "publisher": row.publisher or None,
        "url": row.url,
        "is_estimated": row.is_estimated,
        "note": row.note,
    }


def _repair(mends: tuple[Repair, ...]) -> dict[str, Any] | None:
    if not mends:
        return None
    listed = [
        {
            "kind": one.kind,
            "sentence": one.sentence,
            "text": one.text,
            "span": list(one.span),
            "low": _rounded(one.low) if one.low is not None else None,
            "high": _rounded(one.high) if one.high is not None else None,
            "unit": unit_word(one.unit),
            "mends": one.mends,
        }
        for one in mends
    ]
    return {**listed[0], "alternatives": listed[1:]}


def _step(step: Step) -> dict[str, Any]:
    return {
        "op": step.op,
        "operands": [_operand(one) for one in step.operands],
        "result": _ends(step.result),
        "claimed": _ends(step.claimed),
        "tier": step.tier,
        "agrees": step.agrees,
    }


def _operand(one: Operand) -> dict[str, Any]:
    return {
        "text": one.text,
        "span": list(one.span) if one.span else None,
        "claim": one.claim,
        "over": one.over,
        "sign": one.sign,
        "scale": _ends(one.scale),
        "rows": list(one.rows),
        "interval": _ends((one.low, one.high)),
    }


def _ends(ends: tuple[Bound, Bound] | None) -> list[str | None] | None:
    """Write an interval as two exact fractions ("161/125"), null for an open end."""
    if ends is None:
        return None
    return [str(end) if isinstance(end, Fraction) else None for end in ends]
