"""What the trade was made up of: people's product groups first, the chapters of the HS below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Absent, Cell, Sheet, SheetColumn
from tidewaiter.codes.product_groups import ProductGroup, product_groups
from tidewaiter.codes.products import label
from tidewaiter.tell import rounding
from tidewaiter.tell.answer import UNLISTED
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.flows import WAYS, Way, flow_query
from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.base.question import Answer, Query
    from tidewaiter.tell.brief.desk import Desk
    from tidewaiter.tell.brief.model import Subject
    from tidewaiter.tell.charts.model import Chart

SUMMED: Final = "Headings are the sums of the finer lines that the file holds, which may not be all."
TOLD: Final = 3
"""Groups that a sentence is spent on, the largest first."""
CHAPTER: Final = 2
HEADING: Final = 4
MOST_HEADINGS: Final = 20
MOST_CODES: Final = 12
"""Codes of a group that are written out; longer groups are whole sections of the HS."""
LEAST_SHARE: Final = 1
"""Per cent below which a group has a row in the table and no sentence."""


def section(subject: Subject, desk: Desk) -> Section:
    """Tell the composition of imports and exports, where declared lines and a declared whole allow it."""
    from tidewaiter.tell.charts.composition import composition

    paragraphs: list[tuple[Sentence, ...]] = []
    sheets: list[Sheet] = []
    charts: list[Chart] = []
    for way in WAYS:
        query = flow_query(subject, way)
        chapters = desk.answer(replace(query, indicator="composition", by="product"))
        if chapters is None:
            continue
        found = _groups(desk, query, {line.label for line in chapters.table})
        told = tuple(_sentence(subject, way, desk, *each) for each in _largest(found))
        if told:
            paragraphs.append(told)
        sheets.append(_groups_sheet(subject, way, found))
        sheet = _chapters_sheet(subject, way, chapters)
        sheets.append(sheet)
        charts.append(replace(composition(chapters, name=sheet.name, title=sheet.title), sheet=sheet))
        lines = desk.answer(replace(query, indicator="composition", by="product", level=HEADING), needed=False)
        if lines is not None and any(len(line.label) == HEADING for line in lines.table):
            sheets.append(_headings_sheet(subject, way, lines))
    return Section("goods", "What the trade was made up of", tuple(paragraphs), tuple(charts), tuple(sheets))


def _groups(desk: Desk, query: Query, chapters: set[str]) -> list[tuple[ProductGroup, Answer]]:
    """Ask the share of each group that has a chapter among those declared; heads of a chapter where lines allow it."""
    found = []
    for group in product_groups():
        if not chapters.intersection(code[:CHAPTER] for code in group.codes):
            continue
        answer = desk.answer(replace(query, indicator="share", by="product", products=group.codes), needed=False)
        if answer is not None and answer.value is not None and _part(answer):
            found.append((group, answer))
    return found


def _part(answer: Answer) -> Decimal | None:
    return next((line.value for line in answer.table if line.label == "part"), None)


def _largest(found: list[tuple[ProductGroup, Answer]]) -> list[tuple[ProductGroup, Answer]]:
    """Choose the groups to tell of: what is inside a group before the group itself, once each."""
    sized = [
        (answer.value.value, group, answer)
        for group, answer in found
        if group.phrase and answer.value is not None and answer.value.value >= LEAST_SHARE
    ]
    told: list[tuple[ProductGroup, Answer]] = []
    for _, group, answer in sorted(sized, key=lambda each: (each[0].copy_negate(), not each[1].within, each[1].id)):
        kin = {group.id, group.within} if group.within else {group.id}
        if not any(other.id in kin or other.within == group.id for other, _ in told):
            told.append((group, answer))
    return told[:TOLD]


def _sentence(subject: Subject, way: Way, desk: Desk, group: ProductGroup, answer: Answer) -> Sentence:
    """Say a group's share and, where the default declaration gives the same amount, what it was worth."""
    assert answer.value is not None
    side = "from" if way == "imports" else "to"
    flow = f"{words.whose(subject.target)} {way} {side} {words.area(subject.partner)}"
    share = rounding.percent(answer.value.value, at_least=answer.at_least)
    text = f"{words.begun(group.phrase)} made up {share} of {flow} {words.during(subject.period)}"
    value = desk.answer(replace(flow_query(subject, way), products=group.codes), needed=False)
    if value is None or value.value is None or value.value.value != _part(answer):
        return Sentence(f"{text}.", (answer,))
    amount = rounding.dollars(value.value.value, at_least=value.at_least)
    return Sentence(f"{text}, worth {amount}.", (answer, value))


def _groups_sheet(subject: Subject, way: Way, found: list[tuple[ProductGroup, Answer]]) -> Sheet:
    columns = (
        SheetColumn("group", "Product group"),
        SheetColumn("codes", "HS"),
        SheetColumn("value_usd", "Value (USD)", "number", "USD"),
        SheetColumn("share", "Share (%)", "share"),
    )
    parents = {group.id: answer for group, answer in found if not group.within}
    rows: list[tuple[Cell, ...]] = []
    for parent in sorted(parents, key=lambda name: (_order(parents[name]), name)):
        inside = [pair for pair in found if pair[0].within == parent]
        own = [pair for pair in found if pair[0].id == parent]
        for group, answer in (*own, *sorted(inside, key=lambda pair: (_order(pair[1]), pair[0].id))):
            name = f"of which: {group.label.lower()}" if group.within else group.label
            rows.append((name, _codes(group.codes), _part(answer), _fraction(answer)))
    title = f"{_title(subject, way)} by product group"
    return Sheet(f"{way}_by_group", title, columns, tuple(rows), source=_cite([answer for _, answer in found]))


def _order(answer: Answer) -> Decimal:
    """Order the largest first."""
    assert answer.value is not None
    return answer.value.value.copy_negate()


def _fraction(answer: Answer) -> Decimal | None:
    return None if answer.value is None else rounding.as_fraction(answer.value.value)


def _codes(codes: tuple[str, ...]) -> str:
    return f"{codes[0]} to {codes[-1]}" if len(codes) > MOST_CODES else " ".join(codes)


def _chapters_sheet(subject: Subject, way: Way, answer: Answer) -> Sheet:
    columns = (
        SheetColumn("product", "HS"),
        SheetColumn("label", "Chapter"),
        SheetColumn("value_usd", "Value (USD)", "number", "USD", may_be_absent=True),
        SheetColumn("share", "Share (%)", "share"),
    )
    rows = tuple(
        (
            "" if line.label == UNLISTED else line.label,
            "not broken down" if line.label == UNLISTED else label(line.label),
            Absent.NO_DATA if line.value is None else line.value,
            line.share,
        )
        for line in answer.table
    )
    title = f"{_title(subject, way)} by HS chapter"
    return Sheet(f"{way}_by_chapter", title, columns, rows, answer.notes, _cite([answer]))


def _headings_sheet(subject: Subject, way: Way, answer: Answer) -> Sheet:
    """Lay out the largest headings of the HS, each with the group that people put it in."""
    columns = (
        SheetColumn("product", "HS"),
        SheetColumn("label", "Heading"),
        SheetColumn("group", "Product group"),
        SheetColumn("value_usd", "Value (USD)", "number", "USD", may_be_absent=True),
        SheetColumn("share", "Share (%)", "share"),
    )
    lines = [line for line in answer.table if len(line.label) == HEADING]
    rows = tuple(
        (
            line.label,
            label(line.label),
            _group_of(line.label),
            Absent.NO_DATA if line.value is None else line.value,
            line.share,
        )
        for line in lines[:MOST_HEADINGS]
    )
    cut = (f"The {MOST_HEADINGS} largest of {len(lines)} headings.",) if len(lines) > MOST_HEADINGS else ()
    title = f"{_title(subject, way)} by HS heading"
    summed = (SUMMED,) if any(note.startswith(tuple(line.label for line in lines)) for note in answer.notes) else ()
    return Sheet(f"{way}_by_heading", title, columns, rows, (*cut, *summed), _cite([answer]))


def _group_of(heading: str) -> str:
    """Name the smallest group that a heading is in."""
    found = [
        (len(code), bool(group.within), group.label)
        for group in product_groups()
        for code in group.codes
        if heading.startswith(code)
    ]
    return max(found)[-1] if found else ""


def _title(subject: Subject, way: Way) -> str:
    side = "from" if way == "imports" else "to"
    whose = words.begun(words.whose(subject.target))
    return f"{whose} {way} {side} {words.area(subject.partner)}, {words.when(subject.period)},"


def _cite(answers: list[Answer]) -> str:
    return " ".join(dict.fromkeys(answer.cite() for answer in answers))
