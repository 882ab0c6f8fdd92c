"""The cards of Canada's regulations: what a program cannot read off the law, from `canada.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tidewaiter.base.rulefile import parse_rules
from tidewaiter.law.regime import Direction  # noqa: TC001 - pydantic reads it when the program runs


class ScheduleCard(BaseModel):
    """One schedule, or a part of it, with the section that gives it force."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schedule: str
    part: str | None = None
    section: str
    words: str
    coverage: Literal["exact", "partial"] = "exact"
    note: str | None = None
    old_contracts: bool = False
    personal_effects: bool = False
    other: str | None = None


class Card(BaseModel):
    """One regulation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    target: str
    url: str
    act_words: str
    schedules: tuple[ScheduleCard, ...]
    left_out: dict[str, str]


class Way(BaseModel):
    """A phrase of the law and what it forbids, as seen from the target."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phrase: str
    kind: Literal["export_ban", "import_ban"]
    direction: Direction


class Cards(BaseModel):
    """The whole file: the law's phrases, and one card per instrument number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    authority: str
    party: str
    ways: tuple[Way, ...]
    takes_effect: str
    older_contracts: str
    regulations: dict[str, Card]


@lru_cache(maxsize=1)
def read_cards() -> Cards:
    """Read the cards of the regulations that can be turned into regimes."""
    path = Path(__file__).with_name("canada.yml")
    return parse_rules(path.read_text(encoding="utf-8"), path.name, Cards)
