"""The method note under every bulletin: how its numbers were made and how its words are to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.version import __version__
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.tell.brief.model import Subject

NOTE = (
    "Every number is the sum of declared rows, found again by the file, the row and the SQL that are kept with it.",
    "Values are nominal US dollars as declared, cost, insurance and freight included on the importing side as a rule.",
    "An area's own declaration comes first, else its partners', else an estimate, else a printed figure.",
    "Figures of different sources are never added up.",
    "A span is set only against the same months of an earlier year. Silence is never taken for zero.",
    "The words for rounded numbers follow the table of intervals by which Tidewaiter checks a story.",
    "What the law covers is told with act and paragraph and is no verdict on anybody.",
)


def section(subject: Subject) -> Section:
    """Tell the method in a few sentences, with the version and the day of the data."""
    made = f"Made with Tidewaiter {__version__} from what had been landed by {subject.day.isoformat()}."
    return Section("method", "Method", (tuple(Sentence(text) for text in (*NOTE, made)),), aside=True)
