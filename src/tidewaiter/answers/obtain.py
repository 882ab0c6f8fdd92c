"""Name the commands that would bring what is missing: one that fetches it, one that lands a file of it; pure.

UN Comtrade is named only where it could have the rows: a country that declares, years in which there is a
Harmonised System, codes of six digits at most, money or weight. Of a country that never declares
its partners' declarations are fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.answers.scope import default_party
from tidewaiter.base.errors import CodeError
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas, products
from tidewaiter.statistics.fetching.areas import numbers

if TYPE_CHECKING:
    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.question import Query

_SOURCE: Final = "un_comtrade"
_MEASURES: Final = frozenset({"value", "weight"})
_DIGITS: Final = 6

_DECLARE: Final = frozenset({"country", "group"})


def command(query: Query, scope: Scope) -> str:
    """Write the line to type: it fetches where UN Comtrade could have the rows, and says what file to land instead."""
    file = landing(query, scope)
    fetch = fetching(query, scope)
    return file if fetch is None else f"{fetch}  # or: {file.replace('  # FILE:', ', FILE:')}"


def fetching(query: Query, scope: Scope) -> str | None:
    """Write the command that fetches what would answer from UN Comtrade; None where it cannot have it."""
    if query.source not in {None, _SOURCE} or scope.measure not in _MEASURES or not _has_an_edition(scope):
        return None
    if any(len(code) > _DIGITS for code in scope.products if code != TOTAL):
        return None
    ours, theirs, flow = _sides(query, scope)
    if not _declare(ours):
        # Nobody on this side declares: what is known is what the other side says.
        ours, theirs, flow = theirs, ours, "import" if flow == "export" else "export"
        if not _declare(ours):
            return None
    if not _has_numbers((*ours, *theirs), scope):
        return None
    words = ["tidewaiter fetch comtrade"]
    words += [f"--reporter {code}" for code in ours if not areas.never_reports(code)]
    words += [f"--partner {code}" for code in theirs]
    words.append(f"--period {scope.period}")
    if not scope.period.is_full_years:
        words.append("--monthly")
    words.append(f"--products {_goods(query, scope)}")
    if not _is_both_ways(query):
        words.append(f"--flow {flow}")
    return " ".join(words)


def landing(query: Query, scope: Scope) -> str:
    """Write the command that lands a file which would answer, and what that file must hold."""
    ours, theirs, flow = _sides(query, scope)
    flows = "exports and imports" if _is_both_ways(query) else f"{flow}s"
    to = "to" if flow == "export" else "from"
    reporter = ", ".join(ours) or "every reporter"
    partner = ", ".join(theirs) or "the world and every partner"
    goods = "all goods (TOTAL)" if scope.is_all_goods else f"HS {', '.join(scope.products)}"
    monthly = "annual or monthly" if scope.period.is_full_years else "monthly"
    return f"tidewaiter land FILE  # FILE: {flows} of {reporter} {to} {partner}, {goods}, {monthly}, {scope.period}"


def _sides(query: Query, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return who would declare, about whom, and the flow as they call it."""
    if default_party(query, scope) == "exporters":
        return scope.exporters, scope.importers, "export"
    return scope.importers, scope.exporters, "import"


def _is_both_ways(query: Query) -> bool:
    return query.indicator in {"total", "balance"} or query.of != "value"


def _declare(codes: tuple[str, ...]) -> bool:
    """Tell whether any of these countries, or groups that declare as one, declares; nobody named is everybody."""
    if not codes:
        return True
    named = [areas.area(code) for code in codes]
    return any(one.reports and one.kind in _DECLARE and not areas.never_reports(one.code) for one in named)


def _has_an_edition(scope: Scope) -> bool:
    """Tell whether the Harmonised System was in force in every year that is asked for."""
    in_force = [products.in_force(hs) for hs in products.editions.values()]
    return all(any(year in years for years in in_force) for year in scope.period.years)


def _has_numbers(codes: tuple[str, ...], scope: Scope) -> bool:
    """Tell whether UN Comtrade has a number for each of the areas in those years."""
    try:
        numbers(codes, [str(year) for year in scope.period.years])
    except CodeError:
        return False
    return True


def _goods(query: Query, scope: Scope) -> str:
    """Write the products: beside all goods the chapters, where they are to be broken down."""
    if not scope.is_all_goods:
        return ",".join(scope.products)
    by_product = query.indicator == "composition" or query.by == "product"
    return "total,chapters" if by_product else "total"
