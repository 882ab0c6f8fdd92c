"""Bring the declarations of one question to one HS edition, with shares that the whole source teaches.

Owns the way from edition to edition (neighbours, chained) and what is learned on it; the splitting
itself is `restate`'s and `split`'s. Needs UNSD's correlation tables in the lake, and says so.
"""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.errors import CodeError, nearest
from tidewaiter.base.schema import COUNT, TEXT, Column, Table
from tidewaiter.base.schema_reconcile import SPLIT
from tidewaiter.codes import hs_codes
from tidewaiter.lake import shelf
from tidewaiter.lake.engines import Duck
from tidewaiter.statistics import restate, split
from tidewaiter.statistics.concordance import Link, turn_round
from tidewaiter.statistics.lessons import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tidewaiter.base.schema import Frame
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.lessons import Publication
    from tidewaiter.statistics.split import Split

DIGITS: Final = 6
_GROUP: Final = Table("split_group", (Column("hs", TEXT, ""), Column("code", TEXT, ""), Column("group", TEXT, "")), ())
_LINK: Final = Table("link", (Column("code_from", TEXT, ""), Column("code_to", TEXT, "")), ())
_SHARED: Final = Table("shared", (Column("code", TEXT, ""), Column("other", TEXT, "")), ())
_SPLIT: Final = Table("split", (*SPLIT.columns[:-1], Column("observations", COUNT, "")), ())


def linked(lake: Lake, as_of: date | None, codes: Iterable[str]) -> tuple[str, ...]:
    """List the 6-digit codes of any edition that the correlation tables tie to `codes` (or codes under them)."""
    links = lake.concordance(as_of).select("code_from", "code_to")
    found: set[str] = set()
    for code in codes:
        for here, there in (("code_from", "code_to"), ("code_to", "code_from")):
            found |= {row[0] for row in rows_of(links.filter(nw.col(here).str.starts_with(code)).select(there))}
    return tuple(sorted(found))


def to_edition(
    words: Frame, codes: Sequence[tuple[str, str]], hs: str, publication: Publication
) -> tuple[Frame, list[Split]]:
    """Restate `words` to the edition `hs`; `codes` are the (edition, 6-digit code) that they hold.

    Returns the frame and the shares used. Raises `CodeError` where no correlation table leads there, or
    where a code is unknown in its own edition.
    """
    used: list[Split] = []
    for edition in sorted({edition for edition, _ in codes if edition != hs}):
        mine = {code for held, code in codes if held == edition}
        rows = _led(edition, hs, mine, publication)
        known = {row.code_from for row in rows}
        for code in sorted(mine - known):
            near = nearest(code, {row.code_from for row in _step(*_path(edition, hs, publication)[0], publication)})
            message = f"product {code} is unknown in {edition}, in which {publication.source} has it{near}"
            raise CodeError(message)
        used += rows
    table = publication.engine.table(SPLIT, [astuple(row) for row in used])
    return restate.restate(words, table, hs), used


def _led(hs_from: str, hs_to: str, codes: set[str], publication: Publication) -> list[Split]:
    """Follow the shares of `codes` from edition to edition."""
    first, *later = _path(hs_from, hs_to, publication)
    rows = [row for row in _step(*first, publication) if row.code_from in codes]
    for step in later:
        rows = split.chain(rows, _step(*step, publication))
    return rows


def _path(hs_from: str, hs_to: str, publication: Publication) -> list[tuple[str, str]]:
    """List the steps between two editions: neighbours, of those that a landed workbook ties together.

    Raises `CodeError` where none is: which workbook would.
    """
    order = [edition for edition in sorted(hs_codes.EDITIONS) if edition in _between(hs_from, hs_to)]
    if hs_from > hs_to:
        order.reverse()
    tied = set(rows_of(publication.lake.concordance(publication.as_of).select("hs_from", "hs_to").unique()))
    steps = list(pairwise(order))
    if all(step in tied or step[::-1] in tied for step in steps) and steps:
        return steps
    if (hs_from, hs_to) in tied or (hs_to, hs_from) in tied:
        return [(hs_from, hs_to)]
    message = (
        f"{publication.source} declares partly in {hs_from} and partly in {hs_to}, and no concordance leads from one "
        "to the other: land UNSD's correlation workbook of the two editions"
    )
    raise CodeError(message)


def _between(one: str, other: str) -> set[str]:
    low, high = sorted((one, other))
    return {edition for edition in hs_codes.EDITIONS if low <= edition <= high}


def _step(hs_from: str, hs_to: str, publication: Publication) -> list[Split]:
    """Return the shares of one step, learned from the source's own rows once for each of its states."""
    lake = publication.lake
    key = f"{publication.state}-{hs_from}-{hs_to}"
    kept = shelf.find(lake, key)
    if kept is None:
        rows = [astuple(row) for row in _learned(hs_from, hs_to, publication)]
        kept = shelf.keep(lake, key, {"split": Duck(lake.connection).table(_SPLIT, rows)})
    return [split.Split(*row) for row in rows_of(kept["split"].select(*SPLIT.names))]


def _learned(hs_from: str, hs_to: str, publication: Publication) -> list[Split]:
    links, engine = _links(hs_from, hs_to, publication), publication.engine
    groups = engine.table(_GROUP, split.groups(links))
    before, after = (
        engine.keep(name, frame)
        for name, frame in zip(
            ("before", "after"), restate.observe(publication.trade, groups, hs_from, hs_to), strict=True
        )
    )
    pairs = engine.table(_LINK, sorted({(link.code_from, link.code_to) for link in links}))
    shared = engine.table(_SHARED, split.shared_targets(links))
    within, across, seen = restate.moments(before, after, pairs, shared)
    return split.learn_split(
        links,
        {(code, other): total for code, other, total in engine.rows(within.select("code", "other", "total"))},
        {(code, target): total for code, target, total in engine.rows(across.select("code", "target", "total"))},
        dict(engine.rows(seen.select("code", "reporters"))),
    )


def _links(hs_from: str, hs_to: str, publication: Publication) -> list[Link]:
    columns = ("hs_from", "hs_to", "code_from", "code_to", "relationship", "is_main")
    frame = publication.lake.concordance(publication.as_of).select(*columns)

    def read(one: str, other: str) -> list[Link]:
        chosen = frame.filter(nw.col("hs_from") == one, nw.col("hs_to") == other)
        found: list[tuple[Any, ...]] = rows_of(chosen)
        return sorted(Link(*row) for row in found)

    return read(hs_from, hs_to) or turn_round(read(hs_to, hs_from))
