"""The shapes of a finding and of a report: what the checker hands to whoever shows it.

Owns no rule but which mark a finding gets. There is no score for a whole story, on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fractions import Fraction

    from tidewaiter.law.notes import LawNote
    from tidewaiter.news.judge.arithmetic import Arithmetic
    from tidewaiter.news.judge.comparability import Comparison
    from tidewaiter.news.judge.grading import Cell
    from tidewaiter.news.judge.readings import DataFinding
    from tidewaiter.news.judge.repair import Repair
    from tidewaiter.news.judge.severity import Severity
    from tidewaiter.news.model import Claim, Leftover, Span, Story

Mark = Literal["conflict", "caution", "supported", "unchecked"]


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure in a step: the words and their place, or the ids of rows, and the interval used."""

    text: str
    low: Fraction | float
    high: Fraction | float
    span: Span | None = None
    claim: str | None = None
    rows: tuple[str, ...] = ()
    over: str | None = None
    sign: Literal[1, -1] = 1
    scale: tuple[Fraction | float, Fraction | float] | None = None
    """What it is multiplied by: one over the days of a period, barrels per tonne."""


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of working that a machine can do again: what was computed, from what, and how it compared."""

    op: str
    operands: tuple[Operand, ...]
    result: tuple[Fraction | float, Fraction | float] | None
    claimed: tuple[Fraction | float, Fraction | float] | None
    tier: str | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding in words: verdict, one sentence, the working, the rows, other readings, what is missing."""

    verdict: str
    sentence: str
    working: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole explanation as one paragraph."""
        return " ".join((f"{self.verdict}.", self.sentence, *self.working, *self.rows, *self.alternatives, *self.gaps))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checker says of one claim, on each axis apart."""

    claim: Claim
    arithmetic: Arithmetic
    comparison: Comparison
    data: DataFinding
    repairs: tuple[Repair, ...]
    flags: tuple[str, ...]
    severity: Severity | None
    explanation: Explanation
    steps: tuple[Step, ...]
    sanctions: tuple[LawNote, ...] = ()

    @property
    def mark(self) -> Mark:
        """How the claim is marked in the story: by the worst that was found, grey where nothing could be checked."""
        if self.arithmetic.verdict == "arithmetic_error" or self.data.verdict == "contradicted":
            return "conflict"
        if self.comparison.verdict == "not_like_for_like" or self.data.verdict == "ambiguous":
            return "caution"
        return "unchecked" if self.data.verdict == "unverifiable" else "supported"

    @property
    def answers(self) -> tuple[Cell, ...]:
        """Every number of the data that was tried, in order."""
        return self.data.cells


@dataclass(frozen=True, slots=True)
class Report:
    """A checked story: its findings in the order of the text, and the numbers that were not understood."""

    story: Story
    findings: tuple[Finding, ...]
    unread: tuple[Leftover, ...]

    @property
    def needs_a_look(self) -> bool:
        """Whether a claim contradicts the story's own figures or the data."""
        return any(finding.mark == "conflict" for finding in self.findings)
