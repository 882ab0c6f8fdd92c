"""The largest partners of a target, for the bulletin of all its trade."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Absent, Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell import rounding
from tidewaiter.tell.answer import UNLISTED
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.flows import WAYS, Way, flow_query
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.base.question import Answer, Line
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Chart

TOLD: Final = 3
"""Partners that a sentence is spent on."""


def section(subject: Subject, desk: Desk) -> Section:
    """Rank the partners of both directions; nothing where a bulletin is of one pair."""
    from tidewaiter.tell.charts.composition import composition

    if subject.partner is not None:
        return Section("partners", "Largest partners")
    paragraphs: list[tuple[Sentence, ...]] = []
    sheets: list[Sheet] = []
    charts: list[Chart] = []
    for way in WAYS:
        ranked = desk.answer(replace(flow_query(subject, way), indicator="ranking", by="partner"))
        if ranked is None:
            continue
        first = [line for line in ranked.table if line.rank is not None and _is_named(line.label)][:TOLD]
        told = [_sentence(subject, way, desk, line.label) for line in first]
        if any(told):
            paragraphs.append(tuple(sentence for sentence in told if sentence is not None))
        sheet = _sheet(subject, way, ranked)
        sheets.append(sheet)
        charts.append(replace(composition(ranked, name=sheet.name, title=sheet.title), sheet=sheet))
    return Section("partners", "Largest partners", tuple(paragraphs), tuple(charts), tuple(sheets))


def _is_named(code: str) -> bool:
    return code != UNLISTED and areas.kind(code) == "country"


def _sentence(subject: Subject, way: Way, desk: Desk, partner: str) -> Sentence | None:
    """Say what share one partner had and what it was worth, both as the default declaration gives them."""
    pair = flow_query(replace(subject, partner=partner), way)
    share = desk.answer(replace(pair, indicator="share", by="partner"), needed=False)
    value = desk.answer(pair, needed=False)
    if value is None or value.value is None or not value.value.value:
        return None
    worth = f"worth {rounding.dollars(value.value.value)}"
    when = words.during(subject.period)
    if share is not None and share.value is not None:
        size = rounding.percent(share.value.value)
        text = f"{words.area(partner)} accounted for {size} of {words.whose(subject.target)} {way} {when}"
        if share.table[0].value == value.value.value:
            return Sentence(words.begun(f"{text}, {worth}."), (share, value))
        return Sentence(words.begun(f"{text}."), (share,))
    side = "from" if way == "imports" else "to"
    text = f"{words.whose(subject.target)} {way} {side} {words.area(partner)} were {worth} {when}."
    return Sentence(words.begun(text), (value,))


def _sheet(subject: Subject, way: Way, ranked: Answer) -> Sheet:
    columns = (
        SheetColumn("rank", "Rank", "count"),
        SheetColumn("partner", "Partner"),
        SheetColumn("code", "Code"),
        SheetColumn("value_usd", "Value (USD)", "number", "USD", may_be_absent=True),
        SheetColumn("share", "Share (%)", "share"),
    )
    rows = tuple(
        (
            line.rank,
            _name(line),
            "" if line.label == UNLISTED else line.label,
            Absent.NO_DATA if line.value is None else line.value,
            line.share,
        )
        for line in ranked.table
    )
    title = f"{words.begun(words.whose(subject.target))} {way} by partner, {words.when(subject.period)}"
    return Sheet(f"{way}_by_partner", title, columns, rows, ranked.notes, ranked.cite())


def _name(line: Line) -> str:
    return "not broken down" if line.label == UNLISTED else areas.name(line.label)
