"""Look among everybody's lines for goods of a pair that were probably booked to, or meant for, somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.base.period import Period
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.lake.engines import Duck, Engine
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.lessons import Publication

Rows = tuple[dict[str, Any], ...]


def doubted(
    lake: Lake,
    target: str,
    partner: str,
    period: Period,
    *,
    as_of: date | None = None,
    tell: Callable[[str], None] | None = None,
) -> tuple[Rows, Rows]:
    """Return what a pair's declarations by product of `period` give reason to doubt, from as likely as not on.

    First the exports of one of the two that were probably booked to a hub: those that went between the pair by the
    likeliest account, and those declared between them that went on to a third area. Then those that were probably
    meant for a namesake. Both stand on what everybody's lines in the source that has most of the pair teach, which
    takes a minute or two where nobody asked a large one before; `tell` is told then. Lines of unlike HS editions are
    not matched.
    """
    from tidewaiter.lake.engines import Duck

    engine = Duck(lake.connection)
    try:
        with lake.reading():
            tables = lake.tables(as_of)
            found = _publication(lake, engine, tables, {target, partner}, period, as_of)
            if found is None:
                return (), ()
            publication, digits = found
            return _suspected(publication, digits, {target, partner}, period, tell)
    finally:
        engine.close()


def _publication(
    lake: Lake, engine: Duck, tables: Tables, pair: set[str], period: Period, as_of: date | None
) -> tuple[Publication, int] | None:
    """Choose the source, frequency and number of digits that hold most lines of a pair; None where there are none."""
    import narwhals as nw

    from tidewaiter.codes.source_order import place
    from tidewaiter.law.exposure import in_period
    from tidewaiter.statistics.lessons import Publication, era_of

    ends = sorted(pair)
    lines = in_period(tables.trade, period).filter(
        nw.col("exporter").is_in(ends), nw.col("importer").is_in(ends), nw.col("product") != TOTAL
    )
    by = ("source", "frequency", "digits")
    counted = lines.with_columns(digits=nw.col("product").str.len_chars()).group_by(*by).agg(lines=nw.len())
    rows = engine.rows(counted.select(*by, "lines"))
    if not rows:
        return None
    source, frequency, digits, _ = min(rows, key=lambda row: (-row[3], -row[2], place(row[0]), row[0], row[1]))
    # The lessons that settle the period, or its end: those that `mirror` keeps too.
    era = era_of(period.years[-1])
    return Publication(lake, engine, tables, tables.trade, as_of, source, frequency, era), digits


def _suspected(
    publication: Publication, digits: int, pair: set[str], period: Period, tell: Callable[[str], None] | None
) -> tuple[Rows, Rows]:
    """Learn where nobody has yet, set everybody's lines beside each other and weigh them."""
    from tidewaiter.base.schema import NUMBER, TEXT, Column, Table
    from tidewaiter.law.exposure import in_period
    from tidewaiter.statistics import lessons, namesakes, settle, signals

    if tell is not None and lessons.at_hand(publication) is None:
        named = f"{publication.source}, {publication.era}"
        tell(f"learning freight, lag and errors from {named}, once; that may take a minute ...")
    known = lessons.learned(publication).tables
    learned = settle.Learned(known["margin"], known.get("lag"), known["trust"], known.get("size"))
    engine = publication.engine
    sections = engine.table(lessons.SECTION, lessons.chapters())
    words = engine.keep("lines", _lines(publication, digits, period))
    beside = settle.mirror_cells(words, sections, learned, engine)
    mirrored = engine.keep("beside", in_period(beside, period))

    ends = (("exporter", "hub"), ("exporter", "importer"))
    booked = _likely(engine, signals.hub_bookings(mirrored, learned.trust), ends, pair)
    confusions = [each for each in namesakes.confusions() if each.said in pair]
    if not confusions:
        return booked, ()
    kinds = {"said": TEXT, "meant": TEXT, "prior": NUMBER, "stranger_odds": NUMBER, "basket_odds": NUMBER}
    table = Table("confusion", tuple(Column(name, kind, name) for name, kind in kinds.items()), ())
    given = engine.table(table, [[getattr(each, name) for name in kinds] for each in confusions])
    mistaken = signals.mistaken_partners(mirrored, learned.trust, given)
    return booked, _likely(engine, mistaken, (("reporter", "said"),), pair)


def _likely(engine: Engine, found: Frame, ends: Sequence[tuple[str, str]], pair: set[str]) -> Rows:
    """Keep what is as likely as not and about the pair by any of its `ends`, the likeliest first."""
    import narwhals as nw

    from tidewaiter.law.exposure import LIKELY

    likely = found.filter(nw.col("probability") >= LIKELY)
    names = likely.collect_schema().names()
    rows = [dict(zip(names, row, strict=True)) for row in engine.rows(likely.select(*names))]
    mine = [row for row in rows if any({row[one], row[other]} == pair for one, other in ends)]
    return tuple(sorted(mine, key=lambda row: (-row["probability"], *(str(row[name]) for name in names))))


def _lines(publication: Publication, digits: int, period: Period) -> Frame:
    """Take everybody's lines of the years of `period` and of the months around it."""
    import narwhals as nw

    from tidewaiter.codes import areas
    from tidewaiter.statistics import lessons, mirror, restate

    sides = sorted(area.code for area in areas.every_area() if lessons.declares(area.code))
    years = Period(period.shifted(-1).first, period.shifted(1).last).years
    lines = publication.trade.filter(
        nw.col("year") >= years[0],
        nw.col("year") <= years[-1],
        nw.col("product") != TOTAL,
        nw.col("product").str.len_chars() == digits,
        nw.col("exporter").is_in(sides),
        nw.col("importer").is_in(sides),
    )
    return mirror.declared(restate.newest_edition(lines))
