"""Turn tables with a column for each period or flow into one row for each number.

A blank cell is silence and yields no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.statistics.bench import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidewaiter.statistics.bench import Bench


def one_row_each(
    bench: Bench, labels: Sequence[str], columns: Mapping[str, Sequence[Any]], names: Sequence[str]
) -> str:
    """Make a table with `row`, the `labels`, the number as `said`, and what its column means.

    `columns` maps each column of numbers to its meaning, one value for each of `names`.
    """
    headings = bench.table(
        "SELECT " + ", ".join(f"unnest(${at}) AS {name}" for at, name in enumerate(("heading", *names), start=1)),
        [list(columns), *([meaning[at] for meaning in columns.values()] for at in range(len(names)))],
    )
    kept = ", ".join(quoted(label) for label in labels)
    values = ", ".join(quoted(column) for column in columns)
    meanings = ", ".join(f"headings.{name}" for name in names)
    return bench.table(
        f"SELECT row, {kept}, said, {meanings} FROM "
        f"(UNPIVOT (SELECT row, {kept}, {values} FROM {bench.rows}) ON {values} INTO NAME heading VALUE said) "
        f"JOIN {headings} AS headings USING (heading)"
    )
