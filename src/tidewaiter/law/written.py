"""How a regime is written in YAML: one pydantic shape per record, and nothing beyond shapes.

Every key that is not named here is refused, and so is a code or paragraph without quotes. What
needs a second record to be judged (a source that is not listed, a quota outside its measure) is
judged in `rulebook`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from tidewaiter.law.regime import (  # noqa: TC001 - pydantic reads these when the program runs
    AssignedBy,
    Coverage,
    Direction,
    Kind,
    QuotaJoin,
    QuotaPeriod,
    Reach,
)

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
RegimeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*$")]
Area = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})$")]
Edition = Annotated[str, StringConstraints(pattern=r"^HS[0-9]{4}$")]


def _plain_date(value: object) -> object:
    """Refuse a date that YAML or pydantic would have to guess (a number, a text, a time)."""
    if type(value) is not date:
        message = "write a day as 2017-08-05, without quotes"
        raise ValueError(message)
    return value


def _exact(value: object) -> object:
    """Take a number as the digits that were written, so that 0.95 stays 0.95."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = "write a number, without quotes or unit"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports ValueError with its place
    return Decimal(str(value))


Day = Annotated[date, BeforeValidator(_plain_date)]
Number = Annotated[Decimal, BeforeValidator(_exact)]


class Written(BaseModel):
    """The ground all records share: no unknown key, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceWritten(Written):
    """A page: what it is and where."""

    title: Words
    url: Words


class Sourced(Written):
    """A record that says whether it was seen in a source, and in which."""

    verified: bool
    sources: tuple[Slug, ...] = ()


class ActWritten(Sourced):
    """An act, once per file or regime."""

    id: Slug
    name: Words
    symbol: Words
    adopted: Day
    words: Words


class GoodsWritten(Sourced):
    """Codes under one heading of words; `hs` falls back on the file's."""

    words: Words
    codes: tuple[Code, ...]
    hs: Edition | None = None
    coverage: Coverage
    assigned_by: AssignedBy
    reading: Words | None = None
    note: Words | None = None


class WindDownWritten(Sourced):
    """The days on which older contracts may still be carried out."""

    end: Day
    contract_before: Day
    words: Words


class AmountWritten(Written):
    """A cap in one unit."""

    value: Number
    unit: Words


class QuotaWritten(Sourced):
    """One dated value of a quota."""

    start: Day
    end: Day | None = None
    period: QuotaPeriod
    amounts: tuple[AmountWritten, ...]
    join: QuotaJoin | None = None
    words: Words


class ThresholdWritten(Sourced):
    """A share of the quota, as a fraction."""

    share: Number
    words: Words


class FactorWritten(Sourced):
    """A conversion, from `low` to `high`; the same twice where it is one number."""

    words: Words
    codes: tuple[Code, ...] = ()
    from_unit: Words
    to_unit: Words
    low: Number
    high: Number
    by: Words


class ExemptionWritten(Sourced):
    """A condition in words."""

    id: Slug
    words: Words
    reach: Reach
    codes: tuple[Code, ...] = ()
    seen_in_statistics: Literal["no", "partly"] = "no"


class DutyWritten(Sourced):
    """What is due on a day."""

    words: Words
    due: Day


class NationalWritten(Sourced):
    """A government's own dates."""

    area: Area
    start: Day | None = None
    last_clearance: Day | None = None
    words: Words


class ReadingWritten(Sourced):
    """One side of a question the law leaves open."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[a-z0-9-]+$")]
    words: Words


class MeasureWritten(Sourced):
    """One measure; `act` may be left out in a file that is about one act."""

    id: Slug
    act: Slug | None = None
    paragraph: Words
    kind: Kind
    direction: Direction | None = None
    words: Words
    start: Day
    end: Day | None = None
    wind_down: WindDownWritten | None = None
    goods: tuple[GoodsWritten, ...] = ()
    counts: Words | None = None
    quotas: tuple[QuotaWritten, ...] = ()
    thresholds: tuple[ThresholdWritten, ...] = ()
    factors: tuple[FactorWritten, ...] = ()
    exemptions: tuple[ExemptionWritten, ...] = ()
    duties: tuple[DutyWritten, ...] = ()
    national: tuple[NationalWritten, ...] = ()
    supersedes: tuple[Slug, ...] = ()
    tightens: tuple[Slug, ...] = ()
    note: Words | None = None


class EventWritten(Written):
    """A day of the timeline that follows from no measure."""

    day: Day
    kind: Slug
    words: Words
    url: Words | None = None
    verified: bool


class PartWritten(Written):
    """One file of a regime kept as a folder: an act and its measures."""

    act: ActWritten | None = None
    hs: Edition | None = None
    measures: tuple[MeasureWritten, ...] = ()
    events: tuple[EventWritten, ...] = ()


class RegimeWritten(PartWritten):
    """A regime's own file: all of it, or the head of a folder of parts."""

    id: RegimeId
    title: Words
    authority: Words
    targets: tuple[Area, ...]
    binds: tuple[Area, ...] = ()
    note: Words | None = None
    sources: dict[Slug, SourceWritten] = {}
    acts: tuple[ActWritten, ...] = ()
    readings: tuple[ReadingWritten, ...] = ()
    exemptions: tuple[ExemptionWritten, ...] = ()
