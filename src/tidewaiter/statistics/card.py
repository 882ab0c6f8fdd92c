"""The cards of the publishers: what each one prints, how it looks, and what its words mean.

A card is `sources/<id>.yml`, or lies in a folder of the user's own (see `homes`). Everything about a
publisher that is a fact rather than a step (names of columns, flow codes, units, valuation, row limits,
spellings of its own) stands there; the steps stand in `<id>.py`. This room only loads and checks cards; it
must not open a publisher's file.
"""

from __future__ import annotations

import re
from decimal import Decimal  # noqa: TC003 - pydantic reads it
from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictStr

from tidewaiter.base.errors import RuleError, SourceError, nearest
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.base.terms import Flow, Valuation  # noqa: TC001 - pydantic reads them
from tidewaiter.statistics.homes import Home, homes
from tidewaiter.statistics.service import Service  # noqa: TC001 - pydantic reads it

PERIOD_IN_HEADING: Final = r"(?P<period>\d{4}(?:-(?:Q[1-4]|M?(?:0[1-9]|1[0-2])))?)"


def _pattern(text: str) -> str:
    try:
        re.compile(text.replace("{period}", PERIOD_IN_HEADING))
    except re.error as error:
        message = f"not a pattern: {error}"
        raise ValueError(message) from None
    return text


Pattern = Annotated[StrictStr, AfterValidator(_pattern)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(_Strict):
    """The unit of the money in a file: its name and how many US dollars it is worth."""

    name: StrictStr
    usd: Decimal


class Layout(_Strict):
    """One way in which a publisher lays its rows out, recognised by the names of its columns.

    `columns` must all be there, `optional` ones are read where they are, others are left alone. `heading`
    is a pattern of the value columns of a wide table, with `{period}` where the period stands.
    """

    name: StrictStr
    columns: tuple[StrictStr, ...]
    optional: tuple[StrictStr, ...] = ()
    only: bool = False
    """Whether other columns than these are a sign that it is another file."""
    heading: Pattern | None = None
    label: Literal["reporter", "partner", "product"] | None = None
    flow: Flow | None = None
    any_case: bool = False
    """Whether the publisher writes the same names now with capitals, now without, in its text files."""

    def spelled(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of `header` as this layout writes them, where only capitals differ."""
        if not self.any_case:
            return header
        mine = {name.lower(): name for name in (*self.columns, *self.optional)}
        return tuple(mine.get(name.lower(), name) for name in header)

    def value_columns(self, header: tuple[str, ...]) -> dict[str, re.Match[str]]:
        """Return the columns of `header` that hold values under a period, with what their headings say."""
        if self.heading is None:
            return {}
        pattern = re.compile(self.heading.replace("{period}", PERIOD_IN_HEADING))
        matches = ((column, pattern.fullmatch(column.strip())) for column in header)
        return {column: match for column, match in matches if match is not None}

    def fits(self, header: tuple[str, ...]) -> bool:
        """Tell whether a file with these columns has this layout."""
        known = {*self.columns, *self.optional}
        return (
            (known.issuperset(header) if self.only and self.heading is None else True)
            and set(self.columns).issubset(header)
            and (self.heading is None or bool(self.value_columns(header)))
        )


class FileName(_Strict):
    """What the name a publisher gives to a download says, where the file itself does not."""

    pattern: Pattern
    flow: Flow | None = None
    reporter: StrictStr | None = None


class Card(_Strict):
    """One publisher: who it is, on what terms, and how to read what it prints."""

    id: StrictStr
    title: StrictStr
    publisher: StrictStr
    url: StrictStr | None
    """Where it keeps its data; None where every row names a page of its own."""
    licence: StrictStr
    citation: StrictStr
    table: Literal["trade", "published", "concordance", "reference"] = "trade"
    reporter: StrictStr | None = None
    unit: Unit
    valuation: dict[Literal["export", "import"], Valuation]
    thousands: Literal[","] | None = None
    """What the publisher writes between the thousands of a number."""
    encodings: tuple[Literal["utf-8", "latin-1"], ...] = ("utf-8",)
    layouts: tuple[Layout, ...]
    file_names: tuple[FileName, ...] = ()
    product_titles: tuple[Pattern, ...] = ()
    """Patterns for the one product of a list of areas, in the title above it."""
    flows: dict[StrictStr, Flow] = {}
    other_classifications: dict[StrictStr, StrictStr] = {}
    """Classifications that are not the Harmonised System, by the start of their codes: refused by name."""
    products: dict[StrictStr, StrictStr] = {}
    areas: dict[StrictStr, StrictStr] = {}
    """The publisher's own area codes, where they are not everybody's."""
    measures: dict[StrictStr, tuple[StrictStr, ...]] = {}
    """Of printed figures: what they measure, and in which units."""
    largest_quantity: Decimal | None = None
    """A weight (kg) or quantity above this is an overflow of the reporter's, not a weight: left empty and noted."""
    row_limits: tuple[int, ...] = ()
    """Numbers of rows at which the publisher cuts an answer without a word."""
    notes: tuple[StrictStr, ...] = ()
    service: Service | None = None
    """How it is asked over the network, where it can be."""


@lru_cache(maxsize=1)
def cards() -> dict[str, Card]:
    """Load every card, by id in alphabetical order; raises `RuleError` for a card that is wrong."""
    return {source: card for source, (card, _) in sorted(_with_homes().items())}


def home_of(source: str) -> Home:
    """Return the folder that a source's card, parser and corrections lie in."""
    card_of(source)
    return _with_homes()[source][1]


@lru_cache(maxsize=1)
def _with_homes() -> dict[str, tuple[Card, Home]]:
    found: dict[str, tuple[Card, Home]] = {}
    for home in homes():
        for entry in home.cards():
            card = parse_rules(entry.read_text(encoding="utf-8"), entry.name, Card)
            if f"{card.id}.yml" != entry.name:
                message = f"{entry.name}:1: id: {card.id!r} is not the name of the file"
                raise RuleError(message)
            if card.id in found:
                message = f"{home.origin}: {entry.name}:1: id: {card.id!r} is the name of another source"
                raise RuleError(message)
            found[card.id] = (card, home)
    return found


def card_of(source: str) -> Card:
    """Return the card with the id `source`; raises `SourceError` naming the nearest ids."""
    known = cards()
    if source not in known:
        hint = nearest(source, known) or f"; known: {', '.join(known)}"
        message = f"source {source!r} is unknown{hint}"
        raise SourceError(message)
    return known[source]
