"""Find figures that somebody printed for exactly what is asked: evidence of the second rank.

A printed figure counts only where direction, span, product and unit all match. Its interval is
half its last printed digit to either side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.answers.engine import exact, plain_day, records
from tidewaiter.answers.figure import Figure
from tidewaiter.answers.memory import whole
from tidewaiter.base.errors import CodeError
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Evidence
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import areas, units

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.answers.scope import Scope
    from tidewaiter.base.schema import Tables

SOURCE: Final = "published"


def figures(tables: Tables, scope: Scope, kind: str) -> list[Figure]:
    """List the printed figures for `scope`, each a `Figure`; `kind` is flow, total or balance.

    For a balance the owner is the scope's exporter: a figure printed for the other owner comes
    back with its sign turned. The finest printed come first, then the latest.
    """
    if scope.settled or scope.source not in {None, SOURCE} or len(scope.products) != 1:
        return []
    found = [
        (row, turned)
        for row in _rows(tables, scope)
        if (turned := _turned(row, scope, kind)) is not None and row["measure"] == scope.measure
    ]
    made = [figure for row, turned in found if (figure := _figure(row, scope, turned=turned)) is not None]
    return sorted(made, key=lambda figure: (_width(figure), -figure.vintage.toordinal(), figure.printed[0].id))


def other_units(tables: Tables, scope: Scope, kind: str) -> list[str]:
    """Name the units in which the same thing was printed, where it is not the unit asked."""
    matching = [row for row in _rows(tables, scope) if _turned(row, scope, kind) is not None]
    return sorted({row["unit"] for row in matching if _in_unit(row, scope) is None})


def _rows(tables: Tables, scope: Scope) -> list[dict[str, Any]]:
    wanted = {"start": scope.period.start, "end": scope.period.end, "product": scope.products[0]}
    rows = whole(tables, "published", tables.published)
    if rows is None:
        rows = records(tables.published.filter(*(nw.col(name) == value for name, value in wanted.items())))
    fitting = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return [row for row in fitting if scope.hs in {EDITION_UNSTATED, row["hs"]} or scope.products == (TOTAL,)]


def _turned(row: dict[str, Any], scope: Scope, kind: str) -> bool | None:
    """Tell whether a matching figure is written the other way round; None where it does not match."""
    parties = (_party(row["exporter"]), _party(row["importer"]))
    asked = (scope.exporters, scope.importers)
    if kind == "flow":
        return False if row["flow"] in {"export", "import"} and parties == asked else None
    if row["flow"] != kind:
        return None
    if parties == asked:
        return False
    return True if parties == asked[::-1] else None


def _party(code: str | None) -> tuple[str, ...]:
    return () if code is None or areas.kind(code) == "world" else (code,)


def _in_unit(row: dict[str, Any], scope: Scope) -> tuple[Decimal, Decimal] | None:
    """Express a printed figure and its last digit in the unit asked; None across dimensions and currencies."""
    value, last = exact(row["value"]), exact(row["last_unit"])
    if row["unit"] == scope.unit:
        return value, last
    try:
        return units.convert(value, row["unit"], scope.unit), units.convert(last, row["unit"], scope.unit)
    except CodeError:
        return None


def _figure(row: dict[str, Any], scope: Scope, *, turned: bool) -> Figure | None:
    numbers = _in_unit(row, scope)
    if numbers is None:
        return None
    value, last = numbers
    if turned and row["flow"] == "balance":
        value = -value
    day = plain_day(row["published_on"])
    reporter = row["reporter"]
    party = None
    if reporter is not None and reporter in scope.exporters + scope.importers:
        party = scope.party("export" if reporter in scope.exporters else "import")
    evidence = Evidence(
        source=SOURCE,
        reporter=reporter,
        partner=None,
        flow=row["flow"],
        product=row["product"],
        hs=row["hs"],
        period=scope.period.span(),
        value=exact(row["value"]),
        unit=row["unit"],
        valuation=None,
        vintage=day,
        receipt=row["receipt"],
        row=int(row["row"]),
        rank=2,
        publisher=row["publisher"],
        url=row["url"],
        note=row["note"],
    )
    named = f", naming {row['underlying_source']}" if row["underlying_source"] else ""
    notes = [f"a printed figure, not rows: {row['publisher']}, {day.isoformat()}{named}"]
    if reporter is None:
        notes.append("whose declaration lies behind it is not said")
    return Figure(
        source=SOURCE,
        party=party,
        unit=scope.unit,
        rank=2,
        amount=Quantity(value, scope.unit, value - last / 2, value + last / 2),
        known=scope.period.length,
        wanted=scope.period.length,
        vintage=day,
        estimated=False,
        page=f"{row['publisher']} {day.isoformat()}",
        printed=(evidence,),
        notes=tuple(notes),
    )


def _width(figure: Figure) -> Decimal:
    assert figure.amount is not None
    return figure.amount.high - figure.amount.low
