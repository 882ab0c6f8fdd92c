"""Find out what the landed files hold, to tell "declared nothing" from "said nothing"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw

from tidewaiter.ask.engine import one_of, plain_day, records
from tidewaiter.ask.memory import remember
from tidewaiter.ask.rows import in_scope, naming
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tidewaiter.ask.scope import Scope
    from tidewaiter.base.schema import Frame, Tables


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


def filings(tables: Tables, scope: Scope) -> Filings:
    """Find which files could have held a line of `scope`: by reporter and period, by partner, by product."""
    return remember(tables, ("filings", replace(scope, flipped=False)), lambda: _filings(tables.trade, scope))


def _filings(trade: Frame, scope: Scope) -> Filings:
    """Ask for the three in turn, and for no more as soon as one of them shows that there is no such file."""
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
    files = {key: frozenset(found) for key, found in units.items()}
    if not files:
        return Filings(files, frozenset(), frozenset(), {})
    held = trade.filter(*in_scope(scope)).select("receipt", "hs", **naming(scope))
    goods = frozenset((row["receipt"], row["asked"], int(row["digits"]), row["hs"]) for row in records(held.unique()))
    if not goods:
        return Filings(files, frozenset(), goods, {})
    about = trade.filter(*lines, one_of("partner", scope.exporters) | one_of("partner", scope.importers))
    partners = records(about.select("receipt", "partner", "vintage").unique())
    return Filings(
        files,
        frozenset((row["receipt"], row["partner"]) for row in partners),
        goods,
        {row["receipt"]: plain_day(row["vintage"]) for row in partners},
    )


def chapters_filed(
    tables: Tables, scope: Scope, reporters: Iterable[str]
) -> dict[tuple[str, str, str, str], frozenset[str]]:
    """Collect, per source, reporter, flow and period, the two-digit codes that `reporters` filed about any partner."""
    named = tuple(sorted(reporters))

    def fetch() -> dict[tuple[str, str, str, str], frozenset[str]]:
        lines = tables.trade.filter(
            *in_scope(scope, product=False), one_of("reporter", named), nw.col("product").str.len_chars() == 2
        )
        found: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for row in records(lines.select("source", "reporter", "flow", "period", "product").unique()):
            found[row["source"], row["reporter"], row["flow"], row["period"]].add(row["product"])
        return {key: frozenset(codes) for key, codes in found.items()}

    return remember(tables, ("chapters filed", scope.period, scope.source, named), fetch)


def codes_held(tables: Tables, scope: Scope, receipts: Iterable[str]) -> dict[tuple[str, str, int], frozenset[str]]:
    """Collect, per file, edition and number of digits, the codes under `scope` it holds of any reporter."""
    named = tuple(sorted(receipts))

    def fetch() -> dict[tuple[str, str, int], frozenset[str]]:
        lines = tables.trade.filter(*in_scope(scope), one_of("receipt", named))
        found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for row in records(lines.select("receipt", "hs", "product").unique()):
            found[row["receipt"], row["hs"], len(row["product"])].add(row["product"])
        return {key: frozenset(codes) for key, codes in found.items()}

    return remember(tables, ("codes held", replace(scope, flipped=False), named), fetch)


def sources(tables: Tables) -> frozenset[str]:
    """List the sources that have rows."""
    return remember(
        tables,
        ("sources",),
        lambda: frozenset(row["source"] for row in records(tables.trade.select("source").unique())),
    )
