"""The parties of a clause by the part they play: owner, from, to, with, by, between, and the subject of its verb.

Owns the prepositions and possessives. Which way the goods went is settled in `flows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims import behind
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
    acting = _subject(tokens, head, known, subject)
    roles.unnamed = acting == _UNNAMED and head is not None and tokens[head].form == "verb"
    roles.subject = (acting or None) if acting == _UNNAMED else acting or _gone_on(tokens, head, known)
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


def _take_owner(
    roles: Roles, tokens: Sequence[Token], at: int, known: Known, subject: str | None, *, goods_between: bool
) -> None:
    token = tokens[at]
    if token.form == "own":
        subject = _last_subject(tokens, at) or _speaker(tokens, at) or subject
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
    if goods_between and not token.owns and token.kind == "party" and known.owner not in {None, codes[0]} and not buys:
        roles.origin = codes[0]
        return
    roles.owner = codes[0]
    roles.owned_by_pronoun = token.kind == "pronoun"


def _opened_in(segment: Segment, head: int | None) -> str | None:
    """Take "In the Philippines, imports were ..." as the imports of that country."""
    tokens = segment.tokens
    at = 2 if len(tokens) > 3 and tokens[1].low == "the" else 1
    if head is None or head <= at + 1 or tokens[0].low != "in" or tokens[head].form != "noun":
        return None
    opened = tokens[at].kind == "party" and not tokens[at].owns and tokens[at + 1].low == ","
    return tokens[at].code if opened and tokens[head].value in {"import", "export"} else None


def _last_subject(tokens: Sequence[Token], at: int) -> str | None:
    """Find who "its" is after a colon or "that": "nobody says that Malta is a hub: its exports"."""
    opened = next((back for back in range(at - 1, 0, -1) if tokens[back].low in {":", "--", "–", "—"}), None)
    if opened is None:
        return None
    named = [
        token
        for index, token in enumerate(tokens[:opened])
        if token.kind == "party"
        and not token.owns
        and token.form != "adjective"
        and not (index and tokens[index - 1].low in group("governs"))
    ]
    return named[-1].code if named else None


_UNNAMED: Final = ""
"""The subject of a clause that somebody acts in whom the story does not name."""


def _speaker(tokens: Sequence[Token], at: int) -> str | None:
    """Find whose "its" is in "Togo's state firm said its shipments rose"."""
    said = next((back for back in range(at - 1, 0, -1) if tokens[back].kind == "say"), None)
    if said is None or at - said > 2:
        return None
    named = {token.code for token in tokens[:said] if token.kind == "party"}
    return named.pop() if len(named) == 1 else None


def _subject(tokens: Sequence[Token], head: int | None, known: Known, subject: str | None) -> str | None:
    limit = head if head is not None else len(tokens)
    chosen = _absolute(tokens, head)
    if chosen is not None:
        return chosen
    for at in range(limit):
        token = tokens[at]
        step = at - 1
        while step > 0 and tokens[step].low in {"the", "a", "its", "their", "mainland", "neighbouring", "neighboring"}:
            step -= 1
        before = tokens[step].low if at else ""
        governed = before in group("governs")
        after = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        participle = head is not None and tokens[head].low.endswith("ing")
        of_noun = head is not None and tokens[head].form != "verb" and token.owns and chosen is not None
        if token.kind == "party" and not governed and not of_noun and not (participle and (chosen or token.owns)):
            if token.owns or token.form not in {"adjective", "name"} or after not in {"goods", "generic"}:
                chosen = token.code if head is not None or chosen is None else chosen
        elif token.kind == "others" and not governed:
            chosen = _UNNAMED
        elif chosen == _UNNAMED and token.form == "it":
            continue
        elif (
            (
                token.kind == "pronoun"
                and token.form in {"it", "state"}
                and not governed
                and not token.low.startswith("th")
            )
            or (token.low == "they" and head is not None and tokens[head].form == "verb")
            or (token.kind == "pronoun" and token.form == "state")
        ):
            chosen = next(iter(code_of(token, known, chosen or subject)), chosen)
            if token.form == "state" and head is not None and tokens[head].form == "verb":
                chosen = _country_meant(tokens, head, known, chosen)
    return chosen


def _absolute(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find who does it in "with Togo and Mali supplying two thirds": whoever stands between "with" and the verb."""
    if head is None or not head or not tokens[head].low.endswith("ing") or tokens[head].form != "verb":
        return None
    at = head - 1
    while at > 0 and (tokens[at].kind == "party" or tokens[at].low in {",", "and", "the"}):
        at -= 1
    acts = at < head - 1 and tokens[at].low == "with" and tokens[head - 1].kind == "party"
    return tokens[head - 1].code if acts and not tokens[head - 1].owns else None


def _country_meant(tokens: Sequence[Token], head: int, known: Known, chosen: str | None) -> str | None:
    """Choose which country "the country" is: one that is on this side of the flow and not named beside it."""
    named = {token.code for token in tokens if token.kind == "party"}
    spoken = {"import": known.flow.importer, "export": known.flow.exporter} if known.flow is not None else {}
    side = spoken.get(tokens[head].value)
    first = (side, chosen) if known.bilateral or known.home is None else (chosen, side)
    return next((code for code in (*first, known.subject, *known.pair) if code and code not in named), chosen)


def origin_of_goods(tokens: Sequence[Token], first: int, last: int | None = None) -> str | None:
    """Find a country named right before goods: "bought $2m of Russian coal", "Chinese goods reached the island"."""
    for before, token, after in zip(
        (None, *tokens[first:last]), tokens[first:last], tokens[first + 1 : last], strict=False
    ):
        made = token.kind == "party" and token.form in {"adjective", "name"} and not token.owns
        if made and after.kind in {"goods", "generic"} and (before is None or before.low not in group("role_links")):
            return token.code
    return None
