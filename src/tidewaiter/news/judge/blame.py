"""Move a conflict to the figure that needs a look, where a sum was only its victim.

A total that its parts do not make is in conflict; if one digit of a part would mend that and another conflict too,
the part is what needs a look. So is the one figure among them that nothing else in the story bears out. Owns these
moves; changes and shares keep theirs, for there the size is the claim.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.news.judge.arithmetic import Arithmetic, judge
from tidewaiter.news.judge.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.news.judge.findings import Finding
    from tidewaiter.news.judge.relation import Relation
    from tidewaiter.news.judge.repair import Repair
    from tidewaiter.news.model import Span

_SEVERAL: Final = 2
_SUMS: Final = frozenset({"sum", "balance", "restates"})
_BEARS_OUT: Final = frozenset({"change", "difference", "share", "sum", "balance"})


def moved(findings: Sequence[Finding], linked: Sequence[Relation] = ()) -> list[Finding]:
    """Return the findings with each such conflict moved from the sum to the figure that would mend it.

    `linked` are the relations of the whole story, which say what else bears a figure out.
    """
    found = _moved_to_the_weakest(list(findings), linked)
    at = {
        one.claim.number.span: place
        for place, one in enumerate(found)
        if one.claim.number is not None and one.claim.type in LEVELS
    }
    for place, finding in enumerate(found):
        slip = _slip_of_another(finding)
        culprit = at.get(slip.span) if slip is not None else None
        if slip is None or culprit is None or found[culprit].arithmetic.verdict == "arithmetic_error":
            continue
        wrong = finding.arithmetic
        words = f"“{slip.text}” does not fit {slip.mends} other figures. {slip.sentence}"
        freed = f"Its parts do not make it, but one slip among them would. {slip.sentence}"
        accused = _with(found[culprit], replace(wrong, explanation=words, implied=None, nominal=None), (slip,))
        found[culprit] = replace(accused, steps=(*finding.steps[:1], *found[culprit].steps))
        found[place] = _with(finding, Arithmetic("not_checkable", freed, wrong.relation), ())
    return found


def _moved_to_the_weakest(found: list[Finding], linked: Sequence[Relation]) -> list[Finding]:
    """Move a sum's conflict to its one figure that nothing else bears out, where all the others are borne out."""
    at = {
        one.claim.number.span: place
        for place, one in enumerate(found)
        if one.claim.number is not None and one.claim.type in LEVELS
    }
    conflicts = [place for place, one in enumerate(found) if _is_of_sum(one)]
    fitting = [one for one in linked if one.kind in _BEARS_OUT and one.target.number is not None] if conflicts else []
    borne_out = {span for one in fitting if judge(one).verdict == "consistent" for span in _spans(one)}
    for place in conflicts:
        finding = found[place]
        relation = finding.arithmetic.relation
        assert relation is not None
        weak = [span for span in dict.fromkeys(_spans(relation)) if span not in borne_out]
        culprit = at.get(weak[0]) if len(weak) == 1 else None
        if culprit is None or culprit == place or found[culprit].arithmetic.verdict == "arithmetic_error":
            continue
        number = found[culprit].claim.number
        assert number is not None
        words = f"{finding.arithmetic.explanation} Of these only “{number.text}” is borne out by nothing else here."
        freed = f"Its parts do not make it, but the rest of the story bears it out, and not “{number.text}”."
        mends = tuple(one for one in finding.repairs if one.span == number.span)
        accused = replace(finding.arithmetic, explanation=words, implied=None, nominal=None)
        found[culprit] = _with(found[culprit], accused, mends)
        found[place] = _with(finding, Arithmetic("not_checkable", freed, relation), ())
    return found


def _is_of_sum(finding: Finding) -> bool:
    relation = finding.arithmetic.relation
    is_error = finding.arithmetic.verdict == "arithmetic_error" and finding.claim.number is not None
    return is_error and relation is not None and relation.kind in {"sum", "balance"}


def _spans(relation: Relation) -> list[Span]:
    """Return the places of the figures of a relation, the target's first."""
    assert relation.target.number is not None
    return [relation.target.number.span, *(term.span for term in (*relation.top, *relation.bottom))]


def _slip_of_another(finding: Finding) -> Repair | None:
    """Return the best repair of a sum's conflict if it is a slip in another figure that mends several conflicts."""
    relation, number = finding.arithmetic.relation, finding.claim.number
    if finding.arithmetic.verdict != "arithmetic_error" or relation is None or relation.kind not in _SUMS:
        return None
    best = finding.repairs[0] if finding.repairs else None
    if best is None or number is None or best.kind != "digits" or best.mends < _SEVERAL or best.span == number.span:
        return None
    return best


def _with(finding: Finding, arithmetic: Arithmetic, repairs: tuple[Repair, ...]) -> Finding:
    said = finding.explanation
    is_error = arithmetic.verdict == "arithmetic_error"
    verdict = "Arithmetic error; " if is_error else ""
    tail = said.verdict.removeprefix("Arithmetic error; ")
    words = verdict + tail if not is_error else f"{verdict}{tail[0].lower()}{tail[1:]}"
    old = finding.arithmetic.explanation
    sentence = said.sentence.replace(old, arithmetic.explanation) if old in said.sentence else said.sentence
    if arithmetic.explanation not in sentence:
        sentence = f"{arithmetic.explanation} {sentence}"
    explanation = replace(
        said, verdict=f"{words[0].upper()}{words[1:]}", sentence=sentence,
        working=tuple(one for one in said.working if one not in {each.sentence for each in finding.repairs}),
    )  # fmt: skip
    flags = tuple(dict.fromkeys((*arithmetic.flags, *finding.data.flags, *finding.comparison.flags)))
    return replace(
        finding, arithmetic=arithmetic, repairs=repairs, explanation=explanation, flags=flags,
        severity="material" if is_error else finding.data.severity,
    )  # fmt: skip
