"""Numbers that go on from the one before them: told again, in another currency or unit, of the same flow.

Owns telling them by the words between. What becomes of them is `frames`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.claims.draft import MEASURES, written
from tidewaiter.news.words.numbers import unit_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Draft
    from tidewaiter.news.model import Written
    from tidewaiter.news.words.tokens import Token


def is_told_again(clause: Clause, index: int, number: Written) -> bool:
    """Tell whether a figure only takes up one told before: "the 22.5 million tons were worth ..."."""
    before = clause.segment.tokens[index - 1].low if index else ""
    return before in {"the", "that", "those"} and (number.value, number.unit) in clause.known.figures


def goes_on(tokens: Sequence[Token], position: int, index: int) -> bool:
    """Tell whether a change is told of the figure right before it: "machinery ($31 million, up 4 percent)"."""
    between = [token for token in tokens[:index] if token.start > position]
    return all(
        token.kind in {"word", "mark", "move", "period"} and token.low not in {";", "(", ")", "and"}
        for token in between
    )


def restates(tokens: Sequence[Token], index: int, number: Written) -> bool:
    """Tell whether a number only repeats the one before it in another currency: "yuan ($71 million)"."""
    if index < 2 or tokens[index - 1].low != "(" or tokens[index - 2].kind != "number":
        return False
    earlier = written(tokens[index - 2]).unit
    return earlier != number.unit and unit_kind(earlier) == "money" == unit_kind(number.unit)


def in_other_units(tokens: Sequence[Token], index: int, earlier: Draft) -> bool:
    """Tell whether a level only says the one before it in other units: "6.12 million tons last month, or 1.49 mbd"."""
    if (
        not index
        or tokens[index - 1].low != "or"
        or earlier.number is None
        or earlier.type not in {"flow_value", "total"}
    ):
        return False
    number = written(tokens[index])
    between = [token for token in tokens[: index - 1] if token.start > earlier.position]
    amounts = {unit_kind(earlier.number.unit), unit_kind(number.unit)} <= MEASURES.keys()
    return (
        amounts
        and earlier.number.unit != number.unit
        and all(one.kind in {"mark", "period", "word"} for one in between)
    )


def goes_on_without_a_verb(clause: Clause, index: int) -> bool:
    """Tell whether a second flow has its size but no verb: "exports fell 3 percent and imports from Fiji 1 percent"."""
    tokens, head = clause.segment.tokens, clause.segment.head
    told = any(one.number is not None and one.number.unit == "%" for one in clause.before)
    if head is None or not told or head > index or tokens[head].form != "noun":
        return False
    between = tokens[head + 1 : index]
    bare = all(one.kind == "party" or one.low in {"from", "to", "with", "the", "by"} for one in between)
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    return bare and after != "of" and not any(one.kind in {"move", "base", "share"} for one in tokens[:index])


def is_bracketed_too(clause: Clause, index: int) -> bool:
    """Tell whether a bare percentage is bracketed as a change was before: "$5 (a 3% rise), and imports $9 (2%)"."""
    tokens, before = clause.segment.tokens, clause.before
    if not index or index + 1 >= len(tokens) or tokens[index - 1].low != "(" or tokens[index + 1].low != ")":
        return False
    opened = next((at for at in range(len(before) - 1, -1, -1) if before[at].low == "("), None)
    if opened is None:
        return False
    inside = before[opened : opened + 6]
    sized = any(one.number is not None and one.number.unit == "%" for one in inside)
    return sized and any(one.kind == "move" for one in inside)
