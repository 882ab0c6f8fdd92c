"""The spine: opens the lake and calls the stages in order; no arithmetic, no printing.

Every door (command line, library, web) goes through here, so that all of them do the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tidewaiter.base.errors import LakeError, TidewaiterError
from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from tidewaiter.answers.revisions import Revisions
    from tidewaiter.answers.silence import Filed
    from tidewaiter.base.mirrored import MirrorTable, Wanted
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.ledger import Ledger
    from tidewaiter.law.notes import LawNote
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.law.restate import Concordance
    from tidewaiter.news.judge.check import Report
    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.jobs import FetchJob
    from tidewaiter.statistics.fetching.order import Order
    from tidewaiter.statistics.land import Guess, Landing, LandOptions
    from tidewaiter.statistics.namesakes import Confusion
    from tidewaiter.tell.brief.model import Bulletin

_MIXUPS: WeakKeyDictionary[Lake, list[tuple[Any, ...]]] = WeakKeyDictionary()
"""What was weighed of each open lake, so that a screening after another does not weigh it again."""


def open_lake(home: str | None = None) -> Lake:
    """Open the lake in `home`, else where the settings say. Nothing is written until something lands."""
    from tidewaiter.base.settings import settings
    from tidewaiter.lake.lake import Lake

    chosen = settings()
    return Lake.open(home or chosen.home, memory_limit=chosen.memory_limit, threads=chosen.threads)


def land(
    files: Sequence[Path], options: LandOptions, *, dry_run: bool = False, home: str | None = None
) -> Iterator[tuple[Path, Guess | Landing | TidewaiterError]]:
    """Land each file by itself, whole or not at all, and yield what became of it.

    With `dry_run` only the guess is yielded. A file that is refused yields its error and does
    not keep the others from landing.
    """
    from tidewaiter.statistics.land import land_file, sniff

    lake = open_lake(home)
    for path in files:
        try:
            yield path, (sniff(path, options) if dry_run else land_file(lake, path, options))
        except TidewaiterError as error:
            yield path, error


@contextmanager
def fetching(
    source: str,
    *,
    home: str | None = None,
    lake: Lake | None = None,
    on_wait: Callable[[float, str], None] | None = None,
    on_busy: Callable[[str], None] | None = None,
) -> Iterator[Gate]:
    """Hold the door to a publisher open, with what is known of earlier fetches into this lake.

    Another fetch of the same source into the same lake is waited for; `on_busy` hears of it, `on_wait`
    of every time the publisher asks to wait.
    """
    from tidewaiter.base.settings import settings
    from tidewaiter.statistics.fetching.gate import card_called, opened

    card = card_called(source)
    pace = settings().fetch_pace
    with opened(lake or open_lake(home), card, pace=pace, on_wait=on_wait, on_busy=on_busy) as gate:
        yield gate


def fetch_job(gate: Gate, want: Order) -> FetchJob:
    """Return what fetches `want` through an open gate: `plan()` it first, then `run(plan)`."""
    from tidewaiter.statistics.fetching.jobs import job_of

    return job_of(gate, want)


def ask(query: Query, *, home: str | None = None, lake: Lake | None = None) -> Answer | Refusal:
    """Answer one question from the lake as of the query's day (today if it names none).

    A refusal for a day gone by says so where later files answer the question. An answer about goods
    that a measure covers carries a note with act, paragraph, since when, and how much of a cap was used.
    """
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer, Refusal

    lake = lake or open_lake(home)
    with lake.reading():
        answer = ask_tables(query, lake.tables(query.as_of))
        if isinstance(answer, Refusal) and query.as_of is not None:
            today = ask_tables(replace(query, as_of=None), lake.tables())
            if isinstance(today, Answer):
                later = f"files of after {query.as_of} answer it: leave --as-of out, or land older ones with --vintage"
                answer = replace(answer, missing=f"{answer.missing}; {later}")
    if isinstance(answer, Answer):
        return replace(answer, notes=(*answer.notes, *_law_notes(query)))
    return answer


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


def check(
    story: bytes | str,
    *,
    name: str = "",
    published_on: date | None = None,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Report:
    """Check a story (text or HTML) claim by claim against itself, the lake and the law.

    Without `as_of` each question is first put to the rows as they were known on the day the story
    appeared, and to today's where there were none then; printed figures are always today's.
    """
    from tidewaiter.news.claims.extract import extract
    from tidewaiter.news.judge.check import check as check_claims
    from tidewaiter.news.words.article import read_story

    extraction = extract(read_story(story, name=name, published_on=published_on))
    day = None if as_of is not None else extraction.story.published_on
    lake = lake or open_lake(home)
    with lake.reading():
        return check_claims(extraction, asker(lake, as_of, day), _measures)


def asker(lake: Lake, as_of: date | None, day: date | None) -> Callable[[Query], Answer | Refusal]:
    """Return `ask` over the lake as of `as_of`; with `day`, over the rows known on that day where they answer."""
    from dataclasses import replace

    from tidewaiter.answers import ask as ask_tables
    from tidewaiter.base.question import Answer

    now = lake.tables(as_of)
    if day is None or not _landed_by(now, day):
        return lambda query: ask_tables(query, now)
    then = replace(now, trade=lake.tables(day).trade)

    def asked(query: Query) -> Answer | Refusal:
        known = ask_tables(query, then)
        return known if isinstance(known, Answer) and known.rank == 1 else ask_tables(query, now)

    return asked


def _landed_by(tables: Tables, day: date) -> bool:
    """Tell whether any file of declared rows in the lake is of `day` or earlier."""
    import narwhals as nw

    early = tables.receipt.filter(nw.col("vintage") <= day, nw.col("source") != "published")
    return bool(early.head(1).to_native().fetchall())


def _measures(exporter: str, importer: str, products: tuple[str, ...], period: Period) -> Sequence[LawNote]:
    """Return the shipped measures on `products` going that way in `period`."""
    from tidewaiter.law.notes import notes_for

    rulebook, accounts = _law()
    return notes_for(exporter, importer, products, period, rulebook, ledgers=accounts)


def _law_notes(query: Query) -> tuple[str, ...]:
    """Say which shipped measures bear on the goods a question names, going the way it names; no verdict."""
    if len(query.exporters) != 1 or len(query.importers) != 1 or query.period is None or TOTAL in query.products:
        return ()
    ways = [(query.exporters[0], query.importers[0])]
    if query.indicator in {"total", "balance"}:
        ways.append(ways[0][::-1])
    found = [note for way in ways for note in _measures(*way, query.products, query.period)]
    return tuple(dict.fromkeys(f"law, not a verdict: {note}" for note in found))


@lru_cache(maxsize=1)
def _law() -> tuple[Rulebook, tuple[Ledger, ...]]:
    """Load the shipped rulebook and ledgers once; only a claim with goods and parties needs them."""
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.law.rulebook import load

    return load(), ledgers()


def concordance(lake: Lake, as_of: date | None = None) -> Concordance | None:
    """Return how codes lead from one HS edition to another, None where no workbook was landed by then."""
    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.restate import Concordance

    links = rows_of(lake.concordance(as_of).select("hs_from", "hs_to", "code_from", "code_to"))
    return Concordance.of(links) if links else None


def screen(
    *,
    targets: Sequence[str],
    rulebook: Rulebook,
    period: Period | None = None,
    regimes: Sequence[str] = (),
    suspects: Sequence[Mapping[str, Any]] = (),
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Frame:
    """Set the lake's trade beside the measures of `rulebook` about `targets`: rows of `EXPOSURE`.

    Where a target has a namesake, `mixup_probability` and `mixup_reasons` stand beside each row. Whether a
    cap was used up by then comes from the ledgers that ship; codes are restated where the lake has UNSD's
    correlation tables.
    """
    from tidewaiter.law.caps import quota_states
    from tidewaiter.law.exposure import in_period
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.law.screen import screen as screen_frame

    lake = lake or open_lake(home)
    trade = lake.tables(as_of).trade
    accounts = [ledger for ledger in ledgers() if not regimes or ledger.regime in regimes]
    span = {figure.span.first // 12 for ledger in accounts for figure in ledger.figures}
    years = sorted(span if period is None else span & set(period.years))
    states = [row for regime in rulebook.regimes for row in quota_states(regime, accounts, years)]
    found = screen_frame(
        trade if period is None else in_period(trade, period),
        rulebook,
        concordance=concordance(lake, as_of),
        targets=targets,
        regimes=regimes,
        suspects=suspects,
        quota_states=states,
    )
    return _with_mixups(found, lake, as_of, targets)


def _with_mixups(found: Frame, lake: Lake, as_of: date | None, targets: Sequence[str]) -> Frame:
    """Put beside each exposure how probably another area of a like name was meant."""
    from tidewaiter.statistics.namesakes import KEY, confusions

    pairs = tuple(pair for pair in confusions() if pair.said in targets)
    if not pairs:
        return found
    weighed = _weighed(lake, as_of, pairs).select(*KEY, "mixup_probability", "mixup_reasons")
    return found.join(weighed, on=list(KEY), how="left")


def _weighed(lake: Lake, as_of: date | None, pairs: tuple[Confusion, ...]) -> Frame:
    """Weigh the lake's declarations about `pairs` once for each of its states."""
    from tidewaiter.lake.engines import Duck
    from tidewaiter.statistics.namesakes import concerned, suspicion

    kept = _MIXUPS.setdefault(lake, [])
    trade, now = lake.tables(as_of).trade, lake.tables().trade
    known: Frame
    for state, asked, _, known in kept:
        if state == (id(trade), id(now)) and asked == pairs:
            return known
    engine, small = Duck(lake.connection), Duck(lake.connection)
    with lake.reading():
        about = small.keep("namesakes", concerned(trade, pairs))
        later = now if as_of is not None else None
        frame = engine.keep("mixups", suspicion(about, pairs, later))
        small.forget()
    # The frames are held, lest another state be given their ids.
    kept.append(((id(trade), id(now)), pairs, (engine, trade, now), frame))
    return frame


def mirror(
    wanted: Wanted,
    *,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
    tell: Callable[[str], None] | None = None,
) -> MirrorTable:
    """Set both sides of some trade beside each other and settle them, on the engine that the settings name.

    What margins, lags and errors are is learned once from all declarations of the source, and kept beside the
    lake until something of it is landed; `tell` is told when that begins, since it may take a minute.
    """
    from tidewaiter.lake.engines import open_engine
    from tidewaiter.statistics.sides import both_sides

    lake = lake or open_lake(home)
    with lake.reading(), open_engine(lake) as engine:
        return both_sides(lake, engine, wanted, as_of, tell=tell)


def brief(
    target: str,
    partner: str | None = None,
    period: Period | None = None,
    *,
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
) -> Bulletin:
    """Write the bulletin of `target`'s trade with `partner`, or with all partners, in `period`.

    Without `period` it tells of the last year there is anything of; without `as_of` of the day of the newest
    file. No clock is read. Raises `LakeError` for a lake without anything in it and without a span to tell of.
    """
    from tidewaiter.tell.brief.build import bulletin
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.brief.span import latest

    lake = lake or open_lake(home)
    with lake.reading():
        tables = lake.tables(as_of)
        span = period or latest(tables.trade, target, partner)
        day = as_of or _newest(tables)
        if span is None or day is None:
            where = target if partner is None else f"{target} with {partner}"
            message = f"the lake holds no trade of {where}, so no last year of it; land a file or name a --period"
            raise LakeError(message)
        return bulletin(Subject(target, partner, span, day, as_of), asker(lake, as_of, None))


def _newest(tables: Tables) -> date | None:
    """Return the day of the newest file of declared rows, else of any file; None in an empty lake."""
    vintages = tables.receipt.select("source", "vintage").to_native().fetchall()
    declared = [vintage for source, vintage in vintages if source != "published"]
    return max(declared or [vintage for _, vintage in vintages], default=None)
