"""Measure the whole checker on hand-annotated stories (JSON lines), with simpler checkers beside it.

    python benchmarks/stories/evaluate.py GOLD.jsonl --home LAKE [--accusations] [--bootstrap N] [--no-baselines]

Printed: extraction by family (see score.py); the story against itself; claims in error found; false accusations
per 100 right claims; abstention and coverage; all with intervals from drawing stories anew. A claim counts as
accused when it is marked as a conflict; as in error when the gold says that the story's own figures break it
(`internally_consistent` false) or that other sources do (`contradicted_elsewhere`). Where one of two figures
must be wrong the gold may name either: an error counts as found when the conflict is on the claim, counts with its
figure, or is on the same figure elsewhere. A relation is seen when the claim's figure takes part in one that was
tested; that a part is not more than its whole does not count. An accusation of a claim that the gold does not have counts as false.
`--accusations` prints each accusation with the gold's opinion, to be read by a person.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import gold as annotated
import score

from tidewaiter import pipeline
from tidewaiter.base.errors import TidewaiterError
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query, Refusal
from tidewaiter.codes import areas
from tidewaiter.codes.exchange_rates import per_dollar
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.judge import check as judge
from tidewaiter.news.judge import intervals
from tidewaiter.news.judge.arithmetic import judge as tested
from tidewaiter.news.judge.links import relations
from tidewaiter.news.judge.money import is_money
from tidewaiter.news.words.article import read_story
from tidewaiter.pipeline.law import cap_ledgers, measures_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tidewaiter.news.judge.findings import Finding, Report
    from tidewaiter.news.judge.relation import Relation
    from tidewaiter.news.model import Claim, Extraction

    Ask = Callable[[Query], Answer | Refusal]

LEAST_ERROR = 0.02
"""Errors of the story against itself below this are listed and not asked for."""
FROM_AFAR = ("sentence", "paragraph", "headline", "pair", "story")
REASONS = {"nontrade": "not_a_trade_statistic", "no period": "no_period", "no rate": "no_exchange_rate"}


@dataclass
class Counts:
    """What is counted in one story; stories are added up, and drawn anew for the intervals."""

    numbers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


def day_of(story: dict[str, Any]) -> date | None:
    text = story.get("date") or ""
    if len(text) == 10:
        return date.fromisoformat(text)
    return date(int(text[:4]), int(text[5:7] or 12), 28) if text else None


def matched(gold: list[dict[str, Any]], findings: list[Finding]) -> list[tuple[dict[str, Any], Finding | None]]:
    """Pair each gold claim with the finding of the same family, sentence and number, the best slots first."""
    wanted = [(claim, score.gold_claim(claim)) for claim in gold]
    have = [(finding, score.our_claim(finding.claim)) for finding in findings if not finding.claim.in_headline]
    pairs: dict[int, Finding] = {}
    for step in ("same", "other"):
        for place, (_, want) in enumerate(wanted):
            families = (want.family,) if step == "same" else score.ALSO.get(want.family, ())
            fits = [
                (finding, said)
                for finding, said in have
                if place not in pairs
                and not said.used
                and said.family in families
                and score.near_sentence(want, said)
                and score.same_number(want, said)
            ]
            if fits:
                finding, said = min(
                    fits, key=lambda one: (len(score.slots_wrong(want, one[1])), score.apart(want, one[1]))
                )
                said.used = True
                pairs[place] = finding
    return [(claim, pairs.get(place)) for place, (claim, _) in enumerate(wanted)]


def is_error(claim: dict[str, Any]) -> bool:
    return claim.get("internally_consistent") is False or bool(claim.get("contradicted_elsewhere"))


def spans_of(relation: Relation) -> Iterator[tuple[int, int]]:
    """Yield the places of every figure in a relation."""
    if relation.target.number is not None:
        yield relation.target.number.span
    for term in (*relation.top, *relation.bottom):
        yield term.span
        if term.over is not None and term.over.number is not None:
            yield term.over.number.span


def size_of_error(claim: dict[str, Any]) -> float:
    value, computed = claim.get("value"), claim.get("computed")
    if not isinstance(value, int | float) or not isinstance(computed, int | float) or not computed:
        return 1.0
    return abs(value - computed) / abs(computed)


def judged(story: dict[str, Any], report: Report) -> Counts:
    """Count one story's findings against its gold claims."""
    counts = Counts()
    add = counts.numbers
    pairs = matched(story["claims"], list(report.findings))
    implicated = {
        span
        for finding in report.findings
        if finding.arithmetic.verdict == "arithmetic_error" and finding.arithmetic.relation is not None
        for span in spans_of(finding.arithmetic.relation)
    }
    linked = {
        span
        for relation in relations([one.claim for one in report.findings])
        if relation.kind != "parts" and tested(relation).verdict != "not_checkable"
        for span in spans_of(relation)
    }
    slips = {
        abs(gold["value"]) for gold in story["claims"] if is_error(gold) and isinstance(gold["value"], int | float)
    }
    known = {id(finding) for _, finding in pairs if finding is not None}
    for gold, finding in pairs:
        wrong = is_error(gold)
        add["gold"] += 1
        add["gold errors" if wrong else "gold right"] += 1
        accused = finding is not None and finding.mark == "conflict"
        if accused and not wrong and finding.claim.number is not None:
            wrong = float(abs(finding.claim.number.value)) in slips  # the same slip, annotated once
        number = finding.claim.number if finding is not None else None
        found = accused or (number is not None and number.span in implicated)
        if wrong and number is not None:
            found = found or any(
                one.mark == "conflict" and one.claim.number is not None and one.claim.number.value == number.value
                for one in report.findings
            )
        add["errors found"] += wrong and found
        add["accused right" if not wrong else "accused wrong"] += accused
        if accused:
            counts.lines.append(_line(story, finding, "an error" if wrong else "RIGHT"))
        elif wrong and not found:
            counts.lines.append(f"{story['id']}: missed: {gold['type']} {gold['value']} {gold.get('note', '')[:90]}")
        _arithmetic(add, gold, finding, found=found, seen=number is not None and number.span in linked)
        _abstention(counts, gold, finding)
    for finding in report.findings:
        if id(finding) not in known and finding.mark == "conflict":
            add["accused unknown"] += 1
            counts.lines.append(_line(story, finding, "not in the gold"))
    add["claims"] += len(report.findings)
    for finding in report.findings:
        add["decided"] += finding.data.verdict.startswith("supported") or finding.data.verdict == "contradicted"
        add["like or not"] += finding.comparison.verdict != "unknown"
        counts.reasons[finding.data.reason or finding.data.verdict] += 1
    return counts


def _arithmetic(add: Counter[str], gold: dict[str, Any], finding: Finding | None, *, found: bool, seen: bool) -> None:
    consistent = gold.get("internally_consistent")
    if consistent is None:
        return
    verdict = finding.arithmetic.verdict if finding is not None else "not_checkable"
    add["linked"] += 1
    add["linked seen"] += verdict != "not_checkable" or found or seen
    add["linked accused"] += verdict == "arithmetic_error"
    add["linked accused wrong"] += verdict == "arithmetic_error" and not consistent
    if not consistent and size_of_error(gold) >= LEAST_ERROR:
        add["large errors"] += 1
        add["large errors found"] += found


def has_no_rate(gold: dict[str, Any]) -> bool:
    """Tell whether a level is in money other than dollars for which no rate of its period is held."""
    unit, span = gold.get("unit") or "", gold.get("period")
    if not is_money(unit) or unit == "USD":
        return False
    months = "/".join(day[:7] for day in span.split("/")) if span else None
    return months is None or per_dollar(unit, Period.parse(months)) is None


def _abstention(counts: Counts, gold: dict[str, Any], finding: Finding | None) -> None:
    """Count what no statistic can bear out: whether the checker was silent, and for the right reason."""
    kinds = [
        kind
        for kind, holds in (
            ("nontrade", bool(gold.get("nontrade"))),
            ("no period", gold.get("period") is None and gold["type"] != "cap"),
            ("no rate", gold["type"] == "value" and gold["value"] != 0 and has_no_rate(gold)),
        )
        if holds
    ]
    if finding is None or not kinds or (kinds == ["no rate"] and is_in_dollars(finding)):
        return
    counts.numbers["unverifiable"] += 1
    silent = finding.data.verdict in {"unverifiable", "ambiguous"}
    counts.numbers["abstained"] += silent
    right = finding.data.reason in {
        *(REASONS[kind] for kind in kinds),
        "forecast" if finding.claim.type == "forecast" else "",
    }
    counts.numbers["right reason"] += silent and right
    if silent and not right:
        opinion = f"silent for another reason ({finding.data.reason}): {', '.join(kinds)}"
        counts.lines.append(_line(story={"id": ""}, finding=finding, opinion=opinion))
    if not silent:
        counts.lines.append(_line(story={"id": ""}, finding=finding, opinion=f"not silent: {kinds[0]}"))


def is_in_dollars(finding: Finding) -> bool:
    """Tell whether the amount is given in dollars too: then no rate is needed."""
    number = finding.claim.number
    return number is not None and any(one.unit == "USD" for one in (number, *number.restated))


def _line(story: dict[str, Any], finding: Finding, opinion: str) -> str:
    return f"{story['id']}: {opinion}: {finding.claim.type} “{finding.claim.number.text if finding.claim.number else finding.claim.quote}”: {finding.explanation.text[:330]}"


# ---- simpler checkers ---------------------------------------------------------------------------------------------


@contextmanager
def without_truncation() -> Iterator[None]:
    """Read every number as rounded, never as cut off."""
    row = intervals._row  # noqa: SLF001  # an ablation reaches inside

    def stricter(n: Any, u: Any, r: Any, hedge: Any, tier: Any) -> Any:
        return row(n, u, r, hedge, "strict" if tier == "trunc" else tier)

    with patch.object(intervals, "_row", stricter):
        yield


@contextmanager
def without_arithmetic() -> Iterator[None]:
    """Leave the story's own figures alone."""
    with patch.object(judge, "_arithmetic", lambda _own: judge.NOTHING_LINKED):
        yield


def own_words_only(extraction: Extraction) -> Extraction:
    """Drop every slot that came from outside the claim's own clause."""

    def bare(claim: Claim) -> Claim:
        far = {slot for slot, origin in claim.filled if origin.split(":")[0] in FROM_AFAR}
        empty: dict[str, Any] = dict.fromkeys(far & {"exporter", "importer", "base_period"})
        if "parties" in far or "trade" in far:
            empty |= {"parties": (), "exporter": None, "importer": None}
        return replace(claim, **empty)

    return replace(extraction, claims=tuple(bare(claim) for claim in extraction.claims))


MONEY = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)\s*(thousand|million|billion)?", re.IGNORECASE)
SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "": 1.0}


def nearest_row(story: dict[str, Any], ask: Ask) -> Counts:
    """Hold each dollar amount against the nearest row; more than five per cent apart is wrong.

    The row is one of the first two countries named in the sentence, in the last year named before.
    """
    counts = Counts()
    spans = {
        name: code
        for code, name in (
            (code, areas.name(code)) for code in ("PRK", "RUS", "CHN", "KOR", "IRN", "TUR", "KAZ", "USA", "IND")
        )
    }
    text, year = story["text"], str((day_of(story) or date(2020, 1, 1)).year - 1)
    for gold in story["claims"]:
        counts.numbers["gold"] += 1
        counts.numbers["gold errors" if is_error(gold) else "gold right"] += 1
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        year = ([*re.findall(r"\b((?:19|20)\d\d)\b", sentence)] or [year])[-1]
        named = [spans[name] for name in sorted((name for name in spans if name in sentence), key=sentence.index)][:2]
        for money in MONEY.finditer(sentence):
            amount = float(money[1].replace(",", "")) * SCALE[(money[2] or "").lower()]
            nearest = _nearest(amount, named, year, ask)
            if nearest is None or abs(nearest - amount) <= 0.05 * nearest:
                continue
            about = [
                gold
                for gold in story["claims"]
                if isinstance(gold.get("value"), int | float)
                and gold["value"]
                and abs(abs(gold["value"]) - amount) < 0.005 * amount
            ]
            wrong = any(is_error(gold) for gold in about)
            counts.numbers["accused wrong" if wrong else "accused right" if about else "accused unknown"] += 1
            counts.numbers["errors found"] += wrong
    return counts


def _nearest(amount: float, named: list[str], year: str, ask: Ask) -> float | None:
    if len(named) < 2:
        return None
    found = []
    for one, other in (named, named[::-1]):
        try:
            answer = ask(Query("value", (one,), (other,), Period.parse(year)))
        except TidewaiterError:
            continue
        if isinstance(answer, Answer):
            found += [float(each.value.value) for each in (answer, *answer.alternatives) if each.value is not None]
    return min((value for value in found if value), key=lambda value: abs(value - amount), default=None)


# ---- adding up ----------------------------------------------------------------------------------------------------


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def figures(numbers: Counter[str]) -> dict[str, float]:
    """Turn counts into the figures printed."""
    accused = numbers["accused right"] + numbers["accused wrong"] + numbers["accused unknown"]
    precision = share(numbers["accused wrong"], accused)
    recall = share(numbers["errors found"], numbers["gold errors"])
    return {
        "linked relations seen": share(numbers["linked seen"], numbers["linked"]),
        "arithmetic precision": share(numbers["linked accused wrong"], numbers["linked accused"]),
        "arithmetic recall, errors of 2 % or more": share(numbers["large errors found"], numbers["large errors"]),
        "error precision": precision,
        "error recall": recall,
        "error F1": share(2 * precision * recall, precision + recall),
        "false accusations per 100 right claims": 100
        * share(numbers["accused right"] + numbers["accused unknown"], numbers["gold right"]),
        "abstains on what cannot be verified": share(numbers["abstained"], numbers["unverifiable"]),
        "with the right reason": share(numbers["right reason"], numbers["abstained"]),
        "verdicts as annotated, given the gold claims": share(numbers["given agreed"], numbers["given judged"]),
        "false accusations per 100, given the gold claims": 100
        * share(numbers["given accused right"], numbers["given right"]),
        "coverage: claims decided by the data": share(numbers["decided"], numbers["claims"]),
    }


def total(counts: list[Counts]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for one in counts:
        summed.update(one.numbers)
    return summed


def spread(counts: list[Counts], draws: int) -> dict[str, tuple[float, float]]:
    chance = random.Random(20200124)
    drawn = [figures(total(chance.choices(counts, k=len(counts)))) for _ in range(draws)]
    ends = {}
    for name in figures(Counter()):
        values = sorted(one[name] for one in drawn) or [0.0]
        ends[name] = (values[int(0.025 * (len(values) - 1))], values[int(0.975 * (len(values) - 1))])
    return ends


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--home", help="the lake to check against; the figures that ship are always there")
    parser.add_argument("--accusations", action="store_true", help="print each accusation, miss and wrong abstention")
    parser.add_argument("--bootstrap", type=int, default=500)
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--set", type=int, help="only stories of this set, where the file marks sets")
    options = parser.parse_args()
    stories = [json.loads(line) for line in options.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    if options.set is not None:
        stories = [story for story in stories if story.get("set") == options.set]
    lake = pipeline.open_lake(options.home)
    read = [extract(read_story(story["text"], name=story["id"], published_on=day_of(story))) for story in stories]
    asks = [remembered(pipeline.asker(lake, None, day_of(story))) for story in stories]
    main_run = [judged(story, checked(one, ask)) for story, one, ask in zip(stories, read, asks, strict=True)]
    if options.accusations:
        for counts in main_run:
            print(*counts.lines, sep="\n", end="\n" if counts.lines else "")
    for story, one, ask, counts in zip(stories, read, asks, main_run, strict=True):
        given = annotated.extraction_of(one.story, story["claims"])
        counts.numbers.update(annotated.verdicts(story["claims"], checked(given, ask)))
    tallied = [score.score_story(story, with_title=False, verbose=False) for story in stories]
    print(f"\n{'extraction':14} {'gold':>5} {'P':>6} {'R':>6} {'F1':>6}")
    for family, tally in sorted(score.totals(tallied).items(), key=lambda item: (item[0] == "all", -item[1].gold)):
        print(f"{family:14} {tally.gold:5} " + " ".join(f"{value:6.3f}" for value in score.measures(tally)))
    numbers, ends = total(main_run), spread(main_run, options.bootstrap)
    print(f"\n{'the whole checker':50} {'':>7}  95 % interval")
    for name, value in figures(numbers).items():
        print(f"{name:50} {value:7.3f}  {ends[name][0]:.3f} to {ends[name][1]:.3f}")
    print("\ncounts: " + ", ".join(f"{name} {count}" for name, count in sorted(numbers.items())))
    reasons: Counter[str] = Counter()
    for counts in main_run:
        reasons.update(counts.reasons)
    print("data verdicts and reasons: " + ", ".join(f"{name} {count}" for name, count in reasons.most_common()))
    if not options.no_baselines:
        baselines(stories, read, asks, main_run)


def checked(extraction: Extraction, ask: Ask) -> Report:
    """Check one story as the command does, against the lake, the law and what was notified."""
    return judge.check(extraction, ask, measures_on, cap_ledgers())


def remembered(ask: Ask) -> Ask:
    known: dict[Query, Answer | Refusal] = {}

    def asked(query: Query) -> Answer | Refusal:
        if query not in known:
            known[query] = ask(query)
        return known[query]

    return asked


def baselines(stories: list[dict[str, Any]], read: list[Extraction], asks: list[Ask], main_run: list[Counts]) -> None:
    """Print the same figures for simpler checkers."""

    def run(change: Callable[[Extraction], Extraction] = lambda one: one) -> list[Counts]:
        return [judged(story, checked(change(one), ask)) for story, one, ask in zip(stories, read, asks, strict=True)]

    rows = {"the whole checker": main_run, "without context filling": run(own_words_only)}
    with without_truncation():
        rows["without the truncation tier"] = run()
    with without_arithmetic():
        rows["without the internal check"] = run()
    rows["amounts and the nearest row"] = [nearest_row(story, ask) for story, ask in zip(stories, asks, strict=True)]
    believe = [
        Counts(Counter({"gold right": one.numbers["gold right"], "gold errors": one.numbers["gold errors"]}))
        for one in main_run
    ]
    rows["believe everything"] = believe
    print(f"\n{'checker':30} {'P':>6} {'R':>6} {'F1':>6} {'false per 100':>14} {'relations seen':>15}")
    for name, counts in rows.items():
        made = figures(total(counts))
        values = [made[key] for key in ("error precision", "error recall", "error F1")]
        print(
            f"{name:30} "
            + " ".join(f"{value:6.3f}" for value in values)
            + f" {made['false accusations per 100 right claims']:14.2f} {made['linked relations seen']:15.3f}"
        )


if __name__ == "__main__":
    main()
