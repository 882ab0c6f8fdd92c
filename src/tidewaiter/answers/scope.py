"""What a question asks for, once it has been checked: parties, perspective, side and measure.

Owns the rules of a well-formed `Query`. It looks at no data: a question that data cannot answer
is a `Refusal`, a question that contradicts itself is a `QueryError`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.base.errors import QueryError
from tidewaiter.base.terms import INDICATORS, TOTAL
from tidewaiter.codes import areas

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Query
    from tidewaiter.base.terms import Measure

Party = Literal["exporters", "importers"]
"""Which of the question's two parties declared, whatever the direction of the goods."""

UNITS: Final[dict[Measure, str]] = {"value": "USD", "weight": "kg", "volume": "bbl", "count": "persons"}
_OF_A_WHOLE: Final = frozenset({"share", "ranking", "composition"})
_SUMMED: Final = frozenset({"country", "dissolved", "unspecified"})


@dataclass(frozen=True, slots=True)
class Scope:
    """One direction of trade over one span: what to look for in the rows.

    Empty `exporters` or `importers` mean every partner. `flipped` is true where the goods go
    from the question's importers to its exporters, as half of a total or balance does.
    """

    exporters: tuple[str, ...]
    importers: tuple[str, ...]
    products: tuple[str, ...]
    period: Period
    measure: Measure
    hs: str
    source: str | None
    flipped: bool = False
    digits: int | None = None
    """Break the products down into codes of this many digits."""
    itemised: bool = False
    """List every partner instead of using the declared total with the world."""
    settled: bool = False
    """Settle what both sides declared, instead of taking one side's word."""

    @property
    def unit(self) -> str:
        """The unit of its numbers."""
        return UNITS[self.measure]

    @property
    def is_open(self) -> bool:
        """Whether one side is every partner."""
        return not self.exporters or not self.importers

    @property
    def is_all_goods(self) -> bool:
        """Whether it asks for all goods together."""
        return self.products == (TOTAL,)

    def party(self, flow: str) -> Party:
        """Return which party of the question declares under `flow`."""
        return "exporters" if (flow == "export") != self.flipped else "importers"

    def turned(self) -> Scope:
        """Return the same trade in the other direction."""
        return replace(self, exporters=self.importers, importers=self.exporters, flipped=not self.flipped)


def scope_of(query: Query) -> Scope:
    """Check `query` and turn it into a `Scope`; raises `QueryError` where it contradicts itself."""
    if query.indicator not in INDICATORS:
        _refuse(f"indicator {query.indicator!r} is unknown; known: {', '.join(INDICATORS)}")
    if query.period is None:
        _refuse("no period is named; write one such as 2019, 2019-07 or 2019-01/2019-11")
    assert query.period is not None
    exporters, importers = _parties(query.exporters), _parties(query.importers)
    if not exporters and not importers:
        _refuse("neither an exporter nor an importer is named; name at least one area")
    both = sorted(set(exporters) & set(importers))
    if both:
        _refuse(f"{both[0]} is exporter and importer at once")
    if query.perspective is not None and query.perspective not in exporters + importers:
        _refuse(f"perspective {query.perspective} is neither among the exporters nor the importers")
    if query.side == "reconciled":
        _check_settled(query, both_named=bool(exporters and importers))
    if query.indicator == "share":
        _check_share(query, both_named=bool(exporters and importers))
    measure: Measure = "weight" if query.indicator == "weight" else query.measure
    products, settled = _products(query.products), query.side == "reconciled"
    return Scope(exporters, importers, products, query.period, measure, query.hs, query.source, settled=settled)


def perspective_of(query: Query, scope: Scope) -> Party:
    """Return the party whose exports or imports the trade was called; the exporters where nobody said."""
    if query.perspective is not None:
        return "exporters" if query.perspective in scope.exporters else "importers"
    return "exporters" if scope.exporters else "importers"


def default_party(query: Query, scope: Scope) -> Party:
    """Return the party whose declaration is the default: the perspective's own if it ever reports."""
    ours = perspective_of(query, scope)
    other: Party = "importers" if ours == "exporters" else "exporters"
    if query.side == "exporter":
        return "exporters"
    if query.side == "importer":
        return "importers"
    if query.side in {"reporter", "mirror"}:
        return ours if query.side == "reporter" else other
    codes = scope.exporters if ours == "exporters" else scope.importers
    return other if not codes or all(areas.never_reports(code) for code in codes) else ours


def is_summed(code: str) -> bool:
    """Tell whether an area is added up in a sum over every partner: countries and unspecified areas are."""
    return areas.kind(code) in _SUMMED


def _check_share(query: Query, *, both_named: bool) -> None:
    by_product = query.by == "product" or (query.by is None and query.products != (TOTAL,))
    if by_product and query.products == (TOTAL,):
        _refuse("a share by product needs a product; all goods are all of themselves")
    if not by_product and not both_named:
        _refuse("a share by partner needs both an exporter and an importer")


def _check_settled(query: Query, *, both_named: bool) -> None:
    """Refuse what two declarations of one trade cannot settle."""
    if query.indicator in _OF_A_WHOLE:
        _refuse(
            f"side reconciled has no {query.indicator}: nobody declares the other side of the whole (every partner, "
            "all products), so parts are settled and the whole is not; ask for side reporter or mirror"
        )
    if not both_named:
        _refuse(
            "side reconciled settles the trade of named areas: name exporter and importer; the world declares nothing"
        )


def _parties(codes: tuple[str, ...]) -> tuple[str, ...]:
    kinds = {code: areas.kind(code) for code in codes}
    if len(kinds) != len(codes):
        _refuse(f"an area is named twice: {', '.join(codes)}")
    wide = sorted(code for code, kind in kinds.items() if kind in {"group", "world"})
    if wide and len(codes) > 1:
        _refuse(f"{wide[0]} is a group that holds other areas; ask for it alone, or its trade would count twice")
    return () if wide and kinds[wide[0]] == "world" else tuple(sorted(codes))


def _products(codes: tuple[str, ...]) -> tuple[str, ...]:
    if not codes:
        _refuse("no product is named; write TOTAL for all goods")
    ordered = tuple(sorted(set(codes)))
    for code in ordered:
        if code != TOTAL and not code.isdigit():
            _refuse(f"product {code!r} is neither TOTAL nor digits")
        inside = [other for other in ordered if other != code and (code == TOTAL or other.startswith(code))]
        if inside:
            _refuse(f"product {inside[0]} lies inside {code}; together they would count twice")
    return ordered


def _refuse(message: str) -> None:
    raise QueryError(message)
