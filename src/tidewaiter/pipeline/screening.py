"""Set the lake's trade beside the measures that cover it, and weigh who may have been mixed up with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tidewaiter.pipeline.law import concordance
from tidewaiter.pipeline.opening import open_lake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from tidewaiter.base.period import Period
    from tidewaiter.base.schema import Frame
    from tidewaiter.lake.lake import Lake
    from tidewaiter.law.regime import Rulebook
    from tidewaiter.statistics.namesakes import Confusion


_MIXUPS: WeakKeyDictionary[Lake, list[tuple[Any, ...]]] = WeakKeyDictionary()
"""What was weighed of each open lake, so that a screening after another does not weigh it again."""


def screen(  # noqa: PLR0913  # every way to narrow it, each by name
    *,
    targets: Sequence[str],
    rulebook: Rulebook,
    period: Period | None = None,
    regimes: Sequence[str] = (),
    suspects: Sequence[Mapping[str, Any]] = (),
    as_of: date | None = None,
    home: str | None = None,
    lake: Lake | None = None,
    narrow: Callable[[Frame], Frame] | None = None,
    mixups: bool = True,
    chapters: Sequence[str] = (),
) -> Frame:
    """Set the lake's trade beside the measures of `rulebook` about `targets`: rows of `EXPOSURE`.

    Where a target has a namesake, `mixup_probability` and `mixup_reasons` stand beside each row. Whether a
    cap was used up by then comes from the ledgers that ship; codes are restated where the lake has UNSD's
    correlation tables. `narrow` keeps some of the trade, to screen a pair instead of everything; without
    `mixups` nothing is weighed, which on a large lake takes longer than all the rest. `chapters` are those of
    the trade that is kept, where they are known: then no other codes have to be carried between HS editions.
    """
    from tidewaiter.law.caps import quota_states
    from tidewaiter.law.exposure import in_period
    from tidewaiter.law.ledger import ledgers
    from tidewaiter.law.screen import screen as screen_frame

    lake = lake or open_lake(home)
    trade = lake.tables(as_of).trade
    trade = trade if narrow is None else narrow(trade)
    accounts = [ledger for ledger in ledgers() if not regimes or ledger.regime in regimes]
    span = {figure.span.first // 12 for ledger in accounts for figure in ledger.figures}
    years = sorted(span if period is None else span & set(period.years))
    states = [row for regime in rulebook.regimes for row in quota_states(regime, accounts, years)]
    found = screen_frame(
        trade if period is None else in_period(trade, period),
        rulebook,
        concordance=concordance(lake, as_of, chapters),
        targets=targets,
        regimes=regimes,
        suspects=suspects,
        quota_states=states,
    )
    return _with_mixups(found, lake, as_of, targets) if mixups else found


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
