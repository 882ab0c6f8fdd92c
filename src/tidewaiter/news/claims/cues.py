"""Claims that need no written amount: rankings, records, compositions, trends, streaks and zeros.

Owns the cue words of these and nothing of numbers or periods.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from tidewaiter.news.claims import composition
from tidewaiter.news.claims.draft import period_words
from tidewaiter.news.claims.drafting import new_draft
from tidewaiter.news.claims.matter import nontrade
from tidewaiter.news.claims.records import read_firsts, read_records
from tidewaiter.news.claims.when import period_of_number
from tidewaiter.news.model import Written
from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import group, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.claims.clause import Clause
    from tidewaiter.news.claims.draft import Draft, Trade
    from tidewaiter.news.words.tokens import Token


def read(clause: Clause, text: str) -> None:
    """Add the clause's claims that stand on cue words."""
    _rankings(clause)
    read_records(clause)
    read_firsts(clause)
    composed = composition.read(clause, text)
    _zero(clause)
    streak = _streak(clause, text)
    if not composed and not streak:
        _trend(clause)


def rank_at(tokens: Sequence[Token], index: int) -> int | None:  # noqa: PLR0911 - a list of cases, the first that fits
    """Read the rank that begins at `index`: "largest", "second-biggest", "12th biggest", "third after"."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.kind == "rank":
        return int(token.value)
    numbered = grammar.ORDINAL.fullmatch(token.low)
    if numbered and after is not None and after.kind == "rank":
        return int(numbered[1])
    if after is not None and after.low in group("place_nouns"):
        return int(numbered[1]) if numbered else _ordinal_words().get(token.low)
    ranking = index >= 1 and tokens[index - 1].low in {"ranking", "placing"}
    if ranking or (
        index >= 2 and tokens[index - 1].low in group("places") and tokens[index - 2].kind in {"party", "goods"}
    ):
        return _ordinal_words().get(token.low)
    placed = index >= 1 and tokens[index - 1].low in group("be") and index >= 2 and tokens[index - 2].kind == "party"
    gapped = (
        index >= 1 and tokens[index - 1].kind == "party" and any(one.low in group("places") for one in tokens[:index])
    )
    article = index >= 3 and tokens[index - 1].low == "the" and tokens[index - 2].kind in {"party", "goods"}
    gapped = gapped or (article and any(one.kind == "rank" for one in tokens[: index - 2]))
    placed = placed or gapped
    if after is not None and placed and after.low in {"with", "at", "on", "in", "among"}:
        return _ordinal_words().get(token.low)
    agents = group("sellers") | group("buyers") | group("seller_words") | group("buyer_words")
    named = after is not None and after.kind == "rankobject" and after.low in agents
    if named and any(one.low in group("be") for one in tokens[max(0, index - 2) : index]):
        return _ordinal_words().get(token.low)
    if after is not None and (after.low in {"after", "behind", "only"} or after.kind == "rank"):
        return _ordinal_words().get(token.low)
    return None


@cache
def _ordinal_words() -> dict[str, int]:
    return {row["phrase"]: int(row["value"]) for row in rows("numerals") if row["kind"] == "ordinal"}


def _rankings(clause: Clause) -> None:
    tokens = clause.segment.tokens
    skip_next = False
    for index, token in enumerate(tokens):
        rank = rank_at(tokens, index)
        if rank is None or skip_next:
            skip_next = False
            continue
        skip_next = token.kind != "rank" and index + 1 < len(tokens) and tokens[index + 1].kind == "rank"
        if _only_describes(tokens, index):
            continue
        if rank == 1 and _ranks_a_list(clause, index):
            continue
        if not _ranks_something(tokens, index, after=tokens[index + 1].low if index + 1 < len(tokens) else ""):
            continue
        draft = new_draft(clause, "ranking", token, _ranked_trade(clause, index))
        _note_side(clause, draft, index)
        draft.rank = rank
        draft.among = " ".join(other.text for other in tokens[index : index + 4])
        _runners_up(clause, draft, index)


def _runners_up(clause: Clause, first: Draft, index: int) -> None:
    """Rank those who come after: "Togo was the largest buyer, followed by Malta and Fiji"."""
    tokens = clause.segment.tokens
    at = next((at for at in range(index, len(tokens) - 2) if tokens[at].low in group("followed")), None)
    if at is None or tokens[at + 1].low != "by" or any(one.kind == "number" for one in tokens[index:]):
        return
    ranked = next((one.code for one in reversed(tokens[:index]) if one.kind == "party" and not one.owns), None)
    sides = [side for side in ("exporter", "importer") if ranked is not None and getattr(first.trade, side) == ranked]
    paired = first.trade.kind == "total" and ranked in first.trade.pair
    if not (sides or paired) or first.rank is None:
        return
    after = next((one for one in tokens[at + 2 :] if one.kind != "party" and one.low not in {",", "and", "the"}), None)
    stop = after.start if after is not None else tokens[-1].end
    for step, token in enumerate((one for one in tokens[at + 2 :] if one.kind == "party" and one.start < stop), 1):
        side = sides[0] if sides else None
        trade = first.trade.with_side(side, token.code) if side else first.trade.with_partner(token.code)  # type: ignore[arg-type]
        draft = new_draft(clause, "ranking", token, trade)
        draft.rank, draft.period = first.rank + step, first.period
        draft.among = first.among


def _note_side(clause: Clause, draft: Draft, index: int) -> None:
    """Remember on which side the ranked country stands."""
    subject = next((token for token in clause.segment.tokens[:index] if token.kind == "party" and not token.owns), None)
    if subject is None:
        return
    if subject.code == draft.trade.exporter:
        clause.known.ranked_side = "exporter"
    elif subject.code == draft.trade.importer:
        clause.known.ranked_side = "importer"


def _only_describes(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a rank only describes a country by the way ("from its main trading partner")."""
    before = [token.low for token in tokens[max(0, index - 2) : index]]
    return bool(before) and before[-1] in {"its", "their", "the"} and before[0] in {"from", "with", "to"}


def _ranks_a_list(clause: Clause, index: int) -> bool:
    """Rank the goods of a list that each have a figure: "the top items were A, $5 million, and B, $3 million"."""
    tokens = clause.segment.tokens
    named = any(
        token.low in {"items", "products", "goods", "exports", "imports"} for token in tokens[index + 1 : index + 3]
    )
    listed = [draft for draft in clause.drafts if draft.type == "flow_value" and draft.position > tokens[index].start]
    if not named or len(listed) < 2 or len({draft.trade.goods.text for draft in listed}) < len(listed):
        return False
    for rank, value in enumerate(listed, 1):
        at = next(token for token in tokens if token.start == value.position)
        draft = new_draft(clause, "ranking", at, value.trade)
        draft.rank, draft.level = rank, value
    return True


def _ranks_something(tokens: Sequence[Token], index: int, after: str) -> bool:
    if after in {"after", "behind", "with", "at", "on", "only", "in", "among"} | group("place_nouns") or (
        index >= 2 and tokens[index - 1].low in group("places")
    ):
        return True
    for token in tokens[index + 1 : index + 7]:
        plural = (
            token.low in {"exports", "imports"}
            or token.kind == "generic"
            or (token.kind == "rankobject" and token.low.endswith("s"))
        )
        if tokens[index].form == "list":
            return token.low in group("plural_ranks") or token.kind in {"flow", "rankobject"}
        # "the world's second-largest economy" ranks no trade
        if token.low in group("plural_ranks") | group("other_ranked") or (
            plural and tokens[index].low in {"main", "leading", "top", "principal", "primary"}
        ):
            return False
        if token.kind in {"rankobject", "flow"} or (token.kind == "share" and token.low in {"portion", "share"}):
            return True
        if token.low in {",", ";", "(", "in", "to", "by"} or token.kind in {"number", "move"} or token.low == "margin":
            return False
    return False


def _ranked_trade(clause: Clause, index: int) -> Trade:
    """Put the subject of "China was the top destination" in the partner's place, unless it already trades there."""
    tokens = clause.segment.tokens
    subject = next((token for token in tokens[:index] if token.kind == "party" and not token.owns), None)
    back = index - 1
    while back > 0 and (tokens[back].low == "the" or tokens[back].low in group("places")):
        back -= 1
    if index and tokens[back].kind == "party" and tokens[index].kind == "word" and not tokens[back].owns:
        subject = tokens[back]  # "and France third with", "Malta the second with", "Togo came second with"
        side = clause.known.ranked_side
        if side is not None and clause.trade.kind in {"import", "export"}:
            return clause.trade.with_side(side, subject.code)
    if subject is not None:
        named = subject.code in {clause.trade.exporter, clause.trade.importer, *clause.trade.pair}
        return clause.trade if named else clause.trade.with_partner(subject.code)
    for at in range(index + 1, len(clause.segment.tokens) - 1):
        token, after = clause.segment.tokens[at], clause.segment.tokens[at + 1]
        if token.low in {"was", "is", "were", "remained", "became"} and after.kind == "party" and not after.owns:
            taken = {clause.trade.exporter, clause.trade.importer, *clause.trade.pair}
            return clause.trade if after.code in taken else clause.trade.with_partner(after.code)
        if token.kind == "number" or token.low in {",", ";"}:
            break
    return clause.trade


def _zero(clause: Clause) -> None:
    tokens, head = clause.segment.tokens, clause.segment.head
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        named = (
            token.low == "no"
            and after is not None
            and (after.kind in {"goods", "party", "generic"} or (after.kind == "flow" and after.form == "noun"))
            and (head is not None or after.kind == "flow")
        )
        unsaid = token.low == "nothing" and (index == 0 or tokens[index - 1].kind != "flow")
        told = token.kind == "zero" and head is not None and not unsaid
        if any(one.low in group("irreal") for one in tokens[:index]):
            continue  # "should have been zero"
        if _did_not(tokens, index) or (told and not any(other.low == "figure" for other in tokens)) or named:
            for said, trade in _none_of_several(clause, index) or ((token, clause.trade),):
                draft = new_draft(clause, "zero", said, trade)
                draft.period = period_of_number(clause, index) or draft.period
                one = Fraction(1)
                draft.number = Written(said.text, (said.start, said.end), Fraction(0), "", one, one)
            return


def _none_of_several(clause: Clause, index: int) -> tuple[tuple[Token, Trade], ...]:
    """Read "no Fijian or Maltese shipments were recorded" as nothing from either, to whom the story told of last."""
    near = clause.segment.tokens[index + 1 : index + 5]
    if [one.kind for one in near[::2]] != ["party", "party"] or near[1].low not in {"or", "nor", "and"}:
        return ()
    if near[3].kind != "flow" or near[3].value not in {"move", "export"}:
        return ()
    makers = (near[0].code, near[2].code)
    flow = clause.known.flow
    buyer = next((one for one in (clause.trade.importer, flow.importer if flow else None) if one not in makers), None)
    bought = replace(clause.trade, importer=buyer)
    return tuple((one, bought.with_side("exporter", one.code)) for one in (near[0], near[2]))


def _did_not(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a verb says that no trade took place: "did not export any coal", not "did not import as much"."""
    token = tokens[index]
    if not token.negated or token.kind != "flow":
        return False
    measured = any(other.kind == "number" or other.low in {"as", "more", "less"} for other in tokens[index + 1 :])
    unsure = any(other.kind == "plan" for other in tokens[max(0, index - 3) : index])
    return not measured and not unsure


def _unit_of_run(match: re.Match[str]) -> str:
    """Return the step a streak is counted in: an annual fall is one of years."""
    word = (match["unit"] or match["unit2"]).casefold()
    return next((row["value"] for row in rows("numerals") if row["kind"] == "step" and row["phrase"] == word), word)


def _streak(clause: Clause, text: str) -> bool:
    tokens = clause.segment.tokens
    match = grammar.STREAK.search(text, tokens[0].start, tokens[-1].end)
    if match is None:
        return False
    ordinals = {row["phrase"]: int(row["value"]) for row in rows("numerals") if row["kind"] in {"ordinal", "cardinal"}}
    nth = (match["nth"] or match["nth2"]).casefold()
    numbered = grammar.ORDINAL.fullmatch(nth) or re.fullmatch(r"(\d+)", nth)
    run = int(numbered[1]) if numbered else ordinals.get(nth)
    if run is None:
        return False
    at = next((token for token in tokens if token.start >= match.start()), tokens[-1])
    ranked = next((draft for draft in clause.drafts if draft.type == "ranking"), None)
    if ranked is not None and not any(token.kind in {"move", "stop"} for token in tokens):
        # "the biggest supplier for the fifth month in a row": the place lasts, nothing rose or fell.
        ranked.run, ranked.run_unit = run, _unit_of_run(match)  # type: ignore[assignment]
        return True
    draft = new_draft(clause, "trend", at)
    draft.run, draft.run_unit = run, _unit_of_run(match)  # type: ignore[assignment]
    moves = [token for token in tokens if token.kind == "move" and token.value]
    near = min(moves, key=lambda token: abs(token.start - match.end()), default=None)
    draft.direction = near.value if near else None  # type: ignore[assignment]
    return True


def _last_mark(tokens: Sequence[Token], index: int) -> int:
    """Return where the part of the clause before `index` begins: behind its last comma."""
    return max((one.start for one in tokens[:index] if one.low in {",", ";", ":"}), default=-1)


def _trend(clause: Clause) -> None:
    tokens = clause.segment.tokens
    if any(draft.type in {"change", "share", "quota", "forecast", "record"} for draft in clause.drafts):
        return
    runs = any(token.kind == "period" and period_words(token).kind in {"run", "recent"} for token in tokens)
    bases = any(draft.period_from == "base" for draft in clause.drafts)
    for index, token in enumerate(tokens):
        resumed = token.kind == "stop"
        moved = token.kind == "move" and token.form == "verb" and token.low not in {"recovered", "added", "boosted"}
        if not (moved or resumed) or (bases and not runs):
            continue
        if clause.segment.head is None and not clause.segment.wholes and tokens[0].low != "but":
            continue
        if any(one.low in nontrade("matter") for one in tokens[:index] if one.start > _last_mark(tokens, index)):
            continue  # "prices of its exports tumbled"
        before = tokens[index - 1].low if index else ""
        if resumed and any(other.low in group("subordinates") for other in tokens[max(0, index - 4) : index]):
            continue
        if before in {"to", "could", "would", "should", "may", "might", "will"}:
            continue
        if (
            clause.drafts
            and not runs
            and not resumed
            and not any(other.kind == "move" and other.form in {"noun", "verb"} for other in tokens[index + 1 :])
            and "inched" not in token.low
            and "edged" not in token.low
            and token.value != "flat"
        ):
            continue
        draft = new_draft(clause, "trend", token)
        draft.direction = ("up" if token.low.startswith(("resum", "restart")) else "down") if resumed else token.value  # type: ignore[assignment]
        if {one.value for one in tokens if one.kind == "move"} >= {"up", "down"}:
            # "the fall comes after a huge rise in 2017": which of the two the date is of, nobody says for certain.
            draft.trade = replace(draft.trade, unresolved=(*draft.trade.unresolved, "direction"))
        return
