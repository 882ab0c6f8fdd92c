"""The content of a bulletin, free of any format: sections of sentences, tables and charts, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Answer, Query, ReceiptNote, Refusal
    from tidewaiter.base.sheet import Sheet
    from tidewaiter.tell.charts.model import Chart


@dataclass(frozen=True, slots=True)
class Subject:
    """What a bulletin is about: `target`'s trade with `partner`, None for all partners, in `period`.

    `day` is the day it tells the state of: the one asked for, else that of the newest file it may use.
    """

    target: str
    partner: str | None
    period: Period
    day: date
    as_of: date | None = None

    @property
    def partners(self) -> tuple[str, ...]:
        """The partner as a question names it; empty for all."""
        return () if self.partner is None else (self.partner,)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the answers whose numbers stand in it."""

    text: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a bulletin: paragraphs first, then its charts and tables, then remarks in small print.

    `aside` sections (how to cite, method) hold nothing about trade and are set apart.
    """

    name: str
    title: str
    paragraphs: tuple[tuple[Sentence, ...], ...] = ()
    charts: tuple[Chart, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    notes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    """A list, one line each."""
    aside: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.paragraphs or self.charts or self.sheets or self.points)


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite the bulletin, as text, BibTeX and CSL-JSON."""

    text: str
    bibtex: str
    csl: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A whole bulletin: what a renderer needs, and everything the numbers rest on."""

    subject: Subject
    title: str
    headline: Sentence
    sections: tuple[Section, ...]
    answers: tuple[Answer, ...]
    refusals: tuple[Refusal, ...]
    receipts: tuple[ReceiptNote, ...]
    citation: Citation
    version: str

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every table in the order it is shown."""
        return tuple(sheet for section in self.sections for sheet in section.sheets)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart in the order it is shown."""
        return tuple(chart for section in self.sections for chart in section.charts)

    def number(self, query: Query) -> int:
        """Return the number under which the answer to `query` is listed, from 1."""
        return next(place for place, answer in enumerate(self.answers, 1) if answer.query == query)
