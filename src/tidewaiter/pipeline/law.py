"""What of the law that ships bears on a question or a claim, loaded once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tidewaiter.base.terms import TOTAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Query
    from tidewaiter.base.schema import Tables
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.ledger import Ledger
    from tidewaiter.law.notes import LawNote
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.law.restate import Concordance

_CONCORDANCES: WeakKeyDictionary[Lake, tuple[Tables, Concordance | None]] = WeakKeyDictionary()
"""The last concordance of each open lake, with the state it was read from."""


def measures_on(exporter: str, importer: str, products: tuple[str, ...], period: Period) -> Sequence[LawNote]:
    """Return the shipped measures on `products` going that way in `period`."""
    from tidewaiter.law.notes import notes_for

    rulebook, accounts = _law()
    return notes_for(exporter, importer, products, period, rulebook, ledgers=accounts)


def cap_ledgers() -> tuple[Ledger, ...]:
    """Return the shipped accounts of caps: what was notified under each."""
    return _law()[1]


def law_notes(query: Query) -> tuple[str, ...]:
    """Say which shipped measures bear on the goods a question names, going the way it names; no verdict."""
    if len(query.exporters) != 1 or len(query.importers) != 1 or query.period is None or TOTAL in query.products:
        return ()
    ways = [(query.exporters[0], query.importers[0])]
    if query.indicator in {"total", "balance"}:
        ways.append(ways[0][::-1])
    found = [note for way in ways for note in measures_on(*way, query.products, query.period)]
    return tuple(dict.fromkeys(f"law, not a verdict: {note}" for note in found))


@lru_cache(maxsize=1)
def _law() -> tuple[Rulebook, tuple[Ledger, ...]]:
    """Load the shipped rulebook and ledgers once; only a claim with goods and parties needs them."""
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.law.rulebook import load

    return load(), ledgers()


def concordance(lake: Lake, as_of: date | None = None, chapters: Sequence[str] = ()) -> Concordance | None:
    """Return how codes lead from one HS edition to another, None where no workbook was landed by then.

    With `chapters` only links that begin or end in one of them are read: enough for declarations in these.
    """
    import narwhals as nw

    from tidewaiter.law.engine import rows_of
    from tidewaiter.law.restate import Concordance

    tables = lake.tables(as_of)
    kept = _CONCORDANCES.get(lake)
    if kept is not None and kept[0] is tables:
        return kept[1]
    found = lake.concordance(as_of).select("hs_from", "hs_to", "code_from", "code_to")
    if chapters:
        ends = (nw.col(name).str.head(2).is_in(list(chapters)) for name in ("code_from", "code_to"))
        some = rows_of(found.filter(nw.any_horizontal(*ends, ignore_nulls=False)))
        return Concordance.of(some) if some else concordance(lake, as_of)
    links = rows_of(found)
    made = Concordance.of(links) if links else None
    _CONCORDANCES[lake] = (tables, made)
    return made
