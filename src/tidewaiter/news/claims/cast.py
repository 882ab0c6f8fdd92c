"""Who appears in a story, and which two countries it is about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from tidewaiter.codes.areas import WORLD
from tidewaiter.news.claims import flows, segments, sources, whose
from tidewaiter.news.claims.draft import Known
from tidewaiter.news.model import ALL_GOODS
from tidewaiter.news.words import spans
from tidewaiter.news.words.parties import capital_of, fiscal_months, has_own_months, is_group
from tidewaiter.news.words.tables import alternation, group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.news.claims.draft import Trade
    from tidewaiter.news.model import Story
    from tidewaiter.news.words.tokens import Token

_OPENING: Final = 4
"""How many sentences a story takes to say whose figures it tells."""


def in_cast(line: list[Token], text: str) -> list[Token]:
    """Keep "the North" as a party only where a Korea is named in the story, a firm only where it trades."""
    line = [_as_its_country(line, at) if token.form == "firm" else token for at, token in enumerate(line)]
    line = [
        replace(token, kind="word", code="")
        if token.kind == "party" and at + 1 < len(line) and line[at + 1].low in group("coins")
        else token
        for at, token in enumerate(line)
    ]  # "36 billion U.S. dollars"
    line = _without_exclusions(_with_destinations(line))
    if not any(token.form == "compass" for token in line):
        return line
    if re.search(rf"\b(?:{alternation(row['phrase'] for row in rows('korea_evidence'))})", text):
        return line
    return [replace(token, kind="word") if token.form == "compass" else token for token in line]


def _without_exclusions(line: list[Token]) -> list[Token]:
    """Take "excluding those with Togo" for plain words: that trade and its party are left out of the sentence."""
    found: list[Token] = []
    inside = False
    for token in line:
        inside = token.low in group("excludes_partners") or (inside and token.low not in {",", ";", ")"})
        plain = inside and (token.kind == "party" or (token.kind == "flow" and token.value == "again"))
        found.append(replace(token, kind="word", code="", value="") if plain else token)
        inside = inside and token.kind not in {"number", "move"}
    return found


def _with_destinations(line: list[Token]) -> list[Token]:
    """Read "China-bound" as one word that says where goods go, and names no owner."""
    found: list[Token] = []
    for token in line:
        named = found[-2] if len(found) > 1 and found[-1].low == "-" else None
        if token.low == "bound" and named is not None and named.kind == "party" and not named.owns:
            found[-2:] = [replace(named, text=f"{named.text}-bound", end=token.end, kind="word", form="bound")]
        else:
            found.append(token)
    return found


def _as_its_country(line: Sequence[Token], at: int) -> Token:
    """Take a firm for its country where it sells or buys ("Gazprom's exports to ..."), else for a plain word."""
    ahead = list(takewhile(lambda token: token.kind not in {"number", "mark", "say"}, line[at + 1 : at + 5]))
    behind = line[max(0, at - 4) : at]
    given = bool(behind) and behind[-1].low in {"by", "from"} and any(token.kind == "flow" for token in behind)
    trades = given or any(token.kind == "flow" and (line[at].owns or token.form == "verb") for token in ahead)
    return replace(line[at], form="name") if trades else replace(line[at], kind="word", code="")


def evidence_of_korea(story: Story, lexed: Sequence[Sequence[Token]]) -> tuple[str, bool] | None:
    """Say on what evidence "the North" was taken for North Korea, and whether it is weak; None where Korea is named.

    Strong without a name: the Security Council or its resolutions, or the South, beside another hint.
    """
    if not any(token.form == "compass" for line in lexed for token in line):
        return None
    found: dict[str, list[str]] = {}
    for row in rows("korea_evidence"):
        if re.search(rf"\b{re.escape(row['phrase'])}\b", story.text):
            found.setdefault(row["strength"], []).append(row["phrase"])
    if "named" in found:
        return None
    hints = found.get("likely", []) + found.get("pointing", [])
    decisive = found.get("decisive", [])
    weak = not decisive and (not found.get("pointing") or len(hints) < 2)
    return f"the North or the South; the story names {', '.join([*decisive, *hints][:4])}", weak


def begin(story: Story, lexed: Sequence[Sequence[Token]]) -> Known:
    """Count who appears, and take the two who stand out as the story's pair."""
    counts: Counter[str] = Counter()
    for line in lexed:
        counts.update(token.code for token in line if token.kind == "party" and token.code != WORLD)
    order = sorted(counts, key=lambda code: (-counts[code], list(counts).index(code)))
    if len(order) == 1:
        quoted = Counter(
            token.code for line in lexed for token in line if token.form == "source" and token.code not in {"", *order}
        )
        order += [code for code, _ in quoted.most_common(1)]
    pair: tuple[str, ...] = ()
    if len(order) >= 2 and (
        len(order) == 2 or counts[order[2]] * 2 <= counts[order[1]] or counts[order[2]] == 1 < counts[order[1]]
    ):
        pair = tuple(order[:2])
    known = Known(story.published_on, tuple(order), pair=pair, bilateral=bool(pair))
    months = {fiscal_months()[code] for code in order if code in fiscal_months()}
    known.fiscal_from = min(months) if len(months) == 1 else _fiscal_of_the_first(order)
    known.own_months = bool(order) and has_own_months(order[0])
    for line in lexed:
        known.windows.update(_dated_windows(line, known))
    known.owners = frozenset(code for line in lexed for code in _owners(line))
    _take_the_lead(known, lexed, _filed_from(story.text))
    return known


def _take_the_lead(known: Known, lexed: Sequence[Sequence[Token]], filed: str | None) -> None:
    """Learn from how the story opens whose trade it is of, and with whom: its first owner, its first whole flow."""
    named = known.pair
    lead, told, opened = _first_owner(lexed, known)
    if lead is None:
        known.home = known.owner = next(filter(None, map(sources.authority, lexed[:_OPENING])), None)
    alone = len(known.cast) > 2 and not told
    whose = lead or known.home
    if whose is not None and named and (whose not in named or (alone and lead is not None)):
        known.pair, known.bilateral = (), False  # the two named most are only its partners
    for line in lexed:
        trade = _first_flow(line, known)
        if trade is None:
            continue
        known.default = trade
        if filed in {trade.exporter, trade.importer, *trade.pair}:
            known.home = filed
        heads = line is opened or lead is None or trade.partner == WORLD
        heads = heads or (not alone and lead in {trade.owner, trade.partner})
        if heads and trade.owner and trade.partner and not is_group(trade.partner):
            known.pair = (trade.owner, trade.partner)
            known.bilateral = set(known.pair) == set(named)
        break


def _dated_windows(line: Sequence[Token], known: Known) -> dict[int, Period]:
    """Find spans that are dated beside their length: "the war's first six months (March 1-August 31)"."""
    found = {}
    for at in range(len(line) - 2):
        words, inner = line[at].period, line[at + 2].period
        if words is None or inner is None or line[at + 1].low != "(" or inner.kind != "span":
            continue
        dated = spans.resolve(inner, known.now(None))
        if dated is not None and words.months and words.kind in {"unknown", "cited"}:
            found[words.months] = dated
    return found


def _filed_from(text: str) -> str | None:
    """Find whose capital stands in the dateline ("HARARE - China bought ...")."""
    for line in text.split("\n\n")[:2]:
        opened = re.match(r"([A-Z][A-Z'’.-]+(?: [A-Z][A-Z'’.-]+)*?)(?=\.?,?\s*(?:[-–—:(/]|\.\s|\d|[A-Z][a-z]))", line)
        if opened is not None:
            return capital_of(opened[1])
    return None


def _fiscal_of_the_first(order: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    """Take the budget year of the country named most, where two have different ones."""
    return next((fiscal_months()[code] for code in order if code in fiscal_months()), None)


def _owners(line: Sequence[Token]) -> list[str]:
    """List the parties of a sentence that own something, do something, or lend their adjective to it."""
    found = []
    for at, token in enumerate(line):
        step = at - 1
        while step > 0 and line[step].low in {"the", "a", "its"}:
            step -= 1
        governed = at > 0 and line[step].low in group("governs_a_party")
        if token.code and (
            token.owns or token.form in {"adjective", "source"} or not governed or line[step].low == "of"
        ):
            found.append(token.code)
    return found


def _first_owner(lexed: Sequence[Sequence[Token]], known: Known) -> tuple[str | None, bool, Sequence[Token]]:
    """Find whose trade the story opens with ("Uzbekistan's turnover", "Sudan exported"), whoever else it names."""
    for line in lexed:
        for segment in segments.cut(line):
            if segment.head is None:
                continue
            roles = whose.read_roles(segment, known, None, segment.head)
            owner = roles.owner or (roles.subject if segment.tokens[segment.head].form == "verb" else None)
            told = bool(roles.pair or roles.sources or roles.targets or roles.partners or roles.origin)
            if owner is not None and not is_group(owner):
                return owner, told, line
            if told:
                return None, told, line
    return None, False, ()


def _first_flow(line: Sequence[Token], known: Known) -> Trade | None:
    for segment in segments.cut(line):
        if segment.head is None:
            continue
        roles = whose.read_roles(segment, known, None, segment.head)
        trade = flows.settle(segment, roles, known, None, ALL_GOODS)
        if trade and trade.exporter == trade.importer:
            continue
        if trade and trade.kind in {"import", "export"} and trade.exporter and trade.importer and not trade.filled:
            return trade
    return None
