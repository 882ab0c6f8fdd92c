"""Find out what the landed files hold, to tell "declared nothing" from "said nothing"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.answers.engine import distinct, one_of, plain_day
from tidewaiter.answers.memory import by_year, kept, remember
from tidewaiter.answers.rows import fitting, in_scope, lies_in, naming, near
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.schema import Frame, Tables


MOST_NAMED: Final = 50
"""Up to so many files are named one by one to the engine."""


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
    """Find which files could have held a line of `scope`: by reporter and period, by product, by partner.

    Asks no further as soon as one of the three shows that there is no such file.
    """
    trade, products = tables.trade, nw.col("product") != TOTAL
    units: dict[tuple[str, str, str, str], set[tuple[str, int, str]]] = defaultdict(set)
    for row in _rows(
        tables,
        scope,
        _filed(scope),
        lambda near: trade.filter(*near, products, _declared(scope)).with_columns(
            digits=nw.col("product").str.len_chars()
        ),
        ("source", "reporter", "flow", "receipt", "hs", "digits"),
        spare=(1, 0),
    ):
        if not _is_asked(row, scope):
            continue
        unit = (row["source"], row["reporter"], row["flow"], row["period"])
        units[unit].add((row["receipt"], int(row["digits"]), row["hs"]))
    names = tuple(sorted({receipt for filed in units.values() for receipt, _, _ in filed}))
    in_files = one_of("receipt", names if len(names) <= MOST_NAMED else ())
    held: Sequence[dict[str, Any]] = (
        ()
        if not names
        else _rows(
            tables,
            scope,
            ("goods", scope.products, scope.digits, names),
            lambda near: trade.filter(*near, fitting(scope), in_files).with_columns(**naming(scope)),
            ("receipt", "asked", "digits", "hs"),
        )
    )
    partner = one_of("partner", scope.exporters) | one_of("partner", scope.importers)
    about: Sequence[dict[str, Any]] = (
        ()
        if not held
        else _rows(
            tables,
            scope,
            ("about", *_parties(scope), names),
            lambda near: trade.filter(*near, products, partner, in_files),
            ("receipt", "partner", "vintage"),
        )
    )
    return Filings(
        {key: frozenset(files) for key, files in units.items()},
        frozenset((row["receipt"], row["partner"]) for row in about),
        frozenset((row["receipt"], row["asked"], int(row["digits"]), row["hs"]) for row in held),
        {row["receipt"]: plain_day(row["vintage"]) for row in about},
    )


def filed_nothing(tables: Tables, scope: Scope) -> bool:
    """Tell whether it is known already that the areas of `scope` filed no line of any product in its span."""
    if scope.is_open or (scope.is_all_goods and scope.digits is None):
        return False
    found = kept(tables, _of_publication(_filed(scope), scope), scope.period.years)
    return found is not None and not any(
        lies_in(scope.period, row["frequency"], row["period"]) and _is_asked(row, scope) for row in found
    )


def _filed(scope: Scope) -> tuple[object, ...]:
    return "filed", *_parties(scope)


def _parties(scope: Scope) -> tuple[tuple[str, ...], ...]:
    """Name whom a question is about: of named areas the same for both directions, so that both are fetched at once."""
    if scope.is_open:
        return scope.exporters, scope.importers
    return (tuple(sorted({*scope.exporters, *scope.importers})),)


def _declared(scope: Scope) -> nw.Expr:
    """Say which lines the exporters of `scope` or its importers could have declared; of named areas all of them."""
    exports, imports = nw.col("flow") == "export", nw.col("flow") == "import"
    if scope.is_open:
        return (exports & one_of("reporter", scope.exporters)) | (imports & one_of("reporter", scope.importers))
    return (exports | imports) & one_of("reporter", *_parties(scope))


def _is_asked(row: dict[str, Any], scope: Scope) -> bool:
    """Tell whether a filing is of the direction asked."""
    who = scope.exporters if row["flow"] == "export" else scope.importers
    return not who or row["reporter"] in who


def _of_publication(key: tuple[object, ...], scope: Scope) -> tuple[object, ...]:
    return (*key, scope.source, scope.hs)


def _rows(
    tables: Tables,
    scope: Scope,
    key: tuple[object, ...],
    frame: Callable[[list[nw.Expr]], Frame],
    columns: tuple[str, ...],
    spare: tuple[int, int] = (0, 0),
) -> Sequence[dict[str, Any]]:
    """Fetch each combination of `columns` once a period in the span; of named areas, year by year."""

    def fetch(years: range) -> list[tuple[int, dict[str, Any]]]:
        found = distinct(frame(near(scope, years)), *columns, "frequency", "period")
        return [(int(row["period"][:4]), row) for row in found]

    years = scope.period.years
    whole_key = _of_publication(key, scope)
    if scope.is_open:
        dated = remember(tables, (*whole_key, scope.period), lambda: fetch(range(years[0], years[-1] + 1)))
        found = [row for _, row in dated]
    else:
        found = by_year(tables, whole_key, years, fetch, spare=spare) or []
    return [row for row in found if lies_in(scope.period, row["frequency"], row["period"])]


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
        for row in distinct(lines, "source", "reporter", "flow", "period", "product"):
            found[row["source"], row["reporter"], row["flow"], row["period"]].add(row["product"])
        return {key: frozenset(codes) for key, codes in found.items()}

    return remember(tables, ("chapters filed", scope.period, scope.source, named), fetch)


def codes_held(tables: Tables, scope: Scope, receipts: Iterable[str]) -> dict[tuple[str, str, int], frozenset[str]]:
    """Collect, per file, edition and number of digits, the codes under `scope` it holds of any reporter."""
    named = tuple(sorted(receipts))

    def fetch() -> dict[tuple[str, str, int], frozenset[str]]:
        lines = tables.trade.filter(*in_scope(scope), one_of("receipt", named))
        found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for row in distinct(lines, "receipt", "hs", "product"):
            found[row["receipt"], row["hs"], len(row["product"])].add(row["product"])
        return {key: frozenset(codes) for key, codes in found.items()}

    return remember(tables, ("codes held", replace(scope, flipped=False), named), fetch)


def sources(tables: Tables) -> frozenset[str]:
    """List the sources that have rows."""
    return remember(
        tables,
        ("sources",),
        lambda: frozenset(row["source"] for row in distinct(tables.trade, "source")),
    )
