"""Lay an answer or refusal out as plain data for JSON; the layout is docs/reference/ask.md.

Exact decimals become strings, so that no reader rounds them on the way; periods are always
written with both ends; nothing is left out, what is not there is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.base.question import Answer, Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.base.period import Period
    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.question import Evidence, Line, Query, ReceiptNote


def describe(answer: Answer | Refusal) -> dict[str, Any]:
    """Return `answer` as dictionaries, lists, strings and numbers, in a fixed order of keys."""
    if isinstance(answer, Refusal):
        return {
            "answered": False,
            "query": _query(answer.query),
            "reason": answer.reason,
            "missing": answer.missing,
            "command": answer.command,
            "partial": None if answer.partial is None else _answer(answer.partial),
        }
    return {"answered": True, "query": _query(answer.query), **_answer(answer)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "value": _quantity(answer.value),
        "absolute": _quantity(answer.absolute),
        "coverage": number(answer.coverage),
        "at_least": answer.at_least,
        "period": _period(answer.query.period),
        "source": answer.source,
        "side": answer.side,
        "basis": list(answer.basis),
        "rank": answer.rank,
        "comparability": answer.comparability if answer.query.indicator == "change" else None,
        "notes": list(answer.notes),
        "table": [_line(line) for line in answer.table],
        "current": None if answer.current is None else _answer(answer.current),
        "base": None if answer.base is None else _answer(answer.base),
        "like_for_like": None if answer.like_for_like is None else _answer(answer.like_for_like),
        "alternatives": [_answer(other) for other in answer.alternatives],
        "row_count": answer.rows,
        "rows": [_evidence(row) for row in answer.evidence],
        "receipts": [_receipt(note) for note in answer.receipts],
        "sql": answer.sql,
        "cite": answer.cite(),
    }


def number(value: Decimal | None) -> str | None:
    """Write a decimal in full without an exponent or trailing zeros: `46398000`, `44.26`."""
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _query(query: Query) -> dict[str, Any]:
    return {
        "indicator": query.indicator,
        "of": query.of if query.indicator == "change" else None,
        "measure": "weight" if query.indicator == "weight" else query.measure,
        "exporters": list(query.exporters),
        "importers": list(query.importers),
        "perspective": query.perspective,
        "products": list(query.products),
        "hs": query.hs,
        "period": _period(query.period),
        "against": _period(query.against),
        "side": query.side,
        "source": query.source,
        "as_of": None if query.as_of is None else query.as_of.isoformat(),
        "by": query.by,
        "level": query.level,
        "step": query.step,
        "limit": query.limit,
    }


def _period(period: Period | None) -> str | None:
    return None if period is None else period.span()


def _quantity(quantity: Quantity | None) -> dict[str, Any] | None:
    if quantity is None:
        return None
    return {
        "number": number(quantity.value),
        "unit": quantity.unit,
        "low": number(quantity.low),
        "high": number(quantity.high),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "source": line.source,
        "number": number(line.value),
        "unit": line.unit,
        "share": number(line.share),
        "rank": line.rank,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "id": row.id,
        "receipt": row.receipt,
        "row": row.row,
        "rank": row.rank,
        "source": row.source,
        "publisher": row.publisher or None,
        "reporter": row.reporter,
        "partner": row.partner,
        "flow": row.flow,
        "product": row.product,
        "hs": row.hs,
        "period": row.period,
        "number": number(row.value),
        "unit": row.unit,
        "valuation": row.valuation,
        "is_estimated": row.is_estimated,
        "vintage": row.vintage.isoformat(),
        "url": row.url,
        "note": row.note,
    }


def _receipt(note: ReceiptNote) -> dict[str, Any]:
    return {
        "receipt": note.receipt,
        "sha256": note.sha256,
        "source": note.source,
        "file": note.file,
        "url": note.url,
        "licence": note.licence,
        "citation": note.citation,
        "vintage": note.vintage.isoformat(),
    }
