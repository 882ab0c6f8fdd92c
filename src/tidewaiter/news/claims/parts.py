"""The parts that parties play in a clause: owner, subject, from, to, with; and whom a pronoun stands for.

Owns the shape only. Who plays which part is read in `whose`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known
    from tidewaiter.news.words.tokens import Token


@dataclass(slots=True)
class Roles:
    """The parties of a clause by the part they play."""

    owner: str | None = None
    origin: str | None = None
    subject: str | None = None
    by: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    of: list[str] = field(default_factory=list)
    worldwide: bool = False
    both_ways: bool = False
    owned_by_pronoun: bool = False
    favours: str | None = None
    owner_of_rank: str | None = None
    """Whose partner a ranking speaks of: "the country's fifth-largest partner"."""
    unnamed: bool = False
    """Whether somebody who is not named does what the clause tells ("an unidentified country imported ...")."""
    stranger: bool = False
    """Whether a place that no table knows stands where the partner would."""


def one(codes: Sequence[str]) -> str | None:
    """Return the only code of a list, or None where there are several or none."""
    return codes[0] if len(set(codes)) == 1 else None


def code_of(token: Token, known: Known, subject: str | None) -> tuple[str, ...]:
    """Return the codes a party or pronoun stands for in this story."""
    if token.kind == "party":
        return (token.code,)
    if token.kind != "pronoun":
        return ()
    who = subject or known.subject or known.owner
    if token.form == "two":
        return known.pair
    if token.form == "neighbour":
        return tuple(code for code in known.pair if who is not None and code != who)[:1]
    if token.form == "state" and subject is None and known.owner is not None:
        who = known.home if token.owns and known.home and not known.bilateral else known.owner
    if token.form == "state":
        who = who or known.source
    if token.form in {"own", "it", "state"}:
        return (who,) if who else ()
    return ()
