"""Measure what questions cost, asked for the first time, after others, and again, beside the plainest SQL.

    python benchmarks/asking.py [--rows N] [--home LAKE] [--overlap] [--json]

Without `--home` a lake of N made-up rows (2 million) is landed: monthly declarations of 60 areas about each other
over ten years, all goods, chapters and headings; with `--overlap` a second landing speaks of the same again.
Times are CPU milliseconds of this process, engine included, the least of five. The yardstick of a question is
the SQL of its answer, run by itself: `first / sql` is what all that surrounds that sum costs beside it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query
from tidewaiter.base.schema import TRADE
from tidewaiter.lake.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tidewaiter.base.schema import Tables

TURNS = 5
AREAS = 60
YEARS = range(2010, 2020)


def questions(one: str, other: str, third: str) -> dict[str, Query]:
    """Write the questions that a story about trade of two areas leads to."""
    year, before, part = Period.parse("2019"), Period.parse("2018"), Period.parse("2019-01/2019-11")
    there, back = ((one,), (other,)), ((other,), (one,))
    return {
        "value of a year": Query("value", *there, year),
        "value of the year before": Query("value", *there, before),
        "value of eleven months": Query("value", *there, part),
        "change of a year": Query("change", *there, year),
        "change of unlike spans": Query("change", *there, part, against=before),
        "the other direction": Query("value", *back, year),
        "total": Query("total", *there, year),
        "balance": Query("balance", *there, year),
        "series": Query("series", *there, year),
        "another pair": Query("value", (one,), (third,), year),
        "nothing there": Query("value", *there, Period.parse("2025")),
        "a chapter": Query("value", *there, year, ("27",)),
        "a heading": Query("value", *there, year, ("2701",)),
        "change of a heading": Query("change", *there, year, ("2701",)),
        "a heading nobody declared": Query("value", *there, year, ("9701",)),
        "composition": Query("composition", *there, year),
        "share of a chapter": Query("share", *there, year, ("27",)),
        "share of a partner": Query("share", *there, year, by="partner"),
        "ranking of partners": Query("ranking", (one,), (), year),
    }


def planted(folder: Path, rows: int, *, overlap: bool) -> str:
    """Land a made-up lake of about `rows` rows and return where it lies."""
    lake = Lake.open(str(folder / "lake"))
    codes = ("TOTAL", *(f"{chapter:02d}" for chapter in range(1, 98) if chapter != 77))
    headings = max(3, rows // (AREAS * (AREAS - 1) * 2 * 12 * len(YEARS)) - len(codes))
    codes = (*codes, *(f"27{number:02d}" for number in range(1, headings + 1)))
    kept = min(1.0, rows / (AREAS * (AREAS - 1) * 2 * 12 * len(YEARS) * len(codes)))
    areas = lake.connection.execute(
        "SELECT list(DISTINCT code ORDER BY code) FROM read_csv($1, header = true, all_varchar = true) WHERE kind = 'country'",
        [str(Path(__file__).parents[1] / "src/tidewaiter/codes/areas.csv")],
    ).fetchall()[0][0][:AREAS]
    lake.connection.execute(
        f"""
        CREATE TABLE made AS SELECT
            'un_comtrade' AS source, r AS reporter, p AS partner, f AS flow, c AS product,
            CASE WHEN c = 'TOTAL' THEN 'HS' ELSE 'HS2017' END AS hs,
            y || '-' || lpad(CAST(m AS VARCHAR), 2, '0') AS period, 'M' AS frequency, y AS year,
            CASE f WHEN 'export' THEN r ELSE p END AS exporter, CASE f WHEN 'export' THEN p ELSE r END AS importer,
            CAST(hash(r, p, f, c, y, m) % 1000000 AS DECIMAL(18,3)) AS value_usd,
            CASE f WHEN 'export' THEN 'fob' ELSE 'cif' END AS valuation,
            CAST(NULL AS DECIMAL(18,3)) AS weight_kg, CAST(NULL AS DOUBLE) AS quantity,
            CAST(NULL AS VARCHAR) AS quantity_unit, false AS is_estimated, row_number() OVER () AS row
        FROM unnest($1) AS _(r), unnest($1) AS _2(p), unnest(['export', 'import']) AS _3(f), unnest($2) AS _4(c),
            range({YEARS[0]}, {YEARS[-1] + 1}) AS _5(y), range(1, 13) AS _6(m)
        WHERE r <> p AND (c IN ('TOTAL', '27', '2701') OR hash(r, p, c) % 10000 < {int(kept * 10000)})
        """,
        [areas, list(codes)],
    )
    for number, day in enumerate((date(2020, 3, 1), date(2020, 4, 1))[: 1 + overlap]):
        file = folder / f"made-{number}.csv"
        file.write_text(f"made up, number {number}\n", "utf-8")
        lake.land(
            TRADE,
            lake.connection.table("made"),
            file,
            source="un_comtrade",
            licence="made up",
            citation="Made up.",
            url=None,
            vintage=day,
            complete=False,
        )
    lake.close()
    return str(folder / "lake")


def least(job: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the least CPU milliseconds that `job` takes, `before` being run each time and not counted."""
    found = []
    for _ in range(TURNS):
        before()
        start = time.process_time()
        job()
        found.append(time.process_time() - start)
    return 1000 * min(found)


def measured(lake: Lake, asked: dict[str, Query]) -> dict[str, dict[str, float]]:
    """Ask each question of new frames, after all the others, and again."""
    tables = lake.tables()
    results: dict[str, dict[str, float]] = {}
    for name, query in asked.items():
        answer = ask(query, tables)
        first = least(partial(ask, query, tables), tables.memory.clear)
        again = least(partial(ask, query, tables))
        results[name] = {"first": first, "again": again}
        if isinstance(answer, Answer) and answer.sql:
            statements = lake.standalone(answer.sql).split(";\n\n")[:1]
            sql = least(partial(run, lake, statements[0]))
            results[name] |= {"sql": sql, "first / sql": first / sql}
    results["all in turn"] = {
        "first": least(lambda: in_turn(asked.values(), tables), tables.memory.clear),
        "again": least(lambda: in_turn(asked.values(), tables)),
    }
    return results


def run(lake: Lake, statement: str) -> None:
    """Run one statement and fetch what it gives."""
    lake.connection.execute(statement).fetchall()


def in_turn(asked: Iterable[Query], tables: Tables) -> None:
    """Ask one question after another, as the check of a story does."""
    for query in asked:
        ask(query, tables)


def main() -> None:
    """Land, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--home")
    parser.add_argument(
        "--areas", nargs=3, default=["ALB", "ARG", "AUS"], help="the two areas asked about, and a third"
    )
    parser.add_argument("--overlap", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        lake = Lake.open(given.home or planted(Path(room), given.rows, overlap=given.overlap))
        results = measured(lake, questions(*given.areas))
        lake.close()
    if given.json:
        print(json.dumps(results, indent=2))
        return
    columns = ("first", "again", "sql", "first / sql")
    print(f"{'CPU milliseconds':28}" + "".join(f"{column:>12}" for column in columns))
    for name, figures in results.items():
        print(f"{name:28}" + "".join(f"{figures[c]:12.1f}" if c in figures else " " * 12 for c in columns))


if __name__ == "__main__":
    main()
