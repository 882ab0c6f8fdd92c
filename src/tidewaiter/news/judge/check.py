"""Check a story claim by claim: against itself, for like periods, against the data.

Pure and deterministic: the claims come in, the data are reached through the `ask` handed in, a report
goes out. Owns the order of the checks and nothing of their rules.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge import blame, comparability, explain, readings, reconciled, repair
from tidewaiter.news.judge.arithmetic import NOTHING_LINKED, Arithmetic, judge
from tidewaiter.news.judge.currencies import FLAG as RATIO_DIFFERS
from tidewaiter.news.judge.currencies import odd_ratios
from tidewaiter.news.judge.findings import Finding, Report
from tidewaiter.news.judge.grading import Told
from tidewaiter.news.judge.links import relations
from tidewaiter.news.judge.notified import by_notification, towards_cap
from tidewaiter.news.judge.pace import beyond_year
from tidewaiter.news.judge.placing import names_others
from tidewaiter.news.judge.questions import is_rolling
from tidewaiter.news.judge.questions import readings as readings_of
from tidewaiter.news.judge.ratios import style_words
from tidewaiter.news.judge.remarks import FIGURES_DIFFER, differing
from tidewaiter.news.judge.sanctions import notes_on
from tidewaiter.news.judge.severity import severity
from tidewaiter.news.judge.steps import steps_of
from tidewaiter.news.model import Leftover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.law.ledger import Ledger
    from tidewaiter.news.judge.relation import Relation
    from tidewaiter.news.judge.sanctions import Law
    from tidewaiter.news.model import Claim, Extraction

__all__ = ["Report", "check"]

MOST_CLAIMS: Final = 400
"""No article makes more; a table or a hostile page does. Every claim may bear on every other."""


def check(
    extraction: Extraction,
    ask: Callable[[Query], Answer | Refusal],
    law: Law | None = None,
    ledgers: Sequence[Ledger] = (),
) -> Report:
    """Check every claim of a story and return the report, in the order of the text.

    The same question is asked once, however many claims lead to it. `law` tells which measures cover the
    goods of a claim; they are noted beside it and change no verdict. `ledgers` hold what was notified under
    the caps among them: printed figures, for what the data do not tell.
    """
    asked = _remember(ask)
    in_order = sorted(extraction.claims, key=_place)
    claims = extraction.claims if len(in_order) <= MOST_CLAIMS else tuple(in_order[:MOST_CLAIMS])
    beyond = tuple(
        Leftover(claim.quote, claim.span, f"beyond the first {MOST_CLAIMS} claims; check the rest in parts")
        for claim in in_order[MOST_CLAIMS:]
    )
    quoted = " ".join(name for claim in claims for name in claim.attribution).casefold()
    rolling = frozenset(claim.period for claim in claims if claim.period is not None and is_rolling(claim))
    told = Told(extraction.story, quoted, rolling)
    linked = relations(claims)
    targets: dict[str, list[Relation]] = defaultdict(list)
    for relation in linked:
        targets[relation.target.id].append(relation)
    remarks = {RATIO_DIFFERS: odd_ratios(claims), FIGURES_DIFFER: differing(claims)}
    findings = []
    conflicts = 0
    for claim in in_order[:MOST_CLAIMS]:
        near = linked if conflicts < repair.SEARCHED else ()
        notes = notes_on(claim, law)
        data = reconciled.beside(readings.hold(claim, told, asked), claim, told, asked)
        data = beyond_year(claim, data, told, asked)
        sold = towards_cap(claim, claims)
        of_cap = by_notification(sold, data, told, notes if sold is claim else notes_on(sold, law), ledgers)
        if of_cap is not data:
            claim, data = sold, of_cap  # noqa: PLW2901 - the cap has settled who bought
        finding = _finding(claim, claims, near, targets[claim.id], _dated(_placed(data, claim, claims), told), asked)
        conflicts += finding.arithmetic.verdict == "arithmetic_error"
        flags = (*finding.flags, *(flag for flag, ids in remarks.items() if claim.id in ids))
        findings.append(replace(finding, flags=flags, sanctions=notes))
    return Report(extraction.story, tuple(blame.moved(findings, linked)), (*extraction.leftovers, *beyond))


def _place(claim: Claim) -> tuple[int, int, str]:
    return (*claim.span, claim.id)


def _remember(ask: Callable[[Query], Answer | Refusal]) -> Callable[[Query], Answer | Refusal]:
    known: dict[Query, Answer | Refusal] = {}

    def asked(query: Query) -> Answer | Refusal:
        if query not in known:
            known[query] = readings.answered(query, ask)
        return known[query]

    return asked


def _finding(
    claim: Claim,
    claims: Sequence[Claim],
    linked: Sequence[Relation],
    own: Sequence[Relation],
    data: readings.DataFinding,
    ask: Callable[[Query], Answer | Refusal],
) -> Finding:
    arithmetic = _arithmetic(own)
    data = _of_another_book(data, arithmetic)
    tried = readings_of(claim)
    question = tried[0].query if tried and claim.type == "change" else None
    comparison = comparability.compare(claim, arithmetic.relation, question, data.answer, ask)
    mends: tuple[repair.Repair, ...] = ()
    if linked and arithmetic.verdict == "arithmetic_error" and arithmetic.relation is not None:
        mends = repair.repairs(arithmetic.relation, linked, claims)
    flags = tuple(dict.fromkeys((*arithmetic.flags, *comparison.flags, *data.flags, *_style(claim, arithmetic))))
    worst = severity(arithmetic.discrepancy, arithmetic.flags) if arithmetic.verdict == "arithmetic_error" else None
    return Finding(
        claim=claim,
        arithmetic=arithmetic,
        comparison=comparison,
        data=data,
        repairs=mends,
        flags=flags,
        severity=worst or data.severity,
        explanation=explain.explain(claim, arithmetic, comparison, data, mends),
        steps=steps_of(claim, arithmetic, data),
    )


def _of_another_book(data: readings.DataFinding, arithmetic: Arithmetic) -> readings.DataFinding:
    """Let no figure be contradicted that fits the story's own and lies within twice the data: other books, no slip."""
    chosen = data.chosen
    telling = set(data.flags) - {"stale_vintage"}
    if data.verdict != "contradicted" or telling or arithmetic.verdict != "consistent" or chosen is None:
        return data
    if chosen.gap is None or chosen.gap >= 1 or data.severity == "qualitative":
        return data
    words = f"{data.sentence} The story's own figures agree among themselves: it may rest on other books."
    return replace(data, verdict="ambiguous", reason="sources_differ", sentence=words, severity=None)


def _arithmetic(own: Sequence[Relation]) -> Arithmetic:
    """Judge every relation that a claim is the target of; the first conflict counts, else the first that fits."""
    judged = [judge(relation) for relation in own]
    ranked = sorted(judged, key=lambda one: ("arithmetic_error", "consistent", "not_checkable").index(one.verdict))
    return ranked[0] if ranked else NOTHING_LINKED


def _placed(data: readings.DataFinding, claim: Claim, claims: Sequence[Claim]) -> readings.DataFinding:
    """Let no claim be contradicted whose parties come from elsewhere while its own sentence names others."""
    if data.verdict != "contradicted" or not names_others(claim, claims):
        return data
    words = f"The parties are taken from elsewhere, and its own sentence names others. {data.sentence}"
    return replace(data, verdict="ambiguous", reason="unresolved", sentence=words, severity=None, flags=())


def _dated(data: readings.DataFinding, told: Told) -> readings.DataFinding:
    """Flag rows that are of a later day than the story, which may have known them otherwise."""
    day, chosen = told.story.published_on, data.chosen
    if day is None or chosen is None or chosen.answer.rank != 1:
        return data
    is_later = any(row.vintage > day for row in chosen.answer.evidence)
    return replace(data, flags=(*data.flags, "stale_vintage")) if is_later else data


def _style(claim: Claim, arithmetic: Arithmetic) -> tuple[str, ...]:
    """Flag a verb that oversells or undersells: "soared" for less than 10 %, "inched up" for more."""
    if claim.type != "change":
        return ()
    size = arithmetic.nominal / 100 if arithmetic.nominal is not None else None
    if claim.number is not None and claim.number.unit == "%":
        size = claim.number.value / 100
    elif claim.number is not None:
        return ()
    if size is None:
        return ()
    flags = []
    for word in style_words(claim.quote):
        assert word.limit is not None
        if word.kind == "strong" and abs(size) < word.limit:
            flags.append("strong_verb")
        if word.kind == "weak" and abs(size) > word.limit:
            flags.append("weak_verb")
    return tuple(flags)
