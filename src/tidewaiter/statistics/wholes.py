"""Keep the whole of a trade and leave out the rows that split it, or refuse a split without its whole.

A publisher may print the same trade whole and split by second partner, customs procedure and means of
transport. Splits by different things overlap, so that adding rows up would count goods twice and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidewaiter.statistics.bench import literal, quoted
from tidewaiter.statistics.refusal import counted, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.statistics.bench import Bench


@dataclass(frozen=True, slots=True)
class Split:
    """A column by which rows may be split: the value that stands for the whole, and what it tells apart."""

    column: str
    whole: str
    title: str


def is_whole(splits: Sequence[Split], alias: str = "rows", *, empty_is_whole: bool = False) -> str:
    """Return SQL that is true for the rows of `alias` that are whole."""

    def condition(split: Split) -> str:
        key = f"{alias}.{quoted(split.column)}"
        said = f"coalesce({key}, {literal(split.whole)})" if empty_is_whole else key
        return f"{said} = {literal(split.whole)}"

    return " AND ".join(condition(split) for split in splits) or "true"


def leave_out_parts(
    bench: Bench, splits: Sequence[Split], key: Sequence[str], *, empty_is_whole: bool = False
) -> tuple[int, tuple[str, ...]]:
    """Count the rows that are parts, with a note; refuse the file where a part has no whole.

    `key` names the columns in which a part and its whole agree. An empty cell is refused unless
    `empty_is_whole`.
    """
    if not empty_is_whole:
        for split in splits:
            bench.refuse_empty(split.column)
    whole = is_whole(splits, empty_is_whole=empty_is_whole)
    (parts,) = bench.one(f"SELECT count(*) FROM {bench.rows} AS rows WHERE NOT ({whole})")
    if not parts:
        return 0, ()
    same = " AND ".join(f"rows.{quoted(name)} = whole.{quoted(name)}" for name in key)
    columns = ", ".join(quoted(split.column) for split in splits)
    found = bench.first(
        f"""SELECT row, {columns} FROM {bench.rows} AS rows WHERE NOT ({whole}) AND NOT EXISTS (
            SELECT 1 FROM {bench.rows} AS whole
            WHERE {same} AND {is_whole(splits, "whole", empty_is_whole=empty_is_whole)})
        ORDER BY row LIMIT 1"""
    )
    if found is not None:
        _refuse_orphan(bench, splits, found)
    titles = " or ".join(split.title for split in splits)
    return parts, (f"{counted(parts)} splitting a trade by {titles} left out; the wholes are here",)


def _refuse_orphan(bench: Bench, splits: Sequence[Split], found: tuple[object, ...]) -> None:
    row, *values = found
    assert isinstance(row, int)
    by = [
        (split, value)
        for split, value in zip(splits, values, strict=True)
        if value is not None and str(value) != split.whole
    ]
    said = ", ".join(f"{split.title} {value}" for split, value in by)
    asked = ", ".join(f"{split.column} {split.whole}" for split in splits)
    refuse(
        bench.name,
        f"is a part of a trade (by {said}) whose whole is not in the file; parts overlap and are never "
        f"added up: download with {asked}",
        row=row,
        column=by[0][0].column,
    )
