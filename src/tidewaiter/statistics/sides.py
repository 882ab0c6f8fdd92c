"""Set both sides of some trade beside each other and settle them, from the rows of a lake.

Owns the order: choose a publication, bring it to one HS edition where its sides differ, learn what its
whole teaches, settle the cells asked for, and find the declarations under them again. Opens no file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.errors import QueryError
from tidewaiter.base.mirrored import MirrorTable
from tidewaiter.base.period import Period
from tidewaiter.base.question import ReceiptNote
from tidewaiter.base.schema import TRADE
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.statistics import cells, editions, gather, lessons, mirror, restate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from tidewaiter.base.mirrored import MirrorCell, Wanted
    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.lake.engines import Engine
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.gather import Choice
    from tidewaiter.statistics.lessons import Era, Lessons, Publication
    from tidewaiter.statistics.split import Split

_LINE: Final = ("source", "frequency", "flow", "exporter", "importer", "product", "period")
_NOTED: Final = ("receipt", "sha256", "source", "file", "url", "licence", "citation", "vintage")


def both_sides(
    lake: Lake,
    engine: Engine,
    wanted: Wanted,
    as_of: date | None = None,
    *,
    tell: Callable[[str], None] | None = None,
    filed: bool = True,
    learn: bool = True,
    tables: Tables | None = None,
) -> MirrorTable:
    """Settle the cells that `wanted` names; `tell` is told when something has to be learned first.

    Without `filed` nobody looks up which silent side filed the period; without `learn` it is a `QueryError`
    where nothing was learned of the source yet. `tables` are those of the day, where they are at hand.

    Raises `QueryError` for areas that are no side of a trade, `CodeError` where the sides declare in HS
    editions that no landed correlation table ties together.
    """
    gather.refuse_odd(wanted)
    shown = tables or engine.tables(lake, as_of)
    tables = shown if shown.trade.implementation.is_duckdb() else lake.tables(as_of)
    if (
        not learn
        and wanted.source is not None
        and not lessons.any_at_hand(lake, tables, wanted.source, wanted.period.years)
    ):
        _refuse_unlearned(wanted.source)
    coded = [code for code in wanted.products if code != TOTAL]
    also = editions.linked(lake, as_of, coded) if coded else ()
    trade = gather.near(shown.trade, wanted, also)
    here = engine.keep("near", trade.filter(~nw.col("is_estimated"), nw.col("reporter") != nw.col("partner")))
    lines = engine.rows(here.select(*_LINE).unique())
    found = gather.choices(lines, wanted)
    if not found:
        silent = cells.silent(wanted, wanted.frequency or "A", set(), set())
        return MirrorTable(
            wanted,
            wanted.source or "",
            wanted.frequency or "A",
            tuple(silent),
            notes=(_nothing(wanted),),
            as_of=as_of,
        )
    chosen = found[0]
    publication = lessons.Publication(lake, engine, tables, shown.trade, as_of, chosen.source, chosen.frequency)
    known = _lessons(publication, _years(lines, wanted, chosen), tell, learn=learn)
    mine = here.filter(nw.col("source") == chosen.source, nw.col("frequency") == chosen.frequency)
    words = engine.keep("said", mirror.declared(restate.newest_edition(mine.filter(_level(chosen, also)))))
    said = [dict(zip(TRADE.names, row, strict=True)) for row in engine.rows(words.select(*TRADE.names))]
    hs = wanted.hs or _common_edition(said, wanted)
    used: list[Split] = []
    if hs is not None:
        codes = {(row["hs"], row["product"]) for row in said if len(row["product"]) == editions.DIGITS}
        words, used = editions.to_edition(words, sorted(codes), hs, publication)
    pairs = {(row["exporter"], row["importer"]) for row in said}
    narrow = {era: lessons.narrowed(each, pairs) for era, each in known.items()}
    made: list[dict[str, Any]] = []
    sections = engine.table(lessons.SECTION, lessons.chapters())
    for era, each in known.items():
        if each.totals is not None and wanted.products == (TOTAL,):
            made += _kept(each.totals, pairs)
        else:
            asked = words.filter(_asked(chosen))
            settled = lessons.settled_cells(asked, sections, narrow[era].on(engine), engine, era)
            made += [dict(zip(lessons.SETTLED, row, strict=True)) for row in engine.rows(settled)]
    who_filed = _filed(publication, wanted, said) if filed else set()
    table = cells.make(wanted, chosen, made, said, used, narrow, who_filed, hs)
    return MirrorTable(
        wanted,
        chosen.source,
        chosen.frequency,
        tuple(table),
        receipts=_receipts(tables, table),
        learned_from=sum(_learned_from(known.values()).values()),
        notes=_notes(wanted, chosen, table, used, hs),
        as_of=as_of,
        others=tuple(other.name for other in found[1:]),
    )


def _years(lines: Sequence[tuple[Any, ...]], wanted: Wanted, chosen: Choice) -> set[int]:
    """List the years of `wanted` that the chosen publication has lines of."""
    return {
        int(period[:4])
        for source, frequency, *_, period in lines
        if (source, frequency) == (chosen.source, chosen.frequency) and wanted.period.contains(Period.parse(period))
    }


def _lessons(
    publication: Publication, years: set[int], tell: Callable[[str], None] | None, *, learn: bool
) -> dict[Era, Lessons]:
    """Return what settles the `years`, by era, learning it where nobody has yet."""
    found = {}
    for era in sorted({lessons.era_of(year) for year in years}):
        mine = replace(publication, era=era)
        known = lessons.at_hand(mine)
        if known is None:
            if not learn:
                _refuse_unlearned(mine.source)
            if tell is not None:
                tell(f"learning freight, lag and errors from {mine.source}, {era}, once; that may take a minute ...")
            known = lessons.learned(mine)
        found[era] = known
    return found


def _learned_from(known: Iterable[Lessons]) -> dict[int, int]:
    """Count the declarations that were learned from, by year: eras share some."""
    return {year: count for each in known for year, count in each.declarations.items()}


def _refuse_unlearned(source: str) -> None:
    message = f"nothing was learned of {source} as it is now; tidewaiter mirror learns it, and keeps it"
    raise QueryError(message)


def _kept(totals: Frame, pairs: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Read the cells of all goods of `pairs`, which were settled when the source was learned from."""
    out, back = sorted({one for one, _ in pairs}), sorted({other for _, other in pairs})
    rows = lessons.rows_of(totals.filter(nw.col("exporter").is_in(out), nw.col("importer").is_in(back)))
    made = [dict(zip(lessons.SETTLED, row, strict=True)) for row in rows]
    return [row for row in made if (row["exporter"], row["importer"]) in pairs]


def _level(chosen: Choice, also: Sequence[str]) -> nw.Expr:
    """Keep the codes that stand for the products asked, and those of other editions that lead to them."""
    tests = [_stands_for(asked, digits) for asked, digits in chosen.digits]
    if also and any(digits == editions.DIGITS for asked, digits in chosen.digits if asked != TOTAL):
        tests.append(nw.col("product").is_in(list(also)))
    return reduce(or_, tests)


def _asked(chosen: Choice) -> nw.Expr:
    return reduce(or_, [_stands_for(asked, digits) for asked, digits in chosen.digits])


def _stands_for(asked: str, digits: int) -> nw.Expr:
    if asked == TOTAL or digits == len(asked):
        return nw.col("product") == asked
    return nw.col("product").str.starts_with(asked) & (nw.col("product").str.len_chars() == digits)


def _common_edition(said: Sequence[dict[str, Any]], wanted: Wanted) -> str | None:
    """Return the newest edition declared in, where some pair's sides differ in theirs; else None."""
    held: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in said:
        inside = wanted.period.contains(Period.parse(row["period"]))
        if inside and len(row["product"]) == editions.DIGITS and gather.asked_of(row["product"], wanted.products):
            held[row["exporter"], row["importer"], row["period"]].add(row["hs"])
    if all(len(names) == 1 for names in held.values()):
        return None
    return max(edition for names in held.values() for edition in names)


def _filed(publication: Publication, wanted: Wanted, said: Sequence[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Find the (reporter, flow, period) of which the source holds any line."""
    named = {code for way in wanted.ways for code in (*way.exporters, *way.importers)}
    sides = sorted(named | {row["reporter"] for row in said})
    years = wanted.period.years
    rows = publication.trade.filter(
        nw.col("year") >= years[0],
        nw.col("year") <= years[-1],
        nw.col("reporter").is_in(sides),
        ~nw.col("is_estimated"),
    )
    return set(publication.engine.rows(rows.select("reporter", "flow", "period").unique()))


def _receipts(tables: Tables, table: Sequence[MirrorCell]) -> tuple[ReceiptNote, ...]:
    names = sorted({each.row.receipt for cell in table for each in cell.declarations})
    if not names:
        return ()
    frame = tables.receipt.filter(nw.col("receipt").is_in(names)).select(*_NOTED)
    return tuple(ReceiptNote(*row) for row in sorted(lessons.rows_of(frame)))


def _nothing(wanted: Wanted) -> str:
    goods = "all goods" if wanted.products == (TOTAL,) else f"HS {', '.join(wanted.products)}"
    return f"nobody declared {goods} of these areas in {wanted.period}{_by_product(wanted)}"


def _by_product(wanted: Wanted) -> str:
    return "; lines by product may be there: name them with --product" if wanted.products == (TOTAL,) else ""


def _notes(
    wanted: Wanted, chosen: Choice, table: Sequence[MirrorCell], used: Sequence[Split], hs: str | None
) -> tuple[str, ...]:
    """Say what a reader must know of how the cells came about, in a fixed order."""
    notes = []
    silent = sorted({code for cell in table for code in (cell.exporter, cell.importer) if areas.never_reports(code)})
    if silent:
        names = " and ".join(areas.name(code) for code in silent)
        plural = len(silent) > 1
        notes.append(f"{names} never report{'' if plural else 's'}: one side only, and its silence is not zero")
    for asked, digits in chosen.digits:
        if asked != TOTAL and digits != len(asked):
            notes.append(f"{asked} as its {digits}-digit lines: no line of {asked} itself is declared")
    if used and hs is not None:
        older = sorted({row.hs_from for row in used})
        bases = sorted({row.basis for row in used})
        notes.append(f"{', '.join(older)} brought to {hs}, the sides' editions differing (shares: {', '.join(bases)})")
    elif len(held := {cell.hs for cell in table if cell.product != TOTAL and cell.declarations}) > 1:
        notes.append(f"the HS edition changes inside the span: {', '.join(sorted(held))}")
    if chosen.frequency == "M" and wanted.period.is_full_years and wanted.frequency is None:
        notes.append(f"{chosen.source} is fullest by month")
    return tuple(notes)
