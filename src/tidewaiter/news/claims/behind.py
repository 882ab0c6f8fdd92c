"""The parties behind a preposition ("from Brazil and India", "for Cuba", "there"), and those who are given or served.

Owns the words between a preposition and its parties. What part they play is `parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims.parts import code_of
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known
    from tidewaiter.news.claims.parts import Roles
    from tidewaiter.news.words.tokens import Token


def list_after(tokens: Sequence[Token], index: int, known: Known, subject: str | None) -> list[str]:
    """Collect the parties that follow a preposition: "from Brazil, India and South Africa"."""
    found: list[str] = []
    at = index + 1
    while at < len(tokens):
        token = tokens[at]
        ahead_of = tokens[at + 1 : at + 3]
        ahead_of = ahead_of[1:] if ahead_of and ahead_of[0].low == "of" else ahead_of[:1]
        named = token.form == "neighbour" and bool(ahead_of) and ahead_of[0].kind == "party"
        codes = () if named else code_of(token, known, subject)
        if token.form == "it":
            codes = _it_behind(known) or codes
        if token.form == "state" and not token.owns:
            codes = _country_behind(tokens[:index], known) or codes
        if codes and token.form != "own":
            if token.owns and found:
                break
            found.extend(codes)
            following = tokens[at + 1].low if at + 1 < len(tokens) else ""
            ahead = _next_named(tokens, at + 2)
            figure = ahead is not None and ahead + 1 < len(tokens) and tokens[ahead + 1].kind == "number"
            more = ahead is not None and (not figure or tokens[index].low == "between")
            if following not in {",", "and", "or"} or not (more or following == ","):
                break
            if following == "," and not more:
                break
        elif (
            token.low not in group("links")
            and token.low != ","
            and not named
            and token.kind not in {"rank", "rankobject"}
            and not (token.kind == "word" and "-" in token.low[1:-1] and not token.text[0].isdigit())
        ):
            break  # "with sanctions-hit Venezuela" goes on
        at += 1
    return found


def _next_named(tokens: Sequence[Token], at: int) -> int | None:
    """Find the party that a list goes on with: "and the DPRK", "and its ally Fiji"."""
    if at < len(tokens) and tokens[at].kind in {"party", "pronoun"} and tokens[at].form != "neighbour":
        return at
    for step in range(at, min(at + 7, len(tokens))):
        if tokens[step].kind == "party":
            return step if not tokens[step].owns else None
        if tokens[step].low not in group("links") and tokens[step].form != "neighbour":
            return at if step == at and tokens[at].kind == "pronoun" else None
    return None


def _country_behind(before: Sequence[Token], known: Known) -> tuple[str, ...]:
    """Choose which country "to the country" is: the sentence's partner, the story's where another acts, the last."""
    acting = next((token.code for token in before if token.kind == "party"), None)
    named = [token.code for token in before if token.kind == "party" and not token.owns]
    if len(set(named)) == 2 and any(token.kind == "say" for token in before):
        return (named[0],)  # "Russia said Cuba had bought nothing from the country"
    if known.partner not in {None, acting}:
        return (known.partner or "",)
    if known.home is not None and acting not in {None, known.home}:
        return (known.home,)
    if known.last_partner not in {None, acting}:
        return (known.last_partner or "",)  # "Russia took 40 percent. Sales of brandy to the country"
    spoken = known.flow or known.trade
    return (spoken.partner,) if spoken is not None and spoken.partner not in {None, WORLD} else ()


def _it_behind(known: Known) -> tuple[str, ...]:
    """Choose who "from it" means: the partner of the clause before, else the other side of what was told before."""
    if known.partner is not None:
        return (known.partner,)
    other = known.trade.partner if known.trade is not None else None
    return (other,) if other is not None and other not in {WORLD, known.home} else ()


def after_preposition(  # noqa: C901, PLR0912 - a list of cases, the first that fits
    roles: Roles, tokens: Sequence[Token], index: int, known: Known, subject: str | None, head: int | None
) -> None:
    """Put the parties behind a preposition into the part that it gives them."""
    word = tokens[index].low
    if word in {"from", "to"} and index and tokens[index - 1].low in group("in_part"):
        return  # "arrived, chiefly from Brazil": the amount is of all
    if word == "by" and index and tokens[index - 1].low in group("ranks_before"):
        return  # "followed by Armenia": a peer, who does nothing
    if word == "to" and index and tokens[index - 1].low in group("leads_to_a_cause"):
        return  # "due to restrictions in China": nothing goes there
    inside = _place_in(tokens, index) if word in {"to", "from"} else None
    found = list_after(tokens, inside or index, known, subject)
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
    describes = token is not None and token.form == "adjective"
    adjective = (
        describes and following is not None and not {following.kind, _second(tokens, position)} & {"flow", "share"}
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


def _place_in(tokens: Sequence[Token], index: int) -> int | None:
    """Find the "in" of "to key customers in China", behind which the country stands."""
    at = index + 1
    while at < len(tokens) and at < index + 5 and tokens[at].kind in {"word", "rankobject"} and tokens[at].low != "in":
        at += 1
    told = at > index + 1 and at + 1 < len(tokens) and tokens[at].low == "in" and tokens[at + 1].kind == "party"
    return at if told and tokens[at - 1].low in group("trading_places") else None


def _second(tokens: Sequence[Token], position: int | None) -> str:
    """Tell the kind of the second token behind a party ("of Turkish total imports"), "" where none is."""
    return tokens[position + 2].kind if position is not None and position + 2 < len(tokens) else ""


def counts_countries(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a preposition is followed by countries that are only counted: "to the 15 countries around it"."""
    for token in tokens[index + 1 : index + 5]:
        if token.kind == "number":
            return token.low.split()[-1] in group("counted_places")
        if token.kind != "word":
            return False
    return False


def place_spoken_of(tokens: Sequence[Token], index: int, known: Known) -> str | None:
    """Find where "there" is in "bought $4 billion from China and shipped $2 billion there"."""
    before = tokens[index - 1]
    if before.kind not in {"flow", "number", "goods", "generic"} and before.low not in {"from", "went", "sent"}:
        return None
    if known.partner is not None:
        return known.partner
    return known.flow.partner if known.flow is not None and known.flow.partner != WORLD else None


def for_whom(roles: Roles, tokens: Sequence[Token], index: int, head: int, known: Known, subject: str | None) -> None:
    """Read "sugar shipments for Cuba" as going there, and "a surplus for Thailand" as its own."""
    found = list_after(tokens, index, known, subject)
    before, flow = tokens[index - 1], tokens[head]
    if not found or (index - 1 != head and before.kind != "goods"):
        return
    if flow.value == "balance":
        roles.owner = roles.owner or found[0]
    elif flow.value in {"export", "move"}:
        roles.targets.extend(found)


def where(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find where goods go in "Kazakhstan, where Estonia sold goods for ..."."""
    for at in range(2, head or 0):
        if tokens[at].low == "where" and tokens[at - 1].low == "," and tokens[at - 2].kind == "party":
            exported = tokens[head or 0].value == "export" and tokens[head or 0].form == "verb"
            return tokens[at - 2].code if exported else None
    return None


def given(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find who gets something in "Russia sent Cuba 19,500 tonnes of wheat"."""
    if head is None or head + 2 >= len(tokens) or tokens[head].form != "verb" or tokens[head].value != "export":
        return None
    at = head + 1 + (tokens[head + 1].low == "the" and head + 3 < len(tokens))
    party, after = tokens[at], tokens[at + 1]
    told = after.kind in {"number", "goods", "generic"} or after.low in {"just", "only", "some", "a", "with"}
    return party.code if party.kind == "party" and not party.owns and party.form != "adjective" and told else None


def served(tokens: Sequence[Token]) -> str | None:
    """Find whose supplier somebody is called: "Turkey's second-biggest gas supplier"."""
    for at, token in enumerate(tokens):
        if token.kind == "rankobject" and token.low in {"supplier", "seller", "source"}:
            owners = [other for other in tokens[max(0, at - 5) : at] if other.kind == "party" and other.owns]
            return owners[-1].code if owners else None
    return None


def earner(tokens: Sequence[Token], head: int | None) -> str | None:
    """Find who earns by its exports in "tobacco exports earned Zimbabwe $1 billion"."""
    if head is None or head + 3 >= len(tokens) or tokens[head].value != "export" or tokens[head].form != "noun":
        return None
    earns, party, amount = tokens[head + 1 : head + 4]
    told = earns.low in group("earns") and party.kind == "party" and not party.owns and amount.number is not None
    return party.code if told else None
