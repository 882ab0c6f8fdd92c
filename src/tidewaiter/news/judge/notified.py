"""Hold an amount against what was notified under a cap, where statistics keep no such unit or have no such row.

The ledgers of caps (`law`) hold figures as they were published, in barrels or tonnes; they come in, nothing is
opened here. A notification is printed evidence: it bears out, and refutes only what is one slip of the hand away.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tidewaiter.news.judge import wording
from tidewaiter.news.judge.intervals import TIERS, Interval, Tier, written
from tidewaiter.news.judge.readings import DataFinding
from tidewaiter.news.judge.repair import slips_of
from tidewaiter.news.judge.severity import severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.law.ledger import Figure, Ledger
    from tidewaiter.law.notes import LawNote
    from tidewaiter.news.judge.grading import Told
    from tidewaiter.news.model import Claim, Written

_UNITS: Final = frozenset({"bbl", "t"})
_OPEN: Final = frozenset({"unit_differs", "no_data", "no_product_rows", "partial_data", "unresolved"})
"""Reasons for which the data decided nothing and a notification may."""
_EVERYBODY: Final = "all"


def towards_cap(claim: Claim, claims: Iterable[Claim]) -> Claim:
    """Return an amount whose buyer alone is open with the buyer whom a cap on such goods in the story names.

    "Russia told the Committee it had shipped 4,000 barrels" stands beside a cap on oil to one country. Where the
    story names no cap on the goods, or caps towards two countries, the claim comes back as it is.
    """
    if claim.type != "flow_value" or claim.exporter is None or claim.importer is not None:
        return claim
    caps = (one for one in claims if one.type == "quota" and set(one.goods.hs) & set(claim.goods.hs))
    targets = {cap.importer for cap in caps} - {None}
    if set(claim.unresolved) - {"importer"} or len(targets) != 1:
        return claim
    return replace(claim, importer=targets.pop(), unresolved=(), filled=(*claim.filled, ("importer", "cap")))


def by_notification(
    claim: Claim, data: DataFinding, told: Told, notes: Iterable[LawNote], ledgers: Sequence[Ledger]
) -> DataFinding:
    """Return `data`, or what the notifications say of `claim` where the data said nothing.

    `notes` are the measures that cover the claim's goods on their way then: a ledger of one of these measures
    tells what was notified under it.
    """
    number = _number(claim)
    is_open = data.verdict in {"unverifiable", "ambiguous"} and data.reason in _OPEN
    if not is_open or number is None or claim.period is None:
        return data
    measures = {(note.regime, note.measure) for note in notes}
    for ledger in ledgers:
        if any((ledger.regime, measure) in measures for measure in ledger.measures):
            figures = [one for one in _figures(claim, claim.period, number.unit, ledger) if not _is_own(one, told)]
            if figures:
                return _decided(number, figures, ledger)
    return data


def _number(claim: Claim) -> Written | None:
    if claim.type != "flow_value" or claim.number is None or claim.unresolved or claim.calendar is not None:
        return None
    return next((one for one in (claim.number, *claim.number.restated) if one.unit in _UNITS), None)


def _figures(claim: Claim, period: Period, unit: str, ledger: Ledger) -> Iterator[Figure]:
    """Yield the figures that count, in the unit, of the claim's seller, for exactly its period; the newest first."""
    speakers = {claim.exporter, _EVERYBODY} if claim.importer in {None, "W00"} else {claim.exporter}
    known = [one for one in ledger.figures if one.ledger == ledger.counts and one.states in speakers]
    fitting = [one for one in known if one.span == period and one.printed and _amount(one, unit) is not None]
    yield from sorted(fitting, key=lambda one: (one.as_of is None, one.as_of, one.row), reverse=True)


def _amount(figure: Figure, unit: str) -> Fraction | None:
    said = figure.bbl if unit == "bbl" else figure.tonnes
    return Fraction(said) if said is not None else None


def _is_own(figure: Figure, told: Told) -> bool:
    """Tell whether a figure was taken from the page the story stands on."""
    place = urlsplit(figure.url).hostname or ""
    labels = [label for label in place.split(".") if len(label) > 2]
    name = told.story.name.casefold()
    return any(label in name for label in labels if label not in {"www", "com", "net", "org", "news", "world"})


def _decided(number: Written, figures: Sequence[Figure], ledger: Ledger) -> DataFinding:
    for figure in figures:
        tier = _tier(number, figure)
        if tier is not None:
            verdict = "supported_loosely" if tier == "loose" else "supported"
            words = f"What was notified bears it out: {_words(figure, number.unit, ledger)}."
            return DataFinding(verdict, None, words, tried=len(figures), flags=("second_rank",))  # type: ignore[arg-type]
    first = figures[0]
    truth = _amount(first, number.unit)
    assert truth is not None
    if truth in slips_of(number):
        words = f"What was notified is one slip of the hand away: {_words(first, number.unit, ledger)}."
        gap = abs(truth - number.value) / truth
        return DataFinding(
            "contradicted", None, words, tried=len(figures), severity=severity(gap), flags=("second_rank", "digits")
        )
    words = f"What was notified differs: {_words(first, number.unit, ledger)}; printed figures alone do not refute."
    return DataFinding("unverifiable", "second_rank_only", words, tried=len(figures))


def _tier(number: Written, figure: Figure) -> Tier | None:
    truth = _amount(figure, number.unit)
    if truth is None:
        return None
    return next((tier for tier in TIERS if written(number, tier).overlaps(Interval.point(truth))), None)


def _words(figure: Figure, unit: str, ledger: Ledger) -> str:
    amount = _amount(figure, unit)
    assert amount is not None
    side = next((one.title for one in ledger.sides if one.id == figure.ledger), figure.ledger)
    dated = f", as of {figure.as_of.isoformat()}" if figure.as_of else ""
    said = wording.amount(amount, unit)
    return f"{said} for {wording.span(figure.span)}, {side} ({figure.url}{dated}; second rank)"
