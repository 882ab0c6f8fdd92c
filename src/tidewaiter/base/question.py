"""What can be asked and what comes back: `Query`, `Answer`, `Refusal` and the evidence under them.

Only the shapes live here, so that the checker, the bulletin, the web page and the command line
may all speak of them; every formula is in `tidewaiter.answers`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tidewaiter.base.mirrored import Basis
    from tidewaiter.base.period import Period
    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.terms import Indicator, Measure, Side

Comparability = Literal["like_for_like", "not_like_for_like", "unknown"]
RefusalReason = Literal[
    "no_data", "partial_data", "no_product_rows", "source_unknown", "not_a_trade_statistic", "unit_differs"
]
Rank = Literal[1, 2]
"""1: declared rows; 2: a figure that somebody printed."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question. Areas are alpha-3 codes; an empty tuple means every partner.

    `exporters` and `importers` say which way the goods went; `perspective` whose exports or
    imports they were called, which chooses the default declaration. `against` is the base
    period of a change. `side` None means: the perspective's own declaration if it reports,
    else its partner's mirror. `source` None means every source, the fullest first.
    """

    indicator: Indicator
    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    period: Period | None = None
    products: tuple[str, ...] = (TOTAL,)
    hs: str = EDITION_UNSTATED
    against: Period | None = None
    perspective: str | None = None
    side: Side | None = None
    source: str | None = None
    as_of: date | None = None
    level: int = 2
    """Digits of the codes that a ranking or composition by product is broken down into."""
    by: Literal["partner", "product"] | None = None
    limit: int | None = None
    measure: Measure = "value"
    """What is counted: dollars, or kilograms in a change, share, ranking or series of weight."""
    of: Literal["value", "total", "balance"] = "value"
    """What a change is a change of."""
    step: Literal["month", "quarter", "half", "year"] | None = None
    """Length of a series' steps; None means months, or years where the span is several whole years."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row or printed figure under an answer, with its way back to the publisher's file."""

    source: str
    reporter: str | None
    partner: str | None
    flow: str
    product: str
    hs: str
    period: str
    value: Decimal | None
    unit: str
    valuation: str | None
    vintage: date
    receipt: str
    row: int
    rank: Rank = 1
    publisher: str = ""
    url: str | None = None
    is_estimated: bool = False
    note: str | None = None

    @property
    def id(self) -> str:
        """The receipt and row, by which the row is found again in the raw file."""
        return f"{self.receipt}:{self.row}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an answer's table: a month, a partner or a product with its number.

    `value` None means that nothing was reported, which is not zero.
    """

    label: str
    source: str
    value: Decimal | None
    unit: str
    share: Decimal | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptNote:
    """What a reader needs of a receipt to find the publisher's file again."""

    receipt: str
    sha256: str
    source: str
    file: str
    url: str | None
    licence: str
    citation: str
    vintage: date


@dataclass(frozen=True, slots=True)
class Answer:
    """A number, how it was reached, and how far it can be trusted.

    `coverage` is the share (0 to 1) of the months asked that have data. `alternatives` hold the
    same question answered by other sources or sides, in a fixed order, each an `Answer` of its own.
    For a change, `current` and `base` are its two levels, `comparability` says whether they
    compare, and `like_for_like` holds the change over like periods where rows allow one;
    `absolute` is the same change in units. `rows` counts the rows under the number: `evidence`
    names each of them, or where they are very many, one for each line of the working.
    """

    query: Query
    value: Quantity | None
    source: str
    side: Side
    rank: Rank
    coverage: Decimal
    evidence: tuple[Evidence, ...]
    receipts: tuple[ReceiptNote, ...]
    sql: str
    table: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    comparability: Comparability = "unknown"
    current: Answer | None = None
    base: Answer | None = None
    like_for_like: Answer | None = None
    alternatives: tuple[Answer, ...] = field(default=())
    absolute: Quantity | None = None
    rows: int = 0
    at_least: bool = False
    """True where the number is a sum of finer lines that may not be all of the code asked: it may be more."""
    basis: tuple[Basis, ...] = ()
    """Of a number settled from both sides' declarations: who spoke in the cells it is made of, each once."""

    def cite(self) -> str:
        """Write the sources as a line to put under the number."""
        lines = []
        for note in self.receipts:
            line = f"{note.citation} File {note.file} as of {note.vintage.isoformat()}, sha256 {note.sha256[:12]}."
            if line not in lines:
                lines.append(line)
        return " ".join(lines)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no number, and which command would get one.

    `reason` is a code for programs, `missing` a sentence for people, `command` what to type.
    """

    query: Query
    reason: RefusalReason
    missing: str
    command: str | None = None
    partial: Answer | None = None
    """What rows there are, where they cover only part of the question."""
