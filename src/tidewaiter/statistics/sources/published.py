"""Single figures that somebody printed, in the layout of the table `published`.

Evidence of a second rank: nothing is converted or netted here, and figures that disagree both stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import QueryError, SourceError, nearest
from tidewaiter.base.period import Period
from tidewaiter.codes import areas, products
from tidewaiter.statistics.bench import Parsed, quoted
from tidewaiter.statistics.refusal import refuse, shown
from tidewaiter.statistics.tidy import PUBLISHED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_FLOWS: Final = ("export", "import", "total", "balance")
_MUST_STAND: Final = ("id", "publisher", "value", "last_unit")


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Check every word of the figures and give the columns their types."""
    for column in _MUST_STAND:
        bench.refuse_empty(column)
    bench.refuse_what_is_no_number(["value", "last_unit"])
    _refuse_bad_days(bench)
    _refuse_the_same_id(bench)
    for column in ("exporter", "importer", "reporter"):
        bench.dictionary(column, _area, ("code",), may_be_empty=True)
    bench.dictionary("flow", _one_of(_FLOWS), ("flow",))
    bench.dictionary("product", _product, ("product",))
    bench.dictionary("hs", _one_of(("HS", *products.editions.values())), ("hs",))
    bench.dictionary("measure", _one_of(tuple(bench.card.measures)), ("measure",))
    _refuse_other_units(bench)
    starts = bench.dictionary("start", _month, ("month",))
    ends = bench.dictionary("end", _month, ("month",))
    columns = ", ".join(
        f"CAST({quoted(column.name)} AS {column.type}) AS {quoted(column.name)}" for column in PUBLISHED_COLUMNS
    )
    (count,) = bench.one(f"SELECT count(*) FROM {bench.rows}")
    return Parsed(
        f"SELECT {columns} FROM {bench.rows}",
        tuple(bench.column_words("reporter")),
        (*bench.words(starts, "month"), *bench.words(ends, "month")),
        count,
    )


def _one_of(known: tuple[str, ...]) -> Callable[[str], tuple[str]]:
    def meaning(word: str) -> tuple[str]:
        if word not in known:
            message = f"is not one of {', '.join(known)}{nearest(word, known)}"
            raise SourceError(message)
        return (word,)

    return meaning


def _area(word: str) -> tuple[str]:
    code = areas.resolve(word)
    if code != word:
        message = f"write the code {code}"
        raise SourceError(message)
    return (code,)


def _product(word: str) -> tuple[str]:
    product = products.resolve_product(word)
    if product != word:
        message = f"write the code {product}"
        raise SourceError(message)
    return (product,)


def _month(word: str) -> tuple[str]:
    try:
        period = Period.parse(word)
    except QueryError:
        period = None
    if period is None or period.start != word:
        message = "is no month; write it like 2019-01"
        raise SourceError(message)
    return (word,)


def _refuse_bad_days(bench: Bench) -> None:
    found = bench.first(
        f"SELECT row, published_on FROM {bench.rows} WHERE published_on IS NULL "
        "OR NOT regexp_full_match(published_on, '[0-9]{4}-[0-9]{2}-[0-9]{2}') "
        "OR TRY_CAST(published_on AS DATE) IS NULL ORDER BY row LIMIT 1"
    )
    if found is not None:
        said = "is empty" if found[1] is None else f"{shown(found[1])} is no day"
        refuse(bench.name, f"{said}; write it like 2020-01-24", row=found[0], column="published_on")


def _refuse_the_same_id(bench: Bench) -> None:
    found = bench.first(
        f"SELECT max(row), id, min(row) FROM {bench.rows} GROUP BY id HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    )
    if found is not None:
        row, name, first = found
        refuse(bench.name, f"{shown(name)} is the id of row {first} already", row=row, column="id")


def _refuse_other_units(bench: Bench) -> None:
    for measure, units in bench.card.measures.items():
        listed = ", ".join(f"'{unit}'" for unit in units)
        found = bench.first(
            f"SELECT row, unit FROM {bench.rows} WHERE measure = '{measure}' AND coalesce(unit, '') NOT IN ({listed}) "
            "ORDER BY row LIMIT 1"
        )
        if found is not None:
            row, unit = found
            hint = nearest(str(unit), units) or f"; known: {', '.join(units)}"
            refuse(bench.name, f"{shown(unit)} is no unit of a {measure}{hint}", row=row, column="unit")
