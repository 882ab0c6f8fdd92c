"""Print an answer for people: the number first, then whose it is, what it rests on and what else says.

Owns no arithmetic: every number was made in `tidewaiter.answers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.question import Answer, Refusal
from tidewaiter.codes import areas
from tidewaiter.tell.page import console, escaped, say
from tidewaiter.tell.said import amount, exactly, span

UNLISTED = "unlisted"
"""The label of what a breakdown's lines leave of the whole."""

if TYPE_CHECKING:
    from rich.console import Console

    from tidewaiter.base.quantity import Quantity
    from tidewaiter.base.question import Line, Query

SIDES = {
    "reporter": "its own declaration",
    "mirror": "the partner's declaration (mirror)",
    "exporter": "the exporter's declaration",
    "importer": "the importer's declaration",
    "reconciled": "both declarations, settled",
}

ESTIMATES = {
    "reporter": "the publisher's own estimate",
    "mirror": "the publisher's own estimate (mirror)",
}


def answer_json(answer: Answer | Refusal) -> str:
    """Write an answer or refusal as JSON, laid out as docs/reference/ask.md says."""
    import json

    from tidewaiter.answers import describe

    return json.dumps(describe(answer), indent=2, ensure_ascii=False)


def answer_sql(answer: Answer | Refusal) -> str:
    """Write the SQL that made the number; a refusal has none unless part of it was known."""
    if isinstance(answer, Refusal):
        return answer.partial.sql if answer.partial else f"-- no number, so no SQL: {answer.missing}"
    return answer.sql


def print_answer(answer: Answer | Refusal) -> None:
    """Print an answer, or why there is none and what would get one."""
    page = console()
    if isinstance(answer, Refusal):
        _print_refusal(page, answer)
        return
    say(page, escaped(question(answer.query)), indent=0, style="bold")
    _print_number(page, answer)
    if len(answer.table) > 1 and answer.query.indicator != "change":
        _print_table(page, answer)
    others = [other for other in answer.alternatives if not _in_table(other, answer)]
    for other in others:
        _print_other(page, other)
    if answer.like_for_like is not None:
        like = answer.like_for_like
        say(page, f"like for like: {escaped(_change(like))}")
    for note in answer.notes:
        say(page, f"note: {escaped(note)}")
    say(page, f"source: {escaped(answer.cite())}", style="dim")


def question(query: Query) -> str:
    """Say what was asked: `Imports of North Korea from Russia, 2019, all goods`."""
    exporters, importers = _names(query.exporters), _names(query.importers)
    goods = "all goods" if query.products == ("TOTAL",) else f"HS {', '.join(query.products)}"
    when = span(query.period)
    against = f" against {span(query.against)}" if query.against else ""
    if query.indicator == "total":
        what = f"Trade of {exporters} with {importers}"
    elif query.indicator == "balance":
        what = f"Balance of {exporters} with {importers}"
    elif query.perspective is not None and query.perspective in query.importers:
        what = f"Imports of {importers} from {exporters}"
    else:
        what = f"Exports of {exporters} to {importers}"
    return f"{what}, {when}{against}, {goods}"


def _print_number(page: Console, answer: Answer) -> None:
    if answer.value is not None:
        say(page, f"[bold]{escaped(_number(answer))}[/bold]{escaped(_exact(answer))}  {escaped(_whose(answer))}")
    if answer.side == "reconciled" and answer.value is not None:
        say(page, escaped(_interval(answer.value)))
    if answer.comparability == "not_like_for_like":
        say(page, "[yellow]not like for like: the two periods differ in length or season[/yellow]")
    if answer.coverage < 1:
        say(page, f"covers {answer.coverage:.0%} of the months asked")


def _interval(value: Quantity) -> str:
    low, high = amount(value.low, value.unit), amount(value.high, value.unit)
    return f"90 % interval: {low} to {high}"


def _print_other(page: Console, other: Answer) -> None:
    if other.value is None:
        say(page, f"also a breakdown into {len(other.table)}: {escaped(_whose(other))}")
    else:
        say(page, f"also {escaped(_number(other))}: {escaped(_whose(other))}")


def _print_table(page: Console, answer: Answer) -> None:
    from rich import box
    from rich.table import Table

    columns = _columns(answer)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_label_head(answer))
    for head, lines in columns:
        unit = next((line.unit for line in lines.values()), "")
        table.add_column(f"{head}\n{unit}", justify="right")
        if any(line.share is not None for line in lines.values()):
            table.add_column("share\n%", justify="right")
    labels = dict.fromkeys(label for _, lines in columns for label in lines)
    for label in labels:
        row = [_label(label, answer)]
        for _, lines in columns:
            line = lines.get(label)
            row.append("no data" if line is None or line.value is None else f"{line.value.normalize():,f}")
            if any(each.share is not None for each in lines.values()):
                row.append("" if line is None or line.share is None else f"{line.share * 100:.1f}")
        table.add_row(*(escaped(cell) for cell in row))
    page.print(table)


def _columns(answer: Answer) -> list[tuple[str, dict[str, Line]]]:
    """Set the tables of all sources that have one side by side, the default first."""
    tables = [answer, *(other for other in answer.alternatives if _in_table(other, answer))]
    return [(f"{each.source}, {each.side}", {line.label: line for line in each.table}) for each in tables]


def _in_table(other: Answer, answer: Answer) -> bool:
    return answer.query.indicator == "series" and bool(other.table)


def _label_head(answer: Answer) -> str:
    return answer.query.by or ("direction" if answer.query.indicator in {"total", "balance"} else "period")


def _label(label: str, answer: Answer) -> str:
    if label == UNLISTED:
        return "not broken down"
    return f"{areas.name(label)} ({label})" if answer.query.by == "partner" else label


def _number(answer: Answer) -> str:
    if answer.query.indicator == "change" and answer.current is not None:
        return _change(answer)
    if answer.value is None:
        return "no data"
    return f"{'at least ' if answer.at_least else ''}{amount(answer.value.value, answer.value.unit)}"


def _exact(answer: Answer) -> str:
    """Write all digits of a number that the line before rounds; a table shows those of several."""
    if answer.value is None or answer.query.indicator == "change" or answer.side == "reconciled":
        return ""
    digits = exactly(answer.value.value, answer.value.unit)
    return f" ({digits})" if digits else ""


def _change(answer: Answer) -> str:
    if answer.value is None or answer.current is None or answer.base is None:
        return "no data"
    text = f"{answer.value.value:+.1f} %" if answer.value.unit == "%" else amount(answer.value.value, answer.value.unit)
    levels = f"{_number(answer.current)} in {span(answer.current.query.period)}"
    return f"{text} ({levels} against {_number(answer.base)} in {span(answer.base.query.period)})"


def _whose(answer: Answer) -> str:
    rank = ", a printed figure (second rank)" if answer.rank == 2 else ""
    rows = f", {answer.rows:,} row{'s' if answer.rows != 1 else ''}" if answer.rows else ""
    estimated = answer.evidence and all(row.is_estimated for row in answer.evidence)
    whose = ESTIMATES.get(answer.side, "the publisher's own estimate") if estimated else SIDES[answer.side]
    return f"{answer.source}, {whose}{rank}{rows}"


def _print_refusal(page: Console, refusal: Refusal) -> None:
    say(page, escaped(question(refusal.query)), indent=0, style="bold")
    say(page, f"[yellow]no number[/yellow]: {escaped(refusal.missing)}")
    if refusal.command:
        say(page, f"to get it: {escaped(refusal.command)}")
    if refusal.partial is not None:
        say(page, f"what there is: {escaped(_number(refusal.partial))}, {escaped(_whose(refusal.partial))}")
        if len(refusal.partial.table) > 1:
            _print_table(page, refusal.partial)


def _names(codes: tuple[str, ...]) -> str:
    return " and ".join(areas.name(code) for code in codes) if codes else "all partners"
