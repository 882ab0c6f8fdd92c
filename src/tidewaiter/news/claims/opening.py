"""How a sentence opens: who acts, which side of the trade it turns to, and of which time it is.

Owns what holds for a whole sentence before its clauses are read one by one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import Trade, period_words
from tidewaiter.news.claims.when import dates_a_base, is_by_the_way
from tidewaiter.news.claims.zones import base_zones
from tidewaiter.news.words import spans
from tidewaiter.news.words.numbers import unit_kind
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.words.tokens import Token


def open_sentence(line: Sequence[Token], known: Known) -> Period | None:
    """Set what the whole sentence is about, and return the period that holds for all of it."""
    known.partner = None
    known.actor = actor(line)
    first = known.history[0] if known.history else None
    whole = line[0].low in group("all_told") if line else False
    if whole and first is not None and known.period is not None and first.contains(known.period):
        known.period = first
    turn_to_a_side(line, known)
    return lead_period(line, known) or last_period(line, known)


def actor(line: Sequence[Token]) -> str | None:
    """Find who acts in a sentence: its first party that owns nothing and stands behind no preposition."""
    for index, token in enumerate(line):
        if token.kind in {"number", "flow"}:
            return None
        governed = index > 0 and line[index - 1].low in group("governs")
        if token.kind == "party" and not token.owns and token.form != "adjective" and not governed:
            return token.code
    return None


def turn_to_a_side(line: Sequence[Token], known: Known) -> None:
    """Take "on the import side" as the imports of the country whose story it is."""
    first = next((at for at, token in enumerate(line) if token.kind == "number"), len(line))
    side = next((token.value for token in line[:first] if token.kind == "side"), None)
    home = known.home or known.owner
    turns = any(one.low in group("turns") and two.low == "direction" for one, two in pairwise(line[:6]))
    if turns and not known.bilateral and known.flow is not None and home in {known.flow.exporter, known.flow.importer}:
        side = "import" if known.flow.exporter == home else "export"
    if side is None or home is None:
        return
    other = next((code for code in known.pair if code != home), None) if known.bilateral else None
    turned = Trade("import", other, home, owner=home) if side == "import" else Trade("export", home, other, owner=home)
    known.trade = known.flow = turned
    known.owner = home
    known.world.discard(home)


def leaves_the_past(line: Sequence[Token], segment: Segment) -> bool:
    """Tell whether a clause is of the story's time again, after a sentence that opened with an earlier one."""
    opened = line[0].period
    if opened is None or opened.kind != "earlier_year" or segment.is_first:
        return False
    before = [token.low for token in line if token.end <= segment.tokens[0].start][-1:]
    return before == [";"] or segment.tokens[0].low in {"so", "thus", "hence"}


def lead_period(line: Sequence[Token], known: Known) -> Period | None:
    """Resolve a period that opens the sentence ("In August, ...") and so holds for all of it."""
    now = known.now(known.period)
    for index, token in enumerate(line[:6]):
        if token.kind == "period":
            words = period_words(token)
            if index and is_by_the_way(line, index):
                return None
            if index == 1 and line[0].low == "from":
                return None
            looked = words.kind == "earlier_year" and index == 0 and line[1].low not in {"than", "to"}
            if looked or words.kind in {"span", "cited", "recent"} or (words.kind == "same" and index <= 2):
                return spans.resolve(words, now)
        if token.kind in {"number", "move", "base"}:
            return None
    return None


def first_period(line: Sequence[Token], known: Known) -> Period | None:
    """Take the period of an opening sentence that tells amounts of goods, though no trade."""
    amounts = any(token.number is not None and unit_kind(token.number.unit) in {"money", "weight"} for token in line)
    if not amounts or not any(token.kind == "goods" for token in line):
        return None
    told = [token for token in line if token.kind == "period" and period_words(token).kind == "span"]
    now = known.now(None)
    return spans.resolve(period_words(told[0]), now) if len(told) == 1 else None


def last_period(line: Sequence[Token], known: Known) -> Period | None:
    """Resolve the only period of a sentence where it closes it, and so holds for all of it."""
    end = next((at for at, token in enumerate(line) if token.kind == "say" and at > 3), len(line))
    told = [
        at for at, token in enumerate(line) if token.kind == "period" and period_words(token).kind in {"span", "cited"}
    ]
    if len(told) != 1 or told[0] < end - 4 or base_zones(line)[told[0]]:
        return None
    resolved = spans.resolve(period_words(line[told[0]]), known.now(known.period))
    if not dates_a_base(line, told[0]):
        return None if is_by_the_way(line, told[0]) else resolved
    yearly = resolved is not None and resolved.length == 12 and known.period is None
    return resolved.shifted(12) if yearly and resolved is not None and any(one.kind == "move" for one in line) else None


def when(line: Sequence[Token], segment: Segment, known: Known, lead: Period | None) -> Period | None:
    """Read the period before ", when it bought ..." as that clause's own."""
    if segment.tokens[0].low != "when":
        return None
    before = [token for token in line if token.start < segment.tokens[0].start]
    while before and before[-1].kind == "mark":
        before.pop()
    if not before or before[-1].kind != "period":
        return None
    return spans.resolve(period_words(before[-1]), known.now(lead or known.period))
