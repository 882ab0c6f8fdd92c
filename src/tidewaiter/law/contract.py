"""The law's answers as plain JSON values, for `--json` and for programs; wording stays in `say`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.law.regime import Exemption
    from tidewaiter.law.status import Match, Status
    from tidewaiter.law.timeline import Entry


def status_to_json(status: Status) -> dict[str, Any]:
    """Return a status as JSON values: days as ISO text, every match with its paragraph and assigner."""
    return {
        "product": status.product,
        "hs": status.hs,
        "exporter": status.exporter,
        "importer": status.importer,
        "first": status.first.isoformat(),
        "last": status.last.isoformat(),
        "status": status.status,
        "coverage": status.coverage,
        "verified": status.verified,
        "matches": [_match(match) for match in status.matches],
        "readings": [
            {
                "reading": side.reading.id,
                "words": side.reading.words,
                "status": side.status,
                "coverage": side.coverage,
                "measures": [match.measure.id for match in side.matches],
            }
            for side in status.sides
        ],
        "too_coarse_for": [_match(match) for match in status.coarse],
        "binds_some": [_match(match) for match in status.bound],
        "other_days": [_match(match) for match in status.other_days],
        "not_compared": [{"measure": measure.id, "product": code, "hs": hs} for measure, code, hs in status.unmatched],
        "general_exemptions": [_exemption(exemption) for exemption in status.general],
    }


def timeline_to_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return a timeline as JSON values, oldest first."""
    return [
        {
            "day": entry.day.isoformat(),
            "kind": entry.kind,
            "words": entry.words,
            "regime": entry.regime,
            "cite": str(entry.cite) if entry.cite else None,
            "measures": list(entry.measures),
            "urls": list(entry.urls),
            "verified": entry.verified,
        }
        for entry in entries
    ]


def _match(match: Match) -> dict[str, Any]:
    measure, goods = match.measure, match.goods
    return {
        "regime": match.regime.id,
        "target": match.target,
        "binds": list(match.regime.binds),
        "measure": measure.id,
        "kind": measure.kind,
        "status": match.status,
        "mildest": match.mildest,
        "strictest": match.strictest,
        "goods": goods.words,
        "code": match.code,
        "hs": goods.hs,
        "coverage": "full" if match.covers_all else "partial",
        "assigned_by": goods.assigned_by,
        "reading": goods.reading,
        "act": measure.cite.act,
        "paragraph": measure.cite.place,
        "start": measure.start.isoformat(),
        "end": measure.end.isoformat() if measure.end else None,
        "wind_down_end": measure.wind_down.end.isoformat() if measure.wind_down else None,
        "exemptions": [_exemption(exemption) for exemption in match.exemptions],
        "verified": {"measure": measure.verified, "code": goods.verified},
        "sources": [source.url for source in (*measure.sources, *goods.sources)],
    }


def _exemption(exemption: Exemption) -> dict[str, Any]:
    return {
        "id": exemption.id,
        "words": exemption.words,
        "reach": exemption.reach,
        "verified": exemption.verified,
    }
