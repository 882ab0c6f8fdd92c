"""Find out what the landed files hold, to tell "declared nothing" from "said nothing"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.ask.rows import in_scope, naming, one_of, plain_day, records
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tidewaiter.ask.scope import Scope
    from tidewaiter.base.schema import Frame


@dataclass(frozen=True, slots=True)
class Filings:
    """What the landed files hold of the lines a question asks for.

    A file is cut by reporter, month, partner and product. Where it holds lines of a reporter in a
    month, lines about the partner and lines of the product, a line it lacks was not declared.
    """

    units: Mapping[tuple[str, str, str, str], frozenset[tuple[str, int, str]]]
    """Per source, reporter, flow and period: the files with its lines, the digits and edition of their codes."""
    partners: frozenset[tuple[str, str]]
    products: frozenset[tuple[str, str, int, str]]
    vintages: Mapping[str, date]

    def receipts(
        self, source: str, reporter: str, flow: str, partner: str, asked: str, period: str, *, finer: bool
    ) -> tuple[str, ...]:
        """Name the files in which `period` was filed and a line would stand if one had been declared.

        Without `finer` only files that hold the code asked itself count, not those with codes under it:
        these may be a choice, and what was not chosen is not silence.
        """
        filed = self.units.get((source, reporter, flow, period), frozenset())
        return tuple(
            sorted(
                {
                    receipt
                    for receipt, digits, hs in filed
                    if (finer or digits == len(asked))
                    and (receipt, partner) in self.partners
                    and (receipt, asked, digits, hs) in self.products
                }
            )
        )


def filings(trade: Frame, scope: Scope) -> Filings:
    """Find which files could have held a line of `scope`: by reporter and period, by partner, by product."""
    lines = [nw.col("product") != TOTAL, *in_scope(scope, product=False)]
    declared = ((nw.col("flow") == "export") & one_of("reporter", scope.exporters)) | (
        (nw.col("flow") == "import") & one_of("reporter", scope.importers)
    )
    filed = trade.filter(*lines, declared).select(
        "source", "reporter", "flow", "period", "receipt", "hs", digits=nw.col("product").str.len_chars()
    )
    units: dict[tuple[str, str, str, str], set[tuple[str, int, str]]] = defaultdict(set)
    for row in records(filed.unique()):
        unit = (row["source"], row["reporter"], row["flow"], row["period"])
        units[unit].add((row["receipt"], int(row["digits"]), row["hs"]))
    about = trade.filter(*lines, one_of("partner", scope.exporters) | one_of("partner", scope.importers))
    partners = records(about.select("receipt", "partner", "vintage").unique())
    goods = trade.filter(*in_scope(scope)).select("receipt", "hs", **naming(scope))
    return Filings(
        {key: frozenset(files) for key, files in units.items()},
        frozenset((row["receipt"], row["partner"]) for row in partners),
        frozenset((row["receipt"], row["asked"], int(row["digits"]), row["hs"]) for row in records(goods.unique())),
        {row["receipt"]: plain_day(row["vintage"]) for row in partners},
    )


def chapters_filed(trade: Frame, scope: Scope) -> dict[tuple[str, str, str, str], frozenset[str]]:
    """Collect, per source, reporter, flow and period, the two-digit codes it filed about any partner."""
    lines = trade.filter(*in_scope(scope, product=False), nw.col("product").str.len_chars() == 2)
    found: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for row in records(lines.select("source", "reporter", "flow", "period", "product").unique()):
        found[row["source"], row["reporter"], row["flow"], row["period"]].add(row["product"])
    return {key: frozenset(codes) for key, codes in found.items()}


def codes_held(trade: Frame, scope: Scope, receipts: Iterable[str]) -> dict[tuple[str, str, int], frozenset[str]]:
    """Collect, per file, edition and number of digits, the codes under `scope` it holds of any reporter."""
    lines = trade.filter(*in_scope(scope), one_of("receipt", sorted(receipts)))
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for row in records(lines.select("receipt", "hs", "product").unique()):
        found[row["receipt"], row["hs"], len(row["product"])].add(row["product"])
    return {key: frozenset(codes) for key, codes in found.items()}
