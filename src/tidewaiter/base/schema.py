"""Every table, written once: columns, types, units, keys, and checks that select the rows that fail.

Conventions: money is nominal US dollars, exact to three decimals; weight in kilograms; areas are
ISO 3166-1 alpha-3 as UN Comtrade publishes them; a product is a string of digits or `TOTAL`, beside
its HS edition; a period is `2019` or `2019-07`; a missing number is null, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.mirrored import MirrorTable, Wanted

Frame: TypeAlias = nw.LazyFrame[Any]

MONEY: Final = "DECIMAL(18,3)"
TEXT: Final = "VARCHAR"
DATE: Final = "DATE"
INSTANT: Final = "TIMESTAMP"
COUNT: Final = "BIGINT"
NUMBER: Final = "DOUBLE"
FIGURE: Final = "DECIMAL(24,6)"
FLAG: Final = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL type, whether null is allowed, and what it means, with its unit."""

    name: str
    type: str
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of a table as an SQL condition that is true for the rows that break it."""

    name: str
    failing: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the lake: its columns, key, partitions and checks."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partitions: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """The written checks and one `is null` check per required column."""
        nulls = tuple(
            Check(f"{column.name} is missing", f'"{column.name}" IS NULL', column.name)
            for column in self.columns
            if column.required
        )
        return nulls + self.checks


RECEIPT: Final = Table(
    "receipt",
    (
        Column("receipt", TEXT, "name of one landing: UTC instant, start of the sha256, a random tail; sorts by time"),
        Column("sha256", TEXT, "content address of the raw bytes"),
        Column("source", TEXT, "id of the publisher's card"),
        Column("file", TEXT, "name of the file as it was handed in"),
        Column("url", TEXT, "where the publisher keeps it", required=False),
        Column("licence", TEXT, "the publisher's terms, from the card"),
        Column("citation", TEXT, "how the publisher wants to be cited"),
        Column("retrieved_at", INSTANT, "when it was landed (UTC)"),
        Column("vintage", DATE, "the day whose state of the publication it is"),
        Column("bytes", COUNT, "size of the raw file"),
        Column("rows", COUNT, "rows landed from it"),
        Column("table", TEXT, "the table they went to"),
        Column("complete", FLAG, "true where the file is all its publisher has for its reporters and periods"),
        Column("tool", TEXT, "version of Tidewaiter that landed it"),
    ),
    key=("receipt",),
)

TRADE: Final = Table(
    "trade",
    (
        Column("source", TEXT, "id of the publisher's card"),
        Column("reporter", TEXT, "area that declared"),
        Column("partner", TEXT, "area it was declared about"),
        Column("flow", TEXT, "what was declared; parts such as re_export are never added to totals"),
        Column("product", TEXT, "TOTAL or an HS code of 2, 4, 6 or more digits"),
        Column("hs", TEXT, "HS edition, HS1992 to HS2022, or HS where the publisher does not say"),
        Column("period", TEXT, "2019 or 2019-07"),
        Column("frequency", TEXT, "A or M"),
        Column("year", COUNT, "calendar year of the period"),
        Column("exporter", TEXT, "area the goods left"),
        Column("importer", TEXT, "area the goods reached"),
        Column(
            "value_usd", MONEY, "declared value in US dollars; null where only a quantity was declared", required=False
        ),
        Column("valuation", TEXT, "cif or fob"),
        Column("weight_kg", MONEY, "net weight in kilograms", required=False),
        Column("quantity", NUMBER, "supplementary quantity", required=False),
        Column("quantity_unit", TEXT, "its unit, from codes/units.csv", required=False),
        Column("is_estimated", FLAG, "true where the publisher, not the reporter, made the value"),
        Column("vintage", DATE, "the day whose state of the publication it is"),
        Column("receipt", TEXT, "the landing it came with"),
        Column("row", COUNT, "its row in the publisher's file, the first data row being 1"),
    ),
    key=("source", "reporter", "partner", "flow", "product", "hs", "period", "vintage", "receipt"),
    partitions=("source", "frequency", "year"),
    checks=(
        Check("value is negative", "value_usd < 0", "value_usd"),
        Check("weight is negative", "weight_kg < 0", "weight_kg"),
        Check("quantity is negative", "quantity < 0", "quantity"),
        Check("valuation is neither cif nor fob", "valuation NOT IN ('cif', 'fob')", "valuation"),
        Check("product is not TOTAL nor digits", "NOT regexp_full_match(product, 'TOTAL|[0-9]{2,12}')", "product"),
        Check(
            "period does not fit its frequency",
            "NOT regexp_full_match(period, CASE frequency WHEN 'A' THEN '[12][0-9]{3}' "
            "ELSE '[12][0-9]{3}-(0[1-9]|1[0-2])' END)",
            "period",
        ),
        Check("frequency is neither A nor M", "frequency NOT IN ('A', 'M')", "frequency"),
        Check("exporter or importer is empty", "exporter = '' OR importer = ''", "partner"),
        Check("year is not the period's", "left(period, 4) <> CAST(year AS VARCHAR)", "year"),
        Check(
            "exporter and importer are not reporter and partner",
            "NOT ((exporter = reporter AND importer = partner) OR (exporter = partner AND importer = reporter))",
            "exporter",
        ),
    ),
)

PUBLISHED: Final = Table(
    "published",
    (
        Column("id", TEXT, "stable name of the figure"),
        Column("exporter", TEXT, "area the goods left; for total and balance the first of the pair", required=False),
        Column("importer", TEXT, "area the goods reached; for total and balance the second", required=False),
        Column("flow", TEXT, "flow, total or balance"),
        Column("measure", TEXT, "value, weight, volume or count"),
        Column("product", TEXT, "TOTAL or an HS code"),
        Column("hs", TEXT, "HS edition or HS"),
        Column("start", TEXT, "first month, 2019-01"),
        Column("end", TEXT, "last month, 2019-11"),
        Column("value", FIGURE, "the figure as printed, in base units"),
        Column("last_unit", FIGURE, "the value of its last printed digit: how finely it was printed"),
        Column("unit", TEXT, "USD, t, bbl, persons"),
        Column("reporter", TEXT, "whose declaration lies behind it, where said", required=False),
        Column("publisher", TEXT, "who printed it"),
        Column("published_on", DATE, "when"),
        Column("url", TEXT, "the page", required=False),
        Column("underlying_source", TEXT, "the statistics it names", required=False),
        Column("note", TEXT, "what a reader should know", required=False),
        Column("receipt", TEXT, "the landing it came with"),
        Column("row", COUNT, "its row in that file"),
    ),
    key=("id", "receipt"),
    checks=(
        Check("flow is unknown", "flow NOT IN ('export', 'import', 'total', 'balance')", "flow"),
        Check("span ends before it begins", '"end" < start', "end"),
        Check("figure is negative", "value < 0 AND flow <> 'balance'", "value"),
    ),
)

MEASURE: Final = Table(
    "measure",
    (
        Column("regime", TEXT, "id of the regime, un/dprk"),
        Column("measure", TEXT, "id of the measure within it"),
        Column("kind", TEXT, "export_ban, import_ban, quota, licence, notification, price_cap or watch"),
        Column("direction", TEXT, "from_target or to_target"),
        Column("target", TEXT, "area the regime is about"),
        Column("party", TEXT, "the other area of the trade that is bound; empty: every state"),
        Column("goods", TEXT, "the goods in the law's words, shortened"),
        Column("hs", TEXT, "HS edition the code is written in"),
        Column("product", TEXT, "HS code at the law's own granularity: 2, 4, 6 or more digits"),
        Column("level", COUNT, "digits of the code"),
        Column("coverage", TEXT, "exact: the law covers all of the code; partial: part of it, totals are upper bounds"),
        Column(
            "assigned_by", TEXT, "who put goods under the code: resolution, act, committee, panel, national or engine"
        ),
        Column("reading", TEXT, "id of the disputed reading under which the code is covered; empty: undisputed"),
        Column("adopted", DATE, "day the act was adopted"),
        Column("start", DATE, "first day of this row: the measure's, or that of a dated quota value"),
        Column("wind_down_end", DATE, "last day on which contracted goods may still move", required=False),
        Column("end", DATE, "last day of this row; null: still in force", required=False),
        Column(
            "quota", FIGURE, "the cap in quota_unit; null for other kinds and where the law gives none", required=False
        ),
        Column("quota_unit", TEXT, "bbl, t or USD", required=False),
        Column("quota_or", FIGURE, "the same cap in a second unit, where the law names two", required=False),
        Column("quota_or_unit", TEXT, "its unit", required=False),
        Column("quota_join", TEXT, "lower: whichever is reached first; either: as reported", required=False),
        Column("quota_period", TEXT, "span, calendar_year or twelve_months", required=False),
        Column(
            "exempt_reach",
            TEXT,
            "any: every transaction may be exempt; some: a narrow case; null: none",
            required=False,
        ),
        Column("exemptions", TEXT, "the exemptions in words, one after another", required=False),
        Column("act", TEXT, "the act as people say it"),
        Column("paragraph", TEXT, "the place in it"),
        Column("verified", FLAG, "whether words, dates and code were all seen in a source"),
        Column("note", TEXT, "what a reader should know of the code", required=False),
    ),
    key=("regime", "measure", "target", "party", "hs", "product", "reading", "start"),
    checks=(
        Check("direction is unknown", "direction NOT IN ('from_target', 'to_target')", "direction"),
        Check("coverage is unknown", "coverage NOT IN ('exact', 'partial')", "coverage"),
        Check("row ends before it begins", '"end" < start', "end"),
        Check("wind-down ends before it begins", "wind_down_end < start", "wind_down_end"),
        Check("product is not digits", "NOT regexp_full_match(product, '[0-9]{2,12}')", "product"),
        Check("quota without a unit", "(quota IS NULL) <> (quota_unit IS NULL)", "quota_unit"),
    ),
)

RELEASE: Final = Table(
    "release",
    (
        Column("receipt", TEXT, "the landing that holds it"),
        Column("source", TEXT, "id of the publisher's card"),
        Column("reporter", TEXT, "area that declared"),
        Column("frequency", TEXT, "A or M"),
        Column("period", TEXT, "2019 or 2019-07"),
        Column("rows", COUNT, "rows of trade that the landing holds of it"),
    ),
    key=("receipt", "source", "reporter", "frequency", "period"),
)
"""What each landing speaks of: the lake's own table of contents, from which it tells newer from older."""

TABLES: Final = (RECEIPT, TRADE, PUBLISHED, RELEASE)


@dataclass(frozen=True, slots=True)
class Tables:
    """The frames one question is answered from, all as of the same day.

    `trade` holds visible rows only, of each line its newest release; `published` the figures
    printed by that day; `receipt` where both come from. `memory` is where `ask` keeps what it has
    fetched of them; it means nothing beside them and goes wherever they go. `both_sides` settles what both
    sides of a trade declared, where whoever made the tables can.
    """

    trade: Frame
    published: Frame
    receipt: Frame
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    both_sides: Callable[[Wanted], MirrorTable] | None = field(default=None, repr=False, compare=False)
