"""Laws that hold for every set of declarations: partitions, sums, shares, and silence."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from fractions import Fraction

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as some

from asking import answered, question, refused
from tidewaiter.answers import ask
from tidewaiter.answers.quotient import decimal, percentage, relative_change
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Answer, Refusal
from world import MONTHS, Rows

YEAR = MONTHS[12:]
money = some.decimals(min_value=0, max_value=10**9, places=3)
year = some.lists(money, min_size=12, max_size=12)
small = settings(max_examples=15, deadline=None)


ENGINE = duckdb.connect(config={"autoload_known_extensions": "false", "threads": "1"})


def engine() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """One engine for all examples: each puts its own rows in the place of the last one's."""
    return nullcontext(ENGINE)


def monthly(flow: str, values: list[Decimal]) -> Rows:
    return Rows().months("RUS", flow, "PRK", dict(zip(YEAR, values, strict=True)))


@small
@given(year, some.integers(1, 11))
def test_periods_partition_a_year(values, cut):
    with engine() as connection:
        tables = monthly("export", values).tables(connection)
        whole = answered(tables).value.value
        head = answered(tables, period=f"2019-01/2019-{cut:02d}").value.value
        tail = answered(tables, period=f"2019-{cut + 1:02d}/2019-12").value.value
        assert head + tail == whole == sum(values)


@small
@given(money, money)
def test_total_and_balance_are_sum_and_difference_of_exports_and_imports(out, back):
    with engine() as connection:
        rows = Rows().declare("RUS", "export", "CHN", "2019", out).declare("RUS", "import", "CHN", "2019", back)
        tables = rows.tables(connection)
        exports = answered(tables, "value", "RUS", "CHN").value.value
        imports = answered(tables, "value", "CHN", "RUS", perspective="RUS").value.value
        assert answered(tables, "total", "RUS", "CHN").value.value == exports + imports
        assert answered(tables, "balance", "RUS", "CHN").value.value == exports - imports


@small
@given(some.dictionaries(some.sampled_from(["03", "10", "27", "92"]), money, min_size=1), money)
def test_shares_of_a_composition_add_up_to_one(products, unlisted):
    with engine() as connection:
        rows = Rows().declare("RUS", "export", "CHN", "2019", sum(products.values()) + unlisted)
        for product, value in products.items():
            rows.declare("RUS", "export", "CHN", "2019", value, product)
        table = answered(rows.tables(connection), "composition", "RUS", "CHN").table
        total = sum(products.values()) + unlisted
        if total == 0:
            assert all(line.share is None for line in table)
        else:
            assert abs(sum(line.share for line in table) - 1) < Decimal("1e-11")
            assert sum(line.value for line in table) == total


@small
@given(money, money, some.booleans())
def test_another_source_never_changes_what_the_first_one_says(one, other, newer):
    with engine() as connection:
        rows = Rows().declare("RUS", "export", "PRK", "2019", one, source="imf_dots")
        alone = answered(rows.tables(connection))
        rows.declare("RUS", "export", "PRK", "2019", other, source="un_comtrade" if newer else "zz_other")
        both = answered(rows.tables(connection))
        assert {each.source: each.value for each in (both, *both.alternatives)}["imf_dots"] == alone.value


@small
@given(some.sets(some.sampled_from(YEAR), max_size=11))
def test_silence_is_never_zero(months):
    with engine() as connection:
        tables = Rows().months("RUS", "export", "PRK", dict.fromkeys(sorted(months), 7)).tables(connection)
        refusal = ask(question(), tables)
        assert isinstance(refusal, Refusal)
        assert (refusal.partial is None) == (not months)
        if refusal.partial:
            assert refusal.partial.coverage == Decimal(len(months)) / 12
            assert refusal.partial.value.value == 7 * len(months)
        missing = sorted(set(YEAR) - months)
        assert refused(tables, period=missing[0]).reason == "no_data"


@small
@given(year, year)
def test_the_change_of_equal_spans_is_like_for_like(old, new):
    with engine() as connection:
        rows = monthly("export", new).months("RUS", "export", "PRK", dict(zip(MONTHS[:12], old, strict=True)))
        answer = answered(rows.tables(connection), "change", against="2018")
        assert answer.comparability == "like_for_like"
        assert answer.absolute.value == sum(new) - sum(old)
        if sum(old):
            exact = (Fraction(sum(new)) / Fraction(sum(old)) - 1) * 100
            assert abs(Fraction(answer.value.value) - exact) < Fraction(1, 10**11)
        else:
            assert answer.value is None


@small
@given(some.permutations(range(6)))
def test_the_order_of_the_rows_never_matters(order):
    with engine() as connection:
        rows = Rows()
        for number in range(6):
            rows.declare("RUS", "export", ("PRK", "CHN")[number % 2], "2019", number, source=f"source_{number // 2}")
        first = ask(question(), rows.tables(connection))
        rows.trade = [rows.trade[place] for place in order]
        again = ask(question(), rows.tables(connection))
        assert isinstance(first, Answer)
        assert first == again


positive = some.fractions(min_value=Fraction(1, 1000), max_value=10**6)
widths = some.fractions(min_value=0, max_value=Fraction(1, 2000))


def quantity(middle: Fraction, width: Fraction) -> Quantity:
    value, half = decimal(middle, "ROUND_HALF_EVEN"), decimal(width, "ROUND_FLOOR")
    return Quantity(value, "USD", value - half, value + half)


@given(positive, positive, widths, widths)
def test_an_interval_holds_every_change_that_its_levels_allow(new, base, new_width, base_width):
    one, other = quantity(new, new_width), quantity(base, base_width)
    change = relative_change(one, other)
    share = percentage(one, other)
    for end in (one.low, one.value, one.high):
        for start in (other.low, other.value, other.high):
            ratio = Fraction(end) / Fraction(start) * 100
            slack = Fraction(1, 10**12)
            assert Fraction(change.low) - slack <= ratio - 100 <= Fraction(change.high) + slack
            assert Fraction(share.low) - slack <= ratio <= Fraction(share.high) + slack


@given(some.fractions())
def test_rounding_a_quotient_moves_it_by_less_than_its_last_place(number):
    assert Fraction(decimal(number, "ROUND_FLOOR")) <= number <= Fraction(decimal(number, "ROUND_CEILING"))
    assert abs(Fraction(decimal(number, "ROUND_HALF_EVEN")) - number) <= Fraction(1, 2 * 10**12)
