"""The shapes of a story and of what it claims: typed tokens fill these, checks read them.

A written number is an interval set, held in exact fractions; a claim is canonical (exporter ->
importer, whole months) and every slot points at characters of the text or says how it was filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from tidewaiter.base.period import Period

ClaimType = Literal[
    "flow_value",
    "total",
    "balance",
    "change",
    "share",
    "ranking",
    "composition",
    "quota",
    "count",
    "trend",
    "record",
    "zero",
    "forecast",
]
Hedge = Literal["more_than", "at_least", "nearly", "about", "up_to", "less_than"]
Direction = Literal["up", "down", "flat"]
Modality = Literal["asserted", "reported", "denied", "planned"]
ChangeMode = Literal["relative", "absolute", "points", "multiple", "fraction", "direction_only"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """One written number.

    `value` is in base units (42 million -> 42000000); `last_unit` is the value of its last
    written digit, `round_unit` that of its last digit that is not a trailing zero.

    `unit`: USD, CNY, EUR, ..., t, bbl, bbl/d, %, pp, x (multiple), persons, visas, months, rank, count.
    `restated` holds the same amount in another currency or unit, as in "448.8 million yuan ($71.31 million)".
    """

    text: str
    span: Span
    value: Fraction
    unit: str
    last_unit: Fraction
    round_unit: Fraction
    hedge: Hedge | None = None
    restated: tuple[Written, ...] = ()
    upper: Fraction | None = None
    """The upper end where a range was written ("60,000-65,000 tons")."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods: the words, the HS codes they stand for, and how surely (exact, family, unmapped)."""

    text: str | None
    hs: tuple[str, ...] = ()
    certainty: Literal["exact", "family", "unmapped"] = "exact"
    alternatives: tuple[str, ...] = ()
    span: Span | None = None


ALL_GOODS = Goods(None)
GROUP = "group: "
"""How `Claim.filled` marks a slot that holds a group of countries; its name follows."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a story says. Spans are offsets in the story's normalised text.

    `exporter`, `importer`: alpha-3, `W00` for the world, None where not said; for totals and balances both are
    None and `parties` names the pair (for a balance its owner first). `perspective`: whose import or export it
    was called. `flow`: the word used, import, export, total or balance. A change has its size in `number`
    (unit %, pp, x or an amount), its levels in `level` and `base` where the story states them: each level is
    also a claim of its own, named in `level_id` and `base_id`. `filled` says for each slot that was not in the
    claim's own words where it came from (clause, sentence, paragraph, headline, dateline, pair).
    """

    id: str
    type: ClaimType
    sentence: str
    sentence_span: Span
    span: Span
    quote: str
    exporter: str | None = None
    importer: str | None = None
    parties: tuple[str, ...] = ()
    perspective: str | None = None
    flow: Literal["import", "export", "total", "balance"] | None = None
    measure: Literal["value", "weight", "volume", "count"] | None = None
    goods: Goods = ALL_GOODS
    period: Period | None = None
    number: Written | None = None
    direction: Direction | None = None
    mode: ChangeMode | None = None
    base_period: Period | None = None
    base: Written | None = None
    level: Written | None = None
    level_id: str | None = None
    base_id: str | None = None
    rank: int | None = None
    among: str | None = None
    items: tuple[Goods, ...] = ()
    """The goods of a composition or the list a ranking runs over, in order."""
    whole: str | None = None
    """The words a share is a share of, or the name of a cap."""
    run: int | None = None
    """Length of a streak, in `run_unit`s."""
    run_unit: Literal["month", "quarter", "year"] | None = None
    since: str | None = None
    attribution: tuple[str, ...] = ()
    modality: Modality = "asserted"
    negated: bool = False
    in_headline: bool = False
    is_trade: bool = True
    """False for visas, workers, tourists: claims that no trade statistic can bear out."""
    unresolved: tuple[str, ...] = ()
    """Slots with more than one possible filling; a claim with any is never contradicted, at most ambiguous."""
    filled: tuple[tuple[str, str], ...] = ()
    calendar: Literal["iranian", "fiscal"] | None = None
    """The calendar of the period where it is not the months' own: no monthly rows align with it."""

    @property
    def groups(self) -> dict[str, str]:
        """The groups of countries said where a country would stand, by slot: an area's code fits none of them."""
        return {slot: origin.removeprefix(GROUP) for slot, origin in self.filled if origin.startswith(GROUP)}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A number in the story that no claim took up, with the reason where one is known."""

    text: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it is checked. `text` is normalised; `published_on` from the page, the dateline or the user."""

    text: str
    title: str | None
    published_on: date | None
    dated_by: Literal["option", "metadata", "dateline", "none"]
    language: str
    sha256: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read out of one story: its claims, and the numbers that were not understood."""

    story: Story
    claims: tuple[Claim, ...]
    leftovers: tuple[Leftover, ...] = field(default=())
