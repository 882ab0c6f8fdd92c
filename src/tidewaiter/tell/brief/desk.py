"""The desk a bulletin is written at: asks each question once and keeps what came back, answers and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidewaiter.base.question import Answer, Query, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Desk:
    """Remembers every question of one bulletin. `used` are the answers that stand in it, in order."""

    ask: Callable[[Query], Answer | Refusal]
    known: dict[Query, Answer | Refusal] = field(default_factory=dict)
    used: dict[Query, Answer] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)

    def answer(self, query: Query, *, needed: bool = True) -> Answer | None:
        """Ask; None where there is no number. A refusal of what was `needed` is told among what is missing."""
        if query not in self.known:
            self.known[query] = self.ask(query)
        said = self.known[query]
        if isinstance(said, Refusal):
            if needed:
                self.refused.setdefault(said.missing, said)
            return None
        self.used.setdefault(said.query, said)
        return said
