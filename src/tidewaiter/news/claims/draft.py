"""What is known while a story is being read: the trade a clause speaks of, claims in the making, the story so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words import spans
from tidewaiter.news.words.parties import is_group

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from tidewaiter.base.period import Period
    from tidewaiter.news.model import ChangeMode, ClaimType, Direction, Goods, Modality, Written
    from tidewaiter.news.words.spans import PeriodWords
    from tidewaiter.news.words.tokens import Token

FlowKind = Literal["import", "export", "total", "balance"]
MEASURES: Final = {"money": "value", "weight": "weight", "volume": "volume", "rate": "volume"}
"""What an amount of a kind of unit measures."""


@dataclass(frozen=True, slots=True)
class Trade:
    """Which trade a clause speaks of. Codes may be groups ("_EU"), `W00` for the world, or None where unsaid."""

    kind: FlowKind
    exporter: str | None = None
    importer: str | None = None
    pair: tuple[str, ...] = ()
    owner: str | None = None
    goods: Goods = ALL_GOODS
    direction: Direction | None = None
    """Of a balance: up for a surplus of the owner, down for a deficit."""
    filled: tuple[tuple[str, str], ...] = ()
    unresolved: tuple[str, ...] = ()
    of_both: bool = False
    """Of a total: told of the two alike ("trade between Fiji and Tonga"), so that it takes nobody's side."""

    @property
    def partner(self) -> str | None:
        """The other side, as its owner sees it."""
        if self.kind in {"total", "balance"}:
            return next((code for code in self.pair if code != self.owner), None)
        return self.exporter if self.owner == self.importer else self.importer

    def with_owner(self, code: str) -> Trade:
        """Return the same trade of the same partner with another owner."""
        if self.kind in {"total", "balance"}:
            return replace(self, pair=tuple(code if other == self.owner else other for other in self.pair), owner=code)
        return replace(self, owner=code, **{"importer" if self.kind == "import" else "exporter": code})  # type: ignore[arg-type]

    def with_partner(self, code: str) -> Trade:
        """Return the same trade of the same owner with another partner."""
        if self.kind in {"total", "balance"}:
            return replace(self, pair=(self.owner, code) if self.owner else (code,))
        if self.kind == "import":
            return replace(self, exporter=code)
        return replace(self, importer=code)

    def with_side(self, side: Literal["exporter", "importer"], code: str) -> Trade:
        """Return the same trade with `code` on one side of it; whose trade it is stays on the side it was."""
        owned = self.owner is not None and self.owner == getattr(self, side)
        left = tuple(slot for slot in self.unresolved if slot != side)
        return replace(self, owner=code if owned else self.owner, unresolved=left, **{side: code})  # type: ignore[arg-type]


@dataclass(slots=True)
class Draft:
    """A claim in the making."""

    type: ClaimType
    trade: Trade
    start: int
    end: int
    number: Written | None = None
    period: Period | None = None
    period_from: str = ""
    base_period: Period | None = None
    direction: Direction | None = None
    mode: ChangeMode | None = None
    base: Draft | None = None
    level: Draft | None = None
    rank: int | None = None
    among: str | None = None
    items: tuple[Goods, ...] = ()
    whole: str | None = None
    run: int | None = None
    run_unit: Literal["month", "quarter", "year"] | None = None
    since: str | None = None
    modality: Modality = "asserted"
    negated: bool = False
    is_trade: bool = True
    measure: Literal["value", "weight", "volume", "count"] | None = None
    position: int = 0
    aside: bool = False
    """Whether its period was told only by leaning on another ("a year earlier"), and so is not the story's."""
    calendar: Literal["iranian", "fiscal"] | None = None


@dataclass(slots=True)
class Known:
    """What the story has said so far, from which later sentences are filled."""

    published_on: date | None
    cast: tuple[str, ...] = ()
    owner: str | None = None
    subject: str | None = None
    trade: Trade | None = None
    flow: Trade | None = None
    pair: tuple[str, ...] = ()
    period: Period | None = None
    year: int | None = None
    world: set[str | None] = field(default_factory=set)
    """Whose trade with all partners together was told, so that their other flows may be with all too."""
    base_kind: str | None = None
    default: Trade | None = None
    last_goods: Goods = ALL_GOODS
    level: Draft | None = None
    bilateral: bool = False
    """Whether two countries alone carry the story, so that a flow of one is with the other."""
    owners: frozenset[str] = frozenset()
    """Parties that the story names as owner or subject somewhere, not only after "to" or "with"."""
    seen: set[str] = field(default_factory=set)
    base_shift: int | None = None
    peers_own: bool = False
    """Whether the countries named next stand in the owner's place ("the largest buyer ... Belgium came second")."""
    partner_is_maker: bool = False
    """Whether the partner was told only as the maker of the goods, so that the countries named next buy too."""
    people_period: Period | None = None
    people_origin: str | None = None
    ranked_side: Literal["exporter", "importer"] | None = None
    """On which side the country stands that was ranked last, for the ones that "came second and third"."""
    fiscal_from: tuple[tuple[int, int], ...] | None = None
    """The month in which the budget year of the story's country begins."""
    source: str | None = None
    """Whose authority gives the figures ("Georgia's statistics service"): a bare "imports" may be its country's."""
    last_partner: str | None = None
    """The only partner of the story's country that the sentence before told of."""
    several: bool = False
    """Whether the sentence before told of the story's trade with several partners, one by one."""
    authority: str | None = None
    """Whose customs or statistics give the figures of the sentence that is read ("Thai customs data list ...")."""
    buyers: set[tuple[str | None, str | None]] = field(default_factory=set)
    """Who sold to whom so far; where a seller had several buyers, a sale that names none is left open."""
    home: str | None = None
    """Who the story takes the side of: the owner of its first flow."""
    antecedent: str | None = None
    """The country right before a clause that opens with "which", which it is of."""
    actor: str | None = None
    """Who does what the sentence tells, for verbs that go on without a subject ("... and supplied ...")."""
    figures: dict[tuple[Fraction, str], Draft] = field(default_factory=dict)
    """The amounts told so far, so that one told again brings its trade and period along."""
    buyer: str | None = None
    """Who last imported, and who last exported, by the story's own telling ("China's imports from ...")."""
    seller: str | None = None
    partner: str | None = None
    """The partner of the clause before in the same sentence, which an "it" after a preposition stands for."""
    history: list[Period] = field(default_factory=list)
    windows: dict[int, Period] = field(default_factory=dict)
    """Spans of so many months that the story dates somewhere ("in those six months (March 1-August 31)")."""
    own_months: bool = False
    """Whether the story's country counts in months of a calendar of its own."""

    @property
    def world_said(self) -> bool:
        """Whether the story has told figures of all partners."""
        return bool(self.world)

    def now(self, current: Period | None) -> spans.Now:
        """Return what the periods of a sentence lean on."""
        return spans.Now(self.published_on, current, self.year, own_months=self.own_months)


@dataclass(slots=True)
class Segment:
    """Part of a sentence about one trade: its tokens and the word that names the trade."""

    tokens: list[Token]
    head: int | None = None
    wholes: list[int] = field(default_factory=list)
    is_first: bool = True


def plain(code: str | None) -> str | None:
    """Return a code that a claim's slot may hold: groups are named elsewhere."""
    return None if code is None or is_group(code) else code


def period_words(token: Token) -> PeriodWords:
    """Return the period of a period token."""
    assert token.period is not None
    return token.period


def written(token: Token) -> Written:
    """Return the number of a number token."""
    assert token.number is not None
    return token.number


def clause_span(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Return the characters of the clause around the token at `at`: no "according to", no other statement."""
    first, last = 0, len(tokens)
    for index in range(at - 1, -1, -1):
        token = tokens[index]
        if token.low in {";", "--", "–", "—"} or (token.kind == "and" and token.low not in {"with", "of which"}):
            first = index + 1
            break
        if token.low == "-" and index and tokens[index - 1].low == "-":
            first = index + 1
            break
    for index in range(at + 1, len(tokens)):
        token = tokens[index]
        if token.low == ";" or (token.kind == "and" and token.low not in {"with", "of which"}):
            last = index
            break
        if token.kind == "say":
            comma = next((back for back in range(index, at, -1) if tokens[back].low == ","), None)
            last = comma if comma is not None else index
            break
    while last > at + 1 and tokens[last - 1].low in {",", "."}:
        last -= 1
    return tokens[first].start, tokens[last - 1].end
