"""The cards of Canada's regulations: what a program cannot read off the law, from `canada.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel

from tidewaiter.base.rulefile import parse_rules


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


class _Cards(RootModel[dict[str, Card]]):
    """The whole file: instrument number -> card."""


def read_cards() -> dict[str, Card]:
    """Read the cards of the regulations that can be turned into regimes."""
    path = Path(__file__).with_name("canada.yml")
    return parse_rules(path.read_text(encoding="utf-8"), path.name, _Cards).root
