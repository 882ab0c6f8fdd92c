"""The parties of a clause by the part they play: owner, from, to, with, by, between, and the subject of its verb.

Owns the prepositions and possessives. Which way the goods went is settled in `flows`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims.segments import in_noun_phrase
from tidewaiter.news.words.parties import named_pair
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.words.tokens import Token


@dataclass(slots=True)
class Roles:
    """The parties of a clause by the part they play."""

    owner: str | None = None
    origin: str | None = None
    subject: str | None = None
    by: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    of: list[str] = field(default_factory=list)
    worldwide: bool = False
    both_ways: bool = False
    owned_by_pronoun: bool = False
    favours: str | None = None
    owner_of_rank: str | None = None
    """Whose partner a ranking speaks of: "the country's fifth-largest partner"."""
    stranger: bool = False
    """Whether a place that no table knows stands where the partner would."""


def one(codes: Sequence[str]) -> str | None:
    """Return the only code of a list, or None where there are several or none."""
    return codes[0] if len(set(codes)) == 1 else None


def code_of(token: Token, known: Known, subject: str | None) -> tuple[str, ...]:
    """Return the codes a party or pronoun stands for in this story."""
    if token.kind == "party":
        return (token.code,)
    if token.kind != "pronoun":
        return ()
    who = subject or known.subject or known.owner
    if token.form == "two":
        return known.pair
    if token.form == "neighbour":
        return tuple(code for code in known.pair if who is not None and code != who)[:1]
    if token.form == "state" and subject is None and known.owner is not None:
        who = known.home if token.owns and known.home and not known.bilateral else known.owner
    if token.form in {"own", "it", "state"}:
        return (who,) if who else ()
    return ()


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
    hidden = _inside_wholes(segment)
    for index, token in enumerate(tokens):
        low = token.low
        if index in hidden:
            continue
        last = index + 1 == len(tokens) or tokens[index + 1].low not in {"value", "worth", "volume"}
        if low == "total" and index and tokens[index - 1].low == "in" and last:
            roles.worldwide = True
        if low in group("role_prepositions") and token.kind in {
            "word",
            "and",
        }:
            _after_preposition(roles, tokens, index, known, subject, head)
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
            roles.targets.extend(_list_after(tokens, index, known, subject))
        elif token.kind == "share" and token.value == "from":
            roles.sources.extend(_list_after(tokens, index, known, subject))
        elif token.kind == "owe" and index and tokens[index - 1].owns:
            roles.favours = next(iter(code_of(tokens[index - 1], known, subject)), None)
        elif token.kind == "owe" and index + 2 < len(tokens):
            roles.favours = next(iter(code_of(tokens[index + 2], known, subject)), None)
    roles.subject = _subject(tokens, head, known, subject) or _gone_on(tokens, head, known)
    roles.owner_of_rank = _owner_of_rank(tokens, known)
    where = _where(tokens, head)
    if where is not None and not roles.targets:
        roles.targets.append(where)
    given = _given(tokens, head)
    if given is not None and not roles.targets and given != roles.subject:
        roles.targets.append(given)
    served = _served(tokens)
    if served is not None and not roles.targets and served != roles.subject:
        roles.targets.append(served)
    return roles


def _where(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find where goods go in "Kazakhstan, where Estonia sold goods for ..."."""
    for at in range(2, head or 0):
        if tokens[at].low == "where" and tokens[at - 1].low == "," and tokens[at - 2].kind == "party":
            exported = tokens[head or 0].value == "export" and tokens[head or 0].form == "verb"
            return tokens[at - 2].code if exported else None
    return None


def _given(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find who gets something in "Russia sent Cuba 19,500 tonnes of wheat"."""
    if head is None or head + 2 >= len(tokens) or tokens[head].form != "verb" or tokens[head].value != "export":
        return None
    at = head + 1 + (tokens[head + 1].low == "the" and head + 3 < len(tokens))
    party, after = tokens[at], tokens[at + 1]
    told = after.kind in {"number", "goods", "generic"} or after.low in {"just", "only", "some", "a", "with"}
    return party.code if party.kind == "party" and not party.owns and party.form != "adjective" and told else None


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


def _served(tokens: Sequence[Token]) -> str | None:
    """Find whose supplier somebody is called: "Turkey's second-biggest gas supplier"."""
    for at, token in enumerate(tokens):
        if token.kind == "rankobject" and token.low in {"supplier", "seller", "source"}:
            owners = [other for other in tokens[max(0, at - 5) : at] if other.kind == "party" and other.owns]
            return owners[-1].code if owners else None
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
        if token.kind in {"party", "pronoun"}:
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
        subject = _last_subject(tokens, at) or subject
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


def _list_after(tokens: Sequence[Token], index: int, known: Known, subject: str | None) -> list[str]:
    """Collect the parties that follow a preposition: "from Brazil, India and South Africa"."""
    found: list[str] = []
    at = index + 1
    while at < len(tokens):
        token = tokens[at]
        codes = code_of(token, known, subject)
        if token.form == "it" and known.partner is not None:
            codes = (known.partner,)
        if (
            token.form == "state"
            and not token.owns
            and (spoken := known.flow or known.trade) is not None
            and spoken.partner not in {None, WORLD}
        ):
            codes = (known.partner or spoken.partner or "",)
        if codes and token.form != "own":
            if token.owns and found:
                break
            found.extend(codes)
            following = tokens[at + 1].low if at + 1 < len(tokens) else ""
            more = at + 2 < len(tokens) and tokens[at + 2].kind in {"party", "pronoun"}
            if following not in {",", "and", "or"} or not (more or following == ","):
                break
            if following == "," and not more:
                break
        elif (
            token.low not in group("links")
            and token.low != ","
            and token.kind not in {"rank", "rankobject"}
            and not (token.kind == "word" and "-" in token.low[1:-1] and not token.text[0].isdigit())
        ):
            break  # "with sanctions-hit Venezuela" goes on
        at += 1
    return found


def _after_preposition(  # noqa: C901 - a list of cases, the first that fits
    roles: Roles, tokens: Sequence[Token], index: int, known: Known, subject: str | None, head: int | None
) -> None:
    word = tokens[index].low
    found = _list_after(tokens, index, known, subject)
    if not found:
        return
    position = next(
        (
            at
            for at in range(index + 1, len(tokens))
            if tokens[at].kind in {"party", "pronoun"} and tokens[at].form != "own"
        ),
        None,
    )
    token = tokens[position] if position is not None else None
    if token is not None and token.owns and head is not None and position is not None and position < head:
        return
    following = tokens[position + 1] if position is not None and position + 1 < len(tokens) else None
    adjective = (
        token is not None
        and token.form == "adjective"
        and following is not None
        and following.kind in {"goods", "generic"}
    )
    if word == "from" and following is not None and following.low in group("materials"):
        return
    if word == "of":
        if adjective:
            roles.origin = roles.origin or found[0]
        else:
            roles.of.extend(found)
    elif word == "from":
        roles.sources.extend(found)
    elif word in {"to", "into"}:
        roles.targets.extend(found)
    elif word == "with":
        roles.partners.extend(found)
    elif word == "by":
        roles.by.extend(found)
    elif word in {"between", "among"}:
        roles.pair = found
    elif word == "on" and "dependence" in (tokens[index - 1].low if index else ""):
        roles.partners.extend(found)


def _subject(tokens: Sequence[Token], head: int | None, known: Known, subject: str | None) -> str | None:
    limit = head if head is not None else len(tokens)
    chosen: str | None = None
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
                chosen = token.code
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
            if token.form == "state" and head is not None and tokens[head].form == "verb" and known.flow is not None:
                sides = {"import": known.flow.importer, "export": known.flow.exporter}
                side = sides.get(tokens[head].value)
                chosen = side if side and all(other.code != side for other in tokens) else chosen
    return chosen


def origin_of_goods(tokens: Sequence[Token], head: int) -> str | None:
    """Find a country named before the goods after the verb: "bought $2m of Russian coal"."""
    for at in range(head + 1, len(tokens) - 1):
        token = tokens[at]
        if (
            token.kind == "party"
            and token.form in {"adjective", "name"}
            and not token.owns
            and tokens[at + 1].kind in {"goods", "generic"}
        ):
            if tokens[at - 1].low in {"to", "from", "with"}:
                continue
            return token.code
    return None
