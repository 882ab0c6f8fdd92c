"""Write the bulletin of a target's trade."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tidewaiter.base.errors import LakeError, QueryError
from tidewaiter.base.period import Period
from tidewaiter.base.terms import TOTAL
from tidewaiter.pipeline.asking import asker
from tidewaiter.pipeline.charting import cells_of
from tidewaiter.pipeline.law import _law as rules
from tidewaiter.pipeline.opening import open_lake
from tidewaiter.pipeline.screening import screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tidewaiter.base.mirrored import MirrorTable
    from tidewaiter.base.question import ReceiptNote
    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.base.terms import Frequency
    from tidewaiter.lake.engines import Duck
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.caps import Account
    from tidewaiter.law.notes import LawNote
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.tell.brief.facts import Facts
    from tidewaiter.tell.brief.model import Bulletin, Subject
    from tidewaiter.tell.charts.exposure import Covered


def brief(
    target: str,
    partner: str | None = None,
    period: Period | None = None,
    *,
    as_of: date | None = None,
    settled: bool = False,
    home: str | None = None,
    lake: Lake | None = None,
    tell: Callable[[str], None] | None = None,
) -> Bulletin:
    """Write the bulletin of `target`'s trade with `partner`, or with all partners, in `period`.

    Without `period` it tells of the last year there is anything of; without `as_of` of the day of the newest
    file. With `settled` both sides of a pair are settled on one number too: that is learned from all of a source
    where nobody asked before, and `tell` is told. No clock is read. Raises `LakeError` for a lake without anything
    in it and without a span to tell of, `QueryError` for `settled` without a partner.
    """
    from tidewaiter.tell.brief.build import bulletin
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.brief.span import latest

    if settled and partner is None:
        message = "both sides are settled of one pair at a time: name a partner"
        raise QueryError(message)
    lake = lake or open_lake(home)
    with lake.reading():
        tables = lake.tables(as_of)
        span = period or latest(tables.trade, target, partner)
        day = as_of or _newest(tables)
        if span is None or day is None:
            where = target if partner is None else f"{target} with {partner}"
            message = f"the lake holds no trade of {where}, so no last year of it; land a file or name a --period"
            raise LakeError(message)
        subject = Subject(target, partner, span, day, as_of)
        facts = _facts(subject, lake)
        return bulletin(subject, _with_both_sides(facts, subject, lake, tell) if settled else facts)


def _with_both_sides(facts: Facts, subject: Subject, lake: Lake, tell: Callable[[str], None] | None) -> Facts:
    """Add what both sides were settled on, and what their lines by product give reason to doubt."""
    from tidewaiter.pipeline.doubting import doubted

    assert subject.partner is not None
    bookings, mistaken = doubted(lake, subject.target, subject.partner, subject.period, as_of=subject.as_of, tell=tell)
    return replace(facts, settled=_settled(subject, lake, tell), bookings=bookings, mistaken=mistaken)


def _settled(subject: Subject, lake: Lake, tell: Callable[[str], None] | None) -> MirrorTable:
    """Settle both directions of a pair: the years that a bulletin shows the course of, or else the months."""
    from tidewaiter.base.mirrored import Wanted, Way
    from tidewaiter.pipeline.settling import mirror
    from tidewaiter.tell.brief.series import months_shown, years_shown

    def asked(span: Period, frequency: Frequency) -> MirrorTable:
        wanted = Wanted((Way(*ends[::-1]), Way(*ends)), span, frequency=frequency)
        return mirror(wanted, as_of=subject.as_of, lake=lake, tell=tell)

    ends = (subject.target,), subject.partners
    if subject.period.is_full_years:
        found = asked(years_shown(subject), "A")
        inside = [cell for cell in found.cells if subject.period.contains(Period.parse(cell.period))]
        if any(cell.declarations for cell in inside):
            return found
    return asked(months_shown(subject), "M")


def _newest(tables: Tables) -> date | None:
    """Return the day of the newest file of declared rows, else of any file; None in an empty lake."""
    vintages = tables.receipt.select("source", "vintage").to_native().fetchall()
    declared = [vintage for source, vintage in vintages if source != "published"]
    return max(declared or [vintage for _, vintage in vintages], default=None)


def _facts(subject: Subject, lake: Lake) -> Facts:
    """Gather what a bulletin tells besides answers; of a regime only where it is about one of the two areas.

    A regime with no measure on goods going between the two in the span is not screened for.
    """
    from tidewaiter.law.duties import deadlines, load_counts
    from tidewaiter.tell.brief.facts import Facts

    book, _ = rules()
    regimes = [each for each in book.regimes if {subject.target, subject.partner} & set(each.targets)]
    notes = _notes(subject, book) if regimes else ()
    names = {note.regime for note in notes}
    bearing = [regime for regime in regimes if regime.id in names] or regimes
    about = {target for regime in bearing for target in regime.targets}
    targets = tuple(code for code in (subject.target, *subject.partners) if code in about)
    screened = _screened(subject, lake, book, targets, sorted(names)) if names else _Screened()
    return Facts(
        ask=asker(lake, subject.as_of, None),
        later=None if subject.as_of is None else asker(lake, None, None),
        targets=targets,
        regimes=tuple(bearing),
        notes=notes,
        exposures=screened.exposures,
        covered=screened.covered,
        covered_by=screened.receipts,
        accounts=_accounts(subject, book, names),
        deadlines=tuple(each for regime in bearing for each in deadlines(regime)),
        counts=tuple(each for each in load_counts() if each.regime in names),
        suspects=screened.suspects,
    )


def _notes(subject: Subject, book: Rulebook) -> tuple[LawNote, ...]:
    """List the measures on some goods going either way, each once."""
    from tidewaiter.codes.areas import WORLD
    from tidewaiter.law.notes import notes_for

    other = subject.partner or WORLD
    ways = ((other, subject.target), (subject.target, other))
    found = [note for way in ways for note in notes_for(*way, (TOTAL,), subject.period, book)]
    return tuple({(note.regime, note.measure): note for note in found}.values())


def _accounts(subject: Subject, book: Rulebook, names: set[str]) -> tuple[Account, ...]:
    """Keep the account of each cap of the regimes `names` in each year of the span that it had a number for."""
    from tidewaiter.base.errors import QueryError
    from tidewaiter.law.caps import account
    from tidewaiter.law.rulebook import find_regime

    found: list[Account] = []
    for ledger in rules()[1]:
        for year in subject.period.years if ledger.regime in names else ():
            try:
                found += account(ledger, find_regime(book, ledger.regime), year, subject.as_of)
            except QueryError:
                continue  # no cap in that year
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Screened:
    """What a screening tells: rows of `screen_summary`, what is in doubt, and for all partners the cells of years."""

    exposures: tuple[dict[str, Any], ...] = ()
    suspects: tuple[dict[str, Any], ...] = ()
    covered: tuple[Covered, ...] = ()
    receipts: tuple[ReceiptNote, ...] = ()


def _screened(subject: Subject, lake: Lake, book: Rulebook, targets: tuple[str, ...], regimes: list[str]) -> _Screened:
    """Screen the lines by product of a pair, or of all partners over the years that a course is shown of."""
    import narwhals as nw

    from tidewaiter.answers.receipts import notes
    from tidewaiter.lake.engines import Duck
    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import in_period, screen_summary
    from tidewaiter.tell.brief.series import years_shown
    from tidewaiter.tell.brief.span import about

    engine = Duck(lake.connection)
    try:
        tables = lake.tables(subject.as_of)
        is_whole = subject.partner is None and subject.period.is_full_years
        span = years_shown(subject) if is_whole else subject.period
        pair = about(tables.trade, subject.target, subject.partner)
        lines = engine.keep("bulletin", in_period(pair, span).filter(nw.col("product") != TOTAL))
        chapters = [code for (code,) in engine.rows(lines.select(nw.col("product").str.head(2)).unique())]
        if not targets or not chapters:
            return _Screened()
        found = screen(
            targets=targets,
            rulebook=book,
            period=span,
            regimes=regimes,
            as_of=subject.as_of,
            lake=lake,
            narrow=lambda _: lines,
            mixups=False,
            chapters=sorted(chapters),
        )
        found = engine.keep("screened", found) if is_whole else found
        exposures = tuple(rows_of(screen_summary(in_period(found, subject.period))))
        suspects = _suspects(subject, lake, engine, lines, targets) if exposures else ()
        if not is_whole or subject.target not in targets:
            return _Screened(exposures, suspects)
        cells = cells_of(found, subject.target, tables.trade, span)
        named = rows_of(found.filter(nw.col("status_before_review") != "too_coarse").select("receipt").unique())
        receipts = notes(tables, (row["receipt"] for row in named))
        return _Screened(exposures, suspects, cells, tuple(receipts[name] for name in sorted(receipts)))
    finally:
        engine.close()


def _suspects(
    subject: Subject, lake: Lake, engine: Duck, lines: Frame, targets: tuple[str, ...]
) -> tuple[dict[str, Any], ...]:
    """List the declarations about a target that were as likely as not meant for an area of a like name."""
    import narwhals as nw

    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.exposure import LIKELY, in_period
    from tidewaiter.statistics.namesakes import KEY, concerned, confusions, suspicion

    pairs = tuple(pair for pair in confusions() if pair.said in targets)
    if not pairs:
        return ()
    evidence = concerned(lake.tables(subject.as_of).trade, pairs)
    if subject.partner is not None:
        ends = [*(pair.said for pair in pairs), *(pair.meant for pair in pairs), subject.target, subject.partner]
        evidence = evidence.filter(nw.col("exporter").is_in(ends), nw.col("importer").is_in(ends))
    weighed = suspicion(engine.keep("namesakes", evidence), pairs)
    doubted = in_period(weighed, subject.period).filter(nw.col("mixup_probability") >= LIKELY)
    found = rows_of(doubted.join(lines.select(*KEY, "value_usd"), on=list(KEY), how="inner"))
    meant = {pair.said: pair.meant for pair in pairs}
    found = [row | {"meant": meant[row["partner"]]} for row in found]
    return tuple(sorted(found, key=lambda row: tuple(str(row[name]) for name in KEY)))
