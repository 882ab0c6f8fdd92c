"""What the API's answers look like, for its description; the answers themselves are made where they belong.

Numbers that have to be exact are decimal strings, periods have both ends, what is not there is null. A test
holds every answer to these shapes.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it when the program runs
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Exact = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="a number, written out in full")]
Span = Annotated[str, Field(pattern=r"^\d{4}-\d{2}/\d{4}-\d{2}$", description="first and last month")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 lays it out."""

    type: str
    title: str
    status: int
    detail: str


class TableColumn(BaseModel):
    """One column of a table."""

    name: str
    heading: str


class Table(BaseModel):
    """A table as its files have it; money stands as text, exactly, and null is not zero."""

    name: str
    title: str
    columns: list[TableColumn]
    rows: list[dict[str, str | int | float | bool | None]]
    notes: list[str]
    source: str | None


class Quantity(_Said):
    """A number with its unit and, where it is not exact, its bounds."""

    number: Exact | None
    unit: str
    low: Exact | None
    high: Exact | None


class Line(_Said):
    """One row of an answer's table; `number` null means that nothing is known, which is not zero."""

    label: str
    source: str
    number: Exact | None
    unit: str
    share: Exact | None
    rank: int | None


class Row(_Said):
    """One declared row or printed figure under an answer."""

    id: str
    receipt: str
    row: int
    rank: Literal[1, 2]
    source: str
    publisher: str | None
    reporter: str | None
    partner: str | None
    flow: str
    product: str
    hs: str
    period: str
    number: Exact | None
    unit: str
    valuation: str | None
    is_estimated: bool
    vintage: date
    url: str | None
    note: str | None


class ReceiptNote(_Said):
    """A publisher's file under an answer."""

    receipt: str
    sha256: str
    source: str
    file: str
    url: str | None
    licence: str
    citation: str
    vintage: date


class Question(_Said):
    """The question as it was understood."""

    indicator: str
    of: str | None
    measure: str
    exporters: list[str]
    importers: list[str]
    perspective: str | None
    products: list[str]
    hs: str
    period: Span | None
    against: Span | None
    side: str | None
    source: str | None
    as_of: date | None
    by: str | None
    level: int
    step: str | None
    limit: int | None


class Answered(_Said):
    """A number, how it was reached and how far it can be trusted; docs/reference/ask.md explains each key."""

    value: Quantity | None
    absolute: Quantity | None
    coverage: Exact
    at_least: bool
    period: Span | None
    source: str
    side: str
    rank: Literal[1, 2]
    comparability: str | None
    basis: list[str]
    notes: list[str]
    table: list[Line]
    current: Answered | None
    base: Answered | None
    like_for_like: Answered | None
    alternatives: list[Answered]
    row_count: int
    rows: list[Row]
    receipts: list[ReceiptNote]
    sql: str
    cite: str


class Answer(Answered):
    """An answer to a question."""

    answered: Literal[True]
    query: Question


class Refusal(_Said):
    """Why there is no number, and what would get one."""

    answered: Literal[False]
    query: Question
    reason: str
    missing: str
    command: str | None
    partial: Answered | None


class StoryIn(_Said):
    """A story to check. It is kept in memory while it is checked, and nowhere after."""

    text: Annotated[str, Field(description="the article's text or the HTML of its page")]
    name: Annotated[str, Field(max_length=200, description="what to call it in the findings")] = ""
    published_on: Annotated[date | None, Field(description="when it appeared, if it does not say")] = None
    as_of: Annotated[date | None, Field(description="answer from what had been published by that day")] = None


class SourceCard(_Said):
    """A publisher whose files can be landed."""

    source: str
    publisher: str
    title: str
    licence: str


class Receipt(_Said):
    """One landed file."""

    vintage: date
    source: str
    file: str
    rows: int
    sha256: str
    receipt: str


class Exemption(_Said):
    """A condition under which a measure does not bite; statistics seldom show it."""

    id: str
    words: str
    reach: str
    verified: bool


class Seen(_Said):
    """Whether the act was seen for the measure and for the code."""

    measure: bool
    code: bool


class Match(_Said):
    """One measure that covers the goods."""

    regime: str
    target: str
    binds: list[str]
    measure: str
    kind: str
    status: str
    mildest: str
    strictest: str
    goods: str
    code: str
    hs: str
    coverage: Literal["full", "partial"]
    assigned_by: str
    reading: str | None
    act: str
    paragraph: str
    start: date
    end: date | None
    wind_down_end: date | None
    exemptions: list[Exemption]
    verified: Seen
    sources: list[str]


class Status(_Said):
    """What the law ordered for goods on a day or in a span; never that somebody broke it."""

    product: str
    hs: str
    exporter: str | None
    importer: str | None
    first: date
    last: date
    status: str
    coverage: Literal["full", "partial"]
    verified: bool
    matches: list[Match]
    readings: list[dict[str, Any]]
    too_coarse_for: list[Match]
    binds_some: list[Match]
    other_days: list[Match]
    not_compared: list[dict[str, str]]
    general_exemptions: list[Exemption]


class Day(_Said):
    """One day of a regime's timeline."""

    day: date
    kind: str
    words: str
    regime: str
    cite: str | None
    measures: list[str]
    urls: list[str]
    verified: bool


class MeasureLine(_Said):
    """One measure of a regime."""

    regime: str
    measure: str
    kind: str
    direction: str | None
    words: str
    act: str
    paragraph: str
    start: date
    end: date | None
    codes: list[str]
    verified: bool
