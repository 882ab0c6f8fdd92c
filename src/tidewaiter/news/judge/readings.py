"""Hold a claim against the data: every reading in a fixed order, each graded, then one verdict.

A verdict needs more to accuse than to support: only complete declared rows contradict, or the very
source the story names, and only by more than sources and vintages of one number differ anyway. The
data come through `ask`, handed in; owns the decision, not the sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.errors import TidewaiterError
from tidewaiter.base.question import Answer, Refusal
from tidewaiter.news.judge import series, wording
from tidewaiter.news.judge.grading import (
    CHANGES_OF,
    Cell,
    Told,
    cell_words,
    cells_of,
    chance,
    is_of_amount,
    levels_of,
    said_of,
)
from tidewaiter.news.judge.groups import as_areas
from tidewaiter.news.judge.money import is_shared, rate_words, roughly_in_dollars
from tidewaiter.news.judge.orders import order_of
from tidewaiter.news.judge.questions import Reason, in_known_unit, no_question, readings
from tidewaiter.news.judge.rates import is_rate
from tidewaiter.news.judge.severity import Severity, severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.base.question import Query
    from tidewaiter.news.model import Claim

    Ask = Callable[[Query], Answer | Refusal]

DataVerdict = Literal[
    "supported", "supported_loosely", "supported_other_reading", "contradicted", "unverifiable", "ambiguous"
]

OWN_DECLARATION: Final = Fraction(5, 100)
"""By so much revisions and publishers of one declaration differ without anyone being wrong."""
MIRROR: Final = Fraction(25, 100)
"""By so much the other side's declaration differs: freight, timing, re-exports."""
ESTIMATE: Final = Fraction(4)
"""An estimate accuses only a level that is off by a factor of five; it never accuses a change."""
SAME: Final = Fraction(5, 1000)
"""Two states of one publication may differ by so much and mean the same figure."""
ANOTHER_THING: Final = 20
"""A level off by more than this factor hardly speaks of the same trade; a thousandfold slip is told apart."""
CHANGES: Final = Fraction(5, 100)
"""By so much the ratio of two levels differs between sources; freight cancels out, but not in a sum of both ways."""
CHANCE: Final = Fraction(5, 100)
"""Forking paths: an alternative that would match by chance more often than this supports nothing."""


@dataclass(frozen=True, slots=True)
class DataFinding:
    """What the data say of one claim: verdict, typed reason, a sentence, and every number tried."""

    verdict: DataVerdict
    reason: Reason | None
    sentence: str
    cells: tuple[Cell, ...] = ()
    chosen: Cell | None = None
    tried: int = 0
    refusal: Refusal | None = None
    severity: Severity | None = None
    flags: tuple[str, ...] = ()
    settled: Cell | None = None
    """What both sides' declarations settle on, where the claim lies inside its interval and off the declared figure."""

    @property
    def answer(self) -> Answer | None:
        """The answer to the default reading, whatever its grade; None where there is none."""
        return self.cells[0].answer if self.cells and self.cells[0].reading.is_default else None


_NO_QUESTION: Final[dict[Reason, str]] = {
    "not_a_trade_statistic": "Trade statistics do not count this.",
    "forecast": "It is about the future: nothing can bear it out yet.",
    "denied": "The story reports that this was denied; it is not checked as a fact.",
    "unresolved": "The story does not say for certain {slots}, so it is not held against the data.",
    "group_of_countries": "{groups}: this group declares nothing as one, and its members are not added up here.",
    "no_period": "The story does not say for which period this holds, or not with which month it ends.",
    "no_parties": "The story does not say between whom.",
    "no_number": "There is no number to check.",
    "goods_not_mapped": "These goods have no product code here, so no rows can be named for them.",
    "no_exchange_rate": "It is said in a currency for which no rate of its period is held.",
    "unit_differs": "The statistics are not kept in this unit.",
    "no_comparable_series": "It speaks of a whole series or order, which is not held complete here.",
}

_OPEN: Final = {
    "base_period": "since when it changed",
    "exporter": "who sells",
    "importer": "who buys",
    "parties": "between whom",
    "direction": "which way it went",
    "unit": "by how much in dollars",
    "fact": "that it was so",
    "scope": "that it is of more than a part which statistics do not tell apart",
}


def hold(claim: Claim, told: Told, ask: Ask) -> DataFinding:
    """Ask every reading of `claim`, grade what comes back, and decide."""
    claim = as_areas(claim)
    reason = no_question(claim, told.rolling)
    if reason is not None:
        verdict: DataVerdict = "ambiguous" if reason == "unresolved" else "unverifiable"
        return DataFinding(verdict, reason, _why_not(claim, reason))
    if _is_not_over(claim, told):
        return DataFinding("unverifiable", "no_period", "Its period was not over when the story appeared.")
    finding = _series(claim, ask) if series.is_of_series(claim) else _asked(claim, told, ask)
    if claim.groups and finding.verdict == "contradicted":
        words = f"{finding.sentence} Who belongs to the group, story and publisher may count differently."
        finding = replace(
            finding, verdict="ambiguous", reason="sources_differ", sentence=words, severity=None, flags=()
        )
    converted = rate_words(claim) if finding.cells else None
    return finding if converted is None else replace(finding, sentence=f"{finding.sentence} {converted}")


def _is_not_over(claim: Claim, told: Told) -> bool:
    """Tell whether the story appeared inside the claim's period: "this year" is then so far, and not all of it."""
    day = told.story.published_on
    return day is not None and claim.period is not None and claim.period.last >= day.year * 12 + day.month - 1


def _why_not(claim: Claim, reason: Reason) -> str:
    """Say why a claim is not asked about, naming the slot that is open or the group that stands in it."""
    slots = wording.joined([_OPEN.get(slot, slot) for slot in claim.unresolved])
    groups = wording.joined(list(dict.fromkeys(claim.groups.values())))
    if reason == "unit_differs" and is_rate(claim):
        return "It is so much on average, and the story does not say for each what."
    return _NO_QUESTION[reason].format(slots=slots, groups=groups)


def _asked(claim: Claim, told: Told, ask: Ask) -> DataFinding:
    tried = readings(claim)
    if not tried and claim.type == "change":
        return DataFinding("unverifiable", "no_period", "The story does not say since when it changed so.")
    if not tried:
        return DataFinding("unverifiable", "no_comparable_series", _NO_QUESTION["no_comparable_series"])
    cells: list[Cell] = []
    refusals: list[Refusal] = []
    for reading in tried:
        answer = answered(reading.query, ask)
        if isinstance(answer, Refusal):
            refusals.append(answer)
        elif claim.type in {"composition", "ranking"}:
            return _order(claim, answer)
        else:
            cells.extend(cells_of(claim, told, reading, answer))
    if claim.type == "zero":
        return _zero(claim, cells, refusals)
    if not cells:
        return _refused(claim, refusals)
    return _decide(claim, tuple(cells), refusals[0] if refusals else None)


def answered(query: Query, ask: Ask) -> Answer | Refusal:
    """Ask; a question that contradicts itself is a refusal here, for a story may say such things."""
    try:
        return ask(query)
    except TidewaiterError as error:
        return Refusal(query, "no_data", str(error))


def _refused(claim: Claim, refusals: Sequence[Refusal]) -> DataFinding:
    first = refusals[0] if refusals else None
    reason: Reason = first.reason if first else "no_data"
    sentence = f"No data: {first.missing}." if first else "No figure besides this story's own."
    if first is not None and claim.items and reason == "no_data":
        reason, sentence = "no_product_rows", f"No rows by product: {first.missing}."
    return DataFinding("unverifiable", reason, sentence, refusal=first, tried=len(refusals))


def _decide(claim: Claim, cells: tuple[Cell, ...], refusal: Refusal | None) -> DataFinding:
    usable = [cell for cell in cells if not cell.is_own]
    if not usable:
        return DataFinding("unverifiable", "no_data", "No figure besides this story's own.", cells, refusal=refusal)
    close = [cell for cell in usable if cell.tier in {"strict", "trunc"} and cell.sense != "understated"]
    default = [cell for cell in close if cell.is_default]
    if default:
        best = min(default, key=lambda cell: (cell.answer.rank, cell.tier != "strict"))
        return _supported("supported", claim, cells, best)
    loose = [cell for cell in usable if cell.tier is not None and cell.is_default]
    if loose:
        return _supported("supported_loosely", claim, cells, loose[0])
    others = [cell for cell in close if cell.tier == "strict"]
    if others and chance(claim, len(usable) - 1) <= CHANCE:
        return _supported("supported_other_reading", claim, cells, others[0])
    if others:
        words = "Only another reading fits, and among so many readings that may be chance."
        return DataFinding("ambiguous", "readings_differ", words, cells, others[0], len(cells))
    return _no_match(claim, cells, usable, refusal)


def _supported(verdict: DataVerdict, claim: Claim, cells: tuple[Cell, ...], chosen: Cell) -> DataFinding:
    flags = []
    if chosen.sense in {"understated", "literal", "careless"}:
        flags.append(f"{chosen.sense}_reading" if chosen.sense != "understated" else "understated")
    said = said_of(claim, "strict")[0][1]
    cut = chosen.tier == "trunc" and claim.number is not None and claim.number.hedge is None
    if cut and chosen.truth.low > said.high and claim.type not in CHANGES_OF:
        flags.append("truncated")
    if chosen.answer.rank == 2:
        flags.append("second_rank")
    lead = {
        "supported": "The data bear it out",
        "supported_loosely": "The data bear it out loosely",
        "supported_other_reading": "Another reading bears it out",
    }[verdict]
    if chosen.answer.rank == 2:
        lead = lead.replace("The data bear", "A printed figure bears")
    return DataFinding(verdict, None, f"{lead}: {cell_words(chosen)}.", cells, chosen, len(cells), flags=tuple(flags))


def _no_match(claim: Claim, cells: tuple[Cell, ...], usable: list[Cell], refusal: Refusal | None) -> DataFinding:
    first = next((cell for cell in usable if cell.is_default), usable[0])
    gaps = [cell.gap for cell in usable if cell.gap is not None]
    nearest = min(gaps) if gaps else Fraction(0)
    flags = _flags(claim, first)
    if nearest <= SAME and "wrong_direction" not in flags and gaps:
        words = f"The data bear it out but for the last digits: {cell_words(first)}."
        return DataFinding(
            "supported_loosely", None, words, cells, first, len(cells), refusal, flags=("vintage_differs",)
        )
    if _is_another_thing(claim, first, flags):
        words = f"The figures here are so far from it that they hardly speak of the same: {cell_words(first)}."
        return DataFinding("ambiguous", "readings_differ", words, cells, first, len(cells), refusal)
    if _may_accuse(claim, first) and (nearest > _tolerance(claim, first) or "wrong_direction" in flags):
        words = f"The data say otherwise: {cell_words(first)}."
        band = severity(first.gap, flags)
        return DataFinding("contradicted", None, words, cells, first, len(cells), refusal, band, flags)
    if first.answer.rank == 2:
        words = f"A printed figure differs: {cell_words(first)}; printed figures alone do not refute."
        return DataFinding("unverifiable", "second_rank_only", words, cells, first, len(cells), refusal)
    if first.answer.coverage < 1 or _is_at_least(first.answer):
        words = f"Not all rows are there: {cell_words(first)}."
        return DataFinding("unverifiable", "partial_data", words, cells, first, len(cells), refusal)
    words = f"The figures here differ, by no more than sources and vintages do: {cell_words(first)}."
    return DataFinding("ambiguous", "sources_differ", words, cells, first, len(cells), refusal)


def _series(claim: Claim, ask: Ask) -> DataFinding:
    """Hold a streak or a record against the series it speaks of, where that is held whole."""
    none = DataFinding("unverifiable", "no_comparable_series", _NO_QUESTION["no_comparable_series"])
    plain = readings(replace(claim, type="zero", run=None))
    asked = series.question(claim, plain[0].query) if plain else None
    if asked is None:
        return none
    said = answered(asked, ask)
    answer = said.partial if isinstance(said, Refusal) else said
    if answer is None or answer.rank != 1:
        return replace(none, refusal=said) if isinstance(said, Refusal) else none
    outcome = series.judge(claim, answer, MIRROR if answer.side == "mirror" else OWN_DECLARATION)
    words = f"{outcome.sentence[:-1]} ({answer.source})."
    is_soft = answer.at_least or any(row.is_estimated for row in answer.evidence)
    if outcome.verdict == "holds" and not answer.at_least:
        return DataFinding("supported", None, words, tried=1)
    if outcome.verdict == "breaks" and not is_soft:
        flag = "superlative_false" if claim.type == "record" else "streak_broken"
        return DataFinding("contradicted", None, words, tried=1, severity="qualitative", flags=(flag,))
    if outcome.verdict == "not_whole":
        return replace(none, sentence=f"It needs its whole series. {words}", tried=1)
    return DataFinding("ambiguous", "sources_differ", words, tried=1)


def _may_accuse(claim: Claim, cell: Cell) -> bool:
    if _is_at_least(cell.answer) or is_shared(claim):
        return False
    if cell.answer.rank == 1:
        return cell.answer.coverage >= 1 and not (cell.is_estimated and claim.type in {*CHANGES_OF, "share"})
    named = " ".join(claim.attribution).casefold()
    return any(row.publisher and row.publisher.casefold() in named for row in cell.answer.evidence)


def _is_at_least(answer: Answer) -> bool:
    """Tell whether a number is a sum of finer lines that may not be all: the truth may be more."""
    return any(one.at_least for one in (answer, answer.current, answer.base) if one is not None)


def _tolerance(claim: Claim, cell: Cell) -> Fraction:
    if cell.answer.rank == 2:
        return Fraction(0)
    if claim.type == "share":
        return CHANGES
    if claim.type in CHANGES_OF:
        is_pair = claim.flow in {"total", "balance"}
        allowed = MIRROR if is_pair and cell.answer.side == "mirror" else CHANGES
        levels = levels_of(cell.answer) if is_of_amount(claim) and cell.value else ()
        # An amount between two levels may differ by what the levels themselves may.
        return allowed * max([Fraction(1), *(abs(size / cell.value) for size in levels)])
    if cell.is_estimated:
        return ESTIMATE
    if claim.type == "balance" and cell.value:
        # A gap may differ by what the two flows it is the difference of may together.
        flows = sum((abs(Fraction(line.value)) for line in cell.answer.table if line.value is not None), Fraction(0))
        allowed = MIRROR if cell.answer.side == "mirror" else OWN_DECLARATION
        return allowed * max(Fraction(1), flows / abs(cell.value))
    return MIRROR if cell.answer.side == "mirror" else OWN_DECLARATION


def _is_another_thing(claim: Claim, cell: Cell, flags: tuple[str, ...]) -> bool:
    if claim.type not in {"flow_value", "total"} or "wrong_magnitude" in flags:
        return False
    figure = in_known_unit(claim.number) if claim.number is not None else None
    size = figure.value if figure is not None else roughly_in_dollars(claim)
    if not size or not cell.value:
        return False
    small, large = sorted((abs(size), abs(cell.value)))
    return small * ANOTHER_THING < large


def _flags(claim: Claim, cell: Cell) -> tuple[str, ...]:
    if claim.type in CHANGES_OF:
        said = said_of(claim, "loose")[0][1]
        up_for_down = said.high <= 1 and cell.truth.low > 1 + CHANGES
        down_for_up = said.low >= 1 and cell.truth.high < 1 - CHANGES
        is_told = claim.direction is not None and cell.unit == "x"
        return ("wrong_direction",) if is_told and (up_for_down or down_for_up) else ()
    figure = in_known_unit(claim.number) if claim.number is not None else None
    if figure is None or not figure.value or not cell.value:
        return ()
    factor = abs(cell.value / figure.value)
    for size in (10, 1000, 1_000_000):
        if any(abs(factor / power - 1) < OWN_DECLARATION for power in (Fraction(size), Fraction(1, size))):
            return ("wrong_magnitude",)
    return ()


def _zero(claim: Claim, cells: list[Cell], refusals: Sequence[Refusal]) -> DataFinding:
    """Judge "imported none": a declared row refutes it, a filing without the line bears it out, silence neither."""
    assert claim.period is not None
    declared = [cell for cell in cells if cell.answer.rank == 1 and cell.is_default and not cell.is_estimated]
    if any(cell.value > 0 for cell in declared):
        first = next(cell for cell in declared if cell.value > 0)
        words = f"Rows were declared: {cell_words(first)}."
        flags = ("not_zero",)
        return DataFinding("contradicted", None, words, tuple(cells), first, len(cells), None, "qualitative", flags)
    if declared and all(cell.value == 0 and cell.answer.coverage >= 1 for cell in declared):
        words = f"Filed for {wording.span(claim.period)} without a line for these goods."
        return DataFinding("supported", None, words, tuple(cells), declared[0], len(cells))
    return _refused(claim, refusals)


def _order(claim: Claim, answer: Answer) -> DataFinding:
    """Hold the order in which goods are named against their declared sizes."""
    order = order_of(claim, answer)
    if order.missing:
        words = f"No rows by product for {wording.joined(list(order.missing))}."
        return DataFinding("unverifiable", "no_product_rows", words, tried=1)
    said = "; ".join(f"{name} {wording.amount(value, 'USD')}" for name, value in order.sizes)
    if order.holds:
        return DataFinding("supported", None, f"The rows give this order: {said} ({answer.source}).", tried=1)
    is_whole = answer.rank == 1 and answer.coverage >= 1 and not answer.at_least
    if is_whole and order.shortfall > MIRROR and order.survives_rest:
        words = f"The rows give another order: {said} ({answer.source})."
        return DataFinding("contradicted", None, words, tried=1, severity="qualitative", flags=("rank_wrong",))
    return DataFinding("ambiguous", "sources_differ", f"The rows give nearly this order: {said}.", tried=1)
