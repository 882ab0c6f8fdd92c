"""Carry a code of the law into the HS edition of a declaration.

With a concordance (rows of UNSD's correlation tables, as `statistics` reads them) a code becomes
the codes that hold its goods. Without one it is followed only as a number, and that is said.
Pure: codes in, codes out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tidewaiter.base.terms import EDITION_UNSTATED
from tidewaiter.codes import hs_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NOT_RESTATED = "edition not restated"


@dataclass(frozen=True, slots=True)
class Carried:
    """A code in another edition: whether it holds the law's goods and no others, and what to say of it.

    `unknown`: the goods may be under this code, or not; nothing tells.
    """

    code: str
    exact: bool = True
    note: str | None = None
    unknown: bool = False


@dataclass(slots=True)
class Concordance:
    """The links between editions: which code of one became which codes of the other."""

    targets: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    in_order: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Iterable[Mapping[str, Any]]) -> Concordance:
        """Read rows with hs_from, hs_to, code_from, code_to; each is read both ways round."""
        made = cls()
        for link in links:
            one, other = (link["hs_from"], link["code_from"]), (link["hs_to"], link["code_to"])
            for start, goal in ((one, other), (other, one)):
                ways = made.targets.setdefault((start[0], goal[0]), defaultdict(set))
                ways[start[1]].add(goal[1])
        made.in_order = {pair: sorted(ways) for pair, ways in made.targets.items()}
        return made

    def follow(self, code: str, hs: str, to: str) -> Iterator[tuple[str, bool]]:
        """Yield the codes of `to` that hold goods of `code`, and whether each holds these goods and no others.

        Without links between the two editions a code is followed as a number, as far as it stands in both.
        """
        if self.knows(hs, to):
            for carried in self.restate(code, hs, to):
                yield carried.code, carried.exact
        elif hs_codes.is_same_number(code, hs, to):
            yield code, True

    def knows(self, hs: str, to: str) -> bool:
        """Tell whether there are links between two editions."""
        return (hs, to) in self.targets

    def restate(self, code: str, hs: str, to: str) -> Iterator[Carried]:
        """Yield the codes of `to` that hold goods of `code`, whole headings as headings."""
        there, back = self.targets[hs, to], self.targets[to, hs]
        codes, first = self.in_order[hs, to], code[:6]
        inside_law = codes[bisect_left(codes, first) : bisect_left(codes, first + ":")]  # ":" follows "9"
        reached = {goal for start in inside_law for goal in there[start]}
        inside = {goal for goal in reached if all(start.startswith(code[:6]) for start in back[goal])}
        exact = {goal: goal in inside and len(code) <= 6 for goal in reached}
        note = None if reached == {code} and all(exact.values()) else f"{code} of {hs} restated to {to}"
        if not reached:
            yield Carried(code, exact=False, note=f"{code} of {hs} leads to no code of {to}")
        for heading in sorted({goal[:4] for goal in reached}):
            if len(code) <= 4 and _headings(to)[heading] <= inside:
                yield Carried(heading, note=None if heading == code else note)
                continue
            for goal in sorted(each for each in reached if each.startswith(heading)):
                yield Carried(goal, exact=exact[goal], note=note)


def carry(code: str, hs: str, to: str, concordance: Concordance | None = None) -> Iterator[Carried]:
    """Yield the codes to compare with a declaration in the edition `to` for the law's `code` of `hs`.

    Chapters stay what they are; in an unstated edition codes are compared as numbers.
    """
    if to in {hs, EDITION_UNSTATED} or len(code) == 2:
        yield Carried(code)
    elif concordance is not None and concordance.knows(hs, to):
        yield from concordance.restate(code, hs, to)
    elif hs_codes.is_same_number(code, hs, to):
        yield Carried(code, note=f"{NOT_RESTATED}: {code} of {hs} compared as a number")
    else:
        yield from _lost(code, hs, to)


def _lost(code: str, hs: str, to: str) -> Iterator[Carried]:
    """Yield what is left of a number that does not stand in both editions: itself in part, and its neighbours.

    The goods may hide under any code of the heading that the law's own edition does not have.
    """
    note = f"{NOT_RESTATED}: {code} of {hs} is not in {to}, or stands for other goods there"
    yield Carried(code, exact=False, note=note)
    for neighbour in sorted(_headings(to)[code[:4]] - _headings(hs)[code[:4]]):
        yield Carried(neighbour, exact=False, note=note, unknown=True)


@lru_cache(maxsize=8)
def _headings(hs: str) -> defaultdict[str, set[str]]:
    """Return the subheadings of each heading of one edition."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for code in hs_codes.known(hs):
        if len(code) == 6:
            members[code[:4]].add(code)
    return members
