"""What the law says of the trade: the measures it touches, the declarations under them, and how much of a cap was used.

No verdict: a measure is told with act and paragraph, and a declaration in covered goods is not thereby a breach.
Numbers of the law stand in tables, each with its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.codes import areas
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import words
from tidewaiter.tell.brief.model import Section, Sentence
from tidewaiter.tell.brief.timeline import by_partner, timeline, touched
from tidewaiter.tell.caps import USES
from tidewaiter.tell.exposure import NEUTRAL

if TYPE_CHECKING:
    from decimal import Decimal

    from tidewaiter.base.sheet import Cell
    from tidewaiter.law.caps import Account
    from tidewaiter.law.notes import LawNote
    from tidewaiter.tell.brief.facts import Facts, Row
    from tidewaiter.tell.brief.model import Subject

KINDS: Final = {
    "export_ban": "export ban",
    "import_ban": "import ban",
    "quota": "cap",
    "licence": "licence needed",
    "price_cap": "price cap",
    "notification": "to be notified",
    "watch": "watched",
    "duty": "duty",
}


def section(subject: Subject, facts: Facts) -> Section:
    """Tell the measures in force on some of the goods, what was declared under them, and the account of each cap."""
    from tidewaiter.tell.charts.quota import quota

    title = "What the law says of it"
    if not facts.targets:
        pair = [words.area(code) for code in (subject.target, subject.partner) if code]
        return Section("law", title, ((Sentence(f"No regime kept here is about {words.listed(pair)}."),),))
    named = words.listed([words.area(code) for code in facts.targets])
    told = [Sentence(f"The table lists the measures about {named} that were in force on some of these goods.")]
    if not facts.notes:
        told = [Sentence(f"No measure about {named} that is kept here was in force on goods going between them then.")]
    told.extend(Sentence(f"{each.ledger.title}: {USES[each.use]}.") for each in facts.accounts)
    sheets = [_measures(subject, facts)] if facts.notes else []
    charts = [*(timeline(subject, facts, regime) for regime in touched(facts)), *by_partner(subject, facts)]
    sheets.extend(chart.sheet for chart in charts)
    if facts.exposures:
        sheets.append(_exposures(subject, facts.exposures))
    for account in facts.accounts:
        sheet = _account(account)
        sheets.append(sheet)
        charts.append(replace(quota(account, name=sheet.name, title=sheet.title), sheet=sheet))
    return Section("law", title, (tuple(told),), tuple(charts), tuple(sheets), (NEUTRAL,))


def _measures(subject: Subject, facts: Facts) -> Sheet:
    columns = (
        SheetColumn("measure", "Measure"),
        SheetColumn("kind", "Kind"),
        SheetColumn("goods", "Goods"),
        SheetColumn("act", "Act"),
        SheetColumn("paragraph", "Paragraph"),
        SheetColumn("start", "Since", "day"),
        SheetColumn("end", "Until", "day"),
        SheetColumn("verified", "Seen in the act", "yes_no"),
    )
    rows = tuple(_measure(note) for note in facts.notes)
    return Sheet("measures", f"Measures in force on some of the goods, {words.when(subject.period)}", columns, rows)


def _measure(note: LawNote) -> tuple[Cell, ...]:
    kind = KINDS.get(note.kind, note.kind)
    return (note.measure, kind, note.goods, note.act, note.paragraph, note.since, note.until, note.verified)


def _exposures(subject: Subject, rows: tuple[Row, ...]) -> Sheet:
    """Lay out the declarations under measures; those too coarse to tell are a line each without a measure."""
    columns = (
        SheetColumn("measure", "Measure"),
        SheetColumn("place", "Act and paragraph"),
        SheetColumn("exporter", "Exporter"),
        SheetColumn("importer", "Importer"),
        SheetColumn("declared_by", "Declared by"),
        SheetColumn("source", "Source"),
        SheetColumn("year", "Year"),
        SheetColumn("declarations", "Declarations", "count"),
        SheetColumn("value_usd", "Declared (USD)", "number", "USD"),
        SheetColumn("covered_low_usd", "Covered, at least (USD)", "number", "USD"),
        SheetColumn("covered_high_usd", "Covered, at most (USD)", "number", "USD"),
    )
    title = f"Declarations in goods that a measure covers, {words.when(subject.period)}"
    return Sheet("exposures", title, columns, tuple(_exposure(row) for row in rows))


def _exposure(row: Row) -> tuple[Cell, ...]:
    place = f"{row['act']}, {row['paragraph']}" if row["measure"] else "too coarse to tell which goods"
    return (
        row["measure"] or row["regime"],
        place,
        areas.name(row["exporter"]),
        areas.name(row["importer"]),
        areas.name(row["reporter"]),
        row["source"],
        row["year"],
        row["declarations"],
        row["value_usd"],
        row["covered_low_usd"],
        row["covered_high_usd"],
    )


def _account(account: Account) -> Sheet:
    """Lay out how much of a cap was used by the end of each month: between a certain and a possible amount."""
    unit = account.ledger.unit
    ending = unit.lower()
    columns = (
        SheetColumn("month", "Month"),
        SheetColumn(f"cap_{ending}", f"Cap ({unit})", "number", unit),
        SheetColumn(f"so_far_low_{ending}", f"So far, at least ({unit})", "number", unit),
        SheetColumn(f"so_far_high_{ending}", f"So far, at most ({unit})", "number", unit),
        SheetColumn("share_low", "Of the cap, at least (%)", "share"),
        SheetColumn("share_high", "Of the cap, at most (%)", "share"),
    )
    rows = tuple(
        (line.month, account.cap, _whole(line.total.low), _whole(line.total.high), line.share.low, line.share.high)
        for line in account.lines
    )
    title = f"{account.ledger.title}, {words.when(account.period)}: how much of the cap was used"
    note = "Months that nobody notified are not zero: the range holds what figures of longer spans leave open."
    return Sheet(
        f"cap_{account.measure.id}_{account.period.start[:4]}".replace("-", "_"),
        title,
        columns,
        rows,
        (note,),
        str(account.measure.cite),
    )


def _whole(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else rounding.whole(amount)
