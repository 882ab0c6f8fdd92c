"""The parties of a clause by the part they play: owner, from, to, with, by, between.

Owns the prepositions and possessives. Who acts is `subject`'s, which way the goods went is settled in `flows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import behind
from tidewaiter.news.claims import subject as subjects
from tidewaiter.news.claims.parts import Roles, code_of
from tidewaiter.news.claims.segments import in_noun_phrase
from tidewaiter.news.words.parties import named_pair
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.words.tokens import Token


def read_roles(segment: Segment, known: Known, subject: str | None, head: int | None) -> Roles:  # noqa: C901, PLR0912 - a list of cases, the first that fits
    """Find who owns the flow and who stands behind from, to, with, between and by."""
    roles = Roles()
    tokens = segment.tokens
    if head is not None:
        _before_head(roles, tokens, head, known, subject)
        if any(word in tokens[head].low for word in group("both_ways")):
            roles.both_ways = True
        if any(word in tokens[head].low.split() for word in group("worldwide")):
            roles.worldwide = True
        roles.pair = list(named_pair(tokens[head].text)) or roles.pair
        after = tokens[head + 1].low if head + 1 < len(tokens) else ""
        roles.worldwide = roles.worldwide or after == "overall"
    roles.owner = roles.owner or _opened_in(segment, head) or behind.earner(tokens, head)
    roles.worldwide = roles.worldwide or _is_of_all(tokens, known)
    hidden = _inside_wholes(segment)
    for index, token in enumerate(tokens):
        low = token.low
        if index in hidden:
            continue
        if token.form == "bound":
            roles.targets.append(token.code)
            continue
        last = index + 1 == len(tokens) or tokens[index + 1].low not in {"value", "worth", "volume"}
        if low == "total" and index and tokens[index - 1].low == "in" and last:
            roles.worldwide = True
        if low == "total" and head == index - 2 and tokens[head].form == "verb" and tokens[index - 1].low == "a":
            roles.worldwide = True  # "imported a total 11 tons"
        if low in group("role_prepositions") and token.kind in {
            "word",
            "and",
        }:
            behind.after_preposition(roles, tokens, index, known, subject, head)
        elif (
            (token.kind == "flow" and low.endswith(" to") and token.form != "noun")
            or (
                token.kind == "flow"
                and low
                in {
                    "destined for",
                    "coming to",
                    "going to",
                    "destined to",
                    "supplies to",
                    "brought into",
                }
            )
            or (token.kind == "share" and token.value == "to")
            or token.form == "arrival"
        ):
            roles.targets.extend(behind.list_after(tokens, index, known, subject))
        elif low in group("everywhere") and head is not None and index > head:
            roles.worldwide = True
        elif low == "there" and index and not roles.targets and (place := behind.place_spoken_of(tokens, index, known)):
            (roles.sources if tokens[index - 1].low == "from" else roles.targets).append(place)
        elif low == "for" and index and head is not None:
            behind.for_whom(roles, tokens, index, head, known, subject)
        elif token.kind == "share" and token.value == "from":
            roles.sources.extend(behind.list_after(tokens, index, known, subject))
        elif token.kind == "owe" and index and tokens[index - 1].owns:
            roles.favours = next(iter(code_of(tokens[index - 1], known, subject)), None)
        elif token.kind == "owe" and index + 2 < len(tokens):
            roles.favours = next(iter(code_of(tokens[index + 2], known, subject)), None)
    _take_subject(roles, tokens, head, known, subject)
    _take_receiver(roles, tokens, head)
    return roles


def _is_of_all(tokens: Sequence[Token], known: Known) -> bool:
    """Tell whether a sentence opens with "overall", and speaks not just of all goods between the story's two."""
    if len(tokens) < 3 or tokens[0].low not in group("all_told"):
        return False
    of_two = known.bilateral and known.flow is not None and known.flow.goods.text is None
    goods = any(token.kind == "goods" for token in tokens)
    return (tokens[1].low == "," or tokens[1].kind == "party") and (goods or not of_two)


def _take_subject(roles: Roles, tokens: Sequence[Token], head: int | None, known: Known, subject: str | None) -> None:
    acting = subjects.of_clause(tokens, head, known, subject)
    roles.unnamed = acting == subjects.UNNAMED and head is not None and tokens[head].form == "verb"
    roles.subject = (acting or None) if acting == subjects.UNNAMED else acting or _gone_on(tokens, head, known)
    roles.owner = None if roles.unnamed else roles.owner
    roles.owner_of_rank = _owner_of_rank(tokens, known)


def _take_receiver(roles: Roles, tokens: Sequence[Token], head: int | None) -> None:
    """Take as target whom the clause names as receiver without "to"."""
    place, *others = behind.where(tokens, head), behind.given(tokens, head), behind.served(tokens)
    named = place or next((code for code in others if code not in {None, roles.subject}), None)
    if named is not None and not roles.targets:
        roles.targets.append(named)


def _gone_on(tokens: Sequence[Token], head: int | None, known: Known) -> str | None:
    """Take the sentence's actor for a verb that opens its clause: "... and supplied 36 percent of its imports"."""
    if head is None or tokens[head].form != "verb" or tokens[head].low.endswith("ing"):
        return None
    return known.actor if all(token.low in group("goes_on") for token in tokens[:head]) else None


def _owner_of_rank(tokens: Sequence[Token], known: Known) -> str | None:
    for at, token in enumerate(tokens):
        if token.kind == "rankobject":
            owners = [other for other in tokens[max(0, at - 5) : at] if other.owns]
            codes = code_of(owners[-1], known, None) if owners else ()
            return codes[0] if len(codes) == 1 else None
    return None


def _inside_wholes(segment: Segment) -> set[int]:
    """Find the tokens after a whole ("89% of imports from the bloc") that say nothing of the clause's own trade."""
    hidden: set[int] = set()
    if segment.head is None:
        return hidden
    for whole in segment.wholes:
        if whole < segment.head:
            continue
        for index in range(whole, len(segment.tokens)):
            if segment.tokens[index].low in {",", ";", ")"} or segment.tokens[index].kind in {"move", "number", "and"}:
                break
            hidden.add(index)
    return hidden


def _before_head(roles: Roles, tokens: Sequence[Token], head: int, known: Known, subject: str | None) -> None:
    goods_between = False
    at = head - 1
    while at >= 0:
        token = tokens[at]
        if token.kind == "party" and goods_between and at and not token.owns and tokens[at - 1].owns:
            roles.origin = token.code  # "India's Russian oil imports"
        elif token.kind in {"party", "pronoun"}:
            _take_owner(roles, tokens, at, known, subject, goods_between=goods_between)
            return
        if token.kind == "goods":
            goods_between = True
        elif token.low in {",", "and"} and at > 0 and tokens[at - 1].kind == "goods" and goods_between:
            pass
        elif token.low in group("worldwide"):
            roles.worldwide = True
        elif token.low in group("both_ways"):
            roles.both_ways = True
        elif token.kind == "number" and tokens[at - 1].low in {"total", "overall", "whole"} and at > 0:
            roles.worldwide = True
        elif (
            (token.low == "of" and at + 1 < head and tokens[at + 1].kind == "goods")
            or token.low
            in {
                "the",
                "a",
                "an",
                "this",
            }
            or not in_noun_phrase(token)
        ):
            return
        at -= 1


def _take_owner(  # noqa: PLR0911 - a list of cases, the first that fits
    roles: Roles, tokens: Sequence[Token], at: int, known: Known, subject: str | None, *, goods_between: bool
) -> None:
    token = tokens[at]
    if token.form == "own":
        spoken = subjects.last_subject(tokens, at) or subjects.speaker(tokens, at)
        subject = spoken or subjects.named_before(tokens, at) or subject
    if at and tokens[at - 1].low in group("of_all"):
        roles.worldwide = True  # "Total Russian exports"
    codes = code_of(token, known, subject)
    if not codes:
        return
    hyphen = at >= 2 and tokens[at - 1].low in {"-", "–", "—", "and", "/"} and tokens[at - 2].kind == "party"
    if hyphen and tokens[at - 1].low != "and":
        roles.pair = [tokens[at - 2].code, *codes]
        return
    if len(codes) == 2:
        roles.pair = list(codes)
        return
    beside = token.form == "adjective" or (tokens[at + 1].kind == "flow" and token.code.startswith("_"))
    governed = (
        at >= 1 and tokens[at - 1].low in {"from", "to", "with", "by", "in", "into"} and not token.owns and not beside
    )
    if governed:
        return
    buys = known.flow is not None and known.flow.importer == codes[0]
    head_imports = any(one.kind == "flow" and one.value == "import" for one in tokens[at + 1 : at + 4])
    sells = known.flow is not None and known.flow.exporter == codes[0] and known.flow.importer not in {None, WORLD}
    if goods_between and token.form == "adjective" and sells and head_imports:
        roles.origin = codes[0]  # "Russian oil imports", told of who buys it
        return
    if goods_between and not token.owns and token.kind == "party" and known.owner not in {None, codes[0]} and not buys:
        roles.origin = codes[0]
        return
    raises = _who_raises(tokens, at) if goods_between and token.form == "adjective" else None
    if raises not in {None, codes[0]} and tokens[at + 1].kind == "goods":
        roles.owner, roles.origin = raises, codes[0]  # "Togo has increased Fijian sugar imports"
        return
    roles.owner = codes[0]
    roles.owned_by_pronoun = token.kind == "pronoun"


def _who_raises(tokens: Sequence[Token], at: int) -> str | None:
    """Find who raised or cut what is named at `at`: the one party before the verb right in front of it."""
    if at < 2 or tokens[at - 1].kind != "move" or tokens[at - 1].form != "verb":
        return None
    named = [one for one in tokens[: at - 1] if one.kind == "party"]
    return named[0].code if len(named) == 1 and not named[0].owns and named[0].form != "adjective" else None


def _opened_in(segment: Segment, head: int | None) -> str | None:
    """Take "In the Philippines, imports were ..." as the imports of that country."""
    tokens = segment.tokens
    at = 2 if len(tokens) > 3 and tokens[1].low == "the" else 1
    if head is None or head <= at + 1 or tokens[0].low != "in" or tokens[head].form != "noun":
        return None
    opened = tokens[at].kind == "party" and not tokens[at].owns and tokens[at + 1].low == ","
    return tokens[at].code if opened and tokens[head].value in {"import", "export"} else None
