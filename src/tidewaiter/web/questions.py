"""Addresses and questions: what stands in the query of an address becomes a `Query`, and the other way round.

The words are those of `tidewaiter ask`. Whatever is not understood is refused with what could be written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from tidewaiter.base.errors import CodeError, QueryError, nearest
from tidewaiter.base.period import Period
from tidewaiter.base.question import Query
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.codes.products import resolve_product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidewaiter.base.terms import Side

WHATS: Final = ("imports", "exports", "trade", "balance")
SIDES: Final = ("reporter", "mirror", "exporter", "importer", "reconciled")
STEPS: Final = ("year", "half", "quarter", "month")
LEVELS: Final = (2, 4, 6, 8)
MOST_PARTNERS: Final = 12
MOST_PRODUCTS: Final = 24
LONGEST_SPAN: Final = 12 * 130
HOW: Final = "write a code such as PRK, an M49 number or a full name"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader chose, read and found in order; it writes itself back as the query of an address."""

    what: str
    area: str
    period: Period
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = (TOTAL,)
    against: Period | None = None
    side: Side | None = None
    source: str | None = None
    as_of: date | None = None
    level: int = 2
    step: str | None = None
    weight: bool = False
    settle: bool = False
    """Whether the two sides are to be settled on one number, which learns from everybody's declarations."""

    @property
    def pairs(self) -> dict[str, str]:
        """Return what the address holds, in a fixed order, defaults left out."""
        return {
            "what": self.what,
            "area": self.area,
            **({"partner": ",".join(self.partners)} if self.partners else {}),
            "period": str(self.period),
            **({"product": ",".join(self.products)} if self.products != (TOTAL,) else {}),
            **({"against": str(self.against)} if self.against else {}),
            **({"side": str(self.side)} if self.side else {}),
            **({"source": self.source} if self.source else {}),
            **({"as_of": self.as_of.isoformat()} if self.as_of else {}),
            **({"level": str(self.level)} if self.level != 2 else {}),
            **({"step": self.step} if self.step else {}),
            **({"weight": "1"} if self.weight else {}),
            **({"settle": "1"} if self.settle else {}),
        }

    @property
    def query(self) -> str:
        """Write it as the query of an address, without the question mark."""
        return urlencode(self.pairs, safe=",./:")

    @property
    def flow(self) -> Query:
        """Return the question for the one number, before anything is done with it."""
        way = (self.partners, (self.area,)) if self.what == "imports" else ((self.area,), self.partners)
        indicator: Any = {"trade": "total", "balance": "balance"}.get(self.what, "value")
        return Query(
            indicator,
            exporters=way[0],
            importers=way[1],
            period=self.period,
            products=self.products,
            perspective=None if self.area == areas.WORLD else self.area,
            side=self.side,
            source=self.source,
            as_of=self.as_of,
            level=self.level,
            measure="weight" if self.weight else "value",
        )

    @property
    def single(self) -> Query:
        """Return the question for one number: a change where a base period is named."""
        if self.against is not None:
            of: Any = {"trade": "total"}.get(self.what, "balance" if self.what == "balance" else "value")
            return replace(self.flow, indicator="change", against=self.against, of=of)
        return replace(self.flow, indicator="weight") if self.weight and self.flow.indicator == "value" else self.flow

    def series(self, **more: Any) -> Query:
        """Return the question for the course of time."""
        step: Any = self.step or ("month" if self.period.length <= 24 else "year")
        return replace(self.flow, indicator="series", step=step, **more)

    def by(self, what: str, limit: int | None = None) -> Query:
        """Return the question for partners or products by size."""
        indicator: Any = "ranking" if what == "partner" else "composition"
        by: Any = what
        flow = self.flow
        if what == "partner":
            own, none = (self.area,), ()
            ends = (none, own) if self.what == "imports" else (own, none)
            flow = replace(flow, exporters=ends[0], importers=ends[1])
        return replace(flow, indicator=indicator, by=by, limit=limit)


def read(given: Mapping[str, str]) -> Asked:
    """Read the query of an address; raises `QueryError` or `CodeError` with what could be written instead."""
    what = given.get("what") or "imports"
    _one_of("what", what, WHATS)
    side = given.get("side") or None
    if side is not None:
        _one_of("side", side, SIDES)
    step = given.get("step") or None
    if step is not None:
        _one_of("step", step, STEPS)
    if not given.get("area"):
        message = "say whose trade: area=PRK"
        raise QueryError(message)
    area = areas.resolve(given["area"], HOW)
    partners = _areas(given.get("partner", ""))
    if area == areas.WORLD and not partners:
        message = f"the trade of all the world with itself is not kept; ask whose {what}"
        raise QueryError(message)
    if area in partners:
        message = f"{areas.name(area)} does not trade with itself; choose another partner"
        raise QueryError(message)
    chosen_side: Any = side
    return Asked(
        what=what,
        area=area,
        period=_period("period", given.get("period") or ""),
        partners=partners,
        products=_products(given.get("product", "")),
        against=_period("against", given["against"]) if given.get("against") else None,
        side=chosen_side,
        source=_source(given.get("source") or None),
        as_of=day_of("as_of", given.get("as_of")),
        level=_level(given.get("level") or "2"),
        step=step,
        weight=given.get("weight") in {"1", "true", "on"},
        settle=given.get("settle") == "1",
    )


def address_of(query: Query) -> str:
    """Return the address of the page that answers `query`; empty where no page does."""
    ends = {"imports": (query.importers, query.exporters), "exports": (query.exporters, query.importers)}
    what = {"total": "trade", "balance": "balance"}.get(
        query.of if query.indicator == "change" else query.indicator, ""
    )
    if not what:
        what = "imports" if query.perspective in query.importers or not query.exporters else "exports"
    own, others = ends["imports" if what == "imports" else "exports"]
    if len(own) != 1 or query.period is None:
        return ""
    part = {"ranking": "partners", "composition": "goods", "series": "time"}.get(query.indicator, "figure")
    asked = Asked(
        what=what,
        area=own[0],
        period=query.period,
        partners=others,
        products=query.products,
        against=query.against,
        side=query.side,
        source=query.source,
        as_of=query.as_of,
        level=query.level,
        step=query.step if query.step in STEPS else None,
        weight=query.measure == "weight" or query.indicator == "weight",
    )
    return f"/explore/{part}?{asked.query}"


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        message = f"{name}={value!r} is unknown; write {', '.join(known)}"
        raise QueryError(message)


def _areas(text: str) -> tuple[str, ...]:
    """Take `RUS,CHN` for two areas; a name that holds a comma of its own stays whole."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isalnum() and len(part) <= 3 for part in parts):
        parts = [text.strip()]
    if len(parts) > MOST_PARTNERS:
        message = f"{len(parts)} partners at once; {MOST_PARTNERS} are the most"
        raise QueryError(message)
    return tuple(dict.fromkeys(areas.resolve(part, HOW) for part in parts))


def _products(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()] or [TOTAL]
    if len(parts) > MOST_PRODUCTS:
        message = f"{len(parts)} product codes at once; {MOST_PRODUCTS} are the most"
        raise QueryError(message)
    return tuple(dict.fromkeys(resolve_product(part) for part in parts))


def _period(name: str, text: str) -> Period:
    if not text:
        message = f"say when: {name}=2019, 2019-07, 2019Q1, 2019-01/2019-11 or 2017..2020"
        raise QueryError(message)
    found = Period.parse(text)
    if found.length > LONGEST_SPAN:
        message = f"{name}={text!r} is longer than statistics are kept"
        raise QueryError(message)
    return found


def _source(name: str | None) -> str | None:
    from tidewaiter.statistics.card import cards

    if name is not None and name not in cards():
        near = nearest(name, cards()) or f"; known: {', '.join(cards())}"
        message = f"source {name!r} is unknown{near}"
        raise CodeError(message)
    return name


def day_of(name: str, text: str | None) -> date | None:
    """Read a day; nothing is no day. Raises `QueryError` for what is neither."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{name}={text[:40]!r} is no day; write it like 2020-03-18"
        raise QueryError(message) from None


def _level(text: str) -> int:
    if text not in {str(level) for level in LEVELS}:
        message = f"level={text!r} is no length of an HS code; write {', '.join(map(str, LEVELS))}"
        raise QueryError(message)
    return int(text)
