"""What law is made of here: regimes, acts, measures, quotas, exemptions, duties, as frozen records.

Only shapes live here, and the few facts that follow from one record alone. Files are read in
`rulebook`, days are judged in `status`; no code, date or rate of the law stands in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

Kind = Literal["export_ban", "import_ban", "quota", "licence", "notification", "price_cap", "watch", "duty"]
"""What a measure does. `export_ban`: goods may not leave the target; `import_ban`: may not be supplied to it."""

Direction = Literal["from_target", "to_target"]
Coverage = Literal["exact", "partial"]
"""Whether the law covers all of a code, or only part of it (then every total is an upper bound)."""

AssignedBy = Literal["resolution", "act", "committee", "panel", "national", "engine"]
"""Who put goods under a code: the resolution or act itself, the sanctions committee, its Panel of
Experts, a government that carries the measure out, or (`engine`) this project, to be able to screen."""

Reach = Literal["any", "some"]
"""`any`: every transaction under the measure may be exempt, so that statistics alone decide nothing;
`some`: a narrow case, said beside the status, which stays."""

QuotaPeriod = Literal["span", "calendar_year", "twelve_months"]
QuotaJoin = Literal["lower", "either"]
"""Two amounts of one quota: whichever is reached first, or the one a supplier reports in."""

KINDS: Final = get_args(Kind)
DIRECTION_OF: Final[dict[str, Direction]] = {"export_ban": "from_target", "import_ban": "to_target"}


@dataclass(frozen=True, slots=True)
class Cite:
    """Where the law says it: an act and the place in it."""

    act: str
    place: str

    def __str__(self) -> str:
        """Write `resolution 2371 (2017), paragraph 8`."""
        return f"{self.act}, {self.place}"


@dataclass(frozen=True, slots=True)
class Source:
    """A page on which a fact of a regime was found."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Act:
    """A resolution, regulation or list: its name as people say it, its symbol, its day, what it did."""

    id: str
    name: str
    symbol: str
    adopted: date
    words: str
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Goods:
    """Codes of one HS edition that stand for goods the law names in words.

    `reading` is the id of the disputed reading under which the codes are covered; None: undisputed.
    """

    words: str
    codes: tuple[str, ...]
    hs: str
    coverage: Coverage
    assigned_by: AssignedBy
    verified: bool
    reading: str | None = None
    note: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class WindDown:
    """Days on which goods under older contracts may still move; `end` is the last of them."""

    end: date
    contract_before: date
    words: str
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A cap: so much of `unit` (bbl, t, USD)."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What may be delivered in a period; `amounts` is empty where the law names no number of its own.

    `start` to `end` are the days the value holds; with `calendar_year` or `twelve_months` each
    such period inside counts anew, the first from `start`. `end` None: until changed.
    """

    start: date
    end: date | None
    period: QuotaPeriod
    amounts: tuple[Amount, ...]
    words: str
    verified: bool
    join: QuotaJoin | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of the quota (0 to 1) at which somebody has to act."""

    share: Decimal
    words: str
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Factor:
    """How a body turns one unit into another for a quota: `low` to `high` of `to_unit` per `from_unit`."""

    words: str
    codes: tuple[str, ...]
    from_unit: str
    to_unit: str
    low: Decimal
    high: Decimal
    by: str
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """A condition, in words, under which the measure does not bite; statistics seldom show it.

    `codes` narrows it to goods (empty: all goods of the measure).
    """

    id: str
    words: str
    reach: Reach
    verified: bool
    codes: tuple[str, ...] = ()
    seen_in_statistics: Literal["no", "partly"] = "no"
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that has to be done by the day `due`."""

    words: str
    due: date
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class National:
    """When and how one government carries the measure out: its own first and last days beside the UN's."""

    area: str
    start: date | None
    words: str
    verified: bool
    last_clearance: date | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One of at least two ways to read the law that are both held; `id` is `question:side`."""

    id: str
    words: str
    verified: bool
    sources: tuple[Source, ...] = ()

    @property
    def question(self) -> str:
        """What is in dispute: the part of the id before the colon."""
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing the law orders: what, which way, from when to when, and where it says so.

    `end` is the last day in force, None: still in force. `supersedes` names what ended when this
    began; `tightens` what it adds to and leaves standing. `verified` speaks of the words and the
    dates; goods, wind-down, quotas and exemptions each carry their own flag.
    """

    id: str
    kind: Kind
    direction: Direction | None
    words: str
    cite: Cite
    act: str
    adopted: date
    start: date
    verified: bool
    end: date | None = None
    wind_down: WindDown | None = None
    goods: tuple[Goods, ...] = ()
    quotas: tuple[Quota, ...] = ()
    counts: str | None = None
    thresholds: tuple[Threshold, ...] = ()
    factors: tuple[Factor, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    duties: tuple[Duty, ...] = ()
    national: tuple[National, ...] = ()
    supersedes: tuple[str, ...] = ()
    tightens: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Source, ...] = ()

    def in_force(self, day: date) -> bool:
        """Tell whether the measure applies on `day` (its wind-down included)."""
        return self.start <= day and (self.end is None or day <= self.end)

    def winding_down(self, day: date) -> bool:
        """Tell whether goods under older contracts may still move on `day`."""
        return self.wind_down is not None and self.start <= day <= self.wind_down.end

    def quota_on(self, day: date) -> Quota | None:
        """Return the dated value that holds on `day`; None where the law gives none for it."""
        for quota in self.quotas:
            if quota.start <= day and (quota.end is None or day <= quota.end):
                return quota
        return None


@dataclass(frozen=True, slots=True)
class Event:
    """One dated entry of a regime's timeline."""

    day: date
    kind: str
    words: str
    url: str | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """A body of measures about one or more targets (alpha-3 codes); `exemptions` hold for all of them.

    `binds` are the areas on the other side of the trade that the law speaks to; empty: every state.
    """

    id: str
    title: str
    authority: str
    targets: tuple[str, ...]
    acts: tuple[Act, ...]
    measures: tuple[Measure, ...]
    binds: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    readings: tuple[Reading, ...] = ()
    events: tuple[Event, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All regimes that were loaded, in the order of their ids."""

    regimes: tuple[Regime, ...] = field(default=())

    @property
    def targets(self) -> tuple[str, ...]:
        """Every area that some regime is about."""
        return tuple(sorted({target for regime in self.regimes for target in regime.targets}))

    def about(self, target: str) -> tuple[Regime, ...]:
        """Return the regimes about the area `target`."""
        return tuple(regime for regime in self.regimes if target in regime.targets)
