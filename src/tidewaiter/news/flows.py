"""Which way the goods went: from a clause's flow word, its owner and its prepositions to exporter and importer.

Owns the frames for direction and the filling of what a clause leaves out from its sentence, the story's pair
and the flow spoken of before. Each slot filled that way says so; what stays open stays None.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tidewaiter.news import goods as goods_words
from tidewaiter.news.draft import WORLD, Known, Segment, Trade
from tidewaiter.news.model import ALL_GOODS, Goods
from tidewaiter.news.parties import named_pair
from tidewaiter.news.segments import in_noun_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.tokens import Token

_WORLDWIDE = frozenset(["overall", "total", "all", "entire", "global", "foreign", "worldwide", "external", "annual", "combined"])
_BOTH_WAYS = ("bilateral", "two-way", "mutual", "cross-border", "inter-korean", "both")
_LINKS = frozenset(
    (
        "the",
        "a",
        "an",
        "its",
        "and",
        "both",
        "mainland",
        "neighbouring",
        "neighboring",
        "neighbor",
        "neighbour",
        "isolated",
        "countries",
        "like",
        "such",
        "as",
        "major",
        "partner",
        "ally",
        "main",
        "largest",
        "biggest",
        "trading",
        "of",
    )
)


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
        return tuple(code for code in known.pair if code != who)[:1]
    if token.form in {"own", "it", "state"}:
        return (who,) if who else ()
    return ()


def read_roles(segment: Segment, known: Known, subject: str | None, head: int | None) -> Roles:
    """Find who owns the flow and who stands behind from, to, with, between and by."""
    roles = Roles()
    tokens = segment.tokens
    if head is not None:
        _before_head(roles, tokens, head, known, subject)
        if any(word in tokens[head].low for word in _BOTH_WAYS):
            roles.both_ways = True
        if any(word in tokens[head].low.split() for word in _WORLDWIDE):
            roles.worldwide = True
        roles.pair = list(named_pair(tokens[head].text)) or roles.pair
        after = tokens[head + 1].low if head + 1 < len(tokens) else ""
        roles.worldwide = roles.worldwide or after == "overall"
    hidden = _inside_wholes(segment)
    for index, token in enumerate(tokens):
        low = token.low
        if index in hidden:
            continue
        if low == "total" and index and tokens[index - 1].low == "in":
            roles.worldwide = True
        if low in {"from", "to", "into", "with", "by", "between", "of", "among", "on"} and token.kind in {
            "word",
            "and",
        }:
            _after_preposition(roles, tokens, index, known, subject, head)
        elif (token.kind == "flow" and low.endswith(" to") and token.form != "noun") or (token.kind == "flow" and low in {
            "destined for",
            "coming to",
            "going to",
            "destined to",
            "supplies to",
            "brought into",
        }) or (token.kind == "share" and low == "went to"):
            roles.targets.extend(_list_after(tokens, index, known, subject))
        elif token.kind == "share" and low in {"came from", "come from"}:
            roles.sources.extend(_list_after(tokens, index, known, subject))
        elif token.kind == "owe" and index + 2 < len(tokens):
            roles.favours = next(iter(code_of(tokens[index + 2], known, subject)), None)
    roles.subject = _subject(tokens, head, known, subject)
    return roles


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
        elif token.low in _WORLDWIDE:
            roles.worldwide = True
        elif token.low in _BOTH_WAYS:
            roles.both_ways = True
        elif token.kind == "number" and tokens[at - 1].low in {"total", "overall", "whole"} and at > 0:
            roles.worldwide = True
        elif (token.low == "of" and at + 1 < head and tokens[at + 1].kind == "goods") or token.low in {
            "the",
            "a",
            "an",
            "this",
        } or not in_noun_phrase(token):
            return
        at -= 1


def _take_owner(
    roles: Roles, tokens: Sequence[Token], at: int, known: Known, subject: str | None, *, goods_between: bool
) -> None:
    token = tokens[at]
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
    beside = tokens[at + 1].kind == "flow" and (token.form == "adjective" or token.code.startswith("_"))
    governed = (
        at >= 1 and tokens[at - 1].low in {"from", "to", "with", "by", "in", "into"} and not token.owns and not beside
    )
    if governed:
        return
    if goods_between and not token.owns and token.kind == "party" and known.owner not in {None, codes[0]}:
        roles.origin = codes[0]
        return
    roles.owner = codes[0]
    roles.owned_by_pronoun = token.kind == "pronoun"


def _list_after(tokens: Sequence[Token], index: int, known: Known, subject: str | None) -> list[str]:
    """Collect the parties that follow a preposition: "from Brazil, India and South Africa"."""
    found: list[str] = []
    at = index + 1
    while at < len(tokens):
        token = tokens[at]
        codes = code_of(token, known, subject)
        if token.form == "it" and known.partner is not None:
            codes = (known.partner,)
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
        elif token.low not in _LINKS and token.low != ",":
            break
        at += 1
    return found


def _after_preposition(
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
        governed = before in {"from", "to", "with", "by", "in", "into", "of", "between", "on", "for", "than"}
        after = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        if token.kind == "party" and not governed:
            if token.owns or token.form not in {"adjective", "name"} or after not in {"goods", "generic"}:
                chosen = token.code
        elif (
            token.kind == "pronoun"
            and token.form in {"it", "state"}
            and not governed
            and not token.low.startswith("th")
        ) or (token.low == "they" and head is not None and tokens[head].form == "verb") or (token.kind == "pronoun" and token.form == "state"):
            chosen = next(iter(code_of(token, known, chosen or subject)), chosen)
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


def goods_of(segment: Segment, text: str, known: Known, *, heavy: bool) -> Goods:
    """Find the goods of a clause; weights and volumes without goods take the goods spoken of before."""
    tokens, head = segment.tokens, segment.head
    indexes = [index for index, token in enumerate(tokens) if token.kind == "goods"]
    if not indexes:
        return known.last_goods if heavy else ALL_GOODS
    start = indexes[0]
    if head is not None:
        start = min(indexes, key=lambda index: (abs(index - head), index))
        while start - 2 in indexes and tokens[start - 1].low in {"and", ",", "or"}:
            start -= 2
    run = [start]
    at = start
    while True:
        following = [step for step in (1, 2, 3) if at + step in indexes]
        if not following or any(
            tokens[at + between].low not in {",", "and", "or"} for between in range(1, following[0])
        ):
            break
        at += following[0]
        run.append(at)
    return goods_words.union([tokens[index].goods or ALL_GOODS for index in run], text)


def settle(segment: Segment, roles: Roles, known: Known, earlier: Trade | None, named: Goods) -> Trade | None:
    """Fill the frame of the segment's head to a canonical trade."""
    assert segment.head is not None
    head = segment.tokens[segment.head]
    before = segment.tokens[segment.head - 1].low if segment.head else ""
    if before in {"these", "those", "such"} and known.trade is not None and head.form == "noun":
        return replace(known.flow or known.trade, filled=(("trade", "paragraph"),))
    model = known.flow or known.default
    if head.kind == "rankobject" and model is not None and head.low.rstrip("s") in {"importer", "exporter"}:
        # "the largest importers were Germany (...)": the owners are the countries that follow.
        side = "import" if head.low.startswith("import") else "export"
        if not (roles.sources or roles.targets or roles.origin):
            named = named if named.text else model.goods
            return Trade(
                side, model.exporter if side == "import" else None, model.importer if side == "export" else None,
                goods=named, filled=(("trade", "paragraph"),),
            )  # fmt: skip
    kind = (
        head.value
        if head.kind == "flow"
        else next((name for name in ("import", "export") if name in head.low), "total")
    )
    if kind == "total" and (roles.targets or roles.sources) and not (roles.pair or roles.partners or roles.owner):
        return _settle_export(segment, head, roles, known, earlier, named)
    if kind == "move" and not (roles.sources or roles.targets) and segment.wholes:
        kind = segment.tokens[segment.wholes[0]].value
        kind = kind if kind in {"import", "export"} else "move"
        roles.worldwide = roles.worldwide or _whole_is_worldwide(segment)
    if not (roles.sources or roles.targets or roles.partners) and _whole_is_worldwide(segment):
        roles.worldwide = True
    if named.text is not None and named.text.casefold() == "goods and services" and not roles.partners:
        roles.worldwide = True
    if kind in {"total", "balance"}:
        return _settle_pair(head, kind, roles, known, earlier, named)
    if kind == "import":
        return _settle_import(segment, head, roles, known, earlier, named)
    if kind == "pass" or (kind == "move" and not (roles.owner or roles.sources or roles.targets or roles.by)):
        return _settle_passive(head, roles, known, earlier, named)
    return _settle_export(segment, head, roles, known, earlier, named)


def _whole_is_worldwide(segment: Segment) -> bool:
    """Tell whether a share is of all trade ("40 percent of its total exports"), whoever the partner."""
    return any(
        token.low in {"total", "overall", "all"}
        or (token.kind == "flow" and token.low.startswith(("total", "overall", "foreign")))
        for whole in segment.wholes
        for token in segment.tokens[max(0, whole - 3) : whole + 1]
    )


def fill_partner(owner: str | None, known: Known, earlier: Trade | None, roles: Roles) -> tuple[str | None, str]:
    """Choose the partner of a flow that names none: the sentence's, the world's, or the story's other party."""
    if roles.worldwide:
        return WORLD, ""
    if earlier is not None and earlier.owner == owner and earlier.partner and not roles.worldwide:
        return earlier.partner, "sentence"
    if known.world_said:
        return WORLD, "story"
    if known.flow is not None and known.flow.owner == owner and known.flow.partner:
        return known.flow.partner, "paragraph"
    other = [code for code in known.pair if code != owner]
    usual = known.bilateral or (known.default is not None and known.default.owner == owner)
    if len(known.pair) == 2 and len(other) == 1 and other[0] in known.seen and usual:
        return other[0], "pair"
    model = known.flow or known.default
    if model is not None:
        few = known.bilateral or len(known.cast) <= 3 or model.owner == owner
        other = [
            code
            for code in (model.importer, model.exporter)
            if few and code is not None and code != owner and code in known.seen
        ]
        if len(other) == 1 or (other and owner is not None and model.owner != owner):
            return other[0], "story"
    return None, ""


def _counterpart(code: str | None, known: Known) -> str | None:
    if len(known.pair) == 2 and code in known.pair:
        return next(other for other in known.pair if other != code)
    return known.owner if known.owner != code else None


def _is_adjective(segment: Segment) -> bool:
    """Tell whether the verb only describes goods, as in "of imported soybeans"."""
    at = segment.head or 0
    before, after = (
        segment.tokens[at - 1] if at else None,
        segment.tokens[at + 1] if at + 1 < len(segment.tokens) else None,
    )
    return (
        before is not None
        and after is not None
        and before.low in {"of", "the", "all", "total"}
        and after.kind in {"goods", "generic"}
    )


def _settle_import(
    segment: Segment, head: Token, roles: Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    filled: list[tuple[str, str]] = []
    is_verb = head.form == "verb" and not _is_adjective(segment)
    origin = roles.origin or (origin_of_goods(segment.tokens, segment.head or 0) if is_verb else None)
    exporter = one(roles.sources) or origin
    importer = (roles.subject if is_verb else roles.owner) or one(roles.by) or (roles.owner if is_verb else None)
    importer = importer or one([code for code in roles.targets if code != exporter])
    if not is_verb and importer is None and roles.subject not in {None, exporter} and not roles.of:
        importer = roles.subject
    if not is_verb and importer is None and roles.of and one(roles.of) and exporter is None:
        importer = one(roles.of)
    if importer is None:
        importer = _counterpart(exporter, known) if exporter else (known.owner or known.subject)
        filled.append(("importer", "pair" if exporter else "paragraph"))
    if exporter == importer and origin is None:
        exporter = None
    if exporter is None:
        if len(set(roles.sources)) > 1:
            return Trade(
                "import", None, importer, owner=importer, goods=named, filled=tuple(filled), unresolved=("exporter",)
            )
        exporter, source = fill_partner(importer, known, earlier, roles)
        if source:
            filled.append(("exporter", source))
    return Trade("import", exporter, importer, owner=importer, goods=named, filled=tuple(filled))


def _settle_export(
    segment: Segment, head: Token, roles: Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    filled: list[tuple[str, str]] = []
    is_verb = head.form == "verb"
    importer = one(roles.targets)
    exporter = (roles.subject if is_verb else roles.owner) or one(roles.sources) or one(roles.by) or roles.origin
    exporter = exporter or (roles.owner if is_verb else None)
    if exporter is None and not roles.sources and roles.subject not in {None, importer}:
        exporter = roles.subject
    if exporter is None and len(set(roles.sources)) > 1:
        return Trade("export", None, importer, owner=None, goods=named, unresolved=("exporter",))
    if exporter is None:
        exporter = _counterpart(importer, known) if importer else (known.owner or known.subject)
        if exporter == importer:
            exporter = None
        filled.append(("exporter", "pair" if importer else "paragraph"))
    if importer is None and len(set(roles.targets)) > 1:
        return Trade(
            "export", exporter, None, owner=exporter, goods=named, filled=tuple(filled), unresolved=("importer",)
        )
    if importer is None:
        if (
            is_verb
            and known.flow is not None
            and known.flow.owner != exporter
            and known.flow.kind == "import"
            and not known.world_said
        ):
            importer, source = known.flow.owner, "paragraph"
        else:
            importer, source = fill_partner(exporter, known, earlier, roles)
        if source:
            filled.append(("importer", source))
    return Trade("export", exporter, importer, owner=exporter, goods=named, filled=tuple(filled))


def _settle_passive(head: Token, roles: Roles, known: Known, earlier: Trade | None, named: Goods) -> Trade | None:
    exporter, importer = one(roles.sources) or roles.origin or one(roles.by), one(roles.targets) or roles.owner
    model = earlier or known.flow or known.default
    kind = (
        model.kind if model is not None and model.kind in {"import", "export"} else ("import" if exporter else "export")
    )
    if exporter is None and importer is None:
        if model is None:
            return None
        if roles.worldwide or (known.world_said and earlier is None):
            model = replace(model, exporter=WORLD) if model.kind == "import" else replace(model, importer=WORLD)
        return replace(model, goods=named, filled=(("exporter", "paragraph"), ("importer", "paragraph")))
    filled: list[tuple[str, str]] = []
    if importer is None:
        importer = _counterpart(exporter, known)
        filled.append(("importer", "pair"))
    if exporter is None and not roles.sources:
        exporter = _counterpart(importer, known)
        filled.append(("exporter", "pair"))
    owner = importer if kind == "import" else exporter
    return Trade(kind, exporter, importer, owner=owner, goods=named, filled=tuple(filled))


def _settle_pair(
    head: Token, kind: str, roles: Roles, known: Known, earlier: Trade | None, named: Goods
) -> Trade | None:
    direction = None
    if kind == "balance":
        negative = any(word in head.low for word in ("deficit", "shortfall", "gap", "negative"))
        direction = "down" if negative else "up"
    filled: list[tuple[str, str]] = []
    pair = [*roles.pair]
    if not pair and len(roles.of) == 2:
        pair = list(roles.of)
    owner = (
        roles.owner
        or (one(roles.of) if not pair else None)
        or (roles.subject if head.form == "verb" or kind == "balance" else None)
    )
    partner = one([code for code in roles.partners if code != owner])
    if not pair and head.form == "verb" and len(roles.partners) == 0 and roles.subject:
        owner = None
        pair = list(known.pair)
    if not pair and owner and partner:
        pair = [owner, partner]
    if not pair and partner:
        owner = _counterpart(partner, known)
        pair = [owner, partner] if owner else [partner]
        filled.append(("parties", "pair"))
    if not pair and (roles.both_ways or (owner is None and not roles.worldwide and not known.world_said)):
        pair = list(known.pair)
        filled.append(("parties", "pair"))
    if roles.favours:
        owner, direction = roles.favours, "up"
        pair = list(known.pair) if roles.favours in known.pair else pair
    if not pair:
        owner = owner or (known.owner or known.subject)
        partner, source = (WORLD, "") if owner and kind == "total" else fill_partner(owner, known, earlier, roles)
        pair = [code for code in (owner, partner) if code]
        filled.append(("parties", source or "clause"))
    if kind == "balance":
        owner = owner if owner in pair else (known.owner if known.owner in pair else pair[0] if pair else None)
        pair = [code for code in (owner, *(other for other in pair if other != owner)) if code]
    else:
        owner = owner if owner in pair else (known.owner if known.owner in pair else pair[0] if pair else None)
    if not pair:
        return None
    return Trade(kind, None, None, tuple(pair), owner, named, direction, tuple(filled))  # type: ignore[arg-type]
