"""Ask the lake: as of a day, with what the law says beside the number, and what has moved since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.pipeline.law import law_notes
from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any

    from tidewaiter.answers.revisions import Revisions
    from tidewaiter.answers.silence import Filed
    from tidewaiter.base.mirrored import MirrorTable, Wanted
    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.base.schema import Tables
    from tidewaiter.lake.lake import Lake

SPAN: Final = 5
"""So many years of a trade are settled together when a story is checked."""


def ask(
    query: Query, *, home: str | None = None, lake: Lake | None = None, tell: Callable[[str], None] | None = None
) -> Answer | Refusal:
    """Answer one question from the lake as of the query's day (today if it names none).

    A refusal for a day gone by says so where later files answer the question. An answer about goods
    that a measure covers carries a note with act, paragraph, since when, and how much of a cap was used.
    `tell` is told when both sides of a source have to be learned from first, since that may take a minute.
    """
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer, Refusal

    lake = lake or open_lake(home)
    if query.side == "reconciled":
        return _reconciled(query, lake, tell)
    with lake.reading():
        answer = ask_tables(query, lake.tables(query.as_of))
        if isinstance(answer, Refusal) and query.as_of is not None:
            today = ask_tables(replace(query, as_of=None), lake.tables())
            if isinstance(today, Answer):
                later = f"files of after {query.as_of} answer it: leave --as-of out, or land older ones with --vintage"
                answer = replace(answer, missing=f"{answer.missing}; {later}")
    if isinstance(answer, Answer):
        return replace(answer, notes=(*answer.notes, *law_notes(query)))
    return answer


def _reconciled(query: Query, lake: Lake, tell: Callable[[str], None] | None) -> Answer | Refusal:
    """Answer from what both sides' declarations settle on, on the engine that the settings name."""
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer
    from tidewaiter.lake.engines import open_engine
    from tidewaiter.statistics.sides import both_sides

    with lake.reading(), open_engine(lake) as engine:
        tables = replace(
            lake.tables(query.as_of),
            both_sides=lambda wanted: both_sides(lake, engine, wanted, query.as_of, filed=False, tell=tell),
        )
        answer = ask_tables(query, tables)
    return replace(answer, notes=(*answer.notes, *law_notes(query))) if isinstance(answer, Answer) else answer


def _at_hand(lake: Lake, now: Tables) -> Callable[[Query], Answer | Refusal]:
    """Return `ask` from both sides' declarations where that takes no learning; it raises `QueryError` where it would.

    Some years around those asked come along, so that the next claim about the same trade asks nobody.
    """
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.period import Period
    from tidewaiter.lake.engines import open_engine
    from tidewaiter.statistics.sides import both_sides

    known: dict[Wanted, MirrorTable] = {}

    def settle(wanted: Wanted) -> MirrorTable:
        if wanted.period.is_full_years:
            years = wanted.period.years
            wide = Period((years[0] // SPAN) * SPAN * 12, (years[-1] // SPAN + 1) * SPAN * 12 - 1)
            wanted = replace(wanted, period=wide)
        if wanted not in known:
            with open_engine(lake, "duckdb") as engine:
                known[wanted] = both_sides(lake, engine, wanted, filed=False, learn=False, tables=now)
        return known[wanted]

    tables = replace(now, both_sides=settle)
    return lambda query: ask_tables(query, tables)


def asker(lake: Lake, as_of: date | None, day: date | None) -> Callable[[Query], Answer | Refusal]:
    """Return `ask` over the lake as of `as_of`; with `day`, over the rows known on that day where they answer."""
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer

    now = lake.tables(as_of)
    then = None if day is None or not _landed_by(now, day) else replace(now, trade=lake.tables(day).trade)

    settled = _at_hand(lake, now)

    def asked(query: Query) -> Answer | Refusal:
        if query.side == "reconciled":
            return settled(query)
        if then is None:
            return ask_tables(query, now)
        known = ask_tables(query, then)
        return known if isinstance(known, Answer) and known.rank == 1 else ask_tables(query, now)

    return asked


def filed(query: Query, lake: Lake) -> Filed:
    """Find of which periods the parties of a question filed anything, to tell "not reported" from "no data"."""
    from tidewaiter.answers.silence import filed as filed_in

    with lake.reading():
        return filed_in(lake.tables(query.as_of), query)


def revisions(days: tuple[date, date], *, lake: Lake, **asked: Any) -> Revisions:
    """Find which declared numbers moved between two days; `asked` narrows it, as in `answers.revisions`."""
    from tidewaiter.answers.revisions import revisions as revisions_of

    with lake.reading():
        return revisions_of(lake.tables(days[0]), lake.tables(days[1]), days, **asked)


def revised(query: Query, *, lake: Lake) -> Answer | None:
    """Answer a question for a day gone by with what is known now, where the number has moved since; else None."""
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer

    with lake.reading():
        then = ask_tables(query, lake.tables(query.as_of))
        now = ask_tables(replace(query, as_of=None), lake.tables())
    if not (isinstance(then, Answer) and isinstance(now, Answer)) or then.source != now.source:
        return None
    return None if then.value == now.value else now


def _landed_by(tables: Tables, day: date) -> bool:
    """Tell whether any file of declared rows in the lake is of `day` or earlier."""
    import narwhals as nw

    from tidewaiter.answers.memory import remember

    def first() -> date | None:
        declared = tables.receipt.filter(nw.col("source") != "published").select(nw.col("vintage").min())
        found: date | None = declared.to_native().fetchall()[0][0]
        return found

    earliest = remember(tables, ("first landing",), first)
    return earliest is not None and earliest <= day
