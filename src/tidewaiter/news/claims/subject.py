"""Who acts in a clause: the subject of its verb, whom its pronouns stand for there, and whose goods it speaks of.

Owns finding one party among those before the head. Prepositions and possessives are `whose`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.news.claims.parts import code_of
from tidewaiter.news.words.tables import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.draft import Known, Segment
    from tidewaiter.news.words.tokens import Token

UNNAMED: Final = ""
"""The subject of a clause that somebody acts in whom the story does not name."""


def last_subject(tokens: Sequence[Token], at: int) -> str | None:
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


def speaker(tokens: Sequence[Token], at: int) -> str | None:
    """Find whose "its" is in "Togo's state firm said its shipments rose"."""
    said = next((back for back in range(at - 1, 0, -1) if tokens[back].kind == "say"), None)
    if said is None or at - said > 2:
        return None
    named = {token.code for token in tokens[:said] if token.kind == "party"}
    return named.pop() if len(named) == 1 else None


def antecedent(line: Sequence[Token], segment: Segment) -> str | None:
    """Find whom "which" stands for at the head of a clause: "surpassing China, which shipped $427 billion"."""
    if segment.tokens[0].low != "which":
        return None
    before = [token for token in line if token.end <= segment.tokens[0].start and token.low != ","]
    named = before[-1] if before else None
    return named.code if named is not None and named.kind == "party" and not named.owns else None


def named_before(tokens: Sequence[Token], at: int) -> str | None:
    """Find whose "its" is in "Algeria cut its purchases": the only one who is named and governed by nothing."""
    named = {
        token.code
        for index, token in enumerate(tokens[:at])
        if token.kind == "party"
        and not token.owns
        and token.form not in {"adjective", "people"}
        and not (index and tokens[index - 1].low in group("governs"))
    }
    return named.pop() if len(named) == 1 else None


def of_clause(  # noqa: C901 - a list of cases, the first that fits
    tokens: Sequence[Token], head: int | None, known: Known, subject: str | None
) -> str | None:
    """Find who does what the clause tells, by name or pronoun; `UNNAMED` where it is somebody whom nobody names."""
    limit = head if head is not None else len(tokens)
    chosen = _absolute(tokens, head) or known.antecedent
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
        if chosen is not None and _only_describes(tokens, at, limit):
            continue
        of_noun = head is not None and tokens[head].form != "verb" and token.owns and chosen is not None
        if token.kind == "party" and not governed and not of_noun and not (participle and (chosen or token.owns)):
            if token.owns or token.form not in {"adjective", "name"} or after not in {"goods", "generic"}:
                chosen = token.code if head is not None or chosen is None else chosen
        elif token.kind == "others" and not governed:
            chosen = UNNAMED
        elif chosen == UNNAMED and token.form == "it":
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


def _only_describes(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Tell whether an owner only stands in words between commas: "Iran, Turkey's neighbour, sold ..."."""
    opens = tokens[at].owns and at > 1 and tokens[at - 1].low == "," and tokens[at - 2].kind == "party"
    return opens and any(one.low == "," for one in tokens[at + 1 : limit])


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
