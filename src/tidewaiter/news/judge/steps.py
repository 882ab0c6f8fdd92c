"""Write the working of a finding down so that a machine can do it again.

Owns the shape of each step: the operation, its operands with their places or rows, both intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.news.judge.arithmetic import claimed_interval, implied
from tidewaiter.news.judge.findings import Operand, Step
from tidewaiter.news.judge.grading import said_of
from tidewaiter.news.judge.intervals import operand

if TYPE_CHECKING:
    from tidewaiter.news.judge.arithmetic import Arithmetic
    from tidewaiter.news.judge.grading import Cell
    from tidewaiter.news.judge.readings import DataFinding
    from tidewaiter.news.judge.relation import Term
    from tidewaiter.news.model import Claim


def steps_of(claim: Claim, arithmetic: Arithmetic, data: DataFinding) -> tuple[Step, ...]:
    """List the working of one claim: the sum in the story, then each number of the data it was held against."""
    steps = []
    relation = arithmetic.relation
    if relation is not None:
        terms = [_operand(term) for term in (*relation.top, *relation.bottom)]
        if relation.limit:
            terms.append(Operand("100 %", relation.limit, relation.limit, sign=-1))
        computed = implied(relation, "trunc")
        said = claimed_interval(relation, arithmetic.tier or "loose")
        agrees = arithmetic.verdict == "consistent"
        ends = (said.low, said.high) if said is not None else None
        steps.append(Step(relation.kind, tuple(terms), (computed.low, computed.high), ends, arithmetic.tier, agrees))
    steps.extend(_lookup(claim, cell) for cell in data.cells)
    return tuple(steps)


def _operand(term: Term) -> Operand:
    used = operand(term.written, "trunc")
    over = term.over.id if term.over is not None else None
    scale = (term.scale.low, term.scale.high) if term.scale is not None else None
    return Operand(term.written.text, used.low, used.high, term.span, term.claim_id, (), over, term.sign, scale)


def _lookup(claim: Claim, cell: Cell) -> Step:
    rows = tuple(row.id for row in cell.answer.evidence)
    found = Operand(cell.answer.source, cell.truth.low, cell.truth.high, rows=rows)
    said = said_of(claim, cell.tier or "loose")
    claimed = (said[0][1].low, said[0][1].high) if said else None
    truth = (cell.truth.low, cell.truth.high)
    return Step("lookup", (found,), truth, claimed, cell.tier, cell.tier is not None)
