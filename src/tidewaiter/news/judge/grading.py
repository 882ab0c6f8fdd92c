"""Grade one number of the data against one claim: in the claim's own form, tier by tier.

Owns what a claim says as intervals, what an answer says in the same form, and how far apart they are;
leaves the verdict to `readings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge import money, wording
from tidewaiter.news.judge.intervals import TIERS, Bound, Interval, Tier, literally_allows, written
from tidewaiter.news.judge.questions import KILOGRAMS, in_known_unit
from tidewaiter.news.judge.rates import a_month
from tidewaiter.news.judge.ratios import ratios

if TYPE_CHECKING:
    from tidewaiter.base.period import Period
    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.question import Answer
    from tidewaiter.news.judge.questions import Reading
    from tidewaiter.news.model import Claim, Story, Written


CHANGES_OF: Final = frozenset({"change", "trend"})
"""Claims that are held against a change, as a ratio of two levels."""


@dataclass(frozen=True, slots=True)
class Told:
    """The story a claim stands in, everyone it quotes anywhere, folded, as one text, and its open-ended spans."""

    story: Story
    quoted: str
    rolling: frozenset[Period] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """One number that may bear on a claim: an answer under one reading, graded against the claim.

    `truth` is its interval in the claim's form (amount, ratio or share); `gap` how far the claim's
    loosest interval lies from it, as a fraction.
    """

    reading: Reading
    answer: Answer
    truth: Interval
    value: Fraction
    unit: str
    is_default: bool
    is_own: bool
    tier: Tier | None
    gap: Fraction | None
    sense: str = "usual"
    is_a_month: bool = False
    """Whether the number was divided by the months of its period, as the claim is so much a month."""

    @property
    def is_estimated(self) -> bool:
        """Whether any row under it was made by the publisher, not declared."""
        return any(row.is_estimated for row in self.answer.evidence)


def cells_of(claim: Claim, told: Told, reading: Reading, answer: Answer) -> list[Cell]:
    """Make a cell of the answer and of each alternative; the default is the answer's own side and goods."""
    cells = []
    monthly = a_month(claim) if claim.type in {"flow_value", "total", "balance"} else None
    for one in (answer, *answer.alternatives):
        truth = _truth(claim, one)
        if truth is None:
            continue
        interval, value, unit = truth
        if monthly is not None and claim.period is not None:
            interval, value = interval * monthly, value / claim.period.length
        tier, sense, gap = _grade(claim, interval)
        is_default = reading.is_default and (one.rank == 2 or one.side == answer.side)
        is_own = _is_own(told, one)
        cell = Cell(reading, one, interval, value, unit, is_default, is_own, tier, gap, sense, monthly is not None)
        cells.append(cell)
    return cells


def _truth(claim: Claim, answer: Answer) -> tuple[Interval, Fraction, str] | None:
    """Put an answer into the claim's form: base units, a ratio for a change, an amount for a difference."""
    quantity: Quantity | None = answer.value
    is_amount = is_of_amount(claim)
    quantity = answer.absolute if is_amount else quantity
    if quantity is None:
        return None
    interval, value = Interval(Fraction(quantity.low), Fraction(quantity.high)), Fraction(quantity.value)
    if is_amount and claim.flow == "balance" and levels_of(answer) and all(size < 0 for size in levels_of(answer)):
        interval, value = -interval, -value  # a deficit that widens grows
    if quantity.unit == "kg":
        scale = KILOGRAMS.get(_unit(claim), 1)
        return interval.scaled(Fraction(1, scale)), value / scale, _unit(claim)
    if claim.type in CHANGES_OF and quantity.unit == "%":
        return interval.scaled(Fraction(1, 100)).shifted(1), value / 100 + 1, "x"
    return interval, value, quantity.unit


def is_of_amount(claim: Claim) -> bool:
    """Tell whether a claim is a change told as an amount ("rose by $2 billion"), not as a ratio."""
    return claim.type in CHANGES_OF and claim.number is not None and claim.number.unit not in {"%", "x"}


def levels_of(answer: Answer) -> tuple[Fraction, ...]:
    """Return the two levels under a change, where the answer holds them both; else nothing."""
    known = [one.value for one in (answer.current, answer.base) if one is not None]
    sizes = tuple(Fraction(one.value) for one in known if one is not None)
    return sizes if len(sizes) == 2 else ()


def _unit(claim: Claim) -> str:
    figure = in_known_unit(claim.number) if claim.number is not None else None
    return figure.unit if figure is not None else "USD"


def said_of(claim: Claim, tier: Tier) -> tuple[tuple[str, Interval], ...]:
    """Return what `claim` says at `tier`, one interval per sense, the usual first."""
    if claim.type in CHANGES_OF:
        said = ratios(claim, tier)
        if said or claim.number is None:
            return tuple((sense, money.ratio_in_dollars(claim, ratio)) for sense, ratio in said)
        size = _in_dollars(claim, claim.number, tier)
        if size is None:
            return ()
        return (("usual", -size if claim.direction == "down" and claim.number.value > 0 else size),)
    figure = claim.number
    if figure is not None and claim.type != "share":
        figure = in_known_unit(figure) or (figure if money.is_money(figure.unit) else None)
    size = _in_dollars(claim, figure, tier) if figure is not None else None
    if size is None:
        return ()
    return (("usual", size), ("other_side", -size)) if claim.type == "balance" else (("usual", size),)


def _in_dollars(claim: Claim, figure: Written, tier: Tier) -> Interval | None:
    """Return what `figure` may stand for, put into dollars where it is other money; None without a rate."""
    said = written(figure, tier)
    return money.amount_in_dollars(figure, said, claim.period) if money.is_money(figure.unit) else said


def _grade(claim: Claim, truth: Interval) -> tuple[Tier | None, str, Fraction | None]:
    """Find the first tier and sense in which the claim and the truth meet, else the gap between them."""
    for tier in TIERS:
        for sense, said in said_of(claim, tier):
            if said.overlaps(truth) and (sense in {"usual", "other_side"} or tier != "loose"):
                return tier, sense, Fraction(0)
    figure = claim.number
    if figure is not None and claim.type not in CHANGES_OF and literally_allows(figure, truth):
        return "loose", "understated", Fraction(0)
    gaps = [_relative(said, truth) for _, said in said_of(claim, "loose")]
    known = [gap for gap in gaps if gap is not None]
    return None, "usual", min(known) if known else None


def _relative(said: Interval, truth: Interval) -> Fraction | None:
    gap = said.gap(truth)
    end: Bound = truth.low if said.high < truth.low else truth.high
    if not isinstance(gap, Fraction) or not isinstance(end, Fraction) or end == 0:
        return None
    return gap / abs(end)


def _is_own(told: Told, answer: Answer) -> bool:
    """Tell whether a printed figure comes from the story's own outlet, which proves nothing about itself.

    The outlet is known by the story's name (its file or page), or by standing in the text without
    ever being quoted as a source.
    """
    place = "".join(character for character in told.story.name.casefold() if character.isalnum())
    for row in answer.evidence:
        name = row.publisher.casefold()
        if row.rank != 2 or not name:
            continue
        plain = "".join(character for character in name.removeprefix("the ") if character.isalnum())
        if plain in place or (name in told.story.text.casefold() and name not in told.quoted):
            return True
    return False


def chance(claim: Claim, alternatives: int) -> Fraction:
    """Return how likely some alternative would match by chance: their number times the claim's relative width."""
    said = said_of(claim, "strict")
    if not said or not said[0][1].is_bounded:
        return Fraction(1)
    low, high = said[0][1].low, said[0][1].high
    middle = (low + high) / 2
    if (
        not isinstance(middle, Fraction)
        or not isinstance(low, Fraction)
        or not isinstance(high, Fraction)
        or not middle
    ):
        return Fraction(1)
    return max(1, alternatives) * (high - low) / abs(middle)


def cell_words(cell: Cell) -> str:
    """Say one number with its source, side and standing."""
    answer = cell.answer
    if cell.unit == "x":
        value = wording.signed_percent((cell.value - 1) * 100, 1)
    else:
        value = wording.amount(cell.value, cell.unit) + (" a month" if cell.is_a_month else "")
    if answer.rank == 2:
        pages = []
        for row in answer.evidence:
            page = f"{row.publisher}, {row.vintage.isoformat()}"
            if page not in pages:
                pages.append(page)
        return f"{value} (printed by {wording.joined(pages)}; second rank)"
    kind = "estimate" if cell.is_estimated else "own report" if answer.side == "reporter" else "partner's report"
    days = [row.vintage for row in answer.evidence] + [note.vintage for note in answer.receipts]
    dated = f", as of {max(days).isoformat()}" if days else ""
    return f"{value} ({answer.source}, {kind}{dated})"
