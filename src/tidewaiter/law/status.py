"""Say what the law orders for one product between two areas on a day or in a span of months.

Pure: a rulebook in, a `Status` out. Statistics know months and codes, the law knows days and
words, so an answer may be undecided (`within_grace`, `partly_in_force`, `too_coarse`, ...), and
where the law is read in two ways both answers are given. No status speaks of guilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, Protocol

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import areas, hs_codes, products

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidewaiter.law.regime import Exemption, Goods, Kind, Measure, Reading, Regime, Rulebook

Word = Literal[
    "permitted",
    "suspect_data",
    "too_coarse",
    "watch",
    "within_quota",
    "licence_needed",
    "quota_undecided",
    "exempt_possible",
    "within_grace",
    "over_quota",
    "banned",
    "partly_in_force",
]
"""What screening may say of a flow; `partly_in_force`: the span holds a change, see both bounds."""

MILD_TO_STRICT: Final[tuple[Word, ...]] = (
    "permitted",
    "suspect_data",
    "too_coarse",
    "watch",
    "within_quota",
    "licence_needed",
    "quota_undecided",
    "exempt_possible",
    "within_grace",
    "over_quota",
    "banned",
)
RANK: Final = {word: rank for rank, word in enumerate(MILD_TO_STRICT)}

_IN_FORCE: Final[dict[Kind, Word]] = {
    "export_ban": "banned",
    "import_ban": "banned",
    "quota": "quota_undecided",
    "price_cap": "quota_undecided",
    "licence": "licence_needed",
    "notification": "permitted",
    "watch": "watch",
    "duty": "permitted",
}
"""What a measure means by itself; whether a quota is used up is the ledger's business, not the law's."""


class Restate(Protocol):
    """Find the codes of another HS edition that hold a code's goods; True: nothing else is in them."""

    def __call__(self, code: str, hs: str, to: str) -> Iterable[tuple[str, bool]]:
        """Yield (code in `to`, whether it holds these goods and no others)."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """One measure that covers the product, with what it meant from the mildest to the strictest day."""

    regime: Regime
    target: str
    measure: Measure
    goods: Goods
    code: str
    strictest: Word
    mildest: Word
    covers_all: bool
    exemptions: tuple[Exemption, ...]
    first: date
    last: date

    @property
    def status(self) -> Word:
        """The one word: `partly_in_force` where the span's days differ."""
        return self.strictest if self.strictest == self.mildest else "partly_in_force"

    @property
    def force(self) -> Literal["in_force", "partly"]:
        """Whether every day of the span means the same."""
        return "in_force" if self.strictest == self.mildest else "partly"

    @property
    def strictness(self) -> tuple[int, bool, bool]:
        """How matches are ordered: by the strictest day, then whole before partly, then whole codes."""
        return RANK[self.strictest], self.force == "in_force", self.covers_all


@dataclass(frozen=True, slots=True)
class Side:
    """What holds under one of two disputed readings."""

    reading: Reading
    status: Word
    coverage: Literal["full", "partial"]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The answer: the strictest status first, every match, both readings where the law is disputed.

    `coarse` are measures on codes finer than the product asked for; `other_days` cover the
    product too but were not in force; `unmatched` could not be compared, since the code does not
    stand in the declaration's HS edition. `bound` are measures that speak to some states only, while
    the other end of the trade was left open: they count for those states and not in `status`.
    """

    product: str
    hs: str
    exporter: str | None
    importer: str | None
    first: date
    last: date
    matches: tuple[Match, ...]
    coarse: tuple[Match, ...]
    sides: tuple[Side, ...]
    other_days: tuple[Match, ...]
    unmatched: tuple[tuple[Measure, str, str], ...]
    bound: tuple[Match, ...]
    general: tuple[Exemption, ...]

    @property
    def status(self) -> Word:
        """The strictest status that any match and any reading gives."""
        decided = self.matches[0].status if self.matches else "permitted"
        return "too_coarse" if self.coarse and decided == "permitted" else decided

    @property
    def coverage(self) -> Literal["full", "partial"]:
        """`full` only where the law covers all of the product under every reading."""
        disputed = any(side.status != self.status or side.coverage != "full" for side in self.sides)
        return "full" if self.matches and self.matches[0].covers_all and not disputed else "partial"

    @property
    def strictness(self) -> tuple[int, bool, bool]:
        """A key that orders statuses: larger is stricter."""
        if self.matches and self.status != "too_coarse":
            return self.matches[0].strictness
        return RANK[self.status], True, True

    @property
    def verified(self) -> bool:
        """Whether words, days and code of the deciding match were seen in a source."""
        return not self.matches or (self.matches[0].measure.verified and self.matches[0].goods.verified)


def status(
    product: str,
    on: date | Period,
    rulebook: Rulebook,
    *,
    exporter: str | None = None,
    importer: str | None = None,
    hs: str = EDITION_UNSTATED,
    restate: Restate | None = None,
) -> Status:
    """Judge `product` going from `exporter` to `importer` (alpha-3, one may stay open) on a day or in a span.

    `hs` is the edition the product is declared in; unstated, codes are compared as numbers. A
    measure's code of another edition is followed by `restate` where that is given, else only as
    far as its number never left the HS. Raises `CodeError` for an unknown code or area,
    `QueryError` where neither area is the target of a regime's trade.
    """
    code = products.resolve_product(product)
    if hs != EDITION_UNSTATED:
        products.in_force(hs)
    for area in (exporter, importer):
        if area is not None:
            areas.name(area)
    if exporter is None and importer is None:
        message = "say where the goods come from or where they go: --from PRK or --to PRK"
        raise QueryError(message)
    span = _days(on)
    found: dict[str, list[Match]] = {"holds": [], "coarse": [], "other_days": [], "bound": [], "elsewhere": []}
    unmatched: list[tuple[Measure, str, str]] = []
    general: dict[Exemption, None] = {}
    for regime, target, measure, is_open in _facing(rulebook, exporter, importer):
        general.update(dict.fromkeys(regime.exemptions))
        for goods, own, relation, exact in _compared(measure, code, hs, restate):
            if relation == "unmatched":
                unmatched.append((measure, own, goods.hs))
                continue
            asked = code if relation == "holds" else own
            match = _judge(regime, target, measure, goods, (own, asked, exact), span)
            found[_heap(match, relation, is_open=is_open)].append(match)
    matches = _ordered(found["holds"])
    return Status(
        product=code,
        hs=hs,
        exporter=exporter,
        importer=importer,
        first=span[0],
        last=span[1],
        matches=matches,
        coarse=_ordered(found["coarse"]),
        sides=tuple(_sides(matches)),
        other_days=tuple(sorted(found["other_days"], key=lambda match: (match.measure.start, match.measure.id))),
        unmatched=tuple(unmatched),
        bound=_ordered(found["bound"]),
        general=tuple(general),
    )


def _heap(match: Match, relation: str, *, is_open: bool) -> str:
    """Name the heap a match belongs on: in force or not, finer than asked or not, binding some or all."""
    measure = match.measure
    if measure.start > match.last or (measure.end is not None and measure.end < match.first):
        return "other_days" if relation == "holds" else "elsewhere"
    if is_open:
        return "bound" if relation == "holds" else "elsewhere"
    return relation


def _compared(
    measure: Measure, code: str, hs: str, restate: Restate | None
) -> Iterator[tuple[Goods, str, Literal["holds", "coarse", "unmatched"], bool]]:
    """Yield each of the measure's codes that has to do with `code`, how, and whether it is no wider."""
    for goods in measure.goods:
        for own in goods.codes:
            codes = _in_edition(own, goods.hs, hs, restate)
            if not codes and own[:4] == code[:4]:
                yield goods, own, "unmatched", False
            for restated, exact in codes:
                if code != TOTAL and code.startswith(restated):
                    yield goods, own, "holds", exact
                elif code == TOTAL or restated.startswith(code):
                    yield goods, own, "coarse", exact


def _days(on: date | Period) -> tuple[date, date]:
    if isinstance(on, Period):
        return on.first_day, Period(on.last, on.last).shifted(1).first_day - timedelta(days=1)
    return on, on


def _facing(
    rulebook: Rulebook, exporter: str | None, importer: str | None
) -> Iterator[tuple[Regime, str, Measure, bool]]:
    """Yield the measures whose target and direction fit the trade, and whether it is open if they bind it."""
    for regime in rulebook.regimes:
        for target in regime.targets:
            for direction, own, other in (("from_target", exporter, importer), ("to_target", importer, exporter)):
                if own != target or (regime.binds and other is not None and other not in regime.binds):
                    continue
                for measure in regime.measures:
                    if measure.direction == direction:
                        yield regime, target, measure, bool(regime.binds) and other is None


def _in_edition(code: str, hs: str, declared: str, restate: Restate | None) -> tuple[tuple[str, bool], ...]:
    """Return the codes to compare with a declaration in the edition `declared`; empty: none is known."""
    if declared in {hs, EDITION_UNSTATED} or len(code) == 2:
        return ((code, True),)
    if restate is not None:
        return tuple(restate(code, hs, declared))
    return ((code, True),) if hs_codes.is_same_number(code, hs, declared) else ()


def _judge(
    regime: Regime,
    target: str,
    measure: Measure,
    goods: Goods,
    codes: tuple[str, str, bool],
    span: tuple[date, date],
) -> Match:
    """Find what the measure means on the mildest and the strictest day of `span`.

    `codes`: the measure's own code, the one exemptions are held against, whether it is no wider.
    """
    own, asked, exact = codes
    exemptions = tuple(
        exemption
        for exemption in measure.exemptions
        if not exemption.codes or any(asked.startswith(one) or one.startswith(asked) for one in exemption.codes)
    )
    words = {on_day(measure, exemptions, day) for day in _changes(measure, *span)}
    return Match(
        regime=regime,
        target=target,
        measure=measure,
        goods=goods,
        code=own,
        strictest=max(words, key=RANK.__getitem__),
        mildest=min(words, key=RANK.__getitem__),
        covers_all=exact and goods.coverage == "exact",
        exemptions=exemptions,
        first=span[0],
        last=span[1],
    )


def on_day(measure: Measure, exemptions: Iterable[Exemption], day: date) -> Word:
    """Say what `measure` alone means on `day` for goods to which `exemptions` apply.

    An exemption that any transaction may claim only ever makes the word milder.
    """
    if not measure.in_force(day):
        return "permitted"
    words: list[Word] = [_IN_FORCE[measure.kind]]
    if measure.winding_down(day):
        words.append("within_grace")
    if any(exemption.reach == "any" for exemption in exemptions):
        words.append("exempt_possible")
    return min(words, key=RANK.__getitem__)


def _changes(measure: Measure, first: date, last: date) -> Iterator[date]:
    """Yield the first day of the span and every later day on which the measure's meaning may change."""
    yield first
    ends = (measure.end, measure.wind_down.end if measure.wind_down else None)
    for day in chain((measure.start,), (end + timedelta(days=1) for end in ends if end)):
        if first < day <= last:
            yield day


def _ordered(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Order the strictest first; among equals the newest measure."""
    newest_first = sorted(matches, key=lambda match: (match.measure.start, match.measure.id), reverse=True)
    return tuple(sorted(newest_first, key=lambda match: match.strictness, reverse=True))


def _sides(matches: tuple[Match, ...]) -> Iterator[Side]:
    """Answer each disputed question once per reading, leaving the other questions open."""
    asked: list[tuple[Regime, str]] = []
    for match in matches:
        question = (match.regime, (match.goods.reading or "").partition(":")[0])
        if question[1] and question not in asked:
            asked.append(question)
    for regime, name in asked:
        for reading in regime.readings:
            if reading.question != name:
                continue
            held = tuple(
                match
                for match in matches
                if match.goods.reading in {None, reading.id} or not (match.goods.reading or "").startswith(f"{name}:")
            )
            best = held[0] if held else None
            yield Side(
                reading,
                best.status if best else "permitted",
                "full" if best and best.covers_all else "partial",
                held,
            )
