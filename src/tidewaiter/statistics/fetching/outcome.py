"""What a fetch is going to do, and what became of it: the same shapes for every publisher."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.statistics.fetching.available import DataSet
    from tidewaiter.statistics.fetching.journal import Note

Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that was wanted and is not there, with the reason; `what` is who, when and which goods."""

    what: str
    reason: str


@dataclass(slots=True)
class Plan(Generic[Question]):
    """What is to be asked, what is here already, and what there is none of.

    `kept` answers came earlier and are still to be landed, `landed` ones are in the lake. `known` are
    the publisher's data sets, where it lists them. `pace` is seconds between two questions.
    """

    todo: list[Question]
    kept: list[Note]
    landed: list[Note]
    pace: float
    keyed: bool
    absent: dict[str, Missing] = field(default_factory=dict)
    known: dict[str, DataSet] = field(default_factory=dict)
    quota_left: int | None = None
    notices: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it takes at least, where no answer has to be asked for in parts."""
        return self.pace * len(self.todo)


@dataclass(slots=True)
class Outcome:
    """What became of a fetch.

    `asked` counts questions, `landed` holds receipts with their rows, `already` counts answers that were
    in the lake, `kept` those that came but are not landed yet. `stopped` is why it could not go on, `left`
    how many questions are then open. `refused` says which answers could not be landed, and why.
    """

    asked: int = 0
    landed: list[tuple[str, int]] = field(default_factory=list)
    already: int = 0
    kept: int = 0
    missing: dict[str, Missing] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stopped: TidewaiterError | None = None
    left: int = 0

    @property
    def rows(self) -> int:
        """How many rows were landed."""
        return sum(rows for _, rows in self.landed)
