"""Which landed rows a question sees: the rule of newest release, as SQL; opens nothing, decides nothing else.

A landing is *visible* when its receipt is committed and its vintage is not after the day asked for.
Landings are ordered by vintage, then by receipt, which sorts by time. Of two visible landings the
newer replaces the older

- wholly, within one (source, reporter, frequency, period), when the newer was marked complete;
- wholly, when both are answers to one question: from one source, at one address with a query (`?`);
- else group by group, a group being one (source, reporter, partner, flow, period, frequency), one
  heading (the first four digits of the product) and one number of digits: a file that is but an
  extract never erases what it does not speak of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.schema import PUBLISHED, RECEIPT, RELEASE, TRADE, Column, Table
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.schema_reference import REFERENCE
from tidewaiter.lake.engine import listed, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

SCOPE: Final = ("source", "reporter", "frequency", "period")
"""What a publisher releases at a time: a reporter's declarations of one period."""

GROUP: Final = (
    *("source", "reporter", "partner", "flow", "period", "frequency", "left(product, 4)", "length(product)"),
    *("year", "exporter", "importer"),
)
"""Within one group only the newest landing is seen.

The last three follow from the others; they are named so that the engine may filter by them before
it looks for the newest.
"""


def columns_of(table: Table, alias: str = "") -> str:
    """List the columns of `table` in their order and types."""
    return ", ".join(_typed(column, alias) for column in table.columns)


def _typed(column: Column, alias: str) -> str:
    name = f"{alias}.{quoted(column.name)}" if alias else quoted(column.name)
    return name if column.type != "TIMESTAMP" else f"CAST({name} AS TIMESTAMP) AS {quoted(column.name)}"


def scan(table: Table, files: Sequence[str]) -> str:
    """Select the rows of Parquet `files` of a Delta table, or none in the right types."""
    if not files:
        nulls = ", ".join(f"CAST(NULL AS {column.type}) AS {quoted(column.name)}" for column in table.columns)
        return f"SELECT {nulls} WHERE false"
    types = {column.name: column.type for column in table.columns}
    hive = ", ".join(f"{literal(each)}: {types[each]}" for each in table.partitions)
    options = f", hive_partitioning = true, hive_types = {{{hive}}}" if hive else ", hive_partitioning = false"
    return f"SELECT {columns_of(table)} FROM read_parquet({listed(list(files))}{options})"


def receipts(files: Sequence[str], shipped: str | None, as_of: date | None) -> str:
    """Select the receipts that are visible as of a day.

    Printed figures are dated by the day they were printed, not landed, so their receipts always are.
    """
    found = scan(RECEIPT, files)
    if as_of is not None:
        found = f'SELECT * FROM ({found}) WHERE vintage <= {_day(as_of)} OR "table" = {literal(PUBLISHED.name)}'
    return found if shipped is None else f"{found} UNION ALL {shipped}"


def releases(files: Sequence[str], receipt: str) -> str:
    """Select what each visible landing speaks of, and what has become of it.

    `place` numbers landings from old to new; `replaced` says that a newer complete one replaces it, or a newer
    answer to the same question; `others` counts the other visible landings that speak of the same.
    """
    scope = ", ".join(SCOPE)
    return f"""
        SELECT * EXCLUDE (answered), coalesce(place < floor, false) OR place < answered AS replaced,
            spoken - 1 AS others
        FROM (
            SELECT r.*, p.place, p.complete, p.answered,
                max(p.place) FILTER (WHERE p.complete) OVER (PARTITION BY {scope}) AS floor,
                count(*) OVER (PARTITION BY {scope}) AS spoken
            FROM ({scan(RELEASE, files)}) AS r JOIN (
                SELECT receipt, complete, place,
                    CASE WHEN {is_question("url")} THEN max(place) OVER (PARTITION BY source, url) ELSE place END
                        AS answered
                FROM (
                    SELECT receipt, complete, source, url, row_number() OVER (ORDER BY vintage, receipt) AS place
                    FROM {receipt} WHERE "table" = {literal(TRADE.name)})
            ) AS p USING (receipt))"""


def is_question(url: str) -> str:
    """Return SQL that tells whether an address asks a question: a later answer from there stands in its place."""
    return f"coalesce(contains({url}, '?'), false)"


def contested_files(files: str, release: str) -> str:
    """Select path and whether the rule must be applied row by row, for files with visible rows.

    `files` is a table of path, source, frequency, year, first and last receipt inside. A file whose
    partition and landing nobody else speaks of is taken as it is.
    """
    return f"""
        SELECT f.path, f.first IS DISTINCT FROM f.last OR s.receipt IS NOT NULL AS contested
        FROM {files} AS f
        SEMI JOIN (SELECT DISTINCT receipt FROM {release}) AS v
            ON v.receipt BETWEEN coalesce(f.first, '') AND coalesce(f.last, v.receipt)
        LEFT JOIN (
            SELECT DISTINCT receipt, source, frequency, CAST(left(period, 4) AS BIGINT) AS year
            FROM {release} WHERE others > 0 OR replaced
        ) AS s ON s.receipt = f.first AND s.source = f.source AND s.frequency = f.frequency AND s.year = f.year
        ORDER BY f.path"""


def trade(plain: Sequence[str], contested: Sequence[str], release: str) -> str:
    """Select the visible rows: `plain` files as they are, of `contested` ones each group's newest.

    What a replaced landing said still hides what was said before it: withdrawn is withdrawn.
    """
    if not contested:
        return scan(TRADE, plain)
    on = " AND ".join(f"l.{each} = t.{each}" for each in ("receipt", *SCOPE))
    newest = f"""
        SELECT {columns_of(TRADE)} FROM (
            SELECT t.*, l.place, l.replaced FROM ({scan(TRADE, contested)}) AS t JOIN {release} AS l ON {on})
        QUALIFY place = max(place) OVER (PARTITION BY {", ".join(GROUP)}) AND NOT replaced"""
    return f"{scan(TRADE, plain)} UNION ALL {newest}" if plain else newest


def published(files: Sequence[str], shipped: str | None, receipt: str, as_of: date | None) -> str:
    """Select the figures printed by a day: of each id the one landed last, else the one that ships."""
    landed = f"""
        SELECT f.*, r.vintage AS landed_for FROM ({scan(PUBLISHED, files)}) AS f
        JOIN {receipt} AS r ON r.receipt = f.receipt"""
    if shipped is not None:
        landed += f" UNION ALL SELECT *, DATE '0001-01-01' FROM ({shipped})"
    by_day = f"WHERE published_on <= {_day(as_of)}" if as_of is not None else ""
    return f"""
        SELECT {columns_of(PUBLISHED)} FROM ({landed}) {by_day}
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY landed_for DESC, receipt DESC) = 1"""


def concordance(files: Sequence[str], receipt: str) -> str:
    """Select the links between editions: of each pair of editions those of its newest visible workbook."""
    return f"""
        SELECT {columns_of(LANDED_CONCORDANCE, "c")} FROM ({scan(LANDED_CONCORDANCE, files)}) AS c
        JOIN {receipt} AS r ON r.receipt = c.receipt
        QUALIFY rank() OVER (PARTITION BY c.hs_from, c.hs_to ORDER BY r.vintage DESC, r.receipt DESC) = 1"""


def references(files: Sequence[str], receipt: str) -> str:
    """Select publishers' lists of codes: of each list that of its newest visible landing."""
    return f"""
        SELECT {columns_of(REFERENCE, "c")} FROM ({scan(REFERENCE, files)}) AS c
        JOIN {receipt} AS r ON r.receipt = c.receipt
        QUALIFY rank() OVER (PARTITION BY c.source, c.list ORDER BY r.vintage DESC, r.receipt DESC) = 1"""


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
