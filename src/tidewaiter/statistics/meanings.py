"""What several publishers' words mean, looked up on their cards: flows, HS editions, products, units.

Each function makes the `meaning` of a dictionary (see `bench`): a word in, a tuple out, and a
`SourceError` that names the nearest known word for what the card does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import SourceError, nearest
from tidewaiter.codes import products, units
from tidewaiter.statistics.bench import Parsed, literal, quoted
from tidewaiter.statistics.header import NO_ROWS
from tidewaiter.statistics.refusal import counted, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.card import Card


def flow_in(card: Card) -> Callable[[str], tuple[str]]:
    """Look flows up on `card`."""

    def meaning(word: str) -> tuple[str]:
        flow = card.flows.get(word.strip())
        if flow is None:
            message = f"is a flow that {card.id}.yml does not know{nearest(word, card.flows)}"
            raise SourceError(message)
        return (flow,)

    return meaning


def edition_in(card: Card) -> Callable[[str], tuple[str]]:
    """Look HS editions up in `codes`; other classifications are refused by their name on the card."""

    def meaning(word: str) -> tuple[str]:
        for start, title in card.other_classifications.items():
            if word.startswith(start):
                message = f"is {title}, not the Harmonised System; download the HS classification instead"
                raise SourceError(message)
        return (products.edition(word),)

    return meaning


def product_in(bench: Bench, column: str, alias: str = "rows") -> str:
    """Return SQL for the product in `column`, after every distinct code was found to be one.

    A code is what `codes.products` resolves; the card's own spellings are replaced.
    """
    replaced: dict[str, str] = {}

    def meaning(word: str) -> tuple[str]:
        # Spreadsheets put an apostrophe before text that looks like a number.
        product = bench.card.products.get(word) or products.resolve_product(word.removeprefix("'"))
        if product != word:
            replaced[word] = product
        return (product,)

    bench.dictionary(column, meaning, ("product",))
    key = f"{alias}.{quoted(column)}"
    if not replaced:
        return key
    cases = " ".join(f"WHEN {literal(word)} THEN {literal(product)}" for word, product in sorted(replaced.items()))
    return f"CASE {key} {cases} ELSE {key} END"


def quantity_unit_in(bench: Bench, unit_column: str, quantity_column: str) -> tuple[str, str, str]:
    """Return SQL for the quantity, for its unit, and the join they need.

    A quantity without a unit is none: then both are null.
    """
    if not (bench.has(unit_column) and bench.has(quantity_column)):
        return "NULL", "NULL", ""

    def meaning(word: str) -> tuple[str | None]:
        number = word.removesuffix(".0")
        if not number.removeprefix("-").isdecimal():
            message = "is no number of a quantity unit"
            raise SourceError(message)
        return (units.comtrade_unit(int(number)),)

    table = bench.dictionary(unit_column, meaning, ("unit",), may_be_empty=True)
    said = plausible(bench, "rows", quantity_column)
    quantity = f"CASE WHEN unit.unit IS NULL THEN NULL ELSE {said} END"
    has_quantity = f"CASE WHEN {said} IS NULL THEN NULL ELSE unit.unit END"
    return quantity, has_quantity, f"LEFT JOIN {table} AS unit ON rows.{quoted(unit_column)} = unit.said"


def plausible(bench: Bench, alias: str, column: str) -> str:
    """Return SQL for a weight or quantity, null where it is above the card's `largest_quantity`."""
    if not bench.has(column):
        return "NULL"
    said = f"CAST({alias}.{quoted(column)} AS DOUBLE)"
    largest = bench.card.largest_quantity
    return said if largest is None else f"CASE WHEN {said} > {largest} THEN NULL ELSE {said} END"


def implausible_note(bench: Bench, columns: Iterable[str]) -> tuple[str, ...]:
    """Say how many weights or quantities `plausible` leaves empty, and where the first stands."""
    largest = bench.card.largest_quantity
    over = " OR ".join(f"CAST({quoted(column)} AS DOUBLE) > {largest}" for column in columns if bench.has(column))
    if largest is None or not over:
        return ()
    number, row = bench.one(f"SELECT count(*), min(row) FROM {bench.rows} WHERE {over}")
    if not number:
        return ()
    over_it = f"above {largest:g}, which nothing weighs"
    return (f"{counted(number)} with a weight or quantity {over_it}, come without it: first row {row}",)


def money(bench: Bench, alias: str, column: str) -> str:
    """Return SQL for a value column in US dollars, exact to three places, from the card's unit."""
    factor = bench.card.unit.usd
    said = f"{alias}.{quoted(column)}"
    if factor == 1:
        return f"CAST({said} AS DECIMAL(18,3))"
    if bench.is_text:
        return f"CAST(CAST({said} AS DECIMAL(28,12)) * {factor} AS DECIMAL(18,3))"
    return f"CAST({said} * {factor} AS DECIMAL(18,3))"


def default_valuation(card: Card, flow: str = "flow.flow") -> str:
    """Return SQL for the valuation that the card's publisher gives to a flow."""
    outward, inward = card.valuation["export"], card.valuation["import"]
    return f"CASE WHEN ends_with({flow}, 'export') THEN '{outward}' ELSE '{inward}' END"


def valuation(bench: Bench, value: str, cif: str, fob: str) -> str:
    """Return SQL for cif or fob: the one whose amount the value is, else the flow's default.

    Most reporters value imports CIF and exports FOB, but not all, so each row decides. Where both amounts
    equal the value, the flow's default stands; a 0 in either is no valuation.
    """

    def chosen(default: str) -> str:
        other = "fob" if default == "cif" else "cif"
        columns = {"cif": cif, "fob": fob}
        cases = "".join(
            f" WHEN {money(bench, 'rows', columns[kind])} > 0 AND "
            f"{money(bench, 'rows', columns[kind])} = {money(bench, 'rows', value)} THEN '{kind}'"
            for kind in (default, other)
            if bench.has(columns[kind])
        )
        return f"CASE{cases} ELSE '{default}' END" if cases else f"'{default}'"

    outward, inward = bench.card.valuation["export"], bench.card.valuation["import"]
    return f"CASE WHEN ends_with(flow.flow, 'export') THEN {chosen(outward)} ELSE {chosen(inward)} END"


def summary(bench: Bench, sql: str, notes: list[str]) -> Parsed:
    """Say of a query for rows of `trade` who declared what when, by running it."""
    rows, reporters, periods = bench.one(
        f"SELECT count(*), list_sort(list(DISTINCT reporter)), list_sort(list(DISTINCT period)) FROM ({sql})"
    )
    if not rows:
        refuse(bench.name, NO_ROWS)
    return Parsed(sql, tuple(reporters), tuple(periods), rows, tuple(notes))
