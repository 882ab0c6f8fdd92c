"""Both sides of some trade as every door gets them: what each declared, and what was settled of it.

Only the shapes live here, so that answers, stories, tables and charts may speak of them; how a cell
is settled is `tidewaiter.statistics`'. A number that is not there is None, which is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tidewaiter.base.period import Period
    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.question import Evidence, ReceiptNote
    from tidewaiter.base.terms import Frequency, Valuation

Basis = Literal["both", "exporter", "importer", "mirror_only", "none"]
"""Who spoke. `mirror_only`: one side, and the other never reports; `none`: nobody."""
Role = Literal["exporter", "importer"]


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of goods; empty `exporters` or `importers` mean every area."""

    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cells to settle. `source` and `frequency` None mean the fullest; `hs` None: as declared.

    The declarations of one source are set beside each other, never those of two.
    """

    ways: tuple[Way, ...]
    period: Period
    products: tuple[str, ...] = (TOTAL,)
    source: str | None = None
    frequency: Frequency | None = None
    hs: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """One row of a publisher's file under a cell, in US dollars, with its weight.

    `share` is the fraction of the row that went to this cell: 1 unless its code was restated to
    another HS edition and split there.
    """

    role: Role
    row: Evidence
    weight_kg: Decimal | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class Settled:
    """One measure of a cell: both words, and the number they were settled on.

    `exporter` and `importer` are as declared; `_fob` with freight and insurance off, and `importer_said`
    what the importer says of the goods that left in the period, after the lag. `gap` is how far that lies
    above the exporter's word, as a fraction of it; `exporter_part` the share of the settled logarithm that
    is the exporter's word; `_error` the standard deviation of a side's logarithm, learned from everybody.
    """

    unit: Literal["USD", "kg"]
    exporter: Decimal | None = None
    importer: Decimal | None = None
    exporter_fob: Decimal | None = None
    importer_fob: Decimal | None = None
    importer_said: Decimal | None = None
    timing: str = "settled"
    gap: Decimal | None = None
    exporter_part: Decimal | None = None
    exporter_error: Decimal | None = None
    importer_error: Decimal | None = None
    value: Quantity | None = None
    basis: Basis = "none"


@dataclass(frozen=True, slots=True)
class MirrorCell:
    """One exporter, importer, product and period: both sides' words and what was settled of them.

    `_filed` tells whether that side filed the period at all, which makes its silence a different one.
    `margin_cells`, `lag_months` and the `_cells` count what margin, lag and errors were learned from.
    """

    exporter: str
    importer: str
    product: str
    hs: str
    period: str
    value: Settled
    weight: Settled
    exporter_valuation: Valuation | None = None
    importer_valuation: Valuation | None = None
    cif_margin: Decimal | None = None
    margin_cells: int = 0
    lag_share: Decimal | None = None
    lag_months: int = 0
    section: str = ""
    exporter_cells: int = 0
    importer_cells: int = 0
    exporter_filed: bool = False
    importer_filed: bool = False
    declarations: tuple[Declaration, ...] = ()

    @property
    def id(self) -> str:
        """What `--explain` takes: `RUS:PRK:2019:TOTAL`."""
        return f"{self.exporter}:{self.importer}:{self.period}:{self.product}"

    def of(self, measure: Literal["value", "weight"]) -> Settled:
        """Return the one measure or the other."""
        return self.weight if measure == "weight" else self.value


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """The cells of one question from one source, in order of exporter, importer, product and period.

    `learned_from` counts the declarations of that source (of the decades asked and the years around them) that
    margins, lags and errors were learned from,
    `engine` says what settled them.
    """

    wanted: Wanted
    source: str
    frequency: Frequency
    cells: tuple[MirrorCell, ...]
    receipts: tuple[ReceiptNote, ...] = ()
    learned_from: int = 0
    notes: tuple[str, ...] = ()
    as_of: date | None = None
    engine: str = "duckdb"
    others: tuple[str, ...] = field(default=())
    """Other sources (and frequencies) that hold declarations of the same trade, to be asked for by name."""

    def receipt(self, name: str) -> ReceiptNote | None:
        """Return the landing of that name."""
        return next((note for note in self.receipts if note.receipt == name), None)
