"""Keep the account of a cap: what was delivered by when, how much of the cap that is, when it was reached.

Sources of information stand side by side and are never summed; only the one the law counts is held
against the cap. A reported zero is zero, a month nobody reported has no number, and the total then
has no upper bound. Pure: a ledger and a regime in, an `Account` out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.law.cumulate import ZERO, Between, Rise, rising, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidewaiter.law.ledger import Figure, Ledger, PerTonne, Said
    from tidewaiter.law.regime import Measure, Quota, Regime, Threshold

Use = Literal["within_quota", "over_quota", "quota_undecided"]
WHOLE_CAP: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How some states spoke of one month: `said` (empty: not at all), the figure as published, and converted."""

    states: str
    said: Said | Literal[""]
    figure: Figure | None
    amount: Between | None


@dataclass(frozen=True, slots=True)
class Line:
    """One month: what each state said, and the total so far with its share of the cap (fractions)."""

    month: str
    said: tuple[Spoken, ...]
    total: Between
    share: Between


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a share of the cap was reached: in no earlier month than `earliest`, by `latest` for certain.

    `earliest` None: not reached in the period by any reading of the figures.
    """

    share: Decimal
    words: str
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one quota period. `left_out`: figures that bear no day, where a day was asked for."""

    ledger: Ledger
    measure: Measure
    quota: Quota
    cap: Decimal
    period: Period
    as_of: date | None
    lines: tuple[Line, ...]
    crossings: tuple[Crossing, ...]
    contradicted: tuple[Figure, ...]
    others: tuple[tuple[Figure, Between | None], ...]
    """Figures of the sources of information that do not count, converted."""
    factors: tuple[PerTonne, ...]
    left_out: int

    @property
    def use(self) -> Use:
        """Whether the notified deliveries stayed within the cap."""
        return use_of(self.lines[-1].share)


def use_of(share: Between) -> Use:
    """Say whether a share of a cap is within it, over it, or cannot be told."""
    if share.low > WHOLE_CAP:
        return "over_quota"
    return "within_quota" if share.high is not None and share.high <= WHOLE_CAP else "quota_undecided"


def account(ledger: Ledger, regime: Regime, year: int, as_of: date | None = None) -> tuple[Account, ...]:
    """Keep the account of every quota period of `ledger` that touches `year`, oldest first.

    Raises `QueryError` where no cap with a number held in that year.
    """
    made = [
        _account(ledger, measure, quota, period, as_of)
        for measure in regime.measures
        if measure.id in ledger.measures
        for quota in measure.quotas
        if (period := _period_in(quota, measure, year)) is not None
    ]
    if not made:
        message = f"no cap of {regime.id} {ledger.id} has a number for {year}"
        raise QueryError(message)
    return tuple(sorted(made, key=lambda each: each.period))


def _period_in(quota: Quota, measure: Measure, year: int) -> Period | None:
    """Return the months of the quota period that touches `year`; months it touches in part count whole."""
    last_day = min(each for each in (quota.end, measure.end, date(year, 12, 31)) if each is not None)
    first_day = quota.start if quota.period == "span" else max(quota.start, date(year, 1, 1))
    if not quota.amounts or first_day > last_day or last_day.year < year or first_day.year > year:
        return None
    if quota.period == "span" and quota.end is not None:
        last_day = quota.end
    first, last = (day.year * 12 + day.month - 1 for day in (first_day, last_day))
    return Period(first, last)


def _account(ledger: Ledger, measure: Measure, quota: Quota, period: Period, as_of: date | None) -> Account:
    cap = next(amount.value for amount in quota.amounts if amount.unit == ledger.unit)
    touching = [figure for figure in ledger.figures if period.overlaps(figure.span)]
    dated = [figure for figure in touching if as_of is None or (figure.as_of is not None and figure.as_of <= as_of)]
    counting = [figure for figure in dated if figure.ledger == ledger.counts]
    bounds, contradicted = _running(ledger, counting, period)
    lines = []
    for index, month in enumerate(period.months()):
        share = Between(bounds[index].low / cap, None if bounds[index].high is None else bounds[index].high / cap)  # type: ignore[operator]
        said = tuple(_said(ledger, counting, states, month) for states in _speakers(ledger, counting))
        lines.append(Line(month, said, bounds[index], share))
    return Account(
        ledger=ledger,
        measure=measure,
        quota=quota,
        cap=cap,
        period=period,
        as_of=as_of,
        lines=tuple(lines),
        crossings=tuple(_crossings(lines, measure.thresholds)),
        contradicted=tuple(contradicted),
        others=tuple((figure, amount(ledger, figure)) for figure in dated if figure.ledger != ledger.counts),
        factors=ledger.factors,
        left_out=sum(1 for figure in touching if as_of is not None and figure.as_of is None),
    )


def amount(ledger: Ledger, figure: Figure) -> Between | None:
    """Return a figure in the cap's unit: as published, else converted with the ledger's cited factors."""
    published = figure.bbl if ledger.unit == "bbl" else figure.tonnes
    if published is not None:
        return Between(published, published)
    if ledger.unit != "bbl" or figure.tonnes is None:
        return None
    spoken = figure.states.split("+")
    factors = [factor for factor in ledger.factors if factor.states in spoken] or [
        factor for factor in ledger.factors if not factor.states
    ]
    if not factors:
        return None
    return Between(
        figure.tonnes * min(factor.low for factor in factors), figure.tonnes * max(factor.high for factor in factors)
    )


def _speakers(ledger: Ledger, figures: Iterable[Figure]) -> list[str]:
    named = {figure.states for figure in figures}
    return [*ledger.states, *sorted(named - set(ledger.states))]


def _running(ledger: Ledger, figures: list[Figure], period: Period) -> tuple[list[Between], list[Figure]]:
    """Bound the total of all states after each month: by state, and by figures for all of them together."""
    contradicted: list[Figure] = []
    alone: list[list[Between]] = []
    together: list[Between] | None = None
    joint = "+".join(ledger.states)
    for states in _speakers(ledger, figures):
        rises = {rise: figure for figure, rise in _rises(ledger, figures, states, period)}
        bounds, refused = totals(period.length, list(rises))
        contradicted.extend(rises[rise] for rise in refused)
        if states == joint and len(ledger.states) > 1:
            together = bounds
        else:
            alone.append(bounds)
    summed = [sum(each, Between(ZERO, ZERO)) for each in zip(*alone, strict=True)]
    if together is not None:
        summed = [
            one.both(two) if one.overlaps(two) else one.either(two) for one, two in zip(summed, together, strict=True)
        ]
    return rising(summed), contradicted


def _rises(ledger: Ledger, figures: Iterable[Figure], states: str, period: Period) -> Iterator[tuple[Figure, Rise]]:
    """Yield the figures that lie inside the period as rises, the newest page first, printed before derived."""
    order = sorted(
        (figure for figure in figures if figure.states == states and period.contains(figure.span)),
        key=lambda figure: (figure.as_of is not None, figure.as_of or date.min, figure.printed, -figure.row),
        reverse=True,
    )
    spoken: set[Period] = set()
    for figure in order:
        known = amount(ledger, figure)
        # Of one span's figures the newest dated one counts; it restates the others.
        if known is None or not figure.printed or (figure.span in spoken and figure.as_of is not None):
            continue
        spoken.add(figure.span)
        yield figure, Rise(figure.span.first - period.first, figure.span.last - period.first + 1, known)


def _said(ledger: Ledger, figures: Iterable[Figure], states: str, month: str) -> Spoken:
    one = Period.parse(month)
    own = [figure for figure in figures if figure.states == states]
    found = [figure for figure in own if figure.span == one]
    gaps = [figure for figure in own if figure.said == "no_report" and figure.span.contains(one)]
    if not found and not gaps:
        return Spoken(states, "", None, None)
    newest = max(found or gaps, key=lambda figure: (figure.as_of or date.min, figure.printed))
    return Spoken(states, newest.said, newest, amount(ledger, newest))


def _crossings(lines: list[Line], thresholds: tuple[Threshold, ...]) -> Iterator[Crossing]:
    """Say for each share that obliges somebody, and for the whole cap, between which months it was reached."""
    shares = [(threshold.share, threshold.words) for threshold in thresholds]
    for share, words in [*shares, (WHOLE_CAP, "the whole cap")]:
        earliest = next((line.month for line in lines if line.share.high is None or line.share.high >= share), None)
        latest = next((line.month for line in lines if line.share.low >= share), None)
        yield Crossing(share, words, earliest, latest)


def quota_states(regime: Regime, ledgers: Iterable[Ledger], years: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Say for each month and year of `years` whether the notified deliveries so far were within each cap.

    Rows for `screen`: regime, measure, period, quota_state. Months that cannot be told are left out.
    """
    wanted = list(years)
    for ledger in ledgers:
        if ledger.regime != regime.id:
            continue
        for year in wanted:
            try:
                accounts = account(ledger, regime, year)
            except QueryError:
                continue
            for each in accounts:
                states: dict[str, Use] = {line.month: use_of(line.share) for line in each.lines}
                if each.period.is_full_years:
                    states[str(year)] = each.use
                for period, state in states.items():
                    if state != "quota_undecided":
                        yield {
                            "regime": regime.id,
                            "measure": each.measure.id,
                            "period": period,
                            "quota_state": state,
                        }
