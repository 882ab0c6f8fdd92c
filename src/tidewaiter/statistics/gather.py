"""Find the declarations that a question about both sides is about, and choose whose publication it is.

Owns which source is set beside itself: the fullest, and never two of them mixed. What the two sides
say of each other is worked out in `sides`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.codes.source_order import place
from tidewaiter.statistics.lessons import declares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.mirrored import Wanted, Way
    from tidewaiter.base.schema import Frame
    from tidewaiter.base.terms import Frequency

_YEAR: Final = 12
FREQUENCIES: Final[dict[Frequency, str]] = {"A": "by year", "M": "by month"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One publication that holds declarations of what is wanted."""

    source: str
    frequency: Frequency
    months: int
    """Months of pairs, products and sides that it holds: the fullest is taken."""
    digits: tuple[tuple[str, int], ...]
    """Of each product asked, how many digits the codes have that stand for it."""

    @property
    def name(self) -> str:
        """Say it for a reader: `imf_dots by year`."""
        return f"{self.source} {FREQUENCIES[self.frequency]}"


def refuse_odd(wanted: Wanted) -> None:
    """Raise `QueryError` for areas that are no side of any trade, and for one that trades with itself."""
    for way in wanted.ways:
        for code in (*way.exporters, *way.importers):
            if not declares(code):
                message = f"{areas.name(code)} ({code}) stands for several areas, and no other side declares it"
                raise QueryError(message)
        both = sorted(set(way.exporters) & set(way.importers))
        if both:
            message = f"{both[0]} is exporter and importer at once"
            raise QueryError(message)


def near(trade: Frame, wanted: Wanted, linked: Iterable[str]) -> Frame:
    """Keep the rows that bear on `wanted`: a month more at either end, and the codes that are `linked` to its own."""
    span = Period(wanted.period.first - 1, wanted.period.last + 1)
    monthly = (nw.col("frequency") == "M") & (nw.col("period") >= span.start) & (nw.col("period") <= span.end)
    years = [year for year in wanted.period.years if wanted.period.contains(Period(year * _YEAR, year * _YEAR + 11))]
    yearly = (nw.col("frequency") == "A") & nw.col("year").is_in(years) if years else nw.lit(False)
    tests = [
        (nw.col("flow") == "export") | (nw.col("flow") == "import"),
        nw.col("year") >= span.years[0],
        nw.col("year") <= span.years[-1],
        reduce(or_, (_goes(way) for way in wanted.ways)),
        monthly | yearly,
        _fits(wanted.products, linked),
    ]
    if wanted.source is not None:
        tests.append(nw.col("source") == wanted.source)
    if wanted.frequency is not None:
        tests.append(nw.col("frequency") == wanted.frequency)
    return trade.filter(*tests)


def _goes(way: Way) -> nw.Expr:
    return _among("exporter", way.exporters) & _among("importer", way.importers)


def _among(column: str, codes: tuple[str, ...]) -> nw.Expr:
    """Compare with each area by `=`, which an engine pushes down to the files; none named means all there are."""
    if not codes:
        return nw.col(column).is_in(sorted(area.code for area in areas.every_area() if declares(area.code)))
    return reduce(or_, (nw.col(column) == code for code in codes))


def _fits(products: tuple[str, ...], linked: Iterable[str]) -> nw.Expr:
    if products == (TOTAL,):
        return nw.col("product") == TOTAL
    also = sorted(linked)
    tests = [nw.col("product").str.starts_with(code) for code in products]
    return reduce(or_, [*tests, nw.col("product").is_in(also)] if also else tests)


def choices(rows: Iterable[tuple[Any, ...]], wanted: Wanted) -> list[Choice]:
    """List the publications that hold what is wanted, the fullest first.

    `rows` are (source, frequency, flow, exporter, importer, product, period), each once. Of equally full
    ones years come before months, then the order of `codes/source_order.csv`.
    """
    months: dict[tuple[str, Frequency], int] = defaultdict(int)
    lengths: dict[tuple[str, Frequency, str], set[int]] = defaultdict(set)
    told: dict[tuple[str, Frequency], set[tuple[Any, ...]]] = defaultdict(set)
    for source, frequency, flow, exporter, importer, product, period in rows:
        if not wanted.period.contains(Period.parse(period)) or not (declares(exporter) and declares(importer)):
            continue
        asked = asked_of(product, wanted.products)
        if asked is None:
            continue
        told[source, frequency].add((flow, exporter, importer, asked, period))
        lengths[source, frequency, asked].add(len(product))
    for (source, frequency), lines in told.items():
        months[source, frequency] = len(lines) * (_YEAR if frequency == "A" else 1)
    found = [
        Choice(
            source,
            frequency,
            count,
            tuple(
                (asked, _level(asked, lengths[source, frequency, asked]))
                for asked in wanted.products
                if lengths[source, frequency, asked]
            ),
        )
        for (source, frequency), count in months.items()
    ]
    return sorted(found, key=lambda one: (-one.months, one.frequency, place(one.source), one.source))


def asked_of(product: str, products: tuple[str, ...]) -> str | None:
    """Return the product asked that a code stands under, None where it is another's."""
    return next(
        (code for code in products if product == code or (code != TOTAL and product.startswith(code))),
        None,
    )


def _level(asked: str, lengths: set[int]) -> int:
    """Take the code itself where it is declared, else the coarsest codes under it."""
    return len(asked) if len(asked) in lengths else min(lengths)


def units(period: Period, frequency: Frequency) -> list[str]:
    """List the years that lie in `period` as a whole, or its months."""
    if frequency == "M":
        return list(period.months())
    return [f"{year:04d}" for year in period.years if period.contains(Period(year * _YEAR, year * _YEAR + 11))]
