"""Who trades: countries by name, adjective, capital, people, epithet, and groups of countries.

Owns the phrases in `tables/parties.csv`. "The North" and "the South" count only where a Korea is in the cast,
and never stand for each other. Agencies, officials and sources are attribution, not parties; a firm is its
country only where it trades, an authority counts its own country's trade.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, cast

from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import facts, folded, rows

PartyForm = Literal["name", "adjective", "capital", "people", "epithet", "compass", "firm", "authority"]


@cache
def _phrases() -> dict[str, tuple[str, PartyForm]]:
    return {folded(row["phrase"]): (row["code"], cast("PartyForm", row["form"])) for row in rows("parties")}


def lex(text: str, at: int) -> tuple[int, str, PartyForm, bool] | None:
    """Read the party that begins at `at`: where it ends, its code, how it is named, whether it owns what follows."""
    match = grammar.party().match(text, at)
    if match is None:
        return None
    if match["named"]:
        code, form = _phrases()[folded(match["named"])]
    elif match["compass"]:
        code, form = _phrases()[folded(f"the {match['compass']}")]
    else:
        code, form = _phrases()[folded(match["epithet"])]
    return match.end(), code, form, bool(match["own"])


def named_pair(text: str) -> tuple[str, ...]:
    """Return the two countries of a phrase that names both at once ("inter-Korean trade"), or nothing."""
    low = folded(text)
    return next(
        (
            tuple(row["code"].split("+"))
            for row in rows("parties")
            if row["form"] == "pair" and folded(row["phrase"]) in low
        ),
        (),
    )


def is_group(code: str) -> bool:
    """Tell whether a code stands for a group of countries (which no slot of a claim can hold)."""
    return code.startswith("_")


@cache
def group_name(code: str) -> str:
    """Name a group of countries."""
    return next(row["phrase"] for row in rows("parties") if row["code"] == code)


@cache
def compass_codes() -> frozenset[str]:
    """Return the countries that are called by a point of the compass ("the North")."""
    return frozenset(row["code"] for row in rows("parties") if row["form"] == "compass")


@cache
def capital_of(name: str) -> str | None:
    """Return the country whose capital a name is, however it is written."""
    capitals = {folded(row["phrase"]): row["code"] for row in rows("parties") if row["form"] == "capital"}
    return capitals.get(folded(name).rstrip("."))


@cache
def has_own_months(code: str) -> bool:
    """Tell whether a country counts in months of a calendar of its own, so that none begins with ours."""
    return any(row["code"] == code for row in facts("calendars"))


@cache
def fiscal_months() -> dict[str, tuple[tuple[int, int], ...]]:
    """Return where a country's budget year begins, if not in January: each first month behind its first year."""
    begins: dict[str, tuple[tuple[int, int], ...]] = {}
    for row in facts("fiscal_years"):
        turn = (int(row["since"] or 0), int(row["first_month"]))
        begins[row["code"]] = (*begins.get(row["code"], ()), turn)
    return begins


@cache
def fiscal_named(code: str | None) -> str:
    """Say whether a country names its budget year by the year it starts or ends in; "" where it does both."""
    return next((row["named_by"] for row in facts("fiscal_years") if row["code"] == code), "")


@cache
def agency_words() -> frozenset[str]:
    """Return the words after which a country is the source of a figure, not a party to the trade."""
    return frozenset(folded(row["phrase"]) for row in rows("agencies"))
