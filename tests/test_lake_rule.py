"""The rule of newest release, held against its plain definition on random landings."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake_helpers import DAY, land, seen
from tidewaiter.lake.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Sequence

Landing = tuple[int, bool, str | None, frozenset[tuple[str, str, str, str]]]

LINE = st.tuples(
    st.sampled_from(["RUS", "CHN"]),
    st.sampled_from(["PRK", "KOR"]),
    st.sampled_from(["TOTAL", "27", "2709", "270900", "270910", "271012"]),
    st.sampled_from(["2018-12", "2019-01", "2019"]),
)
LANDINGS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from(
            [None, "https://example.org/file", "https://example.org/get?a=1", "https://example.org/get?a=2"]
        ),
        st.frozensets(LINE, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=4,
)

BY_DEFINITION = """
    SELECT reporter, partner, product, period, value FROM said AS mine
    WHERE vintage <= $1 AND NOT EXISTS (
        FROM said AS theirs
        WHERE theirs.vintage <= $1 AND (theirs.vintage, theirs.landing) > (mine.vintage, mine.landing)
            AND ((theirs.url = mine.url AND contains(mine.url, '?')) OR (
                theirs.reporter = mine.reporter AND theirs.period = mine.period
                AND (theirs.complete OR (
                    theirs.partner = mine.partner
                    AND left(theirs.product, 4) = left(mine.product, 4)
                    AND length(theirs.product) = length(mine.product))))))
    ORDER BY ALL
"""
"""A row is seen unless a newer visible landing answers its question, is complete for its scope, or speaks of its group."""


def by_definition(landings: Sequence[Landing], as_of: date) -> list[tuple[object, ...]]:
    with duckdb.connect() as plain:
        plain.execute(
            "CREATE TABLE said (landing INT, vintage DATE, complete BOOL, url TEXT, reporter TEXT, partner TEXT, product TEXT, "
            "period TEXT, value INT)"
        )
        for number, (days, complete, url, lines) in enumerate(landings):
            rows = [[number, DAY + timedelta(days), complete, url, *line, number] for line in lines]
            plain.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return plain.execute(BY_DEFINITION, [as_of]).fetchall()


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landings=LANDINGS)
def test_what_is_seen_on_any_day_is_what_the_rule_says(landings: list[Landing]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        lake = Lake.open(str(folder / "home"), threads=1)
        for number, (days, complete, url, lines) in enumerate(landings):
            written = [
                (reporter, "export", partner, product, period, number)
                for reporter, partner, product, period in sorted(lines)
            ]
            vintage = DAY + timedelta(days)
            before = set(seen(lake.tables().trade, "receipt", "row"))
            landed = land(lake, folder, written, vintage=vintage, complete=complete, url=url, raw=bytes([number]))
            after = set(seen(lake.tables().trade, "receipt", "row"))
            assert landed.replaced_rows == len(before - after)
        columns = ("reporter", "partner", "product", "period", "value_usd")
        for day in (DAY - timedelta(1), DAY, DAY + timedelta(1)):
            assert sorted(seen(lake.tables(day).trade, *columns)) == by_definition(landings, day)
        assert sorted(seen(lake.tables().trade, *columns)) == by_definition(landings, date.max)
        lake.close()
