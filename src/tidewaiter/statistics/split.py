"""Learn how the trade of an old HS code divides among the new codes it became.

Least squares on the simplex: the composition of a reporter's trade in the year after it changed
edition is set against that of the year before, over every reporter that changed. Works on small
sums that `restate.observe` makes; the arithmetic is Python's own, block by block, one code a block.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.statistics.concordance import Link

_STEP: Final = Decimal("0.00000001")
_PRIOR_WEIGHT: Final = 0.02
"""What UNSD's conversion sheet counts for, in reporters that traded in nothing but the code."""
_ROUNDS: Final = 500
_SETTLED: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Split:
    """One row of the `split` table."""

    hs_from: str
    hs_to: str
    code_from: str
    code_to: str
    share: Decimal
    share_below: Decimal
    share_upto: Decimal
    basis: str
    observations: int


def shared_targets(links: Sequence[Link]) -> list[tuple[str, str]]:
    """List the ordered pairs of codes that split and that share at least one target."""
    sources: dict[str, set[str]] = defaultdict(set)
    for link in links:
        sources[link.code_to].add(link.code_from)
    return sorted(
        {(left, right) for codes in sources.values() if len(codes) > 1 for left in codes for right in codes}
        | {(link.code_from, link.code_from) for link in links if link.relationship.endswith("n")}
    )


def groups(links: Sequence[Link]) -> list[tuple[str, str, str]]:
    """Name the group of every code in a split: (edition, code, group), the group's first old code.

    A group is the smallest set of old and new codes that only exchange goods among themselves.
    """
    above: dict[str, str] = {}

    def root(name: str) -> str:
        while above.setdefault(name, name) != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    for link in links:
        low, high = sorted((root(f"0{link.code_from}"), root(f"1{link.code_to}")))
        above[high] = low
    splitting = {root(f"0{link.code_from}") for link in links if link.relationship.endswith("n")}
    rows = {(link.hs_from, link.code_from, root(f"0{link.code_from}")) for link in links}
    rows |= {(link.hs_to, link.code_to, root(f"1{link.code_to}")) for link in links}
    return sorted((edition, code, group[1:]) for edition, code, group in rows if group in splitting)


def learn_split(
    links: Sequence[Link],
    within: Mapping[tuple[str, str], float],
    across: Mapping[tuple[str, str], float],
    seen: Mapping[str, int],
) -> list[Split]:
    """Solve for the shares of every code of one concordance; they sum to exactly 1 per old code.

    `within[i, k]` is the sum over reporters of x_i * x_k and `across[i, j]` that of x_i * y_j, where
    x and y are compositions (shares of the group's trade) before and after; `seen[i]` counts the
    reporters that traded in i's group. Where nobody did, UNSD's conversion sheet decides, and
    where that is silent too, the shares are even.
    """
    targets: dict[str, list[str]] = defaultdict(list)
    main: dict[str, str] = {}
    for link in sorted(links):
        targets[link.code_from].append(link.code_to)
        if link.is_main:
            main[link.code_from] = link.code_to
    weights = {code: _prior(codes, main.get(code)) for code, codes in targets.items()}
    open_codes = [code for code, codes in targets.items() if len(codes) > 1 and seen.get(code)]
    neighbours: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (left, right), total in within.items():
        if left != right and left in weights:
            neighbours[left].append((right, total))
    prior = {code: dict(weights[code]) for code in open_codes}
    for _ in range(_ROUNDS):
        moved = 0.0
        for code in open_codes:
            size = within.get((code, code), 0.0) + _PRIOR_WEIGHT
            aim = {
                target: (
                    across.get((code, target), 0.0)
                    + _PRIOR_WEIGHT * prior[code][target]
                    - sum(total * weights.get(other, {}).get(target, 0.0) for other, total in neighbours[code])
                )
                / size
                for target in targets[code]
            }
            solved = dict(zip(aim, on_simplex(list(aim.values())), strict=True))
            moved = max(moved, *(abs(solved[target] - weights[code][target]) for target in solved))
            weights[code] = solved
        if moved < _SETTLED:
            break
    editions = (links[0].hs_from, links[0].hs_to)
    return [
        row
        for code, codes in sorted(targets.items())
        for row in _rows(editions, code, weights[code], _basis(codes, seen.get(code, 0), main.get(code)), seen)
    ]


def on_simplex(point: Sequence[float]) -> list[float]:
    """Project a point onto the simplex: the nearest numbers that are not negative and sum to 1.

    The sorting method of Held, Wolfe and Crowder (1974).
    """
    total, shift = 0.0, 0.0
    for count, value in enumerate(sorted(point, reverse=True), 1):
        total += value
        if value - (total - 1) / count <= 0:
            break
        shift = (total - 1) / count
    return [max(0.0, value - shift) for value in point]


def chain(first: Iterable[Split], second: Iterable[Split]) -> list[Split]:
    """Follow the shares through a middle edition: HS2022 to HS2017 to HS2012.

    Raises `CodeError` where a middle code is unknown to the second table.
    """
    onward: dict[str, list[Split]] = defaultdict(list)
    for row in second:
        onward[row.code_from].append(row)
    paths: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    steps: dict[str, list[Split]] = defaultdict(list)
    for row in first:
        steps[row.code_from].append(row)
        if row.code_to not in onward:
            message = f"product {row.code_to} is unknown in the concordance from {row.hs_to}, reached from "
            raise CodeError(message + f"{row.hs_from} {row.code_from}")
        for step in onward[row.code_to]:
            paths[row.code_from][step.code_to] += row.share * step.share
    if not paths:
        return []
    editions = (next(iter(steps.values()))[0].hs_from, next(iter(onward.values()))[0].hs_to)
    rows = []
    for code, shares in sorted(paths.items()):
        used = [step for row in steps[code] for step in (row, *onward[row.code_to]) if row.share]
        basis = (
            "only"
            if len(shares) == 1
            else min(
                (step.basis for step in used if step.basis != "only"),
                key=("even", "conversion", "learned").index,
                default="only",
            )
        )
        seen = {code: min((step.observations for step in used if step.basis != "only"), default=0)}
        rows += _rows(editions, code, {key: float(value) for key, value in shares.items()}, basis, seen)
    return rows


def _prior(codes: Sequence[str], main: str | None) -> dict[str, float]:
    if main in codes:
        return {code: float(code == main) for code in codes}
    return {code: 1 / len(codes) for code in codes}


def _basis(codes: Sequence[str], seen: int, main: str | None) -> str:
    if len(codes) == 1:
        return "only"
    if seen:
        return "learned"
    return "conversion" if main in codes else "even"


def _rows(
    editions: tuple[str, str], code: str, weights: Mapping[str, float], basis: str, seen: Mapping[str, int]
) -> list[Split]:
    """Round the shares to eight places; what rounding leaves over goes to the largest."""
    shares = {target: Decimal(weight).quantize(_STEP) for target, weight in weights.items()}
    shares[max(shares, key=lambda target: (shares[target], target))] += 1 - sum(shares.values())
    rows, below = [], Decimal(0).quantize(_STEP)
    for target, share in sorted(shares.items()):
        rows.append(Split(*editions, code, target, share, below, below + share, basis, seen.get(code, 0)))
        below += share
    return rows
