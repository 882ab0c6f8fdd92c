"""The links of a UNSD correlation workbook, as `workbook` has laid them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.schema_reconcile import CONCORDANCE
from tidewaiter.codes import products
from tidewaiter.statistics.bench import Parsed, quoted
from tidewaiter.statistics.refusal import refuse, shown

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Give the links their types; refuses editions that nobody knows and more than one pair of them."""
    known = products.editions.values()
    for column in ("hs_from", "hs_to"):
        for word in bench.column_words(column):
            if word not in known:
                refuse(bench.name, f"{shown(word)} is no HS edition; known: {', '.join(known)}", column=column)
    pairs = bench.connection.execute(f"SELECT DISTINCT hs_from, hs_to FROM {bench.rows} ORDER BY ALL").fetchall()
    if len(pairs) != 1:
        refuse(bench.name, f"leads between {len(pairs)} pairs of editions; a workbook is about one")
    columns = ", ".join(
        f"CAST({quoted(each.name)} AS {each.type}) AS {quoted(each.name)}" for each in CONCORDANCE.columns
    )
    (count,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    return Parsed(f"SELECT {columns}, row FROM {bench.rows}", (), (), count, about=f"{pairs[0][0]} to {pairs[0][1]}")
