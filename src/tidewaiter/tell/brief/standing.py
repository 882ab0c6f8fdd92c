"""Say of a number whose word it is: an area's own, its partner's, a publisher's estimate, or a printed figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.codes import areas
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.model import Sentence

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer
    from tidewaiter.tell.brief.model import Subject


PRINTED: Final = 2


def by_whom(answer: Answer) -> str:
    """Name the publishers of a printed figure as a story names its source; declared rows need none here."""
    if answer.rank != PRINTED:
        return ""
    names = publishers(answer)
    return f", according to {words.listed(names)}" if names else ""


def publishers(answer: Answer) -> list[str]:
    """List who printed the figures under an answer, each once, without what stands in brackets behind the name."""
    named = (row.publisher.partition("(")[0].strip() for row in answer.evidence if row.publisher)
    return list(dict.fromkeys(named))


def standing(subject: Subject, answer: Answer) -> tuple[Sentence, ...]:
    """Return the sentence that says whose declaration an answer is, and how sure."""
    return (Sentence(_standing(subject, answer)),)


def _standing(subject: Subject, answer: Answer) -> str:
    if answer.rank == PRINTED:
        return "It is a figure that was printed; no declared rows cover it."
    source = f"(source: {answer.source})"
    if is_estimated(answer):
        return f"This is the publisher's own estimate {source}; nobody declared it."
    if answer.side == "reporter":
        return f"This is its own declaration {source}."
    silent = " publishes no declarations" if areas.never_reports(subject.target) else "'s own is not there"
    other = f"what {words.area(subject.partner)} declared" if subject.partner else "what its partners declared"
    return f"This is {other}, the mirror {source}; {words.area(subject.target)}{silent}."


def is_estimated(answer: Answer) -> bool:
    """Tell whether any row under an answer was made by its publisher, not declared."""
    return any(row.is_estimated for row in answer.evidence)
