"""What each written number of a clause is: a level, the size of a change, a base, a share, a quota, or none of these.

Owns the local grammar around a number. Knows nothing of parties or of other sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.news.claims.draft import written
from tidewaiter.news.claims.limits import near_cap
from tidewaiter.news.claims.matter import is_of_another_matter, is_other_money
from tidewaiter.news.claims.zones import AMOUNTS
from tidewaiter.news.words.numbers import is_fraction_word, unit_kind
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.model import Direction
    from tidewaiter.news.words.tokens import Token

Role = Literal[
    "level", "base", "change", "amount", "share", "base_share", "quota", "quota_share", "count", "run", "skip"
]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a number was found to be, with the direction of a change and why it was skipped."""

    index: int
    role: Role
    direction: Direction | None = None
    reason: str = ""


LEAST_MONEY: Final = 1000
"""The least amount of money that is taken for trade between countries ("nine in ten dollars" is none)."""


def senses(tokens: Sequence[Token], zones: Sequence[bool], *, shares: bool) -> list[Sense]:
    """Say of every number in the clause what it is; `shares` where the clause is about a share."""
    return [_sense(tokens, zones, index, shares=shares) for index, token in enumerate(tokens) if token.kind == "number"]


def _sense(tokens: Sequence[Token], zones: Sequence[bool], index: int, *, shares: bool) -> Sense:  # noqa: PLR0911 - a list of cases, the first that fits
    number = written(tokens[index])
    kind = unit_kind(number.unit)
    before = [token.low for token in tokens[max(0, index - 3) : index]]
    after = tokens[index + 1 : index + 4]
    named = len(before) > 1 and tokens[index - 2].kind == "goods" and before[-1] == "-"
    if after and kind == "none" and after[0].low in group("after_a_name"):
        return Sense(index, "skip", reason="names a document or thing, measures nothing")
    signed = before[-2:] == ["(", "-"] or (before[-1:] == ["-"] and kind in AMOUNTS)
    apart = before[-1:] == ["-"] and tokens[index - 1].end < tokens[index].start and kind != "none"
    if (before and not named and not signed and not apart and before[-1] in group("before_a_name")) or (
        before[-2:-1] == ["resolution"]
    ):
        return Sense(index, "skip", reason="names a document or thing, measures nothing")
    if kind == "duration":
        return Sense(index, "run", reason="a length of time")
    if kind in {"percent", "points", "multiple"} and is_of_another_matter(tokens, index):
        return Sense(index, "skip", reason="a ratio of something that is not trade")
    if kind in {"percent", "points", "multiple"}:
        return _ratio(tokens, zones, index, shares=shares)
    if after and (
        [token.low for token in after[:2]] in (["or", "more"], ["or", "less"], ["or", "above"])
        or after[0].low in group("each")
        or (after[0].low in group("per") and len(after) > 1 and after[1].low.rstrip("s") in group("per_units"))
    ):
        return Sense(index, "skip", reason="a price or size for each, not a flow")
    if kind in AMOUNTS:
        return _amount(tokens, zones, index)
    if kind == "count":
        return Sense(index, "count")
    return _bare(tokens, zones, index)


def _ratio(tokens: Sequence[Token], zones: Sequence[bool], index: int, *, shares: bool) -> Sense:  # noqa: C901, PLR0911 - a list of cases, the first that fits
    number = written(tokens[index])
    after = tokens[index + 1 : index + 9]
    follows_of = bool(after) and (
        after[0].low in {"of", "of which"} or (is_fraction_word(number) and after[0].low in {"its", "their", "all"})
    )
    if (number.unit == "%" and not is_fraction_word(number)) or (number.unit == "%" and follows_of):
        stop = next((at for at, token in enumerate(after) if token.low in {",", ";", ".", "("}), len(after))
        near = after[:stop]
        if follows_of and any(token.kind == "cap" for token in near):
            return Sense(index, "quota_share")
        origin = len(after) > 1 and after[0].low in {"were", "was", "is", "are"} and after[1].low in {"from", "of"}
        if (
            origin
            or follows_of
            or (near and near[0].low in {"-level", "level", "share"})
            or (near and near[0].kind == "share")
        ):
            return Sense(index, "share")
        if tokens[0].low == "of which" and not _is_sized(tokens, index):
            return Sense(index, "share")
        taken = index > 0 and tokens[index - 1].low in group("takes") and (not after or after[0].kind == "mark")
        if (
            taken
            or _restates_as_share(tokens, index)
            or _is_told_in_brackets(tokens, index)
            or _is_made_up(tokens, index)
        ):
            return Sense(index, "share")
        if _is_level(tokens, zones, index):
            return Sense(index, "base_share" if zones[index] else "share")
        part = tokens[index - 4 : index - 1] if index >= 5 else []
        if [token.low for token in part[1:]] == ["of", "them"] and part[0].number is not None:
            return Sense(index, "share")
        if shares and not _is_sized(tokens, index):
            return Sense(index, "base_share" if zones[index] else "share")
    direction = direction_at(tokens, index)
    if number.unit == "x":
        of_cap = any(token.kind == "cap" for token in tokens[index + 1 : index + 6])
        if of_cap and index + 1 < len(tokens) and tokens[index + 1].low == "the":
            return Sense(index, "skip", reason="a multiple of a cap")
        return _multiple(tokens, index, direction)
    if direction is None:
        return Sense(index, "skip", reason="a percentage with no change or whole named")
    return Sense(index, "change", direction)


def _restates_as_share(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is told again as a share: "was $6.86 billion, or 90.2 percent"."""
    if index < 2 or tokens[index - 1].low != "or":
        return False
    at = index - 2 - (tokens[index - 2].low == ",")
    amount = tokens[at].number if at >= 0 else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    moved = at >= 1 and (tokens[at - 1].kind == "move" or tokens[at - 1].low == "by")
    sized = moved or (after is not None and (after.kind in {"move", "base"} or after.low in {"on", "a"}))
    told = amount is not None and (
        unit_kind(amount.unit) in AMOUNTS or (amount.unit == "" and amount.value >= LEAST_MONEY)
    )
    return told and not sized


def _is_told_in_brackets(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is told again as a part of the whole: "chicken alone was $251 million (67.8%)"."""
    if index < 2 or index + 1 >= len(tokens) or tokens[index - 1].low != "(" or tokens[index + 1].low != ")":
        return False
    amount = tokens[index - 2].number
    moved = any(token.kind in {"move", "base"} for token in tokens[:index])
    return amount is not None and unit_kind(amount.unit) in AMOUNTS and not moved


def _is_made_up(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether goods in a list of what a flow is made of have their share behind them: "of tea (40 %) and rice"."""
    if index < 2 or index + 1 >= len(tokens) or tokens[index - 1].low != "(" or tokens[index + 1].low != ")":
        return False
    lists = any(token.low in group("consists") for token in tokens[:index])
    return lists and tokens[index - 2].kind == "goods" and not any(token.kind == "move" for token in tokens[:index])


def _is_level(tokens: Sequence[Token], zones: Sequence[bool], index: int) -> bool:
    """Tell whether a percentage is itself a level: "from 45% to 13%", "was around 18%"."""
    before = tokens[index - 1].low if index else ""
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    if before == "from" and zones[index]:
        return True
    if before in group("be") and index > 1 and tokens[index - 2].kind == "move":
        return False  # "the increase is 19 percent"
    named = any(one.low == "the" and two.kind == "move" for one, two in pairwise(tokens[:index]))
    if before in group("be") and named:
        return False  # "the fall in sugar was 19 percent"
    if (
        before in {"was", "were", "is", "at"}
        and after not in {"higher", "lower", "more", "less", "up", "down"}
        and (index + 1 == len(tokens) or tokens[index + 1].kind not in {"base", "move"})
    ):
        return True
    others = [
        at
        for at in range(index)
        if tokens[at].number is not None and written(tokens[at]).unit == "%" and tokens[at - 1].low == "from"
    ]
    return (
        bool(others)
        and before in {"to", "just", "only", "some"}
        and any(tokens[at].low == "to" for at in range(others[-1], index))
    )


def _is_sized(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a percentage is the size of a change: "by 5 percent", "up 5 percent", "a 5 percent rise"."""
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and after.kind == "move":
        return True
    if after is not None and after.kind == "base" and after.value:
        return True
    return before is not None and (before.low == "by" or before.kind == "move")


def _multiple(tokens: Sequence[Token], index: int, direction: Direction | None) -> Sense:
    number = written(tokens[index])
    low = number.text.casefold()
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    own = any(word in low for word in ("doubl", "tripl", "quadrupl", "quintupl", "fold", "twice"))
    if (
        own
        or direction is not None
        or (after is not None and (after.low in {"as", "the", "that"} or after.kind in {"base", "move", "period"}))
    ):
        if direction == "down" and not own:
            return Sense(index, "change", "down")
        return Sense(index, "change", direction or "up")
    return Sense(index, "skip", reason="a multiple with nothing compared")


def direction_at(tokens: Sequence[Token], index: int) -> Direction | None:
    """Find the direction of the change whose size stands at `index`: the word after it, else the nearest before."""
    low = written(tokens[index]).text.casefold()
    if "halv" in low or (low.startswith("by ") and low.endswith("half")):
        return "down"
    signs = [token.low for token in tokens[max(0, index - 2) : index]]
    if signs[-1:] == ["+"] or signs in (["(", "-"], ["(", "–"]):
        return "up" if signs[-1] == "+" else "down"
    for step, token in enumerate(tokens[index + 1 : index + 5]):
        if token.kind in {"move", "base"} and token.value:
            if step and token.kind == "move" and token.form == "verb" and not token.low.endswith(("e", "l", "p", "e")):
                pass
            return token.value  # type: ignore[return-value]
        if token.kind not in {"word", "period"} or token.low in {"to", "and", "of", "from", "in"}:
            break
    for step, token in enumerate(reversed(tokens[:index])):
        if token.kind in {"move", "base"} and token.value:
            return token.value  # type: ignore[return-value]
        if token.low in {";", "(", ")"} or step > 14 or token.kind == "share":
            break
    return None


def _amount(tokens: Sequence[Token], zones: Sequence[bool], index: int) -> Sense:  # noqa: PLR0911 - a list of cases, the first that fits
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    number = written(tokens[index])
    if unit_kind(number.unit) == "money" and number.value < LEAST_MONEY:
        return Sense(index, "skip", reason="an amount too small to be a country's trade")
    if is_other_money(tokens, index):
        return Sense(index, "skip", reason="money that is not trade")
    if near_cap(tokens, index):
        return Sense(index, "quota")
    if after is not None and (
        (after.kind == "move" and after.form == "noun")
        or after.low in {"increase", "decrease", "drop", "decline", "rise", "fall"}
    ):
        return Sense(index, "amount", after.value or None)  # type: ignore[arg-type]
    if _is_delta(tokens, index) or _stands_above(tokens, index):
        return Sense(index, "amount", direction_at(tokens, index))
    if zones[index] or (before is not None and before.low == "from") or _is_a_former_whole(tokens, index):
        return Sense(index, "base")
    return Sense(index, "level")


def _is_a_former_whole(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is an earlier level that a ratio is of: "half of the 34,000 tons a year earlier"."""
    if index < 3 or tokens[index - 1].low != "the" or tokens[index - 2].low != "of":
        return False
    ratio = tokens[index - 3].number
    behind = list(takewhile(lambda token: token.kind not in {"mark", "number"}, tokens[index + 1 : index + 8]))
    after = next((token for token in behind if token.kind == "period"), None)
    told = after is not None and after.period is not None and after.period.is_relative
    return ratio is not None and ratio.unit == "%" and told


def _is_delta(tokens: Sequence[Token], index: int) -> bool:  # noqa: C901, PLR0911 - a list of cases
    before, two = tokens[index - 1] if index else None, tokens[index - 2] if index > 1 else None
    if before is not None and before.kind == "move" and before.value in {"up", "down"}:
        particle = before.form == "particle" and before.low in {"up", "down"}
        # "rose $800 million", "down 120,000 tons from"; but "picked up 3 million tonnes" takes them.
        if (before.form == "verb" and before.low not in group("takes")) or (
            particle and (two is None or two.kind in {"mark", "number"} or two.low in group("be"))
        ):
            return True
    if _says_a_change_again(tokens, index):
        return True
    noun = two is not None and two.kind == "move" and (two.form == "noun" or two.low in group("noun_moves"))
    if before is not None and (
        (before.kind == "move" and before.low.endswith(" of")) or (before.low == "of" and noun and two is not None)
    ):
        return True  # "a decrease of $174 million"
    seen_by = False
    for step, token in enumerate(reversed(tokens[:index])):
        if token.low == "by" or token.low.endswith(" by"):
            seen_by = True
            if token.kind == "move":
                return True
        elif token.kind == "move":
            return seen_by
        elif token.low == "," and step and tokens[index - step].low == "by":
            continue  # "have also fallen, by 36 tons"
        elif (
            token.kind in {"number", "flow", "base"}
            or token.low in {",", ";", "to", "(", "reaching", "reached", "at"}
            or step > 9
        ):
            return False
    return False


def _says_a_change_again(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount only says a change again: "increased fivefold, or by $7 billion, to $9 billion"."""
    at = index - 1 - (tokens[index - 1].low == "by") if index else 0
    if at < 2 or tokens[at].low != "or" or index + 2 >= len(tokens):
        return False
    size = tokens[at - 1 - (tokens[at - 1].low == ",")].number
    moved = any(token.kind == "move" for token in tokens[:at]) or (size is not None and size.unit == "x")
    leads_on = [token.low for token in tokens[index + 1 : index + 3]]
    return size is not None and size.unit in {"%", "x"} and moved and "to" in leads_on


def _stands_above(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an amount is how far one stands above another: "was 190,000 tons above June's 1.4 million tons"."""
    if not index or tokens[index - 1].low not in group("be") or index + 2 >= len(tokens):
        return False
    after = tokens[index + 1]
    if not after.value or after.kind not in {"move", "base"} or after.form == "noun":
        return False
    other = next((token.number for token in tokens[index + 2 : index + 7] if token.number is not None), None)
    return after.kind == "base" or (
        other is not None and unit_kind(other.unit) == unit_kind(written(tokens[index]).unit)
    )


def _of_them(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a number counts some of the things counted before: "2,358 of them"."""
    after = [token.low for token in tokens[index + 1 : index + 3]]
    return after[:1] == ["of"] and after[1:] in (["them"], ["these"], ["those"])


def _bare(tokens: Sequence[Token], zones: Sequence[bool], index: int) -> Sense:
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and after.kind == "party" and after.form in {"people", "adjective"}:
        return Sense(index, "count")
    if _of_them(tokens, index) and any(
        token.number is not None and unit_kind(token.number.unit) == "count" for token in tokens[:index]
    ):
        return Sense(index, "count")
    if near_cap(tokens, index):
        return Sense(index, "skip", reason="a number without a unit")
    if zones[index] or (index and tokens[index - 1].low == "from"):
        return Sense(index, "base")
    return Sense(index, "level")
